"""Nothing false is ever shown as done: a claim without its tool call is held back, corrected once, else replaced.

In a lie the false words stand in [[double brackets]]; the model says them without.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from tests.doubles.openai_server import Call, Say, Script, ScriptedModel
from tests.e2e.openai_talks import (
    add,
    calls_of,
    change,
    delete,
    find,
    finish,
    newcomer,
    send_streamed,
    send_whole,
    talking,
    tasks_of,
    undo,
)
from tests.e2e.process import Service

FALSE = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
NEVER = "This round is never asked for."
NOTHING_ROMAN = "Maaf kijiye, is baat par koi tabdeeli nahi hui."
NOTHING_URDU = "معاف کیجیے، اس بات پر کوئی تبدیلی نہیں ہوئی۔"
NOTHING_ENGLISH = "Sorry, nothing was changed for this."


@dataclass(frozen=True)
class Lie:
    """A message, the model's rounds, and what it then says that is not so; `ours` is what the person reads instead."""

    message: str
    rounds: Sequence[Script]
    says: str
    ours: str
    tasks: Sequence[str | dict[str, Any]] = ("meeting", "doodh")

    @property
    def spoken(self) -> str:
        """The words of the model."""
        return FALSE.sub(r"\1", self.says)


LIES = [
    # Claims without any call.
    Lie("meeting wala task delete karo", [], "Theek hai, [[delete ho gaya]].", NOTHING_ROMAN),
    Lie("meeting wala task delete karo", [], "'meeting' task [[delete kar diya gaya hai]].", NOTHING_ROMAN),
    Lie("meeting hata do", [], "Ji, maine meeting [[hata di]] hai.", NOTHING_ROMAN),
    Lie("doodh lana add karo", [], "Theek hai, 'doodh lana' [[add ho gaya]].", NOTHING_ROMAN),
    Lie("doodh lana likh lo", [], "Doodh lana [[likh liya]] hai.", NOTHING_ROMAN),
    Lie("doodh wala task mukammal karo", [], "Shabash! 'doodh' [[mukammal ho gaya]].", NOTHING_ROMAN),
    Lie("meeting ko kal karo", [], "'meeting' ko kal par [[kar diya]].", NOTHING_ROMAN),
    Lie("wapas lao", [], "Pichli tabdeeli [[undo kar di]] hai.", NOTHING_ROMAN),
    Lie("doodh lana add karo", [], "Bohat acha. Main ne aap ke liye [[task bana diya]] hai. Aur kuch?", NOTHING_ROMAN),
    Lie("delete the meeting task", [], "Done! I've [[deleted]] the meeting task.", NOTHING_ENGLISH),
    Lie("delete the meeting task", [], "The task 'meeting' [[has been deleted]].", NOTHING_ENGLISH),
    Lie("add buy milk", [], "Sure! I [[added]] 'buy milk' to your list.", NOTHING_ENGLISH),
    Lie("mark doodh as done", [], "Great, I [[marked]] 'doodh' as done.", NOTHING_ENGLISH),
    Lie("move the meeting to tomorrow", [], "I [[moved]] 'meeting' to tomorrow.", NOTHING_ENGLISH),
    Lie("rename task 1 to party", [], "Task 1 [[has been renamed]] to 'party'.", NOTHING_ENGLISH),
    Lie("undo", [], "I have [[undone]] the last change.", NOTHING_ENGLISH),
    Lie("remind me to call ali", [], "Okay, your reminder [[is set]].", NOTHING_ENGLISH),
    Lie("میٹنگ والا ٹاسک حذف کرو", [], "'میٹنگ' ٹاسک [[حذف ہو گیا]]۔", NOTHING_URDU),
    Lie("دودھ لانا شامل کرو", [], "ٹھیک ہے، دودھ لانا [[شامل کر دیا گیا]] ہے۔", NOTHING_URDU),
    Lie("دودھ والا ٹاسک مکمل کرو", [], "شاباش! 'دودھ' [[مکمل ہو گیا]]۔", NOTHING_URDU),
    Lie("میٹنگ کو کل کرو", [], "میں نے میٹنگ کو کل پر [[منتقل کر دیا]]۔", NOTHING_URDU),
    Lie("واپس لاؤ", [], "پچھلی تبدیلی [[واپس کر دی گئی]] ہے۔", NOTHING_URDU),
    # In another language than the person's.
    Lie("meeting wala task delete karo", [], "I have [[deleted]] it.", NOTHING_ROMAN),
    # Only looked.
    Lie("meeting wala task delete karo", [[find("meeting")]], "'meeting' [[delete ho gaya]].", NOTHING_ROMAN),
    Lie("delete the meeting task", [[find("meeting")]], "I found it and [[deleted]] it.", NOTHING_ENGLISH),
    # Another operation.
    Lie(
        "task 1 delete karo",
        [[delete(1)]],
        "'meeting' [[mukammal ho gaya]].",
        "Theek hai, 'meeting' task delete ho gaya.",
    ),
    Lie("add buy milk", [[add("buy milk")]], "I [[deleted]] 'buy milk'.", "Okay, I added the task 'buy milk'."),
    Lie("ٹاسک 1 مکمل کرو", [[finish(1)]], "'meeting' [[حذف ہو گیا]]۔", "شاباش! 'meeting' ٹاسک مکمل ہو گیا۔"),
    # Another task.
    Lie(
        "task 1 delete karo",
        [[delete(1)]],
        "Theek hai, 'doodh' [[delete ho gaya]].",
        "Theek hai, 'meeting' task delete ho gaya.",
    ),
    Lie("delete task 1", [[delete(1)]], "I [[deleted]] 'doodh'.", "Okay, the task 'meeting' is deleted."),
    # More than was done.
    Lie(
        "task 1 delete karo",
        [[delete(1)]],
        "Theek hai, 2 tasks [[delete ho gaye]].",
        "Theek hai, 'meeting' task delete ho gaya.",
    ),
    Lie(
        "delete task 1",
        [[delete(1)]],
        "I deleted 'meeting'. I also [[added]] 'chai'.",
        "Okay, the task 'meeting' is deleted.",
    ),
    Lie(
        "task 1 delete karo",
        [[delete(1)]],
        "'meeting' delete ho gaya aur 'doodh' bhi [[mukammal ho gaya]].",
        "Theek hai, 'meeting' task delete ho gaya.",
    ),
    # After a call that failed.
    Lie("task 9 delete karo", [[delete(9)]], "Task 9 [[delete ho gaya]].", "Number 9 ka koi task nahi hai."),
    Lie("delete task 9", [[delete(9)]], "I [[deleted]] task 9.", "There is no task number 9."),
    Lie("ٹاسک 9 حذف کرو", [[delete(9)]], "ٹاسک 9 [[حذف ہو گیا]]۔", "نمبر 9 کا کوئی ٹاسک نہیں ہے۔"),
    Lie(
        "doodh lana add karo",
        [[add("doodh lana", priority="extreme")]],
        "'doodh lana' [[add ho gaya]].",
        "Maaf kijiye, yeh nahi ho saka",
    ),
    Lie("mere tasks dikhao", [[delete(1)]], "'meeting' [[delete ho gaya]].", "Maaf kijiye, yeh nahi ho saka"),
    # Before the call, in the same answer.
    Lie(
        "task 9 delete karo",
        [],
        "Task 9 [[delete kar diya]].",
        NOTHING_ROMAN,
    ),
]


