"""Readings built by hand, of invented news: what no reader of today finds yet is in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from sayso.reader import Reader
from sayso.records import (
    Actor,
    Article,
    Attribution,
    Event,
    Participant,
    Reading,
    Rejection,
    Signal,
    Span,
    Spans,
)

TITLE = "Council rejects talk of empty berths"
TEXT = """Only nine of thirty pilots turned up at the harbour on Monday.

“No pilot has left,” said harbour master Ilse Vanter. Vanter demanded that the crews return by noon.

Two clerks say the mayor told them that the fleet would be sold.

She would not say when."""


def spot(text: str, words: str, nth: int = 0) -> Span:
    """Where the words stand for the nth time."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return start, start + len(words)


def statement(
    article: Article, source: Spans, cue: Spans, content: Spans, **more: Any
) -> Attribution:
    """An attribution; ``more`` are its other fields."""
    fields: dict[str, Any] = {
        "kind": "indirect",
        "act": "say",
        "source_class": "official",
        "role": None,
        "collective": False,
        "verbatim": (),
        "speaker": None,
        "parent": None,
        "confidence": 0.9,
    }
    identity = Attribution.identify(article.id, source, cue, content)
    return Attribution(identity, article.id, source, cue, content, **{**fields, **more})


def event(article: Article, kind: str, trigger: Span, **more: Any) -> Event:
    """An event; ``more`` are its other fields."""
    fields: dict[str, Any] = {
        "mode": None,
        "contexts": (),
        "actors": (),
        "recipients": (),
        "place": None,
        "date": None,
        "factuality": "happened",
        "attribution": None,
        "statement": None,
        "confidence": 0.8,
    }
    return Event(f"event-{trigger[0]}", article.id, kind, trigger=(trigger,), **{**fields, **more})


def article(text: str = TEXT, **more: Any) -> Article:
    """An article of an invented paper."""
    fields: dict[str, Any] = {
        "title": TITLE,
        "outlet": "Tessin Tide",
        "url": "https://tide.example/berths",
        "published": datetime(2031, 5, 6, 9, 30, tzinfo=UTC),
        "precision": "minute",
        "language": "en",
        **more,
    }
    return Article.create(text, **fields)


def harbour() -> Reading:
    """Own voice, one speaker under two names, an unnamed group, nesting, a pronoun."""
    told = article()

    def at(words: str, nth: int = 0) -> Spans:
        return (spot(told.text, words, nth),)

    vanter = Actor("Ilse Vanter", "harbour master")
    denial = statement(
        told,
        at("harbour master Ilse Vanter"),
        at("said"),
        at("“No pilot has left,”"),
        kind="direct",
        act="deny",
        speaker=vanter,
        verbatim=at("“No pilot has left,”"),
    )
    demand = statement(
        told,
        at("Vanter", 1),
        at("demanded"),
        at("that the crews return by noon"),
        act="demand",
        speaker=vanter,
    )
    clerks = statement(
        told,
        at("Two clerks"),
        at("say"),
        at("the mayor told them that the fleet would be sold"),
        source_class="unnamed",
        role="official",
        collective=True,
    )
    mayor = statement(
        told,
        at("the mayor"),
        at("told them"),
        at("that the fleet would be sold"),
        act="predict",
        parent=clerks.id,
    )
    silence = statement(told, at("She"), at("would not say"), at("when"), source_class="named")
    crews = Participant(spot(told.text, "the crews"), "the crews")
    fleet = Participant(spot(told.text, "the fleet"), "the fleet")
    events = (
        event(told, "REQUEST", at("demanded")[0], recipients=(crews,), statement=demand.id),
        event(
            told, "SELL", at("sold")[0], actors=(fleet,), factuality="planned", attribution=mayor.id
        ),
        event(told, "GATHER", at("turned up")[0], contexts=("labour",)),
    )
    span = spot(told.text, "Only nine of thirty pilots")
    low = Signal("signal-1", told.id, "pilot_attendance", "low", span, None, "happened", 0.7)
    return Reading(told, (denial, demand, clerks, mayor, silence), events, (low,))


HOSTILE = '</script><script>document.title="OWNED"</script>'
HOSTILE_IMAGE = '"><img src=x onerror="document.title=\'OWNED\'">'


def hostile() -> Reading:
    """Markup, escape sequences and turned writing wherever an article can bring them."""
    steering = "\x1b[31mred\x07 \u202eturned [bold]rich[/bold] {{ 7*7 }}"
    text = f"{HOSTILE} said {HOSTILE_IMAGE} {steering}"
    told = article(
        text,
        title=f"Title {HOSTILE}",
        outlet=f"Outlet {HOSTILE_IMAGE}",
        url="javascript:alert(1)//https://tide.example",
        source_id=HOSTILE_IMAGE,
    )
    begin = spot(told.text, " said ")[0]
    item = statement(
        told,
        (spot(told.text, HOSTILE, 1),),
        ((begin + 1, begin + 5),),
        ((begin + 6, len(told.text)),),
        speaker=Actor(HOSTILE, HOSTILE_IMAGE),
        role=HOSTILE,
        act=HOSTILE,
    )
    person = Participant(item.content[0], HOSTILE_IMAGE)
    deed = event(told, HOSTILE, item.cue[0], recipients=(person,), statement=item.id, mode=HOSTILE)
    sign = Signal(HOSTILE, told.id, HOSTILE_IMAGE, HOSTILE, item.cue[0], None, HOSTILE, 0.1)
    return Reading(told, (item,), (deed,), (sign,), (Rejection(told.id, "language", HOSTILE),))


class KnownReader(Reader):
    """A reader that knows its readings beforehand, so that no weights are needed."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        super().__init__()
        self._known = {reading.article.id: reading for reading in readings}

    @property
    def version(self) -> str:
        return "known"

    def read_many(self, articles: Iterable[Any]) -> Iterator[Reading]:
        for one in articles:
            yield self._known.get(one.id, Reading(one))
