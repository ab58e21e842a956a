"""Actor coding: a mention to a name, a country and PLOVER's sectors.

A mention is cut into what the tables know (people, organisations, places, role nouns) and
into chunks at its prepositions; the first chunk has the head. A person or organisation there
tells all; else the role noun tells the sectors, and the places by it the country.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from sayso.codebook.actors import (
    WORD,
    ActorTables,
    Agent,
    Office,
    Organisation,
    Person,
    Place,
    fold_word,
    is_acronym,
)
from sayso.records import Actor
from sayso.resolving import gazetteer
from sayso.resolving.words import given_names, words_of

# A longer mention is a clause; what follows its first words does not tell who acts.
_LONGEST = 40

_BREAKS = frozenset(
    "of in for from at to with on by against over near inside within outside across around "
    "throughout along behind between among amid during after before under into about like "
    "who that which whose where when and or as while including".split()
)
# What stands after these is where the head belongs, or whom it belongs to.
_BELONGS = frozenset("of in for from at near inside within across around throughout ,".split())
# After a chunk that tells nothing the head may still come: "dozens of", "American and British".
_GOES_ON = frozenset({"of", ",", "and", "or"})
_WHERE = frozenset("in near inside within across around throughout".split())
# "the president of the court", "a spokesman for the rebels"
_HEADS = frozenset("of for at in from with to".split())
# "US-backed rebels" are no Americans, "Kurdish-led" and "Somalia-based" ones belong there.
_BACKED = frozenset(
    "backed supported funded allied aligned trained armed sponsored financed friendly inspired "
    "linked made built imposed brokered mediated owned_by style designated sanctioned "
    "supplied educated".split()
)
_HELD = frozenset(
    "led based controlled held run owned occupied dominated ruled administered majority "
    "speaking affiliated born".split()
)
_FORMER = frozenset("former ex erstwhile onetime ousted deposed toppled disgraced".split())
# Who leaves one of these stays of weight, but of no office.
_LEFT = frozenset("GOV LEG JUD PTY SPY ELI".split())
_LATELY = dt.timedelta(days=5 * 365)
_EMPTY = frozenset("the a an this these those his her their its our my mr mrs ms dr".split())
_STATE = frozenset("GOV MIL COP JUD LEG SPY PTY".split())
# Who has a seat in a town that may stand before it: "Sumy police", but not "Johnson supporters".
_SEATED = _STATE - {"PTY"} | {"MED", "EDU"}
_DWELLERS = frozenset("resident villager inhabitant local".split())
_FIRST = frozenset({"country", "demonym", "capital"})
# Of two spellings of one given name, by difflib's ratio.
_SPELT_ALIKE = 0.75
# Family names too common to tell a person alone.
_COMMON = frozenset(
    "khan kim lee li wang zhang chen singh kumar smith johnson brown jones williams park jin "
    "ali muhammad ahmed hussein hassan ibrahim garcia rodriguez lopez martinez gonzalez perez "
    "silva santos nguyen tran shah sharma patel islam rahman jr junior bin ivanov popov "
    "choi jung yang liu huang wu sun zhao zhou lin he".split()
)


_PARTICLES = frozenset("al el ul bin ben ibn abu van von de da di del la le".split())
# Role nouns that are names as well.
_NAMES = frozenset(
    "king queen prince bishop young cook park baker mason porter gardener duke pope bush major "
    "judge marshal sergeant general sheriff page hunter fisher miner farmer shepherd carpenter "
    "driver guard church abbot priest monk cardinal chapel temple bar mill miller taylor he it "
    "she we you model coach bench rich poor ward dean rector warden constable walker parish "
    "dancer singer player potter saddler archer forester ranger marine rally march champion "
    "forum bank state home house bridge square summit justice common noble baron swift chance "
    "diet whip senator squire star rose power hill field stone law lawman congress".split()
)


# Of these, what stands before a given name and is no title.
_FAMILIES = frozenset("he she it we you park young page bush".split())
# Who leads or speaks for a country speaks for its government.
_LEADS = frozenset("leader spokesman spokesperson spokeswoman head side".split())


class _Token(NamedTuple):
    key: str
    text: str
    start: int
    end: int
    capital: bool
    possessive: bool
    gap: str


class _Bodies(NamedTuple):
    """All organisations of one name, and the role noun that it is too: "Labour Party"."""

    entries: tuple[Organisation, ...]
    noun: Agent | None


_Value = Person | _Bodies | Place | Agent


class _Segment(NamedTuple):
    """Some tokens and what the tables know of them; None is an unknown word."""

    first: int
    last: int
    value: _Value | None


class _Chunk(NamedTuple):
    """The segments between two prepositions, and the first of these."""

    link: str
    segments: tuple[_Segment, ...]


class _Mention(NamedTuple):
    text: str
    tokens: tuple[_Token, ...]
    chunks: tuple[_Chunk, ...]
    tables: ActorTables
    context: str
    date: dt.date | None


class _Found(NamedTuple):
    """What a chunk's head is."""

    sectors: tuple[str, ...]
    country: str | None = None
    name: str | None = None
    office: str | None = None
    organisation: str | None = None
    weak: bool = False
    known: bool = False
    linked: bool = False


