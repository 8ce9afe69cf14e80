"""How an intent points at tasks, filters, sets and asks; several commands in a message; what is sure and what not."""

from datetime import UTC, date, datetime

import pytest

from domain.tasks import Priority, TaskStatus
from domain.urdu import (
    ACT,
    ASK,
    Language,
    Operation,
    Social,
    language_of,
    only_nods,
    parse_urdu_intent,
    parse_urdu_intents,
)

NOW = datetime(2026, 2, 6, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("task 3 delete karo", "task_id", 3),
        ("task number 12 mukammal karo", "task_id", 12),
        ("3 number wala hata do", "task_id", 3),
        ("#5 delete kar do", "task_id", 5),
        ("ٹاسک ۳ حذف کریں", "task_id", 3),
        ("delete task two", "task_id", 2),
        ("pehla wala delete kar do", "ordinal", 1),
        ("doosra task mukammal karo", "ordinal", 2),
        ("delete the third one", "ordinal", 3),
        ("aakhri wala hata do", "ordinal", -1),
        ("آخری ٹاسک ڈیلیٹ کر دو", "ordinal", -1),
        ("isko delete kar do", "pronoun", True),
        ("woh wala hata do", "pronoun", True),
        ("mark it as done", "pronoun", True),
        ("یہ ٹاسک حذف کر دیں", "pronoun", True),
        ("sab tasks delete kar do", "everything", True),
        ("saare kaam mukammal kar do", "everything", True),
        ("delete all tasks", "everything", True),
        ("سارے ٹاسک حذف کر دو", "everything", True),
        ("saare mukammal wale hata do", "status", TaskStatus.COMPLETED),
        ("delete all completed tasks", "status", TaskStatus.COMPLETED),
        ("pending tasks dikhao", "status", TaskStatus.PENDING),
        ("baqi kaam dikhao", "status", TaskStatus.PENDING),
        ("baqi tasks delete karo", "rest", True),
        ("delete the remaining tasks", "rest", True),
        ("مکمل ٹاسک دکھاؤ", "status", TaskStatus.COMPLETED),
        ("urgent tasks dikhao", "priority", Priority.URGENT),
        ("show high priority tasks", "priority", Priority.HIGH),
        ("report ko urgent kar do", "priority", Priority.URGENT),
        ("report ki priority high kar do", "priority", Priority.HIGH),
        ("laundry wale task ki priority low kar do", "priority", Priority.LOW),
        ("doodh lana add karo, zaroori hai", "priority", Priority.HIGH),
        ("ٹاسک 2 کو فوری بنا دو", "priority", Priority.URGENT),
        ("doodh lana add karo #ghar #bazaar", "tags", ("ghar", "bazaar")),
        ("kitne tasks hain", "count_only", True),
        ("how many tasks do I have?", "count_only", True),
        ("sab se zaroori kya hai", "most_important", True),
        ("What's my priority item?", "most_important", True),
        ("سب سے ضروری کیا ہے؟", "most_important", True),
        ("rename gym to workout", "new_title", "workout"),
        ("meeting ka naam client call rakh do", "new_title", "client call"),
        ("milk ko bread se badal do", "new_title", "bread"),
        ("rozana walk karna add karo", "repeat", "FREQ=DAILY"),
        ("gym ko har hafte kar do", "repeat", "FREQ=WEEKLY"),
        ("kal 5 baje meeting rakh do", "due_text", "kal 5 baje"),
        ("aaj kya kya hai", "due_text", "aaj"),
        ("meeting khatam karo", "options", (Operation.DELETE, Operation.COMPLETE)),
    ],
)
def test_a_command_points_filters_and_sets(text: str, field: str, value: object) -> None:
    assert getattr(parse_urdu_intent(text, now=NOW), field) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("doodh lana add karo aur meeting wala hata do", [("add", "doodh lana"), ("delete", "meeting")]),
        ("add milk and delete the meeting task", [("add", "milk"), ("delete", "meeting")]),
        (
            "doodh lana add karo, bijli ka bill dena bhi add karo",
            [("add", "doodh lana"), ("add", "bijli ka bill dena")],
        ),
        ("gym wala mukammal karo. mere tasks dikhao", [("complete", "gym"), ("list", None)]),
        ("report mukammal kar do phir list dikhao", [("complete", "report"), ("list", None)]),
        ("add call Ali, then mark report as done", [("add", "call Ali"), ("complete", "report")]),
        ("میٹنگ حذف کر دو اور دودھ لانا شامل کرو", [("delete", "میٹنگ"), ("add", "دودھ لانا")]),
        ("doodh aur anday lana add karo", [("add", "doodh aur anday lana")]),
        ("buy bread and butter", [("add", "buy bread and butter")]),
        ("kal doodh lana aur parson gosht lana yaad dilana", [("add", "doodh lana"), ("add", "gosht lana")]),
        ("kal 9 baje doctor, parson 10 baje dentist", [("add", "doctor"), ("add", "dentist")]),
        (
            "kal doodh lana, parson gosht lana aur jumme ko sabzi lana yaad dilana",
            [("add", "doodh lana"), ("add", "gosht lana"), ("add", "sabzi lana")],
        ),
        ("add 3 tasks: milk, eggs and bread", [("add", "milk"), ("add", "eggs"), ("add", "bread")]),
        ("mujhe 3 baje chai banana yaad dilana aur gym wala hata do", [("add", "chai banana"), ("delete", "gym")]),
        ("bill ada kar diya or ammi ko call kar liya", [("complete", "bill ada"), ("complete", "ammi ko call")]),
        ("doodh le aaya aur gym bhi ho gaya", [("complete", "doodh"), ("complete", "gym")]),
        ("بل ادا کر دیا اور امی کو فون کر لیا", [("complete", "بل ادا"), ("complete", "امی کو فون")]),
        (
            "doodh lana hai, bill bharna hai, ammi ko call karni hai",
            [("add", "doodh lana"), ("add", "bill bharna"), ("add", "ammi ko call karni")],
        ),
        ("doodh lana hai aur kal bill bharna hai", [("add", "doodh lana"), ("add", "bill bharna")]),
        ("fees wala kal kar do aur gas wala parson kar do", [("update", "fees"), ("update", "gas")]),
        ("doodh lana hai, zaroori hai", [("add", "doodh lana")]),
        ("add milk, bread and eggs as separate tasks", [("add", "milk"), ("add", "bread"), ("add", "eggs")]),
        ("doodh, anday, bread alag alag add karo", [("add", "doodh"), ("add", "anday"), ("add", "bread")]),
        ("bread aur butter le liya", [("complete", "bread aur butter")]),
        ("delete beta and add tea", [("delete", "beta"), ("add", "tea")]),
        ("complete beta and delete gamma and add tea", [("complete", "beta"), ("delete", "gamma"), ("add", "tea")]),
        ("move beta to tomorrow and then remove gamma", [("update", "beta"), ("delete", "gamma")]),
        ("mark beta as done and add tea", [("complete", "beta"), ("add", "tea")]),
        ("add gamma and delete it", [("add", "gamma"), ("delete", None)]),
        ("show my tasks and delete beta", [("list", None), ("delete", "beta")]),
        ("add eggs, then delete eggs, then show tasks", [("add", "eggs"), ("delete", "eggs"), ("list", None)]),
        ("add milk and add bread and show my tasks", [("add", "milk"), ("add", "bread"), ("list", None)]),
        ("zeta add karo aur us ka naam eta rakh do", [("add", "eta")]),
        ("I need to buy milk, then call mom", [("add", "buy milk"), ("add", "call mom")]),
        (
            "pick up the kids at 4 today, then buy groceries, and call the bank tomorrow",
            [("add", "pick up the kids"), ("add", "buy groceries"), ("add", "call the bank")],
        ),
        ("buy milk and eggs", [("add", "buy milk and eggs")]),
    ],
)
def test_several_commands_are_read_in_order(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(i.operation, i.title) for i in parse_urdu_intents(text, now=NOW)] == expected


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("add buy milk and call ali", "buy milk and call ali"),
        ("add wash and fold clothes", "wash and fold clothes"),
        ("add wash and finish the dishes", "wash and finish the dishes"),
        ("add a task to review and update the docs", "review and update the docs"),
        ("remind me to open and complete the form", "open and complete the form"),
        ("remind me to copy the files, then delete the originals", "copy the files, then delete the originals"),
        ("delete beta and gamma", "beta and gamma"),
        ("delete review and update", "review and update"),
        ("should I delete beta and add tea?", "beta and add tea"),
        ("I need to delete beta and add tea", "beta and add tea"),
    ],
)
def test_a_title_with_and_in_it_stays_whole(text: str, title: str) -> None:
    assert [i.title for i in parse_urdu_intents(text, now=NOW)] == [title]


