"""Constructions in which a text tells the state of a thing.

A noun of the codebook and a word that tells a direction belong together where the one

- stands before the other in its noun phrase: *dwindling attendance*, *half-empty barracks*;
- is the noun it depends on: *a sharp drop in attendance*, *a crisis of morale*;
- stands behind it: *a membership decline*;
- is its predicate: *attendance at the village church has fallen*, *the posts stand empty*;
- is the verb whose object it is: *sapped morale*;

and where people, or what they do, are counted: *fewer and fewer attend*.

Everything here works on the lower-case words of one sentence; positions are words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sayso.reading import grammar as g

TURNED = {"high": "down", "low": "up", "up": "down", "down": "up"}
STATES = frozenset(("high", "low"))


@dataclass(frozen=True, slots=True)
class Sense:
    """What a word form tells by the codebook.

    Attributes:
        form: of verbs ``base``, ``third``, ``past``, ``participle`` or ``ing``, else empty.
    """

    direction: str
    part: str
    form: str


Senses = Mapping[str, tuple[Sense, ...]]


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun of the codebook in its phrase.

    Attributes:
        edge: the first word after determiner or preposition; first: of the noun itself;
            place: its last word; end: the last of its phrase.
        crisis: the direction of a crisis of it.
        singular: its forms that may begin a compound.
    """

    low: Sequence[str]
    senses: Senses
    edge: int
    first: int
    place: int
    end: int
    crisis: str | None
    singular: Collection[str]

    @property
    def plural(self) -> bool:
        """Whether a verb in its base form may be its predicate."""
        return self.low[self.place] not in self.singular


@dataclass(frozen=True, slots=True)
class Told:
    """A direction, the words that tell it (both ends included), and how sure that is.

    Attributes:
        factuality: as far as the construction itself decides it.
        act: somebody makes it so.
    """

    direction: str
    first: int
    last: int
    confidence: float
    factuality: str | None = None
    act: bool = False


def is_head(low: Sequence[str], place: int, senses: Senses, singular: Collection[str]) -> bool:
    """Whether a noun is not the first part of a compound (*price controls*, *base camp*)."""
    if place + 1 == len(low) or low[place] not in singular:
        return True
    after = low[place + 1]
    if not after[0].isalpha() or g.closed(after) or g.adverb(after) or after.endswith("ed"):
        return True
    if after in senses or after in g.WOES | g.COPULAS | g.LINKS | g.VERBS:
        return True
    return after.endswith("s") and place + 2 < len(low) and _object(low[place + 2])


def _object(word: str) -> bool:
    """Whether a word can begin the object of a verb in -s: *drives migration*, *worries the*."""
    if word in g.DETERMINERS:
        return True
    return word[0].isalnum() and not g.closed(word) and not word.endswith("ed")


def left_edge(low: Sequence[str], first: int, senses: Collection[str]) -> int:
    """Where the words begin that may stand between a determiner and the noun."""
    edge = first
    while edge > 0 and first - edge < 6:
        before = low[edge - 1]
        listed = 1 < edge < first and low[edge - 2] in senses
        opens = before in g.QUOTES and edge > 1 and first - edge < 3
        # "Low and falling", "thin, ageing": adjectives in a row.
        if not opens and not (before in (",", "and") and listed) and _no_modifier(before):
            break
        edge -= 1
    while edge < first and not low[edge][0].isalnum():
        edge += 1
    return edge


def _no_modifier(word: str) -> bool:
    return g.closed(word) or not word[0].isalnum() or word in g.VERBS


def before(noun: Noun, nouns: Collection[str]) -> Told | None:
    """Directions told in the noun phrase before its head, or by what it depends on.

    ``nouns`` are the last words of all nouns of the codebook, which may share a modifier.
    """
    for left, right in _coordinated(noun, nouns):
        found = _modifier(noun, left, right)
        if found:
            start, direction, act = found
            return Told(direction, start, noun.end, 0.75 if act else 0.8, None, act)
        outer = _governor(noun, left)
        if outer:
            return outer
    return None


