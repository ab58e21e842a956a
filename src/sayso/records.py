"""The records that every stage hands on: frozen, with content ids and Arrow schemas.

Spans are ``[start, end)`` in Unicode code points of an article's canonical text, and
``text[start:end]`` is always exactly what is shown. Ids are hashes of content with
length-prefixed parts: the same input gives the same ids, on every engine, in any order.
"""

from __future__ import annotations

import hashlib
import html
import re
import types
import typing
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, Union, get_args, get_origin

from sayso.errors import SpanError

if TYPE_CHECKING:
    import pyarrow as pa

Span = tuple[int, int]
Spans = tuple[Span, ...]

KINDS = ("direct", "mixed", "indirect")
ACTS = ("deny", "admit", "accuse", "demand", "warn", "promise", "predict", "assess", "say")
SOURCE_CLASSES = (
    "unnamed",
    "social",
    "document",
    "media",
    "official",
    "expert",
    "organisation",
    "named",
)
FACTUALITIES = ("denied", "planned", "possible", "ongoing", "happened")
RELATIONS = ("copy-of", "same-story", "same-claim", "contradicts")
CAMPS = ("official", "foreign", "opposition", "independent", "unnamed", "unknown")
PRECISIONS = ("year", "month", "day", "minute", "second")

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# The look-behind and the possessive "++" keep a long run of blanks linear.
_TRAILING = re.compile(r"(?<![^\S\n])[^\S\n]++(?=\n|\Z)")
_SURROGATES = re.compile("[\ud800-\udfff]")


def canonical_text(raw: str) -> str:
    r"""The one form in which a text is kept and spans count.

    NFC, one ``\\n`` for every kind of line end, no blanks before a line end, none (and
    no empty lines) at the end. Lone surrogates, which no file can hold, become U+FFFD.
    """
    text = _SURROGATES.sub("\ufffd", raw)
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text))
    return _TRAILING.sub("", text).rstrip("\n")


def check_spans(text: str, spans: Iterable[Span]) -> None:
    """Raise ``SpanError`` unless every span is non-empty and lies inside the text."""
    for start, end in spans:
        if not 0 <= start < end <= len(text):
            raise SpanError(f"span [{start}, {end}) does not ground in {len(text)} code points")


def content_id(kind: str, *parts: object) -> str:
    """A hash of typed, length-prefixed parts (BLAKE2b, 16 bytes, hexadecimal).

    The prefixes keep ``("ab", "c")`` and ``("a", "bc")`` apart; None and "" differ too.
    """
    digest = hashlib.blake2b(digest_size=16)
    for part in (kind, *parts):
        _feed(digest, part)
    return digest.hexdigest()


def _feed(digest: Any, part: object) -> None:
    if isinstance(part, tuple | list):
        digest.update(b"(%d:" % len(part))
        for member in part:
            _feed(digest, member)
        return
    tag, value = b"s", str(part)
    if part is None:
        tag, value = b"n", ""
    elif isinstance(part, datetime):
        tag, value = b"t", part.astimezone(UTC).isoformat()
    elif not isinstance(part, str):
        tag, value = b"v", repr(part)
    data = value.encode("utf-8", "surrogatepass")
    digest.update(b"%s%d:" % (tag, len(data)) + data)


class Record:
    """What all records share: rows of plain values, and an Arrow schema."""

    __slots__ = ()

    def to_row(self) -> dict[str, Any]:
        """Plain values by column, as ``schema(type(self))`` types them."""
        return {f.name: _plain(getattr(self, f.name)) for f in fields(typing.cast("Any", self))}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """The record of a row; columns that are no field are left alone."""
        hints = _hints(typing.cast("Any", cls))
        return cls(
            **{
                f.name: _typed(row[f.name], hints[f.name])
                for f in fields(typing.cast("Any", cls))
                if f.name in row
            }
        )


@dataclass(frozen=True, slots=True)
class Furniture(Record):
    """A part of the text that belongs to its form, not its story.

    Attributes:
        kind: ``dateline``, ``byline``, ``date`` or ``sign-off``.
        span: code points, end exclusive.
        value: what it says: a place, a person, an ISO date, an outlet.
    """

    kind: str
    span: Span
    value: str


