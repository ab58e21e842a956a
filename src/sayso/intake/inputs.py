"""From paths, folders, globs and standard input to articles, one after the other."""

from __future__ import annotations

import glob
import gzip
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol, cast

from sayso.errors import IntakeError
from sayso.intake.article import Taken, rejection
from sayso.intake.encoding import ByteStream, too_large
from sayso.intake.jsonl import read_json_lines
from sayso.intake.options import IntakeOptions
from sayso.intake.plain import read_stdin, read_text
from sayso.intake.table import read_table
from sayso.records import Rejection

Reader = Callable[[ByteStream, str, IntakeOptions], Taken]

STDIN = "-"
# No news compresses so well; a gzip bomb does, a thousandfold.
_BOMB_RATIO = 200
_BOMB_BYTES = 50_000_000


def _read_page(stream: ByteStream, name: str, options: IntakeOptions) -> Taken:
    # trafilatura takes half a second to import: only for those who have pages.
    from sayso.intake.page import read_page

    yield from read_page(stream, name, options)


_READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".html": _read_page,
    ".htm": _read_page,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".csv": read_table,
}
_STREAMED = {".jsonl", ".ndjson", ".csv"}


def read_inputs(
    inputs: Iterable[str | Path] | str | Path, options: IntakeOptions | None = None
) -> Taken:
    """Articles and rejections of files, folders, globs and ``-`` (standard input).

    Streams, in the order given; folders and globs sorted by name, with hidden files and
    other suffixes left out. Nothing that an input holds raises: what cannot be read is a
    ``Rejection`` with its reason, and so is metadata that was not understood (then the
    article comes first).
    """
    options = options or IntakeOptions()
    for item in [inputs] if isinstance(inputs, str | Path) else inputs:
        yield from _read_input(item, options)


def _read_input(item: str | Path, options: IntakeOptions) -> Taken:
    name = str(item)
    if name == STDIN:
        yield from _guarded(read_stdin, cast("ByteStream", sys.stdin.buffer), name, options)
        return
    found = False
    for path in _expand(name):
        found = True
        if isinstance(path, Rejection):
            yield path
        else:
            yield from _read_path(path, options)
    if not found:
        yield rejection(name, f"nothing found: no such path, or no file of {_known()} in it")


def _known() -> str:
    return ", ".join(_READERS)


# --- paths


def _expand(name: str) -> Iterator[Path | Rejection]:
    path = Path(name)
    if path.is_dir():
        yield from _walk(path)
    elif path.exists():
        yield path
    elif glob.has_magic(name):
        # Not Path.glob: that takes no absolute patterns.
        for match in map(Path, sorted(glob.glob(name, recursive=True))):  # noqa: PTH207
            # Of ** the files come by themselves.
            if match.is_dir() and "**" not in name:
                yield from _walk(match)
            elif match.is_file() and _suffix(match):
                yield match


def _walk(folder: Path) -> Iterator[Path | Rejection]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield rejection(str(folder), f"cannot be opened: {error.strerror}")
        return
    for entry in entries:
        path = folder / entry.name
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path)
        elif _suffix(path) and entry.is_file():
            yield path


def _suffix(path: Path) -> str | None:
    """The known suffix of a path, without ``.gz``."""
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    return suffixes[-1] if suffixes and suffixes[-1] in _READERS else None


def _read_path(path: Path, options: IntakeOptions) -> Taken:
    suffix = _suffix(path)
    if suffix is None:
        yield rejection(str(path), f"is of no known kind; known are {_known()}, each also .gz")
        return
    try:
        stream = _open(path, options, whole=suffix not in _STREAMED)
    except (OSError, IntakeError) as error:
        yield rejection(str(path), _reason(error))
        return
    with closing(stream):
        yield from _guarded(_READERS[suffix], stream, str(path), options)


def _open(path: Path, options: IntakeOptions, *, whole: bool) -> _Closable:
    if not path.is_file():
        raise IntakeError("is no regular file")
    if path.suffix.lower() == ".gz":
        return _Unzipped(path)
    if whole and path.stat().st_size > options.max_bytes:
        raise too_large(options.max_bytes, path.stat().st_size)
    return path.open("rb")


class _Closable(ByteStream, Protocol):
    def close(self) -> None: ...


class _Unzipped:
    """A gzip file that refuses to be a bomb."""

    def __init__(self, path: Path) -> None:
        self._packed = path.open("rb")
        self._file = gzip.GzipFile(fileobj=self._packed)
        self._out = 0

    def read1(self, size: int, /) -> bytes:
        data = self._file.read1(size)
        self._out += len(data)
        if self._out > _BOMB_BYTES and self._out > _BOMB_RATIO * self._packed.tell():
            raise IntakeError(f"unpacks to more than {_BOMB_RATIO} times its size: a gzip bomb?")
        return data

    def close(self) -> None:
        self._file.close()
        self._packed.close()


def _guarded(reader: Reader, stream: ByteStream, name: str, options: IntakeOptions) -> Taken:
    try:
        yield from reader(stream, name, options)
    # Readers call parsers of other people's on hostile input: whatever these raise is the
    # end of this input, never of the rest.
    except Exception as error:  # noqa: BLE001
        yield rejection(name, _reason(error))


def _reason(error: Exception) -> str:
    if isinstance(error, IntakeError):
        return str(error)
    if isinstance(error, EOFError | zlib.error):
        return "ends in the middle of its gzip data: truncated or damaged"
    if isinstance(error, gzip.BadGzipFile):
        return f"is no gzip file, or a damaged one: {error}"
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}"
    return f"could not be parsed: {type(error).__name__}: {str(error)[:200]}"
