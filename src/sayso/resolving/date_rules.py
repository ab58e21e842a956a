"""The grammar of dates: what an English expression of time looks like, and which days it means.

Each rule is a pattern and a reader. A reader is handed the match and what the expression is read
against, and returns days and how exact they are; it returns no days where it cannot know them.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

Kind = Literal["stated", "relative", "anchored"]
Days = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Now:
    """What an expression is read against.

    Attributes:
        published: of the article.
        anchor: the last date told before it.
        future: whether the verb near it is of the future.
    """

    published: date | None
    anchor: date | None
    future: bool

    @property
    def any(self) -> date | None:
        """What a missing year is told by."""
        return self.published or self.anchor


@dataclass(frozen=True, slots=True)
class Value:
    """Days, both ends included, and how exact they are."""

    days: Days
    precision: str


NO_DAYS: Days = (None, None)

# --- calendar ---------------------------------------------------------------------------


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _span(first: date | None, last: date | None) -> Days:
    return (first, last) if first and last else NO_DAYS


def _month(year: int, month: int) -> Days:
    first = _day(year, month, 1)
    return _span(first, first and first.replace(day=calendar.monthrange(year, month)[1]))


def _year(year: int) -> Days:
    return _span(_day(year, 1, 1), _day(year, 12, 31))


def _months(year: int, first: int, count: int) -> Days:
    """``count`` months from a month on, over the year's end too."""
    last = first + count - 2
    return _span(_month(year, first)[0], _month(year + last // 12, last % 12 + 1)[1])


def _moved(day: date | None, number: int, unit: str) -> date | None:
    """A day some units earlier or later; the last of a month where the month is shorter."""
    if day is None:
        return None
    try:
        if unit in ("day", "week", "fortnight"):
            return day + timedelta(days=number * {"day": 1, "week": 7, "fortnight": 14}[unit])
        months = number * {"month": 1, "year": 12, "decade": 120}[unit]
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        return None


def _around(day: date | None, unit: str) -> Days:
    """The day, or the whole week, month or year, in which a day lies."""
    if day is None:
        return NO_DAYS
    if unit == "week":
        monday = _moved(day, -day.weekday(), "day")
        return _span(monday, _moved(monday, 6, "day"))
    if unit == "month":
        return _month(day.year, day.month)
    if unit == "year":
        return _year(day.year)
    return day, day


# --- words ------------------------------------------------------------------------------

_MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|"
        "september sept sep|october oct|november nov|december dec".split("|"),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_SHORT_DAYS = {name[:3]: number for name, number in _WEEKDAYS.items()}
_NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
} | {"a": 1, "an": 1, "fifteen": 15, "twenty": 20, "thirty": 30}
# Vague numbers are spans of their units.
_VAGUE = {"couple": (2, 3), "few": (2, 5), "several": (3, 9)}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3,
             "4th": 4}  # fmt: skip
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


def _either(words: dict[str, int], *, capital: bool) -> str:
    """A pattern of words, the longest first; capitalised ones as ``March`` or ``MARCH``."""
    ordered = sorted(words, key=len, reverse=True)
    if not capital:
        return "|".join(ordered)
    return "|".join(f"{word.capitalize()}|{word.upper()}" for word in ordered)


