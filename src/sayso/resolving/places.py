"""Places: which names in a text are places, and which of its namesakes a name means.

Who wins among namesakes is decided by size, then by what stands around: "comma, region or
country" after the name, other places in its sentence, the caller's hints. Where nothing
decides, no place is guessed; the reason names the rivals (cf. Leidner 2007, *Toponym
Resolution in Text*: population, containment, spatial minimality).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from sayso.records import Place, Span
from sayso.resolving.gazetteer import (
    ADMIN1,
    ADMIN2,
    CITY,
    COUNTRY,
    Entry,
    Gazetteer,
    fold,
    is_acronym,
    shared,
)
from sayso.resolving.words import (
    Word,
    cut,
    english_words,
    given_names,
    noun_in,
    person_noun,
    words_of,
)

__all__ = ["Entry", "Gazetteer", "in_office", "locate", "place_mentions", "shared"]

_PRECISIONS = ("country", "admin1", "admin2", "place")

# --- names of places in a text ----------------------------------------------------------

_LONGEST = 6
# "Deir ez-Zor", "Aïn al-Hammam": no capital at the start.
_JOINED = re.compile(r"[a-zé]{1,3}[-’'][^\W\d_a-z]")
_INSIDE = words_of("words.particles") | {"of", "and", "the", "on", "upon", "sur", "am"}
_LOCATIVE = frozenset(
    """in at near outside inside around across throughout within into via toward towards to from
    over between through off""".split()
)
# After these an unknown name with a capital is taken for a place too.
_WITHIN = frozenset("in near outside around".split())
# What is done to places, or goes before them.
_TAKEN = frozenset(
    """above on for capture captured capturing recapture recaptured storm stormed storming seize
    seized seizing attack attacked bombed bombing shelled shelling patrolled besieged besieging
    retook retake reached enter entered entering left leaving visited liberated liberation hit
    struck""".split()
)
_PLACE_NOUNS = frozenset(
    """province provinces district districts governorate region state county prefecture oblast
    territory municipality city town township village villages tehsil taluk subdistrict
    suburb suburbs neighbourhood neighborhood area island islands islet peninsula valley border
    camp countryside airport square street road highway river lake sea desert mountains hills
    enclave outskirts quarter port sector division subdivision upazila thana commune hamlet
    settlement settlements bazar bazaar crossing airfield bridge market prison hospital stadium
    mosque jail plains plain checkpoint junction stronghold hilltop locality localities hotel
    cities towns""".split()
)
_UNIT_NOUNS = {
    **dict.fromkeys("province governorate region state oblast prefecture".split(), ADMIN1),
    **dict.fromkeys("district county tehsil department".split(), ADMIN2),
    **dict.fromkeys("city town township village municipality".split(), CITY),
}
_DIRECTIONS = frozenset(
    """north south east west northern southern eastern western northeast northwest southeast
    southwest northeastern northwestern southeastern southwestern north-east north-west
    south-east south-west north-eastern north-western south-eastern south-western central
    upper lower greater downtown nearby neighbouring neighboring suburban inner outer mainland
    rural old""".split()
)
# Parts of the world that no gazetteer bounds; "South America" is not America.
_REGIONS = frozenset(
    name.strip()
    for name in """africa, asia, europe, eurasia, oceania, antarctica, north america, south america,
    latin america, central america, middle east, central asia, south asia, southeast asia,
    east asia, west africa, east africa, north africa, southern africa, sub saharan africa,
    eastern europe, western europe, central europe, horn of africa, persian gulf,
    south china sea, far east""".split(",")
)
_SHORT_DATES = frozenset(
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat"
    " sun".split()
)
# "Battle of Mosul" is in Mosul, "Bank of England" is no place.
_OF_PLACES = _PLACE_NOUNS | _DIRECTIONS | frozenset("battle siege fall people".split())
# Sizes as powers of ten of people. A smaller town is taken for one by its bare name only where
# what stands before or after it says so.
_KNOWN = 5.0
# A name of two words is less likely to be something else.
_FAMILIAR = 4.0
# A word of the language, or of persons, is a place's name only from this size on.
_FAMOUS = 6.0


@cache
def _titles() -> frozenset[str]:
    return words_of("titles")


def place_mentions(
    text: str, start: int, end: int, gazetteer: Gazetteer, *, known_only: bool = False
) -> list[Span]:
    """Names of places between two code points, by their capitals, the longest first.

    Names of persons ("Jack London"), nationalities and parts of an organisation's name
    ("Bank of England", "Karachi Police") are left out. So that small places are not lost, a
    name that the gazetteer lacks is given too where the text itself calls it a place
    ("in Kfar Nabudah", "the village of Dosar"), unless ``known_only``.
    """
    start = max(0, start)
    words = cut(text[start:end], []).words
    spans: list[Span] = []
    at, chain = 0, _Chain(-2, listed=False)
    while at < len(words):
        known, last = _mention(text, start, words, at, gazetteer, chain)
        told = not known and last == at - 1 and not known_only
        if told:
            last = _unknown(words, at, chain)
        if known or (told and last >= at):
            spans.append((start + words[at].start, start + words[last].end))
            chain = _Chain(last, listed=told)
        at = max(at, last) + 1
    return spans


class _Chain(NamedTuple):
    """The last place found: what is listed after it is one more.

    Attributes:
        last: its last word.
        listed: whether the text itself called it a place.
    """

    last: int
    listed: bool

    def goes_on(self, words: list[Word], at: int) -> bool:
        """Whether a name stands next in a list of places."""
        between = [word.lower for word in words[self.last + 1 : at]]
        return 0 < len(between) < 4 and all(word in (",", "and", "or", "the") for word in between)


def _mention(
    text: str,
    offset: int,
    words: list[Word],
    first: int,
    gazetteer: Gazetteer,
    chain: _Chain,
) -> tuple[bool, int]:
    """The last word of the longest place's name that begins at a word, and if it means one.

    What is rejected as a whole is not tried in parts: "New York Times" is not in York.
    """
    if not _begins(words, first):
        return False, first - 1
    located = _located(words, first) or chain.goes_on(words, first)
    for last in reversed(_ends(words, first)):
        shown = text[offset + words[first].start : offset + words[last].end]
        if fold(shown) in _REGIONS:
            return True, last
        entries = gazetteer.find(shown) if _spelt(shown) else ()
        if entries and _is_place(words, first, last, entries, located=located):
            person = first == last and not _strongly(words, first) and _is_borne(text, shown)
            return _is_state(entries) or not person, last
        if entries and last > first:
            return False, last
    return False, first - 1


def _begins(words: list[Word], at: int) -> bool:
    word = words[at]
    if not (word.capital and word.is_word) or word.text[0] in "@#":
        return False
    acronym = word.text.isupper() and is_acronym(word.lower.replace(".", ""))
    return acronym or not (word.initial and word.lower in words_of("words.function"))


def _ends(words: list[Word], first: int, inside: frozenset[str] = _INSIDE) -> list[int]:
    """Words with which a name that begins at ``first`` may end."""
    found = []
    for at in range(first, min(first + _LONGEST, len(words))):
        word = words[at]
        if at > first and not _adjoins(words, at):
            break
        if word.capital or word.text.isdigit() or _JOINED.match(word.text):
            found.append(at)
        elif word.lower not in inside:
            break
    return found


def _adjoins(words: list[Word], at: int) -> bool:
    """Whether a word follows the one before it with nothing but a blank between."""
    before, word = words[at - 1], words[at]
    if word.sentence != before.sentence or word.text in ("'s", "’s"):
        return False
    return word.is_word and before.is_word


def _spelt(name: str) -> bool:
    """Whether a short name has the capitals that tell it from a word: "US", not "Us"."""
    key = fold(name)
    if is_acronym(key):
        return name.replace(".", "").isupper()
    return len(key) > 2


def _located(words: list[Word], first: int) -> bool:
    """Whether what stands before a name makes it the name of a place."""
    if not first:
        return False
    before = words[first - 1]
    if before.text in ("'s", "’s"):
        return first > 1 and words[first - 2].capital
    at = first - 2 if before.lower == "the" and first > 1 else first - 1
    return any(words[at].lower in known for known in (_LOCATIVE, _TAKEN, _DIRECTIONS))


def _strongly(words: list[Word], first: int) -> bool:
    """Whether a name stands where no person's would: "in Lincoln", not "for Lincoln"."""
    return first > 0 and words[first - 1].lower in _WITHIN | _DIRECTIONS


