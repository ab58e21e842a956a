"""Sources that only describe: "the mayor", "the paper", "a clerk", "the river board"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.resolving.entities import Cast, Entity, key, unnamed
from sayso.resolving.phrases import Facts, Phrase, office_text, organisation_of
from sayso.resolving.sources import PRONOUNS, Source
from sayso.resolving.words import classes_of, words_of

if TYPE_CHECKING:
    from sayso.records import Attribution
    from sayso.resolving.words import Text

# Headlines call any of these by any other.
_HEADS = ("chief", "boss", "head", "chairman", "chairwoman", "director", "president")


class Descriptions:
    """Whom an article's descriptions mean.

    Args:
        text: the article.
        cast: whom it names.
    """

    def __init__(self, text: Text, cast: Cast) -> None:
        self.text = text
        self.cast = cast

    def tell(self, entity: Entity, source: Source) -> None:
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
            entity.office = office if not entity.told else entity.office
            entity.told = True
            entity.learn(
                Facts("person", None, (phrase.noun,), office, range(0), known), organisation
            )
        elif phrase.sort == "body" and entity.kind == "unknown":
            known = classes_of("bodies")[phrase.noun]
            kind = "account" if known == "social" else "body"
            entity.learn(Facts(kind, None, (phrase.noun,), source_class=known), None)
        elif (
            phrase.sort == "other"
            and phrase.words
            and not phrase.owner
            and (entity.kind in ("person", "unknown"))
        ):
            entity.office = entity.office or self.text.shown(phrase.words)

    def bare_noun(self, phrase: Phrase) -> str:
        """The noun of a phrase that says no more than it; "" if it does."""
        lower = [self.text.words[at].lower for at in phrase.words]
        if lower == ["head", "office"]:
            return "headquarters"
        return phrase.noun if len(lower) == 1 else ""

    def ministry(self, phrase: Phrase) -> Entity | None:
        """A ministry that is only named by its minister: "Agriculture Minister X"."""
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

    def other(self, item: Attribution, phrase: Phrase) -> Entity:
        """What is neither a person nor a body by its noun: a text, or what its class says."""
        if "document" in (item.source_class, phrase.sort):
            return Entity(None, "document", source_class="document")
        if item.source_class in ("unnamed", "named", "expert"):
            return self.unnamed(item, phrase)
        return self.whole(item, phrase)

    def whole(self, item: Attribution, phrase: Phrase) -> Entity:
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
        head = words[phrase.head].text
        if phrase.sort == "other" and head.islower() and head.endswith("s") and head[-2:] != "ss":
            return self.unnamed(item, phrase)
        start = phrase.words.start
        if phrase.owner and words[phrase.owner[0]].lower not in words_of("words.owners"):
            start = phrase.owner.start
            while words[start].lower in words_of("words.determiners"):
                start += 1
        shown = self.text.shown(range(start, stop))
        return Entity(
            shown, "body", key(shown), organisation=organisation, source_class=item.source_class
        )

    def person(self, item: Attribution, phrase: Phrase, *, headline: bool) -> Entity | None:
        """The holder of an office that has but one, by name if told; else somebody unnamed."""
        definite = phrase.determiner in ("definite", "owned") or (
            headline and phrase.determiner == "bare" and not phrase.plural
        )
        if item.source_class == "document":
            return None
        if not definite or phrase.plural:
            return self.unnamed(item, phrase)
        owned = phrase.owner and self.text.words[phrase.owner.start].lower in PRONOUNS
        found = None if owned else self._holder(phrase, headline=headline)
        if found:
            return found
        if item.source_class == "unnamed":
            return self.unnamed(item, phrase)
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
        head = self.text.words[phrase.head]
        state = head.capital and not head.initial
        return next(
            (
                entity
                for noun in nouns
                for entity in self.cast.candidates(noun, phrase.head)
                if entity.name and _holds(entity, noun, told)
                # "The President" in capitals is not the union's.
                if not state or entity.source_class in (None, "official")
            ),
            None,
        )

    def unnamed(self, item: Attribution, phrase: Phrase) -> Entity:
        """Somebody whom the phrase alone tells of."""
        role = item.role or classes_of("roles").get(phrase.noun)
        plural = item.collective or (phrase.plural and phrase.sort == "person")
        return unnamed(phrase.noun, role=role, plural=plural)


def _holds(entity: Entity, noun: str, told: set[str]) -> bool:
    """Whether all that is told of an office is known of a person, or the office is bare."""
    office = set((entity.office or "").lower().split())
    if (told & words_of("words.other_office")) - office:
        return False
    return told <= office | set((entity.organisation or "").lower().split()) or office == {noun}