# The full stop of "Jan." is not that of the sentence.
MONTH = rf"(?:{_either(_MONTHS, capital=True)})\b(?:(?<!\w\w\w\w\w)\.(?=,?\s*\d|\s+[a-z]|\Z))?"
WEEKDAY = rf"(?:{_either(_WEEKDAYS, capital=True)})"
_WD_ANY = rf"(?:(?:{_either(_WEEKDAYS, capital=True)}|{_either(_SHORT_DAYS, capital=True)})\b\.?)"
_D = r"(?:3[01]|[12]\d|0?[1-9])(?:\s?(?:st|nd|rd|th))?(?![\d:]|[.,]\d)"
_Y = r"(?:1[89]|20)\d\d(?![\d:%]|[.,-]\d|(?i:\s?(?:people|men|women|children|hours|hrs|gmt|troops|"
_Y += (
    r"soldiers|police|residents|villagers|students|workers|members|prisoners|refugees|seats|votes|"
)
_Y += r"cases|houses|homes|families|deaths|tonn?e?s|acres|hectares|others|strong|"
_Y += r"miles|met(?:er|re)s|km|kilomet(?:er|re)s|dollars|euros|pounds|feet)\b))"
_N = rf"(?:\d{{1,4}}|{_either(_NUMBERS, capital=False)}|(?:a\s+)?couple(?:\s+of)?|"
_N += r"(?:a\s+)?few|several)"
_U = r"(?:day|week|fortnight|month|year|decade)"
_SEASON = rf"(?:{_either(_SEASONS, capital=False)}|Spring|Summer|Autumn|Fall|Winter)"
_PART = r"(?:early|mid|late|the\s+(?:beginning|start|middle|end)\s+of)"
_PART_OF_DAY = r"(?:\s+(?:morning|afternoon|evening|night|noon|midnight|dawn))?"
_OF = r"(?:\s+of)?,?\s+"

# What is named after a day is no date: "Friday prayers", "Sunday Times", "Black Friday".
_NOT_AFTER = (
    r"(?!(?:['’]s)?[\s-]+(?:(?i:prayers?|sermons?|mass|mosque|market|school|imam|khutba)\b|"
    r"(?:Times|Telegraph|Mirror|Express|Herald|Mail|Post|Night\s+Football|Club|Agreement)\b))"
)
_NOT_BEFORE = r"(?<!Black )(?<!Good )(?<!Bloody )(?<!Easter )(?<!Palm )(?<!Ash )(?<!Holy )"
_NOT_BEFORE += r"(?<!Super )(?<!every )(?<!each )(?<!Every )(?<!Each )(?<!any )"

# --- points: one day, week, month, season or year ---------------------------------------

Reader = Callable[[re.Match[str], Now], Value]


class Rule(NamedTuple):
    """One kind of expression, and how it is read."""

    kind: Kind
    pattern: re.Pattern[str]
    read: Reader


def _month_number(name: str) -> int:
    return _MONTHS[name.lower().rstrip(".")]


def _number(text: str) -> int:
    return int(re.match(r"\d+", text)[0])  # type: ignore[index]  # the grammar has digits there


def _nearest(now: Now, make: Callable[[int], Days]) -> Days:
    """Of the same days in several years the nearest past, or future, ones."""
    if now.any is None:
        return NO_DAYS
    year = now.any.year
    # A 29 February may be seven years away.
    steps = range(9)
    for step in steps:
        first, last = make(year + step if now.future else year - step)
        if first is None or last is None:
            continue
        if (now.future and last >= now.any) or (not now.future and first <= now.any):
            return first, last
        if step == 0 and not now.future:
            continue
    return NO_DAYS


def _read_day(match: re.Match[str], now: Now) -> Value:
    month, day = _month_number(match["m"]), _number(match["d"])
    if match["y"]:
        only = _day(int(match["y"]), month, day)
        return Value((only, only), "day")
    return Value(_nearest(now, lambda year: (_day(year, month, day),) * 2), "day")


def _read_iso(match: re.Match[str], _now: Now) -> Value:
    only = _day(int(match["y"]), int(match["m"]), int(match["d"]))
    return Value((only, only), "day")


def _read_slashes(match: re.Match[str], now: Now) -> Value:
    """Both orders where both are days; those after the publication are left out."""
    first, second, year = int(match["a"]), int(match["b"]), int(match["y"])
    orders = [(second, first)] if match["sep"] == "." else [(second, first), (first, second)]
    found = {day for month, number in orders if (day := _day(year, month, number))}
    past = {day for day in found if now.published is None or day <= now.published}
    days = sorted(past or found)
    if not days:
        return Value(NO_DAYS, "day")
    return Value((days[0], days[-1]), "day" if len(days) == 1 else "range")


