"""A reading at a glance: who said what, and on whose word.

One view model serves terminal, notebook and page alike. ``glance`` groups a reading's
statements by who makes them, in the order of the text, and puts what only the outlet
itself tells first and apart. ``paragraphs`` cuts the text at every border of a span, so
that overlapping and nested spans can be shown without overlapping elements.

All text of an article is hostile. Whatever leaves this module for a screen has passed
``visible`` (no control characters, no overrides of the writing direction); for HTML it
is escaped besides.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from sayso.reading.sentences import sentences
from sayso.records import (
    FACTUALITIES,
    Attribution,
    Event,
    Participant,
    Reading,
    Signal,
    Span,
    Spans,
    escaped,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OUTLET = "the outlet itself"
NOBODY = "no source is named"

# Third person singular and plural.
VERBS = {
    "deny": ("denies", "deny"),
    "admit": ("admits", "admit"),
    "accuse": ("accuses", "accuse"),
    "demand": ("demands", "demand"),
    "warn": ("warns", "warn"),
    "promise": ("promises", "promise"),
    "predict": ("predicts", "predict"),
    "assess": ("assesses", "assess"),
    "say": ("says", "say"),
}
ARROWS = {"up": "↑", "high": "↑", "down": "↓", "low": "↓"}

# Without coreference, two of these in one article are not known to be one person.
_PRONOUNS = frozenset(("he", "she", "they", "it", "we", "i", "who", "which", "that", "one"))
_CLOSING = {"“": "”", "„": "“”", "«": "»", "»": "«", "‘": "’", "‹": "›", '"': '"', "'": "'"}
_NEGATED = re.compile(r"\b(?:not|never|no|nor|neither|without)\b|n['’]t\b", re.IGNORECASE)
_TRAILING_RELATIVE = re.compile(r",? (?:who|which|that)$", re.IGNORECASE)
_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))


def _substitutes() -> dict[int, str]:
    """One visible character for each that could steer a terminal or turn the text round.

    One for one, so that spans still count. Joiners stay: Persian and emoji need them.
    """
    table: dict[int, str] = dict.fromkeys(range(0x7F, 0xA0), "\ufffd")
    table |= {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"}
    table[0x7F] = "\u2421"
    table |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    table |= dict.fromkeys(_DIRECTIONS, "\ufffd")
    table |= dict.fromkeys((0x2028, 0x2029), " ")
    # Language tags are invisible and can carry a message that nobody sees.
    table |= dict.fromkeys((0xFEFF, 0xFFFE, 0xFFFF, *range(0xE0000, 0xE0080)), "\ufffd")
    return table


_VISIBLE = _substitutes()


def visible(text: str) -> str:
    """The text with nothing in it that a screen would obey; as long as before."""
    return text.translate(_VISIBLE)


def on_one_line(text: str) -> str:
    """The text, visible, with every run of blanks and line ends made one blank."""
    return " ".join(visible(text).split())


def shortened(text: str, limit: int = 160) -> str:
    """The text cut after a word, ``limit`` code points at most besides the sign of it.

    A quotation that is cut keeps its closing mark.
    """
    if len(text) <= limit:
        return text
    head = text[: limit + 1]
    cut = head.rfind(" ") if " " in head[limit // 2 :] else limit
    while cut > 1 and (unicodedata.combining(text[cut]) or text[cut] == "\u200d"):
        cut -= 1
    closing = text[-1] if text[-1] in _CLOSING.get(text[0], "") else ""
    return f"{text[:cut].rstrip(' ,;:')} …{closing}"


@dataclass(frozen=True, slots=True)
class Tag:
    """An event or signal at the end of the line that tells it.

    Attributes:
        kind: ``event`` or ``signal``.
        label: as short as it can be: ``REQUEST/yield → Basij leaders``, ``defection ↑``; if it
            is not told as having happened, how else: ``COERCE → two editors (denied)``.
        factuality: one of ``FACTUALITIES``, for the look of it.
        where: place and day, if they are told: ``Kessel, 2031-05-05``.
        detail: all that the label leaves out: contexts, place, date, the words that tell it.
    """

    id: str
    kind: str
    label: str
    factuality: str
    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class Line:
    """One statement, or one thing that the outlet tells by itself.

    Attributes:
        id: of the attribution, event or signal.
        number: from 1, in the order of the text; the text carries the same numbers.
        verb: the act: ``admits``; of a negated cue the cue itself: ``did not dispute``.
        cue: the words of the cue, empty for what the outlet tells.
        content: in full, on one line; cut it with ``shortened``.
        verbatim: all of it is quoted.
        depth: 0, or how many statements it is nested in.
        source, note: of a nested statement, which has no voice of its own here.
        spans: the source, cue and content, or what the outlet tells.
    """

    id: str
    number: int
    verb: str
    cue: str
    content: str
    verbatim: bool
    depth: int
    source: str | None
    note: str | None
    tags: tuple[Tag, ...]
    spans: Spans


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, of what class, and all that is told on this voice's word."""

    name: str
    note: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Glance:
    """A reading as it is shown.

    Attributes:
        header: outlet, date, camp, counts; to be joined by ``·``.
        voices: the outlet itself first, then by first statement.
        unread: what was not read, and why.
    """

    title: str
    header: tuple[str, ...]
    voices: tuple[Voice, ...]
    unread: tuple[str, ...]

    @property
    def lines(self) -> Iterator[Line]:
        """All lines, voice by voice."""
        return (line for voice in self.voices for line in voice.lines)


