"""The people that a text names, told from places, bodies and things; nothing of who they are.

Which of the capitalised words are a person's is weighed over all mentions of a name, since
one alone tells little: "at Sella Ford" makes a place of all Sella Fords. A name of several
words with no sign of anything else counts as a person: the harm of the two errors differs.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

from sayso.resolving.words import Word, cut, english_words, noun_in, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Atoms = tuple[str, ...]

IGNORABLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Characters that can stand inside a word unseen."""

_APOSTROPHES = re.compile("['’‘ʼ`´]")
_HYPHENS = re.compile("[-‐‑–_.]+")
_NOT_DECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
_ARTICLE_NAME = re.compile(r"(?:al|el|an|ar|as|ad|ash|at|az|ul|abu|ibn|d|l)[-’'][^\W\d_a-z]")
_QUOTES = frozenset("\"'“”‘’«»„")
_MONTHS = frozenset("may april june august".split())
_NO_SURNAME = frozenset("jr jr. sr sr. ii iii iv".split())
# Titles that are surnames as often.
_DOUBTFUL = frozenset("king prince bishop pope dean major marshal judge chancellor justice".split())
_NICKNAMES = frozenset("old big little young father mother sister brother master".split())
_WRAPPED = 50
_MOST = 200


@cache
def _lists() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("sayso.resolving") / "private.toml").read_text("utf-8"))


@cache
def listed(name: str) -> frozenset[str]:
    """A list of ``private.toml``: ``section.key``, or ``section`` for all of it."""
    section, _, key = name.partition(".")
    lists = _lists()[section]
    return frozenset(" ".join([lists[key]] if key else lists.values()).split())


@lru_cache(65536)
def in_list(word: str, name: str) -> bool:
    """Whether a noun, singular or plural, with or without a full stop, is in a list."""
    lower = word.lower().rstrip(".")
    known = listed(name)
    if lower in known:
        return True
    return any(lower.endswith(end) and lower.removesuffix(end) + put in known for end, put in _ENDS)


_ENDS = (("s", ""), ("ies", "y"), ("es", ""), ("men", "man"), ("women", "woman"), ("wives", "wife"))


@lru_cache(65536)
def is_common(word: str) -> bool:
    """Whether a word (any case) is an English word that dictionaries write in lower case.

    The list holds base forms; regular inflections are found by rule.
    """
    lower = word.lower()
    known = english_words()
    if lower in words_of("words.function") or lower in known:
        return True
    # Twice: "viewers" is of "viewer", which is of "view".
    if any(form in known or any(f in known for f in _bases(form)) for form in _bases(lower)):
        return True
    parts = lower.split("-")
    return len(parts) > 1 and all(is_common(part) for part in parts if part)


def _bases(word: str) -> Iterator[str]:
    yield word
    for ending, puts in _INFLECTIONS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 2:
            yield from (stem + put for put in puts)
            if len(stem) > 3 and stem[-1] == stem[-2]:
                yield stem[:-1]


_INFLECTIONS = (
    ("ies", ("y",)), ("es", ("", "e")), ("s", ("",)), ("ied", ("y",)), ("ed", ("", "e")),
    ("ing", ("", "e")), ("ly", ("",)), ("er", ("", "e")), ("est", ("", "e")), ("ness", ("",)),
)  # fmt: skip


@lru_cache(65536)
def fold(word: str) -> str:
    """A word without case, diacritics, apostrophes and unseen characters."""
    lower = word.casefold().translate(_NOT_DECOMPOSED)
    plain = "".join(
        sign
        for sign in unicodedata.normalize("NFKD", lower)
        if sign.isalnum() or unicodedata.category(sign) == "Lo"
    )
    return plain or lower


def atoms_of(words: Iterable[str]) -> Atoms:
    """What of a name is compared: its folded words, cut at hyphens, without "Jr"."""
    parts = [part for word in words for part in _parts(word)]
    return tuple(fold(part) for part in parts if fold(part) and part.lower() not in _NO_SURNAME)


def _parts(word: str) -> list[str]:
    if _DOTTED.fullmatch(word):
        return [word.replace(".", "")]
    first, *more = [part for part in _HYPHENS.split(word) if part] or [word]
    # "Lee-led", "Lee-era".
    return [first, *(part for part in more if not (first[0].isupper() and _is_added(part)))]


