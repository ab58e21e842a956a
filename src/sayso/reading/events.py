"""Events of a text: triggers, their types, and who, to whom, where, when.

The same encoder pass as attribution's. A trigger is a word that the head calls one of a
type; the spans of the event layer are its possible actors, recipients and places, and
learned links say which of them are its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from sayso.codebook.plover import CONTEXTS, EVENT_TYPES
from sayso.errors import WeightsError
from sayso.reading.decoding import (
    LinkTables,
    Tables,
    link_scores,
    role_distances,
    softmax,
    viterbi,
)
from sayso.reading.decoding import Span as WordSpan
from sayso.reading.decoding import spans as tagged_spans
from sayso.reading.labels import (
    ACTOR,
    CERTAINTY,
    CONTEXT_SLICE,
    DATE,
    EVENT_LAYER,
    EVENT_SPANS,
    FACTUALITY_SLICE,
    MODE_NAMES,
    MODE_SLICE,
    NO_TYPE,
    PLACE,
    RECIPIENT,
    ROOT_SLICE,
    SPAN_TYPES,
    TAGS,
    TYPE_SLICE,
)
from sayso.records import FACTUALITIES, EventMention, Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sayso.reading.encoder import EventScores, RoleScorer, Scores
    from sayso.reading.windows import Words

    Floats = NDArray[np.float32]

#: Taken from the score of "no trigger": a missed event is as bad as an invented one.
TRIGGER_BIAS = 0.0
#: A statement that accuses or demands is an event from this chance of its type at some
#: word of its cue on.
LEAST_TOLD = 0.03
#: A word beside a trigger is part of it from this chance of its type on: *expressed* in *expressed
#: concern* is often likelier no trigger than one, and stands in one all the same.
FRINGE = 0.1
#: Triggers of one type and the same parties with no more words between them are one act.
NEAR = 2
#: Added to the scores of actors' and recipients' tags: the roles turn down what is none.
EAGER = 1.0
#: A place or date is taken from this score on.
LINK = 0.0
#: How much of that the roles say, and how much the links.
ROLE_SHARE = {PLACE: 0.7, DATE: 0.5}
#: A word is part of an actor or recipient from this score on.
PARTY = 0.0
CONTEXT = 0.0
_PARTY_TAGS = np.array(
    [tag != "O" and EVENT_SPANS[SPAN_TYPES.index(tag[2:])] != "place" for tag in TAGS], np.float32
)
#: The score of a part in another sentence.
ELSEWHERE = np.float32(-1e4)
#: How much the window's own opinion of its type counts beside its words'.
ROOT_WEIGHT = 4.0
#: Cooperation and yielding that are only planned are an agreement and a concession
#: (PLOVER's reduction rules).
PLANNED = {
    "CONSULT": "AGREE",
    "SUPPORT": "AGREE",
    "COOPERATE": "AGREE",
    "AID": "AGREE",
    "RETREAT": "CONCEDE",
}


def found_events(
    words: Words,
    windows: Iterable[tuple[NDArray[np.int32], Scores]],
    tables: Tables,
    named: tuple[Sequence[Span], Sequence[Span]] = ((), ()),
    told: Sequence[tuple[str, Span]] = (),
) -> Iterator[EventMention]:
    """The events of a text, in the order of their triggers within each window.

    Weights without event heads find none.

    Args:
        words: of the text.
        windows: words and scores of each window.
        tables: the learned parts of decoding.
        named: where the text names a place, and where it tells a date.
        told: types and cues of statements that are events themselves: a demand, an accusation.
    """
    coded = [(i, s) for i, s in windows if s.events is not None and tables.event_links is not None]
    if not coded:
        return
    parties, tagged = _part_spans(words, coded, tables, EAGER, 0.0)
    for window, some, others in zip(coded, parties, tagged, strict=True):
        spans = [s for s in some if s.kind != "place"] + [s for s in others if s.kind == "place"]
        yield from _of_window(words, window, spans, tables, named, told)


def triggers(types: Floats, paragraph: NDArray[np.int32]) -> list[WordSpan]:
    """Runs of words of one type; ``kind`` is the type, ``score`` the likeliest word's chance."""
    biased = types.copy()
    biased[:, 0] -= TRIGGER_BIAS
    best = biased.argmax(1)
    chances = softmax(biased)
    for t in np.flatnonzero(best).tolist():
        for step in (-1, 1):
            _widen(best, chances, paragraph, t, step)
    found = []
    numbers = range(len(best))
    for (kind, _), run in groupby(numbers, key=lambda i: (int(best[i]), int(paragraph[i]))):
        if kind:
            members = list(run)
            score = float(chances[members, kind].max())
            found.append(WordSpan(EVENT_TYPES[kind - 1], members[0], members[-1], score))
    return found


