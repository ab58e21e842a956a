"""Dates as pages, records and newspapers write them: exactly as exact as they are stated.

Nothing is filled in: a year stays a year, and what could be two different days (03/04/2023)
is not understood at all. ``dateutil`` was tried and left: it takes missing parts from today.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, timedelta

Moment = tuple[datetime, str]

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
# The longest first, or "Sep" would match in "September".
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"

_DATE = re.compile(
    rf"""
    (?:{WEEKDAY}\s*,?\s*)?
    (?:
        (?P<y1>\d{{4}})(?P<sep1>[-/.])(?P<m1>\d{{1,2}})(?:(?P=sep1)(?P<d1>\d{{1,2}}))?(?!\d)
      | (?P<y2>\d{{4}})(?P<m2>\d{{2}})(?P<d2>\d{{2}})(?=\D|\Z|(?:\d{{4}}|\d{{6}})(?!\d))
      | (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?
        (?P<m3>{MONTH})\b\.?,?[\s-]+(?P<y3>\d{{4}})\b
      | (?P<m4>{MONTH})\b\.?\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y4>\d{{4}})\b
      | (?P<a5>\d{{1,2}})(?P<sep5>[./-])(?P<b5>\d{{1,2}})(?P=sep5)(?P<y5>\d{{4}})(?!\d)
      | (?P<m6>{MONTH})\b\.?,?\s+(?P<y6>\d{{4}})\b
      | (?P<y7>\d{{4}})(?!\w)
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Hours from UTC.
_ZONES = {
    **dict.fromkeys(("Z", "UTC", "GMT", "WET"), 0.0),
    **dict.fromkeys(("CET", "WAT", "WEST"), 1.0),
    **dict.fromkeys(("CEST", "EET", "SAST", "CAT"), 2.0),
    **dict.fromkeys(("EEST", "MSK", "EAT", "TRT"), 3.0),
    **dict.fromkeys(("HKT", "SGT", "AWST"), 8.0),
    **dict.fromkeys(("JST", "KST"), 9.0),
    "IRST": 3.5,
    "PKT": 5.0,
    "WIB": 7.0,
    "AEST": 10.0,
    "AEDT": 11.0,
    "EDT": -4.0,
    "EST": -5.0,
    "CDT": -5.0,
    "MDT": -6.0,
    "MST": -7.0,
    "PDT": -7.0,
    "PST": -8.0,
}
# These mean different hours in different countries or seasons: such a time cannot be placed.
_NOWHERE = ("IST", "BST", "CST", "AST", "ET", "CT", "MT", "PT")
_TIME = re.compile(
    r"""
    (?: [Tt]?(?P<hour1>\d{2})(?P<minute1>\d{2})(?P<second1>\d{2})?(?!\d)
      | (?:\s*(?:[Tt,|·–—-]|\bat\b)\s*|\s+)
        (?P<hour2>\d{1,2})(?P<mark>[:.])(?P<minute2>\d{2})(?:[:.](?P<second2>\d{2}))?(?!\d)
    )
    (?:(?<=:\d\d)[.,]\d+)?
    (?:\s*(?P<half>[aApP])\.?[mM]\b\.?)?
    (?:\s*\(?(?P<zone>Z\b|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?\b|(?:@ZONES@)\b)\)?)?
    """.replace("@ZONES@", "|".join(sorted((*_ZONES, *_NOWHERE), key=len, reverse=True))),
    re.VERBOSE,
)
# The first weekly newspaper is of 1605; later than 2100 is a slip of the pen.
_YEARS = range(1600, 2101)


def parse_published(value: object) -> Moment | None:
    """A moment in UTC and its precision (one of ``records.PRECISIONS``).

    Takes ISO 8601, RFC 2822, English dates in words, unambiguous numeric dates, seconds or
    milliseconds since 1970, ``date`` and ``datetime``. A time without a zone counts as UTC;
    one in a zone that cannot be placed is dropped, the day kept. Midnight sharp is how
    machines write a day without a time, and is read so.

    Returns:
        None for nothing, for impossible dates, and for what could be two days.
    """
    if isinstance(value, datetime):
        value = value.replace(microsecond=0).isoformat()
    elif isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(int(value)) if math.isfinite(value) else ""
    if not isinstance(value, str):
        return None
    text = " ".join(value[:100].split())
    found = match_date(text)
    if found and found[0] == len(text):
        return found[1]
    return _since_1970(text)


def match_date(text: str, start: int = 0) -> tuple[int, Moment] | None:
    """The date, with its time if there is one, that begins at ``start``, and where it ends.

    The end is in code points, exclusive. None if there is no date, or an impossible one.
    """
    match = _DATE.match(text, start)
    day = _day_of(match) if match else None
    if match is None or day is None:
        return None
    clock = _TIME.match(text, match.end()) if day[2] else None
    if clock and (timed := _at(day, clock)):
        return clock.end(), timed
    moment = _moment(day)
    return (match.end(), moment) if moment else None


def _day_of(match: re.Match[str]) -> tuple[int, int | None, int | None] | None:
    part = {name[0] + name[-1]: text for name, text in match.groupdict().items() if text}
    if "a5" in part:
        return _numeric(int(part["a5"]), int(part["b5"]), int(part["y5"]), part["s5"])
    which = next(name[-1] for name in part if name[0] == "y")
    month, day = part.get("m" + which), part.get("d" + which)
    number = MONTHS.get(month.lower()) or int(month) if month else None
    return int(part["y" + which]), number, int(day) if day else None


def _numeric(first: int, second: int, year: int, separator: str) -> tuple[int, int, int] | None:
    # With full stops it is day first wherever it is used; with other marks it depends.
    if separator == "." or first > 12 or first == second:
        return year, second, first
    return (year, first, second) if second > 12 else None


def _at(day: tuple[int, int | None, int | None], clock: re.Match[str]) -> Moment | None:
    hour, minute, second = (
        int(clock[name + "1"] or clock[name + "2"] or 0) for name in ("hour", "minute", "second")
    )
    if clock["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (clock["half"] in "pP")
    elif clock["mark"] == ".":
        return None  # 3.50 is as likely a price
    offset = _offset(clock["zone"])
    if offset is None or hour == minute == second == 0:
        return _moment(day)
    whole = _moment(day)
    if whole is None or hour > 23 or minute > 59 or second > 59:
        return None
    moment = whole[0] + timedelta(hours=hour, minutes=minute, seconds=second) - offset
    return moment, "second" if clock["second1"] or clock["second2"] else "minute"


def _offset(zone: str | None) -> timedelta | None:
    if zone is None or zone in _ZONES:
        return timedelta(hours=_ZONES[zone or "UTC"])
    match = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?", zone)
    if not match or int(match[2]) > 14 or int(match[3] or 0) > 59:
        return None
    span = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return -span if match[1] == "-" else span


def _moment(day: tuple[int, int | None, int | None]) -> Moment | None:
    year, month, number = day
    if year not in _YEARS:
        return None
    try:
        moment = datetime(
            year, 1 if month is None else month, 1 if number is None else number, tzinfo=UTC
        )
    except ValueError:
        return None
    return moment, "year" if month is None else "month" if number is None else "day"


def _since_1970(digits: str) -> Moment | None:
    if not re.fullmatch(r"\d{9,10}|\d{12,13}", digits):
        return None
    seconds = int(digits) // (1000 if len(digits) > 10 else 1)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    if moment.year not in _YEARS:
        return None
    return moment, "second" if seconds % 86_400 else "day"
