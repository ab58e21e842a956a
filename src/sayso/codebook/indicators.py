"""Indicators: what PLOVER lacks, defined by words and examples in a TOML file.

An indicator is found in two ways. Its *signals* are states told in a text ("dwindling
attendance", "the posts stand empty"): the entry names the nouns that tell what is meant, and
scales of words that tell the direction. Its *tags* are marks on PLOVER events (a soldier's
SANCTION/withdraw is a defection): the entry names types, triggers and parties. Nothing is
trained: a user copies ``indicators.toml``, adds an entry with examples, and has it checked.

All word lists are lower-case strings of words apart by blanks; ``_`` joins the words of a
phrase. Verbs stand in their base form, nouns in the singular; other forms are made here.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from sayso.codebook.plover import EVENT_TYPES, MODES
from sayso.errors import CodebookError
from sayso.records import FACTUALITIES

DIRECTIONS = ("up", "down", "high", "low")
#: The part of speech under which a scale lists its words.
PARTS = ("verbs", "acts", "adjectives", "nouns", "counts")

_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_MARKED = re.compile(r"\[([^\[\]]+)\]")
_TOP = frozenset("version title irregular exclude scales indicators".split())
_WORD_KEYS = frozenset("nouns people verbs avoids of exclude drop".split())
_KEYS = _WORD_KEYS | frozenset(
    "definition narrows scales words alone crisis phrases never tags "
    "positive negative tagged untagged".split()
)
_RULE_KEYS = frozenset("events triggers actors sectors recipients recipient_sectors".split())
_CODED_KEYS = frozenset("text type mode trigger actor sectors recipient recipient_sectors".split())
#: What a narrower indicator takes over from the wider one where it says nothing itself.
_INHERITED = (
    "nouns people verbs avoids of exclude drop scales words alone crisis phrases never".split()
)


@dataclass(frozen=True, slots=True)
class Direction:
    """One way in which a scale can tell of a thing.

    Attributes:
        direction: ``up`` and ``down`` are changes, ``high`` and ``low`` states.
        part: ``verbs`` (attendance *fell*), ``acts`` (*cut* attendance), ``adjectives``
            (*thin* attendance, attendance is *thin*), ``nouns`` (a *drop* in attendance) or
            ``counts`` (*fewer* worshippers), which alone stand by people.
        words: base forms.
    """

    direction: str
    part: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class TagRule:
    """When an event bears a tag: every list that is not empty must be met.

    Attributes:
        events: (type, mode), the mode None where any will do.
        triggers: words of the trigger, all forms.
        actors, recipients: words in the mention of an actor or recipient, all forms.
        sectors, recipient_sectors: PLOVER sectors; met as well by a word that is listed.
    """

    events: tuple[tuple[str, str | None], ...]
    triggers: frozenset[str]
    actors: frozenset[str]
    sectors: frozenset[str]
    recipients: frozenset[str]
    recipient_sectors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Example:
    """A text in which the signal must be found, with what must be found.

    Attributes:
        span: code points in ``text``, end exclusive.
    """

    text: str
    span: tuple[int, int]
    direction: str
    factuality: str


@dataclass(frozen=True, slots=True)
class CodedExample:
    """An event as it may be coded, which must bear the tag, or must not."""

    text: str
    type: str
    mode: str | None
    trigger: str
    actor: str
    sectors: tuple[str, ...]
    recipient: str
    recipient_sectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One entry: what it means, the words by which it is found, examples.

    Attributes:
        name: lower-case words joined by ``_``.
        narrows: the wider indicator, None at the top; the narrowest that fits is found.
        nouns: what the state is of (*attendance*), all forms, phrases as tuples of words.
        people: those who are counted (*fewer worshippers*), plural, likewise.
        verbs: what these people do (*fewer attend*, *no longer attend*), base forms.
        avoids: what they do otherwise (*more and more shun*).
        of: words of which one must stand with the noun, all forms.
        exclude: words that must not stand in the sentence.
        directions: the words that tell the direction.
        alone: the direction where the noun alone tells the state (*a shortage of*).
        crisis: the direction of *a crisis of* it.
        phrases: (direction, pattern): words, ``a|b``, ``*`` for up to three words,
            ``<come>`` for any form of a verb, ``{nouns}``, ``{people}``, ``{of}``.
        never: patterns of the same form; where one of them is, nothing is found.
    """

    name: str
    definition: str
    narrows: str | None
    nouns: frozenset[tuple[str, ...]]
    people: frozenset[tuple[str, ...]]
    verbs: frozenset[str]
    avoids: frozenset[str]
    of: frozenset[str]
    exclude: frozenset[str]
    directions: tuple[Direction, ...]
    alone: str | None
    crisis: str | None
    phrases: tuple[tuple[str, str], ...]
    never: tuple[str, ...]
    rules: tuple[TagRule, ...]
    positive: tuple[Example, ...]
    negative: tuple[str, ...]
    tagged: tuple[CodedExample, ...]
    untagged: tuple[CodedExample, ...]

    @property
    def examples(self) -> int:
        """How many examples it has, for and against."""
        return sum(map(len, (self.positive, self.negative, self.tagged, self.untagged)))

    @property
    def signals(self) -> bool:
        """Whether it is found as a state; else only as a tag of events."""
        return bool(self.nouns or self.people or self.verbs or self.phrases)


