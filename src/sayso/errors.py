"""Every error that Sayso raises on purpose.

The tree::

    SaysoError
    ├── SettingsError         an option, environment variable or sayso.toml entry is wrong
    ├── CodebookError         a codebook, lexicon or table does not check
    ├── IntakeError           an input cannot become an article
    ├── SpanError             a span does not ground in its text
    ├── WeightsError          the model's files are missing, damaged or of another version
    ├── MissingExtraError     an optional dependency is needed; the message names the install line
    ├── EngineError           a worker died, or a stage broke its schema (in ``sayso.engine``)
    └── LedgerError           the ledger cannot be opened, read or written
        ├── LedgerVersionError    it was written by a newer Sayso
        ├── LedgerBusyError       another process held the write lock for too long
        └── QueryError            a query is refused or failed

Messages say what happened, why, and what to try next. A backend's own error is
always the ``__cause__``.
"""

from __future__ import annotations


class SaysoError(Exception):
    """The base of all errors that Sayso raises on purpose."""


class SettingsError(SaysoError):
    """An option, an environment variable or an entry of ``sayso.toml`` is wrong."""


class CodebookError(SaysoError):
    """A codebook, lexicon or table does not check."""


class IntakeError(SaysoError):
    """An input cannot become an article; readers turn it into a ``Rejection``."""


class SpanError(SaysoError, ValueError):
    """A span is empty, reversed, or lies outside its text."""


class WeightsError(SaysoError):
    """The model's files are missing, damaged or made for another version."""


class MissingExtraError(SaysoError, ImportError):
    """An optional dependency is needed.

    Args:
        extra: the extra that brings it, e.g. ``"dask"``.
        need: what it is needed for, a short phrase.
    """

    def __init__(self, extra: str, need: str) -> None:
        super().__init__(f'{need} needs the extra "{extra}": pip install "sayso[{extra}]"')
        self.extra = extra


class LedgerError(SaysoError):
    """The ledger cannot be opened, read or written."""


class LedgerVersionError(LedgerError):
    """The ledger was written by a newer Sayso."""


class LedgerBusyError(LedgerError):
    """Another process held the write lock for longer than we wait."""


class QueryError(LedgerError):
    """A query is refused (it would write) or failed."""
