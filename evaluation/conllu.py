"""GUM's CoNLL-U files: text, tokens and coreference as one document."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

_BRACKETS = re.compile(r"\((\d+)-([a-z]+)|(\d+)\)")


@dataclass
class Token:
    """One token; ``head`` is the index of its head in the document, -1 for a root."""

    form: str
    upos: str
    lemma: str
    head: int
    deprel: str
    sentence: int
    start: int
    end: int


@dataclass
class Document:
    """A text with its tokens, its mentions (cluster, first, last token) and clusters' kinds."""

    text: str = ""
    tokens: list[Token] = field(default_factory=list)
    mentions: list[tuple[int, int, int]] = field(default_factory=list)  # cluster, first, last
    kinds: dict[int, str] = field(default_factory=dict)  # of clusters


def read_conllu(path: Path) -> Document:
    """Text, tokens and mentions; a word of several tokens ("don't") is one in the text."""
    document = Document()
    pieces: list[str] = []
    length = sentence = base = word_end = 0
    opened: dict[int, list[int]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("# newpar_block") and length:
            pieces.append("\n\n")
            length += 2
        if line.startswith("# sent_id"):
            sentence, base, word_end = sentence + 1, len(document.tokens), 0
        cells = line.split("\t")
        if line.startswith("#") or len(cells) < 10 or "." in cells[0]:
            continue
        if "-" in cells[0]:
            word_end, word_misc = int(cells[0].split("-")[1]), cells[9]
            continue
        number, head = int(cells[0]), int(cells[6])
        misc = word_misc if number <= word_end else cells[9]
        blank = "" if number < word_end or "SpaceAfter=No" in misc else " "
        head = base + head - 1 if head else -1
        document.tokens.append(
            Token(
                form=cells[1],
                upos=cells[3],
                lemma=cells[2],
                head=head,
                deprel=cells[7],
                sentence=sentence,
                start=length,
                end=length + len(cells[1]),
            )
        )
        pieces += [cells[1], blank]
        length += len(cells[1]) + len(blank)
        _take_brackets(document, cells[9], opened)
    document.text = "".join(pieces)
    return _canonical(document)


def _canonical(document: Document) -> Document:
    """Offsets in the text as an article keeps it: no blank before a line end."""
    shift, moved = 0, {}
    for match in re.finditer(r" +(?=\n)", document.text):
        shift += match.end() - match.start()
        moved[match.end()] = shift
    ends = sorted(moved)
    at = before = 0
    for token in document.tokens:
        while at < len(ends) and ends[at] <= token.start:
            before = moved[ends[at]]
            at += 1
        token.start, token.end = token.start - before, token.end - before
    document.text = re.sub(r" +(?=\n)", "", document.text).rstrip()
    return document


def _take_brackets(document: Document, misc: str, opened: dict[int, list[int]]) -> None:
    entity = next((part[7:] for part in misc.split("|") if part.startswith("Entity=")), "")
    here = len(document.tokens) - 1
    for match in _BRACKETS.finditer(entity):
        if match[1]:
            opened.setdefault(int(match[1]), []).append(here)
            document.kinds[int(match[1])] = match[2]
            # "(5-person-…-coref)" opens and closes on one token: no id stands before its bracket.
            tail = re.match(r"[^()]*\)", entity[match.end() :])
            if tail and not re.search(r"\d+\)$", tail[0].rsplit("-", 1)[-1]):
                document.mentions.append((int(match[1]), opened[int(match[1])].pop(), here))
        elif opened.get(int(match[3])):
            document.mentions.append((int(match[3]), opened[int(match[3])].pop(), here))
