"""Training texts of the event heads, of all corpora in one form.

The example press is not among them: its coding measures.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from evaluation.cameo import tagged
from evaluation.event_coding import CodedEvent, CodedSentence, in_article, parse, whole_texts
from evaluation.event_data import is_dev, records
from evaluation.plv import YIELD
from sayso.codebook.plover import CONTEXTS, EVENT_TYPES, QUADS
from sayso.reading import grammar
from sayso.reading.labels import EVENT_SPANS, LAYERS, MODE_NAMES, SPAN_TYPES, TAGS
from sayso.reading.windows import Segmenter, Words
from sayso.records import FACTUALITIES, Span
from sayso.resolving.dates import find_dates
from sayso.resolving.gazetteer import Gazetteer
from sayso.resolving.places import place_mentions
from training.batches import Coded, word_ranges
from training.settings import Settings
from training.targets import UNKNOWN, Ends, EventTarget, Hidden, Targets

OWN = Path("evaluation/gold/events")
ARTICLES = "articles"
DISPATCHES = "dispatches"
VOICES = "voices"
#: Folders of whole texts; the others are authors' sentences.
TEXTS = (ARTICLES, DISPATCHES, VOICES)
_KIND_TAGS = {
    own: tuple(TAGS.index(f"{prefix}-{kind}") for prefix in ("B", "I"))
    for own, kind in zip(EVENT_SPANS, SPAN_TYPES, strict=True)
}
#: SATP's attacks as modes of ASSAULT; the others have none.
SATP_MODES = {
    "Bombing/Explosion": "explosives",
    "Armed Assault": "firearms",
    "Kidnapping": "abduct",
    "Assassination": "targeted",
    "Facility/Infrastructure Attack": "destroy",
    "Unarmed Assault": "beat",
    "Hijacking": "abduct",
}


class _Tags:
    """Which tags of the event layer may stand; the first of two overlapping spans wins."""

    def __init__(self, count: int, *, free: bool) -> None:
        self.allowed = np.ones((count, len(TAGS)), bool)
        if not free:
            self.allowed[:, 1:] = False
        self.placed = np.zeros(count, bool)

    def place(self, ends: Ends, kind: str) -> None:
        first, last = ends
        if self.placed[first : last + 1].any():
            return
        begin, inside = _KIND_TAGS[kind]
        self.placed[first : last + 1] = True
        self.allowed[first : last + 1] = False
        self.allowed[first, begin] = True
        self.allowed[first + 1 : last + 1, inside] = True
        # The span ends here.
        if last + 1 < len(self.allowed) and not self.placed[last + 1]:
            self.allowed[last + 1, inside] = False


def _ends(words: Words, span: tuple[int, int]) -> Ends | None:
    return next(word_ranges(words, span), None)


def _coded(words: Words, targets: Targets) -> Coded:
    return Coded(words, [None] * LAYERS, 0.0, targets)


class _Spans:
    """Numbers of spans, each once, as words."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.found: list[Ends] = []

    def numbers(self, parts: Sequence[tuple[int, int]]) -> tuple[int, ...]:
        """The numbers of these spans of code points; one that holds no word has none."""
        placed = [ends for part in parts if (ends := _ends(self.words, part))]
        self.found += [ends for ends in dict.fromkeys(placed) if ends not in self.found]
        return tuple(self.found.index(ends) for ends in placed)


def fully_coded(text: str, events: Iterable[CodedEvent], segmenter: Segmenter) -> Coded:
    """A text in which every event is coded."""
    return _fully_coded(text, tuple(events), segmenter)