def code_actor(
    mention: str,
    tables: ActorTables,
    *,
    context: str = "",
    date: dt.date | None = None,
) -> Actor:
    """Who a mention is, as far as it and the tables tell.

    Args:
        mention: as the text has it: "the Lebanese president's office".
        tables: who is who.
        context: text around it; a country in it helps a body of a state that has none.
        date: decides which office a person has; without it, the last one known, unless
            that ended years before the tables do.

    Returns:
        An unknown actor has its text as name, no country and no sectors.
    """
    return _coded(mention, tables, context, date)


@lru_cache(16384)
def _coded(mention: str, tables: ActorTables, context: str, date: dt.date | None) -> Actor:
    shown = " ".join(mention.split())
    tokens = _tokens(shown)
    if not tokens:
        return Actor(shown or None)
    segments = _segments(tokens, tables, date)
    segments = [_body_or_noun(s, segments, context, tables) for s in segments]
    chunks = _chunks(tokens, segments)
    parts = _Mention(shown, tokens, chunks, tables, context, date)
    found = _head(parts)
    country = found.country or _country(parts, found) or _from_gazetteer(parts, found)
    country = country or _from_context(parts, found)
    sectors = found.sectors
    if not found.known and not sectors:
        sectors = _bare(parts)
    return Actor(found.name or shown, found.office, found.organisation, country, tuple(sectors))


# --- cutting ----------------------------------------------------------------------------


def _tokens(text: str, most: int = _LONGEST) -> tuple[_Token, ...]:
    tokens: list[_Token] = []
    end = 0
    for match in WORD.finditer(text):
        if len(tokens) == most:
            break
        word = match[1]
        key = fold_word(word)
        if key:
            gap = text[end : match.start()]
            capital = word[0].isupper()
            tokens.append(
                _Token(key, word, match.start(), match.end(1), capital, bool(match[2]), gap)
            )
        end = match.end()
    return tuple(tokens)


def _segments(
    tokens: Sequence[_Token], tables: ActorTables, date: dt.date | None
) -> list[_Segment]:
    found = _matches(tokens, tables, date)
    found = [_unless_name(tokens, found, i) for i in range(len(found))]
    found = [_surname(tokens, found, i, tables, date) for i in range(len(found))]
    if not any(isinstance(s.value, Person | _Bodies | Place) for s in found):
        found = [_misspelt(tokens, found, i, tables) for i in range(len(found))]
    return found


def _matches(tokens: Sequence[_Token], tables: ActorTables, date: dt.date | None) -> list[_Segment]:
    """The longest names that the tables know, from the left."""
    found: list[_Segment] = []
    at = 0
    while at < len(tokens):
        found.append(_longest(tokens, at, tables, date) or _Segment(at, at, None))
        at = found[-1].last + 1
    return found