def _is_borne(text: str, name: str) -> bool:
    """Whether the text has a person of that name: "Barack Obama", "Mr Lincoln"."""
    at = text.find(" " + name)
    for _ in range(20):
        if at < 0:
            return False
        before = text[max(0, at - 30) : at].split()[-1:]
        lower = before[0].lower().rstrip(".") if before and before[0][0].isupper() else ""
        if lower in given_names() or lower in _titles():
            return True
        at = text.find(" " + name, at + 1)
    return False


def _is_place(
    words: list[Word], first: int, last: int, entries: Sequence[Entry], *, located: bool
) -> bool:
    """Whether a name that some place has is that place's here."""
    before = words[first - 1] if first and _adjoins(words, first) else None
    after = words[last + 1] if last + 1 < len(words) and _adjoins(words, last + 1) else None
    if _in_longer_name(words, first, before):
        return False
    if after is not None and after.capital and _goes_on(words, first, last, after, located=located):
        return False
    return _big_enough(words, (first, last), entries, after, located=located)


def _in_longer_name(words: list[Word], first: int, before: Word | None) -> bool:
    """Whether what stands before makes it part of another name."""
    if before is None:
        return False
    lower = before.lower.rstrip(".")
    if lower in ("of", "for") and first > 1 and words[first - 2].capital:
        head = words[first - 2].lower
        return head not in _OF_PLACES and noun_in(head, "bodies") is not None
    if not before.capital or lower in words_of("words.calendar") or lower in _DIRECTIONS:
        return False
    if lower in words_of("words.function") or lower in _LOCATIVE:
        return False
    titled = lower in _titles() or person_noun(lower) is not None
    if titled or lower in given_names():
        return True
    return not (before.initial and lower in english_words()) and not before.text.isupper()


