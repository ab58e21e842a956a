"""What the templates show: plain values, made from records and rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sayso.glance import Part, Piece, glance, on_one_line, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sayso.records import Article, Reading
    from sayso.web.shelf import Row

_ROLES = {
    "source": "source of",
    "cue": "cue of",
    "content": "said in",
    "verbatim": "quoted in",
    "event": "event told in",
    "signal": "signal told in",
}
_STYLED = ("source", "cue", "content", "verbatim", "event", "signal")


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of the text as it is marked.

    Attributes:
        classes: of the style sheet; none for text in which nothing was found.
        numbers: of the statements that lie over it, the innermost last.
        title: the same in words.
        begins: numbers of the statements whose first piece this is.
    """

    text: str
    classes: str
    numbers: str
    title: str
    begins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """Articles of one day; in answers to a search the days are not told apart."""

    name: str | None
    rows: tuple[Row, ...]


def article_page(reading: Reading) -> dict[str, Any]:
    """All that the page of one article shows."""
    view = glance(reading)
    blocks = _marked(paragraphs(reading, view))
    has_headline = bool(reading.article.title and blocks)
    return {
        "article": reading.article,
        "view": view,
        "headline": blocks[0] if has_headline else None,
        "blocks": blocks[1:] if has_headline else blocks,
        "about": _about(reading.article),
        "link": web_address(reading.article.url),
        "has_nested": any(line.depth for line in view.lines),
        "has_events": bool(reading.events),
        "has_signals": bool(reading.signals),
    }


def _about(article: Article) -> list[tuple[str, str]]:
    known = [(part.kind, part.value) for part in article.furniture]
    known += [
        ("language", article.language or "unknown"),
        ("id", article.id),
        ("input", article.source_id or "unknown"),
    ]
    return [(name, on_one_line(value)) for name, value in known]


def web_address(url: str | None) -> str | None:
    """The address if it is one that a browser may follow; a script's never is."""
    if not url or re.search(r"[\x00-\x20\x7f]", url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None


def _marked(blocks: Iterable[tuple[Piece, ...]]) -> list[tuple[Mark, ...]]:
    begun: set[int] = set()
    return [tuple(_mark(piece, begun) for piece in block) for block in blocks]


def _mark(piece: Piece, begun: set[int]) -> Mark:
    numbers = list(dict.fromkeys(part.number for part in piece.parts))
    begins = tuple(sorted(set(numbers) - begun))
    begun.update(begins)
    words = [_in_words(part) for part in piece.parts]
    return Mark(
        text=piece.text,
        classes=" ".join(classes(piece)),
        numbers=" ".join(map(str, numbers)),
        title=", ".join(dict.fromkeys(words)),
        begins=begins,
    )


def _in_words(part: Part) -> str:
    told = f"{_ROLES[part.role]} {part.number}"
    return f"{told}: {part.label}" if part.label else told


def classes(piece: Piece) -> list[str]:
    """The style sheet's classes for a piece, in an order that does not change."""
    roles: set[str] = {part.role for part in piece.parts}
    if "cue" in roles:
        # A statement that is itself an event has its cue for a trigger: one mark is enough.
        roles.discard("event")
    found = [role for role in _STYLED if role in roles]
    contents = [part for part in piece.parts if part.role == "content"]
    if len(contents) > 1 or any(part.depth for part in contents):
        found.append("nested")
    return found


def by_day(rows: Sequence[Row], *, told_apart: bool = True) -> list[Day]:
    """The rows under their days, if they come by day; else together, as they come."""
    if not told_apart:
        return [Day(None, tuple(rows))] if rows else []
    return [Day(name, tuple(members)) for name, members in groupby(rows, key=_day)]


def _day(row: Row) -> str:
    return row.published[:10] if row.published else "date unknown"
