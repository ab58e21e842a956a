from __future__ import annotations

import csv
import io
import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

import sayso
from sayso import cli
from sayso.demo import press, temporary_ledger
from sayso.ledger import open_ledger
from sayso.reader import Reader
from sayso.records import Reading
from tests.invented import KnownReader, harbour, hostile
from tests.texts import REPORT

HEAVY = ("duckdb", "numpy", "onnxruntime", "pyarrow", "rich", "tantivy", "tokenizers", "fastapi")
COMMANDS = ("read", "add", "show", "claims", "sql", "export", "serve", "demo", "doctor", "codebook")


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings and no terminal but the test's own."""
    for name in list(os.environ):
        if name.startswith("SAYSO_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A ledger with readings made by hand."""
    folder = tmp_path_factory.mktemp("cli") / "ledger"
    readings = [harbour(), hostile()]
    with open_ledger(folder) as opened:
        opened.add([one.article for one in readings], reader=KnownReader(readings))
    return str(folder)


def run(*arguments: str, stdin: str | None = None):
    """A command's result; Typer's own runner does not see what ``main`` adds."""
    return CliRunner().invoke(cli.app, list(arguments), input=stdin)


def status_of_main(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    monkeypatch.setattr(sys, "argv", ["sayso", *arguments])
    with pytest.raises(SystemExit) as left:
        cli.main()
    return left.value.code


def report_file(folder: Path, name: str = "report.txt", text: str = REPORT) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_nothing_heavy_is_imported_for_the_help() -> None:
    code = f"import sys, sayso.cli; print([m for m in {HEAVY} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_help_answers_at_once() -> None:
    # Processor time, which a busy machine does not stretch as it does the clock's.
    def processor_seconds() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    spent = []
    for _ in range(3):
        before = processor_seconds()
        subprocess.run([sys.executable, "-m", "sayso", "--help"], capture_output=True, check=True)
        spent.append(processor_seconds() - before)
    assert min(spent) < 0.3


def test_every_command_has_an_example_and_every_option_a_help() -> None:
    group = typer.main.get_command(cli.app)
    assert sorted(group.commands) == sorted(COMMANDS)
    for name, command in group.commands.items():
        if name == "codebook":
            assert sorted(command.commands) == ["check", "diff"]
            continue
        assert f"Example: sayso {name}" in command.help
        assert all(parameter.help for parameter in command.params if parameter.name != "help")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_and_unknown_options(command: str) -> None:
    assert run(command, "--help").exit_code == 0
    assert run(command, "--no-such-option").exit_code == 2


def test_the_version_is_told() -> None:
    assert run("--version").stdout == f"sayso {sayso.__version__}\n"


def test_read_streams_one_json_line_an_article(tmp_path: Path, reader: Reader) -> None:
    result = run("read", report_file(tmp_path), "--outlet", "Tide", "--published", "2031-05-06")
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    told = json.loads(line)
    assert (told["article"]["outlet"], told["article"]["published"]) == ("Tide", "2031-05-06")
    text = told["article"]["text"]
    words = [text[s:e] for item in told["attributions"] for s, e in item["cue"]]
    assert "said" in " ".join(words)
    assert set(told) == {"article", "attributions", "events", "signals", "rejections"}


def test_rejected_inputs_are_listed_and_set_the_status(tmp_path: Path) -> None:
    good, bad = report_file(tmp_path), report_file(tmp_path, "empty.txt", "")
    result = run("read", good, bad)
    assert result.exit_code == 3
    assert "1 input not read" in result.stderr
    assert "empty.txt" in result.stderr
    assert len(result.stdout.splitlines()) == 1
    assert run("read", good, bad, "--tolerate", "1").exit_code == 0
    assert run("read", good, bad, "--tolerate", "40%").exit_code == 3


def test_add_tells_what_was_added_and_what_was_there(tmp_path: Path) -> None:
    file, ledger = report_file(tmp_path), str(tmp_path / "ledger")
    first, second = run("add", file, "-l", ledger), run("add", file, "-l", ledger)
    assert "1 article added" in first.stdout
    assert "0 articles added" in second.stdout
    assert "1 already there" in second.stdout
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert run("add", report_file(tmp_path, "none.txt", ""), "-l", ledger).exit_code == 3


def test_show_takes_the_beginning_of_an_id(ledger: str) -> None:
    result = run("show", harbour().article.id[:10], "-l", ledger)
    assert result.exit_code == 0
    assert "[3]“No pilot has left,”" in result.stdout
    assert "Ilse Vanter, harbour master · official" in result.stdout
    assert "└ the mayor (official) predicts that the fleet would be sold" in result.stdout
    assert "REQUEST → the crews" in result.stdout


@pytest.mark.parametrize("width", ["80", "120"])
def test_what_is_shown_fits_the_terminal(ledger: str, width: str, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    shown = run("show", harbour().article.id, "-l", ledger).stdout
    assert max(map(len, shown.splitlines())) <= int(width)


def test_show_without_text_leaves_the_text_out(ledger: str) -> None:
    shown = run("show", harbour().article.id, "-l", ledger, "--no-text").stdout
    assert "She would not say when." not in shown
    assert "would not say" in shown


def test_show_reads_a_file_without_any_ledger(tmp_path: Path, reader: Reader) -> None:
    result = run("show", report_file(tmp_path))
    assert result.exit_code == 0
    assert re.search(r"\d+ statements, \d+ event", result.stdout)
    broken = run("show", report_file(tmp_path, "empty.txt", ""))
    assert broken.exit_code == 1
    assert "empty.txt" in broken.stderr


def test_an_article_cannot_steer_the_terminal(ledger: str) -> None:
    shown = run("show", hostile().article.id, "-l", ledger).stdout
    assert not set(shown) & {"\x1b", "\x07", "\u202e"}
    assert "[bold]rich[/bold]" in " ".join(shown.split())


def test_no_color_leaves_weight_but_no_colour(ledger: str) -> None:
    command = [sys.executable, "-m", "sayso", "show", harbour().article.id, "-l", ledger]
    known = {**os.environ, "FORCE_COLOR": "1", "TERM": "xterm"}
    for extra, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        shown = subprocess.run(
            command, env={**known, **extra}, capture_output=True, text=True, check=True
        ).stdout
        assert "\x1b[1m" in shown
        assert ("\x1b[33m" in shown) is coloured


def test_claims_in_every_format(ledger: str) -> None:
    table = run("claims", "-l", ledger)
    assert "No pilot has left" in table.stdout
    assert "6 rows" in table.stdout
    lines = [
        json.loads(line) for line in run("claims", "-l", ledger, "-f", "jsonl").stdout.splitlines()
    ]
    rows = list(csv.DictReader(io.StringIO(run("claims", "-l", ledger, "-f", "csv").stdout)))
    parquet = pq.read_table(io.BytesIO(run("claims", "-l", ledger, "-f", "parquet").stdout_bytes))
    ids = [row["statement_id"] for row in lines]
    assert len(ids) == 6
    assert ids == [row["statement_id"] for row in rows] == parquet["statement_id"].to_pylist()
    assert run("claims", "-l", ledger, "-f", "xml").exit_code == 2


def test_sql_from_argument_and_stdin(ledger: str) -> None:
    query = "SELECT count(*) AS n FROM articles"
    assert run("sql", query, "-l", ledger, "-f", "csv").stdout == "n\n2\n"
    assert run("sql", "-", "-l", ledger, "-f", "csv", stdin=query).stdout == "n\n2\n"


def test_a_row_of_many_columns_is_shown_line_by_line(ledger: str, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    shown = run("sql", "FROM articles ORDER BY outlet DESC LIMIT 1", "-l", ledger).stdout
    assert "Tessin Tide" in next(line for line in shown.splitlines() if line.startswith("outlet"))


def test_an_error_is_one_line_and_status_1(ledger: str, monkeypatch, capsys) -> None:
    assert status_of_main(monkeypatch, "sql", "DROP TABLE articles", "-l", ledger) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("sayso: only SELECT")
    assert told.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("claims",), "no ledger is given; add -l FOLDER"),
        (("claims", "-l", "nowhere"), "there is no ledger"),
        (("add", "x.txt", "-l", "l", "--workers", "0"), "--workers is 0; give a number"),
        (("read", "x.txt", "--published", "soon"), "is no date"),
    ],
)
def test_errors_say_what_to_do(arguments, told, monkeypatch, capsys) -> None:
    assert status_of_main(monkeypatch, *arguments) == 1
    assert told in capsys.readouterr().err


def test_an_article_that_is_not_there(ledger: str, monkeypatch, capsys) -> None:
    assert status_of_main(monkeypatch, "show", "0123abcd", "-l", ledger) == 1
    assert "there is no article '0123abcd'" in capsys.readouterr().err


def test_the_ledger_may_come_from_the_environment(ledger: str, monkeypatch) -> None:
    monkeypatch.setenv("SAYSO_LEDGER", ledger)
    assert "6 rows" in run("claims").stdout


def test_a_closed_pipe_is_no_error(ledger: str) -> None:
    command = f'"{sys.executable}" -m sayso claims -l "{ledger}" -f jsonl | head -c 1'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)  # noqa: S602
    assert (done.stdout, done.stderr) == ("{", "")