@dataclass(frozen=True, slots=True)
class Indicators:
    """A checked codebook of indicators.

    Attributes:
        digest: of the file; two codebooks with the same digest are the same.
        irregular: (base, past, participle) of verbs.
    """

    version: str
    title: str
    digest: str
    irregular: tuple[tuple[str, str, str], ...]
    entries: tuple[Indicator, ...]

    def __hash__(self) -> int:
        # Compiled matchers are cached by codebook: hashing every word would cost more
        # than reading an article.
        return hash(self.digest)

    @property
    def label(self) -> str:
        """What tells it from others in a run's record: title, version, digest's beginning."""
        return f"{self.title} {self.version} ({self.digest[:12]})"

    def __getitem__(self, name: str) -> Indicator:
        """The entry of a name; ``KeyError`` if there is none."""
        for entry in self.entries:
            if entry.name == name:
                return entry
        raise KeyError(name)

    def depth(self, name: str) -> int:
        """How many wider indicators stand above one."""
        wider = self[name].narrows
        return 0 if wider is None else 1 + self.depth(wider)

    def widening(self, name: str) -> tuple[str, ...]:
        """The indicator and all that are wider, the narrowest first."""
        wider = self[name].narrows
        return (name, *self.widening(wider)) if wider else (name,)


@cache
def default_indicators() -> Indicators:
    """The codebook that Sayso ships."""
    path = files("sayso.codebook") / "indicators.toml"
    return parse_indicators(path.read_text("utf-8"), "indicators.toml")


def load_indicators(path: str | Path) -> Indicators:
    """Load and check a codebook.

    Raises:
        CodebookError: it cannot be read or does not check; the message names file and entry.
    """
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CodebookError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    return parse_indicators(text, str(path))


