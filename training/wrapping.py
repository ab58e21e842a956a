"""Nested statements made from PolNeAR: a told sentence put into somebody else's mouth.

PolNeAR codes no nesting, but a sentence in which A says something can be told by B: "B said
that …", "“…,” B said", "According to B, …". B and the verb come from other articles; the inner
statement's coding is PolNeAR's own, exact where silver labels guess.
"""

from __future__ import annotations

import random
from dataclasses import replace

from sayso.reading.sentences import sentences
from training.corpora import Document, Spans, Statement

_VERBS = frozenset("said says claimed reported added wrote argued insisted announced".split())
_SMALL = frozenset(
    "The A An In On At He She It They We But And His Her Their This That These Those One Some Many "
    "Several Most Both Two Three While When After Before As".split()
)
_SHORTEST, _LONGEST = 6, 45  # words of a sentence that is put into a mouth
_PARAGRAPHS = 4


def wrapped(documents: list[Document], count: int, rng: random.Random) -> list[Document]:
    """Texts of a few paragraphs each: wrapped sentences among plain ones, nesting coded."""
    tellers = [teller for document in documents for teller in _tellers(document)]
    told = [sentence for document in documents for sentence in _told(document)]
    made = []
    for number in range(count):
        pieces = [rng.choice(told) for _ in range(_PARAGRAPHS)]
        pieces = [_wrap(p, rng.choice(tellers), rng) if rng.random() < 0.7 else p for p in pieces]
        made.append(_joined(f"wrapped-{number}", pieces))
    return made


def _tellers(document: Document) -> list[tuple[str, str]]:
    """Source and verb of the plainest statements: "The mayor said …"."""
    found = []
    for item in document.statements:
        if len(item.source) != 1 or len(item.cue) != 1 or not item.content:
            continue
        (a, b), (c, d) = item.source[0], item.cue[0]
        source, cue = document.text[a:b], document.text[c:d]
        if cue in _VERBS and c == b + 1 and len(source.split()) <= 8 and "," not in source:
            found.append((source, cue))
    return found


def _told(document: Document) -> list[Document]:
    """Single sentences that hold whole statements and no quotation marks."""
    found = []
    for start, end in sentences(document.text):
        text = document.text[start:end]
        inside = [s for s in document.statements if _parts(s) and _overlaps(s, start, end)]
        whole = all(start <= a and b <= end for s in inside for a, b in _parts(s))
        fits = _SHORTEST <= len(text.split()) <= _LONGEST and text.endswith(".")
        if inside and whole and fits and not set(text) & set('"“”‘:'):
            found.append(Document("", text, [_moved(s, -start) for s in inside], depth=1))
    return found


def _wrap(told: Document, teller: tuple[str, str], rng: random.Random) -> Document:
    source, cue = teller
    first, _, rest = told.text.partition(" ")
    inner = told.text[:-1]
    form = rng.random()
    small = first.lower() if first in _SMALL else first
    if form < 0.5:
        source = source[0].upper() + source[1:]
        head = f"{source} {cue} "
        text = f"{head}that {small} {rest}"
        content = (len(head), len(text) - 1)
        parts = ((0, len(source)), (len(source) + 1, len(source) + 1 + len(cue)))
        shift = len(head) + len("that ")
    elif form < 0.85:
        low = source[0].lower() + source[1:] if source.split()[0] in _SMALL else source
        text = f"“{inner},” {low} {cue}."
        at = len(inner) + 4
        content = (0, len(inner) + 3)
        parts = ((at, at + len(low)), (at + len(low) + 1, at + len(low) + 1 + len(cue)))
        shift = 1
    else:
        low = source[0].lower() + source[1:] if source.split()[0] in _SMALL else source
        head = f"According to {low}, "
        text = f"{head}{small} {rest}"
        content = (len(head), len(text) - 1)
        parts = ((13, 13 + len(low)), (0, 12))
        shift = len(head)
    outer = Statement((parts[0],), (parts[1],), (content,))
    nested = [replace(_moved(s, shift), depth=1) for s in told.statements]
    return Document("", text, [outer, *nested], depth=1)


def _joined(name: str, pieces: list[Document]) -> Document:
    text, statements = "", []
    for piece in pieces:
        statements += [_moved(s, len(text)) for s in piece.statements]
        text += piece.text + "\n\n"
    return Document(name, text, statements, depth=1)


def _parts(statement: Statement) -> Spans:
    return statement.source + statement.cue + statement.content


def _overlaps(statement: Statement, start: int, end: int) -> bool:
    return any(a < end and start < b for a, b in _parts(statement))


def _moved(statement: Statement, by: int) -> Statement:
    def shifted(spans: Spans) -> Spans:
        return tuple((a + by, b + by) for a, b in spans)

    return replace(
        statement,
        source=shifted(statement.source),
        cue=shifted(statement.cue),
        content=shifted(statement.content),
    )
