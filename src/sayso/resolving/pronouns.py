"""Whom a pronoun means: the candidates before it, ranked by salience.

Kind, number and gender rule out; nearness, subjecthood and having just spoken recommend, as in
Lappin and Leass (1994, Computational Linguistics 20:4), with weights set by hand on GUM's news
and the project's own training texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sayso.resolving.entities import Entity

# Sentences that a pronoun looks back.
REACH = 8
_LEAST_PLURAL, _LEAST_BODY = -1.2, -3.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a pronoun asks for.

    Attributes:
        kind: ``person``, ``body`` or ``any``.
        at, sentence, paragraph: where it stands.
        quoted: whether inside a quotation.
    """

    kind: str
    gender: str | None
    plural: bool
    at: int
    sentence: int
    paragraph: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity at one mention before the pronoun.

    Attributes:
        subject: whether it stands where a subject does.
        spoke: whether it is the source of the last attribution before.
        passing: whether only a common noun mentions it, and not as a subject.
    """

    entity: Entity
    at: int
    sentence: int
    paragraph: int
    quoted: bool
    subject: bool
    spoke: bool
    after_preposition: bool = False
    passing: bool = False


def best(wanted: Wanted, candidates: Iterable[Candidate]) -> Entity | None:
    """The most salient entity that agrees with the pronoun; the nearest of equals."""
    top: Entity | None = None
    # "They" and "it" need not mean any body that was named; "he" does mean somebody.
    height = _LEAST_PLURAL if wanted.plural else _LEAST_BODY
    if wanted.kind == "person":
        height = float("-inf")
    for candidate in candidates:
        if not agrees(candidate.entity, wanted):
            continue
        score = salience(candidate, wanted)
        if score > height:
            top, height = candidate.entity, score
    return top


def agrees(entity: Entity, wanted: Wanted) -> bool:
    """Whether nothing known of an entity speaks against it."""
    if wanted.plural:
        return entity.plural or entity.kind in ("body", "account")
    if entity.plural:
        return False
    if wanted.kind == "person":
        fits = entity.kind in ("person", "unknown") and entity.gender in (None, wanted.gender)
        return fits or (wanted.gender is None and entity.kind == "person")
    return entity.kind in ("body", "account", "unknown", "document")


def salience(candidate: Candidate, wanted: Wanted) -> float:
    """How much a mention recommends its entity."""
    entity = candidate.entity
    score = -0.5 * min(wanted.sentence - candidate.sentence, REACH)
    score -= 0.3 * (candidate.paragraph != wanted.paragraph)
    # Inside a quotation the order of the report says little.
    score += (0.5 if wanted.quoted else 1.0) * candidate.subject
    if not wanted.quoted:
        score += (1.2 if candidate.paragraph == wanted.paragraph else 0.6) * candidate.spoke
    score -= 1.5 * candidate.passing
    score -= 0.01 * min(wanted.at - candidate.at, 60)
    score -= 1.5 * (candidate.quoted and not wanted.quoted)
    score -= 0.8 * candidate.after_preposition
    score += 0.6 * (wanted.gender is not None and entity.gender == wanted.gender)
    score -= (0.8 if len(entity.words) > 1 else 1.6) * (entity.kind == "unknown")
    score += 0.8 * (wanted.plural and entity.plural)
    return score