def _cut(part: str | None, days: Days, *, thirds: tuple[int, int]) -> tuple[Days, bool]:
    """The early, middle or late part of a month or year, cut at two lengths in days."""
    first, last = days
    if not part or first is None or last is None:
        return days, False
    cuts = (first + timedelta(days=thirds[0]), first + timedelta(days=thirds[1]))
    word = part.lower()
    if "early" in word or "beginning" in word or "start" in word:
        return (first, cuts[0] - timedelta(days=1)), True
    if "mid" in word:
        return (cuts[0], cuts[1] - timedelta(days=1)), True
    return (cuts[1], last), True


def _read_month(match: re.Match[str], now: Now) -> Value:
    month = _month_number(match["m"])
    if match["y"]:
        days = _month(int(match["y"]), month)
    else:
        days = _nearest(now, lambda year: _month(year, month))
    days, cut = _cut(match["part"], days, thirds=(10, 20))
    return Value(days, "range" if cut else "month")


def _read_last_month(match: re.Match[str], now: Now) -> Value:
    """As in "last March", "next May": never the month in which it is told."""
    month = _month_number(match["m"])
    which = match["which"].lower()
    if now.published is None:
        return Value(NO_DAYS, "month")
    year = now.published.year
    if which == "this":
        return Value(_month(year, month), "month")
    if which == "last":
        year -= month >= now.published.month
    else:
        year += month <= now.published.month
    return Value(_month(year, month), "month")


def _read_year(match: re.Match[str], _now: Now) -> Value:
    part = match["part"]
    days, cut = _cut(part, _year(int(match["y"])), thirds=(120, 243))
    return Value(days, "range" if cut else "year")


def _read_decade(match: re.Match[str], _now: Now) -> Value:
    year = int(match["y"])
    part = (match["part"] or "").lower()
    first, last = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}.get(part.strip("-"), (0, 9))
    return Value(_span(_day(year + first, 1, 1), _day(year + last, 12, 31)), "range")


def _read_season(match: re.Match[str], now: Now) -> Value:
    """Of the northern half of the world; winter is that which begins in the year."""
    first = _SEASONS[match["s"].lower()]
    which = (match["which"] or "").lower()
    if match["y"]:
        return Value(_months(int(match["y"]), first, 3), "season")
    if now.published is None:
        return Value(NO_DAYS, "season")
    ahead = which == "next" or (not which and now.future)
    seen = Now(now.published, None, future=ahead)
    days = _nearest(seen, lambda year: _months(year, first, 3))
    if which in ("last", "next") and days[0] and days[0] <= now.published <= (days[1] or days[0]):
        days = _months(days[0].year + (1 if which == "next" else -1), first, 3)
    return Value(days, "season")


def _read_quarter(match: re.Match[str], now: Now) -> Value:
    word = (match["o"] or match["q"]).lower()
    quarter = _ORDINALS.get(word) or int(word)
    half = (match["unit"] or "").lower() == "half"
    length = 6 if half else 3
    if quarter > 12 // length:
        return Value(NO_DAYS, "quarter")
    first = (quarter - 1) * length + 1
    year = match["y"]
    days = (
        _months(int(year), first, length)
        if year
        else _nearest(now, lambda at: _months(at, first, length))
    )
    return Value(days, "range" if half else "quarter")


def _read_weekday(match: re.Match[str], now: Now) -> Value:
    name = match["wd"].lower()
    which = (match["which"] or "").lower()
    return Value((_weekday(now, _WEEKDAYS[name], which),) * 2, "day")