def test_export_writes_the_readings_as_they_were(ledger: str, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    result = run("export", str(target), "-l", ledger)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "2 rows" in result.stderr
    written = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    expected = [one.to_dict() for one in (harbour(), hostile())]
    assert sorted(map(json.dumps, written)) == sorted(map(json.dumps, expected))


def test_doctor_checks_installation_and_ledger(ledger: str) -> None:
    alone, both = run("doctor"), run("doctor", "-l", ledger)
    assert (alone.exit_code, both.exit_code) == (0, 0)
    assert "ok  model" in alone.stdout
    assert "layout" in both.stdout
    assert "layout" not in alone.stdout


def test_doctor_fails_when_the_model_does(monkeypatch) -> None:
    monkeypatch.setattr(Reader, "read", lambda *_: Reading(harbour().article))
    result = run("doctor")
    assert result.exit_code == 1
    assert "BAD model" in result.stdout


def test_demo_reads_the_press_and_tells_how_to_go_on(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("sayso.demo.press", lambda: Path(report_file(tmp_path)))
    folder = str(tmp_path / "ledger")
    result = run("demo", "-l", folder)
    assert result.exit_code == 0
    assert "1 article added" in result.stdout
    assert "[1]" in result.stdout
    assert f"sayso serve -l {folder}" in result.stderr


def test_the_press_is_found() -> None:
    assert any(press().rglob("*.jsonl"))
    assert not Path(temporary_ledger()).exists()


def test_serve_hands_over_what_was_asked(ledger: str, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr("sayso.web.serve", lambda *told, **_: asked.append(told))
    monkeypatch.setenv("SAYSO_PORT", "9000")
    assert run("serve", "-l", ledger).exit_code == 0
    assert asked == [(ledger, "127.0.0.1", 9000)]


HUNGER = """version = "2"
title = "Mine"
[indicators.hunger]
definition = "No food."
nouns = "hunger"
words = { up = { verbs = "bite" } }
positive = ["up: In Juba [hunger bites]."]
"""


def test_a_codebook_of_ones_own_is_checked_compared_and_read_with(tmp_path: Path) -> None:
    mine, article = tmp_path / "mine.toml", tmp_path / "juba.txt"
    mine.write_text(HUNGER, "utf-8")
    article.write_text("A market report\n\nTraders said that hunger bites in Juba again.", "utf-8")
    checked = run("codebook", "check", str(mine))
    assert checked.exit_code == 0
    assert "1 indicator, 1 example, 0 wrong" in checked.stdout
    compared = run("codebook", "diff", str(mine))
    assert compared.exit_code == 1
    assert "removed  hunger" in compared.stdout
    assert run("codebook", "diff", str(mine), str(mine)).exit_code == 0
    for arguments, found in (((), []), (("--codebook", str(mine)), ["hunger"])):
        line = run("read", str(article), *arguments).stdout
        assert [signal["indicator"] for signal in json.loads(line)["signals"]] == found


def test_an_example_that_fails_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HUNGER + 'negative = ["Where hunger bites, people leave."]\n', "utf-8")
    checked = run("codebook", "check", str(path))
    assert checked.exit_code == 1
    assert (
        "BAD hunger: Where hunger bites, people leave. (found up: hunger bites)" in checked.stdout
    )


def test_a_run_tells_its_codebook(tmp_path: Path) -> None:
    mine, folder = tmp_path / "mine.toml", tmp_path / "ledger"
    mine.write_text(HUNGER, "utf-8")
    (tmp_path / "a.txt").write_text(REPORT, "utf-8")
    assert run("add", "a.txt", "-l", str(folder), "--codebook", str(mine)).exit_code == 0
    told = run("sql", "SELECT codebook FROM runs", "-l", str(folder), "-f", "csv").stdout
    assert "Mine 2 (" in told