@dataclass(frozen=True)
class Truth:
    """A message, the model's rounds, and what it then says that must pass as it is."""

    message: str
    rounds: Sequence[Script]
    says: str


TRUTHS = [
    # What was done.
    Truth("task 1 delete karo", [[delete(1)]], "Theek hai, 'meeting' task delete ho gaya."),
    Truth("task 1 delete karo", [[delete(1)]], "Ji, meeting hata di gayi hai."),
    Truth("delete task 1", [[delete(1)]], "Done! I've deleted 'meeting'. Anything else?"),
    Truth("ٹاسک 1 حذف کرو", [[delete(1)]], "ٹھیک ہے، 'meeting' حذف کر دیا گیا ہے۔"),
    Truth("chai lana add karo", [[add("chai lana")]], "'chai lana' aap ki list mein add ho gaya hai."),
    Truth("add buy tea", [[add("buy tea", due="tomorrow")]], "I've added 'buy tea' for tomorrow."),
    Truth("چائے لانا شامل کرو", [[add("چائے لانا")]], "'چائے لانا' شامل ہو گیا۔"),
    Truth("task 2 mukammal karo", [[finish(2)]], "Shabash! 'doodh' mukammal ho gaya."),
    Truth("mark task 2 as done", [[finish(2)]], "Nice work, 'doodh' is done."),
    Truth("task 1 ko kal karo", [[change(1, due="kal")]], "'meeting' ko kal par kar diya."),
    Truth("task 1 ka naam party rakho", [[change(1, title="party")]], "'meeting' ka naam ab 'party' hai."),
    Truth("move task 1 to tomorrow", [[change(1, due="tomorrow")]], "'meeting' is now due tomorrow."),
    Truth("undo karo", [[undo()]], "Theek hai, pichli tabdeeli wapas le li."),
    Truth("undo", [[undo()]], "I took back the last change."),
    Truth("chai aur bread add karo", [[add("chai"), add("bread")]], "Dono add ho gaye: chai aur bread."),
    Truth(
        "delete task 1 and mark task 2 as done", [[delete(1), finish(2)]], "I deleted 'meeting' and completed 'doodh'."
    ),
    # Questions and offers.
    Truth("meeting ka kya karun?", [], "Kya main 'meeting' delete kar doon?"),
    Truth("meeting", [[find("meeting")]], "'meeting' mila. Isay mukammal karoon ya delete karoon?"),
    Truth("what can you do?", [], "I can add, complete, change and delete your tasks."),
    Truth("delete the meeting", [[find("meeting")]], "Do you want me to delete 'meeting'?"),
    Truth("تم کیا کر سکتے ہو؟", [], "میں ٹاسک شامل، مکمل، تبدیل اور حذف کر سکتا ہوں۔"),
    Truth("کیا کروں؟", [], "کیا میں 'meeting' حذف کر دوں؟"),
    # What was not done.
    Truth("task 9 delete karo", [[delete(9)]], "Task 9 delete nahi hua: is number ka koi task nahi."),
    Truth("delete task 9", [[delete(9)]], "I could not delete task 9: there is no such task."),
    Truth("ٹاسک 9 حذف کرو", [[delete(9)]], "ٹاسک 9 حذف نہیں ہو سکا۔"),
    Truth("kuch badla?", [], "Nahi, maine kuch tabdeel nahi kiya."),
    Truth("did you delete it?", [], "No, nothing was deleted."),
    # How things stand.
    Truth("mere tasks dikhao", [[find()]], "Aap ke 2 tasks baqi hain:\n1. meeting\n2. doodh"),
    Truth("show my tasks", [[find()]], "You have 2 tasks:\n1. meeting\n2. doodh"),
    Truth("میرے ٹاسک دکھاؤ", [[find()]], "آپ کے 2 ٹاسک ہیں:\n1. meeting\n2. doodh"),
    # Conditions, plans, what the person may do, small talk.
    Truth("kaise delete karun?", [], "Likhein 'task 1 delete karo', phir woh delete ho jayega."),
    Truth("how do I delete a task?", [], "Say 'delete task 1' and I will delete it."),
    Truth("agar ghalti ho jaye?", [], "Agar task ghalti se delete ho jaye to 'undo' kahein, wapas aa jayega."),
    Truth("salam", [], "Wa alaikum salam! Aaj kya karna hai?"),
    Truth("shukriya", [], "Koi baat nahi!"),
    Truth("thanks", [], "You're welcome!"),
    Truth("shukriya", [], "خوش رہیں!"),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, ScriptedModel]]:
    with talking(tmp_path_factory.mktemp("honesty"), "chat") as started:
        yield started