def _unless_name(tokens: Sequence[_Token], segments: Sequence[_Segment], at: int) -> _Segment:
    """A known word that is but a part of a person's name: "Foreign Minister Ada Bishop"."""
    segment = segments[at]
    token = tokens[segment.first]
    if segment.value is None or segment.first != segment.last or not token.capital:
        return segment
    before = segments[at - 1] if at else None
    after = segments[at + 1] if at + 1 < len(segments) else None
    if before and isinstance(segment.value, Person) and _namesake(tokens, before, segment):
        return segment._replace(value=None)
    # "Al-Sabah", "He Zhihua"
    part = token.gap == "-" and before and tokens[before.last].key in _PARTICLES
    if before and token.key in _NAMES and isinstance(segment.value, Agent):
        close = not token.gap.strip() and not tokens[before.last].possessive
        part = part or (close and (isinstance(before.value, Agent) or _named(tokens, before)))
    if after and token.key in _FAMILIES and isinstance(segment.value, Agent):
        part = part or (_named(tokens, after) and not tokens[after.first].gap.strip())
    return segment._replace(value=None) if part else segment


def _namesake(tokens: Sequence[_Token], before: _Segment, segment: _Segment) -> bool:
    """Whether another given name stands before: "Maria Merkel" is not Angela."""
    given, token = tokens[before.last], tokens[segment.first]
    if not isinstance(segment.value, Person) or token.gap.strip() or given.possessive:
        return False
    own = [fold_word(word) for word in segment.value.name.split()]
    # "Vladmir Putin" is still he.
    if len(given.key) == 1 or get_close_matches(given.key, own, 1, _SPELT_ALIKE):
        return False
    if given.key in given_names():
        return True
    return _named(tokens, before) and given.key not in words_of("titles")


def _named(tokens: Sequence[_Token], segment: _Segment) -> bool:
    """Whether it is an unknown word with a capital."""
    token = tokens[segment.first]
    return segment.value is None and token.capital and token.key not in _EMPTY


def _misspelt(
    tokens: Sequence[_Token], segments: Sequence[_Segment], at: int, tables: ActorTables
) -> _Segment:
    """A place with one letter too many, too few or two swapped, alone or by a role noun."""
    segment = segments[at]
    key = tokens[segment.first].key
    if not _named(tokens, segment) or len(key) < 5:
        return segment
    alone = not any(s is not segment and _named(tokens, s) for s in segments)
    before_noun = at + 1 < len(segments) and isinstance(segments[at + 1].value, Agent)
    if not alone or (len(segments) > at + 1 and not before_noun):
        return segment
    found = {place.code: place for near in _near(key) if (place := tables.places.get(near))}
    return segment._replace(value=next(iter(found.values()))) if len(found) == 1 else segment


def _near(word: str) -> Iterator[str]:
    """Words that differ by a swap, a letter less or a letter more."""
    for i in range(1, len(word)):
        yield word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :]
        yield word[:i] + word[i + 1 :]
        for letter in "abcdefghijklmnopqrstuvwxyz":
            yield word[:i] + letter + word[i:]


def _longest(
    tokens: Sequence[_Token], at: int, tables: ActorTables, date: dt.date | None
) -> _Segment | None:
    person = _long_name(tokens, at, tables, date)
    for count in range(min(tables.longest.get(tokens[at].key, 0), len(tokens) - at), 0, -1):
        span = tokens[at : at + count]
        if any("," in token.gap or "(" in token.gap for token in span[1:]):
            continue
        value = _known(span, tables, date)
        if value is not None:
            segment = _Segment(at, at + count - 1, value)
            return person if person and person.last > segment.last else segment
    return person


def _known(span: Sequence[_Token], tables: ActorTables, date: dt.date | None) -> _Value | None:
    key = " ".join(token.key for token in span)
    capital = any(token.capital for token in span)
    if key in tables.capitals:
        capital = is_acronym(span[0].text)
    if capital:
        if key in tables.people:
            return _choose(tables.people[key], date)
        if key in tables.organisations:
            return _Bodies(tables.organisations[key], tables.agents.get(key))
        # "Queens" is a town, "Queen Ada" is none.
        noun = key in tables.agents
        if key in tables.places and span[0].capital:
            place = tables.places[key]
            return tables.agents[key] if noun and place.kind in ("city", "region") else place
    return tables.agents.get(key)


