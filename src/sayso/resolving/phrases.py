"""Noun phrases by rule: determiner, owner, head noun, complement, and what they tell of a name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sayso.resolving.names import Name, split
from sayso.resolving.words import Text, Word, classes_of, noun_in, person_noun, words_of

# Words looked at before and after a name for what it is.
_BEFORE, _AFTER = 10, 16
_POSSESSIVE = frozenset({"'s", "’s"})
_APOSTROPHES = frozenset("'’")
_PAUSES = frozenset(",;:()–—-")
_STOPS = _PAUSES | frozenset(".!?…")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase without its appositions and relative clauses.

    Attributes:
        words: indices of the core: without determiner and owner, up to the first preposition.
        head: index of the head noun.
        noun: its singular, lower case.
        sort: ``person``, ``body``, ``document`` or ``other``.
        determiner: ``definite``, ``indefinite``, ``owned`` or ``bare``.
        owner: indices of who owns it (a pronoun too), empty if nobody.
        complement: indices from the first preposition on.
        plural: whether the head noun is.
    """

    words: range
    head: int
    noun: str
    sort: str
    determiner: str
    owner: range
    complement: range
    plural: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What the words around a name tell of it.

    Attributes:
        kind: ``person``, ``body``, ``account`` or ``unknown``.
        nouns: head nouns by which it may be meant later ("the minister").
        office: as the text has it, titles and determiner left out.
        organisation: indices of the phrase that names it, a pronoun too.
        source_class: as the lexicon has it for these nouns.
    """

    kind: str
    gender: str | None = None
    nouns: tuple[str, ...] = ()
    office: str | None = None
    organisation: range = range(0)
    source_class: str | None = None


def parse(text: Text, span: range) -> Phrase | None:
    """The phrase that the words of a span form; None where there is no word."""
    words = text.words
    at = span.start
    while at < span.stop and not words[at].is_word:
        at += 1
    stop = _core_end(words, at, span.stop)
    if at >= stop:
        return None
    determiner, start = _determiner(words, at, stop)
    owner = range(0)
    possessive = _possessive(words, start, stop)
    if possessive is not None:
        owner, start, determiner = range(start, possessive), possessive + 1, "owned"
    elif determiner == "owned":
        owner = range(at, at + 1)
    if start >= stop:
        return None
    head, noun, sort = _head(words, start, stop)
    lower = words[head].lower
    plural = noun != lower and (lower != noun)
    return Phrase(
        range(start, stop), head, noun, sort, determiner, owner, range(stop, span.stop), plural
    )


def _core_end(words: list[Word], start: int, stop: int) -> int:
    for at in range(start + 1, stop):
        word = words[at]
        if word.text in _PAUSES or word.lower in words_of("words.prepositions"):
            return at
        if word.lower in words_of("words.relatives"):
            return at
    return stop


def _determiner(words: list[Word], at: int, stop: int) -> tuple[str, int]:
    lower = words[at].lower
    if lower in words_of("words.owners"):
        return "owned", at + 1
    if lower in words_of("words.indefinite"):
        return "indefinite", at + 1
    if lower in words_of("words.determiners") or (lower == "same" and at + 1 < stop):
        following = words[at + 1].lower if at + 1 < stop else ""
        return "definite", at + 2 if following == "same" else at + 1
    return "bare", at


def _possessive(words: list[Word], start: int, stop: int) -> int | None:
    """The last possessive ending that a noun follows."""
    for at in range(stop - 2, start, -1):
        if words[at].lower in _POSSESSIVE:
            return at
    return None


def _head(words: list[Word], start: int, stop: int) -> tuple[int, str, str]:
    for at in range(stop - 1, start - 1, -1):
        lower = words[at].lower
        if words[at].is_word:
            sort, noun = sort_of(lower)
            if sort != "other":
                return at, noun, sort
    last = next((i for i in range(stop - 1, start, -1) if words[i].is_word), start)
    return last, words[last].lower, "other"


@lru_cache(65536)
def sort_of(lower: str) -> tuple[str, str]:
    """What a noun (lower case) is for, and its singular."""
    person = person_noun(lower)
    if person:
        return "person", person
    for section, sort in (("bodies", "body"), ("documents", "document")):
        noun = noun_in(lower, section)
        if noun:
            return sort, noun
    return "other", lower


def facts_of(text: Text, name: Name) -> Facts:
    """What stands before and after a name, within its sentence, tells of it."""
    own = _own_facts(text, name)
    if name.kind == "account":
        return own
    kind, gender = own.kind, own.gender
    office, nouns, organisation, known = own.office, own.nouns, own.organisation, own.source_class
    for phrase in (_before(text, name), _after(text, name)):
        if phrase is None or phrase.sort not in ("person", "body"):
            continue
        if phrase.sort == "person" and kind != "body":
            kind = "person"
            gender = gender or gender_of(phrase.noun)
            if office is None or (office is own.office and _is_rank(own)):
                office = office_text(text, phrase)
            organisation = organisation or organisation_of(text, phrase)
            known = known or classes_of("persons").get(phrase.noun, "expert")
            nouns = (*nouns, phrase.noun)
        elif phrase.sort == "body" and kind != "person" and not phrase.plural:
            known = known or classes_of("bodies")[phrase.noun]
            kind = "account" if known == "social" else "body"
            nouns = (*nouns, phrase.noun)
    return Facts(kind, gender, nouns, office, organisation, known)


def _is_rank(facts: Facts) -> bool:
    return bool(facts.nouns) and facts.nouns[-1] in words_of("words.ranks")


def _own_facts(text: Text, name: Name) -> Facts:
    titles = [
        at
        for at in range(name.before, name.first)
        if text.words[at].lower not in words_of("titles.kept")
    ]
    gender = _gender(text.words, name)
    if name.kind == "account":
        return Facts("account", source_class="social")
    if name.kind == "body":
        noun = _body_noun(text.words, name)
        nouns = (noun,) if noun else ()
        known = classes_of("bodies")[nouns[0]] if nouns else None
        return Facts("body", None, nouns, source_class=known)
    offices = [noun for at in titles for noun in [_office_noun(text.words[at])] if noun]
    if not offices:
        return Facts(name.kind, gender)
    last = max(at for at in titles if _office_noun(text.words[at]))
    office = text.shown(range(name.before, last + 1))
    known = classes_of("persons").get(offices[-1])
    return Facts("person", gender, tuple(offices), office, range(0), known)


def _body_noun(words: list[Word], name: Name) -> str | None:
    """The head noun of a body's name: the last before "of" or "for"."""
    found = None
    for at in range(name.first, name.last + 1):
        if found and words[at].lower in ("of", "for", "on", "and"):
            break
        found = noun_in(words[at].lower, "bodies") or found
    return found


