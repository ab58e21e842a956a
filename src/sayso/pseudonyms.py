"""Readings for other eyes: private names, handles, numbers and addresses replaced.

Who is private is decided in ``sayso.resolving.private``. A pseudonym is a keyed hash of the
name (HMAC-SHA256), so the same name has the same pseudonym all over one ledger, and nobody
without its key can try names. A name that is private in an article is replaced in all of
it: in full and in parts, in any capitals, inside possessives, hyphened words, hashtags and
addresses of pages. Spans move along: ``text[start:end]`` stays exactly what is shown.
"""

from __future__ import annotations

import hmac
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote

from sayso.records import Article, Furniture, Place, Reading
from sayso.resolving.contacts import contacts, is_within
from sayso.resolving.people import IGNORABLE, Atoms, atoms_of, fold, is_common
from sayso.resolving.private import LANGUAGES, Findings, Person, private_of

if TYPE_CHECKING:
    from sayso.records import (
        Actor,
        Attribution,
        Date,
        Event,
        Participant,
        Rejection,
        Signal,
        Span,
        Spans,
    )

RULES = 1
"""To be raised whenever the rules change: what was derived with older ones is made anew."""
KEY_BYTES = 32
_DIGITS = 8

_ATOM = re.compile(
    # Possessive, so that a million marks on one letter take no longer than others.
    rf"[^\W_]++(?:(?:[{IGNORABLE}\u0300-\u036f]++|['’‘ʼ`´](?=[^\W_]))[^\W_]*+)*+"
)
_POSSESSIVE = re.compile(r"[’'ʼ`´‘](?:s|S)$")
_GAP = re.compile(rf"(?:[\s._+\-‐‑–,“”\"'‘’«»(){IGNORABLE}]|%20){{1,4}}")
_PAGE = re.compile(r"(?:[a-z][a-z0-9+.-]{0,20}://|www\.)\S+", re.IGNORECASE)
_LEAST_IN_PAGE = 4

Found = TypeVar("Found")


class Pseudonyms:
    """Pseudonyms under one key. Safe for threads.

    Args:
        key: secret; of one ledger.
        public: names that a codebook makes public.
    """

    def __init__(self, key: bytes, public: Collection[str] = ()) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes, not {len(key)}")
        self._key = key
        self._public = tuple(public)

    @property
    def version(self) -> str:
        """Of key and rules: two of the same version give the same pseudonyms."""
        return self.of("version", f"{RULES} {sorted(self._public)}")

    def of(self, kind: str, name: str) -> str:
        """The pseudonym of one name: ``Person-3f2a9c1d``."""
        digest = hmac.digest(self._key, f"{kind}\0{name}".encode("utf-8", "replace"), "sha256")
        return f"{kind}-{digest.hex()[:_DIGITS]}"

    def veil(self, article: Article) -> Veil:
        """What replaces what in this article."""
        if article.language is not None and article.language not in LANGUAGES:
            shown = (
                f"[Withheld: its language is {article.language!r}, and private names are found "
                "in English only.]"
            )
            return Veil(self, Findings((), frozenset(), ()), article.text, shown)
        return Veil(self, private_of(article, self._public), article.text)

    def reading(self, reading: Reading) -> Reading:
        """A reading as others may see it; its ids stay."""
        return self.veil(reading.article).reading(reading)

    def article(self, article: Article) -> Article:
        """An article as others may see it."""
        return self.veil(article).article(article)

    def contacts(self, text: str) -> str:
        """A text of no article without handles, numbers and addresses; names stay."""
        return self.of_people(()).text(text)

    def of_people(self, people: Iterable[Person]) -> Veil:
        """What replaces these people in texts of no article."""
        return Veil(self, Findings(tuple(people), frozenset(), ()), "")


@dataclass(frozen=True, slots=True)
class _Cut:
    """A replaced part of the text: where it stood, and where its pseudonym stands."""

    start: int
    end: int
    new_start: int
    new_end: int