def _widen(
    best: NDArray[np.int64], chances: Floats, paragraph: NDArray[np.int32], t: int, step: int
) -> None:
    """Take the words before or after a trigger's word into it, as far as they may be of it."""
    kind = best[t]
    t += step
    while (
        0 <= t < len(best)
        and not best[t]
        and paragraph[t] == paragraph[t - step]
        and chances[t, kind] >= FRINGE
    ):
        best[t] = kind
        t += step


def _of_window(
    words: Words,
    window: tuple[NDArray[np.int32], Scores],
    spans: list[WordSpan],
    tables: Tables,
    named: tuple[Sequence[Span], Sequence[Span]],
    told: Sequence[tuple[str, Span]],
) -> Iterator[EventMention]:
    indices, scores = window
    heads, links_of = _heads(scores, tables)
    paragraph, sentence = words.paragraph[indices], words.sentence[indices]
    acts = triggers(heads.words[:, TYPE_SLICE], paragraph)
    acts += _apart(_statements(words, indices, heads.words, told), acts)
    if not acts:
        return
    parties = [s for s in spans if s.kind in ("actor", "recipient")]
    tagged = [s for s in spans if s.kind == "place"]
    first = int(indices[0])
    mentions, days = (
        [s for span in part if (s := _word_span(words, span, indices))] for part in named
    )
    places = tagged + _apart(mentions, tagged)
    roles = _roles(acts, heads.roles, sentence)
    at_places, on_days = (
        _judged(
            relation,
            _links(relation, (acts, candidates), heads.links, sentence, links_of),
            candidates,
            roles,
        )
        for relation, candidates in ((PLACE, places), (DATE, days))
    )
    found: list[tuple[WordSpan, EventMention]] = []
    for i, act in enumerate(acts):
        actors, recipients = _parties(roles[i], parties)
        mean = heads.words[act.first : act.last + 1].mean(0)
        factuality = FACTUALITIES[int(mean[FACTUALITY_SLICE].argmax())]
        kind = PLANNED.get(act.kind, act.kind) if factuality == "planned" else act.kind

        def where(span: WordSpan) -> Span:
            return int(words.start[first + span.first]), int(words.end[first + span.last])

        place = _best(at_places[i], places)
        day = _best(on_days[i], days)
        mention = EventMention(
            type=kind,
            mode=_mode(mean[MODE_SLICE], kind),
            contexts=tuple(
                c for c, s in zip(CONTEXTS, mean[CONTEXT_SLICE], strict=True) if s > CONTEXT
            ),
            trigger=where(act),
            actors=tuple(sorted(map(where, actors))),
            recipients=tuple(sorted(map(where, recipients))),
            place=where(place) if place else None,
            date=where(day) if day else None,
            factuality=factuality,
            certainty=float(mean[CERTAINTY]),
            score=act.score,
        )
        found.append((act, mention))
    yield from _once(found, sentence)


def _once(
    found: list[tuple[WordSpan, EventMention]], sentence: NDArray[np.int32]
) -> list[EventMention]:
    """Events without those that tell an act again in the next words: the likelier of two stands."""
    kept: list[tuple[WordSpan, EventMention]] = []
    for act, mention in sorted(found, key=lambda pair: pair[0].first):
        if kept and _is_again(*kept[-1], act, mention, sentence):
            if act.score > kept[-1][0].score:
                kept[-1] = act, mention
        else:
            kept.append((act, mention))
    return [mention for _, mention in kept]


def _is_again(
    before: WordSpan,
    told: EventMention,
    act: WordSpan,
    mention: EventMention,
    sentence: NDArray[np.int32],
) -> bool:
    return (
        act.kind == before.kind
        and act.first - before.last - 1 <= NEAR
        and sentence[act.first] == sentence[before.first]
        and (mention.actors, mention.recipients) == (told.actors, told.recipients)
    )


def _statements(
    words: Words,
    indices: NDArray[np.int32],
    events: Floats,
    told: Sequence[tuple[str, Span]],
) -> list[WordSpan]:
    """Cues that are triggers by what their statement does, unless the type head knows better."""
    found = []
    for kind, cue in told:
        span = _word_span(words, cue, indices)
        if span:
            types = softmax(events[span.first : span.last + 1, TYPE_SLICE])
            score = float(types[:, 1 + EVENT_TYPES.index(kind)].max())
            if score >= LEAST_TOLD:
                found.append(WordSpan(kind, span.first, span.last, score))
    return found


def _heads(scores: Scores, tables: Tables) -> tuple[EventScores, LinkTables]:
    """The event heads' scores and link tables.

    Raises:
        WeightsError: the weights have no event heads.
    """
    if scores.events is None or tables.event_links is None:
        raise WeightsError("these weights have no event heads: use the shipped ones")
    return scores.events, tables.event_links