def _office_noun(word: Word) -> str | None:
    return noun_in(word.lower.rstrip("."), "persons")


def _gender(words: list[Word], name: Name) -> str | None:
    for at in range(name.before, name.first):
        lower = words[at].lower.rstrip(".")
        for gender in ("male", "female"):
            if lower in words_of(f"titles.{gender}") or lower in words_of(f"gender.{gender}"):
                return gender
    if name.kind == "body":
        return None
    first = words[name.first].lower
    for gender in ("male", "female"):
        if first in words_of(f"given.{gender}") and name.last > name.first:
            return gender
    return None


def gender_of(noun: str) -> str | None:
    """The gender that a noun for a person tells."""
    return next((g for g in ("male", "female") if noun in words_of(f"gender.{g}")), None)


def _before(text: Text, name: Name) -> Phrase | None:
    """The phrase before a name: "board president X", or set apart by a comma: "its head, X"."""
    words = text.words
    stop = name.before
    if stop == 0:
        return None
    apart = words[stop - 1].text == ","
    stop -= apart
    start = _left(words, stop, words[name.first].sentence, apart=apart)
    if start >= stop:
        return None
    phrase = parse(text, range(start, stop))
    if phrase is None or phrase.plural:
        return None
    if apart:
        definite = phrase.determiner in ("definite", "owned")
        return phrase if definite and phrase.head >= phrase.words.start else None
    return phrase if phrase.head == stop - 1 else None


def _left(words: list[Word], stop: int, sentence: int, *, apart: bool) -> int:
    """Where the phrase that ends at ``stop`` may begin: at its determiner, after a verb."""
    start = stop
    for at in range(stop - 1, max(stop - 1 - _BEFORE, -1), -1):
        word = words[at]
        if word.sentence != sentence or word.text in _PAUSES or word.text in '"“”„':
            break
        lower = word.lower
        if lower in words_of("words.determiners"):
            inner = apart and at and words[at - 1].lower in words_of("words.prepositions")
            if not inner:
                return at
            continue
        plain = lower in words_of("words.function") or lower in words_of("words.reporting")
        plain = plain and (word.initial or not word.capital)
        plain = plain or lower in words_of("words.calendar") or (not apart and _is_verb(lower))
        joining = apart and lower in words_of("words.prepositions")
        if plain and not joining and lower not in _POSSESSIVE:
            break
        start = at
    return stop if apart and start < stop and not _owned_from(words, start, stop) else start


def _is_verb(lower: str) -> bool:
    return lower.endswith(("ed", "quotes", "cites")) and len(lower) > 4


def _owned_from(words: list[Word], start: int, stop: int) -> bool:
    return any(words[at].lower in _POSSESSIVE for at in range(start, stop))