def _long_name(
    tokens: Sequence[_Token], at: int, tables: ActorTables, date: dt.date | None
) -> _Segment | None:
    """A known person with initials or middle names that the tables lack."""
    end = at
    while (
        end < len(tokens)
        and tokens[end].capital
        and (end == at or not tokens[end].gap.strip(" .-"))
    ):
        end += 1
        if tokens[end - 1].possessive:
            break
    if end - at < 3:
        return None
    keys = [t.key for t in tokens[at:end] if len(t.key) > 1 and t.key not in ("jr", "sr")]
    if len(keys) < 2:
        return None
    for name in (" ".join(keys), f"{keys[0]} {keys[-1]}"):
        if name in tables.people:
            return _Segment(at, end - 1, _choose(tables.people[name], date))
    return None


def _surname(
    tokens: Sequence[_Token],
    segments: Sequence[_Segment],
    at: int,
    tables: ActorTables,
    date: dt.date | None,
) -> _Segment:
    """A family name that stands alone or after a title as the one person who bears it."""
    segment = segments[at]
    token = tokens[segment.first]
    people = tables.surnames.get(token.key, ())
    if segment.value is not None or not token.capital or not people or token.key in _COMMON:
        return segment
    around = segments[max(at - 1, 0) : at + 2]
    if any(near is not segment and _named(tokens, near) for near in around):
        return segment
    codes = {s.value.code for s in segments if isinstance(s.value, Place)}
    if codes:
        people = tuple(p for p in people if any(o.country in codes for o in p.offices))
    if len(people) > 1 and date:
        people = tuple(p for p in people if any(o.term.has(date) for o in p.offices))
    return segment._replace(value=people[0]) if len(people) == 1 else segment


def _choose(people: Sequence[Person], date: dt.date | None) -> Person:
    """Of several of one name, the one in office."""
    if date:
        for person in people:
            if any(office.term.has(date) for office in person.offices):
                return person
    return people[0]


def _chunks(tokens: Sequence[_Token], segments: Sequence[_Segment]) -> tuple[_Chunk, ...]:
    chunks: list[_Chunk] = []
    link, held = "", list[_Segment]()
    for segment in segments:
        token = tokens[segment.first]
        comma = bool(set(token.gap) & set(",(;:"))
        breaks = segment.value is None and token.key in _BREAKS
        if (comma or breaks) and held:
            chunks.append(_Chunk(link, tuple(held)))
            held = []
        if comma or breaks:
            link = token.key if breaks else ","
        if not breaks:
            held.append(segment)
    if held:
        chunks.append(_Chunk(link, tuple(held)))
    return tuple(chunks)


def _body_or_noun(
    segment: _Segment, segments: Sequence[_Segment], context: str, tables: ActorTables
) -> _Segment:
    """A body's name that is a role noun too, in another country: "Chile's Defense Department"."""
    value = segment.value
    if not isinstance(value, _Bodies) or value.noun is None:
        return segment
    codes = {s.value.code for s in segments if isinstance(s.value, Place)}
    if not codes and context:
        told = _context_country(context, tables)
        codes = {told} if told else set()
    if not codes or any(entry.country in codes for entry in value.entries):
        return segment
    return segment._replace(value=value.noun)


# --- the head ---------------------------------------------------------------------------


def _head(parts: _Mention) -> _Found:
    """What the mention's head is: the first chunk that tells, with what it belongs to."""
    for at, chunk in enumerate(parts.chunks):
        found = _chunk_head(parts, chunk)
        if found is None:
            if at + 1 < len(parts.chunks) and parts.chunks[at + 1].link not in _GOES_ON:
                break
            continue
        if found.weak and at + 1 < len(parts.chunks):
            found = _complement(parts, parts.chunks[at + 1], found)
        return found
    return _Found(())


