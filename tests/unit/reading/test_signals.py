from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.codebook.indicators import DIRECTIONS, default_indicators
from sayso.reading.sentences import sentences
from sayso.reading.signals import Coded, FoundSignal, event_tags, find_signals, tags
from sayso.records import FACTUALITIES, Event, Participant, canonical_text, check_spans
from tests.texts import news_like

NAMES = {entry.name for entry in default_indicators().entries}


def told(text: str) -> list[tuple[str, str, str, str]]:
    return [
        (s.indicator, s.direction, s.factuality, text[slice(*s.span)]) for s in find_signals(text)
    ]


@pytest.mark.parametrize(
    ("text", "indicator", "direction", "words"),
    [
        # each construction once, and what makes it hard
        ("A third of the posts stand empty.", "base_occupancy", "low",
         "A third of the posts stand empty"),
        ("Attendance, once obligatory, has dwindled.", "attendance", "down",
         "Attendance, once obligatory, has dwindled"),
        ("He noted the falling membership and morale of the union.", "morale", "down",
         "falling membership and morale of the union"),
        ("Confidence in the bank is in free fall.", "trust", "down",
         "Confidence in the bank is in free fall"),
        ("A rise of 40 percent in bread prices was announced.", "prices", "up",
         "rise of 40 percent in bread prices"),
        ("Turnout stood at a record low.", "turnout", "low", "Turnout stood at a record low"),
        ("The halls are less full.", "occupancy", "down", "halls are less full"),
        ("The halls are no longer full.", "occupancy", "down", "halls are no longer full"),
        ("The halls are becoming empty.", "occupancy", "down", "halls are becoming empty"),
        ("Only a few worshippers remain.", "prayer_attendance", "low", "only a few worshippers"),
        ("Shops stay shut, and prices, which had doubled, worry all.", "prices", "up",
         "prices, which had doubled"),
        ("Troops desert in droves.", "defection", "up", "desert in droves"),
        ("An alarming defection crisis within the junta", "defection", "up",
         "alarming defection crisis within the junta"),
        ("Bases Empty as Desertions Mount", "base_occupancy", "low", "Bases Empty"),
        ("“Dwindling” attendance at the veterans’ evenings", "attendance", "down",
         "Dwindling” attendance at the veterans’ evenings"),
    ],
)  # fmt: skip
def test_constructions(text: str, indicator: str, direction: str, words: str) -> None:
    found = [(i, d, w.lower()) for i, d, _, w in told(text)]
    assert (indicator, direction, words.lower()) in found


@pytest.mark.parametrize(
    "text",
    [
        "The falling plaster hit two worshippers.",
        "High school attendance was discussed.",
        "The death toll in the attack was discussed as prices held.",
        "A few worshippers sang.",
        "Price controls fell.",
        "Empty promises were made at the barracks.",
        "Thin soup was served at the rally.",
        "The Empty Chair Committee met in Suva.",
        "The attendance at the football derby rose.",
        "The snow on the church roof fell.",
        "More recruits sang.",
        "They were spreading violence.",
        "The morale of the story is simple.",
        "",
        "attendance",
        "prices",
    ],
)
def test_what_tells_no_state_is_not_found(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "factuality"),
    [
        ("Attendance at mass has fallen.", "happened"),
        ("Attendance at mass is falling.", "ongoing"),
        ("Attendance at mass keeps falling.", "ongoing"),
        ("Attendance at mass has not fallen.", "denied"),
        ("The bishop denied that attendance at mass had fallen.", "denied"),
        ("There is no sign of falling attendance at mass.", "denied"),
        ("It is not true that attendance at mass has fallen.", "denied"),
        ("If attendance at mass falls, the chapel will close.", "possible"),
        ("Attendance at mass may fall.", "possible"),
        ("Attendance at mass will fall.", "possible"),
        ("Attendance at mass is expected to fall.", "possible"),
        ("Priests fear falling attendance at mass.", "possible"),
        ("Has attendance at mass fallen?", "possible"),
        ("Priests fear for the falling attendance at mass.", "happened"),
        ("Priests warned that attendance at mass had fallen.", "happened"),
        ("The dioceses plan to boost attendance at mass.", "planned"),
        ("Without money and with falling attendance at mass, it closed.", "happened"),
        ("No guard has gone unpaid.", "denied"),
        ("High casualties were not expected.", "denied"),
        ("We are not facing shortages of bread.", "denied"),
        ("They are bracing for a wave of arrests.", "possible"),
    ],
)
def test_factuality_is_as_told(text: str, factuality: str) -> None:
    assert [fact for _, _, fact, _ in told(text)] == [factuality]


