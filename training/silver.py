"""Statements inside contents, found by a first model: weak targets for the nested layer.

    python -m training silver --data DIR --weights build/stage1 --out build/silver.json

PolNeAR marks no attribution inside another's content. A model trained on it reads each
gold content as a text of its own and finds them there; reading every content a second
time would halve the speed, so the shipped model learns to see them in its one pass.
"""

from __future__ import annotations

import json
from pathlib import Path

from evaluation import polnear
from sayso.reading.attribution import AttributionReader
from sayso.reading.quotes import quotations

Spans = list[list[int]]
# A silver statement must be surer than this, and its text longer than that many words.
SCORE = 0.35
WORDS = 4


def find(folder: Path, weights: Path) -> dict[str, list[tuple[Spans, Spans, Spans]]]:
    """Nested statements by ``text_annotator``: source, cue and content."""
    reader = AttributionReader(weights)
    found: dict[str, list[tuple[Spans, Spans, Spans]]] = {}
    for document in polnear.load(folder):
        marks = {(q.start, q.end): q.inner for q in quotations(document.text)}
        nested = []
        for attribution in document.attributions:
            for part in attribution.content:
                start, end = marks.get(part, part)
                nested += _inside(reader, document.text[start:end], start)
        found[f"{document.name}_{document.annotator}"] = nested
    return found


def _inside(reader: AttributionReader, text: str, start: int) -> list[tuple[Spans, Spans, Spans]]:
    if len(text.split()) < WORDS:
        return []
    read = reader.attributions(reader.text("", text))
    return [
        tuple([[a + start, b + start] for a, b in part] for part in (r.source, r.cue, r.content))
        for r in read
        if r.cue and r.source and r.confidence >= SCORE
    ]


def write(data: Path, weights: Path, out: Path) -> None:
    """Write what is found in PolNeAR's training part as JSON."""
    out.write_text(json.dumps(find(data / "attribution/polnear/train", weights)), "utf-8")
