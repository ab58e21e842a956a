from __future__ import annotations

import unicodedata
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.glance import as_html, glance, paragraphs, readable, shortened, visible
from sayso.records import Reading, Rejection
from tests.invented import article, event, harbour, hostile, quay, spot, statement


def test_the_outlet_comes_first_then_each_source_in_the_order_of_the_text() -> None:
    voices = [(voice.name, voice.note) for voice in glance(harbour()).voices]
    assert voices == [
        ("the outlet itself", ""),
        ("Ilse Vanter, harbour master", "official"),
        ("Two clerks", "unnamed, official"),
        ("She", "named, who is meant is not known"),
    ]


def test_each_line_tells_act_content_and_what_was_told_in_it() -> None:
    told = "Only nine of thirty pilots turned up at the harbour on Monday."
    lines = [
        (line.number, line.depth, line.verb, line.content, [tag.label for tag in line.tags])
        for line in glance(harbour()).lines
    ]
    assert lines == [
        (1, 0, "judges", "Only nine of thirty pilots", ["pilot attendance ↓"]),
        (2, 0, "reports", told, ["GATHER"]),
        (3, 0, "denies", "“No pilot has left,”", []),
        (4, 0, "demands", "that the crews return by noon", ["REQUEST → the crews"]),
        (5, 0, "say", "the mayor told them that the fleet would be sold", []),
        (6, 1, "predicts", "that the fleet would be sold", ["SELL: the fleet (planned)"]),
        (7, 0, "would not say", "when", []),
    ]


def test_a_nested_line_names_its_own_source() -> None:
    nested = [line for line in glance(harbour()).lines if line.depth]
    assert [(line.source, line.note) for line in nested] == [("the mayor", "official")]


def test_events_are_told_with_mode_people_and_how_sure_the_teller_is() -> None:
    labels = [tag.label for line in glance(quay()).lines for tag in line.tags]
    assert labels == [
        "COERCE/restrict (ongoing)",
        "attendance ↓",
        "bread prices ↑",
        "ASSAULT/crowd-control: Police → striking dockers",
        "COERCE/arrest: his men → two editors (denied)",
        "THREATEN/violence",
        "MOBILIZE/troops → the guard (possible)",
        "REQUEST/yield → the crews",
        "MOBILIZE/troops → the guard (planned)",
    ]


def test_place_and_day_are_shown_and_why_they_are_not_known() -> None:
    tags = {tag.id: tag for line in glance(quay()).lines for tag in line.tags}
    (beaten, *_, moved, _, _) = (tags[item.id] for item in quay().events)
    assert beaten.where == "Kessel, 2031-05-05"
    assert "day: relative" in beaten.detail
    assert "place: ambiguous: two towns" in moved.detail


def test_a_signal_that_is_denied_is_not_shown_as_a_fact() -> None:
    reading = quay()
    signals = tuple(replace(item, factuality="denied") for item in reading.signals)
    lines = list(glance(replace(reading, signals=signals)).lines)
    labels = [tag.label for line in lines for tag in line.tags if tag.kind == "signal"]
    assert labels == ["attendance ↓ (denied)", "bread prices ↑ (denied)"]


def test_what_the_outlet_tells_is_shown_with_its_place_but_not_with_a_dateline() -> None:
    reading = quay()
    line = next(glance(reading).lines)
    assert line.content == "The guard is still closing the Old Mole"
    last = reading.events[-1]
    assert last.place is not None
    far = replace(last, place=replace(last.place, span=spot(reading.article.text, "KESSEL")))
    line = next(glance(replace(reading, events=(far,))).lines)
    assert line.content == "The guard is still closing"


def test_without_a_title_the_first_line_stands_for_it() -> None:
    assert glance(Reading(article("Rain.\n\nIt fell.", title=None))).title == "Rain."


def test_only_direct_speech_is_verbatim() -> None:
    assert [line.number for line in glance(harbour()).lines if line.verbatim] == [3]


def test_the_header_counts_and_the_tellers_camp_is_told() -> None:
    view = glance(harbour(), camp="independent")
    assert view.header == (
        "Tessin Tide",
        "2031-05-06 09:30 UTC",
        "independent outlet",
        "5 statements, 3 events, 1 signal",
    )
    assert view.voices[1].note == "official, as told by independent"


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    bare = article("Rain is expected.", title=None, outlet=None, published=None)
    view = glance(Reading(bare, rejections=(Rejection("x", "language", "language fr"),)))
    assert view.header[:2] == ("outlet unknown", "date unknown")
    assert view.title == "Rain is expected."
    assert view.unread == ("not read: language fr",)


def test_a_pronoun_is_not_taken_for_one_person_unless_nobody_spoke_between() -> None:
    told = article("He said a. He said b. Ann said c. He said d.", title=None)

    def said(who: str, nth: int, content: str):
        return statement(
            told,
            (spot(told.text, who, nth),),
            (spot(told.text, "said"),),
            (spot(told.text, f" {content}."),),
        )

    items = (said("He", 0, "a"), said("He", 1, "b"), said("Ann", 0, "c"), said("He", 2, "d"))
    voices = glance(Reading(told, items)).voices
    assert [(voice.name, len(voice.lines)) for voice in voices] == [
        ("He", 2),
        ("Ann", 1),
        ("He", 1),
    ]


def test_a_source_is_the_same_with_and_without_its_article() -> None:
    told = article("The council said a. Council said b. An officer, who said c.", title=None)
    cue = (spot(told.text, "said"),)
    items = [
        statement(told, (spot(told.text, who),), cue, (spot(told.text, f" {what}."),))
        for who, what in (("The council", "a"), ("Council", "b"), ("An officer, who", "c"))
    ]
    voices = [
        (voice.name, len(voice.lines)) for voice in glance(Reading(told, tuple(items))).voices
    ]
    assert voices == [("The council", 2), ("An officer", 1)]


