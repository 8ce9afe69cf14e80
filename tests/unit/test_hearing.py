"""What a person hears of an assistant: nothing false, nothing twice, and always what came of it."""

from collections.abc import AsyncIterator, Sequence

import msgspec
import pytest
from tests.security.forge import START, HandClock
from tests.unit.claim_sentences import MEETING, TWO, call, failed

from adapters.storage.memory import MemoryStorage
from application.account import honest, stopped
from application.hearing import Hearing
from application.ports import Assistant, Delta, Step
from application.toolbox import Toolbox, Toolboxes
from domain.conversations import Conversation, ToolCall, ToolError, Turn
from domain.urdu import Language

NOTHING_DONE = "Maaf kijiye, is baat par koi tabdeeli nahi hui."
LIE = "'meeting' delete ho gaya."


class Scripted(Assistant):
    """Says the next of its answers each time it is asked."""

    name = "scripted"
    memory = 2

    def __init__(self, *answers: Sequence[Step]) -> None:
        self._answers = list(answers)

    async def reply(self, _: Turn, __: Toolbox) -> AsyncIterator[Step]:
        for step in self._answers.pop(0):
            yield step

    async def close(self) -> None: ...


def words(text: str, size: int = 3) -> list[Step]:
    return [Delta(text[at : at + size]) for at in range(0, len(text), size)]


async def heard(*answers: Sequence[Step], message: str = "meeting wala task delete karo") -> str:
    pieces: list[str] = []
    hearing = Hearing(lambda step: pieces.append(step.text if isinstance(step, Delta) else ""))
    turn = Turn("t", Conversation(1, "c", "c", START, START), message, (), START, "Asia/Karachi")
    await hearing.listen(Scripted(*answers), turn, Toolboxes(MemoryStorage(), HandClock(), "Asia/Karachi").of("ali"))
    assert "".join(pieces) == hearing.text
    return hearing.text


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("first", "again", "told"),
    [
        # A sentence that was told already is left out, and where the answer goes on it goes on.
        ("Main dekhun. " + LIE, "Main dekhun. Woh nahi mila.", "Main dekhun. 'meeting' \nWoh nahi mila."),
        ("Ji. Ek minute. " + LIE, "Ji.\nWoh nahi mila.", "Ji. Ek minute. 'meeting' \nWoh nahi mila."),
        ("Theek hai, " + LIE, "Theek hai, 'meeting' nahi mila.", "Theek hai, 'meeting' nahi mila."),
        ("Theek hai. " + LIE, "Maaf kijiye. Woh nahi mila.", "Theek hai. 'meeting' \nMaaf kijiye. Woh nahi mila."),
        ("Delete ho gaya.", "Theek hai, woh nahi mila.", "Theek hai, woh nahi mila."),
        # Nothing new: we say what came of it.
        ("Main dekhta hoon. " + LIE, "Main dekhta hoon.", f"Main dekhta hoon. 'meeting' \n{NOTHING_DONE}"),
        ("Main dekhta hoon. " + LIE, "", f"Main dekhta hoon. 'meeting' \n{NOTHING_DONE}"),
        ("Main dekhta hoon. " + LIE, "Main dekhta hoon. " + LIE, f"Main dekhta hoon. 'meeting' \n{NOTHING_DONE}"),
    ],
)
async def test_what_was_told_before_a_correction_is_not_told_again(
    first: str, again: str, told: str, size: int
) -> None:
    assert await heard(words(first, size), words(again, size)) == told


async def test_the_missing_call_makes_the_same_words_true() -> None:
    answer = "Theek hai, 'meeting' delete ho gaya."
    assert await heard(words(answer), [MEETING, *words(answer)]) == answer


@pytest.mark.parametrize(
    ("said", "told"), [("Ek minute.", "Ek minute.\nKaunsa?"), ("Ek minute.\n", "Ek minute.\nKaunsa?"), ("", "Kaunsa?")]
)
async def test_our_own_words_stand_below_the_models(said: str, told: str) -> None:
    assert await heard([*words(said), Delta("Kaunsa?", ours=True)]) == told


async def test_our_own_words_go_on_as_they_are() -> None:
    assert await heard([Delta("Ek, ", ours=True), Delta("do.", ours=True)]) == "Ek, do."


def refused(name: str, code: str, message: str, **arguments: object) -> ToolCall:
    return ToolCall(name, msgspec.Raw(msgspec.json.encode(arguments)), error=ToolError(code, message))


REPEATED = refused("delete_task", "already_done", "Not done again: this very call was already made.", task_id=1)
HELD = refused("delete_task", "needs_confirmation", "Not done: the person is asked first.", task_id=1)
UNDOING = refused("undo", "nothing_to_undo", "There is no change left to take back.")


@pytest.mark.parametrize(
    ("calls", "told"),
    [
        ([MEETING, REPEATED], "Theek hai, 'meeting' task delete ho gaya."),
        ([failed("delete_task", task_id=9)], "Number 9 ka koi task nahi hai."),
        ([UNDOING], "Wapas lene ke liye koi tabdeeli nahi hai."),
        ([HELD], "Maaf kijiye, yeh nahi ho saka."),
        ([refused("add_task", "invalid", "title: is empty.")], "Maaf kijiye, yeh nahi ho saka: title: is empty."),
        ([call("list_tasks", {"tasks": []})], NOTHING_DONE),
    ],
)
def test_what_came_of_a_call_is_told_as_what_it_is(calls: list[ToolCall], told: str) -> None:
    assert honest(calls, Language.ROMAN) == told


def test_a_stopped_list_tells_each_of_its_items() -> None:
    said = "Ye tasks delete kar diye:\n- meeting\n- report\n"
    note = stopped("", [], Language.ROMAN)
    assert stopped(said, TWO, Language.ROMAN) == f"{said}\n{note}"