@dataclass(frozen=True, slots=True)
class Article(Record):
    """One report as one outlet published it.

    Attributes:
        id: of outlet, url (or the input's id), published and canonical text.
        text_id: of the canonical text alone.
        text: canonical text; the title is its first line.
        published: UTC; exact to ``precision`` (one of ``PRECISIONS``), None if unknown.
        language: ISO 639-1.
        source_id: the input's own id, or what names the input (a path and line).
        furniture: datelines, bylines and the like, with their spans.
    """

    id: str
    text_id: str
    text: str
    title: str | None
    outlet: str | None
    url: str | None
    published: datetime | None
    precision: str | None
    language: str | None
    source_id: str | None
    furniture: tuple[Furniture, ...] = ()

    @classmethod
    def create(  # noqa: PLR0913 - one keyword a field of the record
        cls,
        text: str,
        *,
        title: str | None = None,
        outlet: str | None = None,
        url: str | None = None,
        published: datetime | None = None,
        precision: str | None = None,
        language: str | None = None,
        source_id: str | None = None,
        input_id: str | None = None,
        furniture: Iterable[Furniture] = (),
    ) -> Self:
        """Make an article of any text.

        A title that is not already the text's first line is prepended as a paragraph of
        its own; the spans of ``furniture`` count in the text as it is given in canonical
        form and are moved along. ``input_id`` (the record's own id) takes the place of a
        missing url in the id; ``source_id`` only tells where the input was found.
        """
        body = canonical_text(text)
        head = " ".join(canonical_text(title).split()) if title else None
        shift = 0
        if head and " ".join(body.lstrip("\n").split("\n", 1)[0].split()) != head:
            shift = len(head) + 2
            body = canonical_text(f"{head}\n\n{body}")
        if published is not None:
            published = published.astimezone(UTC)
        return cls(
            id=content_id("article", outlet, url or input_id, published, precision, body),
            text_id=content_id("text", body),
            text=body,
            title=head,
            outlet=outlet,
            url=url,
            published=published,
            precision=precision if published else None,
            language=language,
            source_id=input_id or source_id,
            furniture=tuple(
                Furniture(f.kind, (f.span[0] + shift, f.span[1] + shift), f.value)
                for f in furniture
            ),
        )

    @property
    def published_text(self) -> str | None:
        """ISO 8601, as exact as it is known: ``2023``, ``2023-08-11``, ``2023-08-11T09:30Z``."""
        return moment_text(self.published, self.precision)

    def to_dict(self) -> dict[str, Any]:
        """The article's part of the JSON form."""
        return {
            "id": self.id,
            "text_id": self.text_id,
            "title": self.title,
            "text": self.text,
            "outlet": self.outlet,
            "url": self.url,
            "published": self.published_text,
            "language": self.language,
            "furniture": [
                {"kind": f.kind, "span": list(f.span), "value": f.value} for f in self.furniture
            ],
        }


_MOMENT_FORMATS = {
    "year": "%Y",
    "month": "%Y-%m",
    "day": "%Y-%m-%d",
    "minute": "%Y-%m-%dT%H:%MZ",
    "second": "%Y-%m-%dT%H:%M:%SZ",
}


def moment_text(moment: datetime | None, precision: str | None) -> str | None:
    """A UTC moment in ISO 8601, no more exact than it is known."""
    if moment is None:
        return None
    text = moment.astimezone(UTC).strftime(_MOMENT_FORMATS[precision or "second"])
    # strftime leaves years before 1000 unpadded on Linux.
    year, dash, rest = text.partition("-")
    return year.zfill(4) + dash + rest


@dataclass(frozen=True, slots=True)
class Actor(Record):
    """Who acts or speaks, as far as article and codebook tell.

    Attributes:
        country: ISO 3166 alpha-3, or an IGO code.
        sectors: PLOVER sector codes.
    """

    name: str | None
    office: str | None = None
    organisation: str | None = None
    country: str | None = None
    sectors: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values in the JSON form."""
        return {**self.to_row(), "sectors": list(self.sectors)}


@dataclass(frozen=True, slots=True)
class Attribution(Record):
    """One statement: a source, through a cue, is given a content.

    ``source``, ``cue`` and ``content`` are lists of spans, since each may have parts.
    ``verbatim`` are the quoted parts of the content, marks included. ``parent`` is the
    attribution inside whose content this one is told. An unnamed source has no speaker.
    """

    id: str
    article_id: str
    source: Spans
    cue: Spans
    content: Spans
    kind: str
    act: str
    source_class: str
    role: str | None
    collective: bool
    verbatim: Spans
    speaker: Actor | None
    parent: str | None
    confidence: float

    @staticmethod
    def identify(article_id: str, source: Spans, cue: Spans, content: Spans) -> str:
        """The id of the attribution with these spans."""
        return content_id("attribution", article_id, source, cue, content)

    def to_dict(self) -> dict[str, Any]:
        """Plain values in the JSON form."""
        return {
            "id": self.id,
            "source": _lists(self.source),
            "cue": _lists(self.cue),
            "content": _lists(self.content),
            "kind": self.kind,
            "act": self.act,
            "source_class": self.source_class,
            "role": self.role,
            "collective": self.collective,
            "verbatim": _lists(self.verbatim),
            "speaker": self.speaker.to_dict() if self.speaker else None,
            "parent": self.parent,
            "confidence": round(self.confidence, 4),
        }


@dataclass(frozen=True, slots=True)
class Participant(Record):
    """An actor or recipient of an event, at its span."""

    span: Span
    name: str
    country: str | None = None
    sectors: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values in the JSON form."""
        return {**self.to_row(), "span": list(self.span), "sectors": list(self.sectors)}