@pytest.mark.parametrize(
    "text",
    ["Ali ko contact karo aur unhe inform karo", "delete previous timer and add new one"],
)
def test_what_is_no_task_stays_none_behind_a_joint(text: str) -> None:
    assert [i.operation for i in parse_urdu_intents(text, now=NOW)] == ["none"]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("pehla aur teesra hata do", (1, 3)),
        ("pehle aur teesre ko mukammal karo", (1, 3)),
        ("pehla wala or teesra wala delete kar do", (1, 3)),
        ("delete the first and the third one", (1, 3)),
        ("mark first and third as done", (1, 3)),
        ("پہلا اور تیسرا حذف کر دو", (1, 3)),
        ("pehla, doosra aur chautha hata do", (1, 2, 4)),
        ("pehla aur teesra kal kar do", (1, 3)),
        ("pehle teen hata do", (1, 2, 3)),
        ("delete the first two", (1, 2)),
        ("aakhri 2 delete kar do", (-2, -1)),
        ("aakhri do task hata do", (-2, -1)),
        ("doosra wala hata do", (2,)),
    ],
)
def test_several_places_are_all_meant(text: str, places: tuple[int, ...]) -> None:
    (intent,) = parse_urdu_intents(text, now=NOW)
    assert ((intent.ordinal, *intent.also), intent.title, intent.task_id) == (places, None, None)


