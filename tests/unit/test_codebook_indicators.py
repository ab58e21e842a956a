from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from sayso.codebook.indicators import (
    CodedExample,
    Example,
    Indicators,
    compare,
    default_indicators,
    load_indicators,
    parse_indicators,
    verb_forms,
)
from sayso.codebook.plover import CONTEXTS, EVENT_TYPES, MODES, QUADS
from sayso.errors import CodebookError
from sayso.reading.examples import as_coded
from sayso.reading.signals import find_signals, tags

PLOVER = tomllib.loads((files("sayso.codebook") / "plover.toml").read_text("utf-8"))
SHIPPED = default_indicators()
LEAST = 'version = "1"\n[indicators.hunger]\ndefinition = "No food."\nnouns = "hunger"\n'

POSITIVE = [(e.name, example) for e in SHIPPED.entries for example in e.positive]
NEGATIVE = [(e.name, text) for e in SHIPPED.entries for text in e.negative]
CODED = [
    (e.name, example, wanted)
    for e in SHIPPED.entries
    for examples, wanted in ((e.tagged, True), (e.untagged, False))
    for example in examples
]


def test_plover_is_told_as_the_weights_know_it() -> None:
    types = PLOVER["types"]
    assert tuple(types) == EVENT_TYPES
    assert {name: table["quad"] for name, table in types.items()} == QUADS
    assert {name: tuple(t["modes"]) for name, t in types.items() if "modes" in t} == MODES
    assert {name: tuple(modes) for name, modes in PLOVER["modes"].items()} == MODES
    assert tuple(PLOVER["contexts"]) == CONTEXTS
    assert PLOVER["version"]


def test_plover_scores_lie_on_its_scale() -> None:
    for table in PLOVER["types"].values():
        scores = [table["score"], *table.get("modes", {}).values()]
        assert all(-10 <= score <= 10 for score in scores)
        assert (table["quad"] > 2) == (table["score"] <= 0)
        assert isinstance(table["recipient"], bool)
        assert table["definition"].endswith(".")


def test_there_is_enough_of_everything() -> None:
    assert len(SHIPPED.entries) >= 20
    for entry in SHIPPED.entries:
        against = len(entry.negative) + len(entry.untagged)
        assert len(entry.positive) + len(entry.tagged) + against >= 8, entry.name
        assert against >= 3, entry.name


@pytest.mark.parametrize(("name", "example"), POSITIVE, ids=lambda v: getattr(v, "text", v))
def test_a_positive_example_is_found(name: str, example: Example) -> None:
    found = [s for s in find_signals(example.text) if s.indicator == name]
    assert [(s.direction, s.factuality, s.span) for s in found] == [
        (example.direction, example.factuality, example.span)
    ]


@pytest.mark.parametrize(("name", "text"), NEGATIVE)
def test_a_negative_example_is_not_found(name: str, text: str) -> None:
    assert name not in [s.indicator for s in find_signals(text)]


