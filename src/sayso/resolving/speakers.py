"""Speakers of an article's attributions: each source resolved to whom the article names.

Within one article only. An unnamed source stays unnamed; what a pronoun or description
stands for gives it its speaker and its class.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sayso.records import Article, Attribution
from sayso.resolving.entities import Cast, Entity, Mention, key
from sayso.resolving.names import Name
from sayso.resolving.phrases import Facts, Phrase, office_text, organisation_of, parse, sort_of
from sayso.resolving.pronouns import Candidate, Wanted, best
from sayso.resolving.sources import PRONOUNS, Source, source_of
from sayso.resolving.words import Quoted, Text, classes_of, cut, words_of

# Mentions and earlier sources that a pronoun looks back at.
_MENTIONS, _SOURCES = 40, 8
# Parents may form a circle in what is handed in.
_DEEPEST = 8
# Headlines call any of these by any other.
_HEADS = ("chief", "boss", "head", "chairman", "chairwoman", "director", "president")


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
    if not attributions:
        return ()
    resolver = _Resolver(cut(article.text, quoted), attributions)
    return tuple(resolver.resolved(item) for item in attributions)


class _Resolver:
    """Resolves the sources of one article, those of outer attributions first."""

    def __init__(self, text: Text, attributions: tuple[Attribution, ...]) -> None:
        self.text = text
        self.cast = Cast(text)
        self.people = _People(text, self.cast)
        self.by_id = {item.id: item for item in attributions}
        self.sources = {item.id: self._source(item) for item in attributions}
        self.entities: dict[str, Entity | None] = {}
        self.heard: list[_Heard] = []
        self._named(attributions)
        chain = self._chain()
        for item in sorted(attributions, key=lambda item: (self._depth(item), _place(item))):
            while chain and text.words[chain[-1]].start < _place(item):
                self._follow(chain.pop())
            self._resolve(item)

    def resolved(self, item: Attribution) -> Attribution:
        """An attribution with what was found of its source."""
        source, entity = self.sources[item.id], self.entities.get(item.id)
        if entity is None:
            return item
        if entity.name is None and entity.office is None:
            if item.source_class in ("document", "media"):
                return item
            return replace(
                item, source_class="unnamed", role=item.role or entity.role, collective=entity.plural
            )
        known = item.source_class
        if known == "document":
            return item
        if known == "unnamed" or (source and source.pronoun and known != "social"):
            known = entity.source_class or ("named" if entity.kind == "person" else "organisation")
        return replace(
            item, speaker=entity.actor(), source_class=known, role=None, collective=False
        )

    def _chain(self) -> list[int]:
        """Where a sentence of the report begins with "he" or "she", the last first."""
        sources = {source.at for source in self.sources.values() if source}
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
        names = []
        for start, end in item.source:
            inside = self.text.within((start, end))
            # Two words more: the name may stand right after.
            for mention in self.cast.within(range(inside.start, inside.stop + 2)):
                names.append(self.cast.name_at[mention.at])
        return source_of(self.text, item.source, [name for name in names if name])

    def _depth(self, item: Attribution) -> int:
        return sum(1 for _ in self._around(item))

    def _named(self, attributions: tuple[Attribution, ...]) -> None:
        """Sources that are names: their entities, with the class that reading gave them."""
        for item in attributions:
            source = self.sources[item.id]
            if source is None or source.name is None:
                continue
            acronym = self.text.words[source.at].text.isupper()
            if source.unsure and item.source_class == "unnamed" and not acronym:
                self.entities[item.id] = self._unknown_person(item)
                continue
            entity = self._by_name(source)
            self.entities[item.id] = entity
            if entity and item.source_class not in ("unnamed", "social", "document"):
                entity.source_class = item.source_class
                if item.source_class == "media" and entity.kind == "unknown":
                    entity.kind = "body"

    def _resolve(self, item: Attribution) -> None:
        source = self.sources[item.id]
        entity = self.entities.get(item.id)
        if source is None:
            entity = self._of_bare_quotation(item) if not item.source else None
        elif source.pronoun:
            entity = self._by_pronoun(item, source)
        elif source.name is None and source.phrase:
            entity = self._by_phrase(item, source.phrase)
        self.entities[item.id] = entity
        if source is not None and entity is not None:
            insort(self.heard, _Heard(source.at, entity, item), key=_at)

    def _by_name(self, source: Source) -> Entity | None:
        span = source.name
        if span is None:
            return None
        for mention in self.cast.within(span):
            self._tell(mention.entity, source)
            return mention.entity
        shown = self.text.shown(span)
        entity = self.cast.named(key(shown), Facts("unknown")) or Entity(
            shown.strip(".,:;"), "unknown", key(shown)
        )
        self._tell(entity, source)
        return entity

    def _tell(self, entity: Entity, source: Source) -> None:
        """What the source's own noun phrase tells of its name."""
        phrase = source.phrase
        if phrase is None:
            return
        if phrase.sort == "person" and entity.kind in ("person", "unknown"):
            organisation = self.cast.organisation(
                organisation_of(self.text, phrase), phrase.words.start
            )
            known = classes_of("persons").get(phrase.noun)
            office = office_text(self.text, phrase)
            entity.learn(Facts("person", None, (phrase.noun,), office, range(0), known), organisation)
        elif phrase.sort == "body" and entity.kind == "unknown":
            known = classes_of("bodies")[phrase.noun]
            kind = "account" if known == "social" else "body"
            entity.learn(Facts(kind, None, (phrase.noun,), source_class=known), None)
        elif phrase.sort == "other" and phrase.words and entity.kind in ("person", "unknown"):
            entity.office = entity.office or self.text.shown(phrase.words)

    def _by_phrase(self, item: Attribution, phrase: Phrase) -> Entity | None:
        headline = self.text.words[phrase.head].paragraph == 0
        unnamed = item.source_class == "unnamed"
        if item.source_class == "social" and phrase.complement and not phrase.owner:
            found = self._in_complement(item, phrase)
            if found:
                return found
        if phrase.sort == "body":
            return None if unnamed else self._body(item, phrase)
        if phrase.sort == "person":
            return self._person(item, phrase, headline=headline)
        if phrase.owner and not unnamed and item.source_class != "document":
            return self._owner(item, phrase)
        if unnamed or item.source_class == "document":
            return self._unnamed(item, phrase) if unnamed else None
        return self._whole(item, phrase)

    def _body(self, item: Attribution, phrase: Phrase) -> Entity | None:
        at = phrase.words.start
        if phrase.owner and item.source_class == "social":
            return self._owner(item, phrase)
        if phrase.determiner == "indefinite":
            return self._unnamed(item, phrase) if item.source_class == "unnamed" else None
        entity = self.cast.body(phrase, phrase.head)
        if entity is None and not phrase.complement:
            entity = self._generic(item, self._bare_noun(phrase), at)
        return entity or self._ministry(phrase) or self._whole(item, phrase)

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

    def _bare_noun(self, phrase: Phrase) -> str:
        """The noun of a phrase that says no more than it; "" if it does."""
        lower = [self.text.words[at].lower for at in phrase.words]
        if lower == ["head", "office"]:
            return "headquarters"
        return phrase.noun if len(lower) == 1 else ""

    def _ministry(self, phrase: Phrase) -> Entity | None:
        """"The ministry" that is only named by its minister: "Agriculture Minister X"."""
        if phrase.noun not in ("ministry", "department") or len(phrase.words) > 1:
            return None
        for entity in self.cast.candidates("minister", phrase.head):
            office = (entity.office or "").split()
            if len(office) == 2 and office[1].lower() == "minister" and office[0] != "Prime":
                name = f"Ministry of {office[0]}"
                if phrase.noun == "department":
                    name = f"{office[0].lower()} department"
                return Entity(name, "body", key(name), source_class="official")
        return None

    def _whole(self, item: Attribution, phrase: Phrase) -> Entity:
        """The phrase itself as the name of a body."""
        words, stop = self.text.words, phrase.words.stop
        organisation = None
        complement = phrase.complement
        if complement and words[complement.start].lower in ("of", "for"):
            owned = words[complement.start + 1].lower == "the" if len(complement) > 1 else False
            if owned and not words[phrase.head].capital:
                organisation = self.cast.organisation(
                    range(complement.start + 1, complement.stop), complement.start
                )
            else:
                stop = complement.stop
        start = phrase.words.start
        if phrase.owner and words[phrase.owner[0]].lower not in words_of("words.owners"):
            start = phrase.owner.start
            while words[start].lower in words_of("words.determiners"):
                start += 1
        shown = self.text.shown(range(start, stop))
        return Entity(
            shown, "body", key(shown), organisation=organisation, source_class=item.source_class
        )

    def _owner(self, item: Attribution, phrase: Phrase) -> Entity | None:
        owner = phrase.owner
        lower = self.text.words[owner.start].lower
        if lower in PRONOUNS:
            return self._by_pronoun(item, Source(owner.start, pronoun=lower))
        for mention in self.cast.within(owner):
            return mention.entity
        inner = parse(self.text, owner)
        return self._by_phrase(item, inner) if inner else None

    def _in_complement(self, item: Attribution, phrase: Phrase) -> Entity | None:
        inside = range(phrase.complement.start + 1, phrase.complement.stop)
        inner = parse(self.text, inside)
        if inner and inner.owner:
            return self._owner(item, inner)
        for mention in self.cast.within(inside):
            return mention.entity
        return None

    def _person(self, item: Attribution, phrase: Phrase, *, headline: bool) -> Entity | None:
        definite = phrase.determiner in ("definite", "owned") or (
            headline and phrase.determiner == "bare" and not phrase.plural
        )
        if item.source_class == "document":
            return None
        if not definite or phrase.plural:
            return self._unnamed(item, phrase)
        owned = phrase.owner and self.text.words[phrase.owner.start].lower in PRONOUNS
        found = None if owned else self._holder(phrase, headline=headline)
        if found:
            return found
        if item.source_class == "unnamed":
            return self._unnamed(item, phrase)
        office = office_text(self.text, phrase)
        organisation = self.cast.organisation(organisation_of(self.text, phrase), phrase.head)
        return Entity(
            None,
            "person",
            office=office,
            organisation=organisation,
            source_class=item.source_class,
            nouns={phrase.noun},
        )

    def _holder(self, phrase: Phrase, *, headline: bool = False) -> Entity | None:
        """The named person whose office a description repeats."""
        told = {self.text.words[i].lower for i in phrase.words if i != phrase.head}
        nouns = [phrase.noun]
        if headline and phrase.noun in _HEADS:
            nouns += _HEADS
        return next(
            (
                entity
                for noun in nouns
                for entity in self.cast.candidates(noun, phrase.head)
                if entity.name and _holds(entity, noun, told)
            ),
            None,
        )

    def _unnamed(self, item: Attribution, phrase: Phrase) -> Entity:
        role = item.role or classes_of("roles").get(phrase.noun)
        plural = item.collective or (phrase.plural and phrase.sort == "person")
        return Entity(
            None, "person", gender=gender_of(phrase.noun), role=role, plural=plural,
            source_class="unnamed", nouns={phrase.noun},
        )

    def _unknown_person(self, item: Attribution) -> Entity:
        return Entity(
            None, "person", plural=item.collective, role=item.role, source_class="unnamed"
        )

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
        if not speakers and said and self._introduces(said[0], paragraph):
            return said[0].entity
        return next(iter(speakers)) if len(speakers) == 1 else None

    def _introduces(self, heard: _Heard, paragraph: int) -> bool:
        """Whether a paragraph before one ends with a colon after its last speaker."""
        words, at = self.text.words, heard.at
        while at + 1 < len(words) and words[at + 1].paragraph < paragraph:
            at += 1
        return words[at].paragraph == paragraph - 1 and words[at].text == ":"

    def _heard_before(self, at: int) -> Iterator[_Heard]:
        stop = bisect_left(self.heard, at, key=_at)
        yield from reversed(self.heard[max(0, stop - _SOURCES) : stop])

    def _by_pronoun(self, item: Attribution, source: Source) -> Entity | None:
        kind, _, plural = PRONOUNS[source.pronoun or "it"]
        if kind == "speaker":
            return self._speaker_of(item, plural=plural)
        if source.pronoun in ("who", "which", "whom", "that"):
            return self._antecedent(source.at, person=kind == "person")
        return self._meant(item, source.pronoun or "it", source.at)

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
        before = at - 1 if at and self.text.words[at - 1].text == "," else at
        for mention in self.cast.before(before, 2):
            if mention.last == before - 1:
                return self._behind(mention, person=person) or mention.entity
        return self.people.before(before)

    def _behind(self, mention: Mention, *, person: bool) -> Entity | None:
        """What a name only places: "the fund in Lodz, which", "an engineer at the mill, who"."""
        words, at = self.text.words, mention.at
        if at and words[at - 1].lower in words_of("words.determiners"):
            at -= 1
        fits = mention.entity.kind in (("person",) if person else ("body", "account"))
        if fits or at < 2 or words[at - 1].lower not in words_of("words.prepositions"):
            return None
        return self._antecedent(at - 1, person=person)

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
        same = before is not None and before.sentence == word.sentence
        opens = subject or self._opens_sentence(at)
        return Candidate(
            entity,
            word.sentence,
            word.paragraph,
            quoted=self.text.quotation(word.start) is not None,
            subject=opens,
            spoke=spoke,
            after_preposition=bool(same and before and before.lower in words_of("words.prepositions")),
            passing=entity.name is None and not opens,
        )

    def _opens_sentence(self, at: int) -> bool:
        """Whether a mention stands where a subject does: first, but for what describes it."""
        words = self.text.words
        for back in range(at - 1, max(at - 6, -1), -1):
            word = words[back]
            if word.sentence != words[at].sentence:
                return True
            lower = word.lower
            describes = sort_of(lower)[0] != "other" or lower in words_of("words.determiners")
            if not (describes or word.initial or word.text in "\"“”,"):
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