def _weekday(now: Now, number: int, which: str) -> date | None:
    """The day itself if the report is of that weekday, but for "last" and "next"."""
    if now.published is None:
        return None
    back = (now.published.weekday() - number) % 7
    if which in ("last", "past", "previous"):
        return _moved(now.published, -(back or 7), "day")
    if which in ("next", "coming"):
        return _moved(now.published, 7 - back, "day")
    if which == "this":
        return _moved(now.published, number - now.published.weekday(), "day")
    if now.future:
        return _moved(now.published, -back % 7, "day")
    return _moved(now.published, -back, "day")


_DAYS_AWAY = {
    "day before yesterday": -2,
    "day after tomorrow": 2,
    "yesterday": -1,
    "last night": -1,
    "overnight": 0,
    "tonight": 0,
    "tomorrow": 1,
}


def _read_near_day(match: re.Match[str], now: Now) -> Value:
    words = " ".join(match[0].lower().split())
    away = next((n for name, n in _DAYS_AWAY.items() if name in words), 0)
    if "overnight" in words:
        return Value(_span(_moved(now.published, -1, "day"), now.published), "range")
    return Value((_moved(now.published, away, "day"),) * 2, "day")


def _read_unit(match: re.Match[str], now: Now) -> Value:
    """As in "last week", "this month", "earlier this year"."""
    unit, which = match["u"].lower(), match["which"].lower()
    step = {"last": -1, "past": -1, "this": 0, "current": 0}.get(which, 1)
    first, last = _around(_moved(now.published, step, unit), unit)
    side = (match["side"] or "").lower()
    if not side or first is None or now.published is None:
        return Value((first, last), unit)
    if step:
        return Value((first, last), unit)
    if side == "earlier":
        return Value((first, now.published), "range")
    return Value((now.published, last), "range")


def _read_weekend(match: re.Match[str], now: Now) -> Value:
    if now.published is None:
        return Value(NO_DAYS, "range")
    which = (match["which"] or "").lower()
    saturday = _moved(now.published, 5 - now.published.weekday(), "day")
    ahead = which == "next" or (now.future and which != "last")
    inside = now.published.weekday() >= 5
    steps = {"next": 7 if inside else 0, "last": -7}.get(which, 0 if inside or ahead else -7)
    if which == "this":
        steps = 0 if inside or now.future else -7
    saturday = _moved(saturday, steps, "day")
    return Value(_span(saturday, _moved(saturday, 1, "day")), "range")


def _amount(text: str) -> tuple[int, int]:
    """The least and the most that a number's words mean."""
    words = text.lower().split()
    for word in words:
        if word in _VAGUE:
            return _VAGUE[word]
    number = int(words[0]) if words[0].isdecimal() else _NUMBERS[words[0]]
    return number, number


def _read_ago(match: re.Match[str], now: Now) -> Value:
    least, most = _amount(match["n"])
    return _shifted(now.published, (least, most), match["u"].lower(), -1)


def _read_in(match: re.Match[str], now: Now) -> Value:
    least, most = _amount(match["n"])
    return _shifted(now.published, (least, most), match["u"].lower(), 1)


def _shifted(day: date | None, amounts: tuple[int, int], unit: str, sign: int) -> Value:
    """Two weeks ago is a day's week, two months ago a month: as exact as the unit."""
    ends = sorted(filter(None, (_moved(day, sign * amount, unit) for amount in amounts)))
    if len(ends) < 2:
        return Value(NO_DAYS, unit)
    whole = {"fortnight": "week", "decade": "year"}.get(unit, unit)
    first, last = _around(ends[0], whole)[0], _around(ends[1], whole)[1]
    vague = amounts[0] != amounts[1] or unit == "decade"
    return Value(_span(first, last), "range" if vague else whole)


def _read_past(match: re.Match[str], now: Now) -> Value:
    """As in "in the past three days", "over the last week": up to the publication."""
    _, most = _amount(match["n"] or "one")
    unit = match["u"].lower()
    if match["which"].lower() in ("next", "coming"):
        return Value(_span(now.published, _moved(now.published, most, unit)), "range")
    return Value(_span(_moved(now.published, -most, unit), now.published), "range")