def _is_added(part: str) -> bool:
    plain = part.islower() or part.endswith(("ing", "ed", "led", "era"))
    return plain and len(part) > 2 and is_common(part)


_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name where it stands.

    Attributes:
        start, end: of the name alone, code points.
        begin: where the capitalised titles before it begin; ``start`` if there are none.
        titles: these titles in lower case.
        initial: the first of its words or titles begins a sentence or stands in a headline, so
            that its capital tells nothing.
    """

    start: int
    end: int
    begin: int
    initial: bool
    titles: tuple[str, ...]
    atoms: Atoms
    words: tuple[str, ...]


@dataclass
class Name:
    """All mentions that can be of one bearer: a full name with its parts alone.

    Attributes:
        forms: the full forms; the single word if the text has no more.
        unsure: single words that can as well be of another name here.
        score: above 0 if it is a person's.
    """

    forms: set[Atoms] = field(default_factory=set)
    mentions: list[Mention] = field(default_factory=list)
    unsure: list[Mention] = field(default_factory=list)
    score: float = 0.0

    @property
    def longest(self) -> Atoms:
        """The fullest form, of several the first in order."""
        return min(self.forms, key=lambda form: (-len(form), -len("".join(form)), form))


@dataclass
class Scene:
    """A text as the rules see it.

    Attributes:
        text: as long as the original, with wrapped lines joined.
        capitals: words (lower case) with a capital where none is due.
        lowers: words that are met in lower case.
        headlines: numbers of the lines in which capitals tell nothing.
        loud: where the words of such lines begin.
    """

    text: str
    words: list[Word]
    capitals: frozenset[str]
    lowers: frozenset[str]
    headlines: frozenset[int]
    loud: frozenset[int]

    def before(self, at: int, reach: int = 200) -> str:
        """What stands before on the same line."""
        return self.text[max(0, at - reach) : at].rpartition("\n")[2]

    def after(self, at: int, reach: int = 220) -> str:
        """What stands after on the same line."""
        return self.text[at : at + reach].partition("\n")[0]


def scene_of(text: str) -> Scene:
    """Cut a text, of which unseen characters have been taken out."""
    joined = _unwrapped(text)
    words = cut(joined, ()).words
    headlines = _headlines(words)
    capitals = {
        word.lower
        for word in words
        if _is_capital(word) and not word.initial and word.paragraph not in headlines
    }
    lowers = {word.lower for word in words if word.text[0].islower()}
    loud = frozenset(word.start for word in words if word.paragraph in headlines)
    return Scene(joined, words, frozenset(capitals), frozenset(lowers), headlines, loud)


def _unwrapped(text: str) -> str:
    """The text with a blank for a line end inside a paragraph that was wrapped."""
    lines = text.split("\n")
    pieces = []
    for line, following in pairwise([*lines, ""]):
        wrapped = len(line) >= _WRAPPED and following and line[-1] not in '.!?:"”’»)'
        pieces.append(line + (" " if wrapped else "\n"))
    return "".join(pieces)[:-1]


def _headlines(words: list[Word]) -> frozenset[int]:
    """Lines in which capitals tell nothing: nearly every word has one."""
    lines: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        if word.text[0].isalpha() and len(word.text) > 2:
            lines[word.paragraph].append(word)
    return frozenset(
        number for number, members in lines.items() if len(members) > 2 and _all_capital(members)
    )


def _all_capital(words: list[Word]) -> bool:
    content = [word for word in words if word.lower not in words_of("words.function")]
    capital = sum(word.text[0].isupper() for word in content)
    shouted = sum(word.text.isupper() for word in words)
    return shouted > 0.7 * len(words) or (len(content) > 3 and capital > 0.8 * len(content))


_CONTRACTED = re.compile(r"\w+(?:n[’']t|[’'](?:ve|ll|d|m|re|s))", re.IGNORECASE)


# "(D-Ohio)".
_PARTY = re.compile(r"[DIR]-[A-Z][A-Za-z.]*")


def _is_capital(word: Word) -> bool:
    return _has_capital(word.text)


@lru_cache(65536)
def _has_capital(text: str) -> bool:
    first = text[0]
    if not first.isalpha() or any(sign.isdigit() for sign in text):
        return False
    if _CONTRACTED.fullmatch(text) or _PARTY.fullmatch(text):
        return False
    return first.isupper() or first.istitle() or bool(_ARTICLE_NAME.match(text))


def is_given(word: str) -> bool:
    """Whether a word (lower case) is a known given name, though it may be a word besides."""
    return word in words_of("given") or word in listed("person.given")


def _given_weight(word: str) -> float:
    """2 for a given name, 1 for one that is a common word or a place, too: Rose, Virginia."""
    if not is_given(word):
        return 0.0
    return 1.0 if is_common(word) or word in listed("world") else 2.0


# --- mentions


def mentions(scene: Scene) -> Iterator[Mention]:
    """All names in their order, whatever they are of."""
    at = 0
    while at < len(scene.words):
        if not _opens(scene, at):
            at += 1
            continue
        run = _run(scene, at)
        at = run[-1] + 1
        found = _mention(scene, run)
        if found:
            yield found


def _opens(scene: Scene, at: int) -> bool:
    word = scene.words[at]
    if not _is_capital(word):
        return False
    following = scene.words[at + 1] if at + 1 < len(scene.words) else word
    leads = (
        _is_capital(following)
        and following is not word
        and (is_given(word.lower) or _is_surname_like(scene, word, following))
    )
    if word.lower in words_of("words.function"):
        return leads and following.start - word.end == 1
    if not is_common(word.lower) or word.lower in scene.capitals:
        return True
    if word.paragraph in scene.headlines:
        return leads and not is_common(following.lower)
    return not word.initial or leads or _is_title(word.lower)


def _is_surname_like(scene: Scene, word: Word, following: Word) -> bool:
    """Whether a common word that begins a sentence may be a surname: "Park Min-ji"."""
    lower = word.lower
    return (
        word.paragraph not in scene.headlines
        and lower not in words_of("words.function")
        and lower not in scene.lowers
        and lower in english_words()
        and not lower.endswith(("ed", "ing", "ly", "s"))
        and not is_common(following.lower)
    )


def _run(scene: Scene, first: int) -> list[int]:
    run = [first]
    while len(run) < 12:
        following = _next(scene, run[-1])
        if following is None:
            break
        run += following
    return run


def _next(scene: Scene, last: int) -> list[int] | None:
    """The indices that continue a run: a name, one over particles, a nickname and a name."""
    words = scene.words
    at = last + 1
    if at < len(words) and words[at].text in _QUOTES:
        nick = at + 3 < len(words) and words[at + 2].text in _QUOTES
        close = nick and words[at + 3].start - words[last].end < 40
        if close and _is_capital(words[at + 1]) and _continues(scene, at + 2, at + 3):
            return [at + 1, at + 3]
        return None
    while at < len(words) and words[at].lower in words_of("words.particles") and at < last + 4:
        if words[at].start - words[at - 1].end != 1 or _is_capital(words[at]):
            break
        at += 1
    if at < len(words) and _continues(scene, at - 1, at):
        return list(range(last + 1, at + 1))
    return None


def _continues(scene: Scene, last: int, at: int) -> bool:
    word, before = scene.words[at], scene.words[last]
    gap = scene.text[before.end : word.start]
    if not _is_capital(word) or gap.strip() or len(gap) > 2 or "\n" in gap:
        return False
    if word.sentence != before.sentence:
        return False
    if word.lower in words_of("words.function"):
        return word.lower in _MONTHS and not before.initial
    if word.paragraph in scene.headlines:
        return not is_common(word.lower) or word.lower in scene.capitals or _is_title(word.lower)
    return True


def _is_title(word: str) -> bool:
    lower = word.lower().rstrip(".").rpartition("-")[2]
    if lower in words_of("titles") or lower in listed("public.titles"):
        return True
    return any(in_list(lower, f"public.{name}") for name in ("office", "clergy", "journalist")) or (
        lower in listed("private.titles") or in_list(lower, "public.expert")
    )


def _mention(scene: Scene, run: list[int]) -> Mention | None:
    words = [scene.words[index] for index in run]
    first = 0
    for place, word in enumerate(words[:-1]):
        # "Billie Jean King Jr", but "Supreme Court Justice Frank Nervo".
        doubtful = word.lower in _DOUBTFUL and first != place and place + 3 > len(words)
        given = place > 0 and is_given(words[place - 1].lower) and place - 1 >= first
        if _is_title(word.lower) and not doubtful and not given:
            first = place + 1
    # "Minister of Waterways Berrim Oskeleth", "Keeper Brask": common words before a name.
    before = scene.before(words[0].start, 12).split()
    linked = first == 0 and bool(before) and before[-1].lower() in {"of", "for"}
    while first + 1 < len(words) and _is_leading(scene, words, first, linked=linked):
        first += 1
    named = words[first:]
    while named and named[0].lower in words_of("words.particles") and not _is_capital(named[0]):
        named = named[1:]
    if not named or (
        len(named) == 1 and _is_title(named[0].lower) and not is_given(named[0].lower)
    ):
        return None
    shown = tuple(word.text for word in named)
    atoms = atoms_of(shown)
    if not atoms:
        return None
    titles = tuple(word.lower.rstrip(".") for word in words[:first])
    initial = words[0].initial or words[0].paragraph in scene.headlines
    return Mention(named[0].start, named[-1].end, words[0].start, initial, titles, atoms, shown)


def _is_leading(scene: Scene, words: list[Word], place: int, *, linked: bool) -> bool:
    """Whether a word of a run is no part of the name: common, and the rest a name without it."""
    word, rest = words[place], words[place + 1 :]
    # "Chinese Bernhard Karlgren", "University of Texas Ann Lee".
    if word.lower in listed("world") and len(rest) > 1 and not is_given(word.lower):
        return not any(other.lower in listed("person.heads") for other in rest)
    if not is_common(word.lower) or is_given(word.lower) or is_common(rest[0].lower):
        return False
    if word.lower in listed("person.heads") or word.lower in listed("person.fronts"):
        return linked and len(rest) > 1
    return (linked and len(rest) > 1) or word.lower in scene.lowers


# --- names


def names(scene: Scene) -> list[Name]:
    """Names of persons, places, bodies and things, in the order of their first mention."""
    found = list(mentions(scene))
    full = _Known()
    for one in found:
        if len(one.atoms) > 1:
            full.join(one)
    single: dict[str, Name] = {}
    for one in found:
        if len(one.atoms) > 1:
            continue
        bearers = full.bearers(one.atoms[:1])
        for bearer in bearers:
            (bearer.mentions if len(bearers) == 1 else bearer.unsure).append(one)
        if not bearers:
            single.setdefault(one.atoms[0], Name({one.atoms})).mentions.append(one)
    every = [*full.names, *single.values()]
    for name in every:
        name.score = _score(scene, name)
    return sorted(every, key=lambda name: min(one.start for one in name.mentions))


class _Known:
    """Full names, found by any word of theirs."""

    def __init__(self) -> None:
        self.names: list[Name] = []
        self._by_atom: dict[str, list[Name]] = defaultdict(list)

    def bearers(self, atoms: Atoms) -> list[Name]:
        """Names with one of these words; of a text that repeats one without end, the first."""
        near = [name for atom in atoms for name in self._by_atom.get(atom, ())[:_MOST]]
        return list({id(name): name for name in near}.values())

    def join(self, one: Mention) -> None:
        """Put a mention to its name, or make it a new one."""
        near = self.bearers(one.atoms)
        name = next(
            (name for name in near if any(_same(one.atoms, form) for form in name.forms)), None
        )
        if name is None:
            name = Name()
            self.names.append(name)
        name.mentions.append(one)
        if one.atoms not in name.forms:
            name.forms.add(one.atoms)
            for atom in one.atoms:
                if not any(name is other for other in self._by_atom[atom][-1:]):
                    self._by_atom[atom].append(name)


def _same(left: Atoms, right: Atoms) -> bool:
    """Whether two full forms can be of one bearer: the last word and the first agree.

    Or one is a part of the other.
    """
    if _holds(left, right) or _holds(right, left):
        return True
    if left[-1] != right[-1]:
        return False
    first, other = left[0], right[0]
    return first == other or ((len(first) == 1 or len(other) == 1) and first[0] == other[0])


def _holds(whole: Atoms, part: Atoms) -> bool:
    size = len(part)
    return any(whole[at : at + size] == part for at in range(len(whole) - size + 1))


# --- is it a person?

_PLACED = re.compile(r"\b(?:in|at|near|outside|into|across|around|towards?|via)\s+$", re.IGNORECASE)
_MOVED = re.compile(r"\b(?:from|to|between|through|over|above|of)\s+$", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:the|a|an|each|every|another)\s+$", re.IGNORECASE)
_CALLED = re.compile(
    r"\b(?:named|(?:call|calls|called|calling)\s+(?:him|her|himself|herself)|"
    r"name (?:is|was)|known as|nicknamed)\s+[“\"‘«]?$"
)
_AGED = re.compile(
    r"^(?:,\s|,?\s\(|,?\saged?\s)(?:aged?\s)?(?:1[0-2]\d|\d{1,2})"
    r"(?=[;.)]|,(?!\d)|\s(?:and|from|of|was|who)\b)"
)
_OLD = re.compile(r"\b[\w-]+[- ]years?[- ]old\s(?:[\w’'-]+\s){0,3}$", re.IGNORECASE)
_WHO = re.compile(r"^,?\s(?:who|whom|whose|himself|herself)\b")
_PRONOUN = re.compile(r"\b(?:he|she|him|her|his|hers|himself|herself)\b", re.IGNORECASE)
_ITS = re.compile(r"^[^.!?]{0,80}\b(?:its|it)\b")
_WHOSE = re.compile(r"^[’']s?\s+(?:[\w-]+\s){0,2}?([\w-]+)")
_ENDS_HERE = re.compile(r"^(?:[,.;:!?”\"’»)]|$)")
_OWNED = re.compile(r"^[’']")
_WORD_AFTER = re.compile(r"^\s+([\w’'-]+)")
_LAST_WORD = re.compile(r"([\w’'.-]+),?\s+[“\"‘«]?$")
_INSIDE = frozenset(
    "body face voice hand hands eyes head hair wife home lawyer family funeral".split()
)
_DEMONYMS = ("n", "an", "ian", "ese", "ish", "i", "er", "ean", "nese", "ite")


def _score(scene: Scene, name: Name) -> float:
    form = name.longest
    score = _shape(scene, name, form)
    # A place is told by where it stands, again and again; the best and the worst sign count.
    # Of a surname alone the worst does not: there is "the Trump administration".
    signs = [(one, _evidence(scene, one)) for one in name.mentions]
    good = [sign for one, sign in signs if _is_of(one, form)]
    bad = [sign for one, sign in signs if len(one.atoms) >= min(2, len(form))]
    return score + max([0.0, *good]) + min([0.0, *bad])


def _is_of(one: Mention, form: Atoms) -> bool:
    return len(one.atoms) > 1 or len(form) == 1 or one.atoms[0] in (form[-1], form[0])


def _shape(scene: Scene, name: Name, form: Atoms) -> float:
    """What a name's own words tell."""
    shown = max((one.words for one in name.mentions if one.atoms == form), key=len)
    lower = [word.lower().rstrip(".") for word in shown]
    if len(form) == 1:
        return _single(scene, shown[0])
    given = _given_weight(lower[0]) or (2.0 if len(form[0]) == 1 else 0.0)
    score = 1.0 + given
    if lower[-1] in listed("person.heads") or (
        is_common(lower[-1]) and noun_in(lower[-1], "bodies")
    ):
        score -= 2.5
    if lower[0] in listed("person.fronts"):
        score -= 1.5
    if all(is_common(word) for word in lower) and not given:
        score -= 2.0
    if not _shouted(scene, name):
        score -= _capitals_only(shown)
    worldly = [word for word in lower if _is_worldly(word)]
    score -= 1.5 if worldly and not given else 0.0
    score -= 3.0 if len(worldly) == len(lower) or max(map(len, form)) == 1 else 0.0
    return score


