# ruff: noqa: ARG002  (the signatures are the package's)
"""The official server over our store: it routes, pages and streams; turns and clicks were made before it is asked."""

from collections.abc import AsyncIterator
from typing import Any

from chatkit.actions import Action
from chatkit.server import ChatKitServer
from chatkit.types import (
    FeedbackKind,
    SyncCustomActionResponse,
    Thread,
    ThreadItem,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    WidgetItem,
)

from application.context import ContextManager
from domain.conversations import Feedback
from entrypoints.chatkit.items import Position
from entrypoints.chatkit.telling import tell_again, tell_click, tell_turn
from entrypoints.chatkit.threads import PAGE_MAX, Threads
from entrypoints.chatkit.visit import Visit


class MunshiServer(ChatKitServer[Visit]):
    """What the package asks of an application, answered from the visit."""

    def __init__(self, threads: Threads, context: ContextManager) -> None:
        super().__init__(threads)
        self._threads = threads
        self._context = context

    async def respond(
        self,
        thread: ThreadMetadata,
        input_user_message: UserMessageItem | None,
        context: Visit,
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Tell the visit's turn, or again what became of a message."""
        if context.turn:
            async for event in tell_turn(context.user_id, context.turn, self._threads):
                yield event
        elif context.told_again:
            async for event in tell_again(context.user_id, thread.id, context.told_again, self._threads):
                yield event

    async def action(
        self,
        thread: ThreadMetadata,
        action: Action[str, Any],
        sender: WidgetItem | None,
        context: Visit,
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Tell the visit's click."""
        if context.click:
            async for event in tell_click(context.click):
                yield event

    async def sync_action(
        self,
        thread: ThreadMetadata,
        action: Action[str, Any],
        sender: WidgetItem | None,
        context: Visit,
    ) -> SyncCustomActionResponse:
        """The widget after the visit's click."""
        return SyncCustomActionResponse(updated_item=context.click.widget if context.click else None)

    async def add_feedback(self, thread_id: str, item_ids: list[str], feedback: FeedbackKind, context: Visit) -> None:
        """Keep it with the messages that the items are of. Raises ConversationNotFound, ItemNotFound: none is kept."""
        place = await self._context.conversation(context.user_id, thread_id)
        numbers = {Position.of(item_id, place).message_id for item_id in item_ids}
        await self._context.rate(context.user_id, place.id, numbers, Feedback(feedback))

    async def _load_full_thread(self, thread_id: str, context: Visit) -> Thread:
        """A thread as it is opened: its newest items in their order, where the package has the oldest twenty.

        `after` is the oldest of them, so that items.list, newest first as it is by default, goes on to earlier ones.
        """
        thread = await self.store.load_thread(thread_id, context=context)
        items = await self.store.load_thread_items(thread_id, None, PAGE_MAX, "desc", context)
        items.data.reverse()
        return Thread(**thread.model_dump(), items=items)

    async def handle_stream_cancelled(
        self, thread: ThreadMetadata, pending_items: list[ThreadItem], context: Visit
    ) -> None:
        """Nothing is pending: the turn records itself, whoever listens."""
