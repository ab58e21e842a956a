"""Signals and tags: the codebook's indicators in a text and on its events.

No parser runs at reading time. A signal is found where a noun of the codebook stands in one
of a few constructions of newspaper English with a word that tells a direction:

- before it in its noun phrase: *dwindling attendance*, *half-empty barracks*;
- as the noun it depends on: *a sharp drop in attendance*, *a crisis of morale*;
- behind it: *a membership decline*;
- as its predicate: *attendance at the village church has fallen*, *the posts stand empty*;
- as the verb whose object it is: *sapped morale*;

where what people do is counted (*fewer and fewer attend*, *no longer attend*), or in a phrase
of the codebook. What the text only fears, plans or denies is found too, with its factuality.
All the constructions are closed lists of function words; the content words are the codebook's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sayso.codebook.indicators import Indicator, Indicators, TagRule, default_indicators, verb_forms
from sayso.reading.sentences import sentences
from sayso.records import Event, Span

_TOKEN = re.compile(r"\w+(?:[-'’.]\w+)*|%|[^\w\s]")

# Grammar: closed classes, the same for every indicator.
_DETERMINERS = frozenset(
    """the a an this that these those its his her their our my your some any every each no all both
    such another""".split()
)
_PREPOSITIONS = frozenset(
    """of at in among amongst for from to on across within inside between with around near against
    towards toward by under over throughout outside into onto about behind beyond along
    through""".split()
)
#: These begin another phrase that has nothing to do with the noun's own extent.
_BREAKS = frozenset(
    """that which who whom whose where when while as because since after before until till if
    although though but or than so unless whether during despite amid per he she they it we i you
    there then what how why yet nor following without""".split()
)
_BE = frozenset("be is are was were been being am".split())
_HAVE = frozenset("have has had having".split())
_DO = frozenset("do does did".split())
_MODALS = frozenset("will would may might can could shall should must".split())
_UNSURE = frozenset("may might could would can should shall will".split())
_AUXILIARIES = _BE | _HAVE | _DO | _MODALS
#: Verbs that join a subject to what it is like, in all forms.
_COPULAS = frozenset(
    """remain remains remained remaining stand stands stood standing lie lies lay lain lying sit
    sits sat sitting stay stays stayed look looks looked appear appears appeared seem seems seemed
    become becomes became turn turned go goes went gone going run runs ran running prove proved
    feel feels felt left shot crept came come edged inched ticked kept""".split()
)
_LINKS = frozenset(
    """begin begins began begun beginning start starts started starting continue continues continued
    continuing keep keeps kept keeping""".split()
)
_GOING_ON = frozenset("continue continues continuing keep keeps keeping".split())
_EXPECTED = frozenset(
    """expected likely set due forecast projected predicted feared bound poised liable
    threatening threaten threatens tending tend""".split()
)
_TOLD = frozenset("said reported believed thought understood reportedly known estimated".split())
_ADVERBS = frozenset(
    """also now still even again already further too very quite rather so as much far more less
    half almost nearly well just only once often never longer not to ever steadily since then
    here there today""".split()
)
#: How much, how long, compared with what; only behind a verb: *is at an all-time low*.
_AMOUNTS = frozenset(
    """at by a an the its their this last past third thirds quarter quarters two three four five
    least most all but about somewhat on average first time per cent percent % level year month
    week day down up historic all-time""".split()
)
_NEGATIONS = frozenset("not never nor neither cannot".split())
_PARTICLES = frozenset("up down off out away back".split())
_QUOTES = frozenset("\"“”„«»‘’'‹›")
#: "The number of desertions": what is told of the number is told of the desertions.
_MEASURES = frozenset(
    """number numbers level levels rate rates amount amounts share proportion count tally figures
    scale volume cost costs ranks pool wave waves stream total percentage price prices""".split()
)
_CRISES = frozenset("crisis crises problem problems epidemic emergency woes".split())
_FRACTIONS = frozenset(
    """half third thirds quarter quarters most many some several dozens scores hundreds part much
    all few majority percent cent %""".split()
)
#: Common verbs; a noun phrase does not reach over them.
_VERBS = frozenset(
    """said says say saying told tell tells saw see sees made make makes took take takes came went
    gave give gives got get gets found find finds led lead leads held hold holds brought bring
    brings told wrote write writes spoke speak speaks knew know knows put hit hits meant mean means
    showed shows show sparked forced forces raises worries shook shakes leaves leaving let keeps
    kept thought thinks think began begins paid pay pays sent sends set won lost met sought
    reports warns blames adds notes claims insists denies describes calls wants needs seeks
    prompts causes reflects suggests threatens follows became becomes drew draws cast helped helps
    reached hurts shut stood stands lay sat ran runs faced faces faces has had was were is are
    are""".split()
)
#: "High school attendance" tells nothing of attendance's height.
_FIXED = {
    "high": frozenset(
        "school schools court command commissioner street profile level tech ranking".split()
    ),
    "low": frozenset("income level paid cost ranking key".split()),
    "heavy": frozenset("weapons industry artillery".split()),
    "poor": frozenset("people families households farmers countries neighbourhoods".split()),
    "full": frozenset("time scale service".split()),
    "mass": frozenset("media transit".split()),
    "large": frozenset("scale".split()),
    "record": frozenset("company label".split()),
}
_DENIALS = frozenset(
    """deny denies denied denying rejects rejected rejecting dismiss dismisses dismissed dismissing
    refute refutes refuted refuting rebutted disputes disputed""".split()
)
#: "No sign of falling morale".
_SIGNS = frozenset(
    """sign signs evidence hint indication indications trace question suggestion such reports
    report""".split()
)
_CONDITIONS = frozenset("if unless whether should lest once".split())
_FEARS = frozenset(
    """fear fears feared fearing risk risks risking threat possible perhaps possibly potential
    avoid avoids avoiding prevent prevents preventing avert averting avoided averted prevented
    allegedly alleged rumours rumors might could would may""".split()
)
_WARNINGS = frozenset("warn warns warned warning".split())
_PLANS = frozenset(
    """plan plans planned planning intends intend intended aims aim aimed vowed promised promises
    promise pledged pledges agreed decided wants want wanted hopes hope hoped ordered will
    seeks proposed proposes""".split()
)
_TURNED = {"high": "down", "low": "up", "up": "down", "down": "up"}
_STATES = frozenset(("high", "low"))


@dataclass(frozen=True, slots=True)
class FoundSignal:
    """An indicator's state as a text tells it.

    Attributes:
        span: code points, end exclusive: from the words of the direction to the end of the
            noun phrase, or from the noun phrase to the predicate.
        confidence: by construction, 0 to 1; no probability.
    """

    indicator: str
    direction: str
    span: Span
    factuality: str
    confidence: float


def find_signals(
    text: str, codebook: Indicators | None = None, spans: Iterable[Span] | None = None
) -> list[FoundSignal]:
    """All signals of one text, in the order of their spans.

    Args:
        text: canonical text.
        codebook: by default the one that Sayso ships.
        spans: the sentences, where they are known already.
    """
    matcher = _matcher(codebook or default_indicators())
    found: list[FoundSignal] = []
    for start, end in sentences(text) if spans is None else spans:
        found += matcher.of_sentence(text, start, end)
    return sorted(found, key=lambda s: (s.span, s.indicator, s.direction))


@dataclass(frozen=True, slots=True)
class Coded:
    """What an event's tags depend on.

    Attributes:
        actors, recipients: their words.
        sectors, recipient_sectors: their PLOVER sectors.
    """

    type: str
    mode: str | None
    trigger: str
    actors: str = ""
    recipients: str = ""
    sectors: frozenset[str] = frozenset()
    recipient_sectors: frozenset[str] = frozenset()


def tags(event: Coded, codebook: Indicators | None = None) -> tuple[str, ...]:
    """The codebook's tags of an event, in the order of the codebook."""
    entries = (codebook or default_indicators()).entries
    return tuple(e.name for e in entries if any(_meets(event, rule) for rule in e.rules))