def glance(reading: Reading, camp: str | None = None) -> Glance:
    """The view of a reading; ``camp`` is the outlet's, if the codebook knows it."""
    return _Arranged(reading, camp).result()


def readable(moment: str | None) -> str:
    """An ISO moment as people read it, as exact as it is known: ``2023-08-11 09:30 UTC``."""
    day, _, time = (moment or "date unknown").partition("T")
    return f"{day} {time[:5]} UTC" if time else day


def counted(number: int, noun: str) -> str:
    """``1 statement``, ``2 statements``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


class _Arranged:
    """The working state of one ``glance``."""

    def __init__(self, reading: Reading, camp: str | None) -> None:
        self.reading = reading
        self.camp = camp
        self.statements = {
            item.id: item for item in sorted(reading.attributions, key=_attribution_place)
        }
        self.tags: dict[str, list[Tag]] = {}
        self.own: list[Event | Signal] = []
        self.lost: list[Event | Signal] = []
        told: tuple[Event | Signal, ...] = (*reading.events, *reading.signals)
        for item in told:
            self._place(item)
        self.own.sort(key=_telling_place)
        self.sentences = sentences(reading.article.text) if self.own or self.lost else []
        self.numbers = self._numbered()
        self.children = self._nested()

    def _place(self, item: Event | Signal) -> None:
        """To the statement that it is or is told in, or to the outlet."""
        statement = getattr(item, "statement", None) or item.attribution
        if statement is None:
            self.own.append(item)
        elif statement in self.statements:
            self.tags.setdefault(statement, []).append(_tag(item, self.reading))
        else:
            self.lost.append(item)

    def _numbered(self) -> dict[str, int]:
        places = [(_attribution_place(item), item.id) for item in self.statements.values()]
        places += [(_telling_place(item), item.id) for item in (*self.own, *self.lost)]
        return {identity: n for n, (_, identity) in enumerate(sorted(places), start=1)}

    def _nested(self) -> dict[str | None, list[Attribution]]:
        """Statements by parent; None holds those that nest in nothing we have."""
        children: dict[str | None, list[Attribution]] = {None: []}
        for item in self.statements.values():
            parent = None if self._stands_alone(item) else item.parent
            children.setdefault(parent, []).append(item)
        return children

    def _stands_alone(self, item: Attribution) -> bool:
        """Without a parent, or in a circle of parents, in which it would vanish."""
        seen = {item.id}
        parent = item.parent
        while parent in self.statements:
            if parent in seen:
                return True
            seen.add(parent)
            parent = self.statements[parent].parent
        return item.parent not in self.statements

    def result(self) -> Glance:
        article, reading = self.reading.article, self.reading
        statements = counted(len(reading.attributions), "statement")
        signals = [counted(len(reading.signals), "signal")] if reading.signals else []
        header = [
            on_one_line(article.outlet or "outlet unknown"),
            readable(article.published_text),
            *([f"{self.camp} outlet"] if self.camp else []),
            ", ".join([statements, counted(len(reading.events), "event"), *signals]),
        ]
        first_line = article.text.lstrip().split("\n", 1)[0]
        return Glance(
            title=on_one_line(article.title or shortened(first_line, 90)),
            header=tuple(header),
            voices=tuple(self._voices()),
            unread=tuple(_unread(item.stage, item.reason) for item in reading.rejections),
        )

    def _voices(self) -> Iterator[Voice]:
        if self.own:
            yield Voice(OUTLET, "", tuple(self._outlet_line(item) for item in self.own))
        groups: dict[object, list[Attribution]] = {}
        before: object = None
        for item in self.children[None]:
            before = self._voice_key(item, before)
            groups.setdefault(before, []).append(item)
        for members in groups.values():
            yield self._voice(members)
        if self.lost:
            lines = tuple(self._outlet_line(item) for item in self.lost)
            yield Voice("on whose word is not known", "", lines)

    def _voice_key(self, item: Attribution, before: object) -> object:
        """The same for statements of one speaker; ``before`` is the last statement's key."""
        if item.speaker and item.source_class != "unnamed":
            who = item.speaker
            return who.name.casefold() if who.name else (who.office, who.organisation, who.country)
        words = self._source(item).casefold().removeprefix("the ")
        if words not in _PRONOUNS:
            return words
        same = isinstance(before, tuple) and before[0] == words
        return before if same else (words, item.id)

    def _voice(self, members: list[Attribution]) -> Voice:
        notes = dict.fromkeys(_class_line(item) for item in members)
        note = " or ".join(notes)
        if self._source(members[0]).casefold() in _PRONOUNS and not members[0].speaker:
            note = f"{note}, who is meant is not known"
        if self.camp:
            note = f"{note}, as told by {self.camp}"
        lines = [line for item in members for line in self._statement_lines(item, 0)]
        return Voice(self._name(members[0]), note, tuple(lines))

    def _name(self, item: Attribution) -> str:
        who = item.speaker
        if who is None or item.source_class == "unnamed":
            return self._source(item)
        known = [on_one_line(part) for part in (who.name, who.office, who.organisation) if part]
        distinct = [part for n, part in enumerate(known) if part not in ", ".join(known[:n])]
        return ", ".join(distinct) or self._source(item)

    def _source(self, item: Attribution) -> str:
        words = on_one_line(self.reading.shown(item.source)).strip(" ,;:")
        # What follows is the cue: "an officer, who asked …".
        return _TRAILING_RELATIVE.sub("", words) or NOBODY

    def _statement_lines(self, item: Attribution, depth: int) -> Iterator[Line]:
        cue = on_one_line(self.reading.shown(item.cue)).strip(" ,;:")
        yield Line(
            id=item.id,
            number=self.numbers[item.id],
            verb=_verb(item, cue),
            cue=cue,
            content=on_one_line(self.reading.shown(item.content)),
            verbatim=item.kind == "direct",
            depth=depth,
            source=self._name(item) if depth else None,
            note=_class_line(item) if depth else None,
            tags=tuple(self.tags.get(item.id, ())),
            spans=(*item.source, *item.cue, *item.content),
        )
        for child in self.children.get(item.id, ()):
            yield from self._statement_lines(child, depth + 1)

    def _outlet_line(self, item: Event | Signal) -> Line:
        span = _told(item, self.sentences)
        return Line(
            id=item.id,
            number=self.numbers[item.id],
            verb="reports" if isinstance(item, Event) else "judges",
            cue="",
            content=on_one_line(self.reading.article.text[slice(*span)]),
            verbatim=False,
            depth=0,
            source=None,
            note=None,
            tags=(_tag(item, self.reading),),
            spans=(span,),
        )