def _read_recent(_match: re.Match[str], now: Now) -> Value:
    return Value((None, now.published), "range")


def _read_later(match: re.Match[str], now: Now) -> Value:
    sign = 1 if match["dir"].lower() in ("later", "afterwards", "after") else -1
    return _shifted(now.anchor, _amount(match["n"]), match["u"].lower(), sign)


def _read_following(match: re.Match[str], now: Now) -> Value:
    which, unit = match["which"].lower(), match["u"].lower()
    step = {"following": 1, "next": 1, "same": 0, "that": 0}.get(which.split()[-1], -1)
    return Value(_around(_moved(now.anchor, step, unit), unit), unit)


def _read_before(match: re.Match[str], now: Now) -> Value:
    step = 1 if match["dir"].lower() == "after" else -1
    return Value((_moved(now.anchor, step, "day"),) * 2, "day")


def _read_of_month(match: re.Match[str], now: Now) -> Value:
    """As in "on the 12th": of the nearest month."""
    number = _number(match["d"])
    at = now.published
    for _ in range(3):
        day = at and _day(at.year, at.month, number)
        if day and now.published and (day >= now.published if now.future else day <= now.published):
            return Value((day, day), "day")
        at = _moved(at and at.replace(day=1), 1 if now.future else -1, "month")
    return Value(NO_DAYS, "day")


def _rule(kind: Kind, pattern: str, read: Reader, *, any_case: bool = True) -> Rule:
    flags = re.IGNORECASE if any_case else re.NOFLAG
    return Rule(kind, re.compile(rf"(?<![\w/$£€]){pattern}(?![\w/])", flags), read)


