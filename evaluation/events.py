"""Events of whole articles: the example press's coding, and the reference article's."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.attribution import macro_f1
from evaluation.event_coding import CodedEvent, CodedSignal, in_article, parse, whole_texts
from sayso.reader import Reader
from sayso.reading.sentences import sentences
from sayso.records import FACTUALITIES, Article, Event, Signal, Span

PRESS = Path("examples")
DISPATCHES = Path("evaluation/gold/events/dispatches")
VOICES = Path("evaluation/gold/events/voices")


@dataclass(frozen=True)
class Coded:
    """One article with its events and signals."""

    article: Article
    events: list[CodedEvent]
    signals: list[CodedSignal]


def press(examples: Path = PRESS) -> list[Coded]:
    """The example press."""
    from examples.gold.resolve import keys

    articles = keys(examples / "press")
    found = []
    for path in sorted((examples / "gold/events").glob("*.txt")):
        article = articles[path.stem]
        found.append(Coded(article, *in_article(article.text, parse(path.read_text("utf-8")))))
    return found


def dispatches(folder: Path = DISPATCHES) -> list[Coded]:
    """The short texts kept from training, one in seven; events alone are coded in them.

    Of the dispatches, or of another folder of the same form.
    """
    return [
        Coded(Article.create(text, language="en"), events, [])
        for text, events in whole_texts(folder, kept=True)
    ]


def evaluate(reader: Reader, texts: Sequence[Coded]) -> dict[str, Any]:
    """Fractions over articles.

    ``precision``, ``recall``: an event of the same sentence with the same type, an overlapping
    actor and an overlapping recipient (or none in both). ``type_only``: F1 of type and
    overlapping trigger. ``factuality``: macro-F1 of the five classes and the share right,
    of events whose type and trigger were found. ``place``, ``date``: the share of coded ones
    found, and of found ones that overlap, as F1, of the same events. ``signals``: F1 of
    direction and overlapping words.
    """
    hits = given = gold = typed = 0
    classes: list[tuple[str, str]] = []
    parts: Counter[str] = Counter()
    signals: Counter[str] = Counter()
    for coded in texts:
        reading = reader.read(coded.article)
        ends = sentences(coded.article.text)
        found = list(reading.events)
        given += len(found)
        gold += len(coded.events)
        hits += len(_matched(coded.events, found, lambda g, e, ends=ends: _triple(g, e, ends)))
        pairs = _matched(coded.events, found, _same_trigger)
        typed += len(pairs)
        for expected, event in pairs:
            classes.append((expected.factuality, event.factuality))
            for name, spans, one in (
                ("place", expected.places, event.place and event.place.span),
                ("date", expected.dates, event.date and event.date.span),
            ):
                parts[f"{name}_gold"] += bool(spans)
                parts[f"{name}_given"] += bool(one)
                parts[f"{name}_hit"] += bool(one and _overlap(spans, [one]))
        _count_signals(coded.signals, list(reading.signals), signals)
    return {
        "precision": round(hits / max(given, 1), 4),
        "recall": round(hits / max(gold, 1), 4),
        "f1": round(2 * hits / max(given + gold, 1), 4),
        "type_only": round(2 * typed / max(given + gold, 1), 4),
        "factuality": macro_f1(classes, FACTUALITIES),
        "factuality_right": round(sum(a == b for a, b in classes) / max(len(classes), 1), 4),
        **{
            name: round(
                2 * parts[f"{name}_hit"] / max(parts[f"{name}_gold"] + parts[f"{name}_given"], 1), 4
            )
            for name in ("place", "date")
        },
        "signals": round(2 * signals["hit"] / max(signals["gold"] + signals["given"], 1), 4),
        "signals_coded": signals["gold"],
        "events": gold,
        "found": given,
    }


def _matched(gold: Sequence[CodedEvent], found: Sequence[Event], fits: Any) -> list[Any]:
    """One to one, the nearest triggers first."""
    options = sorted(
        (abs(g.trigger[0] - e.trigger[0][0]), i, j)
        for i, g in enumerate(gold)
        for j, e in enumerate(found)
        if fits(g, e)
    )
    used: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for _, i, j in options:
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            pairs.append((gold[i], found[j]))
    return pairs


def _triple(gold: CodedEvent, event: Event, ends: Sequence[Span]) -> bool:
    same = any(a <= gold.trigger[0] < b and a <= event.trigger[0][0] < b for a, b in ends)
    return (
        same
        and gold.type == event.type
        and _party(gold.actors, [p.span for p in event.actors])
        and _party(gold.recipients, [p.span for p in event.recipients])
    )


def _same_trigger(gold: CodedEvent, event: Event) -> bool:
    return gold.type == event.type and _overlap([gold.trigger], event.trigger)


def _party(gold: Sequence[Span], given: Sequence[Span]) -> bool:
    return _overlap(gold, given) if gold or given else True


def _overlap(ones: Sequence[Span], others: Sequence[Span]) -> bool:
    return any(a < d and c < b for a, b in ones for c, d in others)


def _count_signals(gold: list[CodedSignal], found: list[Signal], counts: Counter[str]) -> None:
    counts["gold"] += len(gold)
    counts["given"] += len(found)
    left = list(found)
    for expected in gold:
        for signal in left:
            if _overlap([expected.span], [signal.span]) and _way(expected) == _way(signal):
                left.remove(signal)
                counts["hit"] += 1
                break


def _way(signal: CodedSignal | Signal) -> bool:
    return signal.direction in ("up", "high")


def seed(folder: Path, reader: Reader) -> dict[str, int]:
    """Counts for the reference article; it is one text, and nothing is tuned on it."""
    form = json.loads((folder / "gold.json").read_text("utf-8"))
    article = Article.create((folder / "article.txt").read_text("utf-8"), language="en")
    reading = reader.read(article)
    return count_seed(form, list(reading.events), list(reading.signals))


def count_seed(form: dict[str, Any], found: list[Event], signals: list[Signal]) -> dict[str, int]:
    """How many of the reference article's events and signals are found.

    Events: same type, overlapping trigger, overlapping actor or none in both. Signals:
    overlapping words and the same way.
    """
    left = list(found)
    hits = 0
    for expected in form["events"]:
        actors = [tuple(a["span"]) for a in expected["actors"]]
        for event in left:
            if (
                event.type == expected["type"]
                and _overlap([tuple(t) for t in expected["trigger"]], event.trigger)
                and _party(actors, [p.span for p in event.actors])
            ):
                left.remove(event)
                hits += 1
                break
    counts: Counter[str] = Counter()
    gold = [CodedSignal(s["indicator"], s["direction"], tuple(s["span"])) for s in form["signals"]]
    _count_signals(gold, signals, counts)
    return {
        "events": hits,
        "of_events": len(form["events"]),
        "events_found": len(found),
        "signals": counts["hit"],
        "of_signals": counts["gold"],
        "signals_found": counts["given"],
    }