def _chunk_head(parts: _Mention, chunk: _Chunk) -> _Found | None:
    """The head of a chunk: its last person, organisation or role noun; None without any."""
    telling = [
        (i, s)
        for i, s in enumerate(chunk.segments)
        if s.value is not None and not isinstance(s.value, Place) and not _participle(parts, s)
    ]
    if not telling:
        return None
    at, last = telling[-1]
    if not isinstance(last.value, Agent):
        return _entity(parts, chunk, at)
    found = _Found(last.value.sectors, weak=last.value.weak, known=True)
    for before, segment in reversed(telling[:-1]):
        if not found.weak:
            break
        if isinstance(segment.value, Agent):
            # A weak noun tells only what nothing has told yet: "local official".
            if segment.value.sectors and not (segment.value.weak and found.sectors):
                found = found._replace(sectors=segment.value.sectors, weak=segment.value.weak)
        else:
            entity = _entity(parts, chunk, before)
            found = found._replace(
                sectors=_yielded(found.sectors, entity.sectors),
                country=entity.country,
                organisation=entity.organisation,
                weak=False,
            )
    if not found.sectors and parts.tokens[last.last].key in _LEADS and _places(parts, chunk):
        found = found._replace(sectors=("GOV",))
    found = _titled(parts, chunk, at, found)
    return _former(parts, chunk, found)


def _titled(parts: _Mention, chunk: _Chunk, at: int, found: _Found) -> _Found:
    """A name that the tables lack, after its title: "Governor Ada Holm"."""
    after = chunk.segments[at + 1 :]
    tokens = [parts.tokens[i] for s in after for i in range(s.first, s.last + 1)]
    if not tokens or not all(token.capital for token in tokens):
        return found
    title = parts.tokens[chunk.segments[at].last]
    if title.possessive:
        return found
    first = next((s for s in chunk.segments if parts.tokens[s.first].key not in _EMPTY), None)
    start = parts.tokens[first.first].start if first else 0
    return found._replace(
        name=parts.text[tokens[0].start : tokens[-1].end],
        office=parts.text[start : title.end],
        weak=False,
    )


def _entity(parts: _Mention, chunk: _Chunk, at: int) -> _Found:
    """What the tables say of a person or an organisation."""
    value = chunk.segments[at].value
    if isinstance(value, Person):
        return _person(parts, chunk, at, value)
    if not isinstance(value, _Bodies):
        return _Found(())
    codes = [p.code for p in _places(parts, chunk)]
    first = codes[0] if codes else None
    entry = _of_many(parts, value.entries, first)
    country = entry.country or first
    if first and at and isinstance(chunk.segments[at - 1].value, Place):
        # "Pakistani Taliban": what stands right before it is more exact.
        country = first
    return _Found(entry.sectors, country, entry.name, None, entry.name, known=True)


def _of_many(parts: _Mention, entries: Sequence[Organisation], country: str | None) -> Organisation:
    """Of several organisations of one name, the one of the country and time."""
    day = parts.date
    rest = [e for e in entries if day is None or e.term.has(day)] or list(entries)
    if len(rest) > 1:
        wanted = country or _context_country(parts.context, parts.tables)
        rest = [e for e in rest if e.country == wanted] or rest
    return rest[-1] if day is None and len({e.name for e in rest}) == 1 else rest[0]


def _person(parts: _Mention, chunk: _Chunk, at: int, person: Person) -> _Found:
    office, current = _office(person, parts.date, parts.tables.horizon)
    found = _Found(office.sectors, office.country, person.name, office.name, known=True)
    title = next(
        (s.value for s in reversed(chunk.segments[:at]) if isinstance(s.value, Agent)), None
    )
    former = any(parts.tokens[s.first].key in _FORMER for s in chunk.segments[:at])
    if former or not current:
        if title and title.sectors and not former:
            # The text says what they are, and the tables may be old.
            return found._replace(sectors=title.sectors, office=None)
        left = ("ELI",) if {*office.sectors} & (_LEFT | {"MIL"}) else office.sectors
        name = f"former {office.name}" if office.name else None
        return found._replace(sectors=left, office=name)
    return found