_DATED = rf"(?:{_WD_ANY}{_PART_OF_DAY},?\s+(?:the\s+)?)?"
POINTS = [
    _rule("stated", r"(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})", _read_iso),
    _rule("stated", r"(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<y>(?:19|20)\d\d)",
          _read_slashes),
    _rule("stated", rf"{_DATED}(?P<d>{_D})(?:\s+of)?[\s-]+(?P<m>{MONTH})(?:,?[\s-]+(?P<y>{_Y}))?",
          _read_day, any_case=False),
    _rule("stated", rf"{_DATED}(?P<m>{MONTH})\s+(?:the\s+)?(?P<d>{_D})"
          rf"(?:,?\s+(?:of\s+)?(?P<y>{_Y}))?", _read_day, any_case=False),
    _rule("stated", rf"(?:(?P<part>(?i:{_PART}))[\s-]+)?(?P<m>{MONTH}){_OF}(?P<y>{_Y})",
          _read_month, any_case=False),
    _rule("stated", rf"(?P<part>(?i:{_PART}))[\s-]+(?P<m>{MONTH})(?P<y>)", _read_month,
          any_case=False),
    _rule("relative", rf"(?P<which>(?i:last|this|next))\s+(?P<m>{MONTH})(?!\.?\s*\d)",
          _read_last_month, any_case=False),
    _rule("stated", rf"(?:(?<=[Ii]n )|(?<=[Ss]ince )|(?<=[Uu]ntil )|(?<=[Dd]uring )|(?<=[Bb]y )|"
          rf"(?<=[Tt]hroughout )|(?<=[Bb]efore )|(?<=[Aa]fter )|(?<=[Ff]rom )|(?<=[Tt]ill ))"
          rf"(?P<part>)(?P<m>{MONTH})(?P<y>)(?!\s+\d)", _read_month, any_case=False),
    _rule("stated", r"(?:the\s+)?(?:(?P<part>early|mid|late)[\s-]+)?(?P<y>(?:1[89]|20)\d0)s",
          _read_decade),
    _rule("stated", rf"(?P<which>)(?:the\s+)?(?P<s>{_SEASON})(?:\s+of)?\s+(?P<y>{_Y})",
          _read_season),
    _rule("relative", rf"(?P<which>last|this|next)\s+(?P<s>{_SEASON})(?P<y>)", _read_season),
    _rule("relative", r"(?<=in )(?P<which>)(?:the\s+)?(?P<s>spring|summer|autumn|winter)(?P<y>)"
          r"(?!\s+of\b)", _read_season),
    _rule("stated", rf"(?:the\s+)?(?P<o>first|second|third|fourth|1st|2nd|3rd|4th)[\s-]+"
          rf"(?P<unit>quarter|half)(?P<q>)(?:\s+of)?\s+(?P<y>{_Y})", _read_quarter),
    _rule("stated", rf"Q(?P<q>[1-4])(?P<o>)(?P<unit>)\s+(?P<y>{_Y})", _read_quarter,
          any_case=False),
    _rule("stated", rf"(?P<part>{_PART})[\s-]+(?P<y>{_Y})", _read_year),
    _rule("stated", rf"(?:(?<=in )|(?<=since )|(?<=until )|(?<=during )|(?<=by )|(?<=before )|"
          rf"(?<=after )|(?<=from )|(?<=to )|(?<=throughout )|(?<=the year )|(?<=the ))"
          rf"(?P<part>)(?P<y>{_Y})", _read_year),
    _rule("relative", rf"{_NOT_BEFORE}(?:(?P<which>last|this|next|past|previous|coming)\s+)?"
          rf"(?:(?:early|late)\s+)?(?P<wd>(?-i:{WEEKDAY})){_PART_OF_DAY}{_NOT_AFTER}",
          _read_weekday),
    _rule("relative", r"the\s+day\s+(?:before\s+yesterday|after\s+tomorrow)", _read_near_day),
    _rule("relative", r"(?:(?:early|late)\s+)?(?:today|yesterday|tomorrow)" + _PART_OF_DAY,
          _read_near_day),
    _rule("relative", r"tonight|last\s+night|overnight|this\s+(?:morning|afternoon|evening)",
          _read_near_day),
    _rule("relative", r"(?:(?P<side>earlier|later)\s+)?(?P<which>last|this|next|past|current)\s+"
          r"(?P<u>week|month|year)(?!\s?-?end)", _read_unit),
    _rule("relative", r"(?:(?P<which>last|this|next|past)|the)\s+week-?end", _read_weekend),
    _rule("relative", rf"(?P<n>{_N})\s+(?P<u>{_U})s?\s+ago", _read_ago),
    _rule("relative", rf"(?<=\bin )(?P<n>{_N})\s+(?P<u>{_U})s?['’]?\s+time", _read_in),
    _rule("relative", rf"(?:(?:in|over|during|within|for)\s+)?the\s+"
          rf"(?P<which>past|last|next|coming)\s+(?P<n>{_N})\s+(?P<u>{_U})s?", _read_past),
    _rule("relative", rf"(?:over|during|within)\s+the\s+(?P<which>past|last)\s+(?P<n>)(?P<u>{_U})",
          _read_past),
    _rule("relative", r"(?:in|over)\s+(?:the\s+)?recent\s+(?:days|weeks|months|years)",
          _read_recent),
    _rule("anchored", rf"(?P<n>{_N})\s+(?P<u>{_U})s?\s+(?P<dir>later|earlier|afterwards)",
          _read_later),
    _rule("anchored", r"(?:on\s+)?(?P<which>the\s+(?:following|next|previous|preceding|same))\s+"
          r"(?P<u>day|week|month|year)", _read_following),
    _rule("anchored", r"(?:(?<=on )|(?<=in )|(?<=later )|(?<=earlier ))(?P<which>that)\s+"
          r"(?P<u>day|week|month|year)", _read_following),
    _rule("anchored", r"(?:a|the)\s+day\s+(?P<dir>before|after|earlier)"
          r"(?=\s*(?:[.,;)]|\Z|\bin\b|\band\b))", _read_before),
    _rule("relative", r"(?<=on )the\s+(?P<d>(?:3[01]|[12]?\d)(?:st|nd|rd|th))(?!\s+(?:of|[a-z]))",
          _read_of_month),
]  # fmt: skip

