"""Events in PLOVER's form: valid, nothing lost beside it, and no private name.

``python -m tests.unit.ledger.test_ledger_plover`` approves a changed form; read the difference.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sayso.cli import app
from sayso.codebook.plover import EVENT_TYPES, QUADS
from sayso.errors import SettingsError
from sayso.ledger import Ledger, open_ledger
from sayso.ledger.plover import event_scale, plover_records
from sayso.records import Date, Event, Reading, Run
from tests import planted
from tests.invented import KnownReader, article, event, harbour, hostile, quay

GOLDEN = Path(__file__).parents[2] / "golden" / "plover.json"
RUN = Run("run", "", "sayso 1.2.3", "weights-1", "none", "", 0, datetime(2031, 5, 7, tzinfo=UTC))

ENTITY = {
    "code": (str, None),
    "sector": (str, None),
    "entity_text": (str,),
    "identifier_text": (str, None),
    "office": (str, None),
}
LOCATION = {
    "extracted_place": (str, None),
    "resolved_place": (str, None),
    "geonameid": (int, None),
    "lat": (float, None),
    "lon": (float, None),
    "city": (str, None),
    "district": (str, None),
    "province": (str, None),
    "country_code": (str, None),
    "resolution": (int, None),
}
RECORD: dict[str, Any] = {
    "id": (str,),
    "has_event": (bool,),
    "date": (str,),
    "actor": [ENTITY],
    "recipient": [ENTITY],
    "event": [(str,)],
    "event_loc": LOCATION,
    "event_text": [(str,)],
    "quad_code": (int,),
    "event_scale": (float,),
    "mode": [(str,)],
    "context": [(str,)],
    "text": (str,),
    "text_info": {"sequence": (int,), "start": (int,), "end": (int,)},
    "cite_info": {
        "publication": (str, None),
        "url": (str, None),
        "title": (str, None),
        "language": (str, None),
        "codebook": (str,),
    },
    "coder": (str,),
    "coded_date": (str, None),
}
"""PLOVER's keys, all of which are always there; a list's only member is the form of each."""


def wrong(value: Any, form: Any, where: str = "") -> list[str]:
    """Where a value is not of the form."""
    if isinstance(form, dict):
        if value is None and where == "/event_loc":
            return []
        missing = [f"{where}/{key}" for key in form.keys() ^ value.keys()]
        pairs = form.keys() & value.keys()
        return missing + [w for k in pairs for w in wrong(value[k], form[k], f"{where}/{k}")]
    if isinstance(form, list):
        assert isinstance(value, list), where
        return [w for n, each in enumerate(value) for w in wrong(each, form[0], f"{where}/{n}")]
    kinds = tuple(kind for kind in form if kind)
    fits = isinstance(value, kinds) or (value is None and None in form)
    return [] if fits else [where]


def records(reading: Reading, **options: bool) -> list[dict[str, Any]]:
    return json.loads(json.dumps(list(plover_records(reading, RUN, **options))))


def changed(**changes: Any) -> dict[str, Any]:
    """The record of one event of ``quay`` with other fields."""
    reading = quay()
    (record,) = records(replace(reading, events=(replace(reading.events[0], **changes),)))
    return record


def test_every_record_has_plovers_fields_and_one_of_ours() -> None:
    found = records(quay())
    assert len(found) == 7
    for record in found:
        ours = record.pop("sayso")
        assert wrong(record, RECORD) == []
        assert ours["factuality"] in {"denied", "planned", "possible", "ongoing", "happened"}
    assert wrong({**record, "date": None}, RECORD) == ["/date"]
    assert len({record["id"] for record in found}) == 7


def test_the_records_are_as_they_were_approved() -> None:
    assert GOLDEN.read_text("utf-8") == approved()


def approved() -> str:
    """An event told as a fact, a denied one and a planned one of two tellers, a key a line."""
    some = [records(quay())[number] for number in (0, 1, 4)]
    return "[\n" + ",\n".join(lines(record) for record in some) + "\n]\n"


def lines(value: dict[str, Any], indent: str = "  ") -> str:
    within = indent + "  "
    told = [
        f"{within}{json.dumps(key)}: "
        + (lines(v, within).lstrip() if key == "sayso" else json.dumps(v, ensure_ascii=False))
        for key, v in value.items()
    ]
    return indent + "{\n" + ",\n".join(told) + f"\n{indent}}}"


def test_all_spans_are_of_the_words_beside_them() -> None:
    text = quay().article.text
    for record in records(quay()):
        info, evidence = record["text_info"], record["sayso"]["evidence"]
        assert text[info["start"] : info["end"]] == record["text"]
        parts = [*evidence["trigger"], *evidence["actor"], *evidence["recipient"]]
        parts += [part for part in (evidence["place"], evidence["date"]) if part]
        assert len(parts) >= 1
        for part in parts:
            assert text[slice(*part["span"])] == part["text"]
            assert part["text"] in record["text"]


def test_the_chain_goes_from_the_innermost_word_to_the_outlet() -> None:
    chains = {record["event_text"][0]: record["sayso"]["chain"] for record in records(quay())}
    assert chains["moved"] == ["Ruud", "A clerk", "Tessin Tide"]
    assert chains["arrested"] == ["Interior Minister Kaspar Ruud", "Tessin Tide"]
    assert chains["closing"] == ["Tessin Tide"]


def test_a_circle_of_parents_ends() -> None:
    reading = quay()
    plan = next(item for item in reading.attributions if item.parent)
    items = tuple(
        replace(item, parent=plan.id) if item.id == plan.parent else item
        for item in reading.attributions
    )
    moved = records(replace(reading, attributions=items))[4]
    assert moved["sayso"]["chain"] == ["Ruud", "A clerk", "Tessin Tide"]


def test_an_unknown_teller_is_not_the_outlet() -> None:
    ours = changed(attribution="gone")["sayso"]
    assert ours["attribution"]["id"] == "gone"
    assert ours["attribution"].keys() == records(quay())[0]["sayso"]["attribution"].keys()
    assert ours["chain"] == [None, "Tessin Tide"]


def test_an_unnamed_source_has_no_speaker() -> None:
    reading = quay()
    items = tuple(replace(item, source_class="unnamed") for item in reading.attributions)
    told = [one["sayso"]["attribution"] for one in records(replace(reading, attributions=items))]
    assert {one["speaker"] is None for one in told if one} == {True}


@pytest.mark.parametrize(
    ("date", "published", "expected"),
    [
        (Date(None, "2031-05-01", "2031-05-03", "day", "stated"), True, ("2031-05-03", "stated")),
        (Date(None, "2031-05-01", None, "day", "relative"), True, ("2031-05-01", "relative")),
        (Date(None, None, None, "none", "stated"), True, ("2031-05-06", "publication")),
        (None, True, ("2031-05-06", "publication")),
        (None, False, (None, "unknown")),
    ],
)
def test_the_day_tells_on_what_it_rests(date: Date | None, published: bool, expected) -> None:
    told = article("Guards fired.", title=None, **({} if published else {"published": None}))
    (record,) = records(Reading(told, events=(event(told, "ASSAULT", (7, 12), date=date),)))
    assert (record["date"], record["sayso"]["date_basis"]) == expected
    assert ("date" in record["sayso"]["missing"]) is not published


@pytest.mark.parametrize(
    ("kind", "mode", "factuality", "modes"),
    [
        ("COERCE", "arrest", "happened", ["arrest"]),
        ("COERCE", "arrest", "ongoing", ["arrest"]),
        ("COERCE", "arrest", "denied", ["arrest", "negation"]),
        ("COERCE", None, "possible", ["hypothetical"]),
        ("MOBILIZE", "troops", "planned", ["troops", "future"]),
        # Planned cooperation already is AGREE: never category and auxiliary mode.
        ("AGREE", None, "planned", []),
        ("AGREE", None, "denied", ["negation"]),
    ],
)
def test_what_did_not_happen_has_plovers_auxiliary_mode(kind, mode, factuality, modes) -> None:
    assert changed(type=kind, mode=mode, factuality=factuality)["mode"] == modes


def test_scores_and_quads_are_the_manuals() -> None:
    scales = {kind: event_scale(kind, None) for kind in EVENT_TYPES}
    assert all(scale is not None and -10 <= scale <= 10 for scale in scales.values())
    assert scales["ACCUSE"] == -3
    assert event_scale("RETREAT", "disarm") == 10
    assert event_scale("CONSULT", "a mode of another type") == scales["CONSULT"] == 2.5
    assert event_scale("SELL", None) is None
    for kind in EVENT_TYPES:
        assert changed(type=kind)["quad_code"] == QUADS[kind]


def test_what_plover_requires_and_nobody_tells_is_named() -> None:
    assert changed(actors=(), recipients=())["sayso"]["missing"] == ["actor"]
    assert changed(type="AID", recipients=())["sayso"]["missing"] == ["recipient"]


def test_events_that_are_denied_can_be_left_out() -> None:
    kept = records(quay(), without_denied=True)
    assert [one["event_text"] for one in records(quay()) if one not in kept] == [["arrested"]]


def made(folder: Path, readings: list[Reading]) -> Ledger:
    ledger = open_ledger(folder)
    ledger.add([one.article for one in readings], reader=KnownReader(readings))
    return ledger


def test_a_ledger_is_exported_with_its_runs(tmp_path: Path) -> None:
    readings = [quay(), harbour(), hostile()]
    target = tmp_path / "events.jsonl"
    with made(tmp_path / "ledger", readings) as ledger:
        rows = ledger.export(target, "plover", private_names=True)
        (run,) = ledger.runs().rows()
    lines = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    events: list[Event] = [item for one in readings for item in one.events]
    assert rows == len(lines) == len(events)
    assert {line["sayso"]["run"]["id"] for line in lines} == {run["id"]}
    assert {line["coder"] for line in lines} == {run["software"]}
    by_id = {(line["id"], line["sayso"]["article"]["id"]): line for line in lines}
    for record in records(quay()):
        line = by_id[record["id"], quay().article.id]
        assert line["sayso"].pop("run")["model"] == "known"
        record["sayso"].pop("run")
        same = ("coder", "coded_date")
        assert {**line, **dict.fromkeys(same)} == {**record, **dict.fromkeys(same)}


def test_no_private_name_and_every_span_still_right(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", list(planted.readings())) as ledger:
        assert ledger.export(tmp_path / "out", "plover") == 3
        (shown, *_) = map(ledger.pseudonyms.reading, planted.readings())
    told = (tmp_path / "out").read_text("utf-8")
    assert planted.leaks(told) == []
    found = {line["event_text"][0]: line for line in map(json.loads, told.splitlines())}
    for line in found.values():
        info = line["text_info"]
        assert shown.article.text[info["start"] : info["end"]] == line["text"]
    afraid = found["afraid"]
    (actor,) = afraid["actor"]
    assert actor["identifier_text"].startswith("Person-")
    assert actor["office"].startswith("sister of Person-")
    # A place that bears the name would lead to it by its number and coordinates.
    assert afraid["event_loc"]["geonameid"] is None
    assert afraid["event_loc"]["lat"] is None
    assert "private" in afraid["sayso"]["place_reason"]


def test_the_command_exports_and_refuses(tmp_path: Path) -> None:
    made(tmp_path / "ledger", [quay()]).close()

    def run(*options: str) -> Any:
        return CliRunner().invoke(app, ["export", *options, "-l", str(tmp_path / "ledger")])

    assert run(str(tmp_path / "all"), "--format", "plover").exit_code == 0
    assert run(str(tmp_path / "some"), "-f", "plover", "--without-denied").exit_code == 0
    counts = [len((tmp_path / name).read_text().splitlines()) for name in ("all", "some")]
    assert counts == [7, 6]
    refused = run(str(tmp_path / "none"), "--without-denied")
    assert isinstance(refused.exception, SettingsError)
    assert not (tmp_path / "none").exists()


if __name__ == "__main__":
    GOLDEN.write_text(approved(), "utf-8")
