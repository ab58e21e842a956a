"""Dates: which words are expressions of time, and which days they mean."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.records import Date
from sayso.resolving.dates import find_dates, read_dates, resolve_date

WEDNESDAY = date(2019, 3, 13)


def read(text: str, published: date | None = WEDNESDAY) -> list[tuple[str, str | None, str | None]]:
    return [
        (text[d.span[0] : d.span[1]] if d.span else "", d.start, d.end)
        for d in read_dates(text, 0, len(text), published=published)
    ]


def days(text: str, published: date | None = WEDNESDAY) -> tuple[str | None, str | None]:
    ((_, start, end),) = read(text, published)
    return start, end


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("on 12 March 2017", "2017-03-12", "2017-03-12", "day"),
        ("on March 12, 2017", "2017-03-12", "2017-03-12", "day"),
        ("on the 12th of March 2017", "2017-03-12", "2017-03-12", "day"),
        ("on Sept. 11, 2001", "2001-09-11", "2001-09-11", "day"),
        ("on 2017-03-12", "2017-03-12", "2017-03-12", "day"),
        ("on 13/02/2017", "2017-02-13", "2017-02-13", "day"),
        ("on 02/13/2017", "2017-02-13", "2017-02-13", "day"),
        ("on 01/02/2017", "2017-01-02", "2017-02-01", "range"),
        ("on 01.02.2017", "2017-02-01", "2017-02-01", "day"),
        ("Saturday, 9 March 2019", "2019-03-09", "2019-03-09", "day"),
        ("March 12", "2019-03-12", "2019-03-12", "day"),
        ("March 14", "2018-03-14", "2018-03-14", "day"),
        ("25 December", "2018-12-25", "2018-12-25", "day"),
        ("29 February", "2016-02-29", "2016-02-29", "day"),
        ("in March 2017", "2017-03-01", "2017-03-31", "month"),
        ("in May", "2018-05-01", "2018-05-31", "month"),
        ("in late March 2018", "2018-03-21", "2018-03-31", "range"),
        ("in mid-March 2018", "2018-03-11", "2018-03-20", "range"),
        ("early 2018", "2018-01-01", "2018-04-30", "range"),
        ("in 2017", "2017-01-01", "2017-12-31", "year"),
        ("the 2017 election", "2017-01-01", "2017-12-31", "year"),
        ("the 1990s", "1990-01-01", "1999-12-31", "range"),
        ("in the spring of 2018", "2018-03-01", "2018-05-31", "season"),
        ("in winter 2018", "2018-12-01", "2019-02-28", "season"),
        ("the third quarter of 2018", "2018-07-01", "2018-09-30", "quarter"),
        ("from 3 to 7 May", "2018-05-03", "2018-05-07", "range"),
        ("3-7 May 2017", "2017-05-03", "2017-05-07", "range"),
        ("May 3-7, 2017", "2017-05-03", "2017-05-07", "range"),
        ("between January and March 2011", "2011-01-01", "2011-03-31", "range"),
        ("from November to March 2011", "2010-11-01", "2011-03-31", "range"),
        ("between 3 March and 7 May 2018", "2018-03-03", "2018-05-07", "range"),
        ("from 2010 to 2012", "2010-01-01", "2012-12-31", "range"),
        ("since 2011", "2011-01-01", "2019-03-13", "range"),
        ("until March 2017", None, "2017-03-31", "range"),
    ],
)
def test_stated_dates(text: str, start: str | None, end: str, precision: str) -> None:
    (told,) = read_dates(text, 0, len(text), published=WEDNESDAY)
    assert (told.start, told.end, told.precision, told.basis) == (start, end, precision, "stated")


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("on Monday", "2019-03-11", "2019-03-11", "day"),
        ("Tuesday night", "2019-03-12", "2019-03-12", "day"),
        ("today", "2019-03-13", "2019-03-13", "day"),
        ("yesterday", "2019-03-12", "2019-03-12", "day"),
        ("the day before yesterday", "2019-03-11", "2019-03-11", "day"),
        ("last night", "2019-03-12", "2019-03-12", "day"),
        ("tomorrow", "2019-03-14", "2019-03-14", "day"),
        ("last week", "2019-03-04", "2019-03-10", "week"),
        ("this month", "2019-03-01", "2019-03-31", "month"),
        ("earlier this month", "2019-03-01", "2019-03-13", "range"),
        ("next year", "2020-01-01", "2020-12-31", "year"),
        ("two days ago", "2019-03-11", "2019-03-11", "day"),
        ("three months ago", "2018-12-01", "2018-12-31", "month"),
        ("a few weeks ago", "2019-02-04", "2019-03-03", "range"),
        ("in the past three days", "2019-03-10", "2019-03-13", "range"),
        ("in recent weeks", None, "2019-03-13", "range"),
        ("since Monday", "2019-03-11", "2019-03-13", "range"),
        ("over the weekend", "2019-03-09", "2019-03-10", "range"),
        ("from Monday to Tuesday", "2019-03-11", "2019-03-12", "range"),
        ("last March", "2018-03-01", "2018-03-31", "month"),
        ("last summer", "2018-06-01", "2018-08-31", "season"),
        ("died on the 12th", "2019-03-12", "2019-03-12", "day"),
    ],
)
def test_dates_relative_to_the_publication(
    text: str, start: str | None, end: str, precision: str
) -> None:
    (told,) = read_dates(text, 0, len(text), published=WEDNESDAY)
    assert (told.start, told.end, told.precision, told.basis) == (start, end, precision, "relative")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("He was shot on Wednesday", 13),
        ("He was shot last Wednesday", 6),
        ("He was shot on Thursday", 7),
        ("They will meet on Wednesday", 13),
        ("They will meet on Thursday", 14),
        ("The party said it will meet on Friday", 15),
        ("She said on Friday that it will meet", 8),
        ("On Friday the council will meet", 15),
        ("The talks, due on Friday, matter", 15),
        ("next Friday", 15),
        ("next Wednesday", 20),
        ("this Monday", 11),
    ],
)
def test_weekdays_follow_the_verb(text: str, day: int) -> None:
    assert days(text) == (f"2019-03-{day:02}",) * 2


def test_a_date_without_a_year_follows_the_verb_too() -> None:
    assert days("They met on 14 March") == ("2018-03-14",) * 2
    assert days("They will meet on 14 March") == ("2019-03-14",) * 2


def test_what_counts_from_the_text_counts_from_the_last_date_told() -> None:
    text = "It began on 3 May 2018. Two days later they fled. The following day it rained."
    assert [start for _, start, _ in read(text)] == ["2018-05-03", "2018-05-05", "2018-05-06"]
    text = "Shots fell on Monday. A week earlier, and the previous day, all was calm."
    assert [day for _, *day in read(text)][1:] == [["2019-03-04", "2019-03-10"], ["2019-03-09"] * 2]


def test_without_a_date_before_it_nothing_is_counted_from() -> None:
    ((shown, start, end),) = read("Two days later they fled.")
    assert (shown, start, end) == ("Two days later", None, None)


def test_without_an_expression_the_publication_is_a_bound_and_no_more() -> None:
    assert resolve_date("He fled.", None, published=WEDNESDAY) == Date(
        None, None, "2019-03-13", "range", "publication"
    )
    assert resolve_date("He fled.", None, published=None) == Date(
        None, None, None, "none", "publication"
    )


def test_without_a_publication_what_depends_on_it_stays_open() -> None:
    assert days("on Monday", None) == (None, None)
    assert days("on March 12", None) == (None, None)
    assert days("on March 12, 2017", None) == ("2017-03-12", "2017-03-12")


def test_a_moment_serves_as_well_as_a_day() -> None:
    told = resolve_date("Monday", (0, 6), published=datetime(2019, 3, 13, 9, 30))
    assert told.start == "2019-03-11"


@pytest.mark.parametrize(
    "text",
    [
        "the 9/11 attacks",
        "at Friday prayers",
        "the Friday prayer leader",
        "a Sunday Times report",
        "on Black Friday",
        "every Monday",
        "on Fridays",
        "in 2000 people",
        "May I come? They march 12 abreast.",
        "30 February 2019",
        "a score of 3-2",
        "in the fall of Aleppo",
        "at 17:30",
        "$2015 was paid",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert read(text) == []


def test_only_the_stretch_is_searched() -> None:
    text = "on Monday and on Friday"
    assert [found.span for found in find_dates(text, 10, len(text))] == [(17, 23)]


_WORDS = st.sampled_from(
    "on in from between since until last next this the a two few 3 12 31 2019 1999 March May Feb. "
    "Monday Friday week month year days later ago earlier following day and to - / , . ’s 12th "
    "weekend spring early late 2019-02-30 99999 will said 🙂 五月".split()
)
_TEXTS = st.lists(_WORDS, max_size=14).map(" ".join) | st.text(max_size=60)
_DAYS = st.none() | st.dates()


@given(_TEXTS, _DAYS)
def test_spans_ground_and_intervals_run_forward(text: str, published: date | None) -> None:
    found = find_dates(text, 0, len(text))
    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    for one in found:
        for anchor in (None, published):
            told = resolve_date(text, one.span, published=published, anchor=anchor)
            assert told.span == one.span
            assert told.precision != "none"
            assert told.basis == ("stated" if one.kind == "stated" else "relative")
            assert told.start is None or told.end is None or told.start <= told.end


@given(_TEXTS, st.integers(-3, 70), st.integers(-3, 70), _DAYS, _DAYS)
def test_any_span_is_borne(
    text: str, start: int, end: int, published: date | None, anchor: date | None
) -> None:
    told = resolve_date(text, (start, end), published=published, anchor=anchor)
    assert told.start is None or told.end is None or told.start <= told.end
    find_dates(text, start, end)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_both_orders_and_iso_mean_the_same_day(day: date) -> None:
    forms = [f"{day:%d %B %Y}", f"{day:%B} {day.day}, {day.year}", day.isoformat()]
    assert {days(form, None) for form in forms} == {(day.isoformat(),) * 2}


@given(st.dates(date(1901, 1, 1), date(2099, 12, 31)), st.integers(0, 6))
def test_a_weekday_of_the_past_is_the_nearest(published: date, number: int) -> None:
    name = (date(2024, 1, 1) + timedelta(days=number)).strftime("%A")
    start, _ = days(f"He died on {name}", published)
    assert start is not None
    told = date.fromisoformat(start)
    assert told.weekday() == number
    assert timedelta() <= published - told < timedelta(days=7)


@pytest.mark.parametrize(
    "told",
    ["two decades' time", "three weeks' time", "over the coming three days", "the past two years"],
)
def test_no_other_date_need_stand_near(told: str) -> None:
    text = f"It will be over in {told}, they say."
    assert [told in text[a:b] or text[a:b] in told for a, b in spans(text)] == [True]


@given(st.integers(60, 130))
def test_far_from_a_date_no_word_is_cut_into_one(gap: int) -> None:
    text = "It rained on Monday " + "x" * gap + " by Maria Olsen and Mayor Decker."
    assert [text[a:b] for a, b in spans(text)] == ["Monday"]


def spans(text: str) -> list[tuple[int, int]]:
    return [(found.start, found.end) for found in find_dates(text, 0, len(text))]