def event_tags(event: Event, text: str, codebook: Indicators | None = None) -> tuple[str, ...]:
    """The codebook's tags of a record, in the order of the codebook."""
    return tags(
        Coded(
            event.type,
            event.mode,
            " ".join(text[start:end] for start, end in event.trigger),
            " ; ".join(text[slice(*actor.span)] for actor in event.actors),
            " ; ".join(text[slice(*recipient.span)] for recipient in event.recipients),
            frozenset(sector for actor in event.actors for sector in actor.sectors),
            frozenset(sector for r in event.recipients for sector in r.sectors),
        ),
        codebook,
    )


def _meets(event: Coded, rule: TagRule) -> bool:
    if not any(event.type == kind and mode in (None, event.mode) for kind, mode in rule.events):
        return False
    if rule.triggers and not rule.triggers & _lower(event.trigger):
        return False
    return _party(rule.actors, rule.sectors, event.actors, event.sectors) and _party(
        rule.recipients, rule.recipient_sectors, event.recipients, event.recipient_sectors
    )


def _party(words: frozenset[str], sectors: frozenset[str], text: str, own: frozenset[str]) -> bool:
    if not words and not sectors:
        return True
    return bool(sectors & own or words & _lower(text))


def _lower(text: str) -> set[str]:
    return {part for m in _TOKEN.finditer(text.lower()) for part in (m[0], *m[0].split("-"))}


@dataclass(frozen=True, slots=True)
class _Sense:
    """What a word form tells by the codebook: ``form`` is that of a verb, else empty."""

    direction: str
    part: str
    form: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """An indicator with all word forms made."""

    indicator: Indicator
    depth: int
    family: str
    senses: Mapping[str, tuple[_Sense, ...]]
    singular: frozenset[str]
    never: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class _Hook:
    """Why a word of a text is looked at: the last word of a noun, a verb, or of a phrase."""

    entry: _Entry
    kind: str
    words: tuple[str, ...] = ()
    sense: str = ""
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class _Hit:
    """A construction that was found; ``first`` and ``last`` are tokens, both included."""

    entry: _Entry
    direction: str
    head: int
    first: int
    last: int
    confidence: float
    factuality: str | None = None
    act: bool = False
    phrase: bool = False


@dataclass(slots=True)
class _Predicate:
    """What stands between a subject and the word that tells the direction."""

    last: int = 0
    direction: str = ""
    be: bool = False
    have: bool = False
    modal: str = ""
    negated: bool = False
    no_longer: bool = False
    expected: bool = False
    going_on: bool = False
    inverted: bool = False
    linked: bool = False
    sense: _Sense | None = field(default=None)


class _Sentence:
    """Tokens of one sentence: lower-case words, straight apostrophes, and where they stand."""

    __slots__ = ("at", "end", "low", "start", "text")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self.at = [match.span() for match in _TOKEN.finditer(text, start, end)]
        self.low = [text[a:b].lower().replace("’", "'") for a, b in self.at]

    def span(self, first: int, last: int) -> Span:
        return self.at[first][0], self.at[last][1]


@lru_cache(maxsize=8)
def _matcher(codebook: Indicators) -> _Matcher:
    return _Matcher(codebook)