# Texts are the same each pass, and looking for their places and dates takes time.
@cache
def _fully_coded(text: str, events: tuple[CodedEvent, ...], segmenter: Segmenter) -> Coded:
    words = segmenter.words(text)
    types = np.zeros(len(words), np.int64)
    parties, places, dates = _Spans(words), _Spans(words), _Spans(words)
    # Dates are chosen, in reading too, from what a grammar finds.
    told = [found.span for found in find_dates(text, 0, len(text))]
    told = [span for span in told if _ends(words, span)]
    dates.numbers(told)
    found = []
    for event in events:
        trigger = _ends(words, event.trigger)
        if trigger is None:
            continue
        kind = 1 + EVENT_TYPES.index(event.type)
        types[trigger[0] : trigger[1] + 1] = kind
        contexts = event.contexts
        found.append(
            EventTarget(
                trigger,
                kind,
                1 + MODE_NAMES.index((event.type, event.mode)) if event.mode else 0,
                FACTUALITIES.index(event.factuality),
                None if contexts is None else frozenset(CONTEXTS.index(c) for c in contexts),
                parties.numbers(event.actors),
                parties.numbers(event.recipients),
                places.numbers(event.places),
                tuple(i for i, span in enumerate(told) if _meets(span, event.dates)),
            )
        )
    allowed = _allowed(len(words), found, parties.found, places.found)
    named = _with_mentions(text, words, places.found)
    choice = parties.found + _others(phrases(text), words, parties.found)
    return _coded(words, Targets(types, allowed, found, [], choice, named, dates.found))


_TOKEN = re.compile(r"\w+(?:[’'-]\w+)*|[^\w\s]")
_PRONOUNS = frozenset(
    "he him she her they them we us i me you it who one nobody everyone others this".split()
)
_ENDS = grammar.PREPOSITIONS | grammar.BREAKS | grammar.AUXILIARIES | grammar.ADVERBS
_LONGEST = 6


def phrases(text: str) -> list[Span]:
    """Phrases that could be somebody, most of which are no event's party.

    Pronouns, names, and what stands between a determiner and the next verb or small word, as far
    as their letters tell. Links learn from them to turn down what the tagger proposes too freely.
    """
    found: list[Span] = []
    words = [(m[0], m[0].lower(), m.span()) for m in _TOKEN.finditer(text)]
    at = 0
    while at < len(words):
        shown, lower, (start, end) = words[at]
        at += 1
        opens = lower in grammar.DETERMINERS
        if not opens and not shown[0].isupper():
            if lower in _PRONOUNS:
                found.append((start, end))
            continue
        first = at
        while at < len(words) and at - first < _LONGEST:
            shown, lower, span = words[at]
            named = shown[0].isupper() or shown[0].isdigit()
            plain = opens and shown[0].isalpha() and lower not in _ENDS
            if not named and (not plain or lower.endswith("ed")):
                break
            end, at = span[1], at + 1
        found.append((start, end))
    return found


def _others(spans: Iterable[Span], words: Words, own: Sequence[Ends]) -> list[Ends]:
    """The spans as words, without those that share one with our own."""
    found = [_ends(words, span) for span in spans]
    return [e for e in found if e and not any(a <= e[1] and e[0] <= b for a, b in own)]


