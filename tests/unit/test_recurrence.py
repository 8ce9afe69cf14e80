"""Repetition: RFC 5545 rules in local time, refused when they make no sense, never endless."""

import time
from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.recurrence import checked_rule, first_day, next_occurrence, spent

NINE = datetime(2026, 2, 6, 9, 0)  # a Friday
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def due_after(rule: str, start: datetime = NINE, times: int = 1) -> list[str]:
    found, moment = [], start
    for _ in range(times):
        upcoming = next_occurrence(rule, moment, after=moment)
        if upcoming is None:
            break
        found.append(upcoming.isoformat(" ", "minutes"))
        moment = upcoming
    return found


@pytest.mark.parametrize(
    ("rule", "following"),
    [
        ("FREQ=DAILY", ["2026-02-07 09:00", "2026-02-08 09:00"]),
        ("FREQ=DAILY;INTERVAL=3", ["2026-02-09 09:00", "2026-02-12 09:00"]),
        ("FREQ=WEEKLY", ["2026-02-13 09:00", "2026-02-20 09:00"]),
        ("FREQ=WEEKLY;BYDAY=MO,FR", ["2026-02-09 09:00", "2026-02-13 09:00"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,TU", ["2026-02-07 09:00", "2026-02-17 09:00"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU", ["2026-02-15 09:00", "2026-03-01 09:00"]),
        ("FREQ=MONTHLY", ["2026-03-06 09:00", "2026-04-06 09:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["2026-02-28 09:00", "2026-03-31 09:00"]),
        ("FREQ=MONTHLY;BYDAY=1FR", ["2026-03-06 09:00", "2026-04-03 09:00"]),
        ("FREQ=MONTHLY;BYDAY=-1SU", ["2026-02-22 09:00", "2026-03-29 09:00"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["2026-02-27 09:00", "2026-03-31 09:00"]),
        ("FREQ=YEARLY", ["2027-02-06 09:00", "2028-02-06 09:00"]),
        ("FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=14", ["2026-08-14 09:00", "2027-08-14 09:00"]),
        ("FREQ=YEARLY;INTERVAL=13", ["2039-02-06 09:00", "2052-02-06 09:00"]),
        ("FREQ=DAILY;UNTIL=20260207", ["2026-02-07 09:00"]),
        ("FREQ=DAILY;UNTIL=20260207T035959Z", ["2026-02-07 09:00"]),
        ("FREQ=DAILY;UNTIL=20260101", []),
        ("FREQ=DAILY;COUNT=1", []),
    ],
)
def test_the_next_times_of_a_rule(rule: str, following: list[str]) -> None:
    assert checked_rule(rule) == rule
    assert due_after(rule, times=2) == following


def test_a_month_without_that_day_is_left_out() -> None:
    assert due_after("FREQ=MONTHLY", datetime(2026, 1, 31), times=3) == [
        "2026-03-31 00:00",
        "2026-05-31 00:00",
        "2026-07-31 00:00",
    ]


def test_a_leap_day_comes_in_leap_years_also_across_a_century() -> None:
    assert due_after("FREQ=YEARLY", datetime(2024, 2, 29)) == ["2028-02-29 00:00"]
    assert due_after("FREQ=YEARLY", datetime(2096, 2, 29)) == ["2104-02-29 00:00"]
    assert due_after("FREQ=YEARLY;INTERVAL=3", datetime(2024, 2, 29)) == ["2036-02-29 00:00"]


def test_what_was_missed_is_skipped_and_the_rhythm_kept() -> None:
    assert next_occurrence("FREQ=DAILY;INTERVAL=2", NINE, datetime(2026, 2, 11, 12)) == datetime(2026, 2, 12, 9)
    assert next_occurrence("FREQ=WEEKLY", datetime(1990, 1, 5, 9), NINE) == datetime(2026, 2, 13, 9)
    assert next_occurrence("FREQ=DAILY", datetime(1, 1, 1), NINE) == datetime(2026, 2, 7)


def test_the_calendar_may_end() -> None:
    assert next_occurrence("FREQ=DAILY", datetime(9999, 12, 31), datetime(9999, 12, 31)) is None
    assert next_occurrence("FREQ=YEARLY", datetime(9999, 5, 1), datetime(9999, 5, 1)) is None
    assert next_occurrence("FREQ=WEEKLY;WKST=SU", datetime(1, 1, 1), datetime(1, 1, 1)) == datetime(1, 1, 8)


def test_a_rule_that_its_start_never_meets_ends() -> None:
    assert checked_rule("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29")
    assert due_after("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", NINE) == ["2028-02-29 09:00"]
    assert due_after("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", datetime(2025, 1, 1)) == []


def test_the_first_day_is_today_or_later_and_today_when_the_rule_has_ended() -> None:
    assert first_day("FREQ=WEEKLY;BYDAY=FR", date(2026, 2, 6)) == date(2026, 2, 6)
    assert first_day("FREQ=WEEKLY;BYDAY=SU", date(2026, 2, 6)) == date(2026, 2, 8)
    assert first_day("FREQ=DAILY;UNTIL=20200101", date(2026, 2, 6)) == date(2026, 2, 6)


def test_a_counted_rule_is_spent_one_by_one() -> None:
    assert spent("FREQ=DAILY;COUNT=3") == "FREQ=DAILY;COUNT=2"
    assert spent("FREQ=DAILY") == "FREQ=DAILY"


def test_one_spelling_is_kept() -> None:
    assert checked_rule(" rrule:freq=weekly; byday=fr; ") == "FREQ=WEEKLY;BYDAY=FR"
    for empty in (None, "", "  "):
        assert checked_rule(empty) is None


NONSENSE = (
    "daily",
    "FREQ=",
    "INTERVAL=2",
    "FREQ=HOURLY",
    "FREQ=SECONDLY",
    "FREQ=DAILY;BYHOUR=9",
    "FREQ=DAILY;DTSTART=20260101",
    "FREQ=DAILY;FREQ=WEEKLY",
    "FREQ=DAILY;X",
    "FREQ=DAILY;=X",
    "FREQ=DAILY;COUNT=0",
    "FREQ=DAILY;COUNT=00",
    "FREQ=DAILY;COUNT=-1",
    "FREQ=DAILY;COUNT=²",
    "FREQ=DAILY;COUNT=٣",
    "FREQ=DAILY;COUNT=",
    "FREQ=DAILY;INTERVAL=0",
    "FREQ=MONTHLY;INTERVAL=0",
    "FREQ=DAILY;INTERVAL=-1",
    "FREQ=DAILY;INTERVAL=1.5",
    "FREQ=DAILY;INTERVAL=99999999999999999999",
    "FREQ=DAILY;UNTIL=",
    "FREQ=DAILY;UNTIL=2",
    "FREQ=DAILY;UNTIL=SOON",
    "FREQ=DAILY;UNTIL=20260230",
    "FREQ=DAILY;UNTIL=20260101 DROP",
    "FREQ=WEEKLY;BYDAY=",
    "FREQ=WEEKLY;BYDAY=XX",
    "FREQ=WEEKLY;BYDAY=1MO",
    "FREQ=MONTHLY;BYDAY=0MO",
    "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
    "FREQ=WEEKLY;BYMONTHDAY=1",
    "FREQ=DAILY;BYMONTH=13",
    "FREQ=DAILY;BYMONTH=-1",
    "FREQ=DAILY;BYMONTHDAY=0",
    "FREQ=DAILY;BYMONTHDAY=32",
    "FREQ=DAILY;BYSETPOS=367",
    "FREQ=DAILY;WKST=XX",
    "FREQ=DAILY;" + "BYMONTHDAY=" + "1," * 200,
)
NEVER = (
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4,6",
    "FREQ=DAILY;BYSETPOS=2",
    "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3",
    "FREQ=YEARLY;BYSETPOS=366;BYDAY=MO",
    "FREQ=MONTHLY;BYDAY=6MO",
)


@pytest.mark.parametrize("rule", [*NONSENSE, *NEVER])
def test_a_rule_without_sense_is_refused_at_once(rule: str) -> None:
    began = time.perf_counter()
    with pytest.raises(Invalid, match="repeat"):
        checked_rule(rule)
    assert time.perf_counter() - began < 0.5


lists = st.lists
rules = st.builds(
    lambda freq, parts: ";".join([f"FREQ={freq}", *(f"{name}={value}" for name, value in parts.items() if value)]),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.fixed_dictionaries(
        {},
        optional={
            "INTERVAL": st.integers(1, 40),
            "BYDAY": lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True).map(",".join),
            "BYMONTHDAY": lists(st.sampled_from([-31, -2, -1, 1, 2, 15, 28, 29, 30, 31]), min_size=1, max_size=3).map(
                lambda days: ",".join(map(str, days))
            ),
            "BYMONTH": lists(st.integers(1, 12), min_size=1, max_size=3, unique=True).map(
                lambda months: ",".join(map(str, months))
            ),
            "WKST": st.sampled_from(DAYS),
        },
    ),
)
numbered = st.builds(
    "FREQ={};BYDAY={}{}".format,
    st.sampled_from(["MONTHLY", "YEARLY", "YEARLY;BYMONTH=2,12"]),
    st.sampled_from([-5, -4, -1, 1, 2, 4, 5]),
    st.sampled_from(DAYS),
)
placed = st.builds(
    "FREQ={};BYSETPOS={}".format,
    st.sampled_from(["MONTHLY;BYDAY=MO,TU,WE,TH,FR", "YEARLY;BYMONTH=3;BYDAY=SU", "MONTHLY;BYMONTHDAY=1,15,31"]),
    st.sampled_from(["1", "-1", "2,-2", "1,3"]),
)
starts = st.datetimes(datetime(1995, 1, 1), datetime(2050, 1, 1)).map(lambda moment: moment.replace(microsecond=0))


@settings(max_examples=150, deadline=None)
@given(rule=st.one_of(rules, numbered, placed), start=starts, waited=st.integers(0, 2000))
def test_rules_mean_what_they_mean_elsewhere(rule: str, start: datetime, waited: int) -> None:
    after, horizon = start + timedelta(days=waited), start + timedelta(days=waited + 1200)
    expected = rrulestr(f"{rule};UNTIL={horizon:%Y%m%dT%H%M%S}", dtstart=start).after(after)
    found = next_occurrence(rule, start, after)
    assert found == expected or (expected is None and found is not None and found > horizon)


@settings(max_examples=200, deadline=5000)
@given(rule=st.one_of(rules, numbered, placed, st.text("FREQ=DAILYWKMOBUNT;0123456789,-+", max_size=40)), start=starts)
def test_any_accepted_rule_moves_forward_in_bounded_time(rule: str, start: datetime) -> None:
    try:
        accepted = checked_rule(rule)
    except Invalid:
        return
    if accepted:
        upcoming = next_occurrence(accepted, start, after=start)
        assert checked_rule(accepted) == accepted
        assert upcoming is None or (upcoming > start and upcoming.time() == start.time())
        assert first_day(accepted, start.date()) >= start.date()
