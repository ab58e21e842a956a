"""Bytes to text, whatever they were written in, and streams of lines of it."""

from __future__ import annotations

import codecs
import io
import logging
import re
from collections import Counter
from typing import TYPE_CHECKING, Protocol

from sayso.errors import IntakeError

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOMS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What newspapers were ever written in. Left to all of Python's codecs, short English
# texts came out as cp775 or Mac Roman.
_PLAUSIBLE = (
    *(f"cp125{digit}" for digit in range(9)),
    *("koi8_r", "koi8_u", "cp866", "cp874", "iso8859_2", "iso8859_5", "iso8859_6", "iso8859_7"),
    *("iso8859_8", "iso8859_9", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
)
# ASCII, and what typography adds to it in Windows-1252.
_ENGLISH_BYTES = bytes(range(0x80)) + "‘’“”–—…•€£©®™\u00a0".encode("cp1252")
_SAMPLE = 1 << 16


class ByteStream(Protocol):
    """What is read from: a file, gzip's, or standard input."""

    def read1(self, size: int, /) -> bytes:
        """At most ``size`` bytes of one read; empty at the end only.

        Unlike ``read`` it does not lose what came before a break in a gzip file.
        """


_CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
# Nothing of this can be seen: blanks, controls, marks of direction, byte order marks.
_INVISIBLE = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*"
)
logging.getLogger("charset_normalizer").addHandler(logging.NullHandler())


def read_whole(stream: ByteStream, max_bytes: int) -> bytes:
    """All bytes of a stream; raises ``IntakeError`` if there are none, or more than that."""
    data = bytearray()
    while chunk := stream.read1(1 << 20):
        data += chunk
        if len(data) > max_bytes:
            raise too_large(max_bytes)
    if not data:
        raise IntakeError("is empty")
    return bytes(data)


def too_large(max_bytes: int, size: int | None = None) -> IntakeError:
    """The error of an input over the limit, in bytes."""
    found = f"has {size:,} bytes" if size else "is too large"
    return IntakeError(f"{found}; the limit is {max_bytes:,} bytes (max_bytes)")


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of a whole file.

    In this order: byte order mark, zeros of a UTF-16 without one, UTF-8, what the file
    itself declares, what its bytes look like.

    Raises:
        IntakeError: no encoding fits.
    """
    encoding = _marked(data)
    if encoding:
        return data.decode(encoding, "replace").removeprefix("\ufeff")
    if declared and declared.lower().startswith("iso-2022") and b"\x1b" in data:
        return data.decode(declared, "replace")  # these are ASCII to look at
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(data, declared)


def _decode_legacy(data: bytes, declared: str | None) -> str:
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    if sum(char > "\x7f" for char in text) > 10 * wrong:
        return text  # UTF-8 with a few broken characters
    if declared:
        try:
            # Browsers read Latin-1 as Windows-1252, and pages are written for browsers.
            name = codecs.lookup(declared).name
            return data.decode("cp1252" if name == "iso8859-1" else name)
        except (LookupError, UnicodeError):
            pass
    return data.decode(_guess(data), "replace")


def _marked(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    head = data[: min(len(data) & ~1, 4096)]
    for high, low, encoding in (
        (head[::2], head[1::2], "utf-16-be"),
        (head[1::2], head[::2], "utf-16-le"),
    ):
        # One script has one or two high bytes, and its blanks have a zero there; a binary
        # file has zeros on both sides.
        common = sum(count for _, count in Counter(high).most_common(2))
        if high.count(0) and common > 0.9 * len(high) and low.count(0) < 0.05 * len(low):
            return encoding
    return None


def _guess(data: bytes) -> str:
    """A legacy encoding for bytes that are no UTF-8."""
    from charset_normalizer import from_bytes

    high = sum(byte > 0x7F for byte in data)
    # English with curly quotation marks, dashes and a few accents: too little for statistics.
    if high <= 0.03 * len(data) or not data.translate(None, _ENGLISH_BYTES):
        return "cp1252"
    best = from_bytes(data[:_SAMPLE], cp_isolation=list(_PLAUSIBLE)).best()
    if best is None:
        raise IntakeError("is in no known encoding, or is no text; convert it to UTF-8")
    return best.encoding


def check_text(text: str) -> None:
    """Raise ``IntakeError`` for text that is none: empty, blank, or full of control characters."""
    if not text:
        raise IntakeError("is empty")
    if _INVISIBLE.fullmatch(text):
        controls = "\x00" in text or _CONTROL.search(text)
        raise IntakeError(f"holds only {'control characters' if controls else 'blanks'}")
    zeros, odd = text.count("\x00"), len(_CONTROL.findall(text)) + text.count("\ufffd")
    if zeros or odd > 0.01 * len(text):
        raise IntakeError(
            f"looks binary, not like text: {zeros:,} zero bytes and {odd:,} control or "
            f"broken characters among {len(text):,}"
        )


class Lines:
    """Numbered lines of a stream in any encoding; each ends as it does in the file.

    Iterating yields ``(number, line)``, counting from 1. A line is None when it is longer
    than ``max_bytes``: it is skipped, never held in memory. What the stream raises
    (truncated gzip) comes after all lines before the break.
    """

    def __init__(self, stream: ByteStream, max_bytes: int) -> None:
        source = _Peeked(stream)
        self._sample, self._max = source.sample, max_bytes
        self._legacy: str | None = None
        encoding = _marked(self._sample) or "utf-8"
        # Bytes that are no UTF-8 go through as surrogates, to be read otherwise below.
        errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
        self._text = io.TextIOWrapper(
            io.BufferedReader(source), encoding=encoding, errors=errors, newline=""
        )

    def __iter__(self) -> Iterator[tuple[int, str | None]]:
        number = 0
        while line := self._text.readline(self._max + 2):  # 2 for the line's end
            number += 1
            body = line.rstrip("\r\n")
            size = len(body) if body.isascii() else len(body.encode("utf-8", "surrogatepass"))
            whole = size <= self._max
            while not line.endswith(("\n", "\r")) and (rest := self._text.readline(1 << 16)):
                whole, line = False, rest
            yield number, self._mended(line) if whole else None

    def _mended(self, line: str) -> str:
        try:
            line.encode("utf-8")
        except UnicodeEncodeError:
            raw = line.encode("utf-8", "surrogateescape")
            # Once for the whole stream: a single line may be too short to tell.
            self._legacy = self._legacy or _guess(self._sample + raw)
            return raw.decode(self._legacy, "replace")
        return line


class _Peeked(io.RawIOBase):
    """A stream whose first bytes are known before it is read."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self.sample = self._rest = stream.read1(_SAMPLE)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._rest[: len(buffer)] or self._stream.read1(len(buffer))
        self._rest = self._rest[len(data) :]
        buffer[: len(data)] = data
        return len(data)
