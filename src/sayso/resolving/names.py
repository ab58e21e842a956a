"""Names in a text: runs of capitalised words, cut from the titles and offices before them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sayso.resolving.words import (
    Text,
    Word,
    classes_of,
    english_words,
    given_names,
    noun_in,
    person_noun,
    words_of,
)

Kind = Literal["person", "body", "account", "unknown"]

# A longer run is a headline or a list, and its further words another name.
_LONGEST = 12
# "Superintendent of [Police]", without an article.
_HEADED = frozenset("police prisons customs schools".split())
_PLURALS = ("men", "children", "people")
_APOSTROPHES = frozenset("'’")
_DATELINE = frozenset({"—", "–", "-", "(", ","})


@dataclass(frozen=True, slots=True)
class Name:
    """One name where it stands.

    Attributes:
        before: index of the first word of the titles that belong to it, ``first`` if none.
        first, last: indices of the name's own words.
        kind: what its own words tell.
    """

    before: int
    first: int
    last: int
    kind: Kind


def find_names(text: Text) -> list[Name]:
    """All names, in their order."""
    words = text.words
    known = _capitals(words)
    found: list[Name] = []
    at = 0
    while at < len(words):
        if not _opens(words[at]):
            at += 1
            continue
        last = _run_end(words, at)
        name = split(words, at, last)
        if name and not (_unsure(words, name, known) or _is_dateline(words, name)):
            found.append(_with_body_noun(words, name))
        at = max(last, found[-1].last if found else 0) + 1
    return found


def split(words: list[Word], first: int, last: int) -> Name | None:
    """A run of capitalised words as titles and a name; None if it is an office alone."""
    if words[first].text[0] == "@":
        return Name(first, first, first, "account")
    given = next((i for i in range(first, last + 1) if _given(words[i])), last + 1)
    cut = _behind_office(words, first, last)
    if cut > first:
        return Name(first - 2, cut, last, "person")
    for i in range(first, min(given, last)):
        described = i == first and person_noun(words[i].lower) and (last - i > 1 or given == i + 1)
        if described or _is_title(words[i]):
            cut = i + 1
    body = any(noun_in(w.lower, "bodies") for w in words[cut : last + 1])
    if given > last and not body and _is_office(words[last]):
        return None
    if body and given > last:
        return Name(first, first, last, "body")
    titled = cut > first or given <= last
    acronym = first == last and words[first].text.isupper() and len(words[first].text) > 1
    kind: Kind = "person" if titled else "body" if acronym else "unknown"
    return Name(first, cut, last, kind)


def _behind_office(words: list[Word], first: int, last: int) -> int:
    """Where the name begins in "Superintendent of [Police Ada Lund]": behind the body."""
    office = first > 1 and words[first - 1].lower == "of" and _is_office(words[first - 2])
    # Bodies without an article; "the head of Radio Free Europe" is no Free Europe.
    if not office or last - first != 2 or words[first].lower not in _HEADED:
        return first
    more = any(word.lower in english_words() for word in words[first + 1 : last + 1])
    return first if more else first + 1


def name_text(text: Text, name: Name) -> str:
    """The name as the text has it, a headline's capitals and a full stop at its end undone."""
    first = name.first
    if first == name.last and first > name.before:
        # "Pak Saleh": with one name alone such a title belongs to it.
        first -= text.words[first - 1].lower in words_of("titles.kept")
    shown = text.shown(range(first, name.last + 1))
    if shown.isupper() and len(shown.split()) > 1:
        shown = " ".join(word.capitalize() if len(word) > 1 else word for word in shown.split())
    return shown


def _unsure(words: list[Word], name: Name, known: set[str]) -> bool:
    """Whether the capital is but that of a sentence's first word."""
    single = name.before == name.last and words[name.last].initial
    return single and words[name.last].lower not in known