def _attribution_place(item: Attribution) -> tuple[int, int, int]:
    """Where a statement begins, then its content; of two the wider, in which one may nest."""
    spans = (*item.source, *item.cue, *item.content)
    begin = min((start for start, _ in spans), default=0)
    end = max((end for _, end in spans), default=0)
    return begin, min((start for start, _ in item.content), default=begin), -end


def _telling_place(item: Event | Signal) -> tuple[int, int, int]:
    """Where its mark stands, which is not where what is shown of it begins."""
    start, end = item.span if isinstance(item, Signal) else min(item.trigger)
    return start, start, -end


def _told(item: Event | Signal, among: list[Span]) -> Span:
    """What to show of an event or signal: of an event all its parts, or its sentence."""
    if isinstance(item, Signal):
        return item.span
    trigger = item.trigger[0]
    sentence = next((s for s in among if s[0] <= trigger[0] < s[1]), trigger)
    people = [person.span for person in (*item.actors, *item.recipients)]
    around = [part.span for part in (item.place, item.date) if part and part.span]
    # A day or a place is often told far away: in the dateline, say.
    near = [span for span in around if sentence[0] <= span[0] < sentence[1]]
    parts = [*item.trigger, *people, *near]
    if len(parts) == 1:
        return sentence
    whole = min(start for start, _ in parts), max(end for _, end in parts)
    return whole if whole[1] - whole[0] <= 240 else sentence