def _meets(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(span[0] < b and a < span[1] for a, b in others)


def _allowed(
    count: int, found: list[EventTarget], parties: list[Ends], places: list[Ends]
) -> np.ndarray:
    tags = _Tags(count, free=False)
    for name, kind in (("actors", "actor"), ("recipients", "recipient")):
        for target in found:
            for i in getattr(target, name):
                tags.place(parties[i], kind)
    for ends in places:
        tags.place(ends, "place")
    return tags.allowed


def own_sentences(split: str, folder: Path = OWN) -> list[CodedSentence]:
    """The sentences written for this project."""
    paths = sorted(path for path in folder.glob("*/*.txt") if path.parent.name not in TEXTS)
    found = [s for path in paths for s in parse(path.read_text("utf-8"))]
    return [s for s in found if is_dev(s.text) == (split == "dev")]


def own_articles(segmenter: Segmenter, folder: Path = OWN) -> dict[str, Coded]:
    """Whole texts of own gold's training part with all their events, by name."""
    found = {}
    for path in sorted((folder / ARTICLES).glob("*.txt")):
        kept = folder.parent / "train" / f"{path.stem}.json"
        if kept.exists():  # else it is for measuring
            text = json.loads(kept.read_text("utf-8"))["text"]
            events, _ = in_article(text, parse(path.read_text("utf-8")))
            found[path.stem] = fully_coded(text, events, segmenter)
    return found


def own_texts(segmenter: Segmenter, folder: Path) -> list[Coded]:
    """Short whole texts written for this project with all their events; one in seven is kept."""
    found = whole_texts(folder, kept=False)
    return [fully_coded(text, events, segmenter) for text, events in found]


def taught(path: Path, segmenter: Segmenter, rng: random.Random, share: float) -> Iterator[Coded]:
    """Texts as a teacher reads them (``training.taught``), a share of them a pass."""
    import torch

    found = torch.load(path, weights_only=False)
    for text, events, chances, states in rng.sample(found, round(len(found) * share)):
        coded = fully_coded(text, events, segmenter)
        if coded.events is None or len(states) != len(coded.words):
            continue
        if chances is None:  # gold
            yield replace(coded, events=replace(coded.events, states=states))
        else:
            # Its chances tell more of the types than what it holds likeliest.
            unknown = np.full(len(chances), UNKNOWN, np.int64)
            known = replace(coded.events, types=unknown, chances=chances, states=states)
            yield replace(coded, events=known)


def own_events(
    sentences: Sequence[CodedSentence], segmenter: Segmenter, rng: random.Random | None
) -> Iterator[Coded]:
    """Sentences, alone or a few together as an article has them."""
    order = list(sentences)
    if rng:
        rng.shuffle(order)
    while order:
        count = rng.choice((1, 1, 2, 3, 4)) if rng else 1
        group, order = order[:count], order[count:]
        gap = rng.choice((" ", "\n\n")) if rng else " "
        text, events = "", []
        for sentence in group:
            text += gap if text else ""
            events += [event.moved(len(text)) for event in sentence.events]
            text += sentence.text
        coded = fully_coded(text, events, segmenter)
        yield _with_classes(coded, events) if len(group) == 1 else coded


def _with_classes(coded: Coded, events: Sequence[CodedEvent]) -> Coded:
    """What a sentence is as a whole, where its events agree."""
    types = {e.type for e in events}
    quads = {QUADS[kind] for kind in types} or {0}
    known = next(iter(quads)) if len(quads) == 1 else UNKNOWN
    numbers = tuple(sorted(1 + EVENT_TYPES.index(kind) for kind in types))
    whole = coded.events and replace(coded.events, quad=known, root=numbers)
    return replace(coded, events=whole)


def plv(data: Path, split: str, segmenter: Segmenter) -> Iterator[Coded]:
    """PLV: one event a sentence, without its trigger; others may stand beside it."""
    for row in records(data, "plv", split, "sentence"):
        words = segmenter.words(row["sentence"])
        tags = _Tags(len(words), free=True)
        parts: list[Ends | None] = []
        for key, kind in (("source", "actor"), ("target", "recipient")):
            start = row["sentence"].find(row[key])
            ends = _ends(words, (start, start + len(row[key]))) if start >= 0 else None
            if ends:
                tags.place(ends, kind)
            parts.append(ends)
        types = plv_types(row["root"])
        yield _coded(
            words,
            Targets(
                np.full(len(words), UNKNOWN, np.int64),
                tags.allowed,
                hidden=[Hidden(types, *parts)],
                quad=row["penta"],
                root=types,
            ),
        )


def plv_types(root: str) -> tuple[int, ...]:
    """The types, from 1, that a label of PLV stands for."""
    names = YIELD if root == "YIELD" else (root,)
    return tuple(1 + EVENT_TYPES.index(name) for name in names)


def cameo(data: Path, split: str, segmenter: Segmenter) -> Iterator[Coded]:
    """ConfliBERT's CAMEO sentences: their quad class, and their actors and recipients."""
    tagged = {"".join(r["tokens"]): r for r in records(data, "cameo_ner", split, "tokens")}
    for row in records(data, "cameo_class", split, "sentence"):
        found = tagged.pop("".join(row["sentence"].split()), None)
        yield _cameo(row["sentence"], row["penta"], found, segmenter)
    for row in tagged.values():
        yield _cameo(None, UNKNOWN, row, segmenter)


def _cameo(text: str | None, quad: int, row: dict[str, Any] | None, segmenter: Segmenter) -> Coded:
    spans: dict[str, list[tuple[int, int]]] = {"actor": [], "recipient": []}
    if row:
        text, found = tagged(row["tokens"], row["tags"], text)
        for kind, span in sorted(found, key=lambda item: item[1]):
            spans[kind].append(span)
    words = segmenter.words(text or "")
    none = quad == 0
    types = np.full(len(words), 0 if none else UNKNOWN, np.int64)
    if not row:
        return _coded(words, Targets(types, quad=quad))
    tags = _Tags(len(words), free=False)
    # Places and the parties of no coded event are open.
    tags.allowed[:, list(_KIND_TAGS["place"])] = True
    first: dict[str, Ends | None] = {}
    for kind, parts in spans.items():
        placed = [e for part in parts if (e := _ends(words, part))]
        for ends in placed:
            tags.place(ends, kind)
        first[kind] = placed[0] if len(placed) == 1 else None
    hidden = []
    if quad > 0:
        group = tuple(1 + EVENT_TYPES.index(t) for t in EVENT_TYPES if QUADS[t] == quad)
        hidden = [Hidden(group, first["actor"], first["recipient"])]
    return _coded(words, Targets(types, tags.allowed, hidden=hidden, quad=quad))


def locations(
    data: Path, split: str, segmenter: Segmenter, rng: random.Random, share: float
) -> Iterator[Coded]:
    """Sentences in which one verb's places are marked; other parts are open."""
    by_text: dict[str, list[dict[str, Any]]] = {}
    for row in records(data, "event_location", split, "text"):
        if row["answer"] != "reject":
            by_text.setdefault(row["text"], []).append(row)
    for text in rng.sample(sorted(by_text), round(share * len(by_text))):
        words = segmenter.words(text)
        tags = _Tags(len(words), free=False)
        for kind in ("actor", "recipient"):
            tags.allowed[:, list(_KIND_TAGS[kind])] = True
        places: list[Ends] = []
        verbs = []
        for row in by_text[text]:
            marked: dict[str, list[Ends]] = {"VERB": [], "LOCATION": []}
            for s in row["spans"]:
                # Some marks are of no or one letter.
                if s["end"] - s["start"] < 2:
                    continue
                if s["label"] in marked and (e := _ends(words, (s["start"], s["end"]))):
                    marked[s["label"]].append(e)
            places += [e for e in marked["LOCATION"] if e not in places]
            verbs += [(e, marked["LOCATION"]) for e in marked["VERB"]]
        for ends in places:
            tags.place(ends, "place")
        places = _with_mentions(text, words, places)
        events = [
            EventTarget(trigger, places=tuple(places.index(e) for e in own))
            for trigger, own in verbs
        ]
        yield _coded(
            words,
            Targets(np.full(len(words), UNKNOWN, np.int64), tags.allowed, events, places=places),
        )


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer.load()


def _with_mentions(text: str, words: Words, own: list[Ends]) -> list[Ends]:
    """Places to choose from: those that are some event's, and all other names of places."""
    return own + _others(place_mentions(text, 0, len(text), _gazetteer()), words, own)


def certainties(
    data: Path, segmenter: Segmenter, rng: random.Random, share: float
) -> Iterator[Coded]:
    """Sentences of the factuality sets: how sure each marked verb or noun is, -3 to 3."""
    rows = []
    for name in ("UW", "UDS_IH2", "MEANTIME"):
        lines = (data / "factuality" / name / "train.jsonl").read_text("utf-8").splitlines()
        rows += [json.loads(line) for line in lines]
    for row in rng.sample(rows, round(share * len(rows))):
        words = segmenter.words(row["text"])
        starts = _token_starts(row["text"])
        found = []
        for target in row["targets"]:
            at = starts[min(target["span1"][1] - 1, len(starts) - 1)]
            word = int(np.searchsorted(words.end, at, "right"))
            if word < len(words):
                found.append((word, float(target["label"])))
        yield _coded(words, Targets(np.full(len(words), UNKNOWN, np.int64), certainty=found))


def _token_starts(text: str) -> list[int]:
    starts, at = [], 0
    for token in text.split(" "):
        starts.append(at)
        at += len(token) + 1
    return starts


def satp(
    data: Path, split: str, segmenter: Segmenter, rng: random.Random, count: int
) -> Iterator[Coded]:
    """SATP: attackers, targets, places and the words of attacks; all else is open."""
    rows = [r for r in records(data, "satp", split, "news") if r["is_relevant"] == "True"]
    for row in rng.sample(rows, min(count, len(rows))):
        words = segmenter.words(row["news"])
        tags = _Tags(len(words), free=True)
        types = np.full(len(words), UNKNOWN, np.int64)
        for key, kind in (("source", "actor"), ("target", "recipient"), ("location", "place")):
            for shown in sorted({*(row[key] or [])}, key=len, reverse=True):
                for ends in _occurrences(row["news"], shown, words):
                    tags.place(ends, kind)
        parties, places = _Spans(words), _Spans(words)
        parts = {
            key: found.numbers(
                [
                    (words.start[a], words.end[b])
                    for shown in {*(row[key] or [])}
                    for a, b in _occurrences(row["news"], shown, words)
                ]
            )
            for key, found in (("source", parties), ("target", parties), ("location", places))
        }
        events = []
        for shown, sort in zip(row["action"] or [], row["action_type"] or [], strict=False):
            for ends in _occurrences(row["news"], shown, words):
                types[ends[0] : ends[1] + 1] = 1 + EVENT_TYPES.index("ASSAULT")
                mode = SATP_MODES.get(sort)
                number = 1 + MODE_NAMES.index(("ASSAULT", mode)) if mode else UNKNOWN
                event = EventTarget(ends, types[ends[0]], number, places=parts["location"] or None)
                if len({*(row["source"] or [])}) == 1 and len({*(row["target"] or [])}) == 1:
                    event = replace(event, actors=parts["source"], recipients=parts["target"])
                events.append(event)
        yield _coded(
            words,
            Targets(types, tags.allowed, events, parties=parties.found, places=places.found),
        )


def _occurrences(text: str, shown: str, words: Words) -> Iterator[Ends]:
    at = text.find(shown)
    while shown and at >= 0:
        ends = _ends(words, (at, at + len(shown)))
        if ends:
            yield ends
        at = text.find(shown, at + len(shown))


def event_texts(
    data: Path, segmenter: Segmenter, rng: random.Random, settings: Settings
) -> Iterator[Coded]:
    """All texts of one pass."""
    part = f"without:{settings.fold}" if settings.fold >= 0 else "train"
    for _ in range(settings.repeat_events):
        yield from own_events(own_sentences("train"), segmenter, rng)
        if settings.events_only:  # else they are seen with their statements
            yield from own_articles(segmenter).values()
        yield from plv(data, part, segmenter)
        yield from cameo(data, part, segmenter)
    short = own_texts(segmenter, OWN / DISPATCHES)
    yield from rng.sample(short, round(len(short) * settings.dispatches))
    for _ in range(settings.repeat_voices):
        yield from own_texts(segmenter, OWN / VOICES)
    yield from locations(data, part, segmenter, rng, settings.location_share)
    yield from certainties(data, segmenter, rng, settings.certainty_share)
    yield from satp(data, part, segmenter, rng, settings.satp_texts)
    if settings.taught:
        yield from taught(Path(settings.taught), segmenter, rng, settings.taught_share)