def _goes_on(words: list[Word], first: int, last: int, after: Word, *, located: bool) -> bool:
    """Whether the capitalised word after it makes it part of another name."""
    lower = after.lower.rstrip(".")
    if lower in _PLACE_NOUNS or lower in words_of("words.calendar"):
        return False
    if noun_in(lower, "bodies"):
        return True
    if words[first].lower in given_names() and first == last:
        return True
    firmly = located and (_strongly(words, first) or words[first - 1].lower == "at")
    return not (firmly or lower in words_of("words.function"))


def _big_enough(
    words: list[Word],
    name: tuple[int, int],
    entries: Sequence[Entry],
    after: Word | None,
    *,
    located: bool,
) -> bool:
    """Whether the place is as well known as its name is doubtful."""
    first, last = name
    size = max(_rank(entry) for entry in entries)
    of = first > 1 and words[first - 1].lower == "of"
    called = (after is not None and after.lower in _PLACE_NOUNS) or (
        of and words[first - 2].lower in _PLACE_NOUNS
    )
    common = all(w.lower in english_words() for w in words[first : last + 1])
    if first == last and words[first].lower in given_names() and not (located or called):
        # "in Victoria", but "Victoria said"; Jordan and Chad are countries first.
        return _is_state(entries)
    if first == last:
        return size >= _least(words, first, called=called, located=located, of=of, common=common)
    if any(e.kind in (COUNTRY, ADMIN1) and not e.alternate for e in entries):
        return True
    if common and not called:
        return size >= (_KNOWN if located and not words[first].initial else _FAMOUS)
    return called or located or size >= _FAMILIAR or last - first > 1