def _links(
    relation: int,
    spans: tuple[list[WordSpan], list[WordSpan]],
    vectors: Floats,
    sentence: NDArray[np.int32],
    tables: LinkTables,
) -> Floats:
    """How much more likely each of the second spans is than none, for each of the first."""
    acts, candidates = ([(s.first, s.last) for s in part] for part in spans)
    if not candidates:
        return np.zeros((len(acts), 0), np.float32)
    found = link_scores(relation, acts, candidates, vectors, sentence, tables)
    difference: Floats = found[:, :-1] - found[:, -1:]
    # By the guideline an event's parts stand in its own sentence.
    apart = sentence[[a for a, _ in acts]][:, None] != sentence[[b for b, _ in candidates]][None]
    difference[apart] = ELSEWHERE
    return difference


def _apart(spans: list[WordSpan], others: list[WordSpan]) -> list[WordSpan]:
    """The spans that share no word with the others."""
    return [s for s in spans if not any(s.first <= o.last and o.first <= s.last for o in others)]


def _roles(
    acts: list[WordSpan], again: RoleScorer, sentence: NDArray[np.int32]
) -> list[tuple[int, Floats]]:
    """For each act the first word of its sentence, and its words' scores ``(words, roles)``."""
    found: list[tuple[int, Floats]] = [(0, np.zeros((0, 0), np.float32))] * len(acts)
    by_sentence: dict[int, list[int]] = {}
    for i, act in enumerate(acts):
        by_sentence.setdefault(int(sentence[act.first]), []).append(i)
    for number, members in by_sentence.items():
        own = np.flatnonzero(sentence == number)
        first, last = int(own[0]), int(own[-1])
        ends = [(acts[i].first - first, acts[i].last - first) for i in members]
        kinds = np.array([_number(acts[i].kind) for i in members], np.int64)
        scores = again(first, last, role_distances(ends, last - first + 1), kinds)
        for i, own_scores in zip(members, scores, strict=True):
            found[i] = first, own_scores
    return found


def _judged(
    relation: int, links: Floats, spans: list[WordSpan], roles: list[tuple[int, Floats]]
) -> Floats:
    """What links and roles together say of each span as each act's part."""
    found = links.copy()
    for i, (first, scores) in enumerate(roles):
        for j, span in enumerate(spans):
            low, high = span.first - first, span.last - first
            if low >= 0 and high < len(scores):
                again = scores[low : high + 1, relation].max()
                found[i, j] += ROLE_SHARE[relation] * (again - links[i, j])
    return found


def _number(kind: str) -> int:
    """A type's number from 1; 0 where none is known."""
    return 1 + EVENT_TYPES.index(kind) if kind in EVENT_TYPES else NO_TYPE


def _parties(
    read: tuple[int, Floats], spans: list[WordSpan]
) -> tuple[list[WordSpan], list[WordSpan]]:
    """Who acts and to whom it is done; no word is part of both."""
    first, scores = read
    actor, recipient = scores[:, ACTOR], scores[:, RECIPIENT]
    acts = (actor > PARTY) & (actor >= recipient)
    suffers = (recipient > PARTY) & ~acts
    return _shaped(acts, first, spans), _shaped(suffers, first, spans)


def _shaped(marked: NDArray[np.bool_], first: int, spans: list[WordSpan]) -> list[WordSpan]:
    """Marked words as spans: the tagger's that hold one of them, and runs of the others."""
    found = []
    taken = np.zeros(len(marked), bool)
    for span in spans:
        low, high = span.first - first, span.last - first
        if low >= 0 and high < len(marked) and marked[low : high + 1].any():
            found.append(span)
            taken[low : high + 1] = True
    left = enumerate(np.flatnonzero(marked))
    for _, run in groupby(left, key=lambda pair: pair[1] - pair[0]):
        members = [int(word) for _, word in run]
        if not taken[members].any():
            found.append(WordSpan("party", first + members[0], first + members[-1], 1.0))
    return found


def _best(scores: Floats, spans: list[WordSpan]) -> WordSpan | None:
    if not spans or scores.max() <= LINK:
        return None
    return spans[int(scores.argmax())]


def _mode(scores: Floats, kind: str) -> str | None:
    """The type's best mode, if it is better than none."""
    options = [(i + 1, mode) for i, (of, mode) in enumerate(MODE_NAMES) if of == kind]
    if not options:
        return None
    number, mode = max(options, key=lambda option: scores[option[0]])
    return mode if scores[number] > scores[0] else None