def _is_dateline(words: list[Word], name: Name) -> bool:
    """A place in capitals at a paragraph's start."""
    first = name.before == 0 or words[name.before - 1].paragraph != words[name.before].paragraph
    following = words[name.last + 1].text if name.last + 1 < len(words) else ""
    if following == "(" and any(person_noun(w.lower) for w in words[name.last + 2 : name.last + 6]):
        return False
    return first and words[name.last].text.isupper() and following in _DATELINE


def _with_body_noun(words: list[Word], name: Name) -> Name:
    """A name with the common noun of the body that it names: "Nordlicht shipyard"."""
    at = name.last + 1
    if name.kind != "unknown" or at >= len(words) or not words[at].text.islower():
        return name
    known = classes_of("bodies").get(words[at].lower)
    apart = words[at].start - words[at - 1].end > 1 or words[at].sentence != words[at - 1].sentence
    if known in (None, "media", "social") or apart:
        return name
    return Name(name.before, name.first, at, "body")


def _capitals(words: list[Word]) -> set[str]:
    """Words with a capital where no sentence begins."""
    return {w.lower for w in words if w.capital and not w.initial}


def _opens(word: Word) -> bool:
    acronym = 1 < len(word.text) < 6 and word.text.isupper()
    return word.capital and (acronym or word.lower not in words_of("words.function"))


def _run_end(words: list[Word], first: int) -> int:
    last, body = first, False
    while last - first < _LONGEST:
        body = body or noun_in(words[last].lower, "bodies") is not None
        following = _continues(words, last, body=body)
        if following is None:
            break
        last = following
    return last


def _continues(words: list[Word], last: int, *, body: bool) -> int | None:
    """The index of the run's next capitalised word, over a particle or joiner."""
    # "Union of Workers", "de la Cruz", "Mothers on the Bus".
    passed = 0
    for at in range(last + 1, min(last + 4, len(words))):
        word = words[at]
        if word.sentence != words[last].sentence or word.start - words[at - 1].end > 1:
            return None
        if word.capital:
            return None if word.text[0] == "@" or _closes(words, at) else at
        if passed == 0 and word.text in _APOSTROPHES and words[last].lower.endswith("s"):
            # "Rock Workers' Union", but not a quotation's end.
            body, passed = True, 1
            continue
        if passed == 0 and word.lower in ("'s", "’s") and _calls(words, last, at + 1):
            # "Bargemen’s Union" and "Ombudsman’s Office" are one name, "Brandt’s Union" two.
            passed = 1
            continue
        if passed == 0 and word.text.isdigit() and len(word.text) < 3 and not words[last].initial:
            return at
        particle = word.lower in words_of("words.particles")
        joiner = body and word.lower in words_of("words.joiners")
        if not (particle or joiner):
            return None
        passed += 1
    return None


def _calls(words: list[Word], owner: int, body: int) -> bool:
    """Whether a body is called after an owner who is many, or an office."""
    if words[owner].lower.endswith(_PLURALS):
        return True
    noun = body < len(words) and words[body].capital and noun_in(words[body].lower, "bodies")
    return bool(noun) and _is_office(words[owner])


def _closes(words: list[Word], at: int) -> bool:
    """Whether a capitalised word cannot be part of a name that has begun."""
    lower = words[at].lower
    if lower in ("may", "april", "june", "august"):
        return not _given(words[at - 1])
    return lower == "i" or lower in words_of("words.calendar") or words[at].initial


def _given(word: Word) -> bool:
    return word.lower in given_names()


def _is_title(word: Word) -> bool:
    lower = word.lower.rstrip(".")
    return any(lower in words_of(f"titles.{key}") for key in ("male", "female", "any")) or (
        _is_office(word)
    )


def _is_office(word: Word) -> bool:
    lower = word.lower.rstrip(".")
    if lower.endswith(("-general", "-keeper")):
        return True
    noun = noun_in(lower, "persons")
    return noun == lower and classes_of("persons")[noun] != "named"
