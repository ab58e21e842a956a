"""Tables: ``.csv`` with a header of the input JSONL's names, in any of the usual forms."""

from __future__ import annotations

import csv
from collections import deque
from typing import TYPE_CHECKING

from sayso.errors import IntakeError
from sayso.intake.article import Taken, rejection, taken
from sayso.intake.encoding import ByteStream, Lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sayso.intake.options import IntakeOptions

_DELIMITERS = ",;\t|"


def read_table(stream: ByteStream, name: str, options: IntakeOptions) -> Taken:
    """One article or rejection a row; a broken row costs only itself.

    The delimiter is the one of ``, ; | tab`` that finds the column ``text`` in the header.
    """
    rows = _Rows(stream, options.max_bytes)
    header = rows.read_header()
    empty = True
    for number, row in rows:
        where = f"{name}:{number}"
        empty = empty and not isinstance(row, str) and not any(cell.strip() for cell in row)
        if isinstance(row, str):
            yield rejection(where, row)
        elif len(row) != len(header) and any(cell.strip() for cell in row):
            yield rejection(where, f"has {len(row)} fields, where the header has {len(header)}")
        elif any(cell.strip() for cell in row):
            # The first of two columns with one name wins.
            mapping = dict(zip(reversed(header), reversed(row), strict=True))
            yield from taken({key: cell or None for key, cell in mapping.items()}, where, options)
    if empty:
        raise IntakeError("has a header and no rows")


class _TooLongError(Exception):
    """A record that is over the limit, most often for want of a closing quotation mark."""


class _Rows:
    """Numbered records of a CSV stream; reading goes on after a broken one.

    ``csv.reader`` cannot go on after an error, and takes the rest of the file into one
    field where a quotation mark is not closed. So each record has a reader of its own, and
    the lines after the first of a broken record are read again.
    """

    def __init__(self, stream: ByteStream, max_bytes: int) -> None:
        self._lines = iter(Lines(stream, max_bytes))
        self._again: deque[tuple[int, str | None]] = deque()
        self._record: list[tuple[int, str | None]] = []
        self._max = max_bytes
        self._delimiter = ","

    def read_header(self) -> list[str]:
        """Names of the columns, in small letters; sets the delimiter."""
        line = next((line for _, line in self._lines if line is None or line.strip()), "")
        if not line:
            raise IntakeError("is empty" if line == "" else "has a header over the limit")
        found = [
            (len(names), delimiter, names)
            for delimiter in _DELIMITERS
            for names in ([cell.strip().lower() for cell in self._cells(line, delimiter)],)
            if "text" in names
        ]
        if not found:
            # A file that is no table begins with a text, which no log may quote.
            raise IntakeError('has no column "text": its first line must name the columns')
        _, self._delimiter, header = max(found, key=lambda item: item[0])
        return header

    def __iter__(self) -> Iterator[tuple[int, list[str] | str]]:
        while True:
            self._record.clear()
            try:
                row = self._next()
            except (csv.Error, _TooLongError) as error:
                self._again.extendleft(reversed(self._record[1:]))
                yield self._record[0][0], f"is no record: {error}"
                continue
            if row is None:
                return
            yield self._record[0][0], row

    def _next(self) -> list[str] | None:
        # The limit is the module's, not the reader's: lent for one record and given back.
        limit = csv.field_size_limit(self._max)
        try:
            return next(csv.reader(self._feed(), delimiter=self._delimiter, strict=True), None)
        finally:
            csv.field_size_limit(limit)

    def _feed(self) -> Iterator[str]:
        size = 0
        while numbered := self._again.popleft() if self._again else next(self._lines, None):
            self._record.append(numbered)
            line = numbered[1]
            size += len(line or "")
            if line is None or size > self._max:
                raise _TooLongError(
                    f"longer than {self._max:,} bytes (max_bytes); a quotation mark not closed?"
                )
            yield line

    def _cells(self, line: str, delimiter: str) -> list[str]:
        try:
            return next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            return []
