"""A turn told as ChatKit's stream events, as it happens; at its end every item as it was recorded."""

from collections.abc import AsyncIterator

from chatkit.errors import CustomStreamError
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    ClientEffectEvent,
    NoticeEvent,
    ProgressUpdateEvent,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    Workflow,
    WorkflowItem,
    WorkflowTaskAdded,
)

from application.account import changed_tasks
from application.live import Event, TurnFailed, TurnStarted
from application.ports import Delta
from domain.conversations import Message, MessageStatus, Role, ToolCall
from domain.errors import MunshiError
from entrypoints.chatkit.items import Said, asked_item, call_task, items_of, reply_item
from entrypoints.chatkit.threads import Threads
from entrypoints.chatkit.visit import Click, OpenTurn
from entrypoints.http.requests import note_problem
from entrypoints.http.sse import gathered
from entrypoints.labels import label

TASKS_CHANGED = ClientEffectEvent(name="tasks.changed")


async def tell_turn(user_id: str, turn: OpenTurn, threads: Threads) -> AsyncIterator[ThreadStreamEvent]:
    """The turn's events. Raises CustomStreamError for one that failed, when what was done has been told."""
    try:
        for before in await threads.said(user_id, turn.place, turn.said.id - 1, turn.said.id - 1):
            if closed := asked_item(before):
                yield ThreadItemReplacedEvent(item=closed)
        failure: MunshiError | None = None
        telling = _Telling(turn)
        async for events in gathered(turn.live):
            for event in events or (None,):
                if isinstance(event, TurnFailed):
                    failure = event.error
                for told in telling.events(event):
                    yield told
        async for told in _recorded(user_id, turn, threads, telling):
            yield told
    except MunshiError as error:
        failure = error
    if failure:
        note_problem(failure.code)
        raise CustomStreamError(failure.message, allow_retry=True)


async def tell_again(
    user_id: str, thread_id: str, message_id: int, threads: Threads
) -> AsyncIterator[ThreadStreamEvent]:
    """What was said and done after a message that changed tasks: nothing of it is done a second time."""
    place = await threads.place(user_id, thread_id)
    replies = await threads.said(user_id, place, message_id + 1, place.message_count)
    for item in (item for reply in replies for item in items_of(reply)):
        yield ThreadItemDoneEvent(item=item)
    yield NoticeEvent(level="info", message=label("done_already", replies[0].language))


async def tell_click(click: Click) -> AsyncIterator[ThreadStreamEvent]:
    """What came of a click: the widget as it looks now, and word for the page around."""
    if click.widget:
        yield ThreadItemReplacedEvent(item=click.widget)
    if click.call.error:
        yield NoticeEvent(level="warning", message=click.call.error.message)
    else:
        yield TASKS_CHANGED


async def _recorded(
    user_id: str, turn: OpenTurn, threads: Threads, telling: "_Telling"
) -> AsyncIterator[ThreadStreamEvent]:
    for reply in await threads.said(user_id, turn.place, turn.reply_id, turn.reply_id):
        if telling.text:
            whole = AssistantMessageContent(text=reply.message.text)
            yield telling.updated(AssistantMessageContentPartDone(content_index=0, content=whole))
        for item in items_of(reply):
            yield ThreadItemDoneEvent(item=item)
        if changed_tasks(reply.message.tool_calls):
            yield TASKS_CHANGED


class _Telling:
    """What was told of a turn so far."""

    def __init__(self, turn: OpenTurn) -> None:
        self._reply = Said(
            turn.place,
            Message(turn.reply_id, Role.ASSISTANT, "", turn.said.created_at, MessageStatus.IN_PROGRESS),
            before=turn.said.text,
        )
        self._steps = 0
        self.text = ""

    def events(self, event: Event | None) -> list[ThreadStreamEvent]:
        """What one event of the turn is in the protocol; None is a moment of silence."""
        match event:
            case Delta(text):
                return [*self._begun(), self._delta(text)]
            case ToolCall():
                return [self._step(event)]
            case TurnStarted() | None:
                return [ProgressUpdateEvent(text=label("thinking", self._reply.language))]
            case _:
                return []

    def updated(self, update: AssistantMessageContentPartDone) -> ThreadItemUpdatedEvent:
        """A change of the reply's text."""
        return ThreadItemUpdatedEvent(item_id=self._reply.item_id("msg"), update=update)

    def _begun(self) -> list[ThreadStreamEvent]:
        if self.text:
            return []
        part = AssistantMessageContentPartAdded(content_index=0, content=AssistantMessageContent(text=""))
        return [
            ThreadItemAddedEvent(item=reply_item(self._reply, [])),
            ThreadItemUpdatedEvent(item_id=self._reply.item_id("msg"), update=part),
        ]

    def _delta(self, text: str) -> ThreadStreamEvent:
        self.text += text
        update = AssistantMessageContentPartTextDelta(content_index=0, delta=text)
        return ThreadItemUpdatedEvent(item_id=self._reply.item_id("msg"), update=update)

    def _step(self, call: ToolCall) -> ThreadStreamEvent:
        self._steps += 1
        task = call_task(call, self._reply.language)
        if self._steps > 1:
            added = WorkflowTaskAdded(task_index=self._steps - 1, task=task)
            return ThreadItemUpdatedEvent(item_id=self._reply.item_id("wf"), update=added)
        return ThreadItemAddedEvent(
            item=WorkflowItem(
                id=self._reply.item_id("wf"),
                thread_id=self._reply.place.key,
                created_at=self._reply.message.created_at,
                workflow=Workflow(type="custom", tasks=[task]),
            )
        )