# --- ranges -----------------------------------------------------------------------------

_TO = r"\s*(?:[-–—]|\b(?:to|until|till|through)\b)\s*"
AND = r"\s*(?:[-–—]|\b(?:and|to|until|till|through)\b)\s*"
LEAD = r"(?:from|From|between|Between|FROM|BETWEEN)"


def _read_days_of_month(match: re.Match[str], now: Now) -> Value:
    month, first, last = _month_number(match["m"]), _number(match["d1"]), _number(match["d2"])

    def days(year: int) -> Days:
        return _span(_day(year, month, first), _day(year, month, last))

    return ordered(days(int(match["y"])) if match["y"] else _nearest(now, days))


def _read_months(match: re.Match[str], now: Now) -> Value:
    month = _month_number(match["m2"])
    year = match["y"]
    last = _month(int(year), month) if year else _nearest(now, lambda at: _month(at, month))
    return _ending(last, lambda at: _month(at, _month_number(match["m1"])))


def _ending(last: Days, make: Callable[[int], Days]) -> Value:
    """From the nearest such days before an end to that end: "November to March 2011"."""
    if last[0] is None:
        return Value(NO_DAYS, "range")
    first = _nearest(Now(last[0], None, future=False), make)
    return ordered((first[0], last[1]))


def _read_years(match: re.Match[str], _now: Now) -> Value:
    return ordered((_year(int(match["y1"]))[0], _year(int(match["y2"]))[1]))


def ordered(days: Days) -> Value:
    """A range, or nothing where it would end before it begins."""
    first, last = days
    if first is None or last is None or first > last:
        return Value(NO_DAYS, "range")
    return Value(days, "range")


RANGES = [
    _rule("stated", rf"(?:{LEAD}\s+)?(?:the\s+)?(?P<d1>{_D}){_TO}(?:the\s+)?(?P<d2>{_D})"
          rf"(?:\s+of)?\s+(?P<m>{MONTH})(?:,?\s+(?P<y>{_Y}))?", _read_days_of_month,
          any_case=False),
    _rule("stated", rf"{LEAD}\s+(?:the\s+)?(?P<d1>{_D})\s+and\s+(?:the\s+)?(?P<d2>{_D})"
          rf"(?:\s+of)?\s+(?P<m>{MONTH})(?:,?\s+(?P<y>{_Y}))?", _read_days_of_month,
          any_case=False),
    _rule("stated", rf"(?:{LEAD}\s+)?(?P<m>{MONTH})\s+(?P<d1>{_D}){_TO}(?P<d2>{_D})"
          rf"(?:,?\s+(?P<y>{_Y}))?", _read_days_of_month, any_case=False),
    _rule("stated", rf"{LEAD}\s+(?P<m>{MONTH})\s+(?P<d1>{_D})\s+and\s+(?P<d2>{_D})"
          rf"(?:,?\s+(?P<y>{_Y}))?", _read_days_of_month, any_case=False),
    _rule("stated", rf"{LEAD}\s+(?P<m1>{MONTH}){AND}(?P<m2>{MONTH})(?!\s+\d{{1,2}}\b)"
          rf"(?:\s+(?:of\s+)?(?P<y>{_Y}))?", _read_months, any_case=False),
    _rule("stated", rf"(?P<m1>{MONTH}){_TO}(?P<m2>{MONTH})\s+(?:of\s+)?(?P<y>{_Y})", _read_months,
          any_case=False),
    _rule("stated", rf"{LEAD}\s+(?P<y1>(?:1[89]|20)\d\d){AND}(?P<y2>{_Y})", _read_years,
          any_case=False),
    _rule("stated", rf"(?P<y1>(?:19|20)\d\d)[-–—](?P<y2>{_Y})", _read_years, any_case=False),
]  # fmt: skip