def _least(
    words: list[Word], at: int, *, called: bool, located: bool, of: bool, common: bool
) -> float:
    """The least size at which a single word is taken for a place's name."""
    word, key = words[at], words[at].lower.rstrip(".")
    owner = at + 1 < len(words) and words[at + 1].text in ("'s", "’s")
    if key in _DIRECTIONS or key in _SHORT_DATES or key in words_of("words.calendar"):
        return math.inf
    if called:
        return -math.inf
    if key in given_names():
        return _KNOWN
    if common or noun_in(key, "bodies") or person_noun(key):
        return _KNOWN if located and not word.initial else _FAMOUS
    acronym = word.text.isupper() and len(word.text) < 6
    if acronym or (owner and not _strongly(words, at)):
        return _KNOWN
    return -math.inf if located or of else _KNOWN


def _is_state(entries: Sequence[Entry]) -> bool:
    return any(entry.kind == COUNTRY for entry in entries)


def _unknown(words: list[Word], first: int, chain: _Chain) -> int:
    """The last word of a name that the gazetteer lacks, but the text calls a place.

    ``first - 1`` where there is none.
    """
    before = words[first - 1] if first and _adjoins(words, first) else None
    inside = before is not None and before.capital and before.lower not in _LOCATIVE
    if inside or not _begins(words, first):
        return first - 1
    last = max(_ends(words, first, _INSIDE - {"and", "on"}), default=first)
    inner = words[first : last + 1]
    after = words[last + 1] if last + 1 < len(words) and _adjoins(words, last + 1) else None
    owner = last + 1 < len(words) and words[last + 1].text in ("'s", "’s")
    called = (after is not None and after.lower in _PLACE_NOUNS) or inner[-1].lower in _PLACE_NOUNS
    of = before is not None and before.lower == "of" and first > 1
    called = called or (of and words[first - 2].lower in _PLACE_NOUNS)
    called = called or (chain.listed and chain.goes_on(words, first))
    within = before is not None and before.lower in _WITHIN and not owner
    if not (called or within) or _otherwise(inner, called=called):
        return first - 1
    return last


def _otherwise(inner: Sequence[Word], *, called: bool) -> bool:
    """Whether a name's own words make it that of something else."""
    keys = [word.lower.rstrip(".") for word in inner]
    first = keys[0]
    if first in _SHORT_DATES | given_names() | _titles() | {"the"}:
        return True
    if any(noun_in(k, "bodies") or person_noun(k) or k in words_of("words.calendar") for k in keys):
        return True
    acronym = len(inner) == 1 and inner[0].text.isupper()
    english = all(k in english_words() for k in keys)
    return any(word.text.isdigit() for word in inner) or (
        (acronym or english) and not (called and len(keys) > 1)
    )


# --- which of a name's places -----------------------------------------------------------

