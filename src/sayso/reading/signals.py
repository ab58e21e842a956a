"""Signals and tags: the codebook's indicators in a text and on its events.

Signals are found by rule, with the constructions of ``sayso.reading.constructions`` and the
words of the codebook; no weights are needed. What a text only fears, plans or denies is
found too, with its factuality.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sayso.codebook.indicators import (
    Indicator,
    Indicators,
    TagRule,
    default_indicators,
    plurals,
    verb_forms,
)
from sayso.reading import constructions
from sayso.reading import grammar as g
from sayso.reading.constructions import Noun, Sense, Senses, Told
from sayso.reading.sentences import sentences

if TYPE_CHECKING:
    from sayso.records import Event, Span

_TOKEN = re.compile(r"\w+(?:[-'’.]\w+)*|%|[^\w\s]")


@dataclass(frozen=True, slots=True)
class FoundSignal:
    """An indicator's state as a text tells it.

    Attributes:
        direction: ``up`` and ``down`` are changes, ``high`` and ``low`` states.
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
        for part in _pieces(text, start, end):
            found += matcher.of_sentence(text, *part)
    return sorted(found, key=lambda s: (s.span, s.indicator, s.direction))


#: Code points of a sentence that are looked at together. Longer ones are tables and word
#: heaps, of which the time would grow with the square.
_LONGEST = 2000


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    while end - start > _LONGEST:
        stop = text.rfind(" ", start + 1, start + _LONGEST)
        stop = stop if stop > start else start + _LONGEST
        yield start, stop
        start = stop
    yield start, end


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
    """The codebook's tags of a record; ``text`` is the canonical text of its article."""
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


# -- Matching ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    """An indicator with all word forms made."""

    indicator: Indicator
    depth: int
    family: str
    senses: Senses
    singular: frozenset[str]
    never: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class _Hook:
    """Why a word of a text is looked at.

    Attributes:
        kind: the word is the last of a ``noun`` or of ``people``, a ``verb``, or is always
            in a ``phrase``.
        words: of the noun; of a verb, the name of its form.
        sense: ``with`` or ``against`` of a verb, the direction of a phrase.
    """

    entry: _Entry
    kind: str
    words: tuple[str, ...] = ()
    sense: str = ""
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class _Hit:
    """A construction that was found, and of which indicator."""

    entry: _Entry
    head: int
    told: Told
    phrase: bool = False


