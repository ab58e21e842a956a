"""Persons told of by a common noun alone: "a boutique keeper", "farmers"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sayso.resolving.entities import Cast, Entity, unnamed
from sayso.resolving.phrases import sort_of
from sayso.resolving.words import classes_of

if TYPE_CHECKING:
    from sayso.resolving.words import Text

# Of the persons before a word, how many are looked at.
_LATEST = 8


class Bystanders:
    """Persons told of by a common noun alone: "a boutique keeper", "farmers"."""

    def __init__(self, text: Text, cast: Cast) -> None:
        self.found: list[tuple[int, Entity]] = []
        taken = {mention.at - 1 - k for mention in cast.mentions for k in _beside(text, mention.at)}
        for at, word in enumerate(text.words):
            sort, noun = sort_of(word.lower)
            if sort != "person" or at in taken or (word.capital and not word.initial):
                continue
            if cast.covers(at):
                continue
            plural = noun != word.lower
            entity = None if plural else _holder_at(text, cast, at, noun)
            self.found.append((at, entity or self._entity(noun, plural=plural)))
        self.starts = [at for at, _ in self.found]

    @staticmethod
    def _entity(noun: str, *, plural: bool) -> Entity:
        role = classes_of("roles").get(noun)
        return unnamed(noun, role=role, plural=plural)

    def recent(self, at: int) -> Iterator[tuple[int, Entity]]:
        """The last few before a word, nearest first."""
        stop = bisect_left(self.starts, at)
        yield from reversed(self.found[max(0, stop - _LATEST) : stop])

    def before(self, at: int) -> Entity | None:
        """The one whose noun stands right before a word."""
        stop = bisect_left(self.starts, at)
        return self.found[stop - 1][1] if stop and self.found[stop - 1][0] == at - 1 else None


def _beside(text: Text, at: int) -> tuple[int, ...]:
    """How far before a name an office may stand that goes with it: "its head, X"."""
    return (0, 1) if at and text.words[at - 1].text == "," else (0,)


def _holder_at(text: Text, cast: Cast, at: int, noun: str) -> Entity | None:
    """The named person that "the minister" means where it is no source."""
    if at == 0 or text.words[at - 1].lower != "the":
        return None
    return next((e for e in cast.candidates(noun, at) if e.kind == "person" and e.name), None)
