"""What /schema says: each route's own problems, and what the handlers' types can't tell."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from litestar import HttpMethod, Request, Response, route
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.plugins import JsonRenderPlugin

from entrypoints.http import chat, conversations, tasks
from entrypoints.http.bounds import KEY_MAX
from entrypoints.http.problems import allowing_head, documented

Json = dict[str, Any]

ANYWHERE = (
    *("unauthenticated", "forbidden", "unsupported_media_type", "rate_limited"),
    *("storage_unavailable", "identity_unavailable"),
)
BODY = ("malformed_json", "too_large", "invalid")
TURN = (*BODY, "idempotency_mismatch", "not_found", "turn_in_progress")
CHATKIT = (*BODY, "not_found", "turn_in_progress", "nothing_to_undo")
PROBLEMS: dict[HTTPRouteHandler, tuple[str, ...]] = {
    chat.chat_turn: (*TURN, "assistant_unavailable", "assistant_timeout"),
    chat.chat_stream: TURN,
    conversations.list_conversations: ("invalid",),
    conversations.list_messages: ("invalid", "not_found"),
    conversations.rename_conversation: (*BODY, "not_found"),
    conversations.delete_conversation: ("not_found",),
    conversations.stop_turn: ("not_found",),
    conversations.resume_stream: ("not_found",),
    tasks.list_tasks: ("invalid",),
    tasks.add_task: BODY,
    tasks.get_task: ("not_found",),
    tasks.update_task: (*BODY, "not_found"),
    tasks.delete_task: ("not_found",),
    tasks.complete_task: ("not_found",),
    tasks.undo: ("nothing_to_undo",),
}
QUOTA = {
    "RateLimit": {"description": "What is left of the limit", "schema": {"type": "string"}},
    "RateLimit-Policy": {"description": "The limit", "schema": {"type": "string"}},
}
STRICT = ("AddTask", "TaskFields")  # other bodies may have fields that we do not know
RETRY = {"description": "Seconds until it is worth asking again", "schema": {"type": "string", "pattern": r"^\d+$"}}
HEADERS: dict[str, Json] = {
    "401": {"WWW-Authenticate": {"required": True, "schema": {"type": "string", "const": "Bearer"}}},
    "429": {"Retry-After": {"required": True, **RETRY}, **QUOTA},
    "503": {"Retry-After": {"required": True, **RETRY}},
}
# Read by us: as a parameter, the framework would take the key "null" for none.
IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": f"1 to {KEY_MAX} printable characters; the same turn never runs twice",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_MAX, "pattern": "^[ -~]+$"},
}
EXACT_TURN = {
    "schema": {
        "allOf": [{"$ref": "#/components/schemas/TurnBody"}, {"not": {"required": ["timestamp"]}}],
        "description": "Without `timestamp`, for clients that validate the three keys strictly",
    }
}
CALLED: Json = {
    "type": "object",
    "required": ["name", "arguments"],
    "properties": {"name": {"type": "string"}, "arguments": {}},
}
EVENTS: dict[str, Json] = {
    "turn": {"type": "object", "required": ["turn_id", "conversation_id"]},
    "delta": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}},
    "tool_call": CALLED,
    "tool_result": {"$ref": "#/components/schemas/ToolCallBody"},
    "done": {"$ref": "#/components/schemas/TurnBody"},
    "error": {"$ref": "#/components/schemas/Problem"},
}
EVENT: Json = {
    "description": "Each event of the stream; `id` counts them, `data` is JSON.",
    "type": "object",
    "required": ["id", "event", "data"],
    "properties": {"id": {"type": "string", "pattern": r"^[\w-]+-\d+$"}},
    "oneOf": [
        {
            "properties": {
                "event": {"const": name},
                "data": {"type": "string", "contentMediaType": "application/json", "contentSchema": data},
            }
        }
        for name, data in EVENTS.items()
    ],
}
RPC_MESSAGE: Json = {
    "type": "object",
    "required": ["jsonrpc", "method"],
    "properties": {
        "jsonrpc": {"const": "2.0"},
        "method": {"type": "string"},
        "params": {"type": "object"},
        "id": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
    },
    "example": {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}},
}
RPC_ANSWER: Json = {"type": "object", "required": ["jsonrpc"], "properties": {"jsonrpc": {"const": "2.0"}}}


def user_routes() -> list[HTTPRouteHandler]:
    """The routes under a user's path, documented; the answers to OPTIONS come first, or Litestar makes its own."""
    for handler, problems in PROBLEMS.items():
        handler.responses = documented(*ANYWHERE, *problems)
    return [*_options(PROBLEMS), *PROBLEMS]