def people(noun: Noun) -> Told | None:
    """Of people only their number is told: *fewer worshippers*, *the number of refugees doubled*.

    What else is said of them (*poor pupils*, *the voters fell for it*) tells none.
    """
    low = noun.low
    found = _modifier(noun, noun.edge, noun.first, counting=True)
    if found:
        return Told(found[1], found[0], noun.end, 0.75)
    j = _over_determiners(low, noun.edge - 1)
    if j < 1 or low[j] != "of":
        return None
    if low[j - 1] in g.MEASURES:
        return _governor(noun, noun.edge) or predicate(noun)
    for sense in noun.senses.get(low[j - 1], ()):
        if sense.part == "nouns":
            return Told(sense.direction, j - 1, noun.end, 0.8)
    return None


def _coordinated(noun: Noun, nouns: Collection[str]) -> Iterator[tuple[int, int]]:
    """The noun phrase, and those it shares a modifier with: *falling membership and morale*."""
    low, edge, first = noun.low, noun.edge, noun.first
    yield edge, first
    for _ in range(3):
        joined = edge >= 2 and edge == first and low[edge - 1] in ("and", "or", ",")
        if not joined or low[edge - 2] not in nouns:
            return
        first = edge - 2
        edge = left_edge(low, first, noun.senses)
        yield edge, first


def _modifier(
    noun: Noun, left: int, right: int, *, counting: bool = False
) -> tuple[int, str, bool] | None:
    """The nearest word between ``left`` and ``right`` that tells: start, direction, act."""
    for j in range(right - 1, left - 1, -1):
        sense = _attributive(noun, j, right, counting=counting)
        if sense is None:
            continue
        start, direction = _widened(noun.low, j, left, sense.direction)
        if start is not None:
            return start, direction, sense.part == "acts" and sense.form != "participle"
    return None


def _attributive(noun: Noun, j: int, right: int, *, counting: bool) -> Sense | None:
    between = noun.low[j + 1 : right]
    if any(word in g.NUMBERS or word.isdigit() for word in between):
        # "The falling plaster hit two worshippers."
        return None
    for sense in noun.senses.get(noun.low[j], ()):
        if counting != (sense.part == "counts") or not _may_modify(noun.low, j, sense):
            continue
        if sense.direction not in STATES or _near(noun, j, between):
            return sense
    return None


def _may_modify(low: Sequence[str], j: int, sense: Sense) -> bool:
    if sense.part == "acts":
        return True
    if low[j].endswith("ing") and j > 0 and low[j - 1] in g.BE and low[max(0, j - 2)] != "there":
        # "They were spreading violence", but "there is growing support".
        return False
    if sense.part != "verbs":
        return sense.part != "nouns"
    if sense.form == "ing":
        return True
    # "Fallen prices", but "she dropped attacks".
    return sense.form == "participle" and not low[j].endswith("ed")


def _near(noun: Noun, j: int, between: Sequence[str]) -> bool:
    """Whether an adjective can belong to the head: *low voter turnout*, not *high school …*."""
    if not between:
        return True
    if between[0] in g.FIXED.get(noun.low[j], ()) or any("'" in word for word in between):
        return False
    return len(between) <= 2 or all(w in noun.senses or g.adverb(w) for w in between[:-2])


def _widened(low: Sequence[str], j: int, left: int, direction: str) -> tuple[int | None, str]:
    """Where the modifier at ``j`` begins and what it tells; None where it tells nothing."""
    word = low[j]
    earlier = low[j - 1] if j > 0 else ""
    if word == "few":
        return _few(low, j), direction
    if word == "more":
        return _more(low, j), direction
    if earlier == "and" and j - 2 >= left and low[j - 2] == word:
        return j - 2, direction
    if earlier == "less":
        return j - 1, "down" if direction in ("high", "up") else "up"
    return (None if earlier in ("not", "hardly", "scarcely") else j), direction