class _Sentence:
    """Tokens of one sentence: lower-case words, straight apostrophes, and where they stand."""

    __slots__ = ("at", "end", "low", "start", "text", "words")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self.at = [match.span() for match in _TOKEN.finditer(text, start, end)]
        self.low = [text[a:b].lower().replace("’", "'") for a, b in self.at]
        self.words = frozenset(self.low) | {w[:-2] for w in self.low if w.endswith("'s")}

    def holds(self, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.search(self.text, self.start, self.end))


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
        nouns = ("noun", "people")
        self.nouns = {w for w, hooks in self.hooks.items() if any(h.kind in nouns for h in hooks)}

    def entry(self, indicator: Indicator, depth: int, family: str) -> _Entry:
        heads = {words[-1] for words in indicator.nouns}
        several = {form for head in heads for form in plurals((head,)) if form != head}
        return _Entry(
            indicator,
            depth,
            family,
            self.senses(indicator),
            frozenset(heads - several),
            tuple(self.compiled(phrase, indicator)[0] for phrase in indicator.never),
        )

    def senses(self, indicator: Indicator) -> Senses:
        senses: dict[str, tuple[Sense, ...]] = {}
        for item in indicator.directions:
            for word in item.words:
                for form, name in self.forms(word, item.part):
                    sense = Sense(item.direction, item.part, name)
                    senses[form] = (*senses.get(form, ()), sense)
        # "Deserted" tells a state first, and only then what somebody did; the rest by name,
        # since a set's order is not the same in every process.
        order = {"adjectives": 0}
        return {
            form: tuple(sorted(told, key=lambda s: (order.get(s.part, 1), s.part, s.form)))
            for form, told in senses.items()
        }

    def forms(self, word: str, part: str) -> list[tuple[str, str]]:
        if part in ("verbs", "acts"):
            made = verb_forms(word, self.verbs)
            return [(form, name) for name, forms in made.items() for form in sorted(forms)]
        return [(word, ""), (word + "s", "")] if part == "nouns" else [(word, "")]

    def add(self, entry: _Entry) -> None:
        indicator = entry.indicator
        for kind, phrases in (("noun", indicator.nouns), ("people", indicator.people)):
            for words in sorted(phrases):
                self.hook(words[-1], _Hook(entry, kind, words))
        for sense, verbs in (("with", indicator.verbs), ("against", indicator.avoids)):
            for verb in sorted(verbs):
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
                anchors.append(frozenset(options))
            listed = "|".join(re.escape(o) for o in sorted(options, key=lambda o: (-len(o), o)))
            parts.append(rf"(?:{listed.replace(chr(39), '[' + chr(39) + '’]')})(?![\w’'-])\s*")
        # The longest words are the rarest: "of" alone would open every sentence.
        rarest = max(anchors, key=lambda words: min(map(len, words)))
        return re.compile(r"(?<![\w-])" + "".join(parts), re.IGNORECASE), rarest

    def options(self, part: str, indicator: Indicator) -> frozenset[str]:
        listed: Mapping[str, Iterable[str]] = {
            "{nouns}": (" ".join(words) for words in indicator.nouns),
            "{people}": (" ".join(words) for words in indicator.people),
            "{of}": indicator.of,
        }
        if part in listed:
            # Where the list is empty the phrase is never found.
            return frozenset(listed[part]) or frozenset({"\0"})
        if part.startswith("<"):
            made = [verb_forms(verb, self.verbs) for verb in part.strip("<>").split("|")]
            return frozenset(form for each in made for forms in each.values() for form in forms)
        return frozenset(part.split("|"))

    def of_sentence(self, text: str, start: int, end: int) -> list[FoundSignal]:
        hooks = self.hooks
        # Most sentences hold no word of the codebook: they cost one look-up a word.
        if not any(match[0] in hooks for match in _TOKEN.finditer(text[start:end].lower())):
            return []
        sentence = _Sentence(text, start, end)
        hits = [hit for hit in self.hits(sentence) if not _vetoed(sentence, hit)]
        return [_signal(sentence, hit) for hit in _best(hits)]

    def hits(self, sentence: _Sentence) -> Iterator[_Hit]:
        searched: set[tuple[str, str]] = set()
        for place, word in enumerate(sentence.low):
            for hook in self.hooks.get(word, ()):
                if hook.entry.indicator.exclude & sentence.words:
                    continue
                if hook.pattern is not None:
                    key = (hook.entry.indicator.name, hook.pattern.pattern)
                    if key not in searched:
                        searched.add(key)
                        yield from _phrase_hits(sentence, hook, hook.pattern)
                elif hook.kind == "verb":
                    yield from _verb_hits(sentence, hook, place)
                else:
                    yield from self.noun_hits(sentence, hook, place)

    def noun_hits(self, sentence: _Sentence, hook: _Hook, place: int) -> Iterator[_Hit]:
        low, entry = sentence.low, hook.entry
        first = place - len(hook.words) + 1
        if first < 0 or tuple(low[first : place + 1]) != hook.words:
            return
        if not constructions.is_head(low, place, entry.senses, entry.singular):
            return
        noun = Noun(
            low,
            entry.senses,
            constructions.left_edge(low, first, entry.senses),
            first,
            place,
            g.extent(low, place),
            entry.indicator.crisis,
            entry.singular,
        )
        if entry.indicator.of and not _says(noun, entry.indicator.of):
            return
        if hook.kind == "people":
            told = constructions.people(noun)
        else:
            told = constructions.state(noun, self.nouns)
        if told is None and entry.indicator.alone and hook.kind == "noun":
            start = constructions.subject_start(noun)
            told = Told(entry.indicator.alone, start, noun.end, 0.6)
        if told:
            yield _Hit(entry, place, told)


def _says(noun: Noun, of: frozenset[str]) -> bool:
    """Whether the noun phrase, or the clause of a bare noun, holds a word of ``of``."""
    low, stop = noun.low, noun.end + 1
    # A few words more: "the post at Marle is fully manned" is told to be one of soldiers.
    while stop < len(low) and stop < noun.end + 6 and low[stop][0].isalnum():
        stop += 1
    if any(word in of for word in low[noun.edge : stop]):
        return True
    around = low[max(0, noun.edge - 10) : noun.end + 10]
    return noun.end == noun.place and any(word in of for word in around)