@pytest.mark.parametrize(
    ("text", "priority", "tags"),
    [
        ("zaroori wale sab delete kar do", Priority.HIGH, ()),
        ("delete all high priority tasks", Priority.HIGH, ()),
        ("delete all #office tasks", None, ("office",)),
        ("#office wale sab delete kar do", None, ("office",)),
        ("delete everything tagged home", None, ("home",)),
        ("home tag wale sab delete kar do", None, ("home",)),
        ("mark all low priority tasks done", Priority.LOW, ()),
        ("sab urgent kaam ho gaye", Priority.URGENT, ()),
        ("urgent wale sab kal kar do", Priority.URGENT, ()),
        ("make all urgent tasks low", Priority.URGENT, ()),
        ("urgent wale delete kar do", Priority.URGENT, ()),
        ("فوری والے سب حذف کر دو", Priority.URGENT, ()),
        ("فوری والے سب کل کر دو", Priority.URGENT, ()),
        ("sab tasks urgent kar do", None, ()),
        ("mark all tasks as high priority", None, ()),
        ("sab ko zaroori kar do", None, ()),
    ],
)
def test_all_of_a_kind_are_only_those_of_that_kind(text: str, priority: Priority | None, tags: tuple[str, ...]) -> None:
    (intent,) = parse_urdu_intents(text, now=NOW)
    assert (intent.everything, intent.of_priority, intent.tags, intent.title) == (True, priority, tags, None)


@pytest.mark.parametrize(
    "text",
    [
        "sab naye tasks delete kar do",
        "delete all recurring tasks",
        "delete first 3 urgent tasks",
        "baad mein wale sab delete kar do",
        "31 feb wale sab delete kar do",
    ],
)
def test_all_of_a_kind_that_is_not_understood_are_never_all(text: str) -> None:
    assert not parse_urdu_intent(text, now=NOW).everything


@pytest.mark.parametrize(
    ("text", "priority", "of_priority"),
    [
        ("high priority tasks ko low kar do", Priority.LOW, Priority.HIGH),
        ("zaroori bill urgent kar do", Priority.URGENT, Priority.HIGH),
        ("make urgent tasks normal", Priority.NORMAL, Priority.URGENT),
        ("change priority of all low tasks to high", Priority.HIGH, Priority.LOW),
        ("mark milk as urgent task", Priority.URGENT, None),
        ("doodh wala zaroori wala kar do", Priority.HIGH, None),
        ("task 3 ko urgent task bana do", Priority.URGENT, None),
        ("urgent wala kal kar do", None, Priority.URGENT),
    ],
)
def test_the_priority_that_a_task_has_is_not_the_one_it_gets(
    text: str, priority: Priority | None, of_priority: Priority | None
) -> None:
    intent = parse_urdu_intent(text, now=NOW)
    assert (intent.operation, intent.priority, intent.of_priority) == (Operation.UPDATE, priority, of_priority)


@pytest.mark.parametrize(
    "text", ["foran meeting wala delete karo", "delete the meeting immediately", "sab foran hata do"]
)
def test_haste_does_not_say_which(text: str) -> None:
    intent = parse_urdu_intent(text, now=NOW)
    assert (intent.operation, intent.of_priority) == (Operation.DELETE, None)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("roz wale sab delete kar do", "FREQ=DAILY"),
        ("delete all daily tasks", "FREQ=DAILY"),
        ("har jumme wale kaam dikhao", "FREQ=WEEKLY;BYDAY=FR"),
        ("roz walk wala delete karo", None),
        ("gym ko har hafte kar do", None),
        ("rozana walk karna add karo", None),
    ],
)
def test_a_rule_says_which_ones_where_nothing_is_named(text: str, rule: str | None) -> None:
    assert parse_urdu_intent(text, now=NOW).of_repeat == rule