class _Matcher:
    """A codebook made ready for matching."""

    def __init__(self, codebook: Indicators) -> None:
        self.verbs = {verb: (past, part) for verb, past, part in codebook.irregular}
        self.hooks: dict[str, list[_Hook]] = {}
        for indicator in codebook.entries:
            if indicator.signals:
                family = codebook.widening(indicator.name)[-1]
                self.add(self.entry(indicator, codebook.depth(indicator.name), family))

    def entry(self, indicator: Indicator, depth: int, family: str) -> _Entry:
        senses: dict[str, tuple[_Sense, ...]] = {}
        for item in indicator.directions:
            for word in item.words:
                for form, name in self.forms(word, item.part):
                    sense = _Sense(item.direction, item.part, name)
                    senses[form] = (*senses.get(form, ()), sense)
        # "Deserted" tells a state first, and only then what somebody did.
        senses = {
            form: tuple(sorted(told, key=lambda s: s.part != "adjectives"))
            for form, told in senses.items()
        }
        heads = {words[-1] for words in indicator.nouns}
        singular = frozenset(h for h in heads if not (h.endswith("s") and h[:-1] in heads))
        never = tuple(self.compiled(phrase, indicator)[0] for phrase in indicator.never)
        return _Entry(indicator, depth, family, senses, singular, never)

    def forms(self, word: str, part: str) -> list[tuple[str, str]]:
        if part in ("verbs", "acts"):
            made = verb_forms(word, self.verbs)
            return [(form, name) for name, forms in made.items() for form in forms]
        return [(word, ""), (word + "s", "")] if part == "nouns" else [(word, "")]

    def add(self, entry: _Entry) -> None:
        indicator = entry.indicator
        for kind, phrases in (("noun", indicator.nouns), ("people", indicator.people)):
            for words in phrases:
                self.hook(words[-1], _Hook(entry, kind, words))
        for sense, verbs in (("with", indicator.verbs), ("against", indicator.avoids)):
            for verb in verbs:
                for name, forms in verb_forms(verb, self.verbs).items():
                    for form in forms:
                        self.hook(form, _Hook(entry, "verb", (name,), sense))
        for direction, phrase in indicator.phrases:
            pattern, anchors = self.compiled(phrase, indicator)
            for anchor in anchors:
                self.hook(anchor, _Hook(entry, "phrase", (), direction, pattern))

    def hook(self, word: str, hook: _Hook) -> None:
        self.hooks.setdefault(word, []).append(hook)

    def compiled(self, phrase: str, indicator: Indicator) -> tuple[re.Pattern[str], frozenset[str]]:
        """A phrase as a regular expression, and words one of which it always holds."""
        parts: list[str] = []
        anchors: list[frozenset[str]] = []
        for part in phrase.split():
            if part == "*":
                parts.append(r"(?:[^\s,;:.?!]+\s+){0,3}?")
                continue
            options = self.options(part, indicator)
            if not part.startswith("{"):
                anchors.append(frozenset(option.split()[-1] for option in options))
            listed = "|".join(re.escape(o) for o in sorted(options, key=lambda o: (-len(o), o)))
            parts.append(rf"(?:{listed.replace(chr(39), '[' + chr(39) + '’]')})(?!\w)\s*")
        rarest = max(anchors, key=lambda words: min(map(len, words)))
        return re.compile(r"(?<!\w)" + "".join(parts), re.IGNORECASE), rarest

    def options(self, part: str, indicator: Indicator) -> frozenset[str]:
        named = {"{nouns}": indicator.nouns, "{people}": indicator.people}
        if part in named:
            return frozenset(" ".join(words) for words in named[part]) or frozenset({"\0"})
        if part == "{of}":
            return indicator.of or frozenset({"\0"})
        if part.startswith("<"):
            made = verb_forms(part.strip("<>"), self.verbs)
            return frozenset(form for forms in made.values() for form in forms)
        return frozenset(part.split("|"))

    def of_sentence(self, text: str, start: int, end: int) -> list[FoundSignal]:
        hooks = self.hooks
        # Most sentences hold no word of the codebook: they cost one look-up a word.
        words = text[start:end].lower()
        if not any(m[0] in hooks for m in _TOKEN.finditer(words)):
            return []
        sentence = _Sentence(text, start, end)
        present = frozenset(sentence.low) | {w[:-2] for w in sentence.low if w.endswith("'s")}
        hits: list[_Hit] = []
        seen: set[tuple[int, int]] = set()
        for place, word in enumerate(sentence.low):
            for hook in hooks.get(word, ()):
                if hook.entry.indicator.exclude & present:
                    continue
                if hook.kind == "phrase":
                    key = (id(hook.pattern), id(hook.entry))
                    if key not in seen:
                        seen.add(key)
                        hits += _phrase_hits(sentence, hook)
                elif hook.kind == "verb":
                    hits += _verb_hits(sentence, hook, place)
                else:
                    hits += self.noun_hits(sentence, hook, place)
        hits = [h for h in hits if not _vetoed(sentence, h.entry) and not _is_name(sentence, h)]
        return _told(sentence, _best(hits))

    def noun_hits(self, sentence: _Sentence, hook: _Hook, place: int) -> Iterator[_Hit]:
        low = sentence.low
        first = place - len(hook.words) + 1
        if first < 0 or tuple(low[first : place + 1]) != hook.words:
            return
        entry = hook.entry
        if not _is_head(low, place, entry):
            return
        end = _extent(low, place)
        if entry.indicator.of and not _says(sentence, entry, first, place, end):
            return
        edge = _left(low, first, entry.senses)
        if hook.kind == "people":
            yield from _people_hits(low, entry, place, (edge, first), end)
            return
        hits = [
            *_before(low, entry, place, first, edge, end, self.hooks),
            *_behind(low, entry, place, (edge, first)),
            *_predicates(low, entry, place, (edge, first)),
        ]
        yield from hits
        if not hits and entry.indicator.alone:
            yield _Hit(entry, entry.indicator.alone, place, edge, end, 0.6)