_AROUND = 300
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)]*\s|\n")
_CAPITALISED = r"[^\W\d_a-zß-öø-ÿ][\w'’.\-]*"
_NAME = rf"{_CAPITALISED}(?:[ \-](?:(?:and|of|de|al|el|the)[ \-])?{_CAPITALISED}){{0,4}}"
_NOUN = "|".join(sorted(_UNIT_NOUNS, key=len, reverse=True))
_RIGHT = re.compile(
    rf"(?:\s+(?i:{_NOUN}))?(?:\s*,\s*(?:(?:in|the)\s+)*|\s+(?:of|in)\s+(?:the\s+)?|\s*\(\s*)"
    rf"(?:(?:{'|'.join(sorted(_DIRECTIONS, key=len, reverse=True))})\s+)?(?P<name>{_NAME})"
)
_LEFT = re.compile(rf"(?P<name>{_NAME})['’]s?\s+(?:[\w\-]+\s+){{0,3}}(?:(?i:{_NOUN})\s+of\s+)?$")
_INNER = re.compile(rf"(?<!\w)(?P<name>{_NAME})\s*,\s*$")
_NOUN_AFTER = re.compile(rf"\s+(?P<noun>(?i:{_NOUN}))\b")
_NOUN_BEFORE = re.compile(rf"\b(?P<noun>(?i:{_NOUN}))\s+of\s+(?:the\s+)?$")
_NOUN_LAST = re.compile(rf"\s+(?P<noun>(?i:{_NOUN}))$")
_HEAD = re.compile(
    rf"(?i:the\s+)?(?:(?:{'|'.join(sorted(_DIRECTIONS, key=len, reverse=True))})\s+|"
    rf"(?:{_NOUN})\s+of\s+(?:the\s+)?)+",
    re.IGNORECASE,
)
# A second place has to be this many times smaller (as a power of ten) to be out of question.
_MARGIN = 0.35


def locate(
    text: str,
    span: Span,
    gazetteer: Gazetteer,
    *,
    hints: Sequence[str] = (),
    country: str | None = None,
) -> Place:
    """The place that the name at a span means.

    Args:
        text: the article's text.
        span: of the name, code points, end exclusive.
        gazetteer: where to look.
        hints: other places that the article is about: its dateline, other names in it.
        country: ISO alpha-3 of the country that the article or outlet is most likely about.

    Returns:
        A place; without a ``geonameid``, and with a ``reason``, where none is found or
        several remain (its country is still told if they share it).
    """
    start, end = max(0, span[0]), min(span[1], len(text))
    shown = " ".join(text[start:end].split())
    entries, noun = _named(shown, gazetteer)
    if fold(shown) in _REGIONS:
        entries = ()
    if not entries:
        return Place(span, shown or None, reason="not in the gazetteer")
    left = text[max(0, start - _AROUND) : start]
    right = text[end : end + _AROUND]
    context = _context(left, right, gazetteer, [*hints])
    wanted = noun or _unit_noun(left, right)
    own = any(_rank(e) >= _KNOWN and not e.alternate for e in entries)
    scores = sorted(
        # Philadelphia was a name of Amman too.
        ((_score(e, context, country, wanted) - (own and e.alternate), e) for e in entries),
        key=lambda pair: (-pair[0], pair[1].geonameid),
    )
    best = scores[0][1] if wanted is not None else _town([e for _, e in scores])
    heard = {e.country for e in (*context.within, *context.near)} | (
        {country} if country else set()
    )
    least = _FAMILIAR if best.alternate else 0.0
    if best.country not in heard and _rank(best) < (_KNOWN if heard else least):
        # A village on another continent is a likelier mistake than a gap in the gazetteer.
        return Place(span, shown, reason=f"not in the gazetteer there, only in {best.country}")
    rivals = [e for s, e in scores[1:] if scores[0][0] - s < _MARGIN and not _same(best, e)]
    if rivals:
        return _ambiguous(span, shown, [best, *rivals], gazetteer)
    return _place(span, best, gazetteer)


def _town(ranked: list[Entry]) -> Entry:
    """The best of some places, or the town after which it is named: "in New York"."""
    best = ranked[0]
    if best.kind in (COUNTRY, CITY):
        return best
    towns = [e for e in ranked if e.kind == CITY and _same(best, e)]
    own = (e for e in towns if not e.alternate and e.people >= min(1e5, 0.1 * best.people))
    # New York City is New York, Oklahoma City is not Oklahoma.
    other = (e for e in towns if e.alternate and e.people >= 0.25 * best.people)
    return next(own, next(other, best))


