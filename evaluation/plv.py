"""PLOVER types of sentences with one coded event (PLV), with the parties given or found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from evaluation.attribution import macro_f1
from evaluation.event_data import records
from sayso.codebook.plover import EVENT_TYPES, QUADS
from sayso.reader import Reader
from sayso.reading.events import found_events, type_scores
from sayso.records import EventMention, Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: PLV merges two types.
YIELD = ("CONCEDE", "RETREAT")
ROOTS = ("YIELD", *(t for t in EVENT_TYPES if t not in YIELD))


def root_of(kind: str) -> str:
    """PLV's label of a type."""
    return "YIELD" if kind in YIELD else kind


def evaluate(data: Path, split: str, reader: Reader) -> dict[str, Any]:
    """Macro-F1 of type, quad class and cooperation or conflict; fractions.

    ``root``, ``quad``, ``binary``: with actor and recipient given, each the class whose types
    are together the likeliest; the quad class is PLV's own coding (``penta``). ``raw_triple``:
    the share of coded triples found in the bare sentence (type right, both parties overlapping;
    a party the gold does not name is not asked for). ``raw_root``: macro-F1 of the type of the
    event whose parties overlap best, none counting as wrong. ``events_a_sentence``: all found.
    """
    stage = reader.stage()
    given: list[tuple[str, str]] = []
    quads: list[tuple[str, str]] = []
    sides: list[tuple[str, str]] = []
    raw: list[tuple[str, str]] = []
    triples = actors = recipients = found_count = 0
    rows = records(data, "plv", split, "sentence")
    for row in rows:
        text = stage.text("", row["sentence"])
        scored = stage.scored(text)
        parts = (_span(row["sentence"], row["source"]), _span(row["sentence"], row["target"]))
        scores = np.sum(
            [
                type_scores(text.words, indices, s, stage.encoder.tables, parts)
                for indices, s in scored
            ],
            axis=0,
        )
        chances = np.exp(scores - scores.max())
        given.append((row["root"], _likeliest(chances, root_of)))
        quads.append((str(row["penta"]), _likeliest(chances, _quad)))
        sides.append((_side(str(row["penta"])), _likeliest(chances, lambda t: _side(_quad(t)))))
        found = list(found_events(text.words, scored, stage.encoder.tables))
        found_count += len(found)
        triples += any(root_of(e.type) == row["root"] and _fits(e, parts) for e in found)
        actors += any(_overlap(e.actors, parts[0]) for e in found)
        recipients += any(_overlap(e.recipients, parts[1]) for e in found)
        raw.append((row["root"], _raw_root(found, parts)))
    count = max(len(rows), 1)
    return {
        "root": macro_f1(given, ROOTS),
        "quad": macro_f1(quads, ("1", "2", "3", "4")),
        "binary": macro_f1(sides, ("coop", "conf")),
        "raw_root": macro_f1(raw, ROOTS),
        "raw_triple": round(triples / count, 4),
        "actor_found": round(actors / count, 4),
        "recipient_found": round(recipients / count, 4),
        "events_a_sentence": round(found_count / count, 3),
        "sentences": len(rows),
    }


def _span(text: str, shown: str) -> Span | None:
    start = text.find(shown)
    return (start, start + len(shown)) if start >= 0 else None


def _overlap(spans: Sequence[Span], gold: Span | None) -> bool:
    return gold is None or any(a < gold[1] and gold[0] < b for a, b in spans)


def _fits(event: EventMention, parts: tuple[Span | None, ...]) -> bool:
    return _overlap(event.actors, parts[0]) and _overlap(event.recipients, parts[1])


def _raw_root(found: list[EventMention], parts: tuple[Span | None, ...]) -> str:
    def shared(event: EventMention) -> int:
        pairs = zip((event.actors, event.recipients), parts, strict=True)
        return sum(
            max((min(b, gold[1]) - max(a, gold[0]) for a, b in spans), default=0) > 0
            for spans, gold in pairs
            if gold
        )

    best = max(found, key=lambda e: (shared(e), e.score), default=None)
    return root_of(best.type) if best and shared(best) else "none"


def _likeliest(chances: NDArray[np.float64], group: Callable[[str], str]) -> str:
    """The group of types that together are likeliest."""
    total: dict[str, float] = {}
    for kind, chance in zip(EVENT_TYPES, chances, strict=True):
        total[group(kind)] = total.get(group(kind), 0.0) + float(chance)
    return max(total, key=lambda name: total[name])


def _quad(kind: str) -> str:
    """PLV's quad class of a type; it counts all yielding as material cooperation."""
    return "2" if kind in YIELD else str(QUADS[kind])


def _side(quad: str) -> str:
    return "coop" if quad in ("1", "2") else "conf"