@pytest.mark.parametrize(
    ("text", "everything"),
    [
        ("clear completed tasks", True),
        ("mukammal walay delete kar do", True),
        ("delete tasks for tomorrow", True),
        ("kal wale delete kar do", True),
        ("kal ke doodh wale delete kar do", False),
        ("kal ke sab doodh wale delete kar do", True),
        ("kal wala task delete karo", False),
        ("kal wale task ko delete karo", False),
        ("zaroori wala delete kar do", False),
    ],
)
def test_a_kind_said_in_the_plural_is_all_of_that_kind(text: str, everything: bool) -> None:
    assert parse_urdu_intent(text, now=NOW).everything is everything


@pytest.mark.parametrize("text", ["purane sab delete kar do", "delete all old tasks", "پرانے سب حذف کر دو"])
def test_which_ones_are_old_is_asked(text: str) -> None:
    intent = parse_urdu_intent(text, now=NOW)
    assert (intent.during, intent.status) == ((date(1900, 1, 1), NOW.date()), TaskStatus.PENDING)
    assert intent.confidence < ACT


@pytest.mark.parametrize(
    ("text", "status", "everything", "title", "day"),
    [
        ("maine kal kya kya kiya", TaskStatus.COMPLETED, False, None, 5),
        ("aaj kitne kaam kiye", TaskStatus.COMPLETED, False, None, 6),
        ("what did I do today?", TaskStatus.COMPLETED, False, None, 6),
        ("jo ho gaye wo dikhao", TaskStatus.COMPLETED, False, None, None),
        ("dawai wala kaam ho gaya kya?", None, True, "dawai", None),
        ("kal kya kya karna hai", None, False, None, 7),
        ("what did I finish yesterday?", TaskStatus.COMPLETED, False, None, 5),
        ("what have I done this week?", TaskStatus.COMPLETED, False, None, 2),
        ("how many tasks did I complete today?", TaskStatus.COMPLETED, False, None, 6),
        ("aaj kaunse kaam mukammal hue", TaskStatus.COMPLETED, False, None, 6),
        ("kitne mukammal hue", TaskStatus.COMPLETED, False, None, None),
        ("aj kia h", None, False, None, 6),
        ("kaunse kaam reh gaye hain", TaskStatus.PENDING, False, None, None),
    ],
)
def test_what_was_done_is_completed_and_lies_behind(
    text: str, status: TaskStatus | None, everything: bool, title: str | None, day: int | None
) -> None:
    intent = parse_urdu_intent(text, now=NOW)
    assert (intent.operation, intent.status, intent.everything) == (Operation.LIST, status, everything)
    assert (intent.title, intent.during and intent.during[0].day) == (title, day)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("kal shaam ko kya hai", (16, 17, 18, 19, 20)),
        ("shaam 5 baje kya hai", (17,)),
        ("kal kya hai", ()),
    ],
)
def test_an_hour_or_a_part_of_the_day_filters(text: str, hours: tuple[int, ...]) -> None:
    assert parse_urdu_intent(text, now=NOW).hours == hours


@pytest.mark.parametrize(
    "text",
    [
        "1 nahi 2 delete karo",
        "task 1 nahi task 2 mukammal karo",
        "task 1 ko nahi task 2 ko hata do",
        "delete 2, not 1",
        "delete 2 not 1",
        "1 نہیں 2 حذف کر دو",
    ],
)
def test_a_number_that_is_refused_is_not_meant(text: str) -> None:
    assert [intent.task_id for intent in parse_urdu_intents(text, now=NOW)] == [2]


@pytest.mark.parametrize(
    "text",
    [
        "pehla nahi doosra delete karo",
        "pehla wala nahi doosra wala hata do",
        "delete the second not the first",
        "delete the second one, not the first",
        "sab nahi doosra delete karo",
        "پہلا نہیں دوسرا حذف کر دو",
    ],
)
def test_a_place_that_is_refused_is_not_meant(text: str) -> None:
    assert [(i.ordinal, i.also, i.everything) for i in parse_urdu_intents(text, now=NOW)] == [(2, (), False)]