def _named(shown: str, gazetteer: Gazetteer) -> tuple[tuple[Entry, ...], int | None]:
    """All places of a name, as it is or without "province", "city of", "northern"."""
    entries = gazetteer.find(shown) if _spelt(shown) else ()
    match = _NOUN_LAST.search(shown)
    noun = _UNIT_NOUNS[match["noun"].lower()] if match else None
    if entries:
        return entries, noun
    bare = shown[: match.start()] if match else shown
    head = _HEAD.match(bare)
    if head and head.end() < len(bare):
        bare = bare[head.end() :]
    bare = re.sub(r"^(?i:the)\s+", "", bare)
    return (gazetteer.find(bare) if bare != shown and _spelt(bare) else ()), noun


class _Context(NamedTuple):
    """What stands around a name.

    Attributes:
        within: what follows its comma, or owns it: "Hyderabad, Sindh", "Lebanon's Tripoli".
        around: what it follows with a comma: "Atlanta, Georgia".
        near: other places of its sentence, and the caller's hints.
    """

    within: tuple[Entry, ...]
    around: tuple[Entry, ...]
    near: tuple[Entry, ...]


def _context(left: str, right: str, gazetteer: Gazetteer, hints: list[str]) -> _Context:
    within: list[Entry] = []
    match = _RIGHT.match(right)
    if match:
        within += _longest(match["name"], gazetteer)
    match = _LEFT.search(left[-80:])
    if match:
        within += _longest(match["name"], gazetteer)
    match = _INNER.search(left[-80:])
    around = _longest(match["name"], gazetteer) if match else []
    before = left[max((m.end() for m in _SENTENCE_END.finditer(left)), default=0) :]
    stop = _SENTENCE_END.search(right)
    near: list[Entry] = []
    for part in (before, right[: stop.end() if stop else None]):
        for start, end in place_mentions(part, 0, len(part), gazetteer, known_only=True):
            near += _clear(gazetteer.find(part[start:end]))
    for hint in hints:
        near += _clear(_named(hint, gazetteer)[0] or _by_code(hint, gazetteer))
    return _Context(tuple(within), tuple(around), tuple(near))


# As American papers shorten states after the name of a town.
_STATES = dict(
    pair.split("=")
    for pair in """Ala=Alabama Ariz=Arizona Ark=Arkansas Calif=California Colo=Colorado
    Conn=Connecticut Del=Delaware Fla=Florida Ga=Georgia Ill=Illinois Ind=Indiana Kan=Kansas
    Ky=Kentucky La=Louisiana Md=Maryland Mass=Massachusetts Mich=Michigan Minn=Minnesota
    Miss=Mississippi Mo=Missouri Mont=Montana Neb=Nebraska Nev=Nevada N.H=New_Hampshire
    N.J=New_Jersey N.M=New_Mexico N.Y=New_York N.C=North_Carolina N.D=North_Dakota
    Okla=Oklahoma Ore=Oregon Pa=Pennsylvania R.I=Rhode_Island S.C=South_Carolina
    S.D=South_Dakota Tenn=Tennessee Vt=Vermont Va=Virginia Wash=Washington W.Va=West_Virginia
    Wis=Wisconsin Wyo=Wyoming D.C=District_of_Columbia Ont=Ontario Que=Quebec""".split()
)


def _longest(name: str, gazetteer: Gazetteer) -> list[Entry]:
    """Places of the longest head of a run of capitalised words."""
    words = name.split(" ")
    state = _STATES.get(words[0].rstrip(".")) if words[0].endswith(".") else None
    if state:
        units = gazetteer.find(state.replace("_", " "))
        return [e for e in units if e.kind == ADMIN1 and e.country in ("USA", "CAN")]
    for count in range(len(words), 0, -1):
        head = " ".join(words[:count]).rstrip(".,")
        entries = gazetteer.find(head) if _spelt(head) else ()
        if entries:
            return [e for e in entries if e.kind != CITY or _rank(e) > 5]
    return []