def _few(low: Sequence[str], j: int) -> int | None:
    """*Few* and *only a few* are a small number, *a few* is not."""
    earlier = low[j - 1] if j > 0 else ""
    if earlier == "a":
        return j - 2 if j > 1 and low[j - 2] in ("only", "just", "but", "barely") else None
    return None if earlier in ("quite", "the", "these", "those", "past") else j


def _more(low: Sequence[str], j: int) -> int | None:
    """*More and more* and *ever more* are a rise, *more* may be anything."""
    earlier = low[j - 1] if j > 0 else ""
    if earlier == "and" and j > 1 and low[j - 2] == "more":
        return j - 2
    return j - 1 if earlier in ("ever", "even", "far") else None


def _over_determiners(low: Sequence[str], j: int) -> int:
    while j >= 0 and low[j] in g.DETERMINERS:
        j -= 1
    return j


def _governor(noun: Noun, left: int) -> Told | None:
    """What a noun phrase depends on: *a drop in*, *a growing number of*, *raised the price of*."""
    low = noun.low
    j = left - 1
    while j >= 0 and left - j <= 3 and (low[j] in g.DETERMINERS or low[j] in g.QUOTES):
        j -= 1
    if j < 0:
        return None
    for sense in noun.senses.get(low[j], ()):
        # "Sapped the morale": the verb stands before the determiner.
        if sense.part == "acts":
            return Told(sense.direction, j, noun.end, 0.75, None, act=True)
    if low[j] not in ("in", "of", "for", "to", "on", "over", "with"):
        return None
    return _depends(noun, _over_amount(low, j - 1, left))


def _over_amount(low: Sequence[str], j: int, left: int) -> int:
    """Left of *of 40 percent* in *a rise of 40 percent in*."""
    if j < 0 or not (low[j] in ("percent", "%", "points", "cent") or low[j][0].isdigit()):
        return j
    while j > 0 and left - j < 8 and low[j] not in ("of", "by"):
        j -= 1
    return j - 1


def _depends(noun: Noun, j: int) -> Told | None:
    """What the noun at ``j``, on which the phrase depends, tells."""
    low = noun.low
    if j < 0:
        return None
    for sense in noun.senses.get(low[j], ()):
        if sense.part == "nouns":
            return Told(sense.direction, j, noun.end, 0.85)
    if low[j] in g.CRISES and low[j + 1] in ("of", "in") and noun.crisis:
        return Told(noun.crisis, j, noun.end, 0.75)
    if low[j] not in g.MEASURES or low[j + 1] != "of":
        return None
    edge = left_edge(low, j, noun.senses)
    found = _modifier(noun, edge, j)
    if found:
        return Told(found[1], found[0], noun.end, 0.85, None, found[2])
    return _governor(noun, edge)


def behind(noun: Noun) -> Told | None:
    """The head of a compound: *a membership decline*, *the recruitment crisis*."""
    low, place = noun.low, noun.place
    if place + 1 >= len(low):
        return None
    after, end = low[place + 1], g.extent(low, place + 1)
    if after in g.WOES and noun.crisis:
        return Told(noun.crisis, subject_start(noun), end, 0.75)
    for sense in noun.senses.get(after, ()):
        if sense.part == "nouns" and not noun.plural:
            return Told(sense.direction, subject_start(noun), end, 0.75)
    return None


def state(noun: Noun, nouns: Collection[str]) -> Told | None:
    """What a text tells of a thing; ``nouns`` as for ``before``."""
    ahead, after = before(noun, nouns), behind(noun)
    if after and ahead:
        # "An alarming defection crisis": the compound's own head decides.
        return Told(after.direction, ahead.first, after.last, after.confidence, None, ahead.act)
    if not after and not ahead and may_be_subject(noun):
        return predicate(noun)
    return after or ahead


