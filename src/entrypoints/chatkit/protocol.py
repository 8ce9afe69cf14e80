"""One request of the protocol from body to answer: checked, carried out, then told by the official server.

Everything that can be wrong with a request is found before the server is asked, so it is a problem with a status and
not a cut stream; and everything it does is committed by the application before it is told.
"""

from collections.abc import AsyncGenerator
from typing import Any

from chatkit.server import NonStreamingResult, StreamingResult
from chatkit.types import (
    AttachmentsCreateReq,
    AttachmentsDeleteReq,
    ChatKitReq,
    InferenceOptions,
    InputTranscribeReq,
    Page,
    StructuredInputItem,
    Thread,
    ThreadAddUserMessageParams,
    ThreadCreatedEvent,
    ThreadCustomActionParams,
    ThreadsAddClientToolOutputReq,
    ThreadsAddStructuredInputReq,
    ThreadsAddUserMessageReq,
    ThreadsCreateReq,
    ThreadsCustomActionReq,
    ThreadsRetryAfterItemReq,
    ThreadsSyncCustomActionReq,
    UserMessageInput,
    UserMessageItem,
    UserMessageTextContent,
    WidgetItem,
)
from msgspec import Struct

from application.account import changed_tasks
from application.chat import Chat
from application.context import Ask, ContextManager
from application.live import TurnStarted
from application.ports import Quota, RateLimiter
from application.toolbox import Toolboxes
from domain.conversations import Conversation, Message, MessageStatus, Role
from domain.errors import ConversationBusy, ConversationMoved, ConversationNotFound, Invalid
from entrypoints.asked import Asked
from entrypoints.chatkit.clicks import Clicks
from entrypoints.chatkit.items import Position
from entrypoints.chatkit.questions import ANSWER, clicked, submitted
from entrypoints.chatkit.requests import NoAttachments, read_request, text_of
from entrypoints.chatkit.server import MunshiServer
from entrypoints.chatkit.threads import Threads, thread_of
from entrypoints.chatkit.visit import OpenTurn, Visit

NEWEST = 20
"""Among so many messages a turn's own is found, even when others were said since."""


class Answer(Struct, frozen=True):
    """JSON, or the frames of a stream; `quota` where the request counted as a message."""

    content: bytes | AsyncGenerator[bytes]
    quota: Quota | None = None


