"""What the command line prints: readings, tables, messages.

Data goes to stdout, everything else to stderr. All text passes ``glance.visible`` and is
handed to rich as ``Text``, never as markup: an article cannot steer the terminal. Colour
is never the only mark; rich leaves it out where there is no terminal or ``NO_COLOR`` is set.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from sayso.errors import SettingsError
from sayso.glance import Glance, Line, Piece, Voice, counted, paragraphs, shortened, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyarrow as pa

    from sayso.records import Reading, Rejection

_STYLES = {
    "content": "on grey23",
    "verbatim": "italic",
    "signal": "underline",
    "event": "bold underline",
    "source": "bold cyan",
    "cue": "italic yellow",
}
_REJECTIONS_LISTED = 20


class Format(StrEnum):
    """How a table is printed."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


def out() -> Console:
    """The console for data."""
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=False)


def err() -> Console:
    """The console for everything else."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def progress_bar() -> Progress:
    """A bar on stderr, which shows itself on a terminal only."""
    console = err()
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def complain(message: str) -> None:
    """One clean line on stderr."""
    text = " ".join(visible(message).split())
    err().print(Text.assemble(("sayso: ", "bold red"), text), soft_wrap=True)


def note(message: str) -> None:
    """A line of information on stderr."""
    err().print(Text(visible(message)), soft_wrap=True)


def list_rejections(rejections: Iterable[Rejection], total: int) -> None:
    """What was rejected and why, on stderr; the first of many."""
    if not total:
        return
    note(f"{counted(total, 'input')} not read:")
    for shown, item in enumerate(rejections):
        if shown == _REJECTIONS_LISTED:
            note(f"  … and {total - shown:,} more")
            return
        note(f"  {item.input_id}: {item.reason} ({item.stage})")


def print_json_line(value: Mapping[str, Any]) -> None:
    """One JSON object on a line of stdout, handed on at once."""
    print(json.dumps(value, ensure_ascii=False, default=str), flush=True)  # noqa: T201 - the output


def print_reading(reading: Reading, view: Glance, *, text: bool, full: bool) -> None:
    """One article: its text with the marks if wanted, and who said what."""
    console = out()
    if text:
        console.print(_article(reading, view))
        console.print()
    console.print(_glance(view, full=full))


def _article(reading: Reading, view: Glance) -> RenderableType:
    begun: set[int] = set()
    blocks = [_paragraph(block, begun) for block in paragraphs(reading, view)]
    if reading.article.title and blocks:
        blocks[0].stylize("bold")
    legend = Text("marks: ", "dim")
    for role in ("source", "cue", "content", "verbatim", "event", "signal"):
        legend.append(role, _STYLES[role]).append(" ")
    spaced = [part for block in blocks for part in (block, Text())]
    return Group(*spaced, legend)


def _paragraph(block: tuple[Piece, ...], begun: set[int]) -> Text:
    line = Text()
    for piece in block:
        numbers = {part.number for part in piece.parts}
        for number in sorted(numbers - begun):
            line.append(f"[{number}]", "dim")
        begun |= numbers
        roles = {part.role for part in piece.parts}
        style = " ".join(style for role, style in _STYLES.items() if role in roles)
        line.append(visible(piece.text), style)
    return line


def _glance(view: Glance, *, full: bool) -> RenderableType:
    header = Text(" · ".join(view.header), "bold")
    title = Text(view.title, "italic")
    voices = [part for voice in view.voices for part in (Text(), *_voice(voice, full=full))]
    unread = [Text(reason, "yellow") for reason in view.unread]
    nothing = [] if view.voices or unread else [Text("no statement was found", "dim")]
    return Group(header, title, *voices, *unread, *nothing)


def _voice(voice: Voice, *, full: bool) -> Iterator[RenderableType]:
    head = Text(voice.name, "bold")
    if voice.note:
        head.append(f" · {voice.note}", "not bold dim")
    yield head
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(justify="right", width=4)
    grid.add_column(width=9)
    grid.add_column(ratio=5)
    grid.add_column(ratio=3)
    for line in voice.lines:
        grid.add_row(*_cells(line, full=full))
    yield Padding(grid, (0, 0, 0, 0))


def _cells(line: Line, *, full: bool) -> tuple[Text, ...]:
    content = Text("  " * (line.depth - 1) + "└ " if line.depth else "")
    verb = Text(line.verb, "yellow")
    if line.source is not None:
        content.append(f"{line.source} ", "bold").append(f"({line.note}) ", "dim")
        content.append_text(verb).append(" ")
        verb = Text()
    content.append(line.content if full else shortened(line.content))
    marks = ["verbatim"] if line.verbatim else []
    told = Text("  ".join([*marks, *(tag.label for tag in line.tags)]), "green")
    return Text(f"{line.number}", "dim"), verb, content, told


def print_table(table: pa.Table, form: Format) -> None:
    """A table on stdout, in the form asked for.

    Raises:
        SettingsError: Parquet, which is binary, was asked for on a terminal.
    """
    if form is Format.PARQUET:
        _print_parquet(table)
    elif form is Format.JSONL:
        for row in table.to_pylist():
            print_json_line(row)
    elif form is Format.CSV:
        _print_csv(table)
    else:
        out().print(_table(table))


def _print_parquet(table: pa.Table) -> None:
    import pyarrow.parquet as pq

    if sys.stdout.isatty():
        raise SettingsError("Parquet is binary, and stdout is a terminal; add > FILE.parquet")
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    sys.stdout.buffer.write(buffer.getvalue())
    sys.stdout.buffer.flush()


def _print_csv(table: pa.Table) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(table.column_names)
    for row in table.to_pylist():
        writer.writerow([_flat(value) for value in row.values()])


def _flat(value: object) -> object:
    """A cell as CSV can hold it; lists and structs as JSON."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value


def _table(table: pa.Table) -> RenderableType:
    grid = Table(header_style="bold", expand=False)
    for field in table.schema:
        right = str(field.type).startswith(("int", "uint", "float", "double", "decimal"))
        grid.add_column(Text(visible(field.name)), justify="right" if right else "left")
    for row in table.to_pylist():
        grid.add_row(*(_cell(value) for value in row.values()))
    size = counted(table.num_rows, "row")
    return Group(grid, Text(size, "dim")) if table.num_columns else Text("no columns", "dim")


def _cell(value: object) -> Text:
    if value is None:
        return Text("–", "dim")
    shown = f"{value:.4g}" if isinstance(value, float) else str(_flat(value))
    return Text(visible(shortened(" ".join(shown.split()), 200)))