class Veil:
    """What replaces what in one article, and where its spans have gone.

    Args:
        withheld: stands in place of a text in which names cannot be found.
    """

    def __init__(
        self, pseudonyms: Pseudonyms, findings: Findings, text: str, withheld: str | None = None
    ) -> None:
        self._pseudonyms = pseudonyms
        self.people = findings.people
        self.withheld = withheld
        self._matcher = _Matcher(pseudonyms, findings)
        parts = [] if withheld else self._matcher.replacements(text)
        self._cuts = _cuts(parts)
        self._starts = [cut.start for cut in self._cuts]
        self._shown = withheld or _replaced(text, parts)

    def text(self, text: str) -> str:
        """Any text of the article's: a title, a name, a place."""
        if self.withheld:
            return self.withheld
        return _replaced(text, self._matcher.replacements(text))

    def span(self, span: Span) -> Span:
        """Where a span of the article has gone; one that ends inside a name takes all of it."""
        return self._moved(span[0], last=False), self._moved(span[1], last=True)

    def spans(self, spans: Spans) -> Spans:
        """Spans in their order; two inside one name become one."""
        moved = dict.fromkeys(map(self.span, spans))
        return tuple(moved)

    def _moved(self, at: int, *, last: bool) -> int:
        # Of cuts that begin before: an end at a cut's start is not inside it, a start is.
        find = bisect_left if last else bisect_right
        index = find(self._starts, at) - 1
        if index < 0:
            return at
        cut = self._cuts[index]
        if at >= cut.end:
            return at - cut.end + cut.new_end
        return cut.new_end if last else cut.new_start

    # --- records

    def reading(self, reading: Reading) -> Reading:
        """The reading of the article; nothing is read in a text that is withheld."""
        if self.withheld:
            rejections = tuple(map(self.rejection, reading.rejections))
            return Reading(self.article(reading.article), rejections=rejections)
        return Reading(
            self.article(reading.article),
            tuple(map(self.attribution, reading.attributions)),
            tuple(map(self.event, reading.events)),
            tuple(map(self.signal, reading.signals)),
            tuple(map(self.rejection, reading.rejections)),
        )

    def article(self, article: Article) -> Article:
        """The article with its text, title, addresses and furniture."""
        changes: dict[str, Any] = {
            "text": self._shown,
            "title": self._some(article.title),
            "outlet": self._pseudonyms.contacts(article.outlet) if article.outlet else None,
            "url": self.address(article.url),
            "source_id": self.address(article.source_id),
            "furniture": () if self.withheld else tuple(map(self._furniture, article.furniture)),
        }
        return replace(article, **changes)

    def address(self, address: str | None) -> str | None:
        """The address of a page or file."""
        if address is None:
            return None
        return _replaced(address, self._matcher.replacements(address, page=True))

    def attribution(self, item: Attribution) -> Attribution:
        """A statement at its new place."""
        return replace(
            item,
            source=self.spans(item.source),
            cue=self.spans(item.cue),
            content=self.spans(item.content),
            verbatim=self.spans(item.verbatim),
            role=self._some(item.role),
            speaker=self._actor(item.speaker) if item.speaker else None,
        )

    def event(self, item: Event) -> Event:
        """An event at its new place."""
        return replace(
            item,
            trigger=self.spans(item.trigger),
            actors=tuple(map(self._participant, item.actors)),
            recipients=tuple(map(self._participant, item.recipients)),
            place=self._place(item.place) if item.place else None,
            date=self._date(item.date) if item.date else None,
        )

    def signal(self, item: Signal) -> Signal:
        """A signal at its new place."""
        return replace(item, span=self.span(item.span))

    def rejection(self, item: Rejection) -> Rejection:
        """A rejection whose reason quotes nobody."""
        return replace(
            item, input_id=self.address(item.input_id) or "", reason=self.remark(item.reason)
        )

    def remark(self, text: str) -> str:
        """A text that is about the article, not of it, and so is never withheld."""
        return _replaced(text, self._matcher.replacements(text))

    def _some(self, text: str | None) -> str | None:
        return None if text is None else self.text(text)

    def _furniture(self, part: Furniture) -> Furniture:
        return replace(part, span=self.span(part.span), value=self.text(part.value))

    def _actor(self, actor: Actor) -> Actor:
        return replace(
            actor,
            name=self._some(actor.name),
            office=self._some(actor.office),
            organisation=self._some(actor.organisation),
        )

    def _participant(self, person: Participant) -> Participant:
        return replace(person, span=self.span(person.span), name=self.text(person.name))

    def _place(self, place: Place) -> Place:
        span = self.span(place.span) if place.span else None
        name = self._some(place.name)
        if name != place.name:
            # A surname taken for a town's: number, coordinates and rivals would tell it again.
            return Place(span, name, reason="its name is a private person's too")
        reason = None if place.reason is None else self.remark(place.reason)
        return replace(place, span=span, admin1=self._some(place.admin1), reason=reason)

    def _date(self, date: Date) -> Date:
        return replace(date, span=self.span(date.span) if date.span else None)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a text to be replaced; ``name`` None: it must stay."""

    start: int
    end: int
    name: str | None


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    atom: str


class _Matcher:
    """Finds the names of one article in any text of it."""

    def __init__(self, pseudonyms: Pseudonyms, findings: Findings) -> None:
        self._pseudonyms = pseudonyms
        self._several: dict[str, list[tuple[Atoms, str | None]]] = {}
        self._single: dict[str, str] = {}
        for form in findings.public:
            if len(form) > 1:
                self._several.setdefault(form[0], []).append((form, None))
        for person in findings.people:
            self._learn(person)
        for contact in findings.contacts:
            if contact.kind == "Handle":
                self._learn_handle(contact.value)
        for forms in self._several.values():
            # The longest first; of two as long, the one that hides.
            forms.sort(key=lambda form: (-len(form[0]), form[1] is None, form[0]))
        self._tokens = {atom for atom in self._single if len(atom) >= _LEAST_IN_PAGE}

    def _learn(self, person: Person) -> None:
        name = self._pseudonyms.of("Person", " ".join(person.name))
        for form in sorted(person.forms):
            if len(form) > 1:
                self._several.setdefault(form[0], []).append((form, name))
                self._single.setdefault("".join(form), name)
        for atom in sorted(person.alone):
            self._single.setdefault(atom, name)

    def _learn_handle(self, value: str) -> None:
        name, form = self._pseudonyms.of("Handle", value), atoms_of(value.split())
        if len(form) > 1:
            self._several.setdefault(form[0], []).append((form, name))
        elif form and not is_common(form[0]):
            self._single.setdefault(form[0], name)

    def replacements(self, text: str, *, page: bool = False) -> list[_Part]:
        """What is to be replaced in a text, in its order and apart.

        Args:
            text: an article, or any part of one.
            page: it is the address of a page or file, in which no word has a capital.
        """
        pages = [(0, len(text))] if page else [match.span() for match in _PAGE.finditer(text)]
        words = list(_words(text))
        parts = [
            _Part(*one.span, self._pseudonyms.of(one.kind, one.value))
            for one in contacts(text)
            if not (page and one.kind in {"Phone", "Address"})
        ]
        return _apart([*parts, *self._names(text, words, pages), *self._pages(text, pages)])

    def _names(self, text: str, words: list[_Word], pages: list[Span]) -> Iterator[_Part]:
        at = 0
        while at < len(words):
            count, name = self._match(text, words, at, pages)
            if name is not None:
                word, last = words[at], words[at + count - 1]
                yield _Part(word.start, last.end, name)
            at += max(count, 1)

    def _match(
        self, text: str, words: list[_Word], at: int, pages: list[Span]
    ) -> tuple[int, str | None]:
        """How many words match from here on, and by what they are replaced."""
        for form, name in self._several.get(words[at].atom, ()):
            if _follows(text, words, at, form):
                return len(form), name
        return 1, self._alone(text, words[at], pages)

    def _alone(self, text: str, word: _Word, pages: list[Span]) -> str | None:
        within = is_within(word.start, pages)
        tagged = word.start > 0 and text[word.start - 1] in "#@"
        name = self._single.get(word.atom) or self._single.get(word.atom.removesuffix("s"))
        if name is not None:
            lower = word.text[0].islower() and not (within and len(word.atom) >= _LEAST_IN_PAGE)
            return None if lower and not tagged and is_common(word.atom) else name
        if within or tagged:
            held = [token for token in self._tokens if token in word.atom and len(token) > 4]
            return self._single[max(held, key=lambda token: (len(token), token))] if held else None
        return None

    def _pages(self, text: str, pages: list[Span]) -> Iterator[_Part]:
        """Addresses that hide a name behind percent signs are replaced as a whole."""
        for start, end in pages:
            plain = unquote(text[start:end])
            if plain == text[start:end]:
                continue
            words = list(_words(plain))
            if any(True for _ in self._names(plain, words, [(0, len(plain))])):
                yield _Part(start, end, self._pseudonyms.of("Page", plain))


def _words(text: str) -> Iterator[_Word]:
    for match in _ATOM.finditer(text):
        shown = _POSSESSIVE.sub("", match[0]) or match[0]
        yield _Word(match.start(), match.start() + len(shown), shown, fold(shown))


def _follows(text: str, words: list[_Word], at: int, form: Atoms) -> bool:
    if at + len(form) > len(words):
        return False
    for place in range(1, len(form)):
        before, word = words[at + place - 1], words[at + place]
        if word.atom != form[place] and not (
            place + 1 == len(form) and word.atom == form[place] + "s"
        ):
            return False
        if not _GAP.fullmatch(text, before.end, word.start):
            return False
    return True


def _apart(parts: Iterable[_Part]) -> list[_Part]:
    """Parts in order; those that overlap become one, named for the widest, else the first."""
    joined: list[list[_Part]] = []
    ends: list[int] = []
    for part in sorted(parts, key=lambda part: (part.start, -part.end)):
        if joined and part.start < ends[-1]:
            joined[-1].append(part)
            ends[-1] = max(ends[-1], part.end)
        else:
            joined.append([part])
            ends.append(part.end)
    return [
        _Part(group[0].start, end, max(group, key=lambda part: part.end - part.start).name)
        for group, end in zip(joined, ends, strict=True)
    ]


def _replaced(text: str, parts: list[_Part]) -> str:
    pieces, at = [], 0
    for part in parts:
        pieces += [text[at : part.start], part.name or text[part.start : part.end]]
        at = part.end
    return "".join(pieces) + text[at:]


def _cuts(parts: list[_Part]) -> list[_Cut]:
    cuts, shift = [], 0
    for part in parts:
        length = len(part.name or "")
        new_start = part.start + shift
        cuts.append(_Cut(part.start, part.end, new_start, new_start + length))
        shift += length - (part.end - part.start)
    return cuts