def _capitals_only(shown: tuple[str, ...]) -> float:
    """How much words in capitals speak against a person: JK Rowling, but BBC Persian."""
    first = shown[0]
    initials = first.isupper() and len(first) < 4 and first.lower() not in listed("person.acronyms")
    rest = shown[1:] if initials else shown
    loud = [
        word for word in rest if len(word) > 1 and word.isupper() and not _DOTTED.fullmatch(word)
    ]
    return 1.5 * bool(loud) + 0.5 * (initials and len(first) > 1)


def _shouted(scene: Scene, name: Name) -> bool:
    """Whether a name is only ever met in headlines, or in capitals from the first word on."""
    return all(one.start in scene.loud or one.words[0].isupper() for one in name.mentions)


def _single(scene: Scene, shown: str) -> float:
    lower = shown.lower()
    given = is_given(lower)
    score = -1.0 + 0.75 * _given_weight(lower)
    if shown.isupper() and len(shown) > 1:
        score -= 3.0
    if is_common(lower) and not given:
        score -= 1.5
    if _is_worldly(lower) or any(lower + ending in scene.capitals for ending in _DEMONYMS):
        score -= 4.0
    return score


def _is_worldly(word: str) -> bool:
    return any(form in listed("world") for form in (word, word.removesuffix("s")))


