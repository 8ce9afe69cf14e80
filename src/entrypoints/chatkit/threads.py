# ruff: noqa: ARG002  (the signatures are the package's)
"""The package's store over our conversations: threads and items are read from them; turns write themselves."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

from chatkit.store import Store, StoreItemType
from chatkit.types import Attachment, Page, ThreadItem, ThreadMetadata, UserMessageItem, UserMessageTextContent
from msgspec import Struct

from application.context import ContextManager
from application.shapes import OneTask, TaskView
from application.toolbox import Toolboxes
from application.tools import Desk, get_task
from domain.conversations import Conversation, Message
from domain.errors import ConversationNotFound, Invalid, TaskNotFound
from entrypoints.chatkit.items import ItemNotFound, Position, Said, Shown, items_of, listed_tasks
from entrypoints.chatkit.requests import NoAttachments
from entrypoints.chatkit.visit import Visit
from entrypoints.http.wire import conversation_cursor, read_conversation_cursor

PAGE_MAX = 100


class _Wanted(Struct):
    """The numbers of tasks."""

    task_ids: set[int]


class Threads(Store[Visit]):
    """A thread is a conversation, known by its name; an item is a part of a message."""

    def __init__(self, context: ContextManager, toolboxes: Toolboxes) -> None:
        self._context = context
        self._toolboxes = toolboxes

    def generate_item_id(self, item_type: StoreItemType, thread: ThreadMetadata, context: Visit) -> str:
        """The id of the message that the turn has already committed."""
        if context.turn is None:
            return super().generate_item_id(item_type, thread, context)
        return f"msg_{context.turn.place.id}_{context.turn.said.id}"

    async def load_thread(self, thread_id: str, context: Visit) -> ThreadMetadata:
        """Raises ConversationNotFound, also for another user's."""
        return thread_of(await self._context.conversation(context.user_id, thread_id))

    async def save_thread(self, thread: ThreadMetadata, context: Visit) -> None:
        """Keep its title. Raises Invalid for one that is none."""
        await self._context.rename(context.user_id, thread.id, thread.title or "")

    async def load_threads(self, limit: int, after: str | None, order: str, context: Visit) -> Page[ThreadMetadata]:
        """By the time of their last message; `after` is a cursor of ours, or the id of a thread."""
        limit = _checked_limit(limit)
        seen = None
        if after is not None:
            last = await self._named(after, context)
            seen = (last.updated_at, last.id) if last else read_conversation_cursor(after)
        found = await self._context.conversations(context.user_id, limit + 1, seen, oldest_first=order == "asc")
        page = found[:limit]
        has_more = len(found) > limit
        return Page(
            data=[thread_of(place) for place in page],
            has_more=has_more,
            after=conversation_cursor(page[-1]) if has_more else None,
        )

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: Visit
    ) -> Page[ThreadItem]:
        """A page of exactly `limit` items as long as there are so many; `after` is the id of an item."""
        limit = _checked_limit(limit)
        place = await self._context.conversation(context.user_id, thread_id)
        start = Position.of(after, place) if after is not None else None
        found: list[ThreadItem] = []
        async for item in self._walk(context.user_id, place, start, order == "asc", limit + 1):
            found.append(item)
            if len(found) > limit:
                break
        has_more = len(found) > limit
        page = found[:limit]
        return Page(data=page, has_more=has_more, after=page[-1].id if has_more else None)

    async def load_item(self, thread_id: str, item_id: str, context: Visit) -> ThreadItem:
        """Raises ConversationNotFound, ItemNotFound."""
        place = await self._context.conversation(context.user_id, thread_id)
        return await self.item(context.user_id, place, item_id)

    async def place(self, user_id: str, thread_id: str) -> Conversation:
        """The conversation of a thread. Raises ConversationNotFound."""
        return await self._context.conversation(user_id, thread_id)

    async def item(self, user_id: str, place: Conversation, item_id: str) -> ThreadItem:
        """One item of a conversation as it is now. Raises ItemNotFound."""
        number = Position.of(item_id, place).message_id
        for said in await self.said(user_id, place, number, number):
            for item in items_of(said):
                if item.id == item_id:
                    return item
        raise ItemNotFound(item_id)

    async def said(self, user_id: str, place: Conversation, first: int, last: int) -> list[Said]:
        """The messages of these numbers in order, with all that their items need."""
        around = await self._context.messages(user_id, place.id, last - first + 3, last + 2)
        texts = {message.id: message.text for message in around}
        within = [message for message in around if first <= message.id <= last]
        shown = await self._shown(user_id, within)
        return [
            Said(place, message, texts.get(message.id - 1, ""), texts.get(message.id + 1), shown) for message in within
        ]

    async def delete_thread(self, thread_id: str, context: Visit) -> None:
        """The conversation with everything in it; the tasks stay."""
        await self._context.remove(context.user_id, thread_id)

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: Visit) -> None:
        """Every item is committed by its turn; the message of the user is told as it was committed."""
        if isinstance(item, UserMessageItem) and context.turn:
            item.created_at = context.turn.said.created_at
            item.content = [UserMessageTextContent(text=context.turn.said.text)]
            item.quoted_text = None

    async def save_item(self, thread_id: str, item: ThreadItem, context: Visit) -> None:
        """An item changes with its message and its tasks, never by itself."""

    async def delete_thread_item(self, thread_id: str, item_id: str, context: Visit) -> None:
        """An item goes with its message, never by itself."""

    async def save_attachment(self, attachment: Attachment, context: Visit) -> None:
        """Refused."""
        raise NoAttachments

    async def load_attachment(self, attachment_id: str, context: Visit) -> Attachment:
        """Refused."""
        raise NoAttachments

    async def delete_attachment(self, attachment_id: str, context: Visit) -> None:
        """Refused."""
        raise NoAttachments

    async def _walk(
        self, user_id: str, place: Conversation, start: Position | None, ascending: bool, step: int
    ) -> AsyncIterator[ThreadItem]:
        """Every item beyond `start`, read in pieces of `step` messages: most have an item at least."""
        last = place.message_count
        edge = start.message_id if start else 1 if ascending else last
        while 1 <= edge <= last:
            first, end = (edge, min(last, edge + step)) if ascending else (max(1, edge - step), edge)
            said = await self.said(user_id, place, first, end)
            items = [item for one in said for item in items_of(one)]
            for item in items if ascending else reversed(items):
                if start is None or _is_beyond(Position.of(item.id, place), start, ascending):
                    yield item
            edge = end + 1 if ascending else first - 1

    async def _named(self, thread_id: str, visit: Visit) -> Conversation | None:
        try:
            return await self._context.conversation(visit.user_id, thread_id)
        except ConversationNotFound:
            return None

    async def _shown(self, user_id: str, messages: Sequence[Message]) -> Shown | None:
        """The tasks that the messages list, as they are now; None where they list none."""
        wanted = {task_id for message in messages for task_id in listed_tasks(message)}
        return await self._toolboxes.of(user_id).use(_existing_tasks, _Wanted(wanted)) if wanted else None


def thread_of(place: Conversation) -> ThreadMetadata:
    """A conversation as a thread."""
    return ThreadMetadata(id=place.key, title=place.title, created_at=place.created_at)


def _existing_tasks(desk: Desk, asked: _Wanted) -> Shown:
    """What was deleted is left out."""
    found: dict[int, TaskView] = {}
    for task_id in asked.task_ids:
        with suppress(TaskNotFound):
            found[task_id] = get_task(desk, OneTask(task_id))
    return Shown(found, desk.now, desk.zone)


def _is_beyond(position: Position, start: Position, ascending: bool) -> bool:
    return position > start if ascending else position < start


def _checked_limit(limit: int) -> int:
    if limit < 1:
        raise Invalid("params.limit", "must be at least 1")
    return min(limit, PAGE_MAX)