@pytest.mark.parametrize(
    ("text", "excepted"),
    [
        ("bill ke ilawa sab delete kar do", "bill"),
        ("urgent ke ilawa sab delete kar do", "urgent"),
        ("delete all but urgent", "urgent"),
        ("#work ke ilawa sab delete kar do", "work"),
        ("sab siwaye bill ke delete karo", "bill"),
        ("bill ko chhor kar sab mukammal kar do", "bill"),
        ("bijli ke bill ke siwa sab tasks kal kar do", "bijli ke bill"),
        ("delete all except the bill", "bill"),
        ("delete everything but the bill", "bill"),
        ("بل کے علاوہ سب حذف کر دو", "بل"),
        ("kal ke ilawa sab delete kar do", "kal"),
        ("1 ke ilawa sab delete karo", "1"),
        ("delete all except 1 and 2", "1 and 2"),
        ("delete everything not tagged ghar", "tagged ghar"),
        ("complete everything that is not urgent", "urgent"),
        ("complete all that are not low priority", "low priority"),
        ("delete tasks which are not due today", "due today"),
        ("delete everything that isn't done", "done"),
        ("delete all tasks, not the report", "report"),
        ("jo urgent nahi wo sab delete kar do", "urgent"),
        ("jo ghar wale nahi hain wo dikhao", "ghar"),
        ("jo fori nahi hain unhe mukammal kar do", "fori"),
        ("sab delete karo, urgent wale nahi", "urgent"),
        ("move all tasks that are not urgent to monday", "urgent"),
        ("جو فوری نہیں وہ سب حذف کر دو", "فوری"),
    ],
)
def test_what_is_left_out_of_all_is_told(text: str, excepted: str) -> None:
    intent = parse_urdu_intent(text, now=NOW)
    assert (intent.of_priority, intent.tags) == (None, ())
    assert (intent.everything, intent.excepted, intent.title) == (True, excepted, None)


@pytest.mark.parametrize(
    ("text", "them"),
    [
        ("dono delete kar do", True),
        ("teeno ho gaye", True),
        ("complete both", True),
        ("delete all of them", True),
        ("ye sab delete kar do", True),
        ("in sab ko complete kar do", True),
        ("یہ سب حذف کر دو", True),
        ("دونوں حذف کر دو", True),
        ("sab delete kar do", False),
        ("delete all tasks", False),
        ("jo urgent nahi wo sab delete kar do", False),
        ("list me se sab delete kar do", False),
    ],
)
def test_all_of_them_are_those_that_were_shown(text: str, them: bool) -> None:
    intent = parse_urdu_intent(text, now=NOW)
    assert (intent.pronoun, intent.everything, intent.title) == (them, True, None)


@pytest.mark.parametrize(
    ("text", "priorities"),
    [
        ("delete urgent and low priority tasks", {"urgent", "low"}),
        ("urgent aur low priority wale delete kar do", {"urgent", "low"}),
        ("urgent wale aur low wale delete kar do", {"urgent", "low"}),
        ("complete high and low priority tasks", {"high", "low"}),
        ("delete the low or urgent ones", {"urgent", "low"}),
        ("urgent, high aur low wale delete karo", {"urgent", "high", "low"}),
        ("urgent aur low wale sab kal kar do", {"urgent", "low"}),
        ("show urgent and low tasks", {"urgent", "low"}),
        ("zaroori bill urgent kar do", {"high"}),
        ("zaroori wale sab urgent kar do", {"high"}),
    ],
)
def test_of_several_priorities_each_is_meant(text: str, priorities: set[str]) -> None:
    intent = parse_urdu_intent(text, now=NOW)
    listed = intent.priority if intent.operation is Operation.LIST else intent.of_priority
    assert {listed, *intent.or_priority} == priorities
    assert intent.operation is not Operation.UPDATE or (intent.priority is None) == ("kal" in text)


@pytest.mark.parametrize(
    "text",
    [
        "doodh urgent nahi hai low kar do",
        "isko urgent nahi low kar do",
        "sab kal nahi parson kar do",
        "jo kaam aaj nahi ho sakte unhe kal kar do",
        "urgent wale sab delete karo",
        "don't forget to show all urgent tasks",
        "kal wali meeting nahi parson wali delete karo",
    ],
)
def test_what_is_only_put_right_leaves_nothing_out(text: str) -> None:
    assert parse_urdu_intent(text, now=NOW).excepted is None


@pytest.mark.parametrize("text", ["delete all but the first", "complete all except the first"])
def test_what_is_left_out_by_its_place_is_never_meant(text: str) -> None:
    intent = parse_urdu_intent(text, now=NOW)
    assert (intent.ordinal, intent.everything, intent.title, intent.during) == (None, False, None, None)


