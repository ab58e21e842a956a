"""Sayso turns news into evidence: who did what, who said it, on whose word, how sure one may be.

The public names are imported at their first use, so that ``import sayso`` stays cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sayso.errors import SaysoError
    from sayso.ledger import Ledger
    from sayso.ledger import open_ledger as open  # noqa: A004 - `sayso.open` is the public name
    from sayso.reader import Reader, read_text
    from sayso.records import Article, Attribution, Event, Reading, Rejection, Signal

__version__ = "0.1.0"

_HOME = {
    "Article": "records",
    "Attribution": "records",
    "Event": "records",
    "Ledger": "ledger",
    "Reader": "reader",
    "Reading": "records",
    "Rejection": "records",
    "SaysoError": "errors",
    "Signal": "records",
    "open": "ledger",
    "read_text": "reader",
}
_OWN_NAME = {"open": "open_ledger"}

__all__ = [
    "Article",
    "Attribution",
    "Event",
    "Ledger",
    "Reader",
    "Reading",
    "Rejection",
    "SaysoError",
    "Signal",
    "open",
    "read_text",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sayso' has no attribute {name!r}")
    return getattr(import_module(f"sayso.{_HOME[name]}"), _OWN_NAME.get(name, name))


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
