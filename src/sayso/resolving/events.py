"""Events with their parts resolved: who the actors are, where and when, and on whose word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from sayso.codebook.actors import ActorTables
from sayso.records import (
    Article,
    Date,
    Event,
    EventMention,
    Participant,
    Place,
    Span,
    content_id,
)
from sayso.resolving.actors import code_actor
from sayso.resolving.dates import read_dates, resolve_date
from sayso.resolving.gazetteer import shared
from sayso.resolving.places import in_office, locate, place_mentions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sayso.records import Attribution
    from sayso.resolving.speakers import Speakers

#: Words around a mention that may tell its country.
_CONTEXT = 160
#: Where an article names the country it tells of most, if it has no dateline.
_BEGINNING = 2000


@cache
def _tables() -> ActorTables:
    return ActorTables.load()


def resolve_events(
    article: Article,
    found: Sequence[EventMention],
    speakers: Speakers,
    dates: Mapping[Span, Date],
) -> tuple[Event, ...]:
    """The events of an article as records, in the order of their triggers.

    Args:
        article: the article they were read in.
        found: what reading found.
        speakers: the article's attributions with their speakers.
        dates: of ``told_dates``.
    """
    if not found:
        return ()
    attributions = speakers.attributions
    ordered = sorted(found, key=lambda e: (e.trigger, e.type))
    words = [(on_whose_word(e.trigger, attributions), _statement(e, attributions)) for e in ordered]
    names = _names(ordered, [word for word, _ in words], speakers)
    setting = _Setting(article, dates)
    events = []
    for event, (attribution, statement) in zip(ordered, words, strict=True):
        actors = event.actors
        if statement and not actors and statement.source:
            # Who makes a demand is who says it.
            actors = statement.source[:1]
        events.append(_record(article, event, actors, attribution, statement, names, setting))
    return tuple(events)


def told_dates(article: Article) -> dict[Span, Date]:
    """Every date that an article tells, each read after those before it."""
    published = article.published.date() if article.published else None
    found = read_dates(article.text, 0, len(article.text), published=published)
    return {told.span: told for told in found if told.span}


@lru_cache(maxsize=4)
def named_places(text: str) -> Sequence[Span]:
    """Where a text names a place, in order."""
    return place_mentions(text, 0, len(text), shared())


#: Acts of statements that are events of a type by themselves.
_TOLD = {"demand": "REQUEST", "accuse": "ACCUSE"}


def told_events(attributions: Iterable[Attribution]) -> list[tuple[str, Span]]:
    """Types and cues of the statements that are events: demands and accusations."""
    return [(_TOLD[a.act], a.cue[0]) for a in attributions if a.act in _TOLD and a.cue]


def on_whose_word(trigger: Span, attributions: Iterable[Attribution]) -> Attribution | None:
    """The innermost statement inside whose content a trigger stands; None: the outlet's."""
    around = [
        item
        for item in attributions
        if any(a <= trigger[0] and trigger[1] <= b for a, b in item.content)
    ]
    return min(around, key=lambda item: sum(b - a for a, b in item.content), default=None)


def _statement(event: EventMention, attributions: Iterable[Attribution]) -> Attribution | None:
    """The statement that the event itself is: its trigger is the cue."""
    a, b = event.trigger
    return next((i for i in attributions if any(s < b and a < e for s, e in i.cue)), None)


class _Setting:
    """What an article's places and dates are read against."""

    def __init__(self, article: Article, dates: Mapping[Span, Date]) -> None:
        self.article = article
        self.dates = dates
        self.published: date | None = article.published.date() if article.published else None
        #: Names of places in the datelines.
        self.hints = [
            f.value[a:b]
            for f in article.furniture
            if f.kind == "dateline"
            for a, b in place_mentions(f.value, 0, len(f.value), shared()) or [(0, len(f.value))]
        ]
        self._country: str | None = None
        self._asked = False

    @property
    def country(self) -> str | None:
        """Of the dateline, else of the place that the article names first and most."""
        if not self._asked:
            self._asked = True
            self._country = self._of_dateline() or self._most_named()
        return self._country

    def _of_dateline(self) -> str | None:
        for value in self.hints:
            found = locate(value, (0, len(value)), shared())
            if found.country:
                return found.country
        return None

    def _most_named(self) -> str | None:
        counts: dict[str, int] = {}
        for span in named_places(self.article.text):
            if span[1] > _BEGINNING:
                break
            country = locate(self.article.text, span, shared()).country
            if country:
                counts[country] = counts.get(country, 0) + 1
        best = max(counts, key=lambda c: counts[c], default=None)
        return best if best and counts[best] > sum(counts.values()) / 2 else None


def _names(
    found: Sequence[EventMention], words: Sequence[Attribution | None], speakers: Speakers
) -> Mapping[Span, str]:
    """The full names of participants told by a pronoun or a short name."""
    mentions: dict[Span, str | None] = {}
    for event, word in zip(found, words, strict=True):
        for span in (*event.actors, *event.recipients):
            mentions.setdefault(span, word.id if word else None)
    sources = {
        item.source[0]: item.speaker.name
        for item in speakers.attributions
        if item.source and item.speaker and item.speaker.name
    }
    return sources | speakers.names(mentions)


def _record(
    article: Article,
    event: EventMention,
    actors: tuple[Span, ...],
    attribution: Attribution | None,
    statement: Attribution | None,
    names: Mapping[Span, str],
    setting: _Setting,
) -> Event:
    outer = attribution
    if statement is not None and outer is not None and outer.id == statement.id:
        outer = None
    parts = [
        tuple(_participant(article, span, names.get(span), setting) for span in spans)
        for spans in (actors, event.recipients)
    ]
    trigger = (event.trigger,)
    return Event(
        id=content_id("event", article.id, event.type, trigger, actors, event.recipients),
        article_id=article.id,
        type=event.type,
        mode=event.mode,
        contexts=event.contexts,
        trigger=trigger,
        actors=parts[0],
        recipients=parts[1],
        place=_place(article, event, setting),
        date=_date(article, event, setting),
        factuality=event.factuality,
        attribution=outer.id if outer else None,
        statement=statement.id if statement else None,
        confidence=event.score,
    )


def _participant(article: Article, span: Span, name: str | None, setting: _Setting) -> Participant:
    shown = " ".join(article.text[span[0] : span[1]].split())
    around = article.text[max(0, span[0] - _CONTEXT) : span[1] + _CONTEXT]
    # A bare surname is the person whom the article names, not a famous bearer of it.
    asked = name if name and shown in name else shown
    coded = code_actor(asked, _tables(), context=around, date=setting.published)
    if name and not coded.country and not coded.sectors:
        coded = code_actor(name, _tables(), context=around, date=setting.published)
    # Never the name that a table has: the article tells who it is, or nobody does.
    return Participant(span, name or shown, coded.country, coded.sectors)


def _place(article: Article, event: EventMention, setting: _Setting) -> Place | None:
    if event.place is None:
        return None
    if in_office(article.text, event.place):
        return Place(None, None, reason="only named in an office")
    shown = article.text[event.place[0] : event.place[1]]
    names = place_mentions(article.text, *event.place, shared())
    span = names[0] if names else event.place
    found = locate(article.text, span, shared(), hints=setting.hints, country=setting.country)
    return replace(found, span=event.place, name=found.name or shown)


def _date(article: Article, event: EventMention, setting: _Setting) -> Date | None:
    if event.date is None and setting.published is None:
        return None
    told = setting.dates.get(event.date) if event.date else None
    return told or resolve_date(article.text, event.date, published=setting.published)