@dataclass(frozen=True, slots=True)
class Place(Record):
    """Where an event took place, or the reason why no place is given.

    Attributes:
        lat, lon: degrees, WGS 84.
        precision: ``point``, ``place``, ``admin2``, ``admin1``, ``country`` or ``none``.
    """

    span: Span | None
    name: str | None
    geonameid: int | None = None
    admin1: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision: str = "none"
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values in the JSON form."""
        return {**self.to_row(), "span": list(self.span) if self.span else None}


@dataclass(frozen=True, slots=True)
class Date(Record):
    """When an event took place: an interval of days, both ends included.

    Attributes:
        basis: ``stated``, ``relative`` or ``publication``; never a silent fall-back.
    """

    span: Span | None
    start: str | None
    end: str | None
    precision: str
    basis: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values in the JSON form."""
        return {
            "span": list(self.span) if self.span else None,
            "from": self.start,
            "to": self.end,
            "precision": self.precision,
            "basis": self.basis,
        }


@dataclass(frozen=True, slots=True)
class EventMention:
    """An event as reading finds it, before its parts are resolved; spans in code points.

    Attributes:
        certainty: how sure it is told to be, -3 (surely not) to 3.
        score: probability of its trigger, of the likeliest word in it.
    """

    type: str
    mode: str | None
    contexts: tuple[str, ...]
    trigger: Span
    actors: tuple[Span, ...]
    recipients: tuple[Span, ...]
    place: Span | None
    date: Span | None
    factuality: str
    certainty: float
    score: float


@dataclass(frozen=True, slots=True)
class Event(Record):
    """Who did what to whom, as told.

    Attributes:
        attribution: the innermost statement inside whose content the event is told;
            None is the outlet's own voice.
        statement: the attribution that the event itself is (a demand, an accusation).
        tags: the codebook's names for what PLOVER lacks: defection, resignation, closure.
    """

    id: str
    article_id: str
    type: str
    mode: str | None
    contexts: tuple[str, ...]
    trigger: Spans
    actors: tuple[Participant, ...]
    recipients: tuple[Participant, ...]
    place: Place | None
    date: Date | None
    factuality: str
    attribution: str | None
    statement: str | None
    confidence: float
    tags: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values in the JSON form."""
        return {
            "id": self.id,
            "type": self.type,
            "mode": self.mode,
            "contexts": list(self.contexts),
            "trigger": _lists(self.trigger),
            "actors": [actor.to_dict() for actor in self.actors],
            "recipients": [recipient.to_dict() for recipient in self.recipients],
            "place": self.place.to_dict() if self.place else None,
            "date": self.date.to_dict() if self.date else None,
            "factuality": self.factuality,
            "attribution": self.attribution,
            "statement": self.statement,
            "confidence": round(self.confidence, 4),
            "tags": list(self.tags),
        }


@dataclass(frozen=True, slots=True)
class Signal(Record):
    """What a text reports of an indicator's state where there is no event."""

    id: str
    article_id: str
    indicator: str
    direction: str
    span: Span
    attribution: str | None
    factuality: str
    confidence: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values in the JSON form."""
        row = self.to_row()
        del row["article_id"]
        return {**row, "span": list(self.span), "confidence": round(self.confidence, 4)}


@dataclass(frozen=True, slots=True)
class Rejection(Record):
    """Something that could not be taken in or read, and why; counted, never dropped."""

    input_id: str
    stage: str
    reason: str

    @property
    def id(self) -> str:
        """Of input, stage and reason: the same failure twice is one."""
        return content_id("rejection", self.input_id, self.stage, self.reason)

    def to_dict(self) -> dict[str, Any]:
        """Plain values in the JSON form."""
        return {"stage": self.stage, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Judgement(Record):
    """That two things stand in a relation, by whom, when; retracted, never overwritten."""

    id: str
    relation: str
    left: str
    right: str
    decision: bool
    score: float
    explanation: str
    judge: str
    created: datetime
    retracted: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim(Record):
    """Statements, events or signals judged the same, and on whose word they stand."""

    id: str
    text: str
    reports: int
    outlets: int
    owners: int
    origins: int
    channels: int
    support: int
    denials: int
    score: float | None


@dataclass(frozen=True, slots=True)
class Observation(Record):
    """One indicator in one period: distinct claims in the articles read, not events in the world.

    Attributes:
        numerator: distinct claims.
        exposure: articles read in the period.
        estimate, low, high: of the rate; the interval's level is the codebook's.
    """

    indicator: str
    period: str
    speaker_camp: str
    teller_camp: str
    numerator: int
    exposure: int
    estimate: float | None
    low: float | None
    high: float | None
    codebook_version: str


@dataclass(frozen=True, slots=True)
class Review(Record):
    """A person's coding of one item, kept for ever beside the machine's."""

    id: str
    item_id: str
    field: str
    value: str
    reviewer: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Run(Record):
    """What a reading depended on."""

    id: str
    inputs: str
    software: str
    model: str
    codebook: str
    settings: str
    seed: int
    created: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """An article with all that was read in it.

    ``to_dict`` gives the JSON form of ``sayso read``; in a notebook it shows itself.
    """

    article: Article
    attributions: tuple[Attribution, ...] = ()
    events: tuple[Event, ...] = ()
    signals: tuple[Signal, ...] = ()
    rejections: tuple[Rejection, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON form: plain values, spans as ``[start, end]``."""
        return {
            "article": self.article.to_dict(),
            "attributions": [item.to_dict() for item in self.attributions],
            "events": [item.to_dict() for item in self.events],
            "signals": [item.to_dict() for item in self.signals],
            "rejections": [item.to_dict() for item in self.rejections],
        }

    def shown(self, spans: Spans, gap: str = " … ") -> str:
        """The text of one or more spans."""
        return gap.join(self.article.text[start:end] for start, end in spans)

    def _repr_html_(self) -> str:
        from sayso.glance import as_html, glance

        return as_html(glance(self))


