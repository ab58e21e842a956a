"""The command line: parse, call, render. No logic.

Whatever takes long to import is imported inside the command that needs it, so that
``sayso --help`` answers at once.
"""

from __future__ import annotations

import io
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sayso import __version__
from sayso.errors import LedgerError, SaysoError, SettingsError
from sayso.settings import ExportFormat, Format, load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sayso.intake import IntakeOptions
    from sayso.ledger import Ledger
    from sayso.records import Reading

TOLERANCE_EXCEEDED = 3
# Of the many columns of a claim, those that a terminal has room for.
CLAIM_COLUMNS = ("published", "outlet", "source", "source_class", "act", "content")

app = typer.Typer(
    name="sayso",
    help="News in, evidence out: who said what, and on whose word.",
    epilog="Settings: option, then SAYSO_* in the environment, then sayso.toml, then default.",
    no_args_is_help=True,
    add_completion=False,
    # A traceback with local variables would print texts of articles.
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

codebooks = typer.Typer(
    name="codebook",
    help="Check and compare codebooks of indicators and tags.",
    no_args_is_help=True,
)
app.add_typer(codebooks)

Inputs = Annotated[
    list[str],
    typer.Argument(
        help="Files (.txt .html .jsonl .csv, each also .gz), folders or globs; - is stdin.",
        show_default=False,
    ),
]
LedgerOption = Annotated[
    str | None,
    typer.Option("--ledger", "-l", metavar="LEDGER", help="The ledger's folder [SAYSO_LEDGER]."),
]
FormatOption = Annotated[
    Format,
    typer.Option(
        "--format",
        "-f",
        help="How the rows are printed; Parquet is binary, so send it to a file.",
    ),
]
TolerateOption = Annotated[
    str | None,
    typer.Option(
        metavar="N",
        help="Exit with status 3 if more inputs are rejected: a number, or a share such as 2% "
        "[SAYSO_TOLERATE; default 0].",
        show_default=False,
    ),
]
PrivateNames = Annotated[
    bool | None,
    typer.Option(
        "--private-names/--pseudonyms",
        help="Show private names, handles, phone numbers and addresses as they are, rather than "
        "pseudonyms [SAYSO_PRIVATE_NAMES; default pseudonyms].",
        show_default=False,
    ),
]
CodebookOption = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Indicators and tags to read with, instead of the shipped ones [SAYSO_CODEBOOK].",
        show_default=False,
    ),
]
Outlet = Annotated[str | None, typer.Option(help="Outlet of inputs that name none.")]
Title = Annotated[str | None, typer.Option(help="Title of inputs that have none.")]
Url = Annotated[str | None, typer.Option(help="Address of inputs that name none.")]
Published = Annotated[
    str | None, typer.Option(help="Date of inputs that tell none: 2023-08-11, or with a time.")
]
Language = Annotated[str | None, typer.Option(help="Language of the inputs, such as en.")]


def _version(wanted: bool) -> None:  # noqa: FBT001 - Typer hands it over so
    if wanted:
        typer.echo(f"sayso {__version__}")
        raise typer.Exit


@app.callback()
def common(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """News in, evidence out: who said what, and on whose word."""


@app.command()
def read(  # noqa: PLR0913 - each is an option of the command
    inputs: Inputs,
    *,
    outlet: Outlet = None,
    title: Title = None,
    url: Url = None,
    published: Published = None,
    language: Language = None,
    codebook: CodebookOption = None,
    tolerate: TolerateOption = None,
) -> None:
    """Read articles and print one JSON line each, without a ledger.

    Example: sayso read news/*.html --outlet "The Examiner" > read.jsonl
    """
    from sayso import output
    from sayso.intake import read_inputs
    from sayso.reader import Reader
    from sayso.records import Rejection

    settings = load(tolerate=tolerate, codebook=codebook)
    options = _options(outlet, title, url, published, language)
    reader, rejected, total = Reader(codebook=settings.codebook), list[Rejection](), 0
    for item in read_inputs(inputs, options):
        total += 1
        if isinstance(item, Rejection):
            rejected.append(item)
        else:
            output.print_json_line(reader.read(item).to_dict())
    output.list_rejections(rejected, len(rejected))
    _exit_if(settings.tolerate.exceeded(len(rejected), total))


@app.command()
def add(  # noqa: PLR0913 - each is an option of the command
    inputs: Inputs,
    *,
    ledger: LedgerOption = None,
    outlet: Outlet = None,
    title: Title = None,
    url: Url = None,
    published: Published = None,
    language: Language = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes that read [SAYSO_WORKERS; default 1].")
    ] = None,
    codebook: CodebookOption = None,
    tolerate: TolerateOption = None,
) -> None:
    """Read articles into a ledger, which is made if need be.

    What is there already is left alone, so a run that was stopped can be run again.

    Example: sayso add news/ -l ledger --outlet "The Examiner"
    """
    from sayso import output
    from sayso.ledger import open_ledger
    from sayso.reader import Reader

    settings = load(ledger=ledger, workers=workers, codebook=codebook, tolerate=tolerate)
    options = _options(outlet, title, url, published, language)
    reader = Reader(codebook=settings.codebook)
    with closing(open_ledger(_needed(settings.ledger))) as opened:
        report = output.add_with_bar(
            opened, inputs, options=options, reader=reader, workers=settings.workers
        )
    _exit_if(settings.tolerate.exceeded(report.rejected, report.seen))