def may_be_subject(noun: Noun) -> bool:
    """Whether a noun phrase does not hang on another: *the toll in the attack had risen*."""
    low = noun.low
    j = _over_determiners(low, noun.edge - 1)
    if j < 0 or low[j] not in g.PREPOSITIONS:
        return True
    if low[j] == "of":
        return j > 0 and (low[j - 1] in g.MEASURES or low[j - 1] in g.FRACTIONS)
    # "In Lagos prices rose" has a premodifier that is none.
    return low[j] == "with" or (j == noun.edge - 1 and noun.edge < noun.first)


def subject_start(noun: Noun) -> int:
    """The first word of a subject, with its fraction: *a third of the posts*."""
    low, first = noun.low, noun.edge
    if 0 < first < noun.first and low[first - 1] in g.PREPOSITIONS - {"of", "with"}:
        # "In Lagos prices rose"
        return noun.first
    while first < noun.first and (low[first].endswith(("ed", "ing")) or low[first] in g.VERBS):
        first += 1
    j = _over_determiners(low, first - 1)
    if 0 <= j < first - 1 and low[j] in ("half", "most"):
        return j
    if j > 0 and low[j] == "of" and (low[j - 1] in g.FRACTIONS or low[j - 1] in g.MEASURES):
        return _fraction_start(low, j - 1)
    return first


def _fraction_start(low: Sequence[str], j: int) -> int:
    while j > 0 and (
        low[j - 1] in g.FRACTIONS
        or low[j - 1] in g.NUMBERS
        or low[j - 1].isdigit()
        or low[j - 1] in ("per", "the")
    ):
        j -= 1
    return j + 1 if low[j] == "the" else j


def predicate(noun: Noun) -> Told | None:
    """What is said of the noun phrase as a subject."""
    low, place = noun.low, noun.place
    first = subject_start(noun)
    loose = any(word in g.LEAVING for word in low[max(0, first - 3) : first])
    i: int | None = place + 1
    while i is not None and i < min(len(low), place + 16):
        found = _Predicate(noun, i, bare=loose or i == place + 1)
        if found.sense:
            return found.told(first)
        i = _within_subject(low, i, place)
    return None


def _within_subject(low: Sequence[str], i: int, place: int) -> int | None:
    """The word behind ``i`` where the subject may go on, None where it ends."""
    word = low[i]
    if word == ",":
        return _over_apposition(low, i)
    if word in g.QUOTES or (i <= place + 2 and word in ("which", "that", "who")):
        return i + 1
    if i == place + 1 and word not in g.PREPOSITIONS and word != "and":
        return None
    return None if g.ends_subject(low, i) or g.follows_verb(low, i, place) else i + 1


def _over_apposition(low: Sequence[str], i: int) -> int | None:
    """*Attendance, once obligatory, has dwindled*; *prices, which had doubled*."""
    if i + 1 < len(low) and low[i + 1] in ("which", "who"):
        return i + 2
    if "," not in low[i + 1 : i + 7]:
        return None
    behind_comma = low.index(",", i + 1) + 1
    if behind_comma < len(low) and low[behind_comma] in g.AUXILIARIES:
        return behind_comma
    return None


