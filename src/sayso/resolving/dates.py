"""Dates: when things are said to have happened, as intervals of days.

A small grammar of English (``date_rules``), no more: what it does not know stays unfound, what
it finds is as exact as it is stated. Nothing falls back silently: an expression that needs a
date which is not known ("two days later" without one before it) is given without ends.

Weekdays and dates without a year are the nearest in the past, as reports tell of the past,
unless the verb near them is of the future. The order of the work follows TIMEX3 (Pustejovsky
et al. 2003): extent first, then value against the publication or an anchor in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from sayso.records import Date, Span
from sayso.resolving.date_rules import (
    AND,
    LEAD,
    MONTH,
    NO_DAYS,
    POINTS,
    RANGES,
    WEEKDAY,
    Days,
    Kind,
    Now,
    Rule,
    Value,
    ordered,
)

__all__ = ["Found", "anchor_of", "find_dates", "read_dates", "resolve_date"]


class Found(NamedTuple):
    """An expression of time.

    Attributes:
        start, end: code points, end exclusive.
        kind: ``stated`` by itself, ``relative`` to the publication, or ``anchored``: relative
            to a date told before it.
    """

    start: int
    end: int
    kind: Kind

    @property
    def span(self) -> Span:
        """Both ends."""
        return self.start, self.end


# --- finding ----------------------------------------------------------------------------

_LEADING = re.compile(rf"(?<!\w){LEAD}\s+\Z")
_OPEN = re.compile(r"(?i)(?<!\w)(?P<word>since|until|till)\s+\Z")
_JOINING = re.compile(rf"{AND}\Z")

# Without any of these no rule fits; most sentences have none, and they are looked at only so
# far around one.
_REACH = 100
_TRIGGER = re.compile(
    rf"\d|{MONTH}|{WEEKDAY}|(?i:\b(?:today|yesterday|tomorrow|tonight|overnight|last|this|next|past|ago|"
    r"recent|later|earlier|coming|week-?end|afterwards|(?:day|week|fortnight|month|year|decade|quarter)s?|spring|summer|autumn|winter)"
    r"\b)"
)


class _Match(NamedTuple):
    start: int
    end: int
    rule: Rule
    match: re.Match[str]


def find_dates(text: str, start: int, end: int) -> list[Found]:
    """All expressions of time between two code points, in their order, none inside another."""
    start, end = max(0, start), min(end, len(text))
    near = _near_triggers(text, start, end)
    points = _apart(match for stretch in near for match in _matches(text, *stretch))
    found: list[Found] = []
    at = 0
    while at < len(points):
        point = points[at]
        before = text[max(start, point.start - 16) : point.start]
        following = points[at + 1] if at + 1 < len(points) else None
        lead = _LEADING.search(before)
        if lead and following and _JOINING.match(text[point.end : following.start]):
            first = point.start - len(lead[0])
            kind = max(point.rule.kind, following.rule.kind, key=_ORDER.index)
            found.append(Found(first, following.end, kind))
            at += 2
            continue
        opened = _OPEN.search(before) if point.rule not in RANGES else None
        first = point.start - len(opened[0]) if opened else point.start
        found.append(Found(first, point.end, point.rule.kind))
        at += 1
    return found


_ORDER: tuple[Kind, ...] = ("stated", "relative", "anchored")


def _near_triggers(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches of a text in which a rule may fit."""
    found: list[tuple[int, int]] = []
    for trigger in _TRIGGER.finditer(text, start, end):
        a, b = max(start, trigger.start() - _REACH), min(end, trigger.end() + _REACH)
        # Never inside a word: "Mar" of "Maria" is no month.
        while a > start and not text[a - 1].isspace():
            a -= 1
        while b < end and not text[b].isspace():
            b += 1
        if found and a <= found[-1][1]:
            found[-1] = (found[-1][0], b)
        else:
            found.append((a, b))
    return found


def _matches(text: str, start: int, end: int) -> Iterator[_Match]:
    for rule in (*RANGES, *POINTS):
        for match in rule.pattern.finditer(text, start, end):
            yield _Match(match.start(), match.end(), rule, match)


def _apart(matches: Iterable[_Match]) -> list[_Match]:
    """The longest of those that overlap, then the first; impossible days are left out.

    They still stand in the way of others: "30 February 2019" is not that February.
    """
    kept: list[_Match] = []
    starts: list[int] = []
    for match in sorted(matches, key=lambda m: (m.start - m.end, m.start)):
        at = bisect_left(starts, match.start)
        if at and kept[at - 1].end > match.start:
            continue
        if at < len(kept) and kept[at].start < match.end:
            continue
        kept.insert(at, match)
        starts.insert(at, match.start)
    return [match for match in kept if _possible(match)]


_SOME_DAY = date(2000, 6, 15)


def _possible(found: _Match) -> bool:
    """Whether a stated date exists; the others do, but for those beyond the calendar's ends."""
    if found.rule.kind != "stated":
        return True
    return found.rule.read(found.match, Now(_SOME_DAY, None, future=False)).days != NO_DAYS


# --- resolving --------------------------------------------------------------------------