def _clear(entries: Iterable[Entry]) -> list[Entry]:
    """The places that a name surely means, by size alone: one, or one and its unit."""
    ranked = sorted(entries, key=lambda e: (-_rank(e), e.geonameid))
    if not ranked:
        return []
    family = [e for e in ranked if _same(ranked[0], e)]
    others = [e for e in ranked if not _same(ranked[0], e)]
    if others and _rank(family[0]) - _rank(others[0]) < 2 * _MARGIN:
        return []
    return family[:2]


def _by_code(hint: str, gazetteer: Gazetteer) -> tuple[Entry, ...]:
    """The country of an ISO alpha-3 code."""
    return tuple(e for e in gazetteer.states() if e.country == hint.upper())


def _unit_noun(left: str, right: str) -> int | None:
    """The kind of unit that the words at a name call it."""
    match = _NOUN_AFTER.match(right) or _NOUN_BEFORE.search(left[-40:])
    return _UNIT_NOUNS[match["noun"].lower()] if match else None


def _rank(entry: Entry) -> float:
    """How well known a place is, as a power of ten of people."""
    large = entry.people >= 10**_KNOWN
    # Of a few units no town is known to lie in.
    rank = math.log10(entry.people or (10**5.5 if entry.kind == ADMIN1 else 1))
    rank += {COUNTRY: 1.5, ADMIN1: -0.4, ADMIN2: -0.9, CITY: 0.0}[entry.kind]
    return rank + 1.0 * entry.capital - (0.2 if large else 0.6) * entry.alternate


def _score(entry: Entry, context: _Context, country: str | None, wanted: int | None) -> float:
    score = _rank(entry)
    if any(_lies_in(entry, other) for other in context.within):
        score += 6.0
    if any(_rank(other) > _KNOWN and _lies_in(other, entry) for other in context.around):
        score += 3.0
    if context.near:
        score += max(_nearness(entry, other) for other in context.near)
    if country and entry.country == country.upper():
        score += 1.6
    if wanted is not None:
        score += 2.0 * (entry.kind == wanted) + 1.0 * ({entry.kind, wanted} == {ADMIN1, ADMIN2})
    return score


def _lies_in(entry: Entry, other: Entry) -> bool:
    """Whether a place lies in a unit or country, or in the unit of a big town."""
    if entry.number == other.number or entry.kind == COUNTRY or entry.country != other.country:
        return False
    if other.kind == COUNTRY:
        return True
    if other.kind == ADMIN1:
        return entry.admin1 == other.number
    return entry.admin1 == other.admin1 >= 0


def _nearness(entry: Entry, other: Entry) -> float:
    """How much a place near by in the text speaks for another.

    A capital speaks less: it stands for its government more often than for a place.
    """
    if entry.country != other.country or entry.number == other.number:
        return 0.0
    if other.kind == COUNTRY:
        return 1.5
    unit = other.number if other.kind == ADMIN1 else other.admin1
    own = entry.number if entry.kind == ADMIN1 else entry.admin1
    return (0.6 if other.capital else 1.0) + 0.7 * (unit == own >= 0)


def _same(one: Entry, other: Entry) -> bool:
    """Whether two places of a name are a town and the unit around it, or the like."""
    if one.number == other.number or one.country != other.country:
        return one.number == other.number
    units = [e.number if e.kind == ADMIN1 else e.admin1 for e in (one, other)]
    return units[0] == units[1] and COUNTRY not in (one.kind, other.kind)


def _ambiguous(span: Span, shown: str, rivals: list[Entry], gazetteer: Gazetteer) -> Place:
    told = []
    for entry in rivals:
        unit = gazetteer.entry(entry.admin1).name if entry.admin1 >= 0 else None
        told.append(", ".join(filter(None, (entry.name, unit, entry.country))))
    reason = "ambiguous: " + "; ".join(dict.fromkeys(told[:4])) + ("; …" if len(told) > 4 else "")
    countries = {entry.country for entry in rivals}
    if len(countries) > 1:
        return Place(span, shown, reason=reason)
    return Place(span, shown, country=countries.pop(), precision="country", reason=reason)