def _verb(item: Attribution, cue: str) -> str:
    """The act in words, unless they would say the opposite of what stands in the text."""
    if _NEGATED.search(cue):
        return cue
    singular, plural = VERBS.get(item.act, (item.act, item.act))
    return on_one_line(plural if item.collective else singular)


def _class_line(item: Attribution) -> str:
    """A class, and a role if there is one: ``unnamed, official``."""
    known = [item.source_class.replace("social", "social post"), item.role or ""]
    return ", ".join(on_one_line(part) for part in known if part)


def _unread(stage: str, reason: str) -> str:
    told = on_one_line(reason)
    if stage not in {"language", "reading"}:
        return f"{on_one_line(stage)}: {told}"
    return told if told.startswith("not read") else f"not read: {told}"


def _tag(item: Event | Signal, reading: Reading) -> Tag:
    known = item.factuality if item.factuality in FACTUALITIES else ""
    if isinstance(item, Signal):
        direction = on_one_line(item.direction)
        name = on_one_line(item.indicator.replace("_", " "))
        label = f"{name} {ARROWS.get(direction, direction)}{_factual(item)}"
        detail = on_one_line(f"{direction}, {item.factuality}")
        return Tag(item.id, "signal", label, known, "", detail)
    label = on_one_line(f"{item.type}/{item.mode}" if item.mode else item.type)
    if item.actors and item.attribution and not item.statement:
        label = f"{label}: {_people(item.actors)}"
    if item.recipients:
        label = f"{label} → {_people(item.recipients)}"
    where = on_one_line(", ".join(filter(None, (_place(item), _days(item)))))
    detail = _event_detail(item, reading)
    return Tag(item.id, "event", f"{label}{_factual(item)}", known, where, detail)


def _factual(item: Event | Signal) -> str:
    """How it is told, unless as a fact."""
    return "" if item.factuality == "happened" else f" ({on_one_line(item.factuality)})"


def _people(people: Iterable[Participant]) -> str:
    return ", ".join(shortened(on_one_line(person.name), 40) for person in people)


def _event_detail(item: Event, reading: Reading) -> str:
    reason = item.place.reason if item.place else None
    basis = item.date.basis if item.date and _days(item) else None
    known = [
        *item.contexts,
        item.factuality,
        _place(item),
        f"place: {reason}" if reason else None,
        _days(item),
        f"day: {basis}" if basis else None,
        f"told by “{reading.shown(item.trigger)}”",
    ]
    return on_one_line(", ".join(part for part in known if part))


def _place(item: Event) -> str | None:
    return item.place.name if item.place else None


def _days(item: Event) -> str | None:
    if item.date is None:
        return None
    days = dict.fromkeys(day for day in (item.date.start, item.date.end) if day)
    return " to ".join(days) or None