@pytest.mark.parametrize(
    ("text", "clears"),
    [
        ("report ki date hata do", ("due",)),
        ("remove the deadline from report", ("due",)),
        ("gym se roz hata do", ("repeat",)),
        ("remove daily from gym", ("repeat",)),
        ("رپورٹ کی تاریخ ہٹا دو", ("due",)),
        ("report wala wapas khol do", ("done",)),
        ("reopen report", ("done",)),
        ("report ko pending kar do", ("done",)),
        ("mark report as not done", ("done",)),
        ("رپورٹ والا دوبارہ کھول دو", ("done",)),
        ("report hata do", ()),
        ("delete the date night task", ()),
    ],
)
def test_what_is_taken_off_a_task_is_no_deletion(text: str, clears: tuple[str, ...]) -> None:
    intent = parse_urdu_intent(text, now=NOW)
    assert (intent.clears, intent.due, intent.repeat) == (clears, None, None)
    assert intent.operation is (Operation.UPDATE if clears else Operation.DELETE)


@pytest.mark.parametrize("text", ["delete' OR 1=1 --", "delete 1=1", "1/1 delete karo"])
def test_a_number_among_signs_names_no_task(text: str) -> None:
    assert all(intent.task_id is None for intent in parse_urdu_intents(text, now=NOW))


@pytest.mark.parametrize(
    "text",
    [
        "sab overdue hata do",
        "anything overdue?",
        "late tasks dikhao",
        "show me overdue tasks",
        "kaunse kaam late ho gaye hain",
    ],
)
def test_what_is_late_is_pending_from_before_today(text: str) -> None:
    intent = parse_urdu_intent(text, now=NOW)
    assert (intent.during, intent.status) == ((date(1900, 1, 1), NOW.date()), TaskStatus.PENDING)


@pytest.mark.parametrize(
    "text",
    [
        "kal doodh lana aur parson gosht lana yaad dilana",
        "kal doodh lana hai, parson gosht lana hai",
        "doodh lana hai kal, gosht lana hai parson",
        "doodh lana hai kal aur gosht lana hai parson, yaad dila dena",
        "doodh lana hai kal, gosht lana hai parson yaad dila dena",
        "mujhe doodh lana hai kal shaam 5 baje aur gosht lana hai parson 7 baje",
    ],
)
def test_each_of_several_needs_keeps_its_own_day(text: str) -> None:
    intents = parse_urdu_intents(text, now=NOW)
    assert [(i.operation, i.title, i.due and i.due.day.day) for i in intents] == [
        (Operation.ADD, "doodh lana", 7),
        (Operation.ADD, "gosht lana", 8),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kal 8 baje gym jana hai aur shaam 6 baje tuition jana hai", [("gym jana", 7), ("tuition jana", 7)]),
        ("mujhe kal subah gym jana hai aur shaam ko tuition", [("gym jana", 7), ("tuition", 7)]),
        ("kal 5 baje meeting, 6 baje call", [("meeting", 7), ("call", 7)]),
        ("kal doodh lana hai aur parson gosht", [("doodh lana", 7), ("gosht", 8)]),
        ("kal doodh lana hai. shaam ko gym jana hai", [("doodh lana", 7), ("gym jana", 6)]),
        ("kal 2 baje aur 8 baje dawai leni hai", [("dawai leni", 7), ("dawai leni", 7)]),
    ],
)
def test_what_goes_on_from_a_thing_to_do_is_on_its_day(text: str, expected: list[tuple[str, int]]) -> None:
    intents = parse_urdu_intents(text, now=NOW)
    assert [(i.title, i.due and i.due.day.day) for i in intents] == expected


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1 se 3 tak delete karo", [1, 2, 3]),
        ("task 1 se 3 tak mukammal karo", [1, 2, 3]),
        ("delete task 1-3", [1, 2, 3]),
        ("delete tasks 1 to 3", [1, 2, 3]),
        ("#1, #2 aur #5 delete karo", [1, 2, 5]),
        ("task 1 ya 2 delete karo", [None]),
        ("1 ya 2 delete karo", [None]),
    ],
)
def test_a_range_means_all_within_and_a_choice_none(text: str, numbers: list[int | None]) -> None:
    assert [intent.task_id for intent in parse_urdu_intents(text, now=NOW)] == numbers


@pytest.mark.parametrize("text", ["mark 2 and 4 done", "complete tasks 2 and 4", "mark tasks 2, 4 as done"])
def test_numbers_before_done_are_tasks(text: str) -> None:
    assert [(i.operation, i.task_id) for i in parse_urdu_intents(text, now=NOW)] == [
        (Operation.COMPLETE, 2),
        (Operation.COMPLETE, 4),
    ]


