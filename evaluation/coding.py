"""The coders' hand notation, and its way to spans.

One attribution a line, fields divided by ``|``::

    A1 | admit official | S: the colonel | C: said | T: the barracks … empty | speaker: Al Orm; ;
    A2 < A1 | deny unnamed:official* | S: aides | C: had denied | T: it // “at length”

- ``A2 < A1``: A1 is the parent.
- act, then source class, with ``:role`` and ``*`` for a collective source.
- S, C, T: source, cue, content as they stand in the text; parts divided by ``//``; `` … ``
  leaves out the middle; ``-`` for none; ``#2`` at the end takes the second occurrence.
- speaker: name; office; organisation (each may be empty).

A string that occurs more than once is taken nearest to the attribution's other parts;
where none of them is unique, the notation must say which with ``#``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from evaluation.attribution import WordIndex
from sayso.records import ACTS, SOURCE_CLASSES

Span = tuple[int, int]
_FIELDS = {"S": "source", "C": "cue", "T": "content"}
_HEAD = re.compile(r"(A\d+)(?:\s*<\s*(A\d+))?$")
_LABELS = re.compile(r"(\w+) (\w+)(?::([\w -]+?))?(\*)?$")


class CodingError(ValueError):
    """A line that cannot be resolved; says which and why."""


@dataclass(frozen=True)
class _Part:
    pattern: re.Pattern[str]
    occurrence: int | None
    shown: str


def resolve(text: str, coding: str) -> list[dict[str, Any]]:
    """The attributions of a coded text, in the form of the gold files.

    Raises:
        CodingError: a string is not in the text or ambiguous, or a label or parent is wrong.
    """
    index = WordIndex(text)
    found = []
    for number, line in enumerate(coding.splitlines(), start=1):
        if line.strip() and not line.startswith("%"):
            try:
                found.append(_attribution(text, index, line))
            except CodingError as error:
                raise CodingError(f"line {number}: {error}: {line}") from None
    by_id = {item["id"]: item for item in found}
    if len(by_id) != len(found):
        raise CodingError("an id is used twice")
    for item in found:
        _check_parent(item, by_id)
    return found


def _attribution(text: str, index: WordIndex, line: str) -> dict[str, Any]:
    head, labels, *rest = (part.strip() for part in line.split(" | "))
    matched, labelled = _HEAD.match(head), _LABELS.match(labels)
    if not matched or not labelled:
        raise CodingError("no `A1 < A2` or no `act class:role*`")
    act, source_class, role, collective = labelled.groups()
    if act not in ACTS or source_class not in SOURCE_CLASSES:
        raise CodingError(f"unknown label in {labels!r}")
    wanted: dict[str, list[_Part]] = {name: [] for name in _FIELDS.values()}
    speaker = None
    for field in rest:
        key, _, value = field.partition(":")
        if key == "speaker":
            names = [name.strip() or None for name in value.split(";")]
            speaker = dict(
                zip(("name", "office", "organisation"), names + [None] * 3, strict=False)
            )
        elif key in _FIELDS and value.strip() != "-":
            wanted[_FIELDS[key]] = [_part(part.strip()) for part in value.split("//")]
        elif key not in _FIELDS:
            raise CodingError(f"unknown field {key!r}")
    spans = _place(text, wanted)
    return {
        "id": matched[1],
        **{name: [list(span) for span in spans[name]] for name in _FIELDS.values()},
        "kind": index.kind(spans["content"], tuple(spans["cue"] or spans["source"])),
        "act": act,
        "source_class": source_class,
        "role": role,
        "collective": bool(collective),
        "speaker": speaker,
        "parent": matched[2],
        "text": {n: " … ".join(text[a:b] for a, b in spans[n]) for n in _FIELDS.values()},
    }


def _part(shown: str) -> _Part:
    occurrence = None
    if match := re.search(r"\s*#(\d+)$", shown):
        occurrence, shown = int(match[1]), shown[: match.start()]
    pieces = [re.escape(piece) for piece in re.split(r"\s+…\s+", shown)]
    # A cue may be a mark or an elision (":", "’ve told"): only words need word edges.
    before = r"(?<!\w)" if shown[:1].isalnum() else ""
    after = r"(?!\w)" if shown[-1:].isalnum() else ""
    # "…" never leaves out a paragraph's end.
    return _Part(re.compile(before + r"[^\n]*?".join(pieces) + after), occurrence, shown)


def _place(text: str, wanted: dict[str, list[_Part]]) -> dict[str, list[Span]]:
    parts = [(name, part) for name, listed in wanted.items() for part in listed]
    if not parts:
        raise CodingError("nothing but labels")
    options = {}
    for name, part in parts:
        # Overlapping occurrences count too: each start is tried.
        starts = [
            m for i in range(len(text)) if (m := part.pattern.match(text, i)) and _at_word(text, i)
        ]
        spans = [match.span() for match in starts]
        if not spans:
            raise CodingError(f"not in the text: {part.shown!r}")
        if part.occurrence is not None:
            if part.occurrence > len(spans):
                raise CodingError(f"only {len(spans)} of {part.shown!r}")
            spans = [spans[part.occurrence - 1]]
        options[name, part.shown] = spans
    anchors = [spans[0] for spans in options.values() if len(spans) == 1]
    if not anchors:
        raise CodingError("ambiguous: say with # which")
    placed: dict[str, list[Span]] = {name: [] for name in wanted}
    for name, part in parts:
        span = min(options[name, part.shown], key=lambda s: min(_gap(s, a) for a in anchors))
        placed[name].append(span)
    return {name: sorted(spans) for name, spans in placed.items()}


def _at_word(text: str, i: int) -> bool:
    return i == 0 or not (text[i - 1].isalnum() and text[i].isalnum())


def _gap(one: Span, other: Span) -> int:
    return max(one[0] - other[1], other[0] - one[1], 0)


def _check_parent(item: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> None:
    if item["parent"] is None:
        return
    parent = by_id.get(item["parent"])
    if parent is None:
        raise CodingError(f"{item['id']}: no such parent {item['parent']}")
    # A carrier and the one it quotes may share one cue: then the content decides.
    shared = item["cue"] == parent["cue"]
    inner = item["content"] if shared else item["cue"] or item["content"]
    if not any(a <= inner[0][0] and inner[0][1] <= b for a, b in parent["content"]):
        raise CodingError(f"{item['id']} is not told inside the content of {parent['id']}")