def _after(text: Text, name: Name) -> Phrase | None:
    """The apposition after a name: ", a criminologist," or "(Minister of Transport)"."""
    words = text.words
    at = name.last + 1
    if at >= len(words) or words[at].text not in (",", "("):
        return None
    at += 1
    while at + 1 < len(words) and (words[at].text.isdigit() and words[at + 1].text == ","):
        at += 2
    if at < len(words) and words[at].lower in ("now", "then", "once"):
        at += 1
    lists = ("prepositions", "relatives")
    if at < len(words) and any(words[at].lower in words_of(f"words.{name}") for name in lists):
        return None
    stop = at
    while stop < min(at + _AFTER, len(words)) and words[stop].text not in _STOPS:
        if words[stop].sentence != words[name.last].sentence or words[stop].text in '"“”„':
            break
        stop += 1
    closed = stop == len(words) or words[stop].text in _STOPS
    phrase = parse(text, range(at, stop)) if closed and stop > at else None
    if phrase is None or phrase.plural or _goes_on(words, phrase, stop):
        return None
    # In capitals it must be an office, ", Minister of Transport,": else it is one more name.
    return phrase if phrase.sort == "person" or not words[at].capital else None


def _goes_on(words: list[Word], phrase: Phrase, stop: int) -> bool:
    """Whether what follows a noun phrase makes it a clause: "… by the Guard, the ministry said"."""
    after = words[phrase.head + 1] if phrase.head + 1 < stop else None
    if after is None or not after.text.isalpha():
        return False
    lists = ("prepositions", "relatives")
    return not any(after.lower in words_of(f"words.{name}") for name in lists)


def office_text(text: Text, phrase: Phrase) -> str:
    """The office as the phrase has it, with a complement that names no organisation."""
    organisation = organisation_of(text, phrase)
    stop = phrase.head + 1
    owned = organisation and organisation.start < phrase.head
    start = phrase.words.start
    if owned and organisation.start >= start and _is_own_name(text.words, organisation):
        start = organisation.stop
    if phrase.complement and not organisation:
        stop = _complement_end(text.words, phrase.complement)
    return text.shown(range(start, stop))


def _is_own_name(words: list[Word], part: range) -> bool:
    """Whether the first part of an office is a body's name and not a field: "board president"."""
    named = any(words[at].capital and not words[at].initial for at in part)
    return named or words[part[-1]].lower in words_of("words.boards")


def _complement_end(words: list[Word], complement: range) -> int:
    """A complement up to the next clause: "of White Nile State"."""
    if words[complement.start].lower not in ("of", "for"):
        return complement.start
    for at in range(complement.start + 1, complement.stop):
        lower = words[at].lower
        if words[at].text in _PAUSES or lower in words_of("words.relatives"):
            return at
    return complement.stop


def organisation_of(text: Text, phrase: Phrase) -> range:
    """The words that name whom an office belongs to: owner, complement or first part."""
    words = text.words
    if phrase.owner:
        owner = phrase.owner
        return owner if _names_body(text, owner) else range(0)
    if phrase.complement and words[phrase.complement.start].lower in ("of", "at", "for", "with"):
        inside = range(phrase.complement.start + 1, _body_end(words, phrase.complement))
        corporate = phrase.noun in words_of("words.corporate") and len(inside) > 1
        named = corporate and all(words[at].capital for at in inside)
        return inside if inside and (named or _names_body(text, inside)) else range(0)
    first = phrase.words.start
    parts = range(first, phrase.head)
    if parts and (
        noun_in(words[parts[-1]].lower, "bodies") and not _is_adjective(words[parts[-1]].lower)
    ):
        return parts
    return range(0)


def _is_adjective(lower: str) -> bool:
    return lower in ("state", "city", "county", "town", "province", "district", "police")


def _body_end(words: list[Word], complement: range) -> int:
    for at in range(complement.start + 1, complement.stop):
        if words[at].text in _PAUSES or words[at].lower in words_of("words.relatives"):
            return at
    return complement.stop


def _names_body(text: Text, span: range) -> bool:
    lower = [text.words[at].lower for at in span]
    if len(lower) == 1 and lower[0] in ("its", "their"):
        return True
    if lower[-1] in words_of("words.places"):
        return False
    return any(noun_in(word, "bodies") for word in lower) or _is_acronym(text, span)


def _is_acronym(text: Text, span: range) -> bool:
    shown = text.words[span[-1]].text
    return shown.isupper() and len(shown) > 1


def first_name(text: Text, span: range) -> Name | None:
    """The capitalised words at a span's start as a name, however unsure."""
    words = text.words
    stop = span.start
    while stop < span.stop and words[stop].capital:
        stop += 1
    return split(words, span.start, stop - 1) if stop > span.start else None
