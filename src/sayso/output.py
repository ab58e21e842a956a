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
from datetime import datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from sayso.errors import SettingsError
from sayso.glance import (
    Glance,
    Line,
    Piece,
    Tag,
    Voice,
    counted,
    on_one_line,
    paragraphs,
    shortened,
    visible,
)
from sayso.settings import Format

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from sayso.codebook.indicators import Indicators
    from sayso.intake import IntakeOptions
    from sayso.ledger import AddReport, Check, Ledger
    from sayso.reader import Reader
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
_VERB_WIDTH = 14
_LABEL_WIDTH = 26
_ROWS_SHOWN = 1000
_LEAST_COLUMN = 11
_SHORT_CELL = 16
_MIDNIGHT = time()


def out() -> Console:
    """The console for data."""
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=False)


def err() -> Console:
    """The console for everything else."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


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
        note(f"  {on_one_line(item.input_id)}: {on_one_line(item.reason)} ({item.stage})")


def add_with_bar(
    ledger: Ledger,
    inputs: Iterable[Any],
    *,
    options: IntakeOptions | None = None,
    reader: Reader | None = None,
    workers: int = 1,
) -> AddReport:
    """Add to a ledger; how far it is goes to stderr if that is a terminal, the sum to stdout."""
    console = err()
    add = partial(ledger.add, inputs, options=options, reader=reader, workers=workers)
    if console.is_terminal:
        with console.status("reading …") as status:
            report = add(progress=lambda so_far: status.update(_sum(so_far)))
    else:
        report = add()
    out().print(_sum(report), soft_wrap=True)
    list_rejections(report.rejections, report.rejected + report.unread)
    return report


def _sum(report: AddReport) -> str:
    parts = [
        f"{counted(report.added + report.pending, 'article')} added",
        f"{counted(report.statements, 'statement')}",
        f"{counted(report.events, 'event')}",
        f"{report.present:,} already there",
        f"{report.rejected:,} rejected",
    ]
    if report.unread:
        parts.append(f"{report.unread:,} in a language that is not read")
    return " · ".join(parts)


def print_checks(checks: Iterable[Check]) -> None:
    """What the doctor found, a line each."""
    console = out()
    for check in checks:
        sign = Text("ok  ", "green") if check.ok else Text("BAD ", "bold red")
        told = " ".join(visible(check.detail).split())
        console.print(Text.assemble(sign, (f"{check.name}: ", "bold"), told), soft_wrap=True)


def print_codebook(codebook: Indicators, failed: Iterable[tuple[str, str, str]]) -> bool:
    """Each example that does not come out as its entry says; whether there was none."""
    console = out()
    failed = list(failed)
    for name, text, wrong in failed:
        told = f"{on_one_line(text)} ({on_one_line(wrong)})"
        parts = (("BAD ", "bold red"), (f"{name}: ", "bold"), told)
        console.print(Text.assemble(*parts), soft_wrap=True)
    examples = sum(entry.examples for entry in codebook.entries)
    told = f"{codebook.label}: {counted(len(codebook.entries), 'indicator')}"
    console.print(
        Text(f"{told}, {counted(examples, 'example')}, {len(failed):,} wrong"), soft_wrap=True
    )
    return not failed


def print_changes(changes: Iterable[tuple[str, str, str]]) -> None:
    """How two codebooks differ, a line an entry."""
    for name, change, parts in changes:
        out().print(Text(f"{change:<8} {name}" + (f": {parts}" if parts else "")), soft_wrap=True)


def print_json_line(value: Mapping[str, Any]) -> None:
    """One JSON object on a line of stdout, handed on at once."""
    print(json.dumps(value, ensure_ascii=False, default=str), flush=True)  # noqa: T201 - this is the output


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
    labels = [part for line in view.lines for part in _labels(line, full=full).plain.split("\n")]
    verbs = [line.verb for line in view.lines if not line.depth]
    widths = _widest(verbs, _VERB_WIDTH), _widest(labels, _LABEL_WIDTH)
    voices = [part for voice in view.voices for part in (Text(), *_voice(voice, widths, full=full))]
    unread = [Text(reason, "yellow") for reason in view.unread]
    nothing = [] if view.voices or unread else [Text("no statement was found", "dim")]
    return Group(header, title, *voices, *unread, *nothing)


def _voice(voice: Voice, widths: tuple[int, int], *, full: bool) -> Iterator[RenderableType]:
    head = Text(voice.name, "bold")
    if voice.note:
        head.append(f" · {voice.note}", "not bold dim")
    yield head
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(justify="right", width=4)
    grid.add_column(width=widths[0])
    grid.add_column(ratio=1)
    grid.add_column(width=widths[1])
    for line in voice.lines:
        grid.add_row(*_cells(line, full=full))
    yield grid


def _widest(texts: Iterable[str], limit: int) -> int:
    return min(limit, max(map(cell_len, texts), default=0))


def _cells(line: Line, *, full: bool) -> tuple[Text, ...]:
    content = Text("  " * (line.depth - 1) + "└ " if line.depth else "")
    verb = Text(line.verb, "yellow")
    if line.source is not None:
        content.append(f"{line.source} ", "bold").append(f"({line.note}) ", "dim")
        content.append_text(verb).append(" ")
        verb = Text()
    content.append(line.content if full else shortened(line.content))
    return Text(f"{line.number}", "dim"), verb, content, _labels(line, full=full)


def _labels(line: Line, *, full: bool) -> Text:
    """What stands at the end of a line, each on a line of its own."""
    labels = [Text("verbatim", "green")] if line.verbatim else []
    for tag in line.tags:
        labels.append(Text(tag.label, _tag_style(tag)))
        if full and tag.where:
            labels.append(Text(tag.where, "dim"))
    return Text("\n").join(labels)


def _tag_style(tag: Tag) -> str:
    return "green" if tag.factuality in {"happened", "ongoing"} else "yellow"


def print_table(table: pa.Table, form: Format, columns: Sequence[str] = ()) -> None:
    """A table on stdout, in the form asked for.

    Args:
        table: all of it is printed, but of the form ``table`` no more than fits the eye.
        form: as it says.
        columns: those that the form ``table`` shows; all by default.

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
        _print_for_eyes(table.select(columns) if columns else table)


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


