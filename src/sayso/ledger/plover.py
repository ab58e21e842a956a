"""Events as PLOVER's JSON records, and beside them what PLOVER has no field for.

Field names are those of PLOVER's manual (February 2024); a place has Mordecai 3's form, as
in POLECAT. Every key is always there, null where nothing is known. What is ours stands under
``sayso``: on whose word an event stands, whether it is said to have happened, and where in
the text each part of it is told. ``docs/plover.md`` describes it for users.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sayso.reading.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sayso.records import (
        Article,
        Attribution,
        Date,
        Event,
        Participant,
        Place,
        Reading,
        Run,
        Span,
        Spans,
    )

    Json = dict[str, Any]

AUXILIARY = {"denied": "negation", "planned": "future", "possible": "hypothetical"}
"""PLOVER's auxiliary mode for a factuality."""

# These types say by themselves that the act is still to come: the manual's reduction rules
# want one category, never category and auxiliary mode.
_TO_COME = frozenset(("AGREE", "CONCEDE", "THREATEN"))

_RESOLUTION = {"point": 5, "place": 4, "admin2": 3, "admin1": 2, "country": 1}


def plover_records(
    reading: Reading, run: Run | None = None, *, without_denied: bool = False
) -> Iterator[Json]:
    """One record an event, in the order of the reading.

    Args:
        reading: names are written as they stand in it.
        run: what the reading depended on, if it is known.
        without_denied: leave out events that are said not to have happened.
    """
    if not reading.events:
        return
    around = _Around(reading)
    for event in reading.events:
        if not (without_denied and event.factuality == "denied"):
            yield _record(event, around, run)


@cache
def _ontology() -> Json:
    """PLOVER's types with quad, score and modes, as the codebook has them."""
    return tomllib.loads((files("sayso.codebook") / "plover.toml").read_text("utf-8"))


def event_scale(kind: str, mode: str | None) -> float | None:
    """PLOVER's score of a mode, else of its type, -10 to 10; None for no type of PLOVER's."""
    facts = _type(kind)
    scale: float | None = facts.get("modes", {}).get(mode, facts.get("score"))
    return scale


def _type(kind: str) -> Json:
    facts: Json = _ontology()["types"].get(kind, {})
    return facts


class _Around:
    """What of a reading the records of all its events are made with."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.article: Article = reading.article
        self.sentences = sentences(reading.article.text)
        self.starts = [start for start, _ in self.sentences]
        self.statements = {item.id: item for item in reading.attributions}
        speakers = [item.speaker for item in reading.attributions if item.speaker]
        self.offices = {who.name: who.office for who in speakers if who.name and who.office}

    def part(self, span: Span) -> Json:
        """A span with the words at it."""
        return {"span": list(span), "text": self.article.text[slice(*span)]}

    def sentence(self, spans: Spans) -> tuple[int, Span]:
        """Number from 0 and span of the sentence in which these stand, or of the several."""
        number = max(bisect_right(self.starts, min(spans)[0]) - 1, 0)
        last = max(bisect_right(self.starts, max(end for _, end in spans) - 1) - 1, 0)
        return number, (self.sentences[number][0], self.sentences[last][1])

    def parents(self, item: Attribution) -> Iterator[Attribution]:
        """In what a statement is told, from the inside out."""
        seen = {item.id}
        parent = self.statements.get(item.parent or "")
        while parent and parent.id not in seen:
            yield parent
            seen.add(parent.id)
            parent = self.statements.get(parent.parent or "")


def _record(event: Event, around: _Around, run: Run | None) -> Json:
    day, basis = _day(event.date, around.article)
    number, sentence = around.sentence(event.trigger)
    return {
        "id": event.id,
        "has_event": True,
        "date": day,
        "actor": [_entity(person, around) for person in event.actors],
        "recipient": [_entity(person, around) for person in event.recipients],
        "event": [event.type],
        "event_loc": _location(event.place, around),
        "event_text": [around.article.text[start:end] for start, end in event.trigger],
        "quad_code": _type(event.type).get("quad"),
        "event_scale": event_scale(event.type, event.mode),
        "mode": _modes(event),
        "context": list(event.contexts),
        "text": around.article.text[slice(*sentence)],
        "text_info": {"sequence": number, "start": sentence[0], "end": sentence[1]},
        "cite_info": _citation(around.article),
        "coder": run.software if run else "sayso",
        "coded_date": f"{run.created:%Y-%m-%d}" if run else None,
        "sayso": {
            "factuality": event.factuality,
            "confidence": round(event.confidence, 4),
            **_on_whose_word(event, around),
            "date_basis": basis,
            "date": event.date.to_dict() if event.date else None,
            "place_precision": event.place.precision if event.place else None,
            "place_reason": event.place.reason if event.place else None,
            "missing": _missing(event, day),
            "evidence": _evidence(event, around),
            "article": _origin(around.article),
            "run": {"id": run.id, "model": run.model, "codebook": run.codebook} if run else None,
        },
    }


def _day(date: Date | None, article: Article) -> tuple[str | None, str]:
    """The day that PLOVER requires, and on what it rests: of an interval its last day."""
    if date and (date.end or date.start):
        return date.end or date.start, date.basis
    if article.published:
        return article.published.date().isoformat(), "publication"
    return None, "unknown"


def _entity(person: Participant, around: _Around) -> Json:
    return {
        "code": person.country,
        # A primary code with one optional secondary code.
        "sector": "".join(person.sectors[:2]) or None,
        "entity_text": around.article.text[slice(*person.span)],
        "identifier_text": person.name,
        "office": around.offices.get(person.name),
    }


def _location(place: Place | None, around: _Around) -> Json | None:
    if place is None or (place.span is None and place.name is None):
        return None
    resolved = place.geonameid is not None
    return {
        "extracted_place": around.article.text[slice(*place.span)] if place.span else None,
        "resolved_place": place.name if resolved else None,
        "geonameid": place.geonameid,
        "lat": place.lat,
        "lon": place.lon,
        "city": place.name if resolved and place.precision == "place" else None,
        "district": place.name if resolved and place.precision == "admin2" else None,
        "province": place.admin1,
        "country_code": place.country,
        "resolution": _RESOLUTION.get(place.precision),
    }


def _modes(event: Event) -> list[str]:
    """The mode, and PLOVER's auxiliary one: else a denied event would count as any other."""
    auxiliary = AUXILIARY.get(event.factuality)
    if auxiliary == "future" and event.type in _TO_COME:
        auxiliary = None
    return [mode for mode in (event.mode, auxiliary) if mode]


