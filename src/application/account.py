"""What really happened in a turn, in a sentence of ours: built from its tool calls alone."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from domain.claims import claims_in
from domain.claims.grounds import unfounded_among
from domain.conversations import ToolCall
from domain.errors import NothingToUndo, TaskNotFound
from domain.urdu import Language, Reply, say

CHANGES = ("add_task", "complete_task", "delete_task", "update_task", "undo")
REPEATED = "already_done"
TOLD_THE_MODEL = ("needs_confirmation", "not_asked")
"""Codes of refusals whose words are for the model alone."""
DONE = {
    "add_task": Reply.CREATED,
    "complete_task": Reply.COMPLETED,
    "delete_task": Reply.DELETED,
    "update_task": Reply.UPDATED,
}


def account(calls: Sequence[ToolCall], language: Language) -> str:
    """The answer was interrupted; then a sentence for each change that was committed, or that there was none."""
    return f"{say(Reply.INTERRUPTED, language)}\n{honest(calls, language)}"


def stopped(text: str, calls: Sequence[ToolCall], language: Language) -> str:
    """What was said until the turn was stopped, then a sentence for each change that it does not tell, and the note."""
    changes = outcomes([call for call in _untold(text, calls) if not call.error], language)
    said = f"{text}\n" if text.strip() else text
    return said + "\n".join([*changes, say(Reply.STOPPED, language)])


def changed_tasks(calls: Sequence[ToolCall]) -> bool:
    """Whether any of the calls changed tasks."""
    return any(call.name in CHANGES and not call.error for call in calls)


def honest(calls: Sequence[ToolCall], language: Language) -> str:
    """What stands in the place of words that can't be used: a sentence for each change, or that there was none."""
    return "\n".join(outcomes(calls, language)) or say(Reply.NOT_DONE, language)


def outcomes(calls: Sequence[ToolCall], language: Language) -> list[str]:
    """A sentence for each change that was made, and for each that failed; a repeated one is told by its first call."""
    changes = [call for call in calls if call.name in CHANGES]
    return [_outcome(call, language) for call in changes if not (call.error and call.error.code == REPEATED)]


def _untold(text: str, calls: Sequence[ToolCall]) -> list[ToolCall]:
    """The calls that bear out nothing of what the text claims."""
    # "2 tasks" are borne out by two calls together, and tell of each.
    claims = [replace(claim, count=1, nth=1) for claim in claims_in(text)]
    return [call for call in calls if all(unfounded_among((claim,), (call,)) for claim in claims)]


class _Named(msgspec.Struct):
    """What a tool's result, or its arguments, tell of the task it changed."""

    title: str = ""
    task_id: int | None = None


def _outcome(call: ToolCall, language: Language) -> str:
    if call.error or call.result is None:
        return _failure(call, language)
    if call.name == "undo":
        return say(Reply.UNDONE, language)
    return say(DONE[call.name], language, title=msgspec.json.decode(call.result, type=_Named).title)


def _failure(call: ToolCall, language: Language) -> str:
    if call.error is None or call.error.code in TOLD_THE_MODEL:
        return say(Reply.FAILED, language)
    if call.error.code == NothingToUndo.code:
        return say(Reply.NOTHING_TO_UNDO, language)
    if call.error.code == TaskNotFound.code:
        return say(Reply.NO_SUCH_NUMBER, language, number=msgspec.json.decode(call.arguments, type=_Named).task_id)
    return say(Reply.FAILED, language, why=call.error.message.rstrip("."))
