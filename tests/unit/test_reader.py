"""The reader as a whole, with the shipped weights, on an invented report."""

from __future__ import annotations

import json
import pickle
import re
import shutil
from pathlib import Path

import pytest

import sayso
from sayso.errors import IntakeError, WeightsError
from sayso.reader import Reader
from sayso.reading.encoder import FILES, SHIPPED
from sayso.records import Reading
from tests.texts import REPORT

STRIKE = """Strike halts the river

The Bargemen’s Union said all locks had shut.

The Ministry of Waterways described the action as illegal. Keepers who failed to return would be \
replaced by members of the River Guard, the ministry warned in a notice.

A resident of Ferren said the mayor had promised to pay.
"""


@pytest.fixture(scope="module")
def report(reader: Reader) -> Reading:
    return reader.read({"text": REPORT, "language": "en"})


def shown(reading: Reading, content: str) -> sayso.Attribution:
    found = [a for a in reading.attributions if content in reading.shown(a.content)]
    assert len(found) == 1, [reading.shown(a.content) for a in reading.attributions]
    return found[0]


def test_sources_cues_and_contents_are_found_and_linked(report: Reading) -> None:
    item = shown(report, "no ship had been turned away")
    assert "Alva Renquist" in report.shown(item.source)
    assert "said" in report.shown(item.cue)
    assert (item.kind, item.source_class) == ("indirect", "official")
    assert item.speaker is not None
    assert item.speaker.name == "Alva Renquist"


def test_a_quotation_in_two_parts_is_one_statement_of_who_she_is(report: Reading) -> None:
    item = shown(report, "pilots enough")
    assert "more" in report.shown(item.content)
    assert item.kind == "direct"
    assert len(item.verbatim) == len(item.content) == 2
    assert report.shown(item.source) == "she"
    assert item.speaker is not None
    assert item.speaker.name == "Alva Renquist"


def test_an_unnamed_source_has_no_speaker(report: Reading) -> None:
    item = shown(report, "the night shift was empty")
    assert (item.source_class, item.role, item.act) == ("unnamed", "official", "admit")
    assert item.speaker is None


def test_the_ministry_is_the_ministry_named_before(reader: Reader) -> None:
    reading = reader.read({"text": STRIKE, "language": "en"})
    item = shown(reading, "Keepers who failed")
    assert item.speaker is not None
    assert item.speaker.name == "Ministry of Waterways"


def test_a_statement_told_in_another_names_its_parent(reader: Reader) -> None:
    reading = reader.read({"text": STRIKE, "language": "en"})
    nested = [item for item in reading.attributions if item.parent]
    assert len(nested) == 1
    assert "mayor" in reading.shown(nested[0].source)
    parent = next(item for item in reading.attributions if item.id == nested[0].parent)
    assert "resident" in reading.shown(parent.source)


def test_another_language_is_stored_but_not_read(reader: Reader) -> None:
    reading = reader.read({"text": REPORT, "language": "fr"})
    assert reading.attributions == ()
    assert [r.stage for r in reading.rejections] == ["language"]
    assert "'fr'" in reading.rejections[0].reason


def test_a_mapping_without_text_says_so(reader: Reader) -> None:
    with pytest.raises(IntakeError, match="text"):
        reader.read({"title": "No text"})


def test_read_many_keeps_the_order_and_read_text_the_metadata(reader: Reader) -> None:
    texts = [f"Speaker number {i} said it was true." for i in range(5)]
    readings = reader.read_many([{"text": text, "language": "en"} for text in texts])
    assert [reading.article.text for reading in readings] == texts
    known = sayso.read_text(REPORT, outlet="Post", published="2024-03-04").article
    assert (known.outlet, known.published_text) == ("Post", "2024-03-04")


def test_a_reading_shows_itself_without_script(report: Reading) -> None:
    page = report._repr_html_()
    assert "Alva Renquist" in page
    assert "<script" not in page.lower()


def test_a_reader_travels_to_another_process(reader: Reader, report: Reading) -> None:
    other = pickle.loads(pickle.dumps(reader))  # noqa: S301 - our own bytes
    assert other.read(report.article).to_dict() == report.to_dict()


@pytest.mark.parametrize("broken", ["encoder", "tables", "manifest"])
def test_damaged_weights_are_an_error_that_says_what_to_do(tmp_path: Path, broken: str) -> None:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    (tmp_path / FILES[broken]).write_bytes(b"{}")
    with pytest.raises(WeightsError, match="install Sayso again"):
        Reader(tmp_path).read({"text": REPORT, "language": "en"})


def test_the_card_tells_of_these_weights() -> None:
    manifest = json.loads((SHIPPED / FILES["manifest"]).read_text("utf-8"))
    card = (SHIPPED / "card.md").read_text("utf-8")
    assert f"version {manifest['version']}" in card
    for name, digest in manifest["sha256"].items():
        assert f"| {FILES[name]} | `{digest}` |" in card
    size = sum(path.stat().st_size for path in SHIPPED.iterdir())
    assert size <= 60_000_000
    assert re.fullmatch(r"[0-9a-f]{12}", manifest["version"])