def test_the_narrowest_indicator_wins() -> None:
    assert [i for i, *_ in told("Attendance has fallen.")] == ["attendance"]
    assert [i for i, *_ in told("Temple attendance has fallen.")] == ["prayer_attendance"]
    assert [i for i, *_ in told("Attendance at school has fallen.")] == ["school_attendance"]


def test_sentences_may_be_given() -> None:
    text = "Prices rose.\n\nMorale is low. Prices fell."
    assert find_signals(text) == find_signals(text, spans=sentences(text))
    assert [s.indicator for s in find_signals(text, spans=[(14, 29)])] == ["morale"]


def test_findings_do_not_depend_on_what_stands_around() -> None:
    first, second = "Prices rose in Lome.", "Morale is low in Juba."
    alone = told(first) + told(second)
    assert told(f"{first} {second}") == alone
    assert told(f"{first}\n{second}") == alone


def test_letters_that_grow_in_lower_case_move_no_span() -> None:
    text = "İİİ İstanbul: Bread prices doubled."
    assert [words for *_, words in told(text)] == ["Bread prices doubled"]


def test_the_time_grows_with_the_text_alone() -> None:
    # 60,000 words without a full stop: minutes, if every word looked at every other.
    text = "no longer come to mass as attendance fell " * 7_500
    found = find_signals(text)
    check(text, found)
    assert len(found) > 5_000


def test_findings_travel() -> None:
    (signal,) = find_signals("Prices rose.")
    assert pickle.loads(pickle.dumps(signal)) == signal  # noqa: S301 - our own
    book = pickle.loads(pickle.dumps(default_indicators()))  # noqa: S301 - our own
    assert find_signals("Prices rose.", book) == [signal]


def test_events_are_tagged_by_type_trigger_and_party() -> None:
    assert tags(Coded("SANCTION", "withdraw", "deserted", "Two privates")) == ("defection",)
    assert tags(Coded("SANCTION", "withdraw", "left", "Two deputies")) == ()
    assert tags(Coded("SANCTION", "withdraw", "left", "Two men", sectors=frozenset({"MIL"}))) == (
        "defection",
    )
    assert tags(Coded("RETREAT", "resign", "quit", "The mayor")) == ("resignation",)
    assert tags(Coded("COERCE", "arrest", "held", "Police")) == ("arrests",)
    assert tags(Coded("AID", None, "sent")) == ()


def test_a_records_words_are_what_counts() -> None:
    text = "Two sergeants deserted from Kidal."
    event = Event(
        "e", "a", "SANCTION", "withdraw", (), ((14, 22),),
        (Participant((0, 13), "Two sergeants"),), (), None, None, "happened", None, None, 1.0,
    )  # fmt: skip
    assert event_tags(event, text) == ("defection",)


_TELLING = st.sampled_from(
    """attendance prices morale bases deserters worshippers of in the a and , . ? fell falling
    fewer few more no longer not denied if of empty stand is are less record low crisis wave drop
    numbers number percent 40 % " ’ ' “ which that who by to at mass desert attend in_droves İ
    leaving half price""".split()
)


def check(text: str, found: list[FoundSignal]) -> None:
    check_spans(text, [s.span for s in found])
    for signal in found:
        assert signal.indicator in NAMES
        assert signal.direction in DIRECTIONS
        assert signal.factuality in FACTUALITIES
        assert 0 < signal.confidence <= 1
        shown = text[slice(*signal.span)]
        assert shown == shown.strip()
        assert "\n" not in shown


@given(st.lists(_TELLING, max_size=25).map(" ".join))
def test_spans_ground_in_any_order_of_telling_words(text: str) -> None:
    check(text, find_signals(text))


@given(news_like)
def test_spans_ground_in_any_text(raw: str) -> None:
    text = canonical_text(raw)
    check(text, find_signals(text))