class ChatKitProtocol:
    """Answers the requests of every user."""

    def __init__(self, chat: Chat, context: ContextManager, toolboxes: Toolboxes, limiter: RateLimiter) -> None:
        self._chat = chat
        self._context = context
        self._limiter = limiter
        self._threads = Threads(context, toolboxes)
        self._clicks = Clicks(toolboxes, self._threads)
        self._server = MunshiServer(self._threads, context)

    async def answer(self, user_id: str, body: bytes) -> Answer:
        """The answer to one request. Raises MunshiError or ClientException for a request that has none."""
        request = read_request(body)
        match request:
            case AttachmentsCreateReq() | AttachmentsDeleteReq():
                raise NoAttachments
            case InputTranscribeReq():
                raise Invalid("type", "dictation is not supported; use the voice input of your keyboard or browser")
            case ThreadsCustomActionReq() | ThreadsSyncCustomActionReq() if request.params.action.type != ANSWER:
                return await self._clicked(user_id, request)
            case ThreadsSyncCustomActionReq():
                raise Invalid("type", "an answer to a question is streamed: threads.custom_action")
            case ThreadsRetryAfterItemReq(params=given):
                told_again = await self._changed_by(user_id, given.thread_id, given.item_id)
                if told_again:
                    return await self._processed(body, Visit(user_id, told_again=told_again))
        ask = await self._message_in(user_id, request)
        if ask is None:
            return await self._processed(body, Visit(user_id))
        quota = await self._limiter.hit(user_id)
        turn = await self._opened(ask)
        return Answer(self._told(turn, user_id, is_new=isinstance(request, ThreadsCreateReq)), quota)

    async def _message_in(self, user_id: str, request: ChatKitReq) -> Ask | None:
        """What is said with a request; None for one that says nothing."""
        match request:
            case ThreadsCreateReq(params=given):
                return Ask(user_id, text_of(given.input))
            case ThreadsAddUserMessageReq(params=given):
                place = await self._context.conversation(user_id, given.thread_id)
                return Ask(user_id, text_of(given.input), place.id)
            case ThreadsRetryAfterItemReq(params=given):
                return await self._again(user_id, given.thread_id, given.item_id)
            case ThreadsAddStructuredInputReq(params=given):
                place = await self._context.conversation(user_id, given.thread_id)
                asked = await self._open_question(user_id, place, given.item_id, StructuredInputItem)
                return Ask(user_id, submitted(asked, given.input), place.id, after=asked.message.id)
            case ThreadsCustomActionReq(params=given):
                return await self._button(user_id, given)
            case ThreadsAddClientToolOutputReq(params=given):
                await self._context.conversation(user_id, given.thread_id)
                raise Invalid("params.result", "no client tool was called in this thread")
        return None

    async def _button(self, user_id: str, given: ThreadCustomActionParams) -> Ask:
        place = await self._context.conversation(user_id, given.thread_id)
        asked = await self._open_question(user_id, place, given.item_id or "", WidgetItem)
        return Ask(user_id, clicked(asked, given.action.payload), place.id, after=asked.message.id)

    async def _open_question(self, user_id: str, place: Conversation, item_id: str, kind: type[Any]) -> Asked:
        """What is asked, while nothing was said after it. Raises ItemNotFound, Invalid, ConversationMoved."""
        item = await self._threads.item(user_id, place, item_id)
        number = Position.of(item_id, place).message_id
        (said,) = await self._threads.said(user_id, place, number, number)
        if not isinstance(item, kind) or said.message.question is None or item_id != said.item_id("ask"):
            raise Invalid("params.item_id", "is no question of this kind")
        if number != place.message_count:
            raise ConversationMoved
        return Asked(said.message, said.message.question, said.language)

    async def _changed_by(self, user_id: str, thread_id: str, item_id: str) -> int | None:
        """The number of a message whose own turn changed tasks: it is told again, never held again."""
        _, (message, *later) = await self._from(user_id, thread_id, item_id)
        return message.id if later and changed_tasks(later[0].tool_calls) else None

    async def _from(self, user_id: str, thread_id: str, item_id: str) -> tuple[Conversation, list[Message]]:
        """A message of the user and all after it. Raises ItemNotFound, Invalid, ConversationBusy while a turn runs."""
        place = await self._context.conversation(user_id, thread_id)
        item = await self._threads.item(user_id, place, item_id)
        if not isinstance(item, UserMessageItem):
            raise Invalid("params.item_id", "is not a message of the user")
        number = Position.of(item_id, place).message_id
        messages = await self._context.messages(user_id, place.id, place.message_count - number + 1)
        if messages[-1].status is MessageStatus.IN_PROGRESS:
            raise ConversationBusy
        return place, messages

    async def _again(self, user_id: str, thread_id: str, item_id: str) -> Ask:
        """The message once more: in its own place, or at the end where what was said later changed tasks.

        What was done is never forgotten with the words around it.
        """
        place, messages = await self._from(user_id, thread_id, item_id)
        done = [call for later in messages[1:] for call in later.tool_calls]
        replaces = None if changed_tasks(done) else messages[0].id
        return Ask(user_id, messages[0].text, place.id, after=place.message_count, replaces=replaces)

    async def _opened(self, ask: Ask) -> OpenTurn:
        """The turn under way: from here on the message is committed, and the reply will be."""
        live = await self._chat.start(ask)
        started = live.since(0)[0]
        if not isinstance(started, TurnStarted):
            raise TypeError(f"a turn began with {started!r}")
        place = await self._context.conversation(ask.user_id, started.conversation_id)
        for message in await self._context.messages(ask.user_id, place.id, NEWEST):
            if message.turn_id == started.turn_id and message.role is Role.USER:
                return OpenTurn(live, place, message)
        raise ConversationNotFound(place.key)

    async def _told(self, turn: OpenTurn, user_id: str, is_new: bool) -> AsyncGenerator[bytes]:
        """The turn as frames; it stops when nobody wants them any more."""
        try:
            if is_new:
                yield _frame(ThreadCreatedEvent(thread=Thread(**thread_of(turn.place).model_dump(), items=Page())))
            result = await self._server.process(_as_message(turn), Visit(user_id, turn))
            if isinstance(result, StreamingResult):
                async for frame in result:
                    yield frame
        finally:
            turn.live.stop()

    async def _clicked(self, user_id: str, request: ThreadsCustomActionReq | ThreadsSyncCustomActionReq) -> Answer:
        click = await self._clicks.make(user_id, request.params, strict=isinstance(request, ThreadsSyncCustomActionReq))
        return await self._processed(request.model_dump_json().encode(), Visit(user_id, click=click))

    async def _processed(self, body: bytes, visit: Visit) -> Answer:
        result = await self._server.process(body, visit)
        return Answer(result.json if isinstance(result, NonStreamingResult) else result.json_events)


def _as_message(turn: OpenTurn) -> bytes:
    """However it was said, the server tells it as a message added to its thread."""
    given = UserMessageInput(
        content=[UserMessageTextContent(text=turn.said.text)], attachments=[], inference_options=InferenceOptions()
    )
    params = ThreadAddUserMessageParams(input=given, thread_id=turn.place.key)
    return ThreadsAddUserMessageReq(params=params).model_dump_json().encode()


def _frame(event: ThreadCreatedEvent) -> bytes:
    return b"data: %s\n\n" % event.model_dump_json(exclude_none=True, exclude={"thread": {"metadata"}}).encode()