def _office(person: Person, day: dt.date | None, horizon: dt.date) -> tuple[Office, bool]:
    """The office of a day, the last one if none is given; and whether it is held."""
    offices = person.offices
    if day is None:
        last = next((o for o in reversed(offices) if o.term.end is None), offices[-1])
        # Who left lately may be told of in office; who left long ago hardly is.
        return last, last.term.end is None or horizon - last.term.end < _LATELY
    held = [office for office in offices if office.term.has(day)]
    if held:
        return held[-1], True
    past = [o for o in offices if o.term.end and o.term.end < day]
    return (past or offices)[-1 if past else 0], False


def _former(parts: _Mention, chunk: _Chunk, found: _Found) -> _Found:
    """Who has left an office is of the elite, no more of the state."""
    former = any(parts.tokens[s.first].key in _FORMER for s in chunk.segments)
    if former and found.sectors and found.sectors[0] in _LEFT:
        return found._replace(sectors=("ELI",))
    return found


def _complement(parts: _Mention, chunk: _Chunk, found: _Found) -> _Found:
    """A weak noun's sectors by what it belongs to: "president of the court"."""
    if chunk.link not in _HEADS:
        return found
    other = _chunk_head(parts, chunk)
    # "an aide to the president of Kenya" is of Kenya, "an envoy to Kenya" is not.
    found = found._replace(linked=other is not None)
    if other is None or not other.sectors or (other.weak and found.sectors):
        return found
    return found._replace(
        sectors=_yielded(found.sectors, other.sectors),
        country=found.country or other.country,
        organisation=other.organisation,
        weak=False,
    )