def escaped(text: str) -> str:
    """Text for HTML, attributes included."""
    return html.escape(text, quote=True)


def _lists(spans: Spans) -> list[list[int]]:
    return [[start, end] for start, end in spans]


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_row()
    if isinstance(value, tuple):
        return [_plain(member) for member in value]
    return value


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _typed(value: Any, hint: Any) -> Any:
    """A row's value as the field's type wants it."""
    if value is None:
        return None
    hint = _without_none(hint)
    if get_origin(hint) is tuple:
        members = get_args(hint)
        each = members[0]
        if len(members) == 2 and members[1] is not Ellipsis:
            return tuple(value)
        return tuple(_typed(member, each) for member in value)
    if is_dataclass(hint):
        return typing.cast("Any", hint).from_row(value)
    if hint is datetime and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = [member for member in get_args(hint) if member is not type(None)]
    return hint


def schema(record: type[Record]) -> pa.Schema:
    """The Arrow schema of a record: one column a field, nullable where None is allowed.

    Spans are lists of two int32, moments microseconds in UTC.
    """
    return _schema(typing.cast("Any", record))


@cache
def _schema(record: Any) -> pa.Schema:
    import pyarrow as pa

    return pa.schema(
        [
            pa.field(
                f.name, _arrow(_hints(record)[f.name]), nullable=_optional(_hints(record)[f.name])
            )
            for f in fields(typing.cast("Any", record))
        ]
    )


def _optional(hint: Any) -> bool:
    return type(None) in get_args(hint)


def _arrow(hint: Any) -> pa.DataType:
    import pyarrow as pa

    hint = _without_none(hint)
    if get_origin(hint) is tuple:
        return pa.list_(_arrow(get_args(hint)[0]))
    if is_dataclass(hint):
        return pa.struct(
            [
                pa.field(f.name, _arrow(inner), nullable=_optional(inner))
                for f in fields(hint)
                for inner in (_hints(typing.cast("type", hint))[f.name],)
            ]
        )
    plain: dict[Any, pa.DataType] = {
        str: pa.string(),
        int: pa.int32(),
        float: pa.float64(),
        bool: pa.bool_(),
        datetime: pa.timestamp("us", tz="UTC"),
    }
    return plain[hint]


R = TypeVar("R", bound=Record)


def table(record: type[R], records: Iterable[R]) -> pa.Table:
    """Records as an Arrow table."""
    import pyarrow as pa

    return pa.Table.from_pylist([item.to_row() for item in records], schema=schema(record))


class Stage:
    """Names of the stages, as rejections and logs give them."""

    INTAKE: ClassVar = "intake"
    READING: ClassVar = "reading"
    LANGUAGE: ClassVar = "language"