class _Predicate:
    """A predicate that begins at ``start``; ``sense`` is None where it tells no direction.

    Args:
        bare: it may do without a verb (*leaving the posts empty*, *prices up*).
    """

    def __init__(self, noun: Noun, start: int, *, bare: bool) -> None:
        self.noun = noun
        self.be = self.have = self.negated = self.no_longer = False
        self.expected = self.going_on = self.less = self.linked = False
        self.modal = ""
        self.sense: Sense | None = None
        self.at = start
        low = noun.low
        if _over_determiners(low, noun.edge - 1) == 0:
            # "Has attendance fallen?"
            self.takes(low[0], "")
        for k in range(start, min(len(low), start + 10)):
            word = low[k]
            if word.endswith("n't"):
                self.negated = True
                word = {"won't": "will", "can't": "can"}.get(word, word[:-3])
            direct = bare and (k == start or low[start] in ("half", "nearly", "almost"))
            self.sense = self.fitting(k, noun.senses.get(word, ()), bare=direct)
            if self.sense:
                # "At a record low"
                self.at = k + (word == "record" and self.sense.direction == "low")
                return
            if not self.takes(word, low[k + 1] if k + 1 < len(low) else ""):
                return

    def takes(self, word: str, after: str) -> bool:
        """Whether a word may stand before the one that tells, and what it does there."""
        if word in g.BE or word in g.COPULAS:
            self.going_on = self.be and word in ("going", "running", "becoming", "getting")
            self.be = True
        elif word in g.HAVE:
            self.have = True
        elif word in g.MODALS:
            self.modal = word
        elif word in g.LINKS:
            self.linked, self.going_on = True, word in g.GOING_ON
        elif word in g.NEGATIONS:
            self.negated = True
        elif word == "no":
            self.no_longer = after == "longer"
            return self.no_longer
        elif word in g.EXPECTED and (self.be or self.have or word.startswith("t")):
            self.expected = True
        elif word == "less":
            self.less = True
        else:
            return self.fills(word)
        return True

    def fills(self, word: str) -> bool:
        if self.be and (word in g.AMOUNTS or word in g.TOLD):
            return True
        filling = word in g.DO or word in g.ADVERBS or word in g.QUOTES
        return filling or g.adverb(word) or word[0].isdigit()

    def fitting(self, k: int, senses: Sequence[Sense], *, bare: bool) -> Sense | None:
        """The sense of the word at ``k`` that its place in the predicate allows."""
        low = self.noun.low
        for sense in senses:
            if sense.part == "adjectives" and self.fits_adjective(k, bare=bare):
                if low[k] == "record" and low[k + 1 : k + 2] in (["low"], ["lows"]):
                    return Sense("low", "adjectives", "")
                return sense
            if sense.part == "acts" and self.be and sense.form == "participle":
                return sense
            if sense.part == "verbs" and self.fits_verb(k, sense, senses, bare=bare):
                return sense
            if sense.part == "nouns" and self.be and {"in", "on"} & set(low[max(0, k - 3) : k]):
                # "Is in decline", "is on the rise", "in free fall"
                return sense
        return None

    def fits_adjective(self, k: int, *, bare: bool) -> bool:
        low = self.noun.low
        after = low[k + 1] if k + 1 < len(low) else "."
        if low[k] in ("up", "down") and after in ("to", "from", "on", "for"):
            return False
        return self.be or (bare and (after in _AFTER_BARE or not after[0].isalpha()))

    def fits_verb(self, k: int, sense: Sense, senses: Sequence[Sense], *, bare: bool) -> bool:
        low = self.noun.low
        if sense.form == "ing":
            return self.be or self.linked or bare
        if not self.be and _elsewhere(low, k, senses):
            return False
        if sense.form == "base":
            return bool(self.modal) or self.noun.plural or low[k - 1] == "to"
        return sense.form in ("past", "third") or self.have or self.be

    def told(self, first: int) -> Told:
        """What the predicate tells; only where it has a sense."""
        assert self.sense is not None  # noqa: S101 - the caller asks only then
        low, last = self.noun.low, self.at
        if self.sense.part == "verbs" and last + 1 < len(low) and low[last + 1] in g.PARTICLES:
            last += 1
        return Told(self.direction(), first, last, 0.85, self.factuality())

    def direction(self) -> str:
        assert self.sense is not None  # noqa: S101 - the caller asks only then
        direction, earlier = self.sense.direction, self.noun.low[self.at - 1]
        if self.less and self.sense.part == "adjectives":
            return TURNED[direction]
        if direction in STATES and self.no_longer:
            return TURNED[direction]
        if direction in STATES and (earlier == "more" or earlier in _BECOMING):
            return "up" if direction == "high" else "down"
        return direction

    def factuality(self) -> str | None:
        assert self.sense is not None  # noqa: S101 - the caller asks only then
        if self.negated or (self.no_longer and self.sense.direction not in STATES):
            return "denied"
        if self.modal in ("will", "shall") and self.sense.part == "acts":
            return "planned"
        if self.modal in g.UNSURE or self.expected or self.infinitive():
            return "possible"
        if self.going_on or (self.be and self.noun.low[self.at].endswith("ing")):
            return "ongoing"
        return None

    def infinitive(self) -> bool:
        """Whether it hangs on another verb: *the bank expects inflation to fall*."""
        return self.noun.low[self.at - 1] == "to" and not (self.be or self.have or self.linked)


