"""Speakers of an article's attributions: each source resolved to whom the article names.

Within one article only. An unnamed source stays unnamed; what a pronoun or description
stands for gives it its speaker and its class.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sayso.records import Attribution
from sayso.resolving.bystanders import Bystanders
from sayso.resolving.descriptions import Descriptions
from sayso.resolving.entities import Cast, Entity, Mention, key, unnamed
from sayso.resolving.phrases import Facts, Phrase, parse, sort_of
from sayso.resolving.pronouns import Candidate, Wanted, best
from sayso.resolving.sources import PRONOUNS, Source, source_of
from sayso.resolving.words import Quoted, Text, cut, words_of

if TYPE_CHECKING:
    from sayso.records import Article, Span

# Mentions and earlier sources that a pronoun looks back at.
_MENTIONS, _SOURCES = 40, 8
# Parents may form a circle in what is handed in.
_DEEPEST = 8
# Words of a source that are looked at, and of a paragraph back to the one before it.
_LONGEST, _PARAGRAPH = 80, 400


# Classes that tell more of a person than a name, the first of them wins.
_TELLING = ("official", "expert", "organisation")


def resolve_speakers(
    article: Article, attributions: tuple[Attribution, ...], quoted: Sequence[Quoted]
) -> tuple[Attribution, ...]:
    """The attributions with their speakers.

    Args:
        article: the article they were read in.
        attributions: in any order; spans that lie outside the text are left unresolved.
        quoted: the text's quotations.

    Returns:
        the same attributions in the same order; ``speaker``, and of pronouns, descriptions
        and misjudged names ``source_class``, ``role`` and ``collective``, as the article tells.
    """
    return Speakers(article, attributions, quoted).attributions


class Speakers:
    """The speakers of one article's attributions; other mentions can be asked for afterwards.

    Args:
        article: the article they were read in.
        attributions: in any order.
        quoted: the text's quotations.

    Attributes:
        attributions: as ``resolve_speakers`` gives them.
    """

    def __init__(
        self, article: Article, attributions: tuple[Attribution, ...], quoted: Sequence[Quoted]
    ) -> None:
        self._article, self._quoted = article, quoted
        self._resolver: _Resolver | None = None
        self.attributions: tuple[Attribution, ...] = ()
        if attributions:
            self.attributions = _as_introduced(self._resolved(attributions))

    def _resolved(self, attributions: Sequence[Attribution]) -> list[Attribution]:
        if self._resolver is None:
            self._resolver = _Resolver(cut(self._article.text, self._quoted), self._article.outlet)
        self._resolver.add(attributions)
        return [self._resolver.resolved(item) for item in attributions]

    def names(self, mentions: Mapping[Span, str | None]) -> dict[Span, str]:
        """The full names of others than sources, told by a pronoun or a short name; asked once.

        Args:
            mentions: where they stand, with the attribution in whose content, if in one.
        """
        asked = {f"mention-{i}": span for i, span in enumerate(mentions)}
        items = [
            _as_source(self._article.id, *pair)
            for pair in zip(asked, mentions.items(), strict=True)
        ]
        return {
            asked[item.id]: item.speaker.name
            for item in (self._resolved(items) if items else ())
            if item.source_class != "unnamed" and item.speaker and item.speaker.name
        }


def _as_source(article: str, name: str, mention: tuple[Span, str | None]) -> Attribution:
    """A mention in the form in which sources are resolved."""
    span, parent = mention
    return Attribution(
        id=name,
        article_id=article,
        source=(span,),
        cue=(),
        content=(),
        kind="indirect",
        act="say",
        source_class="named",
        role=None,
        collective=False,
        verbatim=(),
        speaker=None,
        parent=parent,
        confidence=0.0,
    )


def _as_introduced(items: list[Attribution]) -> tuple[Attribution, ...]:
    """A bare name has the class that its bearer is introduced with elsewhere in the article.

    "Army chief Ola Brand" is official, and so is "Brand" in the next paragraph.
    """
    known: dict[str, str] = {}
    for source_class in reversed(_TELLING):
        for item in items:
            if item.speaker and item.speaker.name and item.source_class == source_class:
                known[item.speaker.name] = source_class
    return tuple(
        replace(item, source_class=known.get(item.speaker.name or "", "named"))
        if item.speaker and item.source_class == "named"
        else item
        for item in items
    )


class _Resolver:
    """Resolves the sources of one article, those of outer attributions first."""

    def __init__(self, text: Text, outlet: str | None) -> None:
        self.text = text
        self.cast = Cast(text)
        self._know_outlet(outlet)
        self.descriptions = Descriptions(text, self.cast)
        self.people = Bystanders(text, self.cast)
        self.by_id: dict[str, Attribution] = {}
        self.sources: dict[str, Source | None] = {}
        self.entities: dict[str, Entity | None] = {}
        self.heard: list[_Heard] = []

    def add(self, attributions: Sequence[Attribution]) -> None:
        """Resolve these; what was resolved before stays, and is looked back at."""
        self.by_id |= {item.id: item for item in attributions}
        self.sources |= {item.id: self._source(item) for item in attributions}
        # By id too: of two in one place the order handed in must not decide.
        order = sorted(attributions, key=lambda item: (self._depth(item), _place(item), item.id))
        self._named(order)
        chain = self._chain()
        for item in order:
            while chain and self.text.words[chain[-1]].start < _place(item):
                self._follow(chain.pop())
            self._resolve(item)

    def resolved(self, item: Attribution) -> Attribution:
        """An attribution with what was found of its source."""
        source, entity = self.sources[item.id], self.entities.get(item.id)
        if entity is None:
            return item
        if entity.kind == "document":
            pronoun = source is not None and source.pronoun is not None
            return replace(item, source_class="document", collective=False) if pronoun else item
        if entity.name is None and entity.office is None:
            if item.source_class in ("document", "media"):
                return item
            role = item.role or entity.role
            return replace(item, source_class="unnamed", role=role, collective=entity.plural)
        known = item.source_class
        if known == "document":
            return item
        if known == "unnamed" or (source and source.pronoun and known != "social"):
            known = entity.source_class or ("named" if entity.kind == "person" else "organisation")
        return replace(
            item, speaker=entity.actor(), source_class=known, role=None, collective=False
        )

    def _know_outlet(self, outlet: str | None) -> None:
        """An outlet that names itself in its text is no person."""
        entity = self.cast.named(key(outlet), Facts("unknown")) if outlet else None
        if entity and entity.kind == "unknown":
            entity.kind, entity.source_class = "body", "media"

    def _chain(self) -> list[int]:
        """Where a sentence of the report begins with "he" or "she", the last first."""
        sources = {source.at for source in self.sources.values() if source}
        sources |= {heard.at for heard in self.heard}
        return [
            at
            for at in range(len(self.text.words) - 1, -1, -1)
            if self.text.words[at].text in ("He", "She")
            and at not in sources
            and self.text.quotation(self.text.words[at].start) is None
        ]

    def _follow(self, at: int) -> None:
        """Resolve a pronoun that is no source: it keeps its entity in mind."""
        entity = self._meant(None, self.text.words[at].lower, at)
        if entity is not None:
            insort(self.heard, _Heard(at, entity, None), key=_at)

    def _source(self, item: Attribution) -> Source | None:
        if not all(0 <= start < end <= len(self.text.text) for start, end in item.source):
            return None
        if not item.source:
            return None
        span = self.text.within((item.source[0][0], item.source[-1][1]))[:_LONGEST]
        # Two words more: the name may stand right after.
        mentions = self.cast.within(range(span.start, span.stop + 2))
        names = [self.cast.name_at[mention.at] for mention in mentions]
        return source_of(self.text, span, [name for name in names if name])

    def _depth(self, item: Attribution) -> int:
        return sum(1 for _ in self._around(item))

    def _named(self, order: list[Attribution]) -> None:
        """Sources that are names: their entities, with the class that reading gave them."""
        for item in order:
            source = self.sources[item.id]
            if source is None or source.name is None:
                continue
            acronym = self.text.words[source.at].text.isupper()
            if source.unsure and item.source_class == "unnamed" and not acronym:
                self.entities[item.id] = unnamed(None, role=item.role, plural=item.collective)
                continue
            entity = self._by_name(source)
            self.entities[item.id] = entity
            if entity and item.source_class not in ("unnamed", "social", "document"):
                entity.source_class = item.source_class
                if entity.kind == "unknown":
                    entity.kind = _kind_of_class(item.source_class, entity)

    def _resolve(self, item: Attribution) -> None:
        source = self.sources[item.id]
        entity = self.entities.get(item.id)
        if source is None:
            entity = self._of_bare_quotation(item) if not item.source else None
        elif source.pronoun:
            entity = self._by_pronoun(item, source)
        elif source.name is None and source.phrase:
            entity = self._by_phrase(item, source.phrase)
        elif source.phrase and entity:
            self._belong(item, entity, source.phrase)
        self.entities[item.id] = entity
        if source is not None and entity is not None:
            insort(self.heard, _Heard(source.at, entity, item), key=_at)

    def _belong(self, item: Attribution, entity: Entity, phrase: Phrase) -> None:
        """Whose "its head, X" is: what the pronoun means here."""
        lower = self.text.words[phrase.owner.start].lower if phrase.owner else ""
        if lower not in ("its", "their") or entity.kind != "person":
            return
        body = self._meant(item, "its", phrase.owner.start)
        if body is not None and body.name is not None:
            entity.organisation = body.name

    def _by_name(self, source: Source) -> Entity | None:
        span = source.name
        if span is None:
            return None
        for mention in self.cast.within(span):
            self.descriptions.tell(mention.entity, source)
            return mention.entity
        shown = self.text.shown(span)
        entity = self.cast.named(key(shown), Facts("unknown")) or Entity(
            shown.strip(".,:;"), "unknown", key(shown)
        )
        self.descriptions.tell(entity, source)
        return entity

    def _by_phrase(self, item: Attribution, phrase: Phrase) -> Entity | None:
        headline = self.text.words[phrase.head].paragraph == 0
        known = item.source_class
        found = None
        if known == "social" and phrase.complement and not phrase.owner:
            found = self._in_complement(item, phrase)
        if found:
            return found
        if phrase.sort == "body":
            return None if known == "unnamed" else self._body(item, phrase)
        if phrase.sort == "person":
            return self.descriptions.person(item, phrase, headline=headline)
        if phrase.owner and known not in ("unnamed", "document"):
            return self._owner(item, phrase)
        return self.descriptions.other(item, phrase)

    def _body(self, item: Attribution, phrase: Phrase) -> Entity | None:
        at = phrase.words.start
        if phrase.owner and item.source_class == "social":
            return self._owner(item, phrase)
        if phrase.determiner == "indefinite":
            return (
                self.descriptions.unnamed(item, phrase) if item.source_class == "unnamed" else None
            )
        entity = self._in_front(phrase) or self.cast.body(phrase, phrase.head)
        if entity is None and not phrase.complement:
            entity = self._generic(item, self.descriptions.bare_noun(phrase), at)
        return entity or self.descriptions.ministry(phrase) or self.descriptions.whole(item, phrase)

    def _in_front(self, phrase: Phrase) -> Entity | None:
        """The name before a noun that only tells its kind: "the Vechirka newspaper"."""
        if not any(phrase.noun in words_of(f"words.{name}") for name in ("outlets", "accounts")):
            return None
        inside = self.cast.within(range(phrase.words.start, phrase.head))
        return next((m.entity for m in inside if m.last + 1 == phrase.head), None)

    def _generic(self, item: Attribution, noun: str, at: int) -> Entity | None:
        if noun in words_of("words.places"):
            return self.cast.place(at)
        outside = [self.entities.get(outer.id) for outer in self._around(item)]
        return self.cast.generic(noun, at, outside)

    def _around(self, item: Attribution) -> Iterator[Attribution]:
        """The attributions that an attribution is told in, innermost first."""
        for _ in range(_DEEPEST):
            outer = self.by_id.get(item.parent or "")
            if outer is None:
                return
            yield outer
            item = outer

    def _owner(self, item: Attribution, phrase: Phrase) -> Entity | None:
        owner = phrase.owner
        lower = self.text.words[owner.start].lower
        if lower in PRONOUNS:
            return self._by_pronoun(item, Source(owner.start, pronoun=lower))
        for mention in self.cast.within(owner):
            return mention.entity
        inner = parse(self.text, owner)
        # Of "the mayor's wife's" only the wife: owners may be stacked without end.
        return self._by_phrase(item, replace(inner, owner=range(0))) if inner else None

    def _in_complement(self, item: Attribution, phrase: Phrase) -> Entity | None:
        inside = range(phrase.complement.start + 1, phrase.complement.stop)
        inner = parse(self.text, inside)
        if inner and inner.owner:
            return self._owner(item, inner)
        for mention in self.cast.within(inside):
            return mention.entity
        return None

    def _of_bare_quotation(self, item: Attribution) -> Entity | None:
        """Of quoted words without source and cue: who alone spoke last in the same paragraph."""
        if item.cue or not item.content or not item.verbatim or item.parent:
            return None
        return self._of_paragraph(item.content[0][0])

    def _of_paragraph(self, at: int) -> Entity | None:
        """Who alone spoke so far in a paragraph, where it is quoted."""
        if self.text.quotation(at) is None:
            return None
        word = bisect_left(self.text.starts, at)
        if word >= len(self.text.words):
            return None
        paragraph = self.text.words[word].paragraph
        said = [h for h in self._heard_before(word) if h.item and not h.item.parent]
        speakers = {h.entity for h in said if self.text.words[h.at].paragraph == paragraph}
        if not speakers and said and self._introduced(word, said[0]):
            return said[0].entity
        return next(iter(speakers)) if len(speakers) == 1 else None

    def _introduced(self, word: int, heard: _Heard) -> bool:
        """Whether the paragraph before a word's ends with a colon after its last speaker."""
        words, at = self.text.words, word
        while at and words[at].paragraph == words[word].paragraph and word - at < _PARAGRAPH:
            at -= 1
        return words[at].text == ":" and words[heard.at].paragraph == words[at].paragraph

    def _heard_before(self, at: int) -> Iterator[_Heard]:
        stop = bisect_left(self.heard, at, key=_at)
        yield from reversed(self.heard[max(0, stop - _SOURCES) : stop])

    def _by_pronoun(self, item: Attribution, source: Source) -> Entity | None:
        kind, _, plural = PRONOUNS[source.pronoun or "it"]
        if source.pronoun == "it" and self._is_expletive(item):
            return None
        if kind == "speaker":
            return self._speaker_of(item, plural=plural)
        if source.pronoun in ("who", "which", "whom", "that"):
            return self._antecedent(source.at, person=kind == "person")
        return self._meant(item, source.pronoun or "it", source.at)

    def _is_expletive(self, item: Attribution) -> bool:
        spans = [self.text.within(span) for span in item.cue]
        cue = [self.text.words[at].lower for span in spans for at in span[:_LONGEST]]
        passive = "been" in cue or (bool(cue) and cue[0] in ("is", "was", "seems", "appears"))
        return passive and any(word in words_of("words.expletive") for word in cue)

    def _meant(self, item: Attribution | None, pronoun: str, at: int) -> Entity | None:
        """Whom a third person's pronoun means; remembers the gender it tells."""
        kind, gender, plural = PRONOUNS[pronoun]
        word = self.text.words[at]
        quoted = self.text.quotation(word.start) is not None
        wanted = Wanted(kind, gender, plural, at, word.sentence, word.paragraph, quoted)
        entity = best(wanted, self._candidates(item, wanted))
        if entity is None and plural:
            return Entity(None, "person", plural=True, source_class="unnamed")
        if entity is not None and entity.gender is None and entity.kind == "person":
            entity.gender = gender
        return entity

    def _speaker_of(self, item: Attribution, *, plural: bool) -> Entity | None:
        """Whose words an "I" stands in; a "we" is that speaker's organisation."""
        outer = self.entities.get(item.parent or "")
        if item.parent is None:
            outer = self._of_paragraph(item.source[0][0])
        if outer is None or not plural or not outer.organisation:
            return outer
        words = key(outer.organisation)
        return self.cast.named(words, Facts("body")) or outer

    def _antecedent(self, at: int, *, person: bool) -> Entity | None:
        """What stands right before a relative pronoun."""
        before: int | None = at - 1 if at and self.text.words[at - 1].text == "," else at
        for _ in range(_DEEPEST):
            if before is None:
                return None
            mention = next((m for m in self.cast.before(before, 2) if m.last + 1 == before), None)
            if mention is None:
                return self.people.before(before)
            before = self._placed(mention, person=person)
            if before is None:
                return mention.entity
        return None

    def _placed(self, mention: Mention, *, person: bool) -> int | None:
        """Behind what a name only places: "the fund in Lodz, which", "a man at the mill, who"."""
        words, at = self.text.words, mention.at
        if at and words[at - 1].lower in words_of("words.determiners"):
            at -= 1
        fits = mention.entity.kind in (("person",) if person else ("body", "account"))
        if fits or at < 2 or words[at - 1].lower not in words_of("words.prepositions"):
            return None
        return at - 1

    def _candidates(self, item: Attribution | None, wanted: Wanted) -> Iterator[Candidate]:
        outer = self.entities.get(item.parent or "") if item else None
        own_words = wanted.quoted and outer is not None
        own = {outer.organisation, outer.name} - {None} if own_words and outer else set()
        last = True
        for heard in self._heard_before(wanted.at):
            if heard.entity.name not in own:
                yield self._candidate(heard.entity, heard.at, subject=True, spoke=last)
                last = False
        if outer is not None and not own_words:
            yield self._candidate(outer, wanted.at - 1, subject=True, spoke=True)
        for mention in self.cast.before(wanted.at, _MENTIONS):
            if mention.entity.name not in own:
                yield self._candidate(mention.entity, mention.at)
        for at, entity in self.people.recent(wanted.at):
            if entity.name not in own:
                yield self._candidate(entity, at)

    def _candidate(
        self, entity: Entity, at: int, *, subject: bool = False, spoke: bool = False
    ) -> Candidate:
        word = self.text.words[max(at, 0)]
        before = self.text.words[at - 1] if at > 0 else None
        opens = subject or self._opens_sentence(at)
        return Candidate(
            entity,
            at,
            word.sentence,
            word.paragraph,
            quoted=self.text.quotation(word.start) is not None,
            subject=opens,
            spoke=spoke,
            after_preposition=before is not None
            and before.sentence == word.sentence
            and before.lower in words_of("words.prepositions"),
            passing=entity.name is None and not opens,
        )

    def _opens_sentence(self, at: int) -> bool:
        """Whether a mention stands where a subject does: first, but for what describes it."""
        words = self.text.words
        apposed = at > 0 and words[at - 1].text == ","
        for back in range(at - 1, max(at - 6, -1), -1):
            word = words[back]
            if word.sentence != words[at].sentence:
                return True
            lower = word.lower
            describes = sort_of(lower)[0] != "other" or lower in words_of("words.determiners")
            describes = describes or (apposed and lower not in words_of("words.function"))
            if not (describes or word.initial or word.text in '"“”,'):
                return False
        return True


@dataclass(frozen=True, slots=True, eq=False)
class _Heard:
    """An entity that a source, or a pronoun that opens a sentence, means."""

    at: int
    entity: Entity
    item: Attribution | None


def _at(heard: _Heard) -> int:
    return heard.at


def _kind_of_class(source_class: str, entity: Entity) -> str:
    """What a name must be that reading gave a class."""
    if source_class == "media":
        return "body"
    full = len(entity.words) > 1
    return "person" if full and source_class in ("named", "expert") else "unknown"


def _place(item: Attribution) -> int:
    return (item.source or item.content or ((0, 0),))[0][0]
