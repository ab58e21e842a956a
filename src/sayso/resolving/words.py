"""A text as words with the little that rules for mentions need, and the word lists."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from sayso.records import Span

# An account or hashtag; a possessive ending; a word, its initials' and abbreviations' stops
# decided later; one mark.
_TOKEN = re.compile(
    r"[@#][\w.]*\w|['’]s\b|[^\W_]+(?:(?:[._&-]|['’](?!s\b))[^\W_]+)*|[^\w\s]|_|\n\s*"
)
# "al-Amr", "d'Artagnan", "l'Allier"
_JOINED = re.compile(r"(?:a[ldnrst]|as[hs]|e[ln]|[dl])[-'’][^\W\d_a-z]")
_END = frozenset(".!?…")
_OPENERS = frozenset("\"'“”„‘‚«»‹›「『([")


class Quoted(Protocol):
    """A quotation, as the reading stage finds them."""

    @property
    def start(self) -> int:
        """Of the opening mark, code points."""

    @property
    def end(self) -> int:
        """After the closing mark."""


class Word(NamedTuple):
    """One word or mark.

    Attributes:
        start, end: code points.
        sentence, paragraph: numbers from 0.
        initial: whether it opens a sentence, a quotation or a line.
        capital: whether it begins with a capital letter, or is an account.
    """

    text: str
    lower: str
    start: int
    end: int
    sentence: int
    paragraph: int
    initial: bool
    capital: bool

    @property
    def is_word(self) -> bool:
        """Whether it is more than a mark."""
        return self.text[0].isalnum() or len(self.text) > 1


@dataclass(frozen=True)
class Text:
    """All words of a text, and where it is quoted."""

    text: str
    words: list[Word]
    starts: list[int]
    quotations: list[Span]

    def within(self, span: Span) -> range:
        """Indices of the words inside a span."""
        first = bisect_left(self.starts, span[0])
        return range(first, max(first, bisect_left(self.starts, span[1])))

    def quotation(self, at: int) -> Span | None:
        """The outermost quotation around a code point."""
        index = bisect_left(self.quotations, (at + 1, 0)) - 1
        if index >= 0 and at < self.quotations[index][1]:
            return self.quotations[index]
        return None

    def shown(self, words: Sequence[int] | range) -> str:
        """The text from the first to the last of some words."""
        if not words:
            return ""
        return " ".join(self.text[self.words[words[0]].start : self.words[words[-1]].end].split())


def cut(text: str, quoted: Sequence[Quoted]) -> Text:
    """Cut a text into words."""
    words, starts = _cut(text)
    return Text(text, words, starts, _outermost(quoted))


# Speakers, places and actors of one article are all looked for in the same words.
@lru_cache(maxsize=4)
def _cut(text: str) -> tuple[list[Word], list[int]]:
    words: list[Word] = []
    sentence = paragraph = 0
    initial = True
    for match in _TOKEN.finditer(text):
        shown = match[0]
        if shown[0] == "\n":
            sentence, paragraph, initial = sentence + 1, paragraph + 1, True
            continue
        if shown == "." and words and _abbreviated(words[-1], match.start()):
            last = words[-1]
            words[-1] = last._replace(text=last.text + ".", end=match.end())
            continue
        start, end = match.span()
        lower, capital = shown.lower(), _is_capital(shown)
        words.append(Word(shown, lower, start, end, sentence, paragraph, initial, capital))
        if shown in _END:
            sentence, initial = sentence + 1, True
        elif shown == ":" or (shown in _OPENERS and not _touches(words)):
            initial = True
        elif shown[0].isalnum():
            initial = False
    return words, [word.start for word in words]


def _is_capital(shown: str) -> bool:
    if shown[0].isupper() or (shown[0] == "@" and len(shown) > 1):
        return True
    return len(shown) > 3 and not shown.isalnum() and _JOINED.match(shown) is not None


def _touches(words: list[Word]) -> bool:
    """Whether the last mark stands right after a word, as one that opens does not."""
    return len(words) > 1 and words[-2].end == words[-1].start and words[-2].text[0].isalnum()


def _abbreviated(word: Word, at: int) -> bool:
    initials = word.text.isupper() and len(word.text.replace(".", "")) == 1 + word.text.count(".")
    return word.end == at and (initials or word.lower in words_of("words.abbreviations"))


def _outermost(quoted: Sequence[Quoted]) -> list[Span]:
    spans: list[Span] = []
    for item in sorted(quoted, key=lambda item: (item.start, -item.end)):
        if not spans or item.start >= spans[-1][1]:
            spans.append((item.start, item.end))
    return spans


@cache
def _lists() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("sayso.resolving") / "lexicon.toml").read_text("utf-8"))


@cache
def english_words() -> frozenset[str]:
    """Common words, in lower case, to tell from names."""
    return frozenset((files("sayso.resolving") / "english-words.txt").read_text("utf-8").split())


@cache
def given_names() -> frozenset[str]:
    """All given names that are known, in lower case."""
    return words_of("given.male") | words_of("given.female")


@cache
def words_of(name: str) -> frozenset[str]:
    """A list of the lexicon: ``section.key``, or ``section`` for all of its lists."""
    section, _, key = name.partition(".")
    lists = _lists()[section]
    chosen = [lists[key]] if key else lists.values()
    return frozenset(word.replace("_", " ") for text in chosen for word in text.split())


@cache
def classes_of(section: str) -> dict[str, str]:
    """Noun to the first list of a section that has it."""
    found: dict[str, str] = {}
    for name, text in _lists()[section].items():
        for word in text.split():
            found.setdefault(word.replace("_", " "), name)
    return found


def noun_in(word: str, section: str) -> str | None:
    """The singular under which a section knows a noun (lower case); None if it does not."""
    nouns = classes_of(section)
    if word in nouns:
        return word
    return next((form for form in _singulars(word) if form in nouns), None)


def is_plural(word: str, section: str) -> bool:
    """Whether a noun (lower case) is known, and as a plural only."""
    return word not in classes_of(section) and noun_in(word, section) is not None


_IRREGULAR = {"men": "man", "women": "woman", "people": "person", "children": "child"}


@lru_cache(65536)
def _singulars(word: str) -> tuple[str, ...]:
    forms = []
    if word.endswith("s") and len(word) > 3:
        forms.append(word[:-1])
    if word.endswith("ies"):
        forms.append(word[:-3] + "y")
    if word.endswith("es"):
        forms.append(word[:-2])
    if word.endswith("ves"):
        forms += [word[:-3] + "f", word[:-3] + "fe"]
    for plural, singular in _IRREGULAR.items():
        if word.endswith(plural):
            forms.append(word[: -len(plural)] + singular)
    return tuple(forms)


def person_noun(word: str) -> str | None:
    """The singular of a noun for a person: listed, or by its ending."""
    known = noun_in(word, "persons")
    if known is None and "-" in word:
        # "keeper-general", "basin-keeper"
        first, last = word.split("-", 1)[0], word.rsplit("-", 1)[-1]
        known = noun_in(first if last == "general" else last, "persons") and word
    if known is None and len(word) > 6 and word.endswith(("ologist", "ographer", "ician", "woman")):
        return word
    return known