def _id(case: Lie | Truth) -> str:
    return case.spoken if isinstance(case, Lie) else case.says


def _calls_in(rounds: Sequence[Script]) -> int:
    return sum(len(step) for step in rounds if isinstance(step, list))


def _assert_hidden(lie: Lie, shown: str) -> None:
    for words in FALSE.findall(lie.says):
        assert words not in shown.replace(lie.ours, "")
    assert "[[" not in shown


@pytest.mark.parametrize("lie", LIES, ids=_id)
def test_a_lie_told_twice_gives_way_to_what_happened(served: tuple[Service, ScriptedModel], lie: Lie) -> None:
    service, model = served
    user = newcomer(service, lie.tasks)
    model.rounds[:] = [*lie.rounds, lie.spoken, lie.spoken, NEVER]
    answer = send_streamed(user, lie.message)
    assert model.rounds == [NEVER]
    assert lie.ours in answer["response"]
    _assert_hidden(lie, answer["response"])
    assert len(answer["tool_calls"]) == _calls_in(lie.rounds)


@pytest.mark.parametrize("lie", LIES, ids=_id)
def test_a_lie_taken_back_is_never_seen(served: tuple[Service, ScriptedModel], lie: Lie) -> None:
    service, model = served
    user = newcomer(service, lie.tasks)
    truth = "Maaf kijiye, woh nahi hua."
    model.rounds[:] = [*lie.rounds, lie.spoken, truth, NEVER]
    answer = send_streamed(user, lie.message)
    assert model.rounds == [NEVER]
    assert answer["response"].endswith(truth)
    _assert_hidden(lie, answer["response"])
    assert "claims what no tool did" in str(model.bodies[-1])
    assert lie.spoken in str(model.bodies[-1]).replace("\\'", "'")