class _People:
    """Persons told of by a common noun alone: "a boutique keeper", "farmers"."""

    def __init__(self, text: Text, cast: Cast) -> None:
        self.found: list[tuple[int, Entity]] = []
        taken = {mention.at - 1 - k for mention in cast.mentions for k in _beside(text, mention.at)}
        for at, word in enumerate(text.words):
            sort, noun = sort_of(word.lower)
            if sort != "person" or at in taken or (word.capital and not word.initial):
                continue
            if cast.covers(at):
                continue
            plural = noun != word.lower
            entity = None if plural else _holder_at(text, cast, at, noun)
            self.found.append((at, entity or self._entity(noun, plural=plural)))
        self.starts = [at for at, _ in self.found]

    @staticmethod
    def _entity(noun: str, *, plural: bool) -> Entity:
        role = classes_of("roles").get(noun)
        return Entity(
            None, "person", gender=gender_of(noun), role=role, plural=plural,
            source_class="unnamed", nouns={noun},
        )

    def recent(self, at: int) -> Iterator[tuple[int, Entity]]:
        """The last few before a word, nearest first."""
        stop = bisect_left(self.starts, at)
        yield from reversed(self.found[max(0, stop - _SOURCES) : stop])

    def before(self, at: int) -> Entity | None:
        """The one whose noun stands right before a word."""
        stop = bisect_left(self.starts, at)
        return self.found[stop - 1][1] if stop and self.found[stop - 1][0] == at - 1 else None


def _beside(text: Text, at: int) -> tuple[int, ...]:
    """How far before a name an office may stand that goes with it: "its head, X"."""
    return (0, 1) if at and text.words[at - 1].text == "," else (0,)


def _holder_at(text: Text, cast: Cast, at: int, noun: str) -> Entity | None:
    """The named person that "the minister" means where it is no source."""
    if at == 0 or text.words[at - 1].lower != "the":
        return None
    return next((e for e in cast.candidates(noun, at) if e.kind == "person" and e.name), None)


def gender_of(noun: str) -> str | None:
    """The gender that a noun for a person tells."""
    return next((g for g in ("male", "female") if noun in words_of(f"gender.{g}")), None)


def _holds(entity: Entity, noun: str, told: set[str]) -> bool:
    """Whether all that is told of an office is known of a person, or the office is bare."""
    office = set((entity.office or "").lower().split())
    return told <= office | set((entity.organisation or "").lower().split()) or office == {noun}


def _place(item: Attribution) -> int:
    return (item.source or item.content or ((0, 0),))[0][0]
