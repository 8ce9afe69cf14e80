"""A task's rules: made, edited, completed; text cleaned, moments told in a zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.security.forge import START

from domain.errors import Invalid
from domain.tasks import (
    DESCRIPTION_MAX,
    Draft,
    Due,
    Edit,
    Priority,
    Task,
    TaskStatus,
    complete,
    edit,
    make,
    one_line,
    printable,
)

KARACHI = ZoneInfo("Asia/Karachi")
BERLIN = ZoneInfo("Europe/Berlin")
LATER = START + timedelta(hours=1)


def made(title: str = "kaam", **fields: object) -> Task:
    return make(1, Draft(title, **fields), START, KARACHI)


def wall(task: Task, zone: ZoneInfo) -> str:
    assert task.due
    return task.due.iso(zone)


def test_a_new_task_is_pending_and_plain() -> None:
    assert made("  Doodh \n lana ") == Task(1, "Doodh lana", START, START)


def test_a_title_has_one_to_255_characters() -> None:
    assert len(made("x" * 255).title) == 255
    for title in ("", "  ", "\n\t", "\x00\x07", "\ud800", "x" * 256):
        with pytest.raises(Invalid, match="title"):
            made(title)


def test_a_description_keeps_its_lines_and_has_its_measure() -> None:
    assert made(description=" a\n\tb\x00 ").description == "a\n\tb"
    with pytest.raises(Invalid, match="description"):
        made(description="x" * (DESCRIPTION_MAX + 1))


def test_tags_are_cleaned_and_kept_once_in_their_first_spelling() -> None:
    assert made(tags=("#Ghar", "ghar", " GHAR ", "دفتر", "a  b")).tags == ("Ghar", "دفتر", "a b")


def test_tags_that_are_empty_too_long_or_too_many_are_refused() -> None:
    for tags in (("",), ("#",), ("x" * 51,), tuple(f"t{number}" for number in range(21))):
        with pytest.raises(Invalid, match="tags"):
            made(tags=tags)


def test_text_loses_what_no_store_keeps_and_nothing_else() -> None:
    assert printable("a\x00b\ud800c\r\n\td\x1b") == "abc\n\td"
    assert one_line("میٹنگ\u200c 👩\u200d👧  e\u0301") == "میٹنگ\u200c 👩\u200d👧 e\u0301"


@given(st.text())
def test_a_cleaned_line_is_one_line_and_stays_as_it_is(text: str) -> None:
    line = one_line(text)
    assert one_line(line) == line
    assert "\n" not in line
    line.encode()


def test_a_day_is_told_as_a_day_and_a_moment_with_its_offset() -> None:
    moment = Due.at_moment(datetime(2026, 2, 6, 20, 30, tzinfo=UTC), KARACHI)
    assert (moment.day, moment.iso(KARACHI)) == (date(2026, 2, 7), "2026-02-07T01:30:00+05:00")
    assert Due(date(2026, 2, 7)).iso(KARACHI) == "2026-02-07"


def test_a_day_begins_at_its_first_moment_in_the_zone() -> None:
    assert Due(date(2026, 2, 7)).start(KARACHI) == datetime(2026, 2, 6, 19, tzinfo=UTC)
    assert Due(date(2026, 2, 7), START).start(KARACHI) == START
    assert Due(date.min).start(KARACHI) == datetime.min.replace(tzinfo=UTC)
    assert Due(date.max).start(ZoneInfo("America/New_York")).date() == date.max


def test_a_due_at_the_end_of_the_calendar_is_refused() -> None:
    for day in (date.min, date(1899, 12, 31), date(3000, 1, 1), date.max):
        with pytest.raises(Invalid, match="due"):
            made(due=Due(day))
        with pytest.raises(Invalid, match="due"):
            edit(made(), Edit(due=Due(day)), LATER, KARACHI)


def test_a_repeating_task_without_a_due_begins_on_the_rules_first_day_in_the_users_zone() -> None:
    assert made(repeat="FREQ=DAILY").due == Due(date(2026, 2, 6))
    late = datetime(2026, 2, 6, 19, 30, tzinfo=UTC)  # already the 7th in Karachi
    assert make(1, Draft("x", repeat="FREQ=DAILY"), late, KARACHI).due == Due(date(2026, 2, 7))
    assert made(repeat="FREQ=WEEKLY;BYDAY=SU").due == Due(date(2026, 2, 8))


def test_a_bad_rule_is_refused() -> None:
    with pytest.raises(Invalid, match="repeat"):
        made(repeat="FREQ=HOURLY")
    with pytest.raises(Invalid, match="repeat"):
        edit(made(), Edit(repeat="x"), LATER, KARACHI)


# Editing


def test_editing_changes_what_is_named_and_the_time() -> None:
    before = made("a", description="b", priority=Priority.HIGH, tags=("t",), due=Due(date(2026, 2, 7)))
    assert edit(before, Edit(title=" neya  naam "), LATER, KARACHI) == replace(
        before, title="neya naam", updated_at=LATER
    )
    assert edit(before, Edit(), LATER, KARACHI) == replace(before, updated_at=LATER)


def test_null_empties_a_field() -> None:
    before = made("a", description="b", due=Due(date(2026, 2, 7)), tags=("t",))
    after = edit(before, Edit(description=None, due=None, tags=()), LATER, KARACHI)
    assert (after.description, after.due, after.tags) == ("", None, ())


def test_editing_keeps_the_rules_of_making() -> None:
    for changes in (Edit(title=""), Edit(title="x" * 256), Edit(tags=("",)), Edit(description="x" * 5000)):
        with pytest.raises(Invalid):
            edit(made(), changes, LATER, KARACHI)


def test_a_repeating_task_that_is_moved_keeps_repeating() -> None:
    moved = edit(made(repeat="FREQ=DAILY"), Edit(due=Due(date(2026, 3, 1))), LATER, KARACHI)
    assert (moved.due, moved.repeat) == (Due(date(2026, 3, 1)), "FREQ=DAILY")


def test_a_task_that_loses_its_due_loses_its_repetition() -> None:
    before = made(repeat="FREQ=DAILY")
    assert edit(before, Edit(due=None), LATER, KARACHI).repeat is None
    assert edit(before, Edit(due=None, repeat="FREQ=WEEKLY"), LATER, KARACHI).repeat is None
    assert edit(before, Edit(repeat=None), LATER, KARACHI).due == before.due


def test_a_task_that_begins_to_repeat_gets_a_due() -> None:
    assert edit(made(), Edit(repeat="FREQ=WEEKLY;BYDAY=SU"), LATER, KARACHI).due == Due(date(2026, 2, 8))


def test_the_status_can_be_set_and_taken_back() -> None:
    done = edit(made(), Edit(status=TaskStatus.COMPLETED), LATER, KARACHI)
    assert (done.status, done.completed_at) == (TaskStatus.COMPLETED, LATER)
    assert edit(done, Edit(status=TaskStatus.COMPLETED), START, KARACHI).completed_at == LATER
    again = edit(done, Edit(status=TaskStatus.PENDING), LATER, KARACHI)
    assert (again.status, again.completed_at) == (TaskStatus.PENDING, None)


# Completing


def test_completing_a_task_marks_it_done() -> None:
    done = complete(made(), LATER, KARACHI)
    assert (done.status, done.completed_at, done.updated_at) == (TaskStatus.COMPLETED, LATER, LATER)


def test_completing_a_repeating_task_moves_it_on() -> None:
    moved = complete(made(repeat="FREQ=WEEKLY"), LATER, KARACHI)
    assert (moved.due, moved.status, moved.completed_at) == (Due(date(2026, 2, 13)), TaskStatus.PENDING, None)


def test_completing_before_its_day_still_moves_it_on() -> None:
    ahead = made(repeat="FREQ=DAILY", due=Due(date(2026, 2, 20)))
    assert complete(ahead, LATER, KARACHI).due == Due(date(2026, 2, 21))


def test_completing_late_moves_it_past_today_and_not_to_another_missed_day() -> None:
    for missed in (Due(date(2026, 1, 1)), Due(date(2005, 1, 1))):
        assert complete(made(repeat="FREQ=DAILY", due=missed), LATER, KARACHI).due == Due(date(2026, 2, 7))


def test_a_counted_task_is_done_when_its_count_is() -> None:
    task = made(repeat="FREQ=DAILY;COUNT=3")
    task = complete(task, LATER, KARACHI)
    assert (task.due, task.repeat) == (Due(date(2026, 2, 7)), "FREQ=DAILY;COUNT=2")
    task = complete(complete(task, LATER, KARACHI), LATER, KARACHI)
    assert (task.due, task.status) == (Due(date(2026, 2, 8)), TaskStatus.COMPLETED)


def test_a_task_is_done_when_its_rule_has_ended() -> None:
    task = made(repeat="FREQ=DAILY;UNTIL=20260207")
    assert complete(complete(task, LATER, KARACHI), LATER, KARACHI).status is TaskStatus.COMPLETED


def test_the_hour_of_the_wall_stays_when_the_clocks_change() -> None:
    spring = Due.at_moment(datetime(2026, 3, 28, 9, tzinfo=BERLIN), BERLIN)
    autumn = Due.at_moment(datetime(2026, 10, 24, 9, tzinfo=BERLIN), BERLIN)
    for due, following in ((spring, "2026-03-29T09:00:00+02:00"), (autumn, "2026-10-25T09:00:00+01:00")):
        assert wall(complete(made(repeat="FREQ=DAILY", due=due), START, BERLIN), BERLIN) == following


def test_an_hour_that_the_clocks_skip_is_told_an_hour_later_that_day() -> None:
    due = Due.at_moment(datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN), BERLIN)
    skipped = complete(made(repeat="FREQ=DAILY", due=due), START, BERLIN)
    assert wall(skipped, BERLIN) == "2026-03-29T03:30:00+02:00"


@given(
    st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,FR", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=YEARLY"]),
    st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    st.booleans(),
    st.sampled_from([KARACHI, BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia")]),
)
def test_completing_always_moves_a_repeating_task_into_the_future(
    rule: str, due_at: datetime, now: datetime, whole_day: bool, zone: ZoneInfo
) -> None:
    due = Due(due_at.date()) if whole_day else Due.at_moment(due_at, zone)
    after = complete(replace(made(due=due), repeat=rule), now, zone)
    assert after.due
    assert after.status is TaskStatus.PENDING
    assert after.due.day >= due.day
    assert (after.due.day > now.astimezone(zone).date()) if whole_day else (after.due.start(zone) > now)
