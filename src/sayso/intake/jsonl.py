"""JSON lines: one article a line, in the form of the input JSONL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sayso.errors import IntakeError
from sayso.intake.article import Taken, rejection, taken
from sayso.intake.encoding import ByteStream, Lines

if TYPE_CHECKING:
    from sayso.intake.options import IntakeOptions


def read_json_lines(stream: ByteStream, name: str, options: IntakeOptions) -> Taken:
    """One article or rejection a line that is not blank; a broken line costs only itself."""
    empty = True
    for number, line in Lines(stream, options.max_bytes):
        where = f"{name}:{number}"
        if line is None:
            yield rejection(where, f"is longer than {options.max_bytes:,} bytes (max_bytes)")
        elif line.strip():
            yield from _read_line(line, where, options)
        else:
            continue
        empty = False
    if empty:
        raise IntakeError("is empty")


def _read_line(line: str, where: str, options: IntakeOptions) -> Taken:
    try:
        mapping = json.loads(line)
    except (ValueError, RecursionError) as error:
        yield rejection(where, f"is no JSON: {error}")
        return
    if isinstance(mapping, dict):
        yield from taken(mapping, where, options)
    else:
        yield rejection(where, "is no JSON object")