def _print_for_eyes(table: pa.Table) -> None:
    """As a table; of so many columns that none could be read, row by row."""
    console = out()
    some = table.slice(0, _ROWS_SHOWN)
    narrow = table.num_columns * _LEAST_COLUMN <= console.width
    console.print(_grid(some) if narrow else _records(some))
    console.print(Text(counted(table.num_rows, "row"), "dim"))
    if table.num_rows > _ROWS_SHOWN:
        note(f"the first {_ROWS_SHOWN:,} are shown; --format csv or jsonl prints all")


def _grid(table: pa.Table) -> RenderableType:
    """Columns of short cells as wide as they need, the rest shared by those of long ones."""
    cells = [[_cell(value) for value in row.values()] for row in table.to_pylist()]
    grid = Table(header_style="bold", box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    for place, field in enumerate(table.schema):
        lengths = [len(row[place]) for row in cells] or [0]
        long = max(lengths) > _SHORT_CELL
        right = str(field.type).startswith(("int", "uint", "float", "double", "decimal"))
        grid.add_column(
            Text(visible(field.name)),
            justify="right" if right else "left",
            ratio=min(4, 2 + sum(lengths) // (40 * len(lengths))) if long else None,
            overflow="fold",
        )
        grid.expand |= long
    for row in cells:
        grid.add_row(*row)
    return grid


def _records(table: pa.Table) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    for row in table.to_pylist():
        for name, value in row.items():
            grid.add_row(Text(visible(name), "bold"), _cell(value))
        grid.add_row()
    return grid


def _cell(value: object) -> Text:
    if value is None:
        return Text("–", "dim")
    if isinstance(value, float):
        return Text(f"{value:.4g}")
    if isinstance(value, datetime):
        return Text(
            f"{value:%Y-%m-%d}" if value.time() == _MIDNIGHT else f"{value:%Y-%m-%d\n%H:%M}"
        )
    return Text(shortened(on_one_line(str(_flat(value))), 200))
