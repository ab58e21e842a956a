"""The reference article, which stands beside the data: how many of its attributions are found.

It is one text and a hand reading: no floor hangs on it, and nothing is tuned on it. With
every name swapped for an invented one the figures must stay the same, give or take one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from evaluation import events, own
from sayso.reader import Reader
from sayso.records import Article

_NAMES = (
    "Varodin Telmark Osquel Brenthal Kestovar Lunduin Marvest Orlanik Pelgrave Quorin Rastov "
    "Selmira Tavender Ulgren Vestrin Wolmar Yarrick Zelden Ambrost Corvane Delphar Estrand"
).split()
_CAPITALISED = re.compile(r"\b[A-Z][\w-]*\b")


def evaluate(data: Path, reader: Reader) -> dict[str, Any]:
    """Counts for the article as it is, and with its names swapped."""
    folder = data.parent / "seed"
    form = json.loads((folder / "gold.json").read_text("utf-8"))
    text = (folder / "article.txt").read_text("utf-8")
    gold = own.Coded("seed", text, [own.gold(item) for item in form["attributions"]])
    other, moved = swapped(gold)
    return {
        "as_it_is": {**_counts(gold, reader), **_events(text, form, reader)},
        "names_swapped": {
            **_counts(other, reader),
            **_events(other.text, _moved(form, moved), reader),
        },
    }


def _events(text: str, form: dict[str, Any], reader: Reader) -> dict[str, int]:
    reading = reader.read(Article.create(text, language="en"))
    return events.count_seed(form, list(reading.events), list(reading.signals))


def _moved(form: dict[str, Any], shift: Callable[[own.Spans], own.Spans]) -> dict[str, Any]:
    """The coded events and signals in the text with other names."""
    return {
        "events": [
            {
                **event,
                "trigger": shift(tuple(event["trigger"])),
                "actors": [{"span": shift((a["span"],))[0]} for a in event["actors"]],
            }
            for event in form["events"]
        ],
        "signals": [{**s, "span": shift((s["span"],))[0]} for s in form["signals"]],
    }


def _counts(gold: own.Coded, reader: Reader) -> dict[str, int]:
    article = Article.create(gold.text, language="en")
    found = list(reader.read(article).attributions)
    pairs = own.paired(gold, found, article.text)
    nested = [a for a in gold.attributions if a.parent]
    labels = ("kind", "act", "source_class")
    return {
        "attributions": len(pairs),
        "of": len(gold.attributions),
        "predicted": len(found),
        "nested_with_parent": sum(_has_parent(a, pairs) for a in nested),
        "labels_right": sum(
            all(getattr(a, n) == getattr(pairs[a.id], n) for n in labels)
            for a in gold.attributions
            if a.id in pairs
        ),
    }


def _has_parent(gold: own.Gold, pairs: dict[str, Any]) -> bool:
    item, parent = pairs.get(gold.id), pairs.get(gold.parent or "")
    return bool(item and parent and item.parent == parent.id)


def swapped(gold: own.Coded) -> tuple[own.Coded, Callable[[own.Spans], own.Spans]]:
    """The text with each capitalised word that is never written small replaced by a name.

    Also a function that moves spans along.
    """
    common = set(re.findall(r"\b[a-z][\w-]*\b", gold.text)) | set(
        "a an and as in it this these several only blaming concentrate promote echoing".split()
    )
    names: dict[str, str] = {}
    pieces: list[str] = []
    moves: list[tuple[int, int]] = [(0, 0)]  # from this offset on, move by so much
    at = 0
    for match in _CAPITALISED.finditer(gold.text):
        word = match.group()
        if word.lower() in common:
            continue
        name = names.setdefault(word, _NAMES[len(names) % len(_NAMES)])
        name = name.upper()[: len(word)] if word.isupper() and len(word) > 1 else name
        pieces += [gold.text[at : match.start()], name]
        at = match.end()
        moves.append((at, moves[-1][1] + len(name) - len(word)))
    text = "".join([*pieces, gold.text[at:]])

    def moved(place: int) -> int:
        return place + next(by for start, by in reversed(moves) if start <= place)

    def shift(spans: own.Spans) -> own.Spans:
        return tuple((moved(a), moved(b)) for a, b in spans)

    items = [
        replace(a, source=shift(a.source), cue=shift(a.cue), content=shift(a.content))
        for a in gold.attributions
    ]
    return own.Coded(gold.name, text, items), shift
