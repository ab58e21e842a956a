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
    Date,
    Event,
    Participant,
    Place,
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


QUAY = """Minister denies arrests on the quay

KESSEL, 6 May (Tide) - Police in Kessel beat striking dockers with batons on Monday, the Pilots’ \
Union said.

Interior Minister Kaspar Ruud denied that his men had arrested two editors. “If the quay is not \
cleared, we will send in the guard,” Ruud warned.

A clerk said Ruud had told her that the guard would be moved to Kessel. Ruud demanded that the \
crews return by noon.

The guard is still closing the Old Mole. Only nine of thirty pilots turned up, and bread prices \
have doubled."""


def quay() -> Reading:
    """Events of every factuality, as a reader would code them, and two signals."""
    told = article(
        QUAY, title="Minister denies arrests on the quay", url="https://tide.example/quay"
    )

    def at(words: str, nth: int = 0) -> Spans:
        return (spot(told.text, words, nth),)

    def who(words: str, *sectors: str, name: str | None = None, nth: int = 0) -> Participant:
        (span,) = at(words, nth)
        return Participant(span, name or words, "XTS", sectors)

    ruud = Actor("Kaspar Ruud", "interior minister", country="XTS", sectors=("GOV",))
    union = statement(
        told,
        at("the Pilots’ Union"),
        at("said"),
        at("Police in Kessel beat striking dockers with batons on Monday"),
        act="accuse",
        source_class="organisation",
        speaker=Actor("Pilots’ Union", sectors=("LAB",)),
    )
    denial = statement(
        told,
        at("Interior Minister Kaspar Ruud"),
        at("denied"),
        at("that his men had arrested two editors"),
        act="deny",
        speaker=ruud,
    )
    threat = "“If the quay is not cleared, we will send in the guard,”"
    warning = statement(
        told,
        at("Ruud", 1),
        at("warned"),
        at(threat),
        kind="direct",
        act="warn",
        verbatim=at(threat),
        speaker=ruud,
    )
    clerk = statement(
        told,
        at("A clerk"),
        at("said", 1),
        at("Ruud had told her that the guard would be moved to Kessel"),
        source_class="unnamed",
        role="official",
    )
    plan = statement(
        told,
        at("Ruud", 2),
        at("had told her"),
        at("that the guard would be moved to Kessel"),
        act="promise",
        speaker=ruud,
        parent=clerk.id,
    )
    demand = statement(
        told,
        at("Ruud", 3),
        at("demanded"),
        at("that the crews return by noon"),
        act="demand",
        speaker=ruud,
    )
    kessel = Place(at("Kessel")[0], "Kessel", 990001, "Lower Tessin", "XTS", 10.5, -20.25, "place")
    monday = Date(at("on Monday")[0], "2031-05-05", "2031-05-05", "day", "relative")
    minister = who("Ruud", "GOV", name="Kaspar Ruud", nth=1)
    guard = who("the guard", "MIL", nth=1)
    events = (
        event(
            told,
            "ASSAULT",
            at("beat")[0],
            mode="crowd-control",
            contexts=("repression", "rights_freedoms"),
            actors=(who("Police", "COP"),),
            recipients=(who("striking dockers", "LAB", "OPP"),),
            place=kessel,
            date=monday,
            attribution=union.id,
        ),
        event(
            told,
            "COERCE",
            at("arrested")[0],
            mode="arrest",
            actors=(who("his men", "COP"),),
            recipients=(who("two editors", "JRN"),),
            factuality="denied",
            attribution=denial.id,
        ),
        event(
            told, "THREATEN", at("warned")[0], mode="violence", actors=(minister,),
            statement=warning.id,
        ),
        event(
            told, "MOBILIZE", at("send in")[0], mode="troops", factuality="possible",
            recipients=(who("the guard", "MIL"),), attribution=warning.id,
        ),
        event(
            told,
            "MOBILIZE",
            at("moved")[0],
            mode="troops",
            recipients=(guard,),
            place=Place(at("Kessel", 1)[0], "Kessel", reason="ambiguous: two towns"),
            factuality="planned",
            attribution=plan.id,
        ),
        event(
            told,
            "REQUEST",
            at("demanded")[0],
            mode="yield",
            actors=(who("Ruud", "GOV", name="Kaspar Ruud", nth=3),),
            recipients=(who("the crews", "LAB"),),
            statement=demand.id,
        ),
        event(
            told,
            "COERCE",
            at("closing")[0],
            mode="restrict",
            actors=(who("The guard", "MIL"),),
            place=Place(at("the Old Mole")[0], "the Old Mole", reason="not in the gazetteer"),
            factuality="ongoing",
        ),
    )  # fmt: skip
    signals = (
        Signal("signal-few", told.id, "attendance", "low",
               at("Only nine of thirty pilots turned up")[0], None, "happened", 0.7),
        Signal("signal-dear", told.id, "bread_prices", "up",
               at("bread prices have doubled")[0], None, "happened", 0.6),
    )  # fmt: skip
    return Reading(told, (union, denial, warning, clerk, plan, demand), events, signals)


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
