"""Whom an article names: every name linked to one entity, short names to the full ones."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from sayso.records import Actor
from sayso.resolving.names import Name, find_names, name_text
from sayso.resolving.phrases import Facts, Phrase, facts_of, gender_of, parse, sort_of
from sayso.resolving.words import Text, classes_of, words_of

# Of the entities that share a word, how many of the latest are looked at.
_LOOK_BACK = 8
# Mentions that "the firm" or "the town" looks back.
_REACH = 40
# Nouns that mean a body of a class by themselves.
_GENERIC = (
    ("companies", "organisation"),
    ("groups", "organisation"),
    ("outlets", "media"),
    ("accounts", "social"),
    ("wholes", "organisation"),
)
_SMALL = frozenset("of for and the on in to & de du des la le al el".split())


@dataclass(eq=False, slots=True)
class Entity:
    """Someone or something that an article tells of.

    Attributes:
        name: the fullest the article gives; None for whom it leaves unnamed.
        words: of the name, lower case, without small words.
        nouns: by which it may be meant: "minister", "paper".
        plural: of unnamed ones, whether they are several.
        told: whether a source's own words told the office.
    """

    name: str | None
    kind: str
    words: tuple[str, ...] = ()
    gender: str | None = None
    office: str | None = None
    organisation: str | None = None
    source_class: str | None = None
    role: str | None = None
    plural: bool = False
    told: bool = False
    nouns: set[str] = field(default_factory=set)

    def actor(self) -> Actor | None:
        """The entity as a record; None for the unnamed."""
        if self.name is None and self.office is None:
            return None
        body = self.name if self.kind in ("body", "account") else None
        return Actor(self.name, self.office, self.organisation or body)

    def learn(self, facts: Facts, organisation: str | None) -> None:
        """Take what is told at one more mention; what is known already stays."""
        if self.kind == "unknown":
            self.kind = facts.kind
        if self.kind == "person" or facts.kind in (self.kind, "unknown"):
            self.gender = self.gender or facts.gender
            self.nouns.update(facts.nouns)
            self.source_class = self.source_class or facts.source_class
        if self.kind == "person":
            self.office = self.office or facts.office
            self.organisation = self.organisation or organisation


def unnamed(noun: str | None, *, role: str | None, plural: bool) -> Entity:
    """Somebody without a name, by the noun that tells of him, if any."""
    gender = gender_of(noun) if noun else None
    nouns = {noun} if noun else set()
    return Entity(
        None,
        "person",
        gender=gender,
        role=role,
        plural=plural,
        source_class="unnamed",
        nouns=nouns,
    )


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity at a word."""

    at: int
    last: int
    entity: Entity


def _is_located(text: Text, name: Name) -> bool:
    """Whether a name stands where only a place does."""
    before = text.words[name.first - 1].lower if name.first else ""
    return before in ("in", "near", "outside", "across")