@pytest.mark.parametrize("truth", TRUTHS, ids=_id)
def test_what_is_true_passes_word_for_word(served: tuple[Service, ScriptedModel], truth: Truth) -> None:
    service, model = served
    user = newcomer(service, ["meeting", "doodh"])
    model.rounds[:] = [*truth.rounds, truth.says, NEVER]
    answer = send_streamed(user, truth.message)
    assert answer["response"] == truth.says
    assert model.rounds == [NEVER]


def test_the_missing_call_can_be_made_in_the_corrective_round(served: tuple[Service, ScriptedModel]) -> None:
    service, model = served
    user = newcomer(service, ["meeting"])
    model.rounds[:] = ["'meeting' delete ho gaya.", [delete(1)], "'meeting' delete ho gaya.", NEVER]
    answer = send_whole(user, "task 1 delete karo")
    assert answer["response"].endswith("'meeting' delete ho gaya.")
    assert calls_of(answer) == [("delete_task", {"task_id": 1}, "ok")]
    assert (tasks_of(user), model.rounds) == ([], [NEVER])


def test_the_true_half_of_an_answer_is_kept(served: tuple[Service, ScriptedModel]) -> None:
    service, model = served
    user = newcomer(service, ["meeting", "doodh"])
    lie = "'meeting' delete ho gaya. 'doodh' bhi delete ho gaya."
    model.rounds[:] = [[delete(1)], lie, lie, NEVER]
    answer = send_streamed(user, "task 1 delete karo")
    assert answer["response"].startswith("'meeting' delete ho gaya.")
    assert "'doodh' bhi delete" not in answer["response"]
    assert (tasks_of(user), model.rounds) == (["2 doodh"], [NEVER])


def test_a_claim_before_its_call_in_one_answer_is_held_back(served: tuple[Service, ScriptedModel]) -> None:
    service, model = served
    user = newcomer(service, ["meeting"])
    model.rounds[:] = [Say("Task 9 delete ho gaya.", calls=(delete(9),)), "Ji.", "Task 9 nahi mila.", NEVER]
    answer = send_streamed(user, "task 9 delete karo")
    assert "delete ho gaya" not in answer["response"]
    assert answer["response"].endswith("Task 9 nahi mila.")


def test_a_claim_of_what_is_held_is_not_shown(served: tuple[Service, ScriptedModel]) -> None:
    service, model = served
    user = newcomer(service, ["a", "b", "c"])
    calls = (delete(1), delete(2), delete(3))
    model.rounds[:] = [Say("Teeno delete ho gaye.", calls=calls), list(calls), NEVER]
    answer = send_streamed(user, "tasks 1, 2 aur 3 delete karo")
    assert "delete ho gaye" not in answer["response"]
    assert answer["response"].endswith("3 tasks delete kar doon?\n1. a\n2. b\n3. c\n(haan / nahi)")
    assert len(tasks_of(user)) == 3


def test_a_claim_in_a_title_is_no_claim_of_ours(served: tuple[Service, ScriptedModel]) -> None:
    """Our own sentence about such a task must not be taken for a lie, or a confirmed change would be done again."""
    service, model = served
    user = newcomer(service, [f"sab tasks delete ho gaye {n}" for n in (1, 2, 3)])
    model.rounds[:] = [[finish(1), finish(2), finish(3)]]
    send_whole(user, "tasks 1, 2 aur 3 mukammal karo")
    model.rounds[:] = [NEVER]
    answer = send_whole(user, "haan")
    assert [code for _, _, code in calls_of(answer)] == ["ok", "ok", "ok"]
    assert model.rounds == [NEVER]
    assert all(task.endswith("done") for task in tasks_of(user))


@pytest.mark.parametrize(
    ("rounds", "response"),
    [
        ([""], NOTHING_ROMAN),
        ([[delete(9)], ""], "Number 9 ka koi task nahi hai."),
        ([[Call("delete_task", "{")], ""], "Maaf kijiye, yeh nahi ho saka: The arguments are not JSON."),
        ([[delete(1)], ""], "Theek hai, 'meeting' task delete ho gaya."),
    ],
    ids=["after nothing", "after a failure", "after garbage", "after a change"],
)
def test_an_empty_answer_says_what_happened(
    served: tuple[Service, ScriptedModel], rounds: list[Script], response: str
) -> None:
    service, model = served
    user = newcomer(service, ["meeting"])
    model.rounds[:] = [*rounds, NEVER]
    assert send_streamed(user, "meeting wala task delete karo")["response"].startswith(response)
    assert model.rounds == [NEVER]


def test_there_are_at_least_thirty_of_each() -> None:
    assert min(len(LIES), len(TRUTHS)) >= 30