def _is_name(sentence: _Sentence, hit: _Hit) -> bool:
    """Whether adjective and noun are a name (*the Empty Chair Committee*), not in a headline."""
    if not hit.first < hit.head <= hit.last:
        return False
    words = [sentence.text[start:end] for start, end in sentence.at]
    if not (words[hit.head][0].isupper() and words[hit.head - 1][0].isupper()):
        return False
    letters = [word for word in words if word[0].isalpha()]
    return len(letters) < 5 or sum(word[0].isupper() for word in letters) < 0.6 * len(letters)


def _vetoed(sentence: _Sentence, entry: _Entry) -> bool:
    return any(p.search(sentence.text, sentence.start, sentence.end) for p in entry.never)


def _is_head(low: Sequence[str], place: int, entry: _Entry) -> bool:
    """Whether a noun is not the first part of a compound (*price controls*, *base camp*)."""
    if place + 1 == len(low):
        return True
    after = low[place + 1]
    return (
        low[place] not in entry.singular
        or not after[0].isalpha()
        or _closed(after)
        or after in entry.senses
        or after in _CRISES
        or after in _COPULAS
        or after in _LINKS
        or after in _VERBS
        or after.endswith(("ed", "n't"))
        or _adverb(after)
        or (after.endswith("s") and place + 2 < len(low) and _object(low[place + 2]))
    )


def _object(word: str) -> bool:
    """Whether a word can begin the object of a verb in -s: *drives migration*, *worries the*."""
    if word in _DETERMINERS:
        return True
    return word[0].isalnum() and not _closed(word) and not word.endswith("ed")


def _closed(word: str) -> bool:
    return (
        word in _DETERMINERS
        or word in _PREPOSITIONS
        or word in _BREAKS
        or word in _AUXILIARIES
        or word in _NEGATIONS
        or word == "and"
        or word in _PARTICLES
        or word in ("now", "also", "still", "again", "already", "here", "today")
        or word.endswith("n't")
    )


_NO_ADVERBS = frozenset(
    """rally family supply assembly ally reply fly bully monopoly italy july anomaly elderly friendly
    early daily weekly monthly yearly quarterly orderly costly deadly lonely ugly holy""".split()
)


def _adverb(word: str) -> bool:
    return word.endswith("ly") and word not in _NO_ADVERBS


def _left(low: Sequence[str], first: int, senses: Mapping[str, object]) -> int:
    """Where the words begin that may stand between a determiner and the noun."""
    edge = first
    while edge > 0 and first - edge < 6:
        before = low[edge - 1]
        if before in _QUOTES and edge > 1 and first - edge < 3:
            edge -= 1
        elif before == "," and edge > 1 and edge < first and low[edge - 2] in senses:
            edge -= 1
        elif before == "and" and edge > 1 and edge < first and low[edge - 2] in senses:
            # "fewer and fewer", "low and falling"
            edge -= 1
        elif _closed(before) or not before[0].isalnum() or before in _VERBS:
            break
        else:
            edge -= 1
    while edge < first and not low[edge][0].isalnum():
        edge += 1
    return edge


def _extent(low: Sequence[str], place: int) -> int:
    """The last word of a noun phrase: *attendance at evening services*."""
    end = last = place
    for i in range(place + 1, min(len(low), place + 12)):
        word = low[i]
        if word in _QUOTES and _goes_on(low, i):
            continue
        if i == last + 1 == place + 1 and word not in _PREPOSITIONS:
            break
        if not (word[0].isalnum()) or word in _BREAKS or word in _AUXILIARIES or word == "and":
            break
        if word in _VERBS or word in _COPULAS or word.endswith("n't") or _adverb(word):
            break
        if word in ("by", "for") and i + 1 < len(low) and low[i + 1].endswith("ing"):
            # "… by requiring them to …"
            break
        if word in _TIME and (low[i - 1] in _PREPOSITIONS or low[i - 1] in _DETERMINERS):
            break
        if _follows_verb(low, i, place):
            # "Crowds at the rallies worry the police"
            return end if end < i - 1 else _last_content(low, place, i - 2)
        if word.endswith("ed") and not _modifies(low, i):
            break
        last = i
        if word not in _PREPOSITIONS and word not in _DETERMINERS:
            end = i
    return end


def _goes_on(low: Sequence[str], i: int) -> bool:
    """Whether a quotation mark opens within a phrase, or is a plural's apostrophe."""
    before = low[i - 1]
    return (
        before in _PREPOSITIONS
        or before in _DETERMINERS
        or (low[i] in "'’" and before.endswith("s") and i + 1 < len(low) and low[i + 1].isalpha())
    )


_TIME = frozenset(
    """recent last past this next monday tuesday wednesday thursday friday saturday sunday january
    february march april may june july august september october november december years months
    weeks days year month week day""".split()
)


def _follows_verb(low: Sequence[str], i: int, place: int) -> bool:
    """Whether a determiner shows that the word before it is a verb."""
    before = low[i - 1]
    return low[i] in _DETERMINERS and i - 1 > place and before[0].isalpha() and not _closed(before)


def _last_content(low: Sequence[str], place: int, last: int) -> int:
    while last > place and (_closed(low[last]) or not low[last][0].isalnum()):
        last -= 1
    return last


def _modifies(low: Sequence[str], place: int) -> bool:
    """Whether a word in -ed stands before a noun rather than as a verb."""
    before = low[place - 1]
    return before in _DETERMINERS or before in _PREPOSITIONS