def test_several_numbers_are_several_commands() -> None:
    intents = parse_urdu_intents("delete tasks 1, 2 and 4", now=NOW)
    assert [(i.operation, i.task_id) for i in intents] == [("delete", 1), ("delete", 2), ("delete", 4)]


def test_what_follows_an_addition_completes_it() -> None:
    (intent,) = parse_urdu_intents("vitamins lena add karo; isay rozana kar do", now=NOW)
    assert (intent.operation, intent.title, intent.repeat) == (Operation.ADD, "vitamins lena", "FREQ=DAILY")


@pytest.mark.parametrize(
    "text",
    [
        "beta ko kal karo aur usay urgent kar do",
        "beta ko urgent kar do. usay kal kar do",
        "move beta to tomorrow and make it urgent",
    ],
)
def test_what_follows_a_change_belongs_to_it(text: str) -> None:
    (intent,) = parse_urdu_intents(text, now=NOW)
    assert (intent.operation, intent.title, intent.priority) == (Operation.UPDATE, "beta", Priority.URGENT)
    assert intent.due is not None
    assert intent.due.day == date(2026, 2, 7)


def test_a_second_day_for_the_same_task_is_not_lost() -> None:
    intents = parse_urdu_intents("beta ko kal karo aur usay parson kar do", now=NOW)
    assert [intent.due_text for intent in intents] == ["kal", "parson"]


def test_a_correction_moves_what_was_spoken_of_last() -> None:
    intent = parse_urdu_intent("5 nahi 6 baje", now=NOW)
    assert (intent.operation, intent.pronoun, intent.title, intent.task_id) == (Operation.UPDATE, True, None, None)
    assert intent.due is not None


def test_a_task_is_taken_from_the_sentence_before_the_command() -> None:
    intent = parse_urdu_intent("Kal Ali ke paas jana hai. Mujhe 5 baje yaad dila dena", now=NOW)
    assert (intent.operation, intent.title) == (Operation.ADD, "Ali ke paas jana")


def test_a_date_comes_along_with_the_sentence_before_the_command() -> None:
    intent = parse_urdu_intent("kal subah 9 baje doctor ke paas jana hai, yaad dilana", now=NOW)
    assert (intent.title, intent.due_text) == ("doctor ke paas jana", "kal subah 9 baje")
    assert intent.due is not None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("ammi ko kal subah dawai lene ka yaad dilao", "dawai lene"),
        ("ammi ko phone karna yaad dila dena", "ammi ko phone karna"),
        ("mujhe ammi ko phone karne ka yaad dilana", "ammi ko phone karne"),
        ("Add Ali's BIRTHDAY Gift to my list", "Ali's BIRTHDAY Gift"),
        ("important documents lana add karo", "important documents lana"),
    ],
)
def test_a_title_is_what_a_careful_person_would_store(text: str, title: str) -> None:
    assert parse_urdu_intent(text, now=NOW).title == title


@pytest.mark.parametrize(
    ("text", "social"),
    [
        ("salam", Social.GREETING),
        ("السلام علیکم", Social.GREETING),
        ("hello!", Social.GREETING),
        ("munshi, hi", Social.GREETING),
        ("doodh wala aaj hi karna hai", None),
        ("bohat shukriya", Social.THANKS),
        ("thanks a lot", Social.THANKS),
        ("khuda hafiz", Social.FAREWELL),
        ("خدا حافظ", Social.FAREWELL),
        ("help", Social.HELP),
        ("tumhara naam kya hai?", Social.HELP),
        ("what's your name?", Social.HELP),
        ("aap kya kar sakte hain", Social.HELP),
        ("what can you do?", Social.HELP),
        ("hi, what can you do?", Social.HELP),
        ("aaj kaunsa din hai", Social.TODAY),
        ("what's the date?", Social.TODAY),
        ("mera boss naraz ho gaya", None),
    ],
)
def test_talk_is_known_for_what_it_is(text: str, social: Social | None) -> None:
    intent = parse_urdu_intent(text, now=NOW)
    assert (intent.operation, intent.social) == (Operation.NONE, social)


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        ("doodh wala delete kar doon?", Operation.DELETE),
        ("doodh wala delete kar doon kya", Operation.DELETE),
        ("kya main doodh wala delete kar doon", Operation.DELETE),
        ("kya doodh wala delete karna chahiye", Operation.DELETE),
        ("doodh wala hata dun ya nahi", Operation.DELETE),
        ("isko delete karun?", Operation.DELETE),
        ("sab delete kar doon?", Operation.DELETE),
        ("doodh wala delete kar dein?", Operation.DELETE),
        ("can I delete buy milk?", Operation.DELETE),
        ("should I delete buy milk", Operation.DELETE),
        ("gas bill delete?", Operation.DELETE),
        ("kya gas bill delete ho sakta hai?", Operation.DELETE),
        ("kya main gas bill delete kar sakta hun", Operation.DELETE),
        ("i will delete gas bill later", Operation.DELETE),
        ("i'm going to delete gas bill", Operation.DELETE),
        ("delete gas bill or not?", Operation.DELETE),
        ("delete client meeting?", Operation.DELETE),
        ("fees wala complete kar loon?", Operation.COMPLETE),
        ("bijli wala kal kar doon?", Operation.UPDATE),
        ("کیا بجلی والا ڈیلیٹ کر دوں؟", Operation.DELETE),
        ("دودھ والا ڈیلیٹ کر دوں", Operation.DELETE),
    ],
)
def test_who_asks_for_advice_is_asked_back(text: str, operation: Operation) -> None:
    intent = parse_urdu_intent(text, now=NOW)
    assert intent.operation is operation
    assert ASK <= intent.confidence < ACT


