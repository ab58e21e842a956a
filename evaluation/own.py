"""The project's own gold: nesting, acts, source classes and speakers, in news of many countries."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.attribution import Counts, Score, WordIndex, macro_f1, matched
from sayso.reader import Reader
from sayso.records import ACTS, SOURCE_CLASSES, Article, Attribution

FOLDER = Path(__file__).with_name("gold")
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Gold:
    """One coded attribution of the project's own gold."""

    id: str
    source: Spans
    cue: Spans
    content: Spans
    kind: str
    act: str
    source_class: str
    collective: bool
    speaker: dict[str, str | None] | None
    parent: str | None


@dataclass(frozen=True)
class Coded:
    """One text with its coding."""

    name: str
    text: str
    attributions: list[Gold]


def load(split: str, folder: Path = FOLDER) -> list[Coded]:
    """The texts of one split, by name."""
    return [coded(path) for path in sorted((folder / split).glob("*.json"))]


def coded(path: Path) -> Coded:
    """One gold file."""
    form = json.loads(path.read_text("utf-8"))
    return Coded(path.stem, form["text"], [gold(a) for a in form["attributions"]])


def gold(form: dict[str, Any]) -> Gold:
    """One attribution of a gold file."""
    return Gold(
        source=_spans(form["source"]),
        cue=_spans(form["cue"]),
        content=_spans(form["content"]),
        speaker=form.get("speaker"),
        **{k: form[k] for k in ("id", "kind", "act", "source_class", "collective", "parent")},
    )


def _spans(form: list[list[int]]) -> Spans:
    return tuple((start, end) for start, end in form)


def evaluate(texts: list[Coded], reader: Reader) -> dict[str, Any]:
    """Figures in percent.

    Nesting: an attribution inside another counts when it pairs with one of the gold and
    its parent with that one's parent. Acts and classes: macro-F1 over the labels, on the
    attributions that pair with one of the gold; ``*_all`` counts those not found as wrong.
    """
    score, nested = Score(), Counts()
    labels: dict[str, list[tuple[str | None, str | None]]] = {"act": [], "source_class": []}
    speakers = Counts()
    for text in texts:
        article = Article.create(text.text, language="en")
        found = list(reader.read(article).attributions)
        score.add(text.text, text.attributions, found, article.text)
        pairs = paired(text, found, article.text)
        _count_nested(text, found, pairs, nested)
        for coded_item in text.attributions:
            item = pairs.get(coded_item.id)
            for name, rows in labels.items():
                given = getattr(item, name) if item else None
                rows.append((getattr(coded_item, name), given))
            _count_speaker(coded_item, item, speakers)
    names = {"act": ACTS, "source_class": SOURCE_CLASSES}
    result = {f"span_{k}": v for k, v in score.to_dict().items() if isinstance(v, float)}
    for name, rows in labels.items():
        found_rows = [(g, p) for g, p in rows if p is not None]
        result[name] = round(100 * macro_f1(found_rows, names[name]), 2)
        result[f"{name}_all"] = round(100 * macro_f1(rows, names[name]), 2)
    return {
        **result,
        "nesting": round(nested.f1, 2),
        "nesting_precision": round(nested.precision, 2),
        "nesting_recall": round(nested.recall, 2),
        "speaker": round(speakers.recall, 2),
        "attributions": sum(len(text.attributions) for text in texts),
        "nested": nested.gold,
    }


def paired(text: Coded, found: list[Attribution], shown: str) -> dict[str, Attribution]:
    """The found attribution of each gold one: contents overlap by half, sources share a word."""
    ours, theirs = WordIndex(text.text), WordIndex(shown)
    matches = matched(
        [ours.words(a.content) for a in text.attributions], [theirs.words(a.content) for a in found]
    )
    pairs = {}
    for i, j in matches:
        expected, item = text.attributions[i], found[j]
        source, other = ours.words(expected.source), theirs.words(item.source)
        if source & other or not (source or other):
            pairs[expected.id] = item
    return pairs


def _count_nested(
    text: Coded, found: list[Attribution], pairs: dict[str, Attribution], counts: Counts
) -> None:
    hits = 0
    for expected in text.attributions:
        item, parent = pairs.get(expected.id), pairs.get(expected.parent or "")
        if expected.parent and item and parent and item.parent == parent.id:
            hits += 1
    predicted = sum(item.parent is not None for item in found)
    counts.add(hits, predicted, sum(a.parent is not None for a in text.attributions))


def _count_speaker(expected: Gold, item: Attribution | None, counts: Counts) -> None:
    """Of the paired attributions with a named speaker: whether that name is given."""
    name = (expected.speaker or {}).get("name")
    if name and item:
        given = item.speaker.name if item.speaker else None
        counts.add(int(given is not None and _same_name(given, name)), 1, 1)


def _same_name(one: str, other: str) -> bool:
    """Equal up to case, titles and a middle name: the last words agree and none contradicts."""
    a, b = one.lower().replace(".", "").split(), other.lower().replace(".", "").split()
    return a == b or (len(a) > 1 and len(b) > 1 and a[-1] == b[-1] and bool({*a[:-1]} & {*b[:-1]}))


def measure(split: str) -> Callable[[Path | None, str, Path | None], dict[str, Any]]:
    """The measure of a split, or where ``split`` is empty of the one that is asked for."""

    def run(_data: Path | None, asked: str, weights: Path | None) -> dict[str, Any]:
        return evaluate(load(split or asked), Reader(weights))

    return run
