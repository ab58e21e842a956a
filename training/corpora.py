"""Training texts of all corpora in one form."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evaluation import polnear
from sayso.reading.attribution import INNER_WORDS
from sayso.reading.inside import inside
from sayso.reading.lexicon import act_of, class_of, is_pronoun
from sayso.reading.quotes import quotations

Spans = tuple[tuple[int, int], ...]
OWN_GOLD = Path("evaluation/gold")
PRESS = Path("examples")


@dataclass(frozen=True)
class Statement:
    """One attribution; labels are None where the corpus does not code them."""

    source: Spans
    cue: Spans
    content: Spans
    depth: int = 0
    act: str | None = None
    source_class: str | None = None
    collective: bool | None = None


@dataclass(frozen=True)
class Document:
    """One text with its statements.

    Attributes:
        depth: how deep nesting is coded: 0 the outlet's statements only, 1 those inside too.
        label_weight: how far acts and classes are to be trusted, 0 to 1.
    """

    name: str
    text: str
    statements: list[Statement] = field(default_factory=list)
    depth: int = 0
    label_weight: float = 0.0


def polnear_documents(
    folder: Path, silver: Path | None = None, label_weight: float = 0.0
) -> list[Document]:
    """PolNeAR, acts and classes by the lexicon, nested statements from ``silver`` if there.

    PolNeAR codes neither; the lexicon's labels are a weak teacher (``label_weight``), and
    what a first model finds inside the contents (``training.silver``) one for nesting.
    """
    nested = json.loads(silver.read_text("utf-8")) if silver else {}
    documents = []
    for gold in polnear.load(folder):
        statements = [_weak(gold.text, a.source, a.cue, a.content) for a in gold.attributions]
        for source, cue, content in nested.get(f"{gold.name}_{gold.annotator}", ()):
            parts = (tuple((a, b) for a, b in part) for part in (source, cue, content))
            statements.append(_weak(gold.text, *parts, depth=1))
        depth = int(silver is not None)
        documents.append(Document(gold.name, gold.text, statements, depth, label_weight))
    return documents


def _weak(text: str, source: Spans, cue: Spans, content: Spans, depth: int = 0) -> Statement:
    shown = " ".join(text[a:b] for a, b in source)
    found = class_of(shown) if shown and not is_pronoun(shown) else None
    return Statement(
        source,
        cue,
        content,
        depth,
        act_of(" ".join(text[a:b] for a, b in cue)) if cue else None,
        found.name if found else None,
        found.collective if found else None,
    )


def own_documents(split: str, root: Path = OWN_GOLD, *, inner: bool = False) -> list[Document]:
    """The project's own gold: everything coded, to any depth; or its contents as texts."""
    forms = (json.loads(path.read_text("utf-8")) for path in sorted((root / split).glob("*.json")))
    parts = [(form["text"], form["name"], form["attributions"]) for form in forms]
    if inner:
        return [d for part in parts for d in inner_documents(*part)]
    return [_coded(name, text, attributions) for text, name, attributions in parts]


def press_documents(examples: Path = PRESS, *, inner: bool = False) -> list[Document]:
    """The example press with its gold coding, in the same form."""
    from sayso.intake import read_inputs
    from sayso.records import Article

    texts = {a.text_id: a.text for a in read_inputs([examples / "press"]) if isinstance(a, Article)}
    documents = []
    for path in sorted((examples / "gold/attributions").glob("*.json")):
        form = json.loads(path.read_text("utf-8"))
        text, attributions = texts[form["text_id"]], form["attributions"]
        if inner:
            documents += inner_documents(text, path.stem, attributions)
        else:
            documents.append(_coded(path.stem, text, attributions))
    return documents


def inner_documents(
    form_text: str, name: str, attributions: list[dict[str, Any]]
) -> list[Document]:
    """Each content as the text of its own as which reading reads it, with what is nested in it."""
    found = quotations(form_text)
    marks = {(q.start, q.end): q.inner for q in found}
    documents = []
    for outer in attributions:
        content = inside(form_text, tuple((a, b) for a, b in outer["content"]), marks)
        if len(content.text.split()) < INNER_WORDS:
            continue
        nested = []
        for a in _told_in(outer["id"], attributions):
            parts = {
                k: [content.into((s, e)) for s, e in a[k]] for k in ("source", "cue", "content")
            }
            if any(None in spans for spans in parts.values()):
                continue
            parent = None if a["parent"] == outer["id"] else a["parent"]
            nested.append({**a, **parts, "parent": parent})
        # Where a parent does not lie inside, what is told in it goes with it, to any depth.
        while lost := {a["id"] for a in nested if a["parent"] not in {None, *_ids(nested)}}:
            nested = [a for a in nested if a["id"] not in lost]
        documents.append(_coded(f"{name}-{outer['id']}", content.text, nested))
    return documents


def _ids(attributions: list[dict[str, Any]]) -> set[str]:
    return {a["id"] for a in attributions}


def _told_in(outer: str, attributions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ids, found = {outer}, []
    for a in attributions:
        if a["parent"] in ids:
            ids.add(a["id"])
            found.append(a)
    return found


def _coded(name: str, text: str, attributions: list[dict[str, Any]]) -> Document:
    parents = {a["id"]: a["parent"] for a in attributions}
    statements = []
    for a in attributions:
        depth, parent = 0, a["parent"]
        while parent:
            depth, parent = depth + 1, parents[parent]
        parts = (tuple((s, e) for s, e in a[k]) for k in ("source", "cue", "content"))
        labels = (a["act"], a["source_class"], a["collective"])
        statements.append(Statement(*parts, depth, *labels))
    return Document(name, text, statements, depth=1, label_weight=1.0)
