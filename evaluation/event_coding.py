"""The coders' hand notation for events, and its way to spans.

Blocks of a sentence and its events, as section 8 of ``docs/event-guideline.md`` tells::

    S: Police in Kasama arrested two editors on Monday.
    E1 | COERCE/arrest happened | T: arrested | A: Police | R: two editors | D: on Monday
    I1 | attendance down | T: empty pews

A string that occurs more than once is taken nearest to the trigger; ``#2`` takes the second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from evaluation.event_data import is_dev
from sayso.codebook.plover import CONTEXTS, EVENT_TYPES, MODES
from sayso.records import FACTUALITIES, Span

DIRECTIONS = ("up", "down", "high", "low")
PARAGRAPH = "\n\n"
_EVENT = re.compile(r"E\d+$")
_SIGNAL = re.compile(r"I\d+$")
_LABELS = re.compile(r"([A-Z]+)(?:/([\w-]+))? (\w+)$")
_STATE = re.compile(r"(\w+) (\w+)$")


class EventCodingError(ValueError):
    """A line that cannot be resolved; says which and why."""


@dataclass(frozen=True)
class CodedEvent:
    """One event of the gold; spans count in its sentence's text, or in the article's."""

    type: str
    mode: str | None
    factuality: str
    trigger: Span
    actors: tuple[Span, ...] = ()
    recipients: tuple[Span, ...] = ()
    places: tuple[Span, ...] = ()
    dates: tuple[Span, ...] = ()
    contexts: frozenset[str] | None = None  # None: not coded

    def moved(self, by: int) -> CodedEvent:
        """The same, ``by`` code points later."""

        def later(spans: tuple[Span, ...]) -> tuple[Span, ...]:
            return tuple((a + by, b + by) for a, b in spans)

        return replace(
            self,
            trigger=later((self.trigger,))[0],
            actors=later(self.actors),
            recipients=later(self.recipients),
            places=later(self.places),
            dates=later(self.dates),
        )


@dataclass(frozen=True)
class CodedSignal:
    """One reported state of an indicator."""

    indicator: str
    direction: str
    span: Span


@dataclass
class CodedSentence:
    """A sentence, or a few, with what is coded in it."""

    text: str
    events: list[CodedEvent] = field(default_factory=list)
    signals: list[CodedSignal] = field(default_factory=list)


def parse(coding: str) -> list[CodedSentence]:
    """The blocks of a coding.

    Raises:
        EventCodingError: a line is not in the notation, or its words not in its sentence.
    """
    found: list[CodedSentence] = []
    for number, raw in enumerate(coding.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("%"):
            continue
        if line.startswith("S:"):
            found.append(CodedSentence(line[2:].strip()))
            continue
        try:
            _read(line, found)
        except EventCodingError as error:
            raise EventCodingError(f"line {number}: {error}: {line}") from None
    return found


def in_article(
    text: str, sentences: list[CodedSentence]
) -> tuple[list[CodedEvent], list[CodedSignal]]:
    """Events and signals with their spans in the article that the sentences are from, in order.

    Raises:
        EventCodingError: a sentence is not in the article after the one before it.
    """
    events, signals, at = [], [], 0
    for sentence in sentences:
        start = text.find(sentence.text, at)
        if start < 0:
            raise EventCodingError(f"not in the article, in this order: {sentence.text[:60]!r}")
        at = start + 1
        events += [event.moved(start) for event in sentence.events]
        signals += [
            replace(s, span=(s.span[0] + start, s.span[1] + start)) for s in sentence.signals
        ]
    return events, signals


def whole(coding: str) -> tuple[str, list[CodedEvent]]:
    """The text that a coding of all its sentences is of, and its events.

    Every sentence of the text has its block; a line of ``%`` alone begins a new paragraph.

    Raises:
        EventCodingError: as ``parse``.
    """
    blocks = iter(parse(coding))
    text, events, gap = "", [], ""
    for line in map(str.strip, coding.splitlines()):
        if line == "%":
            gap = PARAGRAPH
        elif line.startswith("S:"):
            sentence = next(blocks)
            text += gap if text else ""
            events += [event.moved(len(text)) for event in sentence.events]
            text, gap = text + sentence.text, " "
    return text, events


def whole_texts(folder: Path, *, kept: bool) -> Iterator[tuple[str, list[CodedEvent]]]:
    """The coded texts of a folder, one file each: those kept from training, or those trained on.

    Raises:
        EventCodingError: as ``parse``.
    """
    for path in sorted(folder.glob("*.txt")):
        text, events = whole(path.read_text("utf-8"))
        if is_dev(text) == kept:
            yield text, events


def _read(line: str, found: list[CodedSentence]) -> None:
    if not found:
        raise EventCodingError("no sentence before it")
    sentence = found[-1]
    head, labels, *rest = (part.strip() for part in line.split(" | "))
    fields = _fields(rest)
    trigger = _spans(sentence.text, fields["T"], None)[0]
    if _SIGNAL.match(head):
        sentence.signals.append(_signal(labels, trigger))
    elif _EVENT.match(head):
        sentence.events.append(_event(sentence.text, labels, trigger, fields))
    else:
        raise EventCodingError("neither E1 nor I1")


def _fields(parts: list[str]) -> dict[str, str]:
    fields = {}
    for part in parts:
        key, _, value = part.partition(":")
        if key not in ("T", "A", "R", "P", "D", "X"):
            raise EventCodingError(f"unknown field {key!r}")
        fields[key] = value.strip()
    if "T" not in fields:
        raise EventCodingError("no T")
    return fields


def _signal(labels: str, span: Span) -> CodedSignal:
    state = _STATE.match(labels)
    if not state or state[2] not in DIRECTIONS:
        raise EventCodingError("no `indicator direction`")
    return CodedSignal(state[1], state[2], span)


def _event(text: str, labels: str, trigger: Span, fields: dict[str, str]) -> CodedEvent:
    matched = _LABELS.match(labels)
    if not matched:
        raise EventCodingError("no `TYPE/mode factuality`")
    kind, mode, factuality = matched.groups()
    if kind not in EVENT_TYPES or factuality not in FACTUALITIES:
        raise EventCodingError("unknown type or factuality")
    if mode and mode not in MODES.get(kind, ()):
        raise EventCodingError(f"{kind} has no mode {mode!r}")
    contexts = None
    if "X" in fields:
        named = {x.strip() for x in fields["X"].split(",")}
        contexts = frozenset(named & set(CONTEXTS))
    actors, recipients, places, dates = (
        tuple(_spans(text, fields.get(key, "-"), trigger)) for key in ("A", "R", "P", "D")
    )
    return CodedEvent(kind, mode, factuality, trigger, actors, recipients, places, dates, contexts)


def _spans(text: str, shown: str, near: Span | None) -> list[Span]:
    if shown in ("", "-"):
        return []
    found = []
    for part in shown.split("//"):
        words, number = part.strip(), None
        if match := re.search(r"\s*#(\d+)$", words):
            words, number = words[: match.start()], int(match[1])
        before = r"(?<!\w)" if words[:1].isalnum() else ""
        after = r"(?!\w)" if words[-1:].isalnum() else ""
        places = [m.span() for m in re.finditer(before + re.escape(words) + after, text)]
        if len(places) < (number or 1):
            raise EventCodingError(f"not in the text: {part.strip()!r}")
        if number:
            found.append(places[number - 1])
        elif near:
            found.append(min(places, key=lambda s: max(s[0] - near[1], near[0] - s[1])))
        else:
            found.append(places[0])
    return found