def _says(sentence: _Sentence, entry: _Entry, first: int, place: int, end: int) -> bool:
    """Whether the noun phrase, or the clause of a bare noun, holds a word of ``of``."""
    low, of = sentence.low, entry.indicator.of
    edge = _left(low, first, entry.senses)
    stop = end + 1
    # A few words more: "the post at Marle is fully manned" is told to be one of soldiers.
    while stop < len(low) and stop < end + 6 and low[stop][0].isalnum():
        stop += 1
    if any(word in of for word in low[edge:stop]):
        return True
    return end == place and any(word in of for word in low[max(0, edge - 10) : end + 10])


def _before(  # noqa: PLR0913 - all of them are one noun phrase
    low: Sequence[str],
    entry: _Entry,
    place: int,
    first: int,
    edge: int,
    end: int,
    hooks: Mapping[str, Sequence[_Hook]],
) -> Iterator[_Hit]:
    """Directions told in the noun phrase before its head, or by what it depends on."""
    for left, right in _coordinated(low, edge, first, entry.senses, hooks):
        for j, direction, act in _modifiers(low, left, right, entry):
            yield _Hit(entry, direction, place, j, end, 0.75 if act else 0.8, None, act)
            return
        outer = _governor(low, left, entry)
        if outer:
            direction, j, confidence, act = outer
            yield _Hit(entry, direction, place, j, end, confidence, None, act)
            return


def _people_hits(
    low: Sequence[str], entry: _Entry, place: int, noun: tuple[int, int], end: int
) -> Iterator[_Hit]:
    """People are counted: *fewer worshippers*, *the number of refugees doubled*.

    What else is said of them (*poor pupils*, *the voters fell for it*) tells no number.
    """
    edge, first = noun
    for j, direction, _ in _modifiers(low, edge, first, entry, counting=True):
        yield _Hit(entry, direction, place, j, end, 0.75)
        return
    j = edge - 1
    while j > 0 and low[j] in _DETERMINERS:
        j -= 1
    if j > 0 and low[j] == "of":
        if low[j - 1] in _MEASURES:
            outer = _governor(low, edge, entry)
            if outer:
                yield _Hit(entry, outer[0], place, outer[1], end, 0.8, None, outer[3])
            yield from _predicates(low, entry, place, noun)
        else:
            for sense in entry.senses.get(low[j - 1], ()):
                if sense.part == "nouns":
                    yield _Hit(entry, sense.direction, place, j - 1, end, 0.8)


def _coordinated(
    low: Sequence[str],
    edge: int,
    first: int,
    senses: Mapping[str, object],
    hooks: Mapping[str, Sequence[_Hook]],
) -> Iterator[tuple[int, int]]:
    """The noun phrase, and those it shares a modifier with: *falling membership and morale*."""
    yield edge, first
    for _ in range(3):
        if edge < 2 or low[edge - 1] not in ("and", "or", ",") or edge != first:
            return
        first = edge - 2
        if not any(hook.kind in ("noun", "people") for hook in hooks.get(low[first], ())):
            return
        edge = _left(low, first, senses)
        yield edge, first


def _modifiers(
    low: Sequence[str], left: int, right: int, entry: _Entry, *, counting: bool = False
) -> Iterator[tuple[int, str, bool]]:
    """Words that tell a direction between ``left`` and ``right``, the nearest first."""
    for j in range(right - 1, left - 1, -1):
        sense = _attributive(low, j, right, entry, counting=counting)
        if sense is None:
            continue
        start, direction = _widened(low, j, left, sense)
        if start is not None:
            yield start, direction, sense.part == "acts" and sense.form != "participle"
            return


def _attributive(
    low: Sequence[str], j: int, right: int, entry: _Entry, *, counting: bool
) -> _Sense | None:
    for sense in entry.senses.get(low[j], ()):
        if counting != (sense.part == "counts"):
            continue
        if sense.part == "nouns" or (sense.part == "verbs" and sense.form not in _PARTICIPLES):
            continue
        if sense.direction in _STATES and not _near(low, j, right, entry):
            continue
        if sense.form == "ing" and j > 0 and low[j - 1] in _BE and sense.part == "verbs":
            # "They were spreading violence"
            continue
        if any(word in _NUMBERS or word.isdigit() for word in low[j + 1 : right]):
            # "The falling plaster hit two worshippers."
            continue
        return sense
    return None


_PARTICIPLES = frozenset(("ing", "participle"))


def _near(low: Sequence[str], j: int, right: int, entry: _Entry) -> bool:
    """Whether an adjective can belong to the head: *low voter turnout*, not *high school …*."""
    between = low[j + 1 : right]
    if not between:
        return True
    if between[0] in _FIXED.get(low[j], ()) or any("'" in word for word in between):
        return False
    return len(between) <= 2 or all(word in entry.senses or _adverb(word) for word in between[:-2])


def _widened(low: Sequence[str], j: int, left: int, sense: _Sense) -> tuple[int | None, str]:
    """Where the modifier begins and what it tells; None where it tells nothing.

    *A few* is no small number, and *more* alone no rise.
    """
    word, direction = low[j], sense.direction
    before = low[j - 1] if j > 0 else ""
    if word == "few":
        if before == "a":
            only = j > 1 and low[j - 2] in ("only", "just", "but", "barely")
            return (j - 2 if only else None), direction
        return (None if before in ("quite", "the", "these", "those") else j), direction
    if word == "more":
        if before == "and" and j > 1 and low[j - 2] == "more":
            return j - 2, direction
        if before in ("ever", "even", "far"):
            return j - 1, direction
        return None, direction
    if before == "and" and j - 2 >= left and low[j - 2] == word:
        return j - 2, direction
    if before == "less":
        return j - 1, "down" if direction in ("high", "up") else "up"
    if before in ("not", "hardly", "scarcely"):
        return None, direction
    return j, direction