@app.command()
def show(
    article: Annotated[
        str,
        typer.Argument(
            help="An article's id or its unique beginning; without -l also a file, which is read.",
            show_default=False,
        ),
    ],
    *,
    ledger: LedgerOption = None,
    text: Annotated[
        bool, typer.Option("--text/--no-text", help="Print the article's marked text too.")
    ] = True,
    full: Annotated[
        bool,
        typer.Option(
            "--full", help="Print long statements in full, and of events place and day too."
        ),
    ] = False,
    codebook: CodebookOption = None,
) -> None:
    """Show one article: its text with what was found, and who said what on whose word.

    Example: sayso show 3f2a -l ledger
    """
    from sayso import output
    from sayso.glance import glance

    for reading in _readings(article, ledger, codebook):
        output.print_reading(reading, glance(reading), text=text, full=full)


@app.command()
def claims(*, ledger: LedgerOption = None, form: FormatOption = Format.TABLE) -> None:
    """List who claims what, a row each; names stand as in the text, for your eyes.

    Example: sayso claims -l ledger --format csv > claims.csv
    """
    from sayso import output

    with _opened(ledger) as opened:
        output.print_table(opened.claims().to_arrow(), form, CLAIM_COLUMNS)


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="One SELECT; - is stdin.", show_default=False)],
    *,
    ledger: LedgerOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Ask the ledger in SQL (DuckDB's); nothing can be changed by it.

    Example: sayso sql "SELECT outlet, count(*) FROM articles GROUP BY ALL" -l ledger
    """
    from sayso import output

    asked = sys.stdin.read() if query == "-" else query
    with _opened(ledger) as opened:
        output.print_table(opened.sql(asked).to_arrow(), form)


@app.command()
def export(
    target: Annotated[
        Path, typer.Argument(help="The file or folder to write.", show_default=False)
    ],
    *,
    ledger: LedgerOption = None,
    form: Annotated[
        ExportFormat,
        typer.Option(
            "--format",
            "-f",
            help="jsonl: readings, a line each; plover: events, a line each, as PLOVER's JSON; "
            "csv: claims; parquet: a folder of all tables; duckdb: all of it in one file.",
        ),
    ] = ExportFormat.JSONL,
    private_names: PrivateNames = None,
    without_denied: Annotated[
        bool,
        typer.Option(
            "--without-denied",
            help="With --format plover: leave out events that are said not to have happened.",
        ),
    ] = False,
) -> None:
    """Write the whole ledger to a new file or folder, private names as pseudonyms.

    Example: sayso export readings.jsonl -l ledger
    """
    from sayso import output

    names = load(private_names=private_names).private_names
    with _opened(ledger) as opened:
        rows = opened.export(target, form.value, private_names=names, without_denied=without_denied)
    output.note(f"{target}: {rows:,} rows")


@app.command()
def serve(
    *,
    ledger: LedgerOption = None,
    host: Annotated[
        str | None,
        typer.Option(
            help="Address to listen on; others than 127.0.0.1 let other computers read "
            "the ledger [SAYSO_HOST; default 127.0.0.1].",
            show_default=False,
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            help="Port to listen on; 0 takes any free one [SAYSO_PORT; default 8321].",
            show_default=False,
        ),
    ] = None,
    private_names: PrivateNames = None,
) -> None:
    """Open the ledger as a page in the browser, on this computer only.

    Private names are shown as pseudonyms, since pages are shown to others.

    Example: sayso serve -l ledger
    """
    from sayso import output
    from sayso.settings import load
    from sayso.web import serve as run

    settings = load(ledger=ledger, host=host, port=port, private_names=private_names)
    run(
        _needed(settings.ledger),
        settings.host,
        settings.port,
        announce=output.note,
        private_names=settings.private_names,
    )


@app.command()
def demo(*, ledger: LedgerOption = None) -> None:
    """Read the press of an invented country and show what is found.

    Example: sayso demo -l demo-ledger
    """
    from sayso import output
    from sayso.demo import press, telling_article, temporary_ledger
    from sayso.glance import glance
    from sayso.ledger import open_ledger

    folder = ledger or temporary_ledger()
    with closing(open_ledger(folder)) as opened:
        output.add_with_bar(opened, [str(press())])
        reading = telling_article(opened)
    if reading is not None:
        output.print_reading(reading, glance(reading), text=True, full=False)
    output.note(f"\nOpen all of it in the browser:  sayso serve -l {folder}")


@codebooks.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(help="The codebook; without it the shipped one.")
    ] = None,
) -> None:
    """Check a codebook of indicators and tags, and try all its examples; status 1 if one fails.

    Example: sayso codebook check mine.toml
    """
    from sayso import output
    from sayso.codebook.indicators import default_indicators, load_indicators
    from sayso.reading.examples import failures

    codebook = load_indicators(file) if file else default_indicators()
    _exit_if(not output.print_codebook(codebook, failures(codebook)), status=1)


@codebooks.command()
def diff(
    old: Annotated[Path, typer.Argument(help="A codebook.", show_default=False)],
    new: Annotated[Path | None, typer.Argument(help="Another; without it the shipped one.")] = None,
) -> None:
    """Tell how two codebooks differ, a line an entry; status 1 if they do.

    Example: sayso codebook diff last-year.toml mine.toml
    """
    from sayso import output
    from sayso.codebook.indicators import compare, default_indicators, load_indicators

    after = load_indicators(new) if new else default_indicators()
    changes = compare(load_indicators(old), after)
    output.print_changes(changes)
    _exit_if(bool(changes), status=1)


@app.command()
def doctor(*, ledger: LedgerOption = None) -> None:
    """Check the installation, and a ledger if one is given; status 1 if something is wrong.

    Example: sayso doctor -l ledger
    """
    from sayso import output
    from sayso.health import installation

    checks = installation()
    if load(ledger=ledger).ledger is not None:
        with _opened(ledger) as opened:
            checks += opened.doctor()
    output.print_checks(checks)
    _exit_if(not all(check.ok for check in checks), status=1)


def _options(
    outlet: str | None,
    title: str | None,
    url: str | None,
    published: str | None,
    language: str | None,
) -> IntakeOptions:
    from sayso.intake import IntakeOptions

    return IntakeOptions(
        outlet=outlet, title=title, url=url, published=published, language=language
    )


def _needed(ledger: str | None) -> str:
    if ledger is None:
        raise SettingsError("no ledger is given; add -l FOLDER, or set SAYSO_LEDGER")
    return ledger


def _opened(ledger: str | None) -> closing[Ledger]:
    """The ledger of option or settings, which must exist; closed at the end of the block."""
    from sayso.ledger import open_ledger

    return closing(open_ledger(_needed(load(ledger=ledger).ledger), create=False))


def _readings(article: str, ledger: str | None, codebook: str | None) -> Iterator[Reading]:
    """The one article of a ledger, or all of a file that is read directly."""
    if ledger is None and (article == "-" or Path(article).exists()):
        from sayso import output
        from sayso.intake import read_inputs
        from sayso.reader import Reader
        from sayso.records import Rejection

        reader, readable = Reader(codebook=load(codebook=codebook).codebook), False
        for item in read_inputs([article]):
            if isinstance(item, Rejection):
                output.complain(f"{item.input_id}: {item.reason}")
            else:
                readable = True
                yield reader.read(item)
        _exit_if(not readable, status=1)
        return
    with _opened(ledger) as opened:
        found = opened.find_article(article)
        reading = opened.reading(found.id) if found else None
        if reading is None:
            raise LedgerError(
                f"there is no article {article!r} in the ledger {opened.path}; "
                'sayso sql "FROM articles" lists them'
            )
        yield reading


def _exit_if(wrong: bool, status: int = TOLERANCE_EXCEEDED) -> None:  # noqa: FBT001 - a condition
    if wrong:
        raise typer.Exit(status)


def main() -> None:
    """Run the command line; errors of Sayso print one line and exit with status 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Whatever the terminal cannot show is replaced; data is UTF-8 everywhere.
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except SaysoError as error:
        from sayso import output

        output.complain(str(error))
        sys.exit(1)
