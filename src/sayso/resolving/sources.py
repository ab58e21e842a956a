"""What a source is: a pronoun, a name with what is told of it, or a description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.resolving.phrases import Phrase, first_name, parse, sort_of
from sayso.resolving.words import Text, words_of

if TYPE_CHECKING:
    from sayso.resolving.names import Name

PRONOUNS = {
    "he": ("person", "male", False),
    "him": ("person", "male", False),
    "his": ("person", "male", False),
    "himself": ("person", "male", False),
    "she": ("person", "female", False),
    "her": ("person", "female", False),
    "hers": ("person", "female", False),
    "herself": ("person", "female", False),
    "it": ("body", None, False),
    "its": ("body", None, False),
    "itself": ("body", None, False),
    "they": ("any", None, True),
    "them": ("any", None, True),
    "their": ("any", None, True),
    "theirs": ("any", None, True),
    "who": ("person", None, False),
    "whom": ("person", None, False),
    "which": ("body", None, False),
    "that": ("body", None, False),
    "i": ("speaker", None, False),
    "me": ("speaker", None, False),
    "my": ("speaker", None, False),
    "mine": ("speaker", None, False),
    "we": ("speaker", None, True),
    "us": ("speaker", None, True),
    "our": ("speaker", None, True),
}
# With more words after them these own or point at a noun: "his lawyer".
_POINTING = words_of("words.owners") | {"that", "which", "us"}
_TRAILING = frozenset({"'s", "’s", "'", "’", ",", ".", ":", ";", "-", "–", "—", ")"})
_OPENING = frozenset({"and", "but", "even", "yet", "also", "(", '"', "“", ",", "—", "–", "-"})
_BREAKS = frozenset({",", "(", ")", "–", "—", ";"})


@dataclass(frozen=True, slots=True)
class Source:
    """A source's parts.

    Attributes:
        at: index of its first word.
        pronoun: lower case, where it is one.
        name: words of the name that is its head or stands in apposition to it.
        phrase: the common noun phrase it is, or that goes with the name.
        unsure: whether the name is but a capital at a sentence's start.
    """

    at: int
    pronoun: str | None = None
    name: range | None = None
    phrase: Phrase | None = None
    unsure: bool = False


def source_of(text: Text, words: range, names: list[Name]) -> Source | None:
    """The parts of a source; ``names`` begin in it or right after. None where it is empty."""
    span = _trimmed(text, words)
    if not span:
        return None
    pronoun = _pronoun(text, span)
    if pronoun:
        return Source(span.start, pronoun=pronoun)
    found = _named(text, span, names)
    if found:
        return found
    head = _segments(text, span)[0]
    return Source(span.start, phrase=parse(text, head))


def _pronoun(text: Text, span: range) -> str | None:
    first = text.words[span.start]
    if first.lower not in PRONOUNS or _is_acronym(first.text):
        return None
    return first.lower if len(span) == 1 or first.lower not in _POINTING else None


def _named(text: Text, span: range, names: list[Name]) -> Source | None:
    """The source with the name that is its head or stands in apposition to it, if any."""
    parts = _segments(text, span)
    head = parts[0]
    name = _name_at_end(text, head, names)
    if name and not (len(parts) > 1 and _is_place(text, name)):
        return Source(span.start, name=_whole(name), phrase=_phrase_before(text, head, name))
    phrase = parse(text, head)
    for part in parts[1:]:
        apposed = _name_apposed(text, part, names)
        if apposed:
            return Source(span.start, name=_whole(apposed), phrase=phrase)
    beside = _name_beside(text, span, phrase, names)
    if beside:
        return Source(span.start, name=_whole(beside), phrase=phrase)
    unsure = None if phrase and phrase.determiner != "bare" else first_name(text, head)
    whole = unsure is not None and unsure.last == _core_last(text, head)
    if unsure and whole and (phrase is None or phrase.sort == "other"):
        return Source(span.start, name=_whole(unsure), unsure=True)
    return None


def _is_place(text: Text, name: Name) -> bool:
    """Whether a name that opens a source only says where: "In [Gorrun, keeper X]"."""
    before = text.words[name.before - 1].lower if name.before else ""
    return name.kind == "unknown" and before in ("in", "at", "near", "from")


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _core_last(text: Text, part: range) -> int:
    phrase = parse(text, part)
    return phrase.words.stop - 1 if phrase else part.stop - 1


def _name_beside(text: Text, span: range, phrase: Phrase | None, names: list[Name]) -> Name | None:
    """The name that follows a source which was cut before it: "[its head] X", "[its head], X,"."""
    if phrase is None or phrase.sort != "person" or phrase.plural or phrase.complement:
        return None
    words, at = text.words, span.stop
    comma = at < len(words) and words[at].text == ","
    for name in names:
        if name.before == at + comma and name.kind != "body":
            after = words[name.last + 1].text if name.last + 1 < len(words) else ""
            return name if not comma or after == "," else None
    return None


def _whole(name: Name) -> range:
    return range(name.before, name.last + 1)


def _trimmed(text: Text, span: range) -> range:
    start, stop = span.start, span.stop
    while stop > start and text.words[stop - 1].lower in _TRAILING:
        stop -= 1
    while start < stop - 1 and text.words[start].lower in _OPENING:
        start += 1
    return range(start, stop)


def _segments(text: Text, span: range) -> list[range]:
    """The source up to its first relative clause, cut at commas and dashes."""
    parts, start = [], span.start
    for at in span:
        word = text.words[at]
        relative = at > span.start and word.lower in words_of("words.relatives")
        if word.text in _BREAKS or relative:
            owns = at > start and text.words[at - 1].lower in ("'s", "’s")
            if at - owns > start:
                parts.append(range(start, at - owns))
            start = at + 1
        if relative:
            start = span.stop
            break
    if start < span.stop:
        parts.append(range(start, span.stop))
    return parts or [span]


def _name_at_end(text: Text, part: range, names: list[Name]) -> Name | None:
    """The name at the end of a phrase's core: "the rapper Vela", "Ann Low of Adelaide"."""
    for name in names:
        if not part.start <= name.before <= name.last < part.stop:
            continue
        inside = range(part.start, name.before)
        if any(text.words[at].lower in words_of("words.prepositions") for at in inside):
            return None
        following = text.words[name.last + 1] if name.last + 1 < part.stop else None
        if following is None or following.lower in words_of("words.prepositions"):
            return name
        if following.text in _TRAILING or sort_of(following.lower)[0] != "other":
            continue
        if name.kind in ("person", "account"):
            return name
    return None


def _phrase_before(text: Text, part: range, name: Name) -> Phrase | None:
    return parse(text, range(part.start, name.before)) if name.before > part.start else None


def _ends_plainly(text: Text, part: range, name: Name) -> bool:
    """Whether a person's name ends an apposition that says nothing of others."""
    between = (text.words[at].lower for at in range(part.start, name.before))
    plain = not any(word in words_of("words.prepositions") for word in between)
    person = name.kind == "person" or (name.kind == "unknown" and name.last > name.first)
    return plain and person and name.last + 1 == part.stop


def _name_apposed(text: Text, part: range, names: list[Name]) -> Name | None:
    """The name in an apposition, first or after an office: "M.A. student Ada Low"."""
    for name in (name for name in names if part.start <= name.before < part.stop):
        before = text.words[name.before - 1]
        first = name.before == part.start or before.lower in ("the", "called", "named")
        if first or sort_of(before.lower)[0] == "person" or _ends_plainly(text, part, name):
            following = text.words[name.last + 1].lower if name.last + 1 < part.stop else ""
            if sort_of(following)[0] == "other":
                return name
    return None