def _citation(article: Article) -> Json:
    return {
        "publication": article.outlet,
        "url": article.url,
        "title": article.title,
        "language": article.language,
        "codebook": f"PLOVER {_ontology()['version']}",
    }


def _origin(article: Article) -> Json:
    return {"id": article.id, "text_id": article.text_id, "published": article.published_text}


def _on_whose_word(event: Event, around: _Around) -> Json:
    """The statement that tells the event, with all around it, and the one that it is.

    ``chain`` is the same in short: the sources' words from the inside out, at last the outlet.
    """
    told = _statement(event.attribution, around)
    chain = [told["source"], *(one["source"] for one in told["parents"])] if told else []
    return {
        "attribution": told,
        "chain": [*chain, around.article.outlet],
        "statement": _statement(event.statement, around),
    }


def _statement(name: str | None, around: _Around) -> Json | None:
    if name is None:
        return None
    item = around.statements.get(name)
    if item is None:
        # Told by somebody of whom nothing is known: not the same as by the outlet itself.
        return {**dict.fromkeys(_STATEMENT_KEYS), "id": name, "parents": []}
    return {
        **_word(item, around.reading),
        "parents": [_word(one, around.reading) for one in around.parents(item)],
    }


def _word(item: Attribution, reading: Reading) -> Json:
    # Rule 6 of the design: an unnamed source never gets a speaker.
    speaker = None if item.source_class == "unnamed" else item.speaker
    spans = {"source": item.source, "cue": item.cue, "content": item.content}
    return {
        "id": item.id,
        "source": reading.shown(item.source) or None,
        "cue": reading.shown(item.cue),
        "act": item.act,
        "kind": item.kind,
        "source_class": item.source_class,
        "role": item.role,
        "collective": item.collective,
        "speaker": speaker.to_dict() if speaker else None,
        "spans": {name: [list(span) for span in where] for name, where in spans.items()},
        "confidence": round(item.confidence, 4),
    }


_STATEMENT_KEYS = (
    "id", "source", "cue", "act", "kind", "source_class", "role", "collective", "speaker",
    "spans", "confidence",
)  # fmt: skip


def _missing(event: Event, day: str | None) -> list[str]:
    """What PLOVER requires and the text does not tell."""
    lacking = {
        "actor": not event.actors,
        "recipient": bool(_type(event.type).get("recipient")) and not event.recipients,
        "date": day is None,
    }
    return [name for name, is_lacking in lacking.items() if is_lacking]


def _evidence(event: Event, around: _Around) -> Json:
    """Where each part is told."""
    place = event.place.span if event.place else None
    date = event.date.span if event.date else None
    return {
        "trigger": [around.part(span) for span in event.trigger],
        "actor": [around.part(person.span) for person in event.actors],
        "recipient": [around.part(person.span) for person in event.recipients],
        "place": around.part(place) if place else None,
        "date": around.part(date) if date else None,
    }
