"""Quad classes of CAMEO sentences, and their actors and recipients (ConfliBERT's sets)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from evaluation.attribution import macro_f1
from evaluation.event_data import records
from sayso.reader import Reader
from sayso.reading.events import part_spans
from sayso.reading.labels import QUAD_SLICE
from sayso.records import Span

_KINDS = {"S": "actor", "T": "recipient"}


def evaluate(data: Path, split: str, reader: Reader) -> dict[str, Any]:
    """``penta``: macro-F1 of the five classes (0 is no event); ``entity``: exact-span F1."""
    stage = reader.stage()
    classes = []
    texts = {}
    for row in records(data, "cameo_class", split, "sentence"):
        text = stage.text("", row["sentence"])
        whole = np.sum([s.events.whole for _, s in stage.scored(text)], axis=0)
        classes.append((str(row["penta"]), str(int(whole[QUAD_SLICE].argmax()))))
        texts["".join(row["sentence"].split())] = row["sentence"]
    hits = gold_count = given_count = 0
    for row in records(data, "cameo_ner", split, "tokens"):
        shown, gold = tagged(row["tokens"], row["tags"], texts.get("".join(row["tokens"])))
        text = stage.text("", shown)
        given = {
            (kind, span)
            for kind, span in part_spans(text.words, stage.scored(text), stage.encoder.tables)
            if kind != "place"
        }
        hits += len(given & gold)
        gold_count += len(gold)
        given_count += len(given)
    return {
        "penta": macro_f1(classes, ("0", "1", "2", "3", "4")),
        "entity": round(2 * hits / max(gold_count + given_count, 1), 4),
        "entity_precision": round(hits / max(given_count, 1), 4),
        "entity_recall": round(hits / max(gold_count, 1), 4),
        "sentences": len(classes),
        "entities": gold_count,
    }


def tagged(
    tokens: list[str], tags: list[str], text: str | None = None
) -> tuple[str, set[tuple[str, Span]]]:
    """The sentence, as printed if that is known, and its entities by kind and span."""
    shown = " ".join(tokens) if text is None else text
    found: list[tuple[str, Span]] = []
    at, before = 0, "O"
    for token, tag in zip(tokens, tags, strict=True):
        start = shown.index(token, at)
        at = start + len(token)
        kind = _KINDS.get(tag[-1]) if tag != "O" else None
        if kind and tag.startswith("I") and before[-1] == tag[-1]:
            found[-1] = (kind, (found[-1][1][0], at))
        elif kind:
            found.append((kind, (start, at)))
        before = tag
    return shown, set(found)