def _word_span(words: Words, span: Span, indices: NDArray[np.int32]) -> WordSpan | None:
    """A span of code points as words of a window; None if it lies outside."""
    first = int(np.searchsorted(words.end, span[0], "right"))
    last = int(np.searchsorted(words.start, span[1], "left")) - 1
    low, high = int(indices[0]), int(indices[-1])
    if not low <= first <= last <= high:
        return None
    return WordSpan("date", first - low, last - low, 1.0)


def type_scores(
    words: Words,
    indices: NDArray[np.int32],
    scores: Scores,
    tables: Tables,
    parts: tuple[Span | None, Span | None],
) -> Floats:
    """How likely each type is for the event between two given parties of one window.

    That the word that is the trigger is of this type, with these two as its actor and
    recipient, weighed with what the window as a whole says of its type.

    Args:
        words: of the text.
        indices: of the window's words.
        scores: of the window.
        tables: the learned parts of decoding.
        parts: actor and recipient in code points; None where the event has none.

    Returns:
        log scores in the order of ``EVENT_TYPES``.

    Raises:
        WeightsError: the weights have no event heads.
    """
    heads, links_of = _heads(scores, tables)
    sentence = words.sentence[indices]
    every = [WordSpan("", i, i, 1.0) for i in range(len(indices))]
    types = heads.words[:, TYPE_SLICE]
    some = _log_sum(types[:, 1:])
    odds = some - types[:, :1]
    chance = types[:, 1:] - some + (odds - _log_sum(odds.T))
    for relation, part in enumerate(parts):
        span = _word_span(words, part, indices) if part else None
        if span:
            link = _links(relation, (every, [span]), heads.links, sentence, links_of)
            chance = chance - np.logaddexp(0, -link)
    between = _log_sum(chance.T)[:, 0]
    root = heads.whole[ROOT_SLICE]
    found: Floats = between + ROOT_WEIGHT * (root - _log_sum(root))
    return found


def part_spans(
    words: Words, windows: Iterable[tuple[NDArray[np.int32], Scores]], tables: Tables
) -> Iterator[tuple[str, Span]]:
    """All actors, recipients and places of a text, whether an event claims them or not."""
    read = list(windows)
    (every,) = _part_spans(words, read, tables, 0.0)
    for (indices, _), spans in zip(read, every, strict=True):
        first = int(indices[0])
        for span in spans:
            yield (
                span.kind,
                (int(words.start[first + span.first]), int(words.end[first + span.last])),
            )


def _part_spans(
    words: Words,
    windows: Sequence[tuple[NDArray[np.int32], Scores]],
    tables: Tables,
    *eager: float,
) -> list[list[list[WordSpan]]]:
    """The same as words of each window, for each value added to the scores of the parties' tags."""
    plain = [_heads(scores, tables)[0].tags for _, scores in windows]
    raised = [tags + more * _PARTY_TAGS for more in eager for tags in plain]
    best = viterbi(raised, tables.starts[EVENT_LAYER], tables.moves[EVENT_LAYER])
    found = [
        tagged_spans(tags, emissions, words.paragraph[indices], EVENT_SPANS)
        for tags, emissions, (indices, _) in zip(
            best, raised, [w for _ in eager for w in windows], strict=True
        )
    ]
    count = len(windows)
    return [found[i * count : (i + 1) * count] for i in range(len(eager))]


def places_of(
    words: Words,
    window: tuple[NDArray[np.int32], Scores],
    tables: Tables,
    act: Span,
    named: Sequence[Span],
) -> list[Span]:
    """The places of the event whose trigger is given, in one window.

    Args:
        words: of the text.
        window: its words and scores.
        tables: the learned parts of decoding.
        act: the trigger.
        named: where the text names a place.
    """
    indices, scores = window
    trigger = _word_span(words, act, indices)
    tagged = [span for kind, span in part_spans(words, [window], tables) if kind == "place"]
    others = [m for m in named if not any(a < m[1] and m[0] < b for a, b in tagged)]
    spans = [(span, s) for span in tagged + others if (s := _word_span(words, span, indices))]
    if trigger is None or not spans:
        return []
    heads, links_of = _heads(scores, tables)
    sentence = words.sentence[indices]
    candidates = [s for _, s in spans]
    links = _links(PLACE, ([trigger], candidates), heads.links, sentence, links_of)
    roles = _roles([trigger], heads.roles, sentence)
    (scores_,) = _judged(PLACE, links, candidates, roles)
    return [span for (span, _), score in zip(spans, scores_, strict=True) if score > LINK]


def _log_sum(scores: Floats) -> Floats:
    top = scores.max(-1, keepdims=True)
    total: Floats = top + np.log(np.exp(scores - top).sum(-1, keepdims=True))
    return total