def _governor(low: Sequence[str], left: int, entry: _Entry) -> tuple[str, int, float, bool] | None:
    """What a noun phrase depends on: *a drop in*, *a growing number of*, *raised the price of*."""
    j = left - 1
    while j >= 0 and left - j <= 3 and (low[j] in _DETERMINERS or low[j] in _QUOTES):
        j -= 1
    if j < 0:
        return None
    # "sapped the morale": the verb stands before the determiner.
    act = next((s for s in entry.senses.get(low[j], ()) if s.part == "acts"), None)
    if act and act.form:
        return act.direction, j, 0.75, True
    if low[j] not in ("in", "of", "for", "to", "on", "over", "with") or j == 0:
        return None
    j -= 1
    if low[j] in ("percent", "%", "points") or low[j : j + 1] == ["cent"]:
        while j > 0 and left - j < 10 and low[j] not in ("of", "by"):
            j -= 1
        j -= 1
    if j < 0:
        return None
    for sense in entry.senses.get(low[j], ()):
        if sense.part == "nouns":
            return sense.direction, j, 0.85, False
    if low[j] in _CRISES and low[j + 1] in ("of", "in") and entry.indicator.crisis:
        return entry.indicator.crisis, j, 0.75, False
    if low[j] in _MEASURES and low[j + 1] == "of":
        edge = _left(low, j, entry.senses)
        for start, direction, is_act in _modifiers(low, edge, j, entry):
            return direction, start, 0.85, is_act
        return _governor(low, edge, entry)
    return None


def _behind(low: Sequence[str], entry: _Entry, place: int, noun: tuple[int, int]) -> Iterator[_Hit]:
    """The head of a compound: *a membership decline*, *the recruitment crisis*."""
    if place + 1 >= len(low):
        return
    after = low[place + 1]
    edge = _subject_start(low, *noun)
    if after in _CRISES and entry.indicator.crisis:
        yield _Hit(entry, entry.indicator.crisis, place, edge, place + 1, 0.75)
        return
    for sense in entry.senses.get(after, ()):
        if sense.part == "nouns" and low[place] in entry.singular:
            yield _Hit(entry, sense.direction, place, edge, place + 1, 0.75)
            return


def _predicates(
    low: Sequence[str], entry: _Entry, place: int, noun: tuple[int, int]
) -> Iterator[_Hit]:
    """What is said of the noun phrase as a subject; ``noun``: its edge and its noun's start."""
    first = _subject_start(low, *noun)
    loose = first > 0 and any(w in _LEAVING for w in low[max(0, first - 3) : first])
    i = place + 1
    while i < len(low) and i < place + 16:
        word = low[i]
        if word == "," and i + 1 < len(low) and low[i + 1] in ("which", "who"):
            i += 2
            continue
        if i <= place + 2 and word in ("which", "that", "who"):
            i += 1
            continue
        found = _predicate(low, i, entry.senses, bare=loose or i == place + 1)
        if found:
            yield _as_hit(low, entry, place, first, found)
            return
        if word in _AUXILIARIES or word in _COPULAS or word in _VERBS or word in _BREAKS:
            return
        if _follows_verb(low, i, place):
            return
        if word in _QUOTES:
            i += 1
            continue
        if not word[0].isalnum() or (word.endswith("ed") and not _modifies(low, i)):
            return
        if i == place + 1 and word not in _PREPOSITIONS and word != "and":
            return
        i += 1


#: "Leaving the posts empty", "with prices rising".
_LEAVING = frozenset(
    "leave leaves left leaving find finds found finding with amid saw seen".split()
)


def _subject_start(low: Sequence[str], edge: int, place: int) -> int:
    """The first word of a subject, with its fraction: *a third of the posts*."""
    first = edge
    while first < place and (low[first].endswith(("ed", "ing")) or low[first] in _VERBS):
        first += 1
    j = first - 1
    while j >= 0 and low[j] in _DETERMINERS:
        j -= 1
    if 0 <= j < first - 1 and low[j] in ("half", "most"):
        return j
    if j > 0 and low[j] == "of" and (low[j - 1] in _FRACTIONS or low[j - 1] in _MEASURES):
        j -= 1
        while j > 0 and (
            low[j - 1] in _FRACTIONS
            or low[j - 1] in _NUMBERS
            or low[j - 1].isdigit()
            or low[j - 1] in ("a", "per", "the")
        ):
            j -= 1
        return j + 1 if low[j] == "the" else j
    return first


_NUMBERS = frozenset("one two three four five six seven eight nine ten a".split())


def _predicate(
    low: Sequence[str], start: int, senses: Mapping[str, tuple[_Sense, ...]], *, bare: bool
) -> _Predicate | None:
    """A predicate that tells a direction and begins at ``start``."""
    found = _Predicate()
    for k in range(start, min(len(low), start + 10)):
        word = low[k]
        if word.endswith("n't"):
            found.negated = True
            word = {"won't": "will", "can't": "can"}.get(word, word[:-3])
        direct = bare and (k == start or low[start] in ("half", "nearly", "almost"))
        if word in senses and (sense := _fitting(low, k, senses[word], found, bare=direct)):
            found.sense, found.direction, found.last = sense, sense.direction, k
            if k + 1 < len(low) and low[k + 1] in _PARTICLES and sense.part == "verbs":
                found.last = k + 1
            return _turned(low, k, found)
        if word in _NEGATIONS:
            found.negated = True
        elif word == "no" and low[k + 1 : k + 2] == ["longer"]:
            found.no_longer = True
        elif word in _BE or word in _COPULAS:
            found.going_on = found.be and word in ("going", "running", "becoming", "getting")
            found.be = True
        elif word in _HAVE:
            found.have = True
        elif word in _MODALS:
            found.modal = word
        elif word in _LINKS:
            found.linked = True
            found.going_on = word in _GOING_ON
        elif word in _EXPECTED and (found.be or found.have or word.startswith("t")):
            found.expected = True
        elif word == "less":
            found.inverted = True
        elif not (
            word in _DO
            or word in _ADVERBS
            or (found.be and word in _AMOUNTS)
            or word in _QUOTES
            or _adverb(word)
            or word[0].isdigit()
            or (word in _TOLD and found.be)
        ):
            return None
    return None


