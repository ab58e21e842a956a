"""Clause-level attribution on GUM's news: its discourse trees mark who says which clause.

An attribution of the tree has a satellite ("said Ambassador Mohib") and a nucleus, the
clauses said. A found one counts when its cue, or source where it has no cue, lies in the
satellite and its content shares a word with the nucleus. The trees can mark only what is said
in a clause of its own: a found one whose content lies in the clause of its cue ("praised the
plan", "fears of war") is left out, ``precision_of_all`` counts it as wrong.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import defaultdict
from pathlib import Path
from typing import Any

from evaluation.attribution import Counts
from evaluation.conllu import read_conllu
from sayso.reader import Reader
from sayso.records import Article, Attribution, Span


def evaluate(data: Path, reader: Reader) -> dict[str, Any]:
    """Precision, recall and F1 in percent over all news documents with a tree."""
    counts, every = Counts(), Counts()
    documents = 0
    for tree in sorted((data / "attribution/gum_news_rst").glob("*.rs4")):
        document = read_conllu(data / "language/gum" / f"{tree.stem}.conllu")
        places = [(token.start, token.end) for token in document.tokens]
        article = Article.create(document.text, language="en")
        found = list(reader.read(article).attributions)
        gold, segments = _gold(tree, places)
        every.add(_hits(gold, found), len(found), len(gold))
        clausal = [item for item in found if _is_clausal(item, segments)]
        counts.add(_hits(gold, clausal), len(clausal), len(gold))
        documents += 1
    return {
        "precision": round(counts.precision, 2),
        "recall": round(counts.recall, 2),
        "f1": round(counts.f1, 2),
        "precision_of_all": round(every.precision, 2),
        "found": counts.predicted,
        "documents": documents,
        "gold": counts.gold,
    }


Pairs = list[tuple[list[Span], list[Span]]]


def _gold(tree: Path, places: list[Span]) -> tuple[Pairs, list[list[Span]]]:
    """Satellite and nucleus of each attribution, as spans of tokens; and all clauses."""
    root = ET.parse(tree).getroot()  # noqa: S314 - a corpus file of our own choosing
    segments: dict[str, list[Span]] = {}
    at = 0
    for segment in root.iter("segment"):
        count = len((segment.text or "").split())
        segments[segment.attrib["id"]] = places[at : at + count]
        at += count
    children: dict[str, list[str]] = defaultdict(list)
    marked = []
    for node in (*root.iter("segment"), *root.iter("group")):
        parent = node.attrib.get("parent")
        if parent:
            children[parent].append(node.attrib["id"])
        if parent and node.attrib.get("relname", "").startswith("attribution"):
            marked.append((node.attrib["id"], parent))

    def leaves(node: str, but: str) -> list[Span]:
        own = segments.get(node, [])
        return own + [s for child in children[node] if child != but for s in leaves(child, but)]

    pairs = [(leaves(node, ""), leaves(parent, node)) for node, parent in marked]
    return pairs, list(segments.values())


def _is_clausal(item: Attribution, segments: list[list[Span]]) -> bool:
    """Whether some of the content stands in another clause than the cue."""
    told = item.cue or item.source
    return not told or any(
        _meet(item.content, segment) and not _meet(told, segment) for segment in segments
    )


def _hits(gold: Pairs, found: list[Attribution]) -> int:
    used: set[str] = set()
    for satellite, nucleus in gold:
        for item in found:
            told = item.cue or item.source
            if item.id in used or not told or not _meet(told, satellite):
                continue
            if _meet(item.content, nucleus):
                used.add(item.id)
                break
    return len(used)


def _meet(spans: tuple[Span, ...], others: list[Span]) -> bool:
    return any(a < d and c < b for a, b in spans for c, d in others)
