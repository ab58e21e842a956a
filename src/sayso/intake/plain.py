"""Plain text, and standard input, which may be JSON lines as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.intake.article import Taken, taken
from sayso.intake.encoding import ByteStream, decode, read_whole, too_large
from sayso.intake.jsonl import read_json_lines

if TYPE_CHECKING:
    from sayso.intake.options import IntakeOptions

_BLANK = b" \t\r\n\xef\xbb\xbf"


def read_text(stream: ByteStream, name: str, options: IntakeOptions) -> Taken:
    """One article: the whole stream.

    Its id has no part of the path, so that moving a file adds nothing to a ledger.
    """
    yield from taken({"text": decode(read_whole(stream, options.max_bytes))}, name, options)


def read_stdin(stream: ByteStream, name: str, options: IntakeOptions) -> Taken:
    """JSON lines where the first character that is not blank is ``{``, else one plain text."""
    first = b""
    while not first.strip(_BLANK) and (chunk := stream.read1(1 << 16)):
        first += chunk
        if len(first) > options.max_bytes:
            raise too_large(options.max_bytes)
    lines = first.strip(_BLANK).startswith(b"{")
    reader = read_json_lines if lines else read_text
    yield from reader(_Again(first, stream), name, options)


class _Again:
    """A stream with bytes that were read from it put back."""

    def __init__(self, first: bytes, stream: ByteStream) -> None:
        self._first, self._stream = first, stream

    def read1(self, size: int, /) -> bytes:
        data, self._first = self._first[:size], self._first[size:]
        return data or self._stream.read1(size)