@pytest.mark.parametrize(("name", "example", "wanted"), CODED, ids=lambda v: getattr(v, "text", v))
def test_a_coded_example_is_tagged_or_not(
    name: str, example: CodedExample, *, wanted: bool
) -> None:
    assert (name in tags(as_coded(example))) is wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version = ", "no TOML"),
        ("[indicators.a]", "no version"),
        ('version = "1"', "is empty"),
        (LEAST.replace("hunger]", "Hunger]"), "a name is lower-case"),
        (LEAST.replace("nouns", "noun"), "does not know 'noun'"),
        (LEAST.replace('"hunger"', '"Hunger"'), "lower-case: 'Hunger'"),
        (LEAST.replace('"No food."', '" "'), "no definition"),
        (LEAST.replace('nouns = "hunger"', ""), "neither nouns"),
        (LEAST + 'scales = "height"', "'height', which is not defined"),
        (LEAST + 'alone = "upwards"', "'upwards' is no direction"),
        (LEAST + 'narrows = "want"', "'want', which is not defined"),
        (LEAST + 'narrows = "hunger"', "narrows itself"),
        (LEAST + "narrows = 3", "expects text, not 3"),
        (LEAST + 'exclude = "@art"', "@art, which [exclude]"),
        (LEAST + 'positive = ["up: no words marked"]', "write the example as"),
        (LEAST + 'positive = ["up surely: [hunger] grows"]', "'surely' is none of"),
        (LEAST + 'phrases.high = ["{nouns} *"]', "no word of its own"),
        (LEAST + "words = { low = { verb = 'sink' } }", "does not know 'verb'"),
        (LEAST + '[[indicators.hunger.tags]]\nevents = "PROTEST/march"', "no type or type/mode"),
        (LEAST + '[[indicators.hunger.tags]]\ntriggers = "march"', "names at least one type"),
        (
            LEAST + '[[indicators.hunger.tagged]]\ntext = "A."\ntype = "AID"\ntrigger = "b"',
            "'b' does not stand in 'A.'",
        ),
        (LEAST + '[irregular]\ngo = "went"', "give past and participle"),
    ],
)
def test_what_does_not_check_is_told_with_file_and_entry(text: str, said: str) -> None:
    with pytest.raises(CodebookError, match=r"^mine\.toml: ") as caught:
        parse_indicators(text, "mine.toml")
    assert said in str(caught.value)


def test_a_users_file_is_found_by_its_own_words(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        LEAST + 'words = { up = { verbs = "bite" } }\npositive = ["up: In Juba [hunger bites]."]',
        "utf-8",
    )
    mine = load_indicators(path)
    (example,) = mine["hunger"].positive
    (found,) = find_signals(example.text, mine)
    assert (found.indicator, found.span) == ("hunger", example.span)
    with pytest.raises(KeyError):
        mine["thirst"]


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match="absent"):
        load_indicators(tmp_path / "absent.toml")


def test_a_narrower_indicator_takes_over_what_it_does_not_say() -> None:
    book = parse_indicators(
        LEAST + 'alone = "high"\n[indicators.winter_hunger]\nnarrows = "hunger"\n'
        'definition = "Hunger in winter."\nof = "winter"'
    )
    assert book["winter_hunger"].nouns == book["hunger"].nouns
    assert book.widening("winter_hunger") == ("winter_hunger", "hunger")
    assert [s.indicator for s in find_signals("There is hunger in winter.", book)] == [
        "winter_hunger"
    ]
    assert [s.indicator for s in find_signals("There is hunger in June.", book)] == ["hunger"]


def test_codebooks_are_compared_entry_by_entry() -> None:
    old = parse_indicators(LEAST + '[indicators.thirst]\ndefinition = "t"\nnouns = "thirst"')
    new = parse_indicators(
        LEAST.replace("No food.", "Too little food.")
        + 'alone = "high"\n[indicators.cold]\ndefinition = "c"\nnouns = "cold"'
    )
    assert compare(old, new) == (
        ("cold", "added", ""),
        ("hunger", "changed", "definition, alone"),
        ("thirst", "removed", ""),
    )
    assert compare(old, old) == ()


def test_codebooks_are_equal_by_what_they_say() -> None:
    first, second = parse_indicators(LEAST), parse_indicators(LEAST)
    assert first == second
    assert hash(first) == hash(second)
    assert isinstance(first, Indicators)


@pytest.mark.parametrize(
    ("base", "form", "word"),
    [
        ("drop", "past", "dropped"), ("halve", "ing", "halving"), ("quit", "ing", "quitting"),
        ("empty", "past", "emptied"), ("flee", "ing", "fleeing"), ("fall", "participle", "fallen"),
        ("diminish", "third", "diminishes"),
    ],
)  # fmt: skip
def test_verbs_are_inflected(base: str, form: str, word: str) -> None:
    assert word in verb_forms(base, {"fall": ("fell", "fallen")})[form]