def test_an_unnamed_source_never_shows_a_speaker() -> None:
    reading = harbour()
    named = replace(reading.attributions[0], source_class="unnamed")
    view = glance(replace(reading, attributions=(named, *reading.attributions[1:])))
    assert "harbour master Ilse Vanter" in [voice.name for voice in view.voices]


def test_an_event_told_in_no_known_statement_is_not_put_into_the_outlets_mouth() -> None:
    told = article("The bridge fell.", title=None)
    view = glance(Reading(told, events=(event(told, "FALL", (11, 15), attribution="gone"),)))
    assert [voice.name for voice in view.voices] == ["on whose word is not known"]


@given(st.lists(st.integers(-1, 5), min_size=6, max_size=6))
def test_every_statement_is_shown_once_whatever_the_parents(parents: list[int]) -> None:
    told = article("a b c d e f g h", title=None)
    plain = [statement(told, ((n, n + 1),), (), ((n + 2, n + 3),)) for n in range(6)]
    ids = [item.id for item in plain]
    items = tuple(
        replace(item, parent=None if up < 0 else ids[up])
        for item, up in zip(plain, parents, strict=True)
    )
    view = glance(Reading(told, items))
    assert sorted(line.id for line in view.lines) == sorted(ids)
    assert sorted(line.number for line in view.lines) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("as it is", 8, "as it is"),
        ("one two three", 9, "one two …"),
        ("“Go back, all of you!”", 12, "“Go back …”"),
        ("«Ни шагу назад, друзья»", 12, "«Ни шагу …»"),
        ("x" * 30, 10, "x" * 10 + " …"),
    ],
)
def test_long_texts_are_cut_after_a_word_and_quotations_closed(text, limit, short) -> None:
    assert shortened(text, limit) == short


@given(st.text(max_size=80), st.integers(4, 40))
def test_a_cut_text_is_a_beginning_and_no_longer_than_asked(text: str, limit: int) -> None:
    short = shortened(text, limit)
    head, mark, _ = short.rpartition(" …")
    assert short == text or (text.startswith(head) and mark and len(head) <= limit)


@given(st.text(max_size=60))
def test_visible_text_is_as_long_and_steers_nothing(text: str) -> None:
    shown = visible(text)
    assert len(shown) == len(text)
    left = {unicodedata.category(character) for character in shown if character not in "\t\n"}
    assert not left & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_what_is_harmless_stays_as_it_is() -> None:
    plain = "Ä е\u0301 می‌خواهم 👩‍👩‍👧 שלום “…” a\tb\nc"
    assert visible(plain) == plain


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (None, "date unknown"),
        ("2031", "2031"),
        ("2031-05-06", "2031-05-06"),
        ("2031-05-06T09:30Z", "2031-05-06 09:30 UTC"),
        ("2031-05-06T09:30:15Z", "2031-05-06 09:30 UTC"),
    ],
)
def test_moments_are_no_more_exact_than_known(moment, shown) -> None:
    assert readable(moment) == shown


_SPANS = st.tuples(st.integers(0, 19), st.integers(1, 8)).map(
    lambda s: (s[0], min(s[0] + s[1], 20))
)


@given(st.lists(st.tuples(_SPANS, _SPANS, _SPANS), max_size=5))
def test_pieces_cover_the_text_and_carry_exactly_the_spans_over_them(triples) -> None:
    told = article("abcd efgh\n\njklm\nopqr", title=None)
    distinct = {statement(told, *((span,) for span in spans)).id: spans for spans in triples}
    items = tuple(statement(told, *((span,) for span in spans)) for spans in distinct.values())
    reading = Reading(told, items)
    blocks = paragraphs(reading, glance(reading))
    assert ["".join(piece.text for piece in block) for block in blocks] == [
        "abcd efgh",
        "jklm",
        "opqr",
    ]
    for piece in (piece for block in blocks for piece in block):
        for place in range(piece.start, piece.end):
            expected = {
                (item.id, role)
                for item in items
                for role in ("source", "cue", "content")
                for start, end in getattr(item, role)
                if start <= place < end
            }
            assert {(part.id, part.role) for part in piece.parts} == expected
        assert [part.span[0] for part in piece.parts] == sorted(
            part.span[0] for part in piece.parts
        )


def test_nested_spans_are_given_the_outermost_first() -> None:
    reading = harbour()
    pieces = [piece for block in paragraphs(reading, glance(reading)) for piece in block]
    (sold,) = [piece for piece in pieces if piece.text == "sold"]
    assert [(part.number, part.role, part.depth) for part in sold.parts] == [
        (5, "content", 0),
        (6, "content", 1),
        (6, "event", 1),
    ]


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data) -> None:
        self.text.append(data)


def test_the_notebooks_form_holds_no_foreign_element_and_loads_nothing() -> None:
    seen = _Seen()
    seen.feed(as_html(glance(hostile())))
    assert seen.tags <= {
        "div", "strong", "bdi", "b", "i", "ul", "li", "span", "p", "details", "summary",
    }  # fmt: skip
    assert seen.attributes == {"class", "style", "title"}
    assert "document.title" in "".join(seen.text)


def test_the_notebooks_form_opens_long_statements_in_full() -> None:
    long = "word " * 60
    told = article(f"Ann said {long}end.", title=None)
    content = (9, len(told.text) - 1)
    reading = Reading(told, (statement(told, ((0, 3),), ((4, 8),), (content,)),))
    shown = as_html(glance(reading))
    assert "<details" in shown
    assert told.text[slice(*content)] in shown
    assert reading._repr_html_() == shown