@pytest.mark.parametrize(
    "text",
    [
        "would you delete the gas bill?",
        "can you please delete the gas bill?",
        "kya aap gas bill delete kar sakte hain?",
        "gas bill delete kar doge?",
        "gas bill delete kar do",
        "delete gas bill",
    ],
)
def test_who_asks_for_it_politely_is_obeyed(text: str) -> None:
    intent = parse_urdu_intent(text, now=NOW)
    assert (intent.operation, intent.title) == (Operation.DELETE, text[text.index("gas") :][:8])
    assert intent.confidence >= ACT


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2 ko kal kar do", [2]),
        ("2 aur 3 ko kal kar do", [2, 3]),
        ("3 ko urgent kar do", [3]),
        ("2 ko 5 baje kar do", [2]),
        ("5 ko mukammal kar do", [5]),
        ("kal 2 baje kar do", [None]),
        ("task 3 ko 4 se 5 baje kar do", [3]),
        ("move 2 to 5 pm", [2]),
        ("Ali ko 2 baje call karna add karo", [None]),
    ],
)
def test_a_number_before_ko_or_a_date_is_a_task(text: str, numbers: list[int | None]) -> None:
    assert [intent.task_id for intent in parse_urdu_intents(text, now=NOW)] == numbers


@pytest.mark.parametrize(
    ("text", "nods"),
    [
        *((text, True) for text in ("theek hai", "ok", "acha", "hmm", "👍", "never mind", "acha, theek hai", "اچھا")),
        *((text, False) for text in ("haan", "kar do", "acha doodh", "", ".", "ok bill", "nahi")),
    ],
)
def test_a_nod_is_no_more_than_that(text: str, nods: bool) -> None:
    assert only_nods(text) is nods


def test_a_task_that_is_told_to_be_cancelled_is_asked_about() -> None:
    intent = parse_urdu_intent("office wali meeting cancel ho gayi hai", now=NOW)
    assert intent.operation is Operation.DELETE
    assert ASK <= intent.confidence < ACT


def test_confidence_tells_the_said_from_the_guessed() -> None:
    said = parse_urdu_intent("meeting wala task delete kar do", now=NOW).confidence
    guessed = parse_urdu_intent("meeting khatam karo", now=NOW).confidence
    unsaid = parse_urdu_intent("kya haal hai", now=NOW).confidence
    assert said >= ACT > guessed >= ASK > unsaid


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("mere tasks dikhao", Language.ROMAN),
        ("saare tasks delete kar do", Language.ROMAN),
        ("task 3 complete kar do", Language.ROMAN),
        ("delete meeting", Language.ENGLISH),
        ("undo", Language.ENGLISH),
        ("meeting wala task delete kar do", Language.ROMAN),
        ("show my tasks", Language.ENGLISH),
        ("delete the meeting task please", Language.ENGLISH),
        ("میرے ٹاسک دکھاؤ", Language.URDU),
        ("meeting والا task حذف کر دو", Language.URDU),
        ("Ahmed ne call kiya", Language.ROMAN),
        ("agar meeting cancel ho jaye to batana", Language.ROMAN),
        ("", Language.ROMAN),
    ],
)
def test_the_language_of_a_message_is_told(text: str, language: Language) -> None:
    assert language_of(text) is language
    assert parse_urdu_intent(text, now=NOW).language is language
