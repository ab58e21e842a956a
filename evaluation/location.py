"""Whether an event's own places are found, its verb being given (ahalterman/event_location)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evaluation.event_data import records
from sayso.reader import Reader
from sayso.reading.events import places_of
from sayso.records import Span
from sayso.resolving.gazetteer import shared
from sayso.resolving.places import place_mentions


def evaluate(data: Path, split: str, reader: Reader) -> dict[str, Any]:
    """Fractions.

    ``exact`` and ``overlap``: F1 of the spans; ``no_place``: of the verbs without a place, the
    share that is given none. Marks of fewer than two letters are slips of the data, left out.
    """
    stage = reader.stage()
    exact = overlap = gold_count = given_count = none = none_right = 0
    for row in records(data, "event_location", split, "text"):
        spans = {
            label: [
                (s["start"], s["end"])
                for s in row["spans"]
                if s["label"] == label and s["end"] - s["start"] > 1
            ]
            for label in ("VERB", "LOCATION")
        }
        if row.get("answer") == "reject" or not spans["VERB"]:
            continue
        text = stage.text("", row["text"])
        given: list[Span] = []
        named = place_mentions(row["text"], 0, len(row["text"]), shared())
        for window in stage.scored(text):
            verb = spans["VERB"][0]
            given += places_of(text.words, window, stage.encoder.tables, verb, named)
        gold = spans["LOCATION"]
        gold_count += len(gold)
        given_count += len(given)
        exact += len({*given} & {*gold})
        overlap += sum(any(a < d and c < b for c, d in given) for a, b in gold)
        if not gold:
            none += 1
            none_right += not given
    total = max(gold_count + given_count, 1)
    return {
        "exact": round(2 * exact / total, 4),
        "overlap": round(2 * overlap / total, 4),
        "no_place": round(none_right / max(none, 1), 4),
        "places": gold_count,
        "without": none,
    }