def parse_indicators(text: str, name: str = "codebook") -> Indicators:
    """Check the text of a codebook; ``name`` is what errors call it.

    Raises:
        CodebookError: it does not check.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CodebookError(f"{name}: is no TOML: {error}") from error
    return _Loader(name, data).codebook(text)


def compare(old: Indicators, new: Indicators) -> tuple[tuple[str, str, str], ...]:
    """How two codebooks differ, entry by entry, in the order of names.

    Returns:
        (name, ``added`` | ``removed`` | ``changed``, which fields), the fields only where changed.
    """
    before = {entry.name: entry for entry in old.entries}
    after = {entry.name: entry for entry in new.entries}
    changes = []
    for name in sorted(before.keys() | after.keys()):
        if name not in before:
            changes.append((name, "added", ""))
        elif name not in after:
            changes.append((name, "removed", ""))
        elif before[name] != after[name]:
            parts = [
                field.name
                for field in fields(Indicator)
                if getattr(before[name], field.name) != getattr(after[name], field.name)
            ]
            changes.append((name, "changed", ", ".join(parts)))
    return tuple(changes)


def plurals(words: Iterable[str]) -> frozenset[str]:
    """Nouns and their regular plurals, on the last word of a phrase."""
    return frozenset(form for word in words for form in (word, _plural(word)))


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


def verb_forms(base: str, irregular: Mapping[str, tuple[str, str]]) -> dict[str, frozenset[str]]:
    """The forms of a verb: ``base``, ``third``, ``past``, ``participle``, ``ing``.

    ``irregular`` gives past and participle. Of verbs whose last consonant may double,
    both spellings are given.
    """
    stem = base.removesuffix("e") if not base.endswith(("ee", "ye", "oe")) else base
    ing = {stem + "ing"}
    past = {stem + "ed"}
    if base.endswith("y") and base[-2:-1] not in "aeiou":
        past = {base[:-1] + "ied"}
    if re.search(r"(?:[^aeiou]|qu)[aeiou][^aeiouwxy]$", base):
        ing.add(base + base[-1] + "ing")
        past.add(base + base[-1] + "ed")
    first, second = irregular.get(base, ("", ""))
    return {
        "base": frozenset({base}),
        "third": frozenset({_plural(base)}),
        "past": frozenset(first.split("/")) if first else frozenset(past),
        "participle": frozenset(second.split("/")) if second else frozenset(past),
        "ing": frozenset(ing),
    }


class _Loader:
    """Checks one file; every complaint names it and the entry."""

    def __init__(self, path: str, data: Mapping[str, Any]) -> None:
        self.path = path
        self.data = data

    def fail(self, where: str, what: str) -> CodebookError:
        return CodebookError(f"{self.path}: [{where}] {what}")

    def codebook(self, text: str) -> Indicators:
        self.known("top level", self.data, _TOP)
        version = self.data.get("version")
        if not isinstance(version, str) or not version:
            raise self.fail("top level", 'has no version: write version = "1.0"')
        entries = self.table("indicators", self.data.get("indicators", {}))
        if not entries:
            raise self.fail("indicators", "is empty: define one as [indicators.NAME]")
        return Indicators(
            version=version,
            title=self.string("top level", self.data.get("title", "")),
            digest=hashlib.blake2b(text.encode(), digest_size=8).hexdigest(),
            irregular=self.irregular(),
            entries=tuple(self.entry(name, self.whole(name, entries, ())) for name in entries),
        )

    def irregular(self) -> tuple[tuple[str, str, str], ...]:
        found = []
        for verb, forms in self.table("irregular", self.data.get("irregular", {})).items():
            parts = self.string("irregular", forms).split()
            if len(parts) != 2:
                raise self.fail("irregular", f"{verb}: give past and participle, not {forms!r}")
            found.append((verb, parts[0], parts[1]))
        return tuple(found)

    def whole(self, name: str, entries: Mapping[str, Any], seen: tuple[str, ...]) -> dict[str, Any]:
        """An entry with what it inherits."""
        where = f"indicators.{name}"
        own = self.table(where, entries[name])
        if "narrows" not in own:
            return dict(own)
        wider = self.string(where, own["narrows"])
        if wider not in entries:
            raise self.fail(where, f"narrows {wider!r}, which is not defined")
        if wider in (*seen, name):
            raise self.fail(where, f"narrows itself by way of {wider!r}")
        above = self.whole(wider, entries, (*seen, name))
        return {key: above[key] for key in _INHERITED if key in above} | dict(own)

    def entry(self, name: str, raw: Mapping[str, Any]) -> Indicator:
        where = f"indicators.{name}"
        if not _NAME.fullmatch(name):
            raise self.fail(where, "a name is lower-case letters, digits and _")
        self.known(where, raw, _KEYS)
        lists = {key: self.words(where, raw.get(key, "")) for key in _WORD_KEYS}
        definition = self.string(where, raw.get("definition", "")).strip()
        if not definition:
            raise self.fail(where, "has no definition")
        entry = Indicator(
            name=name,
            definition=definition,
            narrows=raw.get("narrows"),
            nouns=_phrases(plurals(lists["nouns"])),
            people=_phrases(lists["people"]),
            verbs=lists["verbs"],
            avoids=lists["avoids"],
            of=plurals(lists["of"]),
            exclude=plurals(self.excluded(where, lists["exclude"])),
            directions=self.directions(where, raw, lists["drop"]),
            alone=self.direction(where, raw.get("alone")),
            crisis=self.direction(where, raw.get("crisis")),
            phrases=self.phrases(where, raw.get("phrases", {})),
            never=tuple(self.pattern(where, p) for p in self.strings(where, raw, "never")),
            rules=tuple(self.rule(where, rule) for rule in self.tables(where, raw, "tags")),
            positive=tuple(self.example(where, e) for e in self.strings(where, raw, "positive")),
            negative=self.strings(where, raw, "negative"),
            tagged=tuple(self.coded(where, e) for e in self.tables(where, raw, "tagged")),
            untagged=tuple(self.coded(where, e) for e in self.tables(where, raw, "untagged")),
        )
        if not entry.signals and not entry.rules:
            raise self.fail(where, "has neither nouns, people, verbs nor phrases, nor tags")
        return entry

    def excluded(self, where: str, words: frozenset[str]) -> frozenset[str]:
        """Words, and the shared lists that ``@name`` stands for."""
        shared = self.table("exclude", self.data.get("exclude", {}))
        found: set[str] = set()
        for word in words:
            if not word.startswith("@"):
                found.add(word)
            elif word[1:] in shared:
                found |= self.words("exclude", shared[word[1:]])
            else:
                raise self.fail(where, f"exclude names {word}, which [exclude] does not define")
        return frozenset(found)

    def directions(
        self, where: str, raw: Mapping[str, Any], drop: frozenset[str]
    ) -> tuple[Direction, ...]:
        scales = self.table("scales", self.data.get("scales", {}))
        chosen = []
        for name in self.string(where, raw.get("scales", "")).split():
            if name not in scales:
                raise self.fail(where, f"takes the scale {name!r}, which is not defined")
            chosen.append((f"scales.{name}", scales[name], drop))
        chosen.append((f"{where}.words", raw.get("words", {}), frozenset()))
        found: dict[tuple[str, str], frozenset[str]] = {}
        for place, raw_scale, without in chosen:
            scale = self.table(place, raw_scale)
            for direction, parts in scale.items():
                self.direction(place, direction)
                self.known(f"{place}.{direction}", self.table(place, parts), frozenset(PARTS))
                for part, words in parts.items():
                    listed = self.words(f"{place}.{direction}", words) - without
                    key = (direction, part)
                    found[key] = found.get(key, frozenset()) | listed
        return tuple(Direction(*key, words) for key, words in sorted(found.items()) if words)

    def phrases(self, where: str, raw: object) -> tuple[tuple[str, str], ...]:
        found: list[tuple[str, str]] = []
        for direction, patterns in self.table(f"{where}.phrases", raw).items():
            self.direction(where, direction)
            listed = self.strings(where, {"phrases": patterns}, "phrases")
            found += ((direction, self.pattern(where, pattern)) for pattern in listed)
        return tuple(found)

    def pattern(self, where: str, pattern: str) -> str:
        # Without a word that it always holds it would be looked for in every sentence.
        if not any(part[0].isalnum() or part[0] == "<" for part in pattern.split()):
            raise self.fail(where, f"the phrase {pattern!r} has no word of its own")
        return pattern

    def rule(self, where: str, raw: Mapping[str, Any]) -> TagRule:
        self.known(f"{where}.tags", raw, _RULE_KEYS)
        lists = {k: self.words(where, raw.get(k, "")) for k in ("triggers", "actors", "recipients")}
        verbs = self.verbs()
        return TagRule(
            events=self.events(where, self.string(where, raw.get("events", ""))),
            triggers=plurals(lists["triggers"])
            | {
                f
                for w in lists["triggers"]
                for forms in verb_forms(w, verbs).values()
                for f in forms
            },
            actors=plurals(lists["actors"]),
            sectors=frozenset(self.string(where, raw.get("sectors", "")).split()),
            recipients=plurals(lists["recipients"]),
            recipient_sectors=frozenset(
                self.string(where, raw.get("recipient_sectors", "")).split()
            ),
        )

    def verbs(self) -> dict[str, tuple[str, str]]:
        return {verb: (past, participle) for verb, past, participle in self.irregular()}

    def events(self, where: str, text: str) -> tuple[tuple[str, str | None], ...]:
        found: list[tuple[str, str | None]] = []
        for item in text.split():
            kind, slash, mode = item.partition("/")
            if kind not in EVENT_TYPES or (slash and mode not in MODES.get(kind, ())):
                raise self.fail(where, f"{item!r} is no type or type/mode of PLOVER")
            found.append((kind, mode or None))
        if not found:
            raise self.fail(where, 'a tag names at least one type: events = "SANCTION/withdraw"')
        return tuple(found)

    def example(self, where: str, text: str) -> Example:
        """``down: The [falling attendance] …``; ``down possible:`` where it is no fact."""
        head, colon, rest = text.partition(":")
        direction, _, factuality = head.strip().partition(" ")
        marks = _MARKED.findall(rest)
        if not colon or len(marks) != 1:
            raise self.fail(where, f'write the example as "down: … [the words] …", not {text!r}')
        self.direction(where, direction)
        factuality = factuality.strip() or "happened"
        if factuality not in FACTUALITIES:
            raise self.fail(where, f"{factuality!r} is none of {', '.join(FACTUALITIES)}")
        rest = rest.strip()
        start = rest.index("[")
        plain = rest.replace("[", "").replace("]", "")
        return Example(plain, (start, start + len(marks[0])), direction, factuality)

    def coded(self, where: str, raw: Mapping[str, Any]) -> CodedExample:
        self.known(f"{where}.tagged", raw, _CODED_KEYS)
        text, trigger = (self.string(where, raw.get(key, "")) for key in ("text", "trigger"))
        actor, recipient = (self.string(where, raw.get(key, "")) for key in ("actor", "recipient"))
        for part in (trigger, actor, recipient):
            if part not in text:
                raise self.fail(where, f"{part!r} does not stand in {text!r}")
        ((kind, mode),) = self.events(where, self.string(where, raw.get("type", "")))[:1]
        sectors, others = (
            tuple(self.string(where, raw.get(key, "")).split())
            for key in ("sectors", "recipient_sectors")
        )
        return CodedExample(text, kind, mode, trigger, actor, sectors, recipient, others)

    def direction(self, where: str, value: object) -> str | None:
        if value is not None and value not in DIRECTIONS:
            raise self.fail(where, f"{value!r} is no direction: use one of {', '.join(DIRECTIONS)}")
        return None if value is None else str(value)

    def known(self, where: str, table: Mapping[str, Any], keys: frozenset[str]) -> None:
        for key in table:
            if key not in keys:
                raise self.fail(where, f"does not know {key!r}: use {', '.join(sorted(keys))}")

    def table(self, where: str, value: object) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise self.fail(where, f"is to be a table, not {value!r}")
        return value

    def tables(self, where: str, raw: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        value = raw.get(key, [])
        if not isinstance(value, list):
            raise self.fail(where, f"{key} is to be an array of tables")
        return [self.table(f"{where}.{key}", item) for item in value]

    def string(self, where: str, value: object) -> str:
        if not isinstance(value, str):
            raise self.fail(where, f"expects text, not {value!r}")
        return value

    def strings(self, where: str, raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = raw.get(key, [])
        if not isinstance(value, list):
            raise self.fail(where, f"{key} is to be an array of texts")
        return tuple(self.string(where, item) for item in value)

    def words(self, where: str, value: object) -> frozenset[str]:
        text = self.string(where, value)
        if text != text.lower():
            raise self.fail(where, f"word lists are lower-case: {text!r}")
        return frozenset(text.split())


def _phrases(words: Iterable[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(word.split("_")) for word in words)
