"""The evidence browser: a read-only page over a ledger, on this computer only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from fastapi import FastAPI

__all__ = ["create_app"]


def create_app(ledger_path: str | Path, hosts: Iterable[str] = ()) -> FastAPI:
    """The page over the ledger at this path.

    Args:
        ledger_path: the ledger's folder or address; it must exist.
        hosts: names, besides localhost and 127.0.0.1, under which it may be asked.

    Raises:
        MissingExtraError: FastAPI or Jinja2 is not installed.
        LedgerError: the ledger cannot be opened.
    """
    try:
        from sayso.web.app import build
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("sayso"):
            raise
        raise MissingExtraError("web", "The page") from error
    return build(ledger_path, hosts)
