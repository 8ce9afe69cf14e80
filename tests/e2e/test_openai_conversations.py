"""Whole conversations through the real process and the real SDK: replies, tool calls and database as they must be.

Each is held in both APIs and over both routes.
"""

from collections.abc import Iterator

import pytest

from tests.doubles.openai_server import Call, Say, ScriptedModel
from tests.e2e.openai_talks import (
    ROUTES,
    Talk,
    Turn,
    add,
    calls_of,
    change,
    delete,
    find,
    finish,
    newcomer,
    talking,
    tasks_of,
    undo,
)
from tests.e2e.process import Service

CONFIRM_THREE = "3 tasks delete kar doon?\n1. a\n2. b\n3. c\n(haan / nahi)"

TALKS = [
    # One round of tools, or none.
    Talk("salam", [], [Turn("salam", ["Wa alaikum salam! Kya madad karoon?"])], []),
    Talk("hello", [], [Turn("hello", ["Hello! How can I help?"])], []),
    Talk("salam in Urdu", [], [Turn("السلام علیکم", ["وعلیکم السلام! کیا مدد کروں؟"])], []),
    Talk(
        "add in Roman Urdu",
        [],
        [Turn("doodh lana add karo", [[add("doodh lana")], "Theek hai, 'doodh lana' add ho gaya."])],
        ["1 doodh lana"],
    ),
    Talk(
        "add in English",
        [],
        [Turn("add buy milk", [[add("buy milk")], "Done, I added 'buy milk'."])],
        ["1 buy milk"],
    ),
    Talk(
        "add in Urdu",
        [],
        [Turn("دودھ لانا شامل کرو", [[add("دودھ لانا")], "ٹھیک ہے، 'دودھ لانا' شامل ہو گیا۔"])],
        ["1 دودھ لانا"],
    ),
    Talk(
        "words before the call",
        [],
        [
            Turn(
                "add buy milk",
                [Say("One moment.", calls=(add("buy milk"),)), " I added it."],
                "One moment. I added it.",
                {},
                [add("buy milk")],
            )
        ],
        ["1 buy milk"],
    ),
    Talk(
        "list",
        ["doodh", "anday"],
        [Turn("mere tasks dikhao", [[find()], "Aap ke 2 tasks hain:\n1. doodh\n2. anday"])],
        ["1 doodh", "2 anday"],
    ),
    Talk(
        "list in English, by status",
        ["milk", "eggs"],
        [Turn("show my pending tasks", [[find(status="pending")], "You have 2 pending tasks: milk and eggs."])],
        ["1 milk", "2 eggs"],
    ),
    Talk(
        "list in Urdu, none there",
        [],
        [Turn("میرے ٹاسک دکھاؤ", [[find()], "آپ کا کوئی ٹاسک نہیں ہے۔"])],
        [],
    ),
    Talk(
        "complete by number",
        ["doodh", "anday"],
        [Turn("task 2 mukammal karo", [[finish(2)], "Theek hai, 'anday' mukammal ho gaya."])],
        ["1 doodh", "2 anday done"],
    ),
    Talk(
        "delete by number in Urdu",
        ["دودھ", "انڈے"],
        [Turn("ٹاسک 1 حذف کر دو", [[delete(1)], "'دودھ' ٹاسک حذف ہو گیا۔"])],
        ["2 انڈے"],
    ),
    Talk(
        "one task shown",
        ["doodh"],
        [Turn("task 1 dikhao", [[Call("get_task", {"task_id": 1})], "Task 1: doodh."])],
        ["1 doodh"],
    ),
    # Several rounds.
    Talk(
        "list, then delete",
        ["meeting", "doodh"],
        [
            Turn(
                "Mera meeting wala task delete kar do",
                [[find("meeting")], [delete(1)], "Theek hai, 'meeting' task delete ho gaya."],
            )
        ],
        ["2 doodh"],
    ),
    Talk(
        "list, then complete, in English",
        ["call the dentist", "milk"],
        [
            Turn(
                "mark the dentist task as done",
                [[find("dentist")], [finish(1)], "I marked 'call the dentist' as done."],
            )
        ],
        ["1 call the dentist done", "2 milk"],
    ),
    Talk(
        "list, then complete, in Urdu",
        ["بجلی کا بل", "دودھ"],
        [Turn("بجلی کا بل والا ٹاسک مکمل کرو", [[find("بجلی کا بل")], [finish(1)], "'بجلی کا بل' مکمل ہو گیا۔"])],
        ["1 بجلی کا بل done", "2 دودھ"],
    ),
    Talk(
        "three rounds: read, show, rename",
        ["report"],
        [
            Turn(
                "task 1 ka naam 'saalana report' rakh do",
                [
                    [find("report")],
                    [Call("get_task", {"task_id": 1})],
                    [change(1, title="saalana report")],
                    "'report' ka naam ab 'saalana report' hai.",
                ],
            )
        ],
        ["1 saalana report"],
    ),
    Talk(
        "add, then read it back",
        [],
        [Turn("chai lana add karo", [[add("chai lana")], [find()], "'chai lana' add ho gaya; ab kul 1 task hai."])],
        ["1 chai lana"],
    ),
    # Dates in the person's words, resolved by the server.
    Talk(
        "add for tomorrow at nine",
        [],
        [
            Turn(
                "kal subah 9 baje doctor ka task add karo",
                [[add("doctor", due="kal subah 9 baje")], "'doctor' kal subah 9 baje ke liye add ho gaya."],
            )
        ],
        ["1 doctor @1T09:00"],
    ),
    Talk(
        "move to tomorrow at nine",
        ["meeting"],
        [
            Turn(
                "meeting ko kal subah 9 baje kar do",
                [[find("meeting")], [change(1, due="kal subah 9 baje")], "'meeting' ab kal subah 9 baje hai."],
            )
        ],
        ["1 meeting @1T09:00"],
    ),
    Talk(
        "move in English",
        ["report"],
        [
            Turn(
                "move task 1 to tomorrow at 5 pm",
                [[change(1, due="tomorrow at 5 pm")], "I moved 'report' to tomorrow at 5 pm."],
            )
        ],
        ["1 report @1T17:00"],
    ),
    Talk(
        "move in Urdu",
        ["میٹنگ"],
        [Turn("میٹنگ کو پرسوں کر دو", [[find("میٹنگ")], [change(1, due="پرسوں")], "'میٹنگ' پرسوں پر منتقل ہو گئی۔"])],
        ["1 میٹنگ @2"],
    ),
    Talk(
        "a date that is none",
        [],
        [
            Turn(
                "doctor ka task blorsday ko add karo",
                [[add("doctor", due="blorsday")], "'blorsday' ki tareekh samajh nahi aayi. Kis din?"],
                errors={0: "invalid"},
            ),
            Turn("kal", [[add("doctor", due="kal")], "'doctor' kal ke liye add ho gaya."]),
        ],
        ["1 doctor @1"],
    ),
    # Repeating tasks, priority, tags, description.
    Talk(
        "add a repeating task",
        [],
        [
            Turn(
                "rozana namaz ka task add karo",
                [[add("namaz", repeat="rozana")], "'namaz' rozana ke liye add ho gaya."],
            )
        ],
        ["1 namaz @0 FREQ=DAILY"],
    ),
    Talk(
        "a repeating task moves on",
        [{"title": "walk", "due": "aaj", "repeat": "FREQ=DAILY"}],
        [Turn("walk is done", [[find("walk")], [finish(1)], "I marked 'walk' as done; it is due again tomorrow."])],
        ["1 walk @1 FREQ=DAILY"],
    ),
    Talk(
        "a repeating task is completed once, however often the model says so",
        [{"title": "walk", "due": "aaj", "repeat": "FREQ=DAILY"}],
        [
            Turn(
                "task 1 mukammal karo",
                [[finish(1)], [finish(1)], "'walk' mukammal ho gaya."],
                errors={1: "already_done"},
            )
        ],
        ["1 walk @1 FREQ=DAILY"],
    ),
    Talk(
        "priority",
        ["report"],
        [
            Turn(
                "report wala task urgent kar do",
                [[find("report")], [change(1, priority="urgent")], "'report' ab urgent hai."],
            )
        ],
        ["1 report urgent"],
    ),
    Talk(
        "everything of a task at once",
        [],
        [
            Turn(
                "add a high priority task: pay rent tomorrow",
                [[add("pay rent", due="tomorrow", priority="high")], "I added 'pay rent' for tomorrow, high priority."],
            )
        ],
        ["1 pay rent @1 high"],
    ),
    # Several turns, ambiguity, history.
    Talk(
        "which one, and the answer by name",
        ["doctor meeting", "team meeting"],
        [
            Turn("meeting wala task delete karo", [[find("meeting")], "Kaunsa: doctor meeting ya team meeting?"]),
            Turn("team wala", [[delete(2)], "'team meeting' delete ho gaya."]),
        ],
        ["1 doctor meeting"],
    ),
    Talk(
        "which one, and the answer by number",
        ["doctor meeting", "team meeting"],
        [
            Turn("delete the meeting task", [[find("meeting")], "Which one: 1. doctor meeting or 2. team meeting?"]),
            Turn("2", [[delete(2)], "I deleted 'team meeting'."]),
        ],
        ["1 doctor meeting"],
    ),
    Talk(
        "which one, in Urdu",
        ["ڈاکٹر میٹنگ", "ٹیم میٹنگ"],
        [
            Turn("میٹنگ والا ٹاسک حذف کرو", [[find("میٹنگ")], "کون سا: ڈاکٹر میٹنگ یا ٹیم میٹنگ؟"]),
            Turn("پہلا", [[delete(1)], "'ڈاکٹر میٹنگ' حذف ہو گئی۔"]),
        ],
        ["2 ٹیم میٹنگ"],
    ),
    Talk(
        "the model asks yes or no, the person says yes",
        ["report", "doodh"],
        [
            Turn("report wala task delete karo", [[find("report")], "'report' delete kar doon?"]),
            Turn("haan", [[delete(1)], "'report' delete ho gaya."]),
        ],
        ["2 doodh"],
    ),
    Talk(
        "the model asks yes or no, the person says no",
        ["report"],
        [
            Turn("delete the report task", [[find("report")], "Shall I delete 'report'?"]),
            Turn("no", ["All right, I changed nothing."]),
        ],
        ["1 report"],
    ),
    Talk(
        "a title is asked for",
        [],
        [
            Turn("ek task add karo", ["Task mein kya likhoon?"]),
            Turn("doodh lana add karo", [[add("doodh lana")], "'doodh lana' add ho gaya."]),
        ],
        ["1 doodh lana"],
    ),
    Talk(
        "this one",
        ["report", "doodh"],
        [
            Turn("task 1 dikhao", [[Call("get_task", {"task_id": 1})], "Task 1: report."]),
            Turn("isay delete kar do", [[delete(1)], "'report' delete ho gaya."]),
        ],
        ["2 doodh"],
    ),
    Talk(
        "three turns: add, complete, list",
        [],
        [
            Turn("add call ali", [[add("call ali")], "I added 'call ali'."]),
            Turn("mark call ali as done", [[find("call ali")], [finish(1)], "I marked 'call ali' as done."]),
            Turn("show my tasks", [[find(status="pending")], "Nothing is pending."]),
        ],
        ["1 call ali done"],
    ),
    Talk(
        "history is read by a tool",
        [],
        [
            Turn("salam", ["Wa alaikum salam!"]),
            Turn("maine kya kaha tha?", [[Call("fetch_chat_history", {"limit": 5})], "Aap ne salam kaha tha."]),
        ],
        [],
    ),
    # Undo.
    Talk(
        "undo a deletion",
        ["report"],
        [
            Turn("task 1 delete karo", [[delete(1)], "'report' delete ho gaya."]),
            Turn("undo karo", [[undo()], "'report' wapas aa gaya."]),
        ],
        ["1 report"],
    ),
    Talk(
        "undo a turn of two changes at once",
        [],
        [
            Turn("doodh aur anday add karo", [[add("doodh"), add("anday")], "'doodh' aur 'anday' add ho gaye."]),
            Turn("wapas lo", [[undo()], "Dono wapas le liye gaye."]),
        ],
        [],
    ),
    Talk(
        "undo in English, nothing there",
        [],
        [Turn("undo", [[undo()], "There is nothing to undo."], errors={0: "nothing_to_undo"})],
        [],
    ),
    Talk(
        "undo in Urdu",
        ["دودھ"],
        [
            Turn("ٹاسک 1 مکمل کرو", [[finish(1)], "'دودھ' مکمل ہو گیا۔"]),
            Turn("واپس لاؤ", [[undo()], "'دودھ' واپس آ گیا۔"]),
        ],
        ["1 دودھ"],
    ),
    # Failures.
    Talk(
        "not found by number",
        ["doodh"],
        [Turn("task 9 delete karo", [[delete(9)], "Number 9 ka koi task nahi hai."], errors={0: "not_found"})],
        ["1 doodh"],
    ),
    Talk(
        "not found by words",
        ["doodh"],
        [Turn("delete the passport task", [[find("passport")], "I found no task called 'passport'."])],
        ["1 doodh"],
    ),
    Talk(
        "not found in Urdu",
        [],
        [Turn("ٹاسک 5 مکمل کرو", [[finish(5)], "نمبر 5 کا کوئی ٹاسک نہیں ہے۔"], errors={0: "not_found"})],
        [],
    ),
    Talk(
        "wrong number, then the right one",
        ["doodh", "report"],
        [
            Turn(
                "report wala task delete karo",
                [[delete(7)], [find("report")], [delete(2)], "'report' delete ho gaya."],
                errors={0: "not_found"},
            )
        ],
        ["1 doodh"],
    ),
    Talk(
        "invalid arguments, then valid ones",
        [],
        [
            Turn(
                "add buy milk",
                [[add("buy milk", priority="extreme")], [add("buy milk")], "I added 'buy milk'."],
                errors={0: "invalid"},
            )
        ],
        ["1 buy milk"],
    ),
    Talk(
        "an unknown argument",
        ["doodh"],
        [
            Turn(
                "task 1 delete karo",
                [[Call("delete_task", {"task_id": 1, "user_id": "someone"})], "Yeh nahi ho saka."],
                errors={0: "invalid"},
            )
        ],
        ["1 doodh"],
    ),
    Talk(
        "it, of the same message",
        ["doodh"],
        [
            Turn("mere tasks dikhao", [[find()], "Aap ka 1 task hai:\n1. doodh"]),
            Turn(
                "tea add karo aur isko delete kar do",
                [[add("tea")], [delete(2)], "'tea' add kar ke delete kar diya."],
            ),
            Turn(
                "zeta add karo aur us ki date kal kar do",
                [[add("zeta")], [change(3, due="kal")], "'zeta' add ho gaya, kal ke liye."],
            ),
        ],
        ["1 doodh", "3 zeta @1"],
    ),
    Talk(
        "garbage instead of JSON",
        ["doodh"],
        [
            Turn(
                "task 1 delete karo",
                [[Call("delete_task", '{"task_id": 1')], [delete(1)], "'doodh' delete ho gaya."],
                errors={0: "malformed_json"},
            )
        ],
        [],
    ),
    Talk(
        "a tool that there is not",
        ["doodh"],
        [
            Turn(
                "email my tasks to Ali",
                [[Call("send_email", {"to": "ali"})], "I can't send e-mail."],
                errors={0: "unknown_tool"},
            )
        ],
        ["1 doodh"],
    ),
    Talk(
        "one of two fails",
        ["doodh"],
        [
            Turn(
                "task 1 aur 5 delete karo",
                [[delete(1), delete(5)], "'doodh' delete ho gaya, lekin number 5 ka koi task nahi hai."],
                errors={1: "not_found"},
            )
        ],
        [],
    ),
    # A claim without its call is corrected once.
    Talk(
        "a false claim, then the call",
        ["doodh"],
        [
            Turn("task 1 delete karo", ["Delete ho gaya.", [delete(1)], "'doodh' delete ho gaya."]),
        ],
        [],
    ),
    # Parallel calls and bulk.
    Talk(
        "five added in one answer",
        [],
        [
            Turn(
                "doodh, anday, bread, chai aur cheeni add karo",
                [[add(title) for title in ("doodh", "anday", "bread", "chai", "cheeni")], "Paancho add ho gaye."],
            )
        ],
        ["1 doodh", "2 anday", "3 bread", "4 chai", "5 cheeni"],
    ),
    Talk(
        "complete one, delete another",
        ["doodh", "report"],
        [
            Turn(
                "mark task 1 as done and delete task 2",
                [[finish(1), delete(2)], "I marked 'doodh' as done and deleted 'report'."],
            )
        ],
        ["1 doodh done"],
    ),
    Talk(
        "bulk, held and confirmed",
        ["a", "b", "c", "d"],
        [
            Turn(
                "tasks 1, 2 aur 3 delete karo",
                [[delete(1), delete(2), delete(3)]],
                CONFIRM_THREE,
                dict.fromkeys(range(3), "needs_confirmation"),
            ),
            Turn("haan", [], "Theek hai, 3 tasks delete ho gaye", {}, [delete(1), delete(2), delete(3)]),
        ],
        ["4 d"],
    ),
    Talk(
        "bulk, held and refused",
        ["a", "b", "c"],
        [
            Turn(
                "sab delete kar do",
                [[find()], [delete(1), delete(2), delete(3)]],
                CONFIRM_THREE,
                dict.fromkeys(range(1, 4), "needs_confirmation"),
            ),
            Turn("nahi", [], "Theek hai, kuch nahi kiya."),
        ],
        ["1 a", "2 b", "3 c"],
    ),
    Talk(
        "all there are, though only two",
        ["a", "b"],
        [
            Turn(
                "saare tasks delete karo",
                [[delete(1), delete(2)]],
                "2 tasks delete kar doon?\n1. a\n2. b\n(haan / nahi)",
                dict.fromkeys(range(2), "needs_confirmation"),
            ),
            Turn("haan", [], "Theek hai, 2 tasks delete ho gaye:\n1. a\n2. b", {}, [delete(1), delete(2)]),
        ],
        [],
    ),
    Talk(
        "a yes counts once",
        ["a", "b", "c", "d"],
        [
            Turn(
                "tasks 1, 2 aur 3 delete karo",
                [[delete(1), delete(2), delete(3)]],
                CONFIRM_THREE,
                dict.fromkeys(range(3), "needs_confirmation"),
            ),
            Turn("haan", [], "Theek hai, 3 tasks delete ho gaye", {}, [delete(1), delete(2), delete(3)]),
            Turn("haan", ["Ji, aur kuch?"]),
        ],
        ["4 d"],
    ),
    Talk(
        "another matter lets the question lapse",
        ["a", "b", "c"],
        [
            Turn(
                "tasks 1, 2 aur 3 delete karo",
                [[delete(1), delete(2), delete(3)]],
                CONFIRM_THREE,
                dict.fromkeys(range(3), "needs_confirmation"),
            ),
            Turn("doodh add karo", [[add("doodh")], "'doodh' add ho gaya."]),
            Turn("shukriya", ["Koi baat nahi!"]),
        ],
        ["1 a", "2 b", "3 c", "4 doodh"],
    ),
]


@pytest.fixture(scope="module", params=["responses", "chat"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Service, ScriptedModel]]:
    with talking(tmp_path_factory.mktemp("talks"), request.param) as started:
        yield started


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk.name)
def test_a_conversation_says_does_and_keeps_what_it_must(
    served: tuple[Service, ScriptedModel], talk: Talk, route: str
) -> None:
    service, model = served
    user = newcomer(service, talk.tasks)
    for turn in talk.turns:
        model.rounds[:] = turn.rounds
        answer = ROUTES[route](user, turn.message)
        assert answer["response"] == turn.expected_reply()
        assert calls_of(answer) == turn.expected_calls()
        assert model.rounds == []
    assert tasks_of(user) == list(talk.left)
    kept = user.get("conversations/talk/messages").json()["messages"]
    assert [message["text"] for message in kept] == [
        text for turn in talk.turns for text in (turn.message, turn.expected_reply())
    ]
    assert [calls_of(message) for message in kept[1::2]] == [turn.expected_calls() for turn in talk.turns]


def test_at_least_forty_conversations_are_held() -> None:
    assert len({talk.name for talk in TALKS}) >= 40