def _fitting(
    low: Sequence[str], k: int, senses: Iterable[_Sense], so_far: _Predicate, *, bare: bool
) -> _Sense | None:
    """The sense of a word that its place in the predicate allows."""
    after = low[k + 1] if k + 1 < len(low) else ""
    for sense in senses:
        if sense.part == "nouns":
            continue
        if sense.part == "adjectives":
            if low[k] in ("up", "down") and after in ("to", "from", "on", "for"):
                continue
            # "At a record low" is low; "the posts, empty since May".
            if so_far.be or (bare and (after in _AFTER_BARE or not after[:1].isalpha())):
                return _last_adjective(low, k, senses, sense)
        elif sense.part == "acts":
            if so_far.be and sense.form == "participle":
                return sense
        elif sense.form == "ing":
            if so_far.be or so_far.linked or bare:
                return sense
        elif so_far.be is so_far.have is False and _elsewhere(low, k, senses):
            return None
        elif sense.form == "base":
            if so_far.modal or low[k - 1] == "to" or low[k - 1].endswith(("s", "ly", "t")):
                return sense
        elif sense.form in ("past", "third") or so_far.have or so_far.be:
            return sense
    return None


def _elsewhere(low: Sequence[str], k: int, senses: Iterable[_Sense]) -> bool:
    """Whether a verb has an object of its own: *the attacks increase fear*, *fell into*."""
    after = low[k + 1] if k + 1 < len(low) else "."
    if after in ("into", "under", "victim", "prey", "foul", "apart", "behind", "upon"):
        return True
    return (
        any(sense.part == "acts" for sense in senses)
        and after[0].isalpha()
        and not _closed(after)
        and not _adverb(after)
        and after not in _TIME
        and after not in _NUMBERS
        and after not in _ADVERBS
        and after not in ("percent", "per", "twice", "twofold", "threefold", "fourfold", "tenfold")
    )


_AFTER_BARE = frozenset("as in at on by across and since after while amid this last again".split())


def _last_adjective(low: Sequence[str], k: int, senses: Iterable[_Sense], sense: _Sense) -> _Sense:
    if low[k] == "record" and low[k + 1 : k + 2] in (["low"], ["lows"]):
        return _Sense("low", "adjectives", "")
    return sense


def _turned(low: Sequence[str], k: int, found: _Predicate) -> _Predicate:
    if found.no_longer:
        if found.direction in _STATES:
            found.direction = _TURNED[found.direction]
        else:
            found.negated = True
    if found.inverted and found.sense and found.sense.part == "adjectives":
        found.direction = _TURNED[found.direction]
    elif low[k - 1] == "more" and found.direction in _STATES:
        found.direction = "up" if found.direction == "high" else "down"
    return found


def _as_hit(low: Sequence[str], entry: _Entry, place: int, first: int, found: _Predicate) -> _Hit:
    factuality = None
    if found.negated:
        factuality = "denied"
    elif found.modal in _UNSURE or found.expected:
        planned = found.modal in ("will", "shall") and found.sense and found.sense.part == "acts"
        factuality = "planned" if planned else "possible"
    elif found.going_on or (found.be and low[found.last].endswith("ing")):
        factuality = "ongoing"
    return _Hit(entry, found.direction, place, first, found.last, 0.85, factuality)


_STOPPING = frozenset("stop stops stopped stopping cease ceases ceased quit".split())
_CROWDS = {
    "growing": "up", "increasing": "up", "rising": "up", "greater": "up", "swelling": "up",
    "mounting": "up", "larger": "up", "record": "high", "large": "high", "huge": "high",
    "unprecedented": "high", "dwindling": "down", "declining": "down", "falling": "down",
    "shrinking": "down", "smaller": "down", "fewer": "down",
}  # fmt: skip


def _verb_hits(sentence: _Sentence, hook: _Hook, place: int) -> Iterator[_Hit]:
    """How many do it: *fewer and fewer attend*, *no longer attend*, *desert in droves*."""
    low, entry = sentence.low, hook.entry
    found = _counted_before(low, place, hook.words[0]) or _counted_after(low, place)
    if not found:
        return
    direction, first, last = found
    last = max(last, _object_end(low, place))
    of = entry.indicator.of
    if of and not any(word in of for word in low[max(0, first - 4) : last + 8]):
        return
    if hook.sense == "against":
        direction = {"up": "down", "high": "low", "down": "up", "low": "high"}[direction]
    yield _Hit(entry, direction, place, first, last, 0.7, phrase=True)


