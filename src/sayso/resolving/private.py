"""Who in an article is private: the rule of docs/decisions/0005-private-names.md.

Private is anyone to whom the article gives no public role; victims, minors, detainees and
relatives always. Roles are taken from titles, appositions and bylines, never from what a
person does or says. What cannot be decided is private.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sayso.resolving.contacts import Contact, contacts
from sayso.resolving.people import (
    IGNORABLE,
    Atoms,
    Mention,
    Name,
    Scene,
    atoms_of,
    in_list,
    is_common,
    is_given,
    is_person_noun,
    listed,
    names,
    scene_of,
)

if TYPE_CHECKING:
    from sayso.records import Article

LANGUAGES = ("en",)
"""In texts of these the rules hold; of others nobody can say whom they name."""

_UNSEEN = re.compile(f"[{IGNORABLE}]")


@dataclass(frozen=True, slots=True)
class Person:
    """One private person of an article.

    Attributes:
        name: folded words of the fullest name; by it two articles' persons are compared.
        forms: the full names, folded.
        alone: words that mean this person when they stand alone.
    """

    name: Atoms
    forms: frozenset[Atoms]
    alone: frozenset[str]


@dataclass(frozen=True, slots=True)
class Findings:
    """What an article may not tell those who have no business with it.

    Attributes:
        people: the private ones.
        public: full names that stay, folded, though a private person shares a part of one.
        contacts: with their spans in the article's text.
    """

    people: tuple[Person, ...]
    public: frozenset[Atoms]
    contacts: tuple[Contact, ...]


def private_of(article: Article, public: Collection[str] = ()) -> Findings:
    """The private persons of an article, and all handles, numbers and addresses.

    Args:
        article: in English; of other languages nothing is sure.
        public: names to which a codebook gives a public role.
    """
    text, places = _seen(article.text)
    scene = scene_of(text)
    known = {atoms_of(name.split()) for name in public}
    signed = _signed(article)
    people: list[Person] = []
    kept: set[Atoms] = set()
    for name in names(scene):
        if name.score <= 0:
            continue
        if _is_public(scene, name, signed) or name.forms & known:
            kept |= name.forms
        else:
            people.append(_person(name))
    found = tuple(
        Contact(one.kind, (places[one.span[0]], places[one.span[1] - 1] + 1), one.value)
        for one in contacts(text)
    )
    return Findings(tuple(people), frozenset(kept), found)


def _seen(text: str) -> tuple[str, range | list[int]]:
    """The text without unseen characters, and where each of its characters stood."""
    if not _UNSEEN.search(text):
        return text, range(len(text))
    places = [at for at, sign in enumerate(text) if sign not in IGNORABLE]
    return "".join(text[at] for at in places), places


def _person(name: Name) -> Person:
    alone = {one.atoms[0] for one in (*name.mentions, *name.unsure) if len(one.atoms) == 1}
    for form in name.forms:
        last, first = form[-1], form[0]
        # A surname is looked for everywhere, a given name where it can be nothing else.
        alone |= {last} if len(last) > 1 else set()
        if len(first) > 1 and first not in listed("world") and not is_common(first):
            alone.add(first)
    return Person(name.longest, frozenset(name.forms), frozenset(alone))


def _signed(article: Article) -> set[Atoms]:
    """The names in bylines and sign-offs."""
    found: set[Atoms] = set()
    for part in article.furniture:
        if part.kind in {"byline", "sign-off"}:
            for piece in re.split(r",|;|\band\b|&|\bby\b|\bwith\b", part.value):
                words = [word for word in re.findall(r"[\w’'.-]+", piece) if word[0].isupper()]
                found.add(atoms_of(words))
    return found - {()}


# --- public


def _is_public(scene: Scene, name: Name, signed: set[Atoms]) -> bool:
    if any(_is_always_private(scene, one) for one in (*name.mentions, *name.unsure)):
        return False
    if name.forms & signed or any(form[-2:] in signed for form in name.forms):
        return True
    full = [one for one in name.mentions if one.atoms in name.forms]
    if any(_has_role(scene, one) for one in full):
        return True
    # "Mayor Lee" is not the baker Ann Lee.
    kinds = {kind for one in full for kind in _told(one, *_beside(scene, one))}
    return "other" not in kinds and any(_has_role(scene, one) for one in name.mentions)


def _beside(scene: Scene, one: Mention) -> tuple[str, str]:
    return scene.before(one.begin), scene.after(one.end)


def _has_role(scene: Scene, one: Mention) -> bool:
    """Whether this mention tells of a public role."""
    before, after = _beside(scene, one)
    if _by_title(scene, one):
        return True
    return (
        "public" in _told(one, before, after)
        or _of_office(one, before)
        or bool(_RULED.search(before) or _RULES.match(after) or _SEAT.match(after))
        or _affiliated(after)
    )


def _told(one: Mention, before: str, after: str) -> set[str | None]:
    """What the noun phrases beside a name make of its bearer."""
    return {
        _noun_before(one, before),
        _apposed_before(before),
        _apposed_after(after),
        _is_what(after),
    }


def _by_title(scene: Scene, one: Mention) -> bool:
    if any(_kind(title) == "public" or title in listed("public.titles") for title in one.titles):
        return True
    # "Keeper Brask" in a text that knows of keepers.
    return not one.initial and any(
        is_common(title)
        and title in scene.lowers
        and not is_given(title)
        and title not in listed("private.titles")
        and not is_person_noun(title)
        for title in one.titles[-1:]
    )


def _of_office(one: Mention, before: str) -> bool:
    """As in "Minister of Waterways X": the words after "of" were taken from the name."""
    match = _OFFICE_OF.search(before)
    return bool(one.titles) and bool(match) and _kind(match[1]) == "public"  # type: ignore[index]


_SECTIONS = (
    ("relation", ("private.relation",)),
    ("minor", ("private.minor",)),
    ("victim", ("private.victim",)),
    ("public", ("public.office", "public.clergy", "public.journalist", "public.expert",
                "public.famous")),
    ("other", ("person.other",)),
)  # fmt: skip


@cache
def _kind(word: str) -> str | None:
    """What a noun makes of the person it tells of; compounds go by their last part."""
    lower = word.lower().strip(".,'’")
    for form in dict.fromkeys((lower, lower.rpartition("-")[2])):
        for kind, sections in _SECTIONS:
            if any(in_list(form, section) for section in sections):
                return kind
    return None


_WORDS = re.compile(r"[\w’'.-]*\w")
_POSSESSIVE = re.compile(r"[’']s?$")
_PREPOSITION = frozenset(
    "of for in at to from with on by over under against who whose that which when where as".split()
)
_DIRECT = re.compile(r"(?:([\w’'-]+)\s)?([\w’'.-]+)\s+[“\"‘«(]?$")
_SEGMENT = re.compile(r"([^,;:.!?()“”\"«»\n]{2,160})(?:,|:| [–—-])\s+$")
_AFTER = re.compile(
    r"^(?:[’']s)?\s?(?:,|\(|–|—|-)\s?(?:(?:aged\s)?\d{1,3}\s?[,)]\s?)?"
    r"(?P<segment>[^,;:.!?()“”\"«»\n–—]{2,160})"
)
_IS = re.compile(
    r"^(?:,[^,.;\n]{1,40},)?\s+(?:is|was|became|becomes|remains|serves as|served as|works as|"
    r"worked as|has been|had been)\s+(?P<segment>(?:the|a|an|one of|[\w’'-]+)\b[^,;:.!?\n]{2,120})"
)
_AS = re.compile(r"^,?\s(?:as|in (?:his|her) (?:role|capacity) as)\s(?P<segment>[^,;:.!?\n]{2,80})")
_WHO = re.compile(
    r"^,?\s(?:\d{1,3},\s)?\(?who\s(?:has\s|had\s|also\s|\w+ly\s)*(?P<verb>[\w-]+)(?P<rest>[^,;:.!?\n]{0,80})"
)
_OF_BODY = re.compile(
    r"^,?\s(?:of|from|with|at)\s(?:the\s|its\s|their\s)?(?P<body>[^,;:.!?()“”\"«»\n]{2,80})"
)
_OFFICE_OF = re.compile(
    r"([\w’'-]+)\s(?:of|for)\s(?:the\s)?(?:[\w’'-]+,?\s(?:and\s|of\s|for\s)?){0,5}$"
)
_STATE = r"(?:regime|government|administration|cabinet|dictatorship|presidency|junta|premiership)"
_RULED = re.compile(rf"\b{_STATE}\sof\s$", re.IGNORECASE)
_RULES = re.compile(rf"^[’']s?\s(?:[\w-]+\s)?{_STATE}\b")
# "(D-Ohio)", "(Lab, Leeds North)".
_SEAT = re.compile(r"^,?\s\(?(?:[DIR]|Lab|Con|LD|SNP|ALP|LNP)(?:[-–]|,\s)[A-Z]")
_WHOSE_BODY = re.compile(r"^,?\swhose\s(?P<body>[^,;:.!?\n]{2,60})")
_INVERTED = re.compile(
    r"(?:^|[.!?”\"»]\s)(?:The|Its|Their|Our)\s(?P<segment>[^.!?\n]{3,180})\s(?:is|was)\s$"
)
_MEMBER = re.compile(r"\bmembers?\s(?:of\s(?:the\s)?)?(?:[\w’'-]+\s){0,4}?([\w-]+)\b")


def _noun_before(one: Mention, before: str) -> str | None:
    """The noun directly before: "spokeswoman X"."""
    if one.titles:
        return None
    match = _DIRECT.search(before)
    if match is None or _POSSESSIVE.search(match[2]):
        return None
    return _kind(f"{match[1] or ''}-{match[2]}".lstrip("-"))


def _apposed_before(before: str) -> str | None:
    """The noun phrase before a comma: "the head of the mission, X"."""
    inverted = _INVERTED.search(before)
    if inverted:
        return _phrase(inverted["segment"])
    match = _SEGMENT.search(before)
    if match is None:
        return None
    words = _WORDS.findall(match[1])
    if not words:
        return None
    last = None if _POSSESSIVE.search(words[-1]) else _kind(words[-1])
    if last and last != "public":
        return last
    for place, word in enumerate(words):
        kind = None if _POSSESSIVE.search(word) else _kind(word)
        ends = place + 1 == len(words) or words[place + 1].lower() in _PREPOSITION
        if kind and ends and not _has_verb(words[place + 1 :]):
            return kind
    return None


def _apposed_after(after: str) -> str | None:
    """The noun phrase after a comma: "X, head of the mission"."""
    who = _WHO.match(after)
    if who:
        is_what = (
            _phrase(who["rest"]) if who["verb"].lower() in {"is", "was", "be", "been"} else None
        )
        return "public" if who["verb"].lower() in listed("public.verbs") else is_what
    match = _AFTER.match(after)
    return _phrase(match["segment"]) if match else None


def _is_what(after: str) -> str | None:
    match = _IS.match(after) or _AS.match(after)
    return _phrase(match["segment"]) if match else None


def _phrase(segment: str) -> str | None:
    """What the head of a noun phrase that begins a segment makes of a person."""
    words = _WORDS.findall(segment)
    head: list[str] = []
    for word in words:
        if word.lower() in _PREPOSITION:
            break
        head.append(word)
    if not head or _has_verb(head) or head[0].lower() in _NO_PHRASE:
        return None
    member = _MEMBER.match(" ".join(words[len(head) - 1 :]))
    if member and member[1].lower() in listed("public.houses"):
        return "public"
    found = [
        (place, kind)
        for place, word in enumerate(head)
        if not _POSSESSIVE.search(word) and (kind := _kind(word))
    ]
    if not found:
        return None
    place, kind = found[-1]
    rest = head[place + 1 :]
    # "X, President Y and Z": a list, in which Y is the president.
    other = rest and rest[0][0].isupper() and not is_common(rest[0])
    return None if other or len(rest) > 2 else kind


_NO_PHRASE = frozenset(
    "and but or nor so yet he she they it we i you then there here if because while".split()
)


def _has_verb(words: list[str]) -> bool:
    return any(word.lower() in listed("person.says") or word.lower() in _VERBS for word in words)


_VERBS = frozenset(
    "is was are were has had have be been being did does do will would can could may might must "
    "became becomes took takes made makes gave gives got gets went goes came comes".split()
)


def _affiliated(after: str) -> bool:
    """As in "X of the Shippers' Exchange": of a body that speaks, not of a town, ship or force."""
    match = _OF_BODY.match(after) or _WHOSE_BODY.match(after)
    if match is None:
        return False
    words = _WORDS.findall(match["body"])
    for place, word in enumerate(words[:7]):
        if word.lower() in _VERBS | listed("person.says"):
            return False
        if word[0].isupper() and in_list(word, "public.bodies"):
            return True
        if word.islower() and place and word in _PREPOSITION - {"of", "for"}:
            return False
    return False


# --- always private

_ANY = r"[\w’'.-]+"
_BE = (
    r"(?:is|was|were|are|be|been|being|got|gets|has been|had been|have been|is being|was being|"
    r"were being|will be|would be|could be|might be|may be|to be|remains|remained)"
)
_CAPITAL = r"[^\W\d_a-z][\w’'.-]*"
# "X, 44, and Y were killed": what may stand between.
_TOGETHER = (
    rf"(?:(?:,|\sand|,\sand|\s&)\s(?:{_CAPITAL}|\d{{1,3}}|of|the|de|al|van)"
    rf"(?:\s(?:{_CAPITAL}|of|the|de|al|van))*)*"
)
_ASIDE = r"(?:,\s[^,.;!?\n]{1,80},)?"
_HELD = (
    r"(?:in\s(?:\w+\s){0,2}(?:custody|prison|jail|detention|captivity)|behind bars|"
    r"under (?:house )?arrest|in the (?:\w+ )?(?:prison|jail)|missing|on trial|on remand|dead)"
)
_YOUNG = (
    r"(?:\d|1[0-7]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|"
    r"fourteen|fifteen|sixteen|seventeen)"
)
_LEAVING = r"from\s(?:\w+\s){0,2}(?:dut|post|office|hospital|contract|position)"


def _one_of(name: str) -> str:
    return "|".join(sorted(map(re.escape, listed(name)), key=len, reverse=True))


@cache
def _behind() -> tuple[re.Pattern[str], ...]:
    """What, standing before a name, makes its bearer private for good."""
    done, deed = _one_of("private.done"), _one_of("private.deed")
    firmly = "|".join(sorted(listed("private.done") - listed("private.loosely")))
    near = rf"(?:(?!{_ONLY_VERBS}){_ANY}\s){{0,5}}"
    few = rf"(?:(?!{_ONLY_VERBS}){_ANY},?\s){{0,6}}"
    own = r"(?:[’']s?|\bhis|\bher|\btheir|\bmy|\bour)"
    patterns = (
        rf"(?i)\b{_YOUNG}[- ](?:year|month|week|day)s?[- ]olds?\b[^,.;]{{0,40}}$",
        rf"(?i)\b(?:{_one_of('private.before')})\s(?:{_ANY}\s){{0,4}}$",
        # "Police arrested X", "demands the release of X and Y".
        rf"\b(?:{firmly}|free|freeing|arrest|detain|jail|kill|killing|shooting|wounding)\s{near}$",
        rf"\b(?:{deed})\sof\s(?:[^.;!?\n]{{1,120}}\band\s(?:of\s)?)?{few}$",
        # "Were set free, among them X", "took three of us: X; Y".
        (
            rf"\b(?:{done}|set free|took|taken)\b[^.!?\n]{{0,60}}"
            rf"(?:\b(?:among them|including|includes?)\b|:\s)[^.!?\n]{{0,160}}$"
        ),
        rf"(?:{own}\s(?:{_ANY}\s)?)?\b(?:{_one_of('private.relation')})s?,?\s$",
    )
    return tuple(map(re.compile, patterns))


@cache
def _ahead() -> tuple[re.Pattern[str], ...]:
    """What, standing after a name, does so."""
    done, deed = _one_of("private.done"), _one_of("private.deed")
    patterns = (
        rf"^,?\s\(?(?:aged?\s)?{_YOUNG}(?=[,;).]|\s(?:and|from|was|who)\b)(?!,\d)",
        (
            rf"^{_TOGETHER}{_ASIDE},?\s{_BE}\s"
            rf"(?:{_ANY}ly\s|also\s|again\s|then\s|among those\s|not\s)*"
            rf"(?:(?:{done})\b(?!\s{_LEAVING})|set free|let go|found dead|"
            rf"taken (?:away|hostage|prisoner|from)|{_HELD})"
        ),
        rf"^{_TOGETHER}{_ASIDE},?\s(?:sits|sat|stays|stayed|went)\s{_HELD}",
        rf"^[’']s?\s(?:{_ANY}\s)?(?:{deed})\b",
        (
            r"^[^.;!?\n]{0,40}\s(?:died|drowned|perished|bled to death|went missing)\b(?=[^.]{0,80}"
            r"(?:custody|wounds|injur|prison|shot|attack|fire|blast|explosion|crash|bomb))"
        ),
    )
    return tuple(map(re.compile, patterns))


# A name after one of these is not what the verb before was done to.
_ONLY_VERBS = (
    r"(?:said|says|told|tells|that|who|which|when|while|after|before|because|as|by|but|and|met|has|"
    r"had|have|is|was|were|are|in|at|on|upon|up|from|with|to|against|over|charges?)\b"
)


def _is_always_private(scene: Scene, one: Mention) -> bool:
    before, after = _beside(scene, one)
    if _told(one, before, after) & {"relation", "minor", "victim"}:
        return True
    if _kind(one.titles[-1] if one.titles else "") == "minor":
        return True
    return any(pattern.search(before) for pattern in _behind()) or any(
        pattern.match(after) for pattern in _ahead()
    )