def _options(handlers: Iterable[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    """OPTIONS with all methods of each path: Litestar's own answer knows those of the first handler only."""
    methods: dict[str, set[str]] = defaultdict(set)
    for handler in handlers:
        for path in handler.paths:
            methods[path] |= {str(method) for method in handler.http_methods}
    return [_answering(path, {"OPTIONS", *allowed}) for path, allowed in methods.items()]


def _answering(path: str, allowed: set[str]) -> HTTPRouteHandler:
    async def options() -> Response[None]:
        return Response(None, status_code=204, headers={"Allow": allowing_head(", ".join(allowed))})

    made: Callable[[Any], HTTPRouteHandler] = route(
        path, http_method=HttpMethod.OPTIONS, status_code=204, include_in_schema=False
    )
    return made(options)


async def only_known(request: Request[Any, Any, Any]) -> None:
    """Refuse what Litestar would answer with a page of its own: another path under /schema."""
    if "path" in request.path_params:
        raise NotFoundException


class WholeSchema(JsonRenderPlugin):
    """The OpenAPI description, completed when it is first asked for."""

    def __init__(self) -> None:
        super().__init__(path=["/", "/openapi.json"])
        self._rendered = b""

    def render(self, request: Request[Any, Any, Any], openapi_schema: Json) -> bytes:
        """See JsonRenderPlugin; rendered once, since nothing in it changes."""
        if not self._rendered:
            complete(openapi_schema)
            self._rendered = super().render(request, openapi_schema)
        return self._rendered


CHATKIT_REQUEST: Json = {
    "description": "A request of OpenAI's `openai-chatkit`; `params` is as its type has it.",
    "type": "object",
    "required": ["type"],
    "properties": {"type": {"type": "string"}, "params": {"type": "object"}, "metadata": {"type": "object"}},
    "example": {"type": "threads.list", "params": {"limit": 20}},
}
CHATKIT_ANSWERS: Json = {
    "application/json": {"schema": {"type": "object"}},
    "text/event-stream": {"schema": {"type": "string", "description": "Blocks of one line: `data:` and an event"}},
}


def complete(schema: Json) -> None:
    """Add what the types can't say, and take away what they say too much."""
    _tidy(schema)
    for operations in schema["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                parameter["schema"] = _as_written(parameter["schema"])
            for status, answer in operation["responses"].items():
                answer.setdefault("headers", {}).update(HEADERS.get(status, {}))
                if "text/event-stream" in answer.get("content", {}):
                    answer["content"]["text/event-stream"]["schema"] = EVENT
    turn = schema["paths"]["/api/{user_id}/chat"]["post"]["responses"]["200"]
    turn["content"][chat.EXACT] = EXACT_TURN
    for path in ("/api/{user_id}/chat", "/api/{user_id}/chat/stream"):
        schema["paths"][path]["post"]["responses"]["200"]["headers"].update(QUOTA)
        schema["paths"][path]["post"]["parameters"].append(IDEMPOTENCY_KEY)
    _describe_mcp(schema["paths"]["/mcp"]["post"])
    chatkit = schema["paths"]["/api/{user_id}/chatkit"]["post"]
    chatkit["requestBody"] = {"required": True, "content": {"application/json": {"schema": CHATKIT_REQUEST}}}
    chatkit["responses"]["200"]["content"] = CHATKIT_ANSWERS
    for name in STRICT:
        schema["components"]["schemas"][name]["additionalProperties"] = False


def _describe_mcp(operation: Json) -> None:
    """Its messages are the SDK's to read and write, so no type of a handler tells of them."""
    operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": RPC_MESSAGE}}}
    answers = operation["responses"]
    answers["202"] = {"description": "A notification was heard"}
    answers["406"] = {"description": "The client accepts no JSON", "content": {}}
    for status in ("200", "400", "406"):
        answers[status]["content"]["application/json"] = {"schema": RPC_ANSWER}


def _as_written(schema: Json) -> Json:
    """A parameter in a path, a query or a header is there or not: null has no spelling. A number is read by us."""
    if schema.get("type") == "integer" and "default" in schema:
        return {**schema, "default": int(schema["default"])}
    options = [option for option in schema.get("oneOf", ()) if option != {"type": "null"}]
    if len(options) != 1:
        return schema
    return {**options[0], **{name: value for name, value in schema.items() if name != "oneOf"}}


def _tidy(part: object) -> None:
    """Without a choice of one, and without the `id` that no example has (OpenAPI 3.1, §4.8.19)."""
    if isinstance(part, list):
        for item in part:
            _tidy(item)
    if not isinstance(part, dict):
        return
    match part.get("oneOf"):
        case [dict(only)] if "$ref" not in only or len(part) == 1:
            del part["oneOf"]
            part.update({name: value for name, value in only.items() if name not in part})
    if "value" in part and "id" in part:
        del part["id"]
    for item in part.values():
        _tidy(item)