@dataclass(frozen=True, slots=True)
class Part:
    """One span that covers a piece of text, and what it is.

    Attributes:
        id: of the attribution, event or signal.
        number: of the line that tells of it.
        role: ``source``, ``cue``, ``content``, ``verbatim``, ``event`` or ``signal``.
        span: the whole span, of which the piece may be a part.
        depth: how many statements the span's own one is nested in.
        label: of an event or signal, that of its tag.
    """

    id: str
    number: int
    role: str
    span: Span
    depth: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text over which the same spans lie, the outermost first."""

    start: int
    end: int
    text: str
    parts: tuple[Part, ...]


def paragraphs(reading: Reading, view: Glance) -> tuple[tuple[Piece, ...], ...]:
    """The article's lines, empty ones left out, each cut at all borders of spans.

    The pieces' texts are what stands in the article, not yet made ``visible``.
    """
    blocks: list[list[Piece]] = [[]]
    for piece in _cut(reading.article.text, _parts(reading, view)):
        if piece.text == "\n":
            blocks.append([])
        else:
            blocks[-1].append(piece)
    return tuple(tuple(block) for block in blocks if any(piece.text.strip() for piece in block))


def _cut(text: str, parts: list[Part]) -> Iterator[Piece]:
    """Pieces of the text, in order and without gap; line ends stand alone."""
    borders = {0, len(text)}
    for match in re.finditer("\n", text):
        borders.update(match.span())
    for part in parts:
        borders.update(part.span)
    waiting = sorted(parts, key=lambda part: (part.span[0], -part.span[1]), reverse=True)
    active: list[Part] = []
    for start, end in pairwise(sorted(borders)):
        active = [part for part in active if part.span[1] > start]
        while waiting and waiting[-1].span[0] <= start:
            active.append(waiting.pop())
        yield Piece(start, end, text[start:end], tuple(active))


def _parts(reading: Reading, view: Glance) -> list[Part]:
    lines = {line.id: line for line in view.lines}
    found = [
        Part(item.id, lines[item.id].number, role, span, lines[item.id].depth)
        for item in reading.attributions
        for role in ("source", "cue", "content", "verbatim")
        for span in getattr(item, role)
    ]
    tellers = {tag.id: (line, tag.label) for line in view.lines for tag in line.tags}
    marked = [(item.id, "event", span) for item in reading.events for span in item.trigger]
    marked += [(item.id, "signal", item.span) for item in reading.signals]
    for name, role, span in marked:
        line, label = tellers[name]
        found.append(Part(name, line.number, role, span, line.depth, label))
    return found


_FRAME = (
    "font:14px/1.5 Georgia,'Times New Roman',serif;max-width:60em;padding:.6em 1em;"
    "border-left:4px solid rgba(128,128,128,.5)"
)
_SMALL = "font:12px/1.4 system-ui,sans-serif;opacity:.75"


def as_html(view: Glance) -> str:
    """The view for a notebook: one element, escaped, without script or anything to load."""
    voices = "".join(_voice_html(voice) for voice in view.voices)
    unread = "".join(f'<p style="{_SMALL}">{escaped(text)}</p>' for text in view.unread)
    header = " · ".join(view.header)
    return (
        f'<div class="sayso" style="{_FRAME}"><strong><bdi>{escaped(view.title)}</bdi></strong>'
        f'<div style="{_SMALL}"><bdi>{escaped(header)}</bdi></div>{voices}{unread}</div>'
    )


def _voice_html(voice: Voice) -> str:
    note = f' · <span style="{_SMALL}">{escaped(voice.note)}</span>' if voice.note else ""
    lines = "".join(_line_html(line) for line in voice.lines)
    return (
        f'<div style="margin-top:.7em"><b><bdi>{escaped(voice.name)}</bdi></b>{note}</div>'
        f'<ul style="list-style:none;margin:0;padding:0 0 0 1em">{lines}</ul>'
    )


def _line_html(line: Line) -> str:
    nested = ""
    if line.source is not None:
        nested = f"└ <b><bdi>{escaped(line.source)}</bdi></b> ({escaped(line.note or '')}) "
    short = shortened(line.content)
    content = f"<bdi>{escaped(short)}</bdi>"
    if short != line.content:
        content = (
            f'<details style="display:inline"><summary style="display:inline;cursor:pointer">'
            f"{content}</summary><div><bdi>{escaped(line.content)}</bdi></div></details>"
        )
    marks = [f'<span style="{_SMALL}">verbatim</span>'] if line.verbatim else []
    marks += map(_tag_html, line.tags)
    return (
        f'<li style="margin:.15em 0;padding-left:{1.5 * line.depth}em">{nested}'
        f"<i>{escaped(line.verb)}</i> {content} {' · '.join(marks)}</li>"
    )


def _tag_html(tag: Tag) -> str:
    look = "" if tag.factuality in {"happened", "ongoing"} else "font-weight:normal;"
    # A day in one piece: a browser breaks it at its hyphens.
    block = '<span style="display:inline-block">'
    where = f" {block}{escaped(tag.where)}</span>" if tag.where else ""
    return (
        f'<span style="{_SMALL}" title="{escaped(tag.detail)}">'
        f'<b style="{look}">{escaped(tag.label)}</b>{where}</span>'
    )