def resolve_date(
    text: str, span: Span | None, *, published: date | None, anchor: date | None = None
) -> Date:
    """The days that the expression at a span means.

    Args:
        text: the article's text.
        span: as ``find_dates`` has it; None: the event is told without any date.
        published: of the article.
        anchor: the last date told before it, which "two days later" counts from.

    Returns:
        A date with both ends, with one ("until Friday"), or, where what it depends on is not
        known, with none. Without an expression the publication is an upper bound, no more:
        ``basis`` is ``publication`` and ``start`` None. ``precision`` is ``day``, ``week``,
        ``month``, ``quarter``, ``season``, ``year``, ``range`` or ``none``.
    """
    published, anchor = _plain(published), _plain(anchor)
    if span is None:
        end = published.isoformat() if published else None
        return Date(None, None, end, "range" if end else "none", "publication")
    start, end_at = max(0, span[0]), max(0, min(span[1], len(text)))
    now = Now(published, anchor, future=_is_future(text, (start, end_at)))
    read = _read(text, start, end_at, now)
    if read is None:
        return Date(span, None, None, "none", "stated")
    value, kind = read
    first, last = value.days
    if first and last and first > last:
        first = last = None
    basis = "stated" if kind == "stated" else "relative"
    return Date(span, _iso(first), _iso(last), value.precision, basis)


def read_dates(text: str, start: int, end: int, *, published: date | None) -> list[Date]:
    """All dates between two code points, each relative one against the one told before it."""
    dates: list[Date] = []
    anchor: date | None = None
    for found in find_dates(text, start, end):
        told = resolve_date(text, found.span, published=published, anchor=anchor)
        dates.append(told)
        anchor = anchor_of(told) or anchor
    return dates


def anchor_of(told: Date | None) -> date | None:
    """The day from which a later "the next day" counts: a date's last one."""
    if told is None or told.end is None or told.basis == "publication":
        return None
    return date.fromisoformat(told.end)


def _plain(day: date | None) -> date | None:
    """Without the time, if it is a moment: the two do not compare."""
    return date(day.year, day.month, day.day) if day else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _read(text: str, start: int, end: int, now: Now) -> tuple[Value, Kind] | None:
    point = _read_point(text, start, end, now)
    if point:
        return point
    opened = re.compile(r"(?i)(since|until|till)\s+").match(text, start, end)
    if opened:
        inner = _read_point(text, opened.end(), end, now)
        return inner and (_opened(opened[1].lower(), inner[0].days, now), inner[1])
    return _read_between(text, start, end, now)


def _read_point(text: str, start: int, end: int, now: Now) -> tuple[Value, Kind] | None:
    for rule in (*RANGES, *POINTS):
        match = rule.pattern.fullmatch(text, start, end)
        if match:
            return rule.read(match, now), rule.kind
    return None


def _opened(word: str, days: Days, now: Now) -> Value:
    """Since a day until the publication, or until a day from no one knows when."""
    first, last = days
    if word != "since":
        return Value((None, last), "range")
    if first and now.published and first > now.published:
        return Value(NO_DAYS, "range")
    return Value((first, now.published if first else None), "range")


def _read_between(text: str, start: int, end: int, now: Now) -> tuple[Value, Kind] | None:
    """Two points and what joins them; the first is read against the second."""
    lead = re.compile(rf"{LEAD}\s+").match(text, start, end)
    if not lead:
        return None
    for joint in re.compile(AND).finditer(text, lead.end(), end):
        last = _read_point(text, joint.end(), end, now)
        if last is None:
            continue
        until = last[0].days[1]
        back = Now(until or now.published, now.anchor, future=False)
        first = _read_point(text, lead.end(), joint.start(), back)
        if first:
            kind = max(first[1], last[1], key=_ORDER.index)
            return ordered((first[0].days[0], until)), kind
    return None


# --- tense ------------------------------------------------------------------------------

_CLAUSE = re.compile(r"[.!?;:\n]|,\s")
_VERBS = re.compile(
    r"(?i)\b(?:(?P<future>will|shall|won['’]t|(?:is|are|was|were)\s+(?:to|due|set|scheduled|expected|"
    r"planned|going)|going\s+to|plan(?:s|ned)?\s+to|due\s+(?:to|on|in|for)|scheduled|slated|"
    r"expected|upcoming|would|to\s+be|(?-i:may|might))|(?P<past>said|told|was|were|had|has|have|did|[a-z]{3,}ed|"
    r"came|went|took|began|held|met|left|fell|broke|fought|shot|blew|struck|hit|killed|made|"
    r"gave|saw|rose|led|sent|found|won|lost|wrote))\b|['’](?P<will>ll)\b"
)


def _is_future(text: str, span: Span) -> bool:
    """Whether the verb nearest before it in its clause, or else the first after, is future."""
    before = text[max(0, span[0] - 160) : span[0]]
    breaks = [m.end() for m in _CLAUSE.finditer(before)]
    clause = before[breaks[-1] :] if breaks else before
    verbs = list(_VERBS.finditer(clause))
    if verbs:
        return verbs[-1]["past"] is None
    after = text[span[1] : span[1] + 120]
    stop = _CLAUSE.search(after)
    verb = _VERBS.search(after[: stop.start()] if stop and stop.start() > 1 else after)
    return verb is not None and verb["past"] is None