def _evidence(scene: Scene, one: Mention) -> float:
    """What stands around one mention: above 0 for a person, below for anything else."""
    before, after = scene.before(one.begin), scene.after(one.end)
    score = _named_as(one, before, after)
    if _CALLED.search(before) or _AGED.match(after) or _OLD.search(before):
        score += 3.0
    if _WHO.match(after):
        score += 2.0
    if _PLACED.search(before) and not _OWNED.match(after):
        score -= 1.5
    elif _MOVED.search(before) and len(one.atoms) == 1:
        score -= 0.5
    else:
        score += _doing(one, before, after)
    owned = _WHOSE.match(after)
    if owned and (in_list(owned[1], "private.relation") or owned[1].lower() in _INSIDE):
        score += 2.5
    return score


def _named_as(one: Mention, before: str, after: str) -> float:
    """What a title, an article or a noun before the name tells."""
    score = 0.0
    if one.titles and not (one.titles[-1] in _NICKNAMES and is_common(one.words[0])):
        score += 4.0
    elif _ARTICLE.search(before):
        # "The Britney Spears story": the article may be of what follows.
        attribute = bool(_WORD_AFTER.match(after)) and len(one.words) == 2
        score -= 2.0 if len(one.atoms) == 1 else 0.75 if attribute else 1.5
    match = _LAST_WORD.search(before)
    if match is None:
        return score
    noun, apart = match[1].lower(), "," in match[0]
    if noun in listed("person.things") and not apart:
        return score - 3.0
    sure = not apart or len(one.atoms) > 1 or in_list(noun, "private.relation")
    return score + (3.0 if sure and is_person_noun(noun) else 0.0)


def is_person_noun(word: str) -> bool:
    """Whether a noun (any number) tells of a person."""
    lower = word.lower()
    part = lower.rpartition("-")[2]
    return any(in_list(form, f"{section}") for form in {lower, part} for section in _PERSONS)


_PERSONS = ("public.office", "public.clergy", "public.journalist", "public.expert", "public.famous",
            "private.relation", "private.minor", "private.victim", "person.other")  # fmt: skip


def _doing(one: Mention, before: str, after: str) -> float:
    """What the verb tells: whatever a mother from X does, X does not."""
    following = _WORD_AFTER.match(after)
    verb = following[1].lower() if following else ""
    preceding = before.rstrip().rpartition(" ")[2].lower()
    score = 0.0
    if verb in listed("person.does") or preceding in listed("person.does"):
        score += 2.0
    elif preceding in listed("person.says") and _ENDS_HERE.match(after):
        # "Said X." tells more than "X said", which states and papers do, too.
        score += 2.0
    elif verb in listed("person.says"):
        score += 1.0
    if _PRONOUN.search(after[:120]) and score > 0:
        score += 1.0
    if _ITS.match(after) and len(one.atoms) == 1:
        score -= 1.0
    return score
