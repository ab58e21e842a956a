"""Settings: option, then environment ``SAYSO_*``, then ``sayso.toml``, then default.

Every setting is the field of that name in ``Settings``: ``ledger`` is the option
``--ledger``, the variable ``SAYSO_LEDGER`` and the key ``ledger`` of a ``sayso.toml`` in
the folder where Sayso is started.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sayso.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FILE = "sayso.toml"
PREFIX = "SAYSO_"


class Format(StrEnum):
    """How a table is printed."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


class ExportFormat(StrEnum):
    """In what a ledger is written out."""

    JSONL = "jsonl"
    PLOVER = "plover"
    CSV = "csv"
    PARQUET = "parquet"
    DUCKDB = "duckdb"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How many inputs may be rejected before a run counts as not good enough.

    Attributes:
        number: of inputs, or
        share: of all inputs, 0 to 1.
    """

    number: int | None = 0
    share: float | None = None

    @classmethod
    def parse(cls, value: object) -> Self:
        """``20`` is a number of inputs; ``2%`` and ``0.02`` are shares of them.

        Raises:
            ValueError: it is none of these.
        """
        text = str(value).strip()
        if text.isdecimal():
            return cls(int(text))
        share = float(text[:-1]) / 100 if text.endswith("%") else float(text)
        if not 0 <= share <= 1:
            raise ValueError(text)
        return cls(None, share)

    def exceeded(self, rejected: int, total: int) -> bool:
        """Whether so many rejected of so many inputs are too many."""
        if self.share is not None:
            return rejected > self.share * total
        return rejected > (self.number or 0)


@dataclass(frozen=True, slots=True)
class Settings:
    """What may be set.

    Attributes:
        ledger: the ledger's folder; None: there is no default, it must be given.
        tolerate: rejected inputs, more than which exit with status 3.
        workers: processes that read.
        host, port: of the page.
        codebook: file of indicators and tags to read with; None: the shipped one.
        private_names: show private names where others look, instead of pseudonyms.
    """

    ledger: str | None = None
    tolerate: Tolerance = Tolerance()
    workers: int = 1
    host: str = "127.0.0.1"
    port: int = 8321
    codebook: str | None = None
    private_names: bool = False


def _whole(low: int, high: int) -> Callable[[object], int]:
    def parse(value: object) -> int:
        number = int(str(value))
        if not low <= number <= high:
            raise ValueError(value)
        return number

    return parse


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(value)
    return value


def _switch(value: object) -> bool:
    known = {"true": True, "1": True, "yes": True, "on": True,
             "false": False, "0": False, "no": False, "off": False}  # fmt: skip
    name = str(value).strip().lower()
    if name not in known:
        raise ValueError(value)
    return known[name]


_PARSERS: dict[str, tuple[Callable[[object], object], str]] = {
    "ledger": (_text, "a folder or an address"),
    "tolerate": (Tolerance.parse, "a number of inputs (20) or a share of them (2%, 0.02)"),
    "workers": (_whole(1, 1024), "a number from 1 to 1024"),
    "host": (_text, "a host name or address"),
    "port": (_whole(0, 65535), "a number from 0 (any free port) to 65535"),
    "codebook": (_text, "a file"),
    "private_names": (_switch, "true or false"),
}


def load(
    environ: Mapping[str, str] | None = None, folder: Path | None = None, **options: object
) -> Settings:
    """The settings in force.

    Args:
        environ: the environment; the process's own by default.
        folder: where to look for ``sayso.toml``; the current one by default.
        options: by name of the setting; None is "not given".

    Raises:
        SettingsError: a value is wrong, an entry unknown or ``sayso.toml`` no TOML.
    """
    environ = os.environ if environ is None else environ
    file = (folder or Path()) / FILE
    found: dict[str, object] = {}
    for name, value in _entries(file).items():
        found[name] = _checked(name, value, f'"{name}" in {file}')
    for name in _PARSERS:
        variable = PREFIX + name.upper()
        if environ.get(variable):
            found[name] = _checked(name, environ[variable], variable)
    for name, value in options.items():
        if value is not None:
            found[name] = _checked(name, value, f"--{name.replace('_', '-')}")
    return Settings(**found)  # type: ignore[arg-type]  # each was parsed to its field's type


def _checked(name: str, value: object, where: str) -> object:
    parse, wanted = _PARSERS[name]
    try:
        return parse(value)
    except ValueError as error:
        raise SettingsError(f"{where} is {value!r}; give {wanted}") from error


def _entries(file: Path) -> dict[str, object]:
    if not file.is_file():
        return {}
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file} cannot be read: {error}; mend or remove it") from error
    known = [field.name for field in fields(Settings)]
    for name in entries:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1) or known
            raise SettingsError(f'"{name}" in {file} is no setting; try {", ".join(near)}')
    return entries
