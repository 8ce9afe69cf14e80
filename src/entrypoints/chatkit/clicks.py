"""Clicks on the task list: each is one call of a tool for the user who clicks, whatever the widget showed."""

import msgspec
from chatkit.types import ThreadCustomActionParams, WidgetItem
from msgspec import Struct

from application.shapes import TaskId
from application.toolbox import Toolboxes
from domain.conversations import Conversation, ToolError
from domain.errors import Invalid, MunshiError, NotFound, NothingToUndo
from domain.tasks import Priority
from entrypoints.chatkit.tasklist import COMPLETE, PRIORITISE, REOPEN, UNDO
from entrypoints.chatkit.threads import Threads
from entrypoints.chatkit.visit import Click


class _OneTask(Struct):
    task_id: TaskId


class _Prioritised(Struct):
    task_id: TaskId
    priority: Priority


TOOLS: dict[str, tuple[str, type[Struct] | None, dict[str, object]]] = {
    COMPLETE: ("complete_task", _OneTask, {}),
    REOPEN: ("update_task", _OneTask, {"status": "pending"}),
    PRIORITISE: ("update_task", _Prioritised, {}),
    UNDO: ("undo", None, {}),
}
"""An action's tool, the part of its payload that counts (a widget adds form values to it), and what it sets."""


class Clicks:
    """Carries clicks out."""

    def __init__(self, toolboxes: Toolboxes, threads: Threads) -> None:
        self._toolboxes = toolboxes
        self._threads = threads

    async def make(self, user_id: str, given: ThreadCustomActionParams, strict: bool) -> Click:
        """The click, done; what the tool says against it is in its call, or raised where `strict`.

        Raises ConversationNotFound, ItemNotFound, Invalid before anything is done.
        """
        place = await self._threads.place(user_id, given.thread_id)
        if given.item_id:
            await self._widget(user_id, place, given.item_id)
        tool, arguments = _asked(given)
        call = await self._toolboxes.of(user_id).call(tool, msgspec.json.encode(arguments))
        if call.error and strict:
            raise _raised(call.error)
        return Click(call, await self._widget(user_id, place, given.item_id) if given.item_id else None)

    async def _widget(self, user_id: str, place: Conversation, item_id: str) -> WidgetItem:
        item = await self._threads.item(user_id, place, item_id)
        if not isinstance(item, WidgetItem):
            raise Invalid("params.item_id", "is not a widget")
        return item


def _asked(given: ThreadCustomActionParams) -> tuple[str, dict[str, object]]:
    """The tool that an action means and its arguments. Raises Invalid."""
    if given.action.type not in TOOLS:
        raise Invalid("params.action.type", f"must be one of {', '.join(TOOLS)}")
    tool, shape, fixed = TOOLS[given.action.type]
    if shape is None:
        return tool, fixed
    try:
        chosen = msgspec.convert(given.action.payload, shape)
    except msgspec.ValidationError as fault:
        raise Invalid("params.action.payload", str(fault)) from fault
    return tool, {**msgspec.structs.asdict(chosen), **fixed}


def _raised(error: ToolError) -> MunshiError:
    known = {NotFound.code: NotFound(error.message), NothingToUndo.code: NothingToUndo()}
    return known.get(error.code) or Invalid("params.action", error.message)