def _verb_hits(sentence: _Sentence, hook: _Hook, place: int) -> Iterator[_Hit]:
    """How many do it: *fewer and fewer attend*, *no longer attend*, *desert in droves*."""
    told = constructions.counted(sentence.low, place, hook.words[0])
    if not told:
        return
    of = hook.entry.indicator.of
    if of and not any(w in of for w in sentence.low[max(0, told.first - 4) : told.last + 8]):
        return
    direction = told.direction
    if hook.sense == "against":
        direction = {"up": "down", "high": "low", "down": "up", "low": "high"}[direction]
    told = Told(direction, told.first, told.last, told.confidence)
    yield _Hit(hook.entry, place, told, phrase=True)


def _phrase_hits(sentence: _Sentence, hook: _Hook, pattern: re.Pattern[str]) -> Iterator[_Hit]:
    of = hook.entry.indicator.of
    for match in pattern.finditer(sentence.text, sentence.start, sentence.end):
        inside = [
            i
            for i, (start, end) in enumerate(sentence.at)
            if start >= match.start() and end <= match.end()
        ]
        if not inside:
            continue
        first, last = inside[0], inside[-1]
        if not of or any(word in of for word in sentence.low[max(0, first - 8) : last + 9]):
            yield _Hit(hook.entry, last, Told(hook.sense, first, last, 0.75), phrase=True)


def _vetoed(sentence: _Sentence, hit: _Hit) -> bool:
    return any(map(sentence.holds, hit.entry.never)) or _is_name(sentence, hit)


def _is_name(sentence: _Sentence, hit: _Hit) -> bool:
    """Whether adjective and noun are a name (*the Empty Chair Committee*), not in a headline."""
    if not hit.told.first < hit.head <= hit.told.last or hit.phrase:
        return False
    words = [sentence.text[start:end] for start, end in sentence.at]
    if not (words[hit.head][0].isupper() and words[hit.head - 1][0].isupper()):
        return False
    letters = [word for word in words if word[0].isalpha()]
    return len(letters) < 5 or sum(word[0].isupper() for word in letters) < 0.6 * len(letters)


def _best(hits: Iterable[_Hit]) -> list[_Hit]:
    """One hit a place and family: the narrowest indicator, then the surest construction."""
    chosen: list[_Hit] = []
    for hit in sorted(hits, key=_rank):
        if not any(_same(hit, other) for other in chosen):
            chosen.append(hit)
    return chosen


def _rank(hit: _Hit) -> tuple[int, float, int, int, str]:
    told = hit.told
    return -hit.entry.depth, -told.confidence, told.first, told.last, hit.entry.indicator.name


def _same(hit: _Hit, other: _Hit) -> bool:
    if hit.entry.family != other.entry.family:
        return False
    overlap = hit.told.first <= other.told.last and other.told.first <= hit.told.last
    return overlap or hit.head == other.head


def _signal(sentence: _Sentence, hit: _Hit) -> FoundSignal:
    told = hit.told
    return FoundSignal(
        hit.entry.indicator.name,
        told.direction,
        (sentence.at[told.first][0], sentence.at[told.last][1]),
        _factuality(sentence.low, hit),
        told.confidence,
    )


# -- Factuality -------------------------------------------------------------------------

_DENIALS = frozenset(
    """deny denies denied denying rejects rejected rejecting dismiss dismisses dismissed dismissing
    refute refutes refuted refuting rebutted disputes disputed""".split()
)
#: "No sign of falling morale".
_SIGNS = frozenset(
    """sign signs evidence hint indication indications trace question suggestion such reports
    report""".split()
)
_LOOSE = frozenset(
    """of any real seen been see noticed notice great in be face facing faced seeing suffer
    suffering""".split()
)
_CONDITIONS = frozenset("if unless whether should lest once".split())
_FEARS = frozenset(
    """fear fears feared fearing risk risks risking threat possible perhaps possibly potential
    avoid avoids avoiding prevent prevents preventing avert averting avoided averted prevented
    allegedly alleged rumours rumors might could would may will ensure hope hopes expect expects
    expected
    predict predicts predicted forecasts doubt doubts doubted""".split()
)
#: These with "of": *warned of shortages*, *in case of arrests*, *in danger of losing*.
_WARNINGS = frozenset("warn warns warned warning case event danger".split())
_PREPARING = frozenset("prepare prepares prepared preparing brace braces braced bracing".split())
_PLANS = frozenset(
    """plan plans planned planning intends intend intended aims aim aimed vowed promised promises
    promise pledged pledges agreed decided wants want wanted ordered will seeks proposed
    proposes""".split()
)


