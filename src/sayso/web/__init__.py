"""The evidence browser: a read-only page over a ledger, on this computer only."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sayso.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from fastapi import FastAPI

__all__ = ["create_app", "serve"]


def create_app(
    ledger_path: str | Path, hosts: Iterable[str] = (), *, private_names: bool = False
) -> FastAPI:
    """The page over the ledger at this path.

    Args:
        ledger_path: the ledger's folder or address; it must exist.
        hosts: names, besides localhost and 127.0.0.1, under which it may be asked.
        private_names: show private names, handles, numbers and addresses, not pseudonyms.

    Raises:
        MissingExtraError: FastAPI or Jinja2 is not installed.
        LedgerError: the ledger cannot be opened.
    """
    with _extra():
        from sayso.web.app import build
    return build(ledger_path, hosts, private_names=private_names)


def serve(
    ledger_path: str | Path,
    host: str,
    port: int,
    announce: Callable[[str], None],
    *,
    private_names: bool = False,
) -> None:
    """Serve the page until it is stopped.

    Args:
        ledger_path: as for ``create_app``.
        host: the address to listen on, and a name under which the page may be asked.
        port: 0 for any free one.
        announce: is told the page's address once it can be opened.
        private_names: as for ``create_app``.

    Raises:
        SettingsError: the address is in use or not of this computer.
        MissingExtraError, LedgerError: as for ``create_app``.
    """
    with _extra():
        from sayso.web.server import run
    run(ledger_path, host, port, announce, private_names=private_names)


@contextmanager
def _extra() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("sayso"):
            raise
        raise MissingExtraError("web", "The page") from error