def _yielded(own: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """A weak noun's sectors beside those of what it belongs to."""
    if not own or not other:
        return own or other
    # "the Holm administration" governed, whatever Holm is today; Holm's supporters do not.
    kept = other[0] == "ELI" or (other[0] == "GOV" and own[0] == "CVL")
    return own if kept else other


# --- the country ------------------------------------------------------------------------


def _country(parts: _Mention, found: _Found) -> str | None:
    """The country of the head's chunk, else of where it belongs."""
    for at, chunk in enumerate(parts.chunks):
        if chunk.link in ("and", "or"):
            continue
        if at and chunk.link not in _BELONGS and not (at == 1 and found.linked):
            break
        places = _places(parts, chunk)
        if places:
            return places[0].code
        for i, segment in enumerate(chunk.segments):
            if isinstance(segment.value, Person | _Bodies):
                country = _entity(parts, chunk, i).country
                if country:
                    return country
    return None


def _places(parts: _Mention, chunk: _Chunk) -> list[Place]:
    """The places of a chunk, countries before towns and regions."""
    found = [
        s.value
        for at, s in enumerate(chunk.segments)
        if isinstance(s.value, Place)
        and not _participle(parts, s, _BACKED)
        and not _sided(parts, s)
        and not _in_name(parts, chunk, at)
    ]
    return sorted(found, key=lambda place: (place.kind not in _FIRST, place.kind == "region"))


def _participle(
    parts: _Mention, segment: _Segment, which: frozenset[str] = _BACKED | _HELD
) -> bool:
    """Whether a word is but the agent of a participle: "US-backed", "rebel-held"."""
    after = segment.last + 1
    if after >= len(parts.tokens):
        return False
    token = parts.tokens[after]
    return token.key in which and token.gap in ("-", "‑", "–")


def _sided(parts: _Mention, segment: _Segment) -> bool:
    """Whether a place is but a side: "pro-Russian", "anti-Japanese"."""
    before = parts.tokens[max(segment.first - 1, 0)]
    return before.key in ("pro", "anti") and parts.tokens[segment.first].gap == "-"


def _in_name(parts: _Mention, chunk: _Chunk, at: int) -> bool:
    """Whether a place is a person's name: "Jordan Holm", but not "Jordanian Ada Holm"."""
    segment = chunk.segments[at]
    if not isinstance(segment.value, Place) or segment.value.kind == "demonym":
        return False
    if parts.tokens[segment.last].possessive:
        return False
    after = chunk.segments[at + 1 :]
    if any(s.value is not None and not isinstance(s.value, Place) for s in after):
        return False
    near = chunk.segments[max(at - 1, 0) : at] + after[:1]
    return any(_named(parts.tokens, s) for s in near)


def _bare(parts: _Mention) -> tuple[str, ...]:
    """The sectors of a place that stands alone: a capital is its government."""
    segments = [
        s
        for chunk in parts.chunks
        for s in chunk.segments
        if s.value is not None or parts.tokens[s.first].key not in _EMPTY
    ]
    if len(segments) != 1 or not isinstance(segments[0].value, Place):
        return ()
    return {"capital": ("GOV",), "city": ("CVL",)}.get(segments[0].value.kind, ())


def _from_gazetteer(parts: _Mention, found: _Found) -> str | None:
    """The country of a town that the tables lack, where the words around show a place."""
    for chunk in parts.chunks:
        if chunk.link and (chunk.link not in _BELONGS or chunk.link == ","):
            continue
        run = _opening_name(parts, chunk)
        fewest = _fewest(parts, chunk, run, found)
        if fewest and 0 < len(run) <= 3:
            first, last = parts.tokens[run[0].first], parts.tokens[run[-1].last]
            country = _town(parts.text[first.start : last.end], fewest)
            if country:
                return country
    return None


def _opening_name(parts: _Mention, chunk: _Chunk) -> list[_Segment]:
    """The unknown words with capitals that open a chunk."""
    run: list[_Segment] = []
    for segment in chunk.segments:
        if _named(parts.tokens, segment):
            run.append(segment)
        elif run or segment.value is not None:
            break
    return run


def _fewest(parts: _Mention, chunk: _Chunk, run: Sequence[_Segment], found: _Found) -> int | None:
    """How many people a town must have to be taken for one; None if it cannot be."""
    if chunk.link in _WHERE:
        return 5_000
    seated = {*found.sectors} & _SEATED or parts.tokens[-1].key in _DWELLERS
    if not run or not seated:
        return None
    after = [s for s in chunk.segments if s.first > run[-1].last]
    noun = bool(after) and isinstance(after[0].value, Agent)
    stands = chunk.link or noun or parts.tokens[run[-1].last].possessive
    return 50_000 if stands else None


@lru_cache(4096)
def _town(name: str, fewest: int) -> str | None:
    """The country of the largest town or unit of a name, if there is no rival elsewhere."""
    people: dict[str, int] = {}
    for entry in gazetteer.shared().find(name):
        if entry.kind == gazetteer.ADMIN2 and fewest > 5_000:
            continue  # counties are named after people
        people[entry.country] = max(people.get(entry.country, 0), entry.people)
    best = max(people, key=people.__getitem__, default=None)
    if best is None or people[best] < fewest:
        return None
    clear = all(people[best] > 3 * count for code, count in people.items() if code != best)
    return best if clear else None


def _from_context(parts: _Mention, found: _Found) -> str | None:
    """The context's only country, for a body of some state that its text leaves open."""
    capitals = sum(token.capital for token in parts.tokens)
    definite = parts.tokens[0].key == "the" or capitals > 1 or found.organisation
    if not parts.context or not definite or not {*found.sectors} & _STATE:
        return None
    return _context_country(parts.context, parts.tables)


@lru_cache(1024)
def _context_country(context: str, tables: ActorTables) -> str | None:
    """The one country that a text tells of; None if there are more."""
    tokens = [token for token in _tokens(context, 1000) if token.capital]
    codes = {
        s.value.code
        for s in _matches(tokens, tables, None)
        if isinstance(s.value, Place) and s.value.kind in _FIRST
    }
    return codes.pop() if len(codes) == 1 else None
