"""Conversations: listed, read, renamed, deleted. A path names one by its number or its client's name."""

import re
from typing import Annotated, Any, Literal

from dishka.integrations.litestar import FromDishka, inject
from litestar import Request, delete, get, patch, post
from litestar.openapi.spec import Example, OpenAPIType
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, PathParameter, QueryParameter
from litestar.response import Stream
from msgspec import Struct

from application.chat import Chat
from application.context import ContextManager
from entrypoints.http.bounds import one_more_stream
from entrypoints.http.sse import Frames, event_stream
from entrypoints.http.wire import (
    ConversationBody,
    ConversationsBody,
    MessageBody,
    MessagesBody,
    Rename,
    conversation_cursor,
    read_conversation_cursor,
    read_limit,
    read_message_cursor,
)

PAGE_MAX = 100
Limit = Annotated[str, QueryParameter(schema_extra={"type": OpenAPIType.INTEGER, "minimum": 1, "maximum": PAGE_MAX})]
NUMBER = re.compile(r"[1-9]\d{0,15}", re.ASCII)
Place = Annotated[
    str,
    PathParameter(
        description="A conversation's number, or its client's name; `~` before a name that is made of digits only.",
        examples=[Example(value="conv-123"), Example(value="7"), Example(value="~2026")],
        schema_extra={"pattern": "^~?[A-Za-z0-9_.:-]{1,64}$"},
    ),
]
LastEventId = Annotated[
    str,
    HeaderParameter(
        name="Last-Event-ID", description="the `id` that was heard last", examples=[Example(value="trn_1-3")]
    ),
]


class Stopped(Struct):
    """`stopping` when a turn ran and was told to stop, `idle` when none ran."""

    status: Literal["stopping", "idle"]


@get("/conversations", summary="List conversations")
@inject
async def list_conversations(
    user_id: FromPath[str], context: FromDishka[ContextManager], limit: Limit = "20", cursor: FromQuery[str] = ""
) -> ConversationsBody:
    """The most recently updated first."""
    most = read_limit(limit, PAGE_MAX)
    found = await context.conversations(user_id, most + 1, read_conversation_cursor(cursor))
    page = found[:most]
    following = conversation_cursor(page[-1]) if len(found) > most else None
    return ConversationsBody([ConversationBody.of(place) for place in page], following)


@get("/conversations/{conversation:str}/messages", summary="Read a conversation")
@inject
async def list_messages(
    user_id: FromPath[str],
    conversation: Place,
    context: FromDishka[ContextManager],
    limit: Limit = "50",
    cursor: FromQuery[str] = "",
) -> MessagesBody:
    """The newest messages with their tool calls, oldest first; the cursor leads to older ones."""
    most = read_limit(limit, PAGE_MAX)
    found = await context.messages(user_id, reference(conversation), most + 1, read_message_cursor(cursor))
    page = found[-most:]
    following = str(page[0].id) if len(found) > most else None
    texts = {message.id: message.text for message in found}
    return MessagesBody([MessageBody.of(message, texts.get(message.id - 1, "")) for message in page], following)


@patch("/conversations/{conversation:str}", summary="Rename a conversation")
@inject
async def rename_conversation(
    user_id: FromPath[str], conversation: Place, data: JSONBody[Rename], context: FromDishka[ContextManager]
) -> ConversationBody:
    """Give it another title, 1 to 120 characters."""
    return ConversationBody.of(await context.rename(user_id, reference(conversation), data.title))


@delete("/conversations/{conversation:str}", summary="Delete a conversation")
@inject
async def delete_conversation(user_id: FromPath[str], conversation: Place, context: FromDishka[ContextManager]) -> None:
    """Delete it with its messages; the tasks stay."""
    await context.remove(user_id, reference(conversation))


@post("/conversations/{conversation:str}/stop", status_code=200, summary="Stop the running turn")
@inject
async def stop_turn(user_id: FromPath[str], conversation: Place, chat: FromDishka[Chat]) -> Stopped:
    """Stop it at the next safe point; what was said and done until then is recorded."""
    return Stopped("stopping" if await chat.stop(user_id, reference(conversation)) else "idle")


@get(
    "/conversations/{conversation:str}/stream",
    middleware=[one_more_stream],
    media_type="text/event-stream",
    summary="Take a turn up again",
)
@inject
async def resume_stream(
    user_id: FromPath[str],
    conversation: Place,
    request: Request[Any, Any, Any],
    chat: FromDishka[Chat],
    last_event_id: LastEventId = "",
) -> Stream:
    """The newest turn, running or just ended, from its beginning or after the event that was heard last."""
    live = await chat.follow(user_id, reference(conversation))
    frames = event_stream(live, request.scope["path"], exact=False, heard=last_event_id)
    return Frames(frames)


def reference(conversation: str) -> int | str:
    """A number in its one spelling is a number; anything else is a name, and so is all that follows a `~`."""
    if conversation.startswith("~"):
        return conversation[1:]
    return int(conversation) if NUMBER.fullmatch(conversation) else conversation
