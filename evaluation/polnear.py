"""PolNeAR's brat files: news articles with source, cue and content of each attribution."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

Span = tuple[int, int]

_MENTION = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)")
_RELATION = re.compile(r"E\d+\t(.+)")


@dataclass(frozen=True)
class GoldAttribution:
    """One attribution; each field holds the mention's parts, code points, end exclusive."""

    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    content: tuple[Span, ...] = ()


@dataclass(frozen=True)
class GoldDocument:
    """One text as one annotator coded it."""

    name: str
    annotator: str
    text: str
    attributions: list[GoldAttribution] = field(default_factory=list)


def load(folder: Path) -> list[GoldDocument]:
    """All codings under ``folder`` (with ``text/`` and ``attributions/``), by name, annotator."""
    documents = []
    for path in sorted((folder / "attributions").glob("*.ann")):
        name, annotator = path.stem.rsplit("_", 1)
        text = (folder / "text" / f"{name}.txt").read_bytes().decode("utf-8")
        documents.append(
            GoldDocument(name, annotator, text, _attributions(path.read_text("utf-8")))
        )
    return documents


def by_name(documents: list[GoldDocument]) -> dict[str, list[GoldDocument]]:
    """Codings of the same text together; the first annotator's is the gold one."""
    grouped: dict[str, list[GoldDocument]] = defaultdict(list)
    for document in documents:
        grouped[document.name].append(document)
    return dict(grouped)


def _attributions(brat: str) -> list[GoldAttribution]:
    mentions: dict[str, tuple[Span, ...]] = {}
    for match in filter(None, map(_MENTION.match, brat.split("\n"))):
        # In brat, the parts of a discontinuous mention are divided by ";".
        parts = [tuple(map(int, part.split())) for part in match[3].split(";")]
        mentions[match[1]] = tuple(sorted((a, b) for a, b in parts))
    relations: list[dict[str, tuple[Span, ...]]] = []
    for match in filter(None, map(_RELATION.match, brat.split("\n"))):
        fields: dict[str, tuple[Span, ...]] = defaultdict(tuple)
        for argument in match[1].split():
            role, _, mention = argument.partition(":")
            role = role.rstrip("0123456789").lower()
            if role in ("source", "cue", "content"):
                fields[role] = tuple(sorted(fields[role] + mentions[mention]))
        relations.append(fields)
    return [
        GoldAttribution(fields.get("source", ()), fields.get("cue", ()), fields.get("content", ()))
        for fields in relations
        if fields
    ]
