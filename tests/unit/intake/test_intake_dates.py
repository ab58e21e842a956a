from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.intake import parse_published
from sayso.intake.dates import match_date
from sayso.records import PRECISIONS, moment_text


def told(value: object) -> str | None:
    found = parse_published(value)
    return moment_text(*found) if found else None


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2023-08-11", "2023-08-11"),
        ("  2023-08-11\n", "2023-08-11"),
        ("2023-08", "2023-08"),
        ("2023", "2023"),
        (2023, "2023"),
        ("20230811", "2023-08-11"),
        (20230811, "2023-08-11"),
        ("20230811T093000Z", "2023-08-11T09:30:00Z"),
        ("202308110930", "2023-08-11T09:30Z"),
        ("2023-08-11T09:30Z", "2023-08-11T09:30Z"),
        ("2023-08-11 09:30:05.250", "2023-08-11T09:30:05Z"),
        ("2023-08-11T00:30+03:30", "2023-08-10T21:00Z"),
        ("Fri, 11 Aug 2023 09:30:00 GMT", "2023-08-11T09:30:00Z"),
        ("Friday, August 11, 2023 at 9:30 p.m. EDT", "2023-08-12T01:30Z"),
        ("Aug. 11, 2023", "2023-08-11"),
        ("11th of August, 2023", "2023-08-11"),
        ("Sept 2023", "2023-09"),
        ("26-FEB-1987 15:01:01.79", "1987-02-26T15:01:01Z"),
        ("13/04/2023", "2023-04-13"),
        ("04/13/2023", "2023-04-13"),
        ("3.4.2023", "2023-04-03"),
        (1691746200, "2023-08-11T09:30:00Z"),
        ("1691746200123", "2023-08-11T09:30:00Z"),
        (date(2023, 8, 11), "2023-08-11"),
        (datetime(2023, 8, 11, 9, 30, tzinfo=UTC), "2023-08-11T09:30:00Z"),
    ],
)
def test_understood(value: object, moment: str) -> None:
    assert told(value) == moment


@pytest.mark.parametrize(
    "value",
    [
        "2023-02-31", "2023-13-01", "2023-00-10", "0000-00-00", "9999-12-31", "31 April 2023",
        "2023-08-11 25:00", "2023-08-11T09:61Z", "03/04/2023", "yesterday", "Friday", "", "  ",
        None, True, float("nan"), float("inf"), 1e300, [], {}, "2023-08-11 nonsense", "8/11/23",
        "12345678901234567890", "2023-08-11 3.50",
    ],
)  # fmt: skip
def test_not_understood(value: object) -> None:
    assert parse_published(value) is None


@pytest.mark.parametrize("value", ["2023-08-11T00:00:00Z", "2023-08-11 00:00:00+02:00", 1691712000])
def test_midnight_sharp_is_a_day_without_a_time(value: object) -> None:
    assert told(value) == "2023-08-11"


@pytest.mark.parametrize("zone", ["IST", "CST", "ET"])
def test_a_time_in_a_zone_that_means_several_is_dropped_and_the_day_kept(zone: str) -> None:
    assert told(f"2023-08-11 09:30 {zone}") == "2023-08-11"


def test_a_date_in_a_sentence_ends_where_it_ends() -> None:
    text = "on 11 August 2023 30 people"
    found = match_date(text, 3)
    assert found is not None
    assert text[3 : found[0]] == "11 August 2023"


@given(
    st.datetimes(
        datetime(1600, 1, 2),
        datetime(2100, 12, 30),
    ),
    st.integers(-14 * 60, 14 * 60),
    st.sampled_from(PRECISIONS),
)
def test_what_records_write_is_read_back(moment: datetime, minutes: int, precision: str) -> None:
    moment = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    written = moment_text(moment, precision)
    found = parse_published(written)
    assert found is not None
    if precision not in {"minute", "second"} or "T00:00" not in str(written):
        assert found[1] == precision
    assert moment_text(found[0], precision) == written


@given(st.text(max_size=40))
def test_no_text_raises(text: str) -> None:
    found = parse_published(text)
    assert found is None or found[1] in PRECISIONS
