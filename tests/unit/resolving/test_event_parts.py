from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sayso.reading.quotes import quotations
from sayso.records import Article, Attribution, Event, EventMention, Furniture, Span
from sayso.resolving import Speakers
from sayso.resolving.events import on_whose_word, resolve_events, told_dates

TEXT = (
    "Interior Minister Ada Pell denied on Monday that police had arrested monks in Lusaka. "
    "She demanded an apology."
)


def span(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return start, start + len(words)


def statement(identity: str, source: str, cue: str, content: str, act: str) -> Attribution:
    return Attribution(
        identity, "a", (span(source),), (span(cue),), (span(content),), "indirect", act,
        "official", None, False, (), None, None, 1.0,
    )  # fmt: skip


STATEMENTS = (
    statement("s1", "Interior Minister Ada Pell", "denied", TEXT[44:84], "deny"),
    statement("s2", "She", "demanded", "an apology", "demand"),
)  # fmt: skip


def mention(kind: str, trigger: str, **parts: object) -> EventMention:
    empty = EventMention(kind, None, (), span(trigger), (), (), None, None, "happened", 3.0, 0.9)
    return replace(empty, **parts)


def article(**known: object) -> Article:
    return Article.create(
        TEXT, language="en", published=datetime(2024, 3, 6, tzinfo=UTC), precision="day", **known
    )


def resolved(*found: EventMention, **known: object) -> list[Event]:
    told = article(**known)
    speakers = Speakers(told, STATEMENTS, quotations(TEXT))
    return list(resolve_events(told, found, speakers, told_dates(told)))


def test_an_event_stands_on_the_innermost_word() -> None:
    outer = statement("o", "Ada Pell", "denied", TEXT[35:84], "say")
    inner = statement("i", "police", "had", "arrested monks in Lusaka", "say")
    assert on_whose_word(span("arrested"), (outer, inner)) == inner
    assert on_whose_word(span("demanded"), (outer, inner)) is None


def test_a_demand_is_an_event_of_who_makes_it() -> None:
    (event,) = resolved(mention("REQUEST", "demanded"))
    assert event.statement == "s2"
    assert event.attribution is None
    assert [a.span for a in event.actors] == [span("She")]
    assert event.actors[0].name == "Ada Pell"


def test_parts_are_coded() -> None:
    (event,) = resolved(
        mention(
            "COERCE",
            "arrested",
            mode="arrest",
            actors=(span("police"),),
            recipients=(span("monks"),),
            place=span("Lusaka"),
            date=span("Monday"),
            factuality="denied",
        )
    )
    assert event.attribution == "s1"
    assert event.actors[0].sectors[:1] == ("COP",)
    assert event.recipients[0].sectors[:1] == ("REL",)
    assert event.place is not None
    assert (event.place.country, event.place.span) == ("ZMB", span("Lusaka"))
    assert event.date is not None
    assert (event.date.start, event.date.basis) == ("2024-03-04", "relative")


def test_without_a_date_the_publication_is_an_upper_bound() -> None:
    (event,) = resolved(mention("COERCE", "arrested"))
    assert event.date is not None
    assert (event.date.start, event.date.end, event.date.basis) == (
        None,
        "2024-03-06",
        "publication",
    )


def test_the_place_in_an_office_is_not_the_events() -> None:
    text = "The mayor of Lusaka arrested nobody."
    told = Article.create(text, language="en")
    found = EventMention(
        "COERCE", None, (), span("arrested", text), (), (), span("Lusaka", text), None,
        "happened", 3.0, 0.9,
    )  # fmt: skip
    (event,) = resolve_events(told, [found], Speakers(told, (), []), {})
    assert event.place is not None
    assert event.place.geonameid is None
    assert event.place.reason


def test_a_dateline_decides_between_namesakes() -> None:
    text = "BEIRUT - Rioters burned cars in Tripoli."
    told = Article.create(
        text, language="en", furniture=[Furniture("dateline", (0, 6), "Beirut, Lebanon")]
    )
    place = (text.rindex("Tripoli"), text.rindex("Tripoli") + 7)
    found = EventMention(
        "PROTEST", "riot", (), span("burned", text), (), (), place, None, "happened", 3.0, 0.9
    )
    (event,) = resolve_events(told, [found], Speakers(told, (), []), {})
    assert event.place is not None
    assert event.place.country == "LBN"


def test_ids_depend_on_content_alone() -> None:
    found = mention("COERCE", "arrested", actors=(span("police"),))
    assert [e.id for e in resolved(found)] == [e.id for e in resolved(found)]


def test_a_bare_surname_is_whom_the_article_names() -> None:
    text = "Skipper Nell Sharon struck first. Police then beat Sharon in Brell."
    told = Article.create(text, language="en")
    place = (text.rindex("Sharon"), text.rindex("Sharon") + 6)
    found = EventMention(
        "ASSAULT", "beat", (), span("beat", text), (), (place,), None, None, "happened", 3.0, 0.9
    )
    (event,) = resolve_events(told, [found], Speakers(told, (), []), {})
    assert event.recipients[0].name == "Nell Sharon"
    assert event.recipients[0].country is None