class Cast:
    """All entities of an article, by where and by which words they are named.

    Built once from the article's names; afterwards only asked.

    Args:
        text: the article.
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        self.mentions: list[Mention] = []
        self.name_at: dict[int, Name | None] = {}
        self._of_word: dict[str, list[Entity]] = defaultdict(list)
        self._of_noun: dict[str, list[Mention]] = defaultdict(list)
        self._of_initials: dict[str, Entity] = {}
        self._belonging: list[tuple[Entity, range, int]] = []
        self._starts: list[int] = []
        names = find_names(text)
        self._places = {key(name_text(text, n)) for n in names if _is_located(text, n)}
        headline = [name for name in names if text.words[name.first].paragraph == 0]
        # A headline's short names are those of the body.
        for name in names[len(headline) :] + headline:
            self._add(name)
        self._sort()
        self._add_plain_bodies()
        self._sort()
        for entity, phrase, at in self._belonging:
            entity.organisation = entity.organisation or self.organisation(phrase, at)

    def _sort(self) -> None:
        self.mentions.sort(key=lambda mention: mention.at)
        for mentions in self._of_noun.values():
            mentions.sort(key=lambda mention: mention.at)
        self._starts = [mention.at for mention in self.mentions]

    def within(self, span: range) -> list[Mention]:
        """Mentions whose name begins inside a span of words."""
        first = bisect_left(self._starts, span.start)
        return self.mentions[first : bisect_left(self._starts, span.stop)]

    def covers(self, at: int) -> bool:
        """Whether a word is part of a named mention."""
        first = bisect_left(self._starts, at + 1) - 1
        return first >= 0 and self.mentions[first].last >= at

    def before(self, at: int, limit: int) -> Iterator[Mention]:
        """The nearest mentions before a word, nearest first."""
        first = bisect_left(self._starts, at)
        yield from reversed(self.mentions[max(0, first - limit) : first])

    def named(self, words: tuple[str, ...], facts: Facts) -> Entity | None:
        """The entity that a name means: the same, a fuller or a shorter name."""
        if not words:
            return None
        if len(words) == 1 and words[0] in self._of_initials:
            return self._of_initials[words[0]]
        for word in dict.fromkeys((words[-1], words[0])):
            for entity in reversed(self._of_word[word][-_LOOK_BACK:]):
                if _compatible(entity, words, facts) and not self._seated(entity, words):
                    return entity
        return self._misspelt(words, facts)

    def _seated(self, entity: Entity, words: tuple[str, ...]) -> bool:
        """Whether a name is the place that a body is called after: "Oslo", "Oslo Harbour Board"."""
        return (
            words in self._places
            and len(words) == 1 < len(entity.words)
            and entity.kind == "body"
            and entity.words[0] == words[0]
        )

    def _misspelt(self, words: tuple[str, ...], facts: Facts) -> Entity | None:
        """The person whose surname, given alone, differs by one letter."""
        if len(words) > 1 or len(words[0]) < 5 or facts.kind not in ("person", "unknown"):
            return None
        for form in (words[0] + "s", words[0].removesuffix("s")):
            for entity in self._of_word.get(form, [])[-1:]:
                if entity.kind == "person" and entity.words[-1] == form:
                    return entity
        return None

    def candidates(self, noun: str, at: int) -> list[Entity]:
        """Entities that a noun describes: those before a word, nearest first, then the next."""
        mentions = self._of_noun.get(noun, [])
        first = bisect_left(mentions, at, key=lambda mention: mention.at)
        near = [*reversed(mentions[max(0, first - _LOOK_BACK) : first]), *mentions[first:][:2]]
        return list(dict.fromkeys(mention.entity for mention in near))

    def generic(self, noun: str, at: int, outside: list[Entity | None]) -> Entity | None:
        """The body that a noun alone means, "the firm", "the paper": the last that it fits.

        ``outside`` are those who say so: a body does not call itself that.
        """
        wanted = {
            source_class for name, source_class in _GENERIC if noun in words_of(f"words.{name}")
        }
        unsure: Entity | None = None
        for mention in self._near(at) if wanted else ():
            entity = mention.entity
            if entity in outside:
                continue
            if entity.kind != "person" and entity.source_class in wanted:
                return entity
            located = self.is_place(mention) or entity.words in self._places
            if entity.kind == "unknown" and not located:
                unsure = unsure or entity
        return unsure

    def place(self, at: int) -> Entity | None:
        """The last place named before a word: what "the town" means."""
        for mention in self.before(at, _REACH):
            if mention.entity.kind == "unknown" and self.is_place(mention):
                return mention.entity
        return None

    def is_place(self, mention: Mention) -> bool:
        """Whether a name stands after a preposition of place."""
        before = self.text.words[mention.at - 1].lower if mention.at else ""
        return before in ("in", "at", "near", "from", "of", "outside", "around", "across")

    def _near(self, at: int) -> Iterator[Mention]:
        """Mentions before a word, nearest first, then the next few after it."""
        yield from self.before(at, _REACH)
        first = bisect_left(self._starts, at)
        yield from self.mentions[first : first + _LOOK_BACK]

    def last_body(self, at: int) -> Entity | None:
        """The last body named before a word, else the next."""
        return next((m.entity for m in self._near(at) if m.entity.kind == "body"), None)

    def organisation(self, span: range, at: int) -> str | None:
        """The name of the organisation that some words mean; "its" the last one named."""
        if not span:
            return None
        words = self.text.words
        if len(span) == 1 and words[span[0]].lower in ("its", "their"):
            body = self.last_body(span.start)
            return body.name if body else None
        phrase = parse(self.text, span)
        entity = self.body(phrase, at) if phrase else None
        if entity or (len(span) == 1 and not words[span[0]].capital):
            return entity.name if entity else None
        told = bare(self.text, span)
        return None if " " not in told and words[span[-1]].initial else told

    def body(self, phrase: Phrase, at: int) -> Entity | None:
        """The named body that a phrase such as "the ministry" or "the Authority" means."""
        words = self.text.words
        told = {words[i].lower for i in phrase.words if i != phrase.head} - _SMALL
        told |= {words[i].lower for i in phrase.complement[:_LOOK_BACK] if words[i].capital}
        for entity in self.candidates(phrase.noun, at):
            if told <= set(entity.words) | entity.nouns and entity.kind in ("body", "account"):
                return entity
        return None

    def add(self, entity: Entity, at: int, last: int) -> None:
        """Enter a mention; while the cast is built only."""
        mention = Mention(at, last, entity)
        self.mentions.append(mention)
        for noun in entity.nouns:
            self._of_noun[noun].append(mention)

    def _add(self, name: Name) -> None:
        facts = facts_of(self.text, name)
        words = key(name_text(self.text, name))
        if len(words) == 2 and self.text.words[name.first].text.isupper():
            # "told the FBI Fontenot had": two names that only stand side by side.
            person = self.named(words[1:], Facts("person"))
            if person is not None and person.kind == "person":
                name = Name(name.last, name.last, name.last, "person")
                words = words[1:]
        if not words:
            return
        if len(words) == 1 and facts.kind == "body" and self.text.words[name.first].text.isupper():
            # "LUND: Nothing was signed." in a transcript is she who was named in full.
            person = self.named(words, Facts("person"))
            if person is not None and person.kind == "person":
                facts = Facts("person")
        entity = self.named(words, facts)
        if entity is None and not self.text.words[name.first].paragraph and self.mentions:
            return
        if entity is None:
            entity = Entity(name_text(self.text, name), facts.kind)
        if len(words) > len(entity.words):
            self._rename(entity, name_text(self.text, name), words)
        entity.learn(facts, None)
        if facts.organisation and entity.kind == "person":
            self._belonging.append((entity, facts.organisation, name.before))
        self.name_at[name.before] = name
        self.add(entity, name.before, name.last)

    def _rename(self, entity: Entity, name: str, words: tuple[str, ...]) -> None:
        entity.name, entity.words = name, words
        for word in dict.fromkeys(words):
            self._of_word[word].append(entity)
        if len(words) > 1:
            self._of_initials.setdefault("".join(word[0] for word in words), entity)

    def _add_plain_bodies(self) -> None:
        """Bodies named by common nouns: "the county transport bureau"."""
        found: list[tuple[Entity, int, int]] = []
        for at, word in enumerate(self.text.words):
            if word.capital or sort_of(word.lower) != ("body", word.lower):
                continue
            start = self._plain_start(at)
            if start is None:
                continue
            span = range(start, self._plain_end(at))
            if len(span) == 1:
                entity = next(iter(self.candidates(word.lower, at)), None)
                if entity is None and word.lower not in words_of("words.powers"):
                    continue
            else:
                lower = tuple(self.text.words[i].lower for i in span)
                entity = self.named(lower, Facts("body"))
            entity = entity or self._plain_body(span, word.lower)
            found.append((entity, start, span[-1]))
        for entity, start, at in found:
            self.name_at.setdefault(start, None)
            self.add(entity, start, at)

    def _plain_start(self, at: int) -> int | None:
        """Where a body's plain name begins after its "the"; None if it is none."""
        words, start = self.text.words, at
        while start > max(0, at - 4) and words[start - 1].text.isalpha():
            start -= 1
            if words[start].lower in words_of("words.determiners"):
                break
        following = words[at + 1].lower if at + 1 < len(words) else ""
        if words[start].lower != "the" or start == at or sort_of(following)[0] != "other":
            return None
        told = range(start + 1, at)
        plain = not any(
            words[i].lower in words_of(f"words.{name}")
            for i in told
            for name in ("no_name", "function", "reporting")
        )
        return start + 1 if plain else None

    def _plain_end(self, at: int) -> int:
        """After the field it has in its name: "the department of agriculture"."""
        words = self.text.words[at : at + 3]
        if (
            len(words) < 3
            or words[1].lower != "of"
            or words[0].lower not in words_of("words.fields")
        ):
            return at + 1
        return at + 3 if words[2].text.isalpha() and words[2].text.islower() else at + 1

    def _plain_body(self, span: range, noun: str) -> Entity:
        entity = Entity(None, "body", nouns={noun}, source_class=classes_of("bodies")[noun])
        self._rename(entity, self.text.shown(span), key(self.text.shown(span)))
        self._of_noun[noun].append(Mention(span.start, span[-1], entity))
        return entity


def key(name: str) -> tuple[str, ...]:
    """A name's words as they are compared: lower case, without stops and small words."""
    words = [word.strip(".,’'").lower() for word in name.replace("@", " @").split()]
    return tuple(word for word in words if word and word not in _SMALL and word != "'s")


def bare(text: Text, span: range) -> str:
    """The words without a determiner."""
    start = span.start
    while start < span.stop - 1 and text.words[start].lower in words_of("words.determiners"):
        start += 1
    return text.shown(range(start, span.stop))


def _compatible(entity: Entity, words: tuple[str, ...], facts: Facts) -> bool:
    """Whether a name may mean an entity: its words hold, or are held by, the entity's."""
    kinds = {entity.kind, facts.kind} - {"unknown"}
    if len(kinds) > 1 and "person" in kinds:
        return False
    if facts.gender and entity.gender and facts.gender != entity.gender:
        return False
    one, other = sorted((words, entity.words), key=len)
    if not set(one) <= set(other):
        return False
    if len(one) > 1 or "body" in kinds:
        return True
    return one[0] in (other[-1], other[0])
