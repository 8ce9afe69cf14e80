"""Dates as people say them, counted from a fixed now: Friday 6 February 2026, 10:00 in Karachi."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.recurrence import checked_rule
from domain.tasks import Due
from domain.urdu import (
    Language,
    due_beside,
    due_phrase,
    parse_urdu_intent,
    parse_urdu_intents,
    read_due,
    read_repeat,
    repeat_phrase,
)

KARACHI = ZoneInfo("Asia/Karachi")
NOW = datetime(2026, 2, 6, 10, 0, tzinfo=KARACHI)

DUES = """
by the end of the month | 2026-02-28
mahine ke end tak | 2026-02-28
is hafte ke end tak | 2026-02-08
end of day | 2026-02-06
by 5 December | 2026-12-05
before 5 December | 2026-12-05
until 5 Dec | 2026-12-05
by 12 January | 2027-01-12
by 5 | 2026-02-06T17:00
before 5 pm | 2026-02-06T17:00
aaj | 2026-02-06
kal | 2026-02-07
parson | 2026-02-08
narson | 2026-02-09
aaj raat 8 baje | 2026-02-06T20:00
aaj shaam | 2026-02-06
kal subah | 2026-02-07
kal subah 9 baje | 2026-02-07T09:00
kl subha 9 bje | 2026-02-07T09:00
kal shaam ko 5 baje | 2026-02-07T17:00
kal raat ke 10 baje | 2026-02-07T22:00
kal dopahar 12 baje | 2026-02-07T12:00
kal dopahar 2 baje tak | 2026-02-07T14:00
kal 5 baje | 2026-02-07T17:00
kal 9 baje | 2026-02-07T09:00
kal 12 baje | 2026-02-07T12:00
5 baje | 2026-02-06T17:00
aaj 9 baje | 2026-02-06T21:00
11 baje | 2026-02-06T11:00
saarhe 5 baje | 2026-02-06T17:30
sarhe paanch bajay | 2026-02-06T17:30
kal sawa 9 baje | 2026-02-07T09:15
paune 8 baje raat | 2026-02-06T19:45
derh baje | 2026-02-06T13:30
dhai baje | 2026-02-06T14:30
kal dhai baje | 2026-02-07T14:30
raat 12 baje | 2026-02-07T00:00
kal raat 12 baje | 2026-02-08T00:00
raat 2 baje | 2026-02-07T02:00
raat 8 | 2026-02-06T20:00
subah 7 baje | 2026-02-07T07:00
kal 10 bajkar 20 minute par | 2026-02-07T10:20
do ghante baad | 2026-02-06T12:00
2 ghante mein | 2026-02-06T12:00
aadhe ghante mein | 2026-02-06T10:30
derh ghante baad | 2026-02-06T11:30
dhai ghante mein | 2026-02-06T12:30
30 minute mein | 2026-02-06T10:30
teen din baad | 2026-02-09
ek hafte baad | 2026-02-13
do mahine baad | 2026-04-06
jumme ko | 2026-02-13
is jumme ko | 2026-02-06
jumma 3 baje | 2026-02-06T15:00
jummay ko subah 9 baje | 2026-02-13T09:00
hafte ko | 2026-02-07
hafte ke din | 2026-02-07
itwar ko shaam 6 baje | 2026-02-08T18:00
peer ko | 2026-02-09
somwar | 2026-02-09
agle peer | 2026-02-09
agle jumme | 2026-02-13
jumerat tak | 2026-02-12
budh ko dopahar 1 baje | 2026-02-11T13:00
is hafte | 2026-02-08
agle hafte | 2026-02-09
agle hafte peer ko | 2026-02-09
agle mahine | 2026-03-01
weekend pe | 2026-02-07
15 march | 2026-03-15
15 March ko subah 10 baje | 2026-03-15T10:00
march 15 | 2026-03-15
1st march | 2026-03-01
5 janwari | 2027-01-05
15 tareekh ko | 2026-02-15
3 tareekh ko | 2026-03-03
agle mahine ki 5 tareekh ko | 2026-03-05
25/12 | 2026-12-25
25/12/2027 | 2027-12-25
2026-03-01 | 2026-03-01
2026-03-01T09:30:00+05:00 | 2026-03-01T09:30
2026-03-01T09:30 | 2026-03-01T09:30
tomorrow | 2026-02-07
tomorrow at 5pm | 2026-02-07T17:00
day after tomorrow | 2026-02-08
next Friday at 5 pm | 2026-02-13T17:00
by Friday | 2026-02-13
on monday morning | 2026-02-09
tonight at 9 | 2026-02-06T21:00
at noon | 2026-02-06T12:00
in 2 hours | 2026-02-06T12:00
in half an hour | 2026-02-06T10:30
in 3 days | 2026-02-09
next month | 2026-03-01
17:30 | 2026-02-06T17:30
9am | 2026-02-07T09:00
9:15 pm | 2026-02-06T21:15
530 pm | 2026-02-06T17:30
half past 5 | 2026-02-06T17:30
quarter to 6 | 2026-02-06T17:45
august 5th 2027 at 8 am | 2027-08-05T08:00
آج | 2026-02-06
کل صبح 9 بجے | 2026-02-07T09:00
کل صبح ۹ بجے | 2026-02-07T09:00
آج رات 8 بجے | 2026-02-06T20:00
رات کے 10 بجے | 2026-02-06T22:00
جمعے کو شام پانچ بجے | 2026-02-06T17:00
پرسوں | 2026-02-08
اگلے ہفتے | 2026-02-09
ہفتے کو | 2026-02-07
دو گھنٹے بعد | 2026-02-06T12:00
ساڑھے پانچ بجے | 2026-02-06T17:30
پونے چھ بجے | 2026-02-06T17:45
سوا نو بجے صبح | 2026-02-07T09:15
ڈیڑھ بجے | 2026-02-06T13:30
15 مارچ کو | 2026-03-15
اتوار کی صبح | 2026-02-08
""".strip().splitlines()

REPEATS = """
rozana | FREQ=DAILY
har roz | FREQ=DAILY
roz subah | FREQ=DAILY
har din | FREQ=DAILY
daily | FREQ=DAILY
every day | FREQ=DAILY
har jumme | FREQ=WEEKLY;BYDAY=FR
har jummay ko | FREQ=WEEKLY;BYDAY=FR
har peer aur jumerat ko | FREQ=WEEKLY;BYDAY=MO,TH
peer se jumme tak | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
every Monday and Friday | FREQ=WEEKLY;BYDAY=MO,FR
every weekday | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
every weekend | FREQ=WEEKLY;BYDAY=SA,SU
har hafte | FREQ=WEEKLY
weekly | FREQ=WEEKLY
har do hafte | FREQ=WEEKLY;INTERVAL=2
every 2 weeks | FREQ=WEEKLY;INTERVAL=2
every other day | FREQ=DAILY;INTERVAL=2
har doosre din | FREQ=DAILY;INTERVAL=2
har teen din | FREQ=DAILY;INTERVAL=3
har mahine | FREQ=MONTHLY
monthly | FREQ=MONTHLY
har mahine ki 5 tareekh ko | FREQ=MONTHLY;BYMONTHDAY=5
har mahine ke pehle din | FREQ=MONTHLY;BYMONTHDAY=1
har saal | FREQ=YEARLY
har saal 14 august ko | FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=14
har subah | FREQ=DAILY
every morning | FREQ=DAILY
ہر جمعے | FREQ=WEEKLY;BYDAY=FR
روزانہ | FREQ=DAILY
ہر مہینے کی 1 تاریخ کو | FREQ=MONTHLY;BYMONTHDAY=1
ہر دو ہفتے | FREQ=WEEKLY;INTERVAL=2
FREQ=WEEKLY;BYDAY=FR | FREQ=WEEKLY;BYDAY=FR
""".strip().splitlines()


def rows(table: list[str]) -> list[tuple[str, ...]]:
    return [tuple(part.strip() for part in line.split("|")) for line in table]


@pytest.mark.parametrize(
    ("text", "hour"), [("dhai baje", 14), ("derh baje", 13), ("5 baje", 17), ("6 baje", 6), ("9 baje", 9)]
)
def test_without_a_part_of_day_nobody_means_the_night(text: str, hour: int) -> None:
    due = read_due(text, datetime(2026, 2, 6, 23, 0, tzinfo=KARACHI), KARACHI)
    assert due is not None
    assert due.at is not None
    assert due.at.astimezone(KARACHI).hour == hour


@pytest.mark.parametrize(("text", "expected"), rows(DUES))
def test_a_date_is_read_as_people_mean_it(text: str, expected: str) -> None:
    due = read_due(text, NOW, KARACHI)
    assert due is not None
    assert due.iso(KARACHI).removesuffix(":00+05:00") == expected


@pytest.mark.parametrize(
    "text", ["meeting", "", "kal ki meeting", "doodh lana", "thori der mein", "eid par", "30 minute pehle"]
)
def test_what_is_no_countable_date_is_none(text: str) -> None:
    assert read_due(text, NOW, KARACHI) is None


@pytest.mark.parametrize(("text", "rule"), rows(REPEATS))
def test_a_repetition_is_read_as_a_rule(text: str, rule: str) -> None:
    assert read_repeat(text) == rule == checked_rule(rule)


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        ("Asia/Karachi", datetime(2026, 2, 6, 20, 0, tzinfo=UTC), "2026-02-08"),
        ("America/New_York", datetime(2026, 2, 6, 20, 0, tzinfo=UTC), "2026-02-07"),
    ],
)
def test_tomorrow_is_counted_in_the_zone_of_the_person(zone: str, now: datetime, expected: str) -> None:
    due = read_due("kal", now, ZoneInfo(zone))
    assert due is not None
    assert due.day.isoformat() == expected


@pytest.mark.parametrize(
    ("text", "due", "during"),
    [
        ("kal ki meeting parson pe kar do", "2026-02-08", "2026-02-07"),
        ("meeting ko 3 baje ki bajaye 5 baje kar do", "2026-02-06T17:00", "2026-02-06"),
        ("kal ki meeting 5 baje kar do", "2026-02-07T17:00", "2026-02-07"),
        ("move the meeting to Monday instead of Friday", "2026-02-09", "2026-02-13"),
        ("move the meeting from Monday to Friday", "2026-02-13", "2026-02-09"),
        ("move tomorrow's tasks to Monday", "2026-02-09", "2026-02-07"),
        ("move everything from tomorrow to Monday", "2026-02-09", "2026-02-07"),
        ("postpone everything tomorrow to Monday", "2026-02-09", "2026-02-07"),
        ("push everything due today to tomorrow", "2026-02-07", "2026-02-06"),
        ("reschedule today's tasks to tomorrow", "2026-02-07", "2026-02-06"),
        ("move the meeting to Monday", "2026-02-09", None),
        ("push the meeting to 5", "2026-02-06T17:00", None),
        ("meeting kar do 4 baje", "2026-02-06T16:00", None),
        ("meeting wala kar do 3 baje", "2026-02-06T15:00", None),
        ("aaj ke saare kaam kal pe daal do", "2026-02-07", "2026-02-06"),
        ("meeting wala 4:30 ka kar do", "2026-02-06T16:30", None),
        ("meeting parson ki kar do", "2026-02-08", None),
        ("kal ki meeting parson ki kar do", "2026-02-08", "2026-02-07"),
        ("move the meeting from 3 to 5", "2026-02-06T17:00", "2026-02-06"),
        ("move everything to Monday", "2026-02-09", None),
        ("report ko jumme pe kar do", "2026-02-13", None),
        ("doctor wala kal ki jagah parson kar do", "2026-02-08", "2026-02-07"),
        ("doctor wala kal se hata kar parson kar do", "2026-02-08", "2026-02-07"),
        ("doctor wala kal se parson kar do", "2026-02-08", "2026-02-07"),
        ("doctor wala 25 ko 5 baje kar do", "2026-02-25T17:00", None),
        ("client meeting mangal se budh kar do", "2026-02-11", None),
        ("ڈاکٹر والا کل کے بجائے پرسوں کر دو", "2026-02-08", "2026-02-07"),
    ],
)
def test_an_update_tells_the_new_date_from_the_old(text: str, due: str, during: str | None) -> None:
    intent = parse_urdu_intent(text, now=NOW)
    assert intent.due is not None
    assert intent.due.iso(KARACHI).removesuffix(":00+05:00") == due
    assert (intent.during[0].isoformat() if intent.during else None) == during


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("aaj kya kya hai", "2026-02-06", "2026-02-07"),
        ("kal ki meeting hata do", "2026-02-07", "2026-02-08"),
        ("is hafte ke tasks dikhao", "2026-02-02", "2026-02-09"),
        ("agle hafte ke tasks dikhao", "2026-02-09", "2026-02-16"),
        ("kal aur parson ke kaam", "2026-02-07", "2026-02-09"),
        ("kal se mangal tak kya hai", "2026-02-07", "2026-02-11"),
        ("aaj se parson tak ke sab kaam delete kar do", "2026-02-06", "2026-02-09"),
        ("peer aur mangal ke kaam", "2026-02-09", "2026-02-11"),
        ("jumerat se pehle kya hai", "2026-02-06", "2026-02-12"),
        ("jumme ke baad kya hai", "2026-02-14", "2036-02-11"),
        ("what tasks are due this month?", "2026-02-01", "2026-03-01"),
        ("march ke tasks dikhao", "2026-03-01", "2026-04-01"),
        ("jumme ke saare tasks mukammal kar do", "2026-02-13", "2026-02-14"),
    ],
)
def test_a_date_that_filters_sets_nothing(text: str, first: str, after: str) -> None:
    intent = parse_urdu_intent(text, now=NOW)
    assert intent.due is None
    assert intent.during is not None
    assert [day.isoformat() for day in intent.during] == [first, after]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("somwar aur jumme ko gym jana hai", "FREQ=WEEKLY;BYDAY=MO,FR"),
        ("tuition jana hai mon wed fri 5 bje", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("walk wala mangal aur budh ko kar do", "FREQ=WEEKLY;BYDAY=TU,WE"),
        ("gym peer se jumme tak subah 7 baje", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("gym peer se jumme ko kar do", None),
        ("agle somwar ko gym jana hai", None),
    ],
)
def test_several_weekdays_are_each_week(text: str, rule: str | None) -> None:
    assert parse_urdu_intent(text, now=NOW).repeat == rule


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("agle mahine ki 3 ko committee deni hai", "2026-03-03"),
        ("25 ko fees deni hai", "2026-02-25"),
        ("31 tareekh ko rent dena hai", "2026-03-31"),
        ("pichle hafte ka hisab karna hai", None),
    ],
)
def test_a_day_of_the_month_is_one_to_come(text: str, due: str | None) -> None:
    intent = parse_urdu_intent(text, now=NOW)
    assert (intent.due.iso(KARACHI) if intent.due else None) == due


@pytest.mark.parametrize("text", ["2 ko kal kar do", "2 ko urgent kar do", "task 2 ko delete karo"])
def test_a_number_that_names_a_task_is_no_day(text: str) -> None:
    assert parse_urdu_intent(text, now=NOW).task_id == 2


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("roz 2 baje aur 8 baje dawai", [14, 20]),
        ("roz subah 8 baje aur shaam 6 baje dawai leni hai", [8, 18]),
        ("kal 5 se 6 baje tak parhai", [17]),
        ("meeting 5 se 6 baje tak hai kal", [17]),
    ],
)
def test_each_hour_is_a_task(text: str, hours: list[int]) -> None:
    dues = [intent.due for intent in parse_urdu_intents(text, now=NOW)]
    assert [due.at.astimezone(KARACHI).hour for due in dues if due and due.at] == hours


def test_a_repeating_task_begins_at_its_first_hour_to_come() -> None:
    intent = parse_urdu_intent("rozana subah 9 baje walk karna add karo", now=NOW)
    assert intent.repeat == "FREQ=DAILY"
    assert intent.due == Due.at_moment(datetime(2026, 2, 7, 9, 0, tzinfo=KARACHI), KARACHI)


@given(st.integers(-1, 360), st.integers(0, 24 * 60 - 1), st.sampled_from(Language))
def test_a_date_that_we_say_is_read_back_as_itself(days: int, minute: int, language: Language) -> None:
    midnight = NOW.replace(hour=0)
    due = Due.at_moment(midnight + timedelta(days=max(days, 0), minutes=minute), KARACHI)
    said = due_phrase(due, NOW, KARACHI, language)
    assert due_phrase(due, NOW, KARACHI, language) == said
    if minute >= 4 * 60:
        assert read_due(said, NOW, KARACHI) == due


@given(st.integers(0, 360), st.sampled_from(Language))
def test_a_day_that_we_say_is_read_back_as_itself(days: int, language: Language) -> None:
    due = Due(NOW.date() + timedelta(days=days))
    assert read_due(due_phrase(due, NOW, KARACHI, language), NOW, KARACHI) == due


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("rule", sorted({rule for _, rule in rows(REPEATS)}))
def test_a_repetition_that_we_say_is_read_back_as_itself(rule: str, language: Language) -> None:
    assert read_repeat(repeat_phrase(rule, language)) == rule


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("ammi wala kal nahi parson kar do", "2026-02-08"),
        ("doctor wala aaj nahi kal kar do", "2026-02-07"),
        ("doctor wala kal nahi, parson kar do", "2026-02-08"),
        ("doctor wala kal nahi balke parson kar do", "2026-02-08"),
        ("doctor wala 5 bje nahi 6 bje kar do", "2026-02-06T18:00"),
        ("doctor wala 5 nahi 6 bje kar do", "2026-02-06T18:00"),
        ("doctor wala kal 5 baje nahi parson 6 baje kar do", "2026-02-08T18:00"),
        ("امی کو فون کل نہیں پرسوں کر دو", "2026-02-08"),
        ("ڈاکٹر والا 5 بجے نہیں 6 بجے کر دو", "2026-02-06T18:00"),
        ("move the doctor not to tomorrow but to friday", "2026-02-13"),
        ("move the doctor not tomorrow but the day after", "2026-02-08"),
        ("aaj nahi kal bill bharna hai yaad dilana", "2026-02-07"),
        ("add milk not today but tomorrow", "2026-02-07"),
    ],
)
def test_of_a_date_refused_and_one_said_the_one_said_is_meant(text: str, due: str) -> None:
    (intent,) = parse_urdu_intents(text, now=NOW)
    assert intent.due is not None
    assert (intent.due.iso(KARACHI).removesuffix(":00+05:00"), intent.during) == (due, None)


@pytest.mark.parametrize(
    ("text", "old", "due", "part"),
    [
        ("10 bje", "2026-02-07", "2026-02-07T10:00", ""),
        ("9 baje", "2026-02-07", "2026-02-07T09:00", ""),
        ("5 baje", "2026-02-07", "2026-02-07T17:00", ""),
        ("9 baje", "2026-02-06", "2026-02-06T21:00", ""),
        ("6 baje", "2026-02-07T17:00", "2026-02-07T18:00", ""),
        ("8 baje", "2026-02-07T09:00", "2026-02-07T08:00", ""),
        ("4 baje", "2026-02-07T09:00", "2026-02-07T16:00", ""),
        ("raat 9 baje", "2026-02-07T09:00", "2026-02-07T21:00", ""),
        ("kal 9 baje", "2026-02-08T17:00", "2026-02-07T09:00", ""),
        ("2026-02-09", "2026-02-07T16:00", "2026-02-09T16:00", ""),
        ("aaj", "2026-02-07T09:00", "2026-02-06", ""),
        ("2026-02-09 subah", "2026-02-07T16:00", "2026-02-09", "subah"),
        ("2026-02-09 shaam", "2026-02-07T17:00", "2026-02-09T17:00", ""),
        ("shaam ko", "2026-02-08T09:00", "2026-02-08", "shaam"),
        ("شام کو", "2026-02-08", "2026-02-08", "شام"),
        ("in the evening", "2026-02-08T09:00", "2026-02-08", "evening"),
        ("5 baje", "2026-02-03", "2026-02-06T17:00", ""),
        ("ek hafta late", "2026-02-08T09:00", "2026-02-15T09:00", ""),
        ("2 ghante aage", "2026-02-08T09:00", "2026-02-08T11:00", ""),
        ("by two days", "2026-02-08", "2026-02-10", ""),
        ("a day earlier", "2026-02-08", "2026-02-07", ""),
    ],
)
def test_an_hour_moves_within_the_day_of_a_task_and_a_day_keeps_its_hour(
    text: str, old: str, due: str, part: str
) -> None:
    found, noted = due_beside(text, read_due(old, NOW, KARACHI), NOW, KARACHI)
    assert found is not None
    assert (found.iso(KARACHI).removesuffix(":00+05:00"), noted) == (due, part)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("parson subah dentist ke paas jana hai", "subah"),
        ("کل شام امی کو فون کرنا ہے", "شام"),
        ("call mom tomorrow evening", "evening"),
        ("har subah walk karna add karo", "subah"),
        ("kal subah 9 baje doctor add karo", None),
        ("kal doctor add karo", None),
    ],
)
def test_a_part_of_the_day_without_an_hour_is_told(text: str, part: str | None) -> None:
    assert parse_urdu_intent(text, now=NOW).part == part