def _place(span: Span, entry: Entry, gazetteer: Gazetteer) -> Place:
    unit = entry.number if entry.kind == ADMIN1 else entry.admin1
    placed = abs(entry.lat) <= 90
    return Place(
        span,
        entry.name,
        geonameid=entry.geonameid,
        admin1=gazetteer.entry(unit).name if unit >= 0 else None,
        country=entry.country,
        lat=entry.lat if placed else None,
        lon=entry.lon if placed else None,
        precision=_PRECISIONS[entry.kind],
    )


# --- offices ----------------------------------------------------------------------------

_BETWEEN = (
    r"(?:the\s+|(?:[a-z\-]+ern|north|south|east|west|central|restive|port)\s+|"
    rf"(?:{_NOUN}|capital)\s+(?:of\s+)?)*"
)
# Its pieces cannot be cut in two ways, or the time would grow without bounds.
_PLACES_BEFORE = rf"(?:{_CAPITALISED}(?: {_CAPITALISED}){{0,3}}(?:,(?: and)?| and) ){{0,4}}"
_AT_OFFICE = re.compile(
    r"(?:prayers?|mosque)\s+(?:leader|imam)s?|imams?|correspondents?|reporters?|bureau\s+chiefs?|"
    r"(?:high\s+|supreme\s+|district\s+|appeals?\s+|criminal\s+|revolutionary\s+|military\s+)?"
    r"(?:courts?|tribunals?)|ambassadors?|envoys?|consuls?|emissary|emissaries|embass(?:y|ies)|"
    r"consulates?|representatives?|attach[eé]s?|prosecutors?|legate|bishops?|commanders?"
)
_OF_OFFICE = re.compile(
    r"(?:co-?ordinators?|leaders?|chiefs?|heads?|directors?|ministers?|secretar(?:y|ies)|judges?|"
    r"commissioners?|bishops?|archbishops?|patriarchs?|muft[iy]s?|emirs?|kings?|queens?|rulers?|"
    r"presidents?|governors?|mayors?|commanders?|deput(?:y|ies)|members?|mps?|senators?|sheriffs?|"
    r"police\s+chiefs?|superintendents?|vice-?chancellors?|premiers?|chancellors?|imams?|"
    r"prefects?|councillors?|lawmakers?|magistrates?|gen(?:eral)?s?|inspectors?|wal[iy]s?)"
)
_IN_OFFICE = re.compile(
    rf"(?i:\b(?:(?:{_AT_OFFICE.pattern})\s+(?:in|to|at|of|for|from)|"
    rf"(?:{_OF_OFFICE.pattern})\s+(?:of|for|to))\s+{_BETWEEN}){_PLACES_BEFORE}$"
)
_OFFICE_AFTER = re.compile(
    r"(?:['’]s)?\s+(?i:(?:province|city|district|state|regional)\s+)?"
    r"(?i:(?:interim|acting|deputy|vice|former|provisional|provincial)\s+)?"
    r"(?i:mayor|governor|prefect|police\s+chief|friday\s+prayers?\s+(?:leader|imam)|ambassador|"
    r"correspondent|bureau\s+chief|high\s+court|imam|chief\s+minister|prime\s+minister|president|"
    r"bishop|archbishop|commissioner|congressman|congresswoman|senator)\b"
)


def in_office(text: str, span: Span) -> bool:
    """Whether a place stands inside a title or office, and is thus no place of an event.

    "the Friday prayer leader in X", "mayor of X", "ambassador to X and Y", "court in X",
    "X's governor".
    """
    start, end = max(0, span[0]), max(0, span[1])
    before = re.sub(r"\s+", " ", text[max(0, start - 120) : start])
    return bool(_IN_OFFICE.search(before) or _OFFICE_AFTER.match(text[end : end + 60]))