_BECOMING = frozenset("become becomes became becoming getting turned grown growing".split())
_AFTER_BARE = frozenset("as in at on by across and since after while amid this last again".split())
_NO_SUBJECT = frozenset("into under victim prey foul apart behind upon".split())
_TIMES = frozenset("percent per twice twofold threefold fourfold tenfold sevenfold".split())
_OWN = frozenset("the his her its their our".split())


def _elsewhere(low: Sequence[str], k: int, senses: Sequence[Sense]) -> bool:
    """Whether a verb has an object of its own: *the attacks increase fear*, *fell into*."""
    after = low[k + 1] if k + 1 < len(low) else "."
    if after in _NO_SUBJECT:
        return True
    if not any(sense.part == "acts" for sense in senses) or not after[0].isalpha():
        return False
    if g.closed(after):
        return after in _OWN
    measured = after in g.TIME or after in g.NUMBERS or after in g.ADVERBS or after in _TIMES
    return not measured and not g.adverb(after)


_STOPPING = frozenset("stop stops stopped stopping cease ceases ceased quit".split())
_ANOTHER = frozenset(("but", "because", "that", "which", ";", ":", ",", "."))
_CROWDS = {
    "growing": "up", "increasing": "up", "rising": "up", "greater": "up", "swelling": "up",
    "mounting": "up", "larger": "up", "record": "high", "large": "high", "huge": "high",
    "unprecedented": "high", "dwindling": "down", "declining": "down", "falling": "down",
    "shrinking": "down", "smaller": "down", "fewer": "down",
}  # fmt: skip


def counted(low: Sequence[str], place: int, form: str) -> Told | None:
    """How many do what the verb at ``place`` says: *no longer attend*, *desert in droves*."""
    found = _counted_before(low, place, form) or _counted_after(low, place)
    if not found:
        return None
    direction, first, last = found
    return Told(direction, first, max(last, g.object_end(low, place)), 0.7)


def _counted_before(low: Sequence[str], place: int, form: str) -> tuple[str, int, int] | None:
    for j in range(place - 1, max(-1, place - 9), -1):
        word = low[j]
        if word in _ANOTHER or (word in g.VERBS and word not in g.AUXILIARIES):
            return None
        stopping = word in _STOPPING and place - j <= 2 and form == "ing"
        found = ("down", j) if stopping else _quantity(low, j)
        if found and (word != "longer" or place - j <= 3):
            return found[0], found[1], place
    return None


def _quantity(low: Sequence[str], j: int) -> tuple[str, int] | None:
    """The direction of a quantity whose last word is at ``j``, and where it begins."""
    word, earlier = low[j], low[j - 1] if j > 0 else ""
    found: tuple[str, int | None] = ("", None)
    if word == "longer" and earlier == "no":
        found = "down", j - 1
    elif word == "fewer":
        found = "down", j - 2 if earlier == "and" and j > 1 and low[j - 2] == "fewer" else j
    elif word == "few":
        found = "low", _few(low, j)
    elif word == "more" and earlier == "and":
        found = "up", _more(low, j)
    elif word in ("numbers", "number") and earlier in _CROWDS:
        found = _CROWDS[earlier], j - 1
    direction, start = found
    return None if start is None else (direction, start)


def _counted_after(low: Sequence[str], place: int) -> tuple[str, int, int] | None:
    for j in range(place + 1, min(len(low), place + 9)):
        word = low[j]
        if not word[0].isalnum():
            return None
        if word == "numbers" and low[j - 1] in _CROWDS:
            return _CROWDS[low[j - 1]], place, j
        if word == "droves" or (word == "masse" and low[j - 1] == "en"):
            return "up", place, j
    return None