def _factuality(low: Sequence[str], hit: _Hit) -> str:
    """As presented by whoever tells it, by the words before the signal in its clause."""
    told = hit.told
    before = _clause(low, told.first)
    part = before[_last_comma(before) + 1 :]
    if told.factuality == "denied" or _denied(before) or (hit.phrase and _nobody(part)):
        return "denied"
    if told.factuality is None and _denied_after(low[told.last + 1 : told.last + 4]):
        return "denied"
    if told.act and (_planned(before) or _infinitive(before)):
        return "planned"
    if _possible(low, part, told):
        return "planned" if told.factuality == "planned" else "possible"
    return told.factuality or "happened"


def _clause(low: Sequence[str], first: int) -> Sequence[str]:
    start = first
    while start > 0 and first - start < 14 and low[start - 1] not in (";", ":", "—", "–", "but"):
        start -= 1
    return low[start:first]


def _last_comma(words: Sequence[str]) -> int:
    return max((i for i, word in enumerate(words) if word == ","), default=-1)


def _denied(before: Sequence[str]) -> bool:
    near = [word for word in before[-9:] if word not in g.QUOTES]
    if any(word in _DENIALS for word in near):
        return True
    if near[-3:] == ["not", "true", "that"] or near[-2:] in (["untrue", "that"], ["false", "that"]):
        return True
    for i in range(max(0, len(near) - 4), len(near)):
        word, between = near[i], near[i + 1 :]
        # "No sign of …"; but not "no money and falling morale".
        if word in ("no", "without", "never", "not", "nor") or word.endswith("n't"):
            loose = (w in _SIGNS or w in g.DETERMINERS or w in _LOOSE for w in between)
            if between[:1] != ["longer"] and all(loose):
                return True
    return False


def _denied_after(after: Sequence[str]) -> bool:
    """*High casualties were not expected*, *mass arrests did not follow*."""
    if not after or (after[0] not in g.AUXILIARIES and not after[0].endswith("n't")):
        return False
    return (after[0].endswith("n't") or "not" in after) and bool(_OCCURRING & set(after))


_OCCURRING = frozenset(
    "expected reported seen follow occur happen foreseen materialise materialize recorded".split()
)


def _nobody(part: Sequence[str]) -> bool:
    """Whether the subject of a phrase is nobody: *no guard has gone unpaid*."""
    near = part[-9:]
    return any(
        word in ("nobody", "none") or (word == "no" and near[i + 1 : i + 2] != ["longer"])
        for i, word in enumerate(near)
    )


def _possible(low: Sequence[str], part: Sequence[str], told: Told) -> bool:
    if "?" in low[-2:]:
        return True
    if told.factuality is None and any(w in g.UNSURE for w in low[told.first : told.last]):
        return True
    near = part[-7:]
    if any(word in _CONDITIONS for word in part):
        return True
    if told.act and any(word in g.UNSURE for word in near[-3:]):
        return True
    return any(_feared(word, near[i + 1 : i + 2]) for i, word in enumerate(near))


def _feared(word: str, after: Sequence[str]) -> bool:
    # "They fear for the …", "fear nothing more than …" tell no fear of it, and to warn
    # that it falls is to say so.
    if word in _WARNINGS:
        return after == ["of"]
    if word in _PREPARING:
        return after == ["for"]
    return word in _FEARS and after not in (["for"], ["nothing"])


def _infinitive(before: Sequence[str]) -> bool:
    return before[-1:] == ["to"] or (before[-2:-1] == ["to"] and g.adverb(before[-1]))


def _planned(before: Sequence[str]) -> bool:
    return any(word in _PLANS for word in before[-5:])