def _counted_before(low: Sequence[str], place: int, form: str) -> tuple[str, int, int] | None:
    stop = max(-1, place - 9)
    for j in range(place - 1, stop, -1):
        word = low[j]
        if word in (";", ":", ",", ".", "but", "because", "that", "which") or word in _VERBS:
            return None
        if word == "longer" and place - j <= 3 and low[j - 1] == "no":
            return "down", j - 1, place
        if word in _STOPPING and place - j <= 2 and form == "ing":
            return "down", j, place
        if word == "fewer":
            doubled = j > 1 and low[j - 1] == "and" and low[j - 2] == "fewer"
            return "down", j - 2 if doubled else j, place
        if word == "few" and j > 0 and low[j - 1] not in ("a", "the", "these", "those", "past"):
            return "low", j, place
        if word == "more" and j > 1 and low[j - 1] == "and" and low[j - 2] == "more":
            return "up", j - 2, place
        if word in ("numbers", "number") and j > 0 and low[j - 1] in _CROWDS:
            return _CROWDS[low[j - 1]], j - 1, place
    return None


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


def _object_end(low: Sequence[str], place: int) -> int:
    end = place
    for i in range(place + 1, min(len(low), place + 7)):
        word = low[i]
        if word in _QUOTES and _goes_on(low, i):
            continue
        if not word[0].isalnum() or word in _BREAKS or word in _AUXILIARIES or word == "and":
            break
        if word in _TIME or (word.endswith("ed") and not _modifies(low, i)):
            break
        if word not in _PREPOSITIONS and word not in _DETERMINERS:
            end = i
    return end


def _phrase_hits(sentence: _Sentence, hook: _Hook) -> Iterator[_Hit]:
    assert hook.pattern is not None  # what makes it a phrase
    of = hook.entry.indicator.of
    for match in hook.pattern.finditer(sentence.text, sentence.start, sentence.end):
        inside = [
            i
            for i, (start, end) in enumerate(sentence.at)
            if start >= match.start() and end <= match.end()
        ]
        if not inside:
            continue
        first, last = inside[0], inside[-1]
        near = sentence.low[max(0, first - 8) : last + 9]
        if not of or any(word in of for word in near):
            yield _Hit(hook.entry, hook.sense, last, first, last, 0.75, phrase=True)


def _best(hits: Iterable[_Hit]) -> list[_Hit]:
    """One hit a place and family: the narrowest indicator, then the surest construction."""
    chosen: list[_Hit] = []
    for hit in sorted(hits, key=lambda h: (-h.entry.depth, -h.confidence, h.first, h.last)):
        if not any(
            hit.entry.family == other.entry.family
            and (hit.head == other.head or (hit.first <= other.last and other.first <= hit.last))
            for other in chosen
        ):
            chosen.append(hit)
    return chosen


def _told(sentence: _Sentence, hits: Iterable[_Hit]) -> list[FoundSignal]:
    return [
        FoundSignal(
            hit.entry.indicator.name,
            hit.direction,
            sentence.span(hit.first, hit.last),
            _factuality(sentence.low, hit),
            hit.confidence,
        )
        for hit in hits
    ]


def _factuality(low: Sequence[str], hit: _Hit) -> str:
    """As presented by whoever tells it, by the words before the signal in its clause."""
    before = _clause(low, hit.first)
    if _denied(before) or hit.factuality == "denied" or _nobody(before, hit):
        return "denied"
    if _possible(low, before, hit):
        return "planned" if hit.act and _planned(before) else hit.factuality or "possible"
    if hit.act and (_planned(before) or _infinitive(before)):
        return "planned"
    return hit.factuality or "happened"


def _clause(low: Sequence[str], first: int) -> Sequence[str]:
    start = first
    while start > 0 and first - start < 14 and low[start - 1] not in (";", ":", "—", "–", "but"):
        start -= 1
    return low[start:first]


def _denied(before: Sequence[str]) -> bool:
    near = [word for word in before[-9:] if word not in _QUOTES]
    if any(word in _DENIALS for word in near):
        return True
    for distance, word in enumerate(reversed(near[-4:])):
        if word in ("no", "without", "never", "not", "nor") or word.endswith("n't"):
            # "No base stands empty"; "no sign of …"; but not "no money and falling morale".
            between = near[len(near) - distance :]
            if all(w in _SIGNS or w in _DETERMINERS or w in _LOOSE for w in between):
                return True
    return False


def _nobody(before: Sequence[str], hit: _Hit) -> bool:
    """Whether the subject of a phrase is nobody: *no guard has gone unpaid*."""
    if not hit.phrase:
        return False
    comma = max((i for i, word in enumerate(before) if word == ","), default=-1)
    near = before[comma + 1 :][-9:]
    return any(
        word in ("nobody", "none") or (word == "no" and near[i + 1 : i + 2] != ["longer"])
        for i, word in enumerate(near)
    )


_LOOSE = frozenset(
    "of any that real seen been see noticed notice great in a an the be such".split()
)


def _possible(low: Sequence[str], before: Sequence[str], hit: _Hit) -> bool:
    if low[-1] == "?" or low[-2:-1] == ["?"]:
        return True
    if hit.factuality is None and any(w in _UNSURE for w in low[hit.first : hit.last]):
        return True
    comma = max((i for i, word in enumerate(before) if word == ","), default=-1)
    part = before[comma + 1 :]
    if any(word in _CONDITIONS for word in part):
        return True
    near = part[-7:]
    for i, word in enumerate(near):
        # "They fear for the …", "fear nothing more than …" tell no fear of it.
        if word in _FEARS and near[i + 1 : i + 2] not in (["for"], ["nothing"]):
            return True
    return any(
        word in _WARNINGS and near[i + 1 : i + 2] == ["of"] for i, word in enumerate(near)
    ) or (hit.act and any(word in _UNSURE for word in near[-3:]))


def _infinitive(before: Sequence[str]) -> bool:
    return before[-1:] == ["to"] or (before[-2:-1] == ["to"] and _adverb(before[-1]))


def _planned(before: Sequence[str]) -> bool:
    return any(word in _PLANS for word in before[-5:])
