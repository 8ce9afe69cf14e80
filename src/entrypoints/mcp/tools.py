"""The tools as the Model Context Protocol shows them: described once, called for one user, told as content."""

from typing import Annotated, Any, Literal

import msgspec
from mcp_types import CallToolResult, TextContent, Tool, ToolAnnotations
from msgspec import Meta, Struct

from application import tools
from application.context import ContextManager
from application.shapes import Words
from application.toolbox import Toolboxes
from application.tools import TOOLS
from domain.conversations import ToolCall
from domain.errors import Invalid, MunshiError
from domain.tasks import printable

RECORD = "record_interaction"
RESPONSE_MAX = 32_000


class UnknownTool(MunshiError):
    """No tool has this name."""

    code = "unknown_tool"


class AnotherUser(MunshiError):
    """A call that names somebody else than the one who calls."""

    code = "forbidden"

    def __init__(self) -> None:
        super().__init__("user_id must be absent or your own; a call works for the user whose token it carries.")


class WrongArguments(MunshiError):
    """Arguments of another shape than the tool's."""

    code = Invalid.code


class RecordInteraction(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A turn that was held elsewhere; without a conversation it begins a new one."""

    message: Words
    response: Annotated[str, Meta(max_length=RESPONSE_MAX)]
    conversation_id: int | str | None = None


class Recorded(Struct):
    """Where the turn was written down; the id is in the form in which it was asked."""

    conversation_id: int | str
    status: Literal["recorded"]
    message_count: int


class ToolShelf:
    """Every tool, for whoever calls: the toolbox's own, and the one that writes down a turn held elsewhere."""

    def __init__(self, toolboxes: Toolboxes, context: ContextManager) -> None:
        self._toolboxes = toolboxes
        self._context = context
        self.listed = [*(_shown(tool) for tool in TOOLS), RECORD_INTERACTION]
        self._schemas = {tool.name: tool.input_schema for tool in self.listed}

    def input_schema(self, name: str) -> dict[str, Any] | None:
        """The JSON Schema of a tool's arguments, or None when there is no such tool."""
        return self._schemas.get(name)

    async def call(self, user_id: str, name: str, arguments: dict[str, Any]) -> CallToolResult:
        """Call a tool for this user; each call is one step of undo. What goes wrong is told as the tool's error.

        Raises UnknownTool.
        """
        if name not in self._schemas:
            raise UnknownTool(f"There is no tool {name[:64]!r}; there are {', '.join(self._schemas)}.")
        try:
            asked = _without_user(arguments, user_id)
            if name == RECORD:
                return _done(msgspec.json.encode(await self._record(user_id, asked)))
            return _told(await self._toolboxes.of(user_id).call(name, msgspec.json.encode(asked)))
        except MunshiError as error:
            return _failed(error.code, error.message)

    async def _record(self, user_id: str, arguments: dict[str, Any]) -> Recorded:
        try:
            asked = msgspec.convert(arguments, RecordInteraction)
        except msgspec.ValidationError as fault:
            raise WrongArguments(str(fault)) from fault
        response = printable(asked.response).strip()
        if not response:
            raise Invalid("response", "must not be empty")
        place = await self._context.record_interaction(user_id, asked.conversation_id, asked.message, response)
        shown = place.key if isinstance(asked.conversation_id, str) else place.id
        return Recorded(shown, "recorded", place.message_count)


def _shown(tool: tools.Tool[Any, Any]) -> Tool:
    return Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=_schema(tool.arguments),
        output_schema=_schema(tool.result),
        annotations=_annotations(tool.read_only, tool.destructive, tool.idempotent),
    )


def _annotations(read_only: bool, destructive: bool, idempotent: bool) -> ToolAnnotations:
    """All four said: what is absent counts as destructive and open to the world (MCP, ToolAnnotations)."""
    return ToolAnnotations(
        read_only_hint=read_only, destructive_hint=destructive, idempotent_hint=idempotent, open_world_hint=False
    )


def _schema(shape: type[Struct]) -> dict[str, Any]:
    """A schema that stands alone and is an object at its top, as the protocol wants it."""
    _, parts = msgspec.json.schema_components([shape], ref_template="#/$defs/{name}")
    top: dict[str, Any] = parts.pop(shape.__name__)
    return {**top, "$defs": parts} if parts else top


RECORD_INTERACTION = Tool(
    name=RECORD,
    title="Write down a turn",
    description="Write down a turn that was held elsewhere: what the user said, and what was answered.",
    input_schema=_schema(RecordInteraction),
    output_schema=_schema(Recorded),
    annotations=_annotations(read_only=False, destructive=False, idempotent=False),
)


def _without_user(arguments: dict[str, Any], user_id: str) -> dict[str, Any]:
    if arguments.get("user_id", user_id) != user_id:
        raise AnotherUser
    return {name: value for name, value in arguments.items() if name != "user_id"}


def _told(call: ToolCall) -> CallToolResult:
    if call.error:
        return _failed(call.error.code, call.error.message)
    return _done(bytes(call.result or b"null"))


def _done(result: bytes) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=result.decode())], structured_content=msgspec.json.decode(result))


def _failed(code: str, message: str) -> CallToolResult:
    return CallToolResult(
        content=[TextContent(text=f"{code}: {message}")],
        structured_content={"error": {"code": code, "message": message}},
        is_error=True,
    )
