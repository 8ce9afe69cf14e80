"""The OpenAI assistant: the Agents SDK over the toolbox, against OpenAI or any server that speaks its Responses API."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from agents import (
    Agent,
    FunctionTool,
    OpenAIResponsesModel,
    RunConfig,
    RunContextWrapper,
    Runner,
    TResponseInputItem,
)
from agents.exceptions import AgentsException, MaxTurnsExceeded
from agents.tool_context import ToolContext
from msgspec import Struct
from openai import AsyncOpenAI, OpenAIError
from openai.types.responses import ResponseTextDeltaEvent

from application.ports import Assistant, AssistantUnavailable, Delta
from application.toolbox import Toolbox
from application.tools import TOOLS, Tool
from domain.conversations import Question, ToolCall, Turn
from domain.errors import MunshiError

ROUNDS_MAX = 12
RETRIES = 2
INSTRUCTIONS = (Path(__file__).parent / "instructions.txt").read_text()
# Keywords of JSON Schema that strict function schemas refuse.
NOT_STRICT = ("default", "examples", "title", "minLength", "maxLength")

log = logging.getLogger(__name__)
# The client logs a line for each HTTP call, the SDK the messages themselves.
for _name in ("httpx", "httpx2", "openai", "openai.agents"):
    logging.getLogger(_name).setLevel(logging.ERROR)


class _Work:
    """What one run holds that the model can't see: the user's toolbox, the calls made, and a fault that ends it."""

    def __init__(self, turn: Turn, toolbox: Toolbox) -> None:
        self.turn = turn
        self.toolbox = toolbox
        self.calls: list[ToolCall] = []
        self.fault: MunshiError | None = None
        self.in_order = asyncio.Lock()

    def take_calls(self) -> list[ToolCall]:
        taken, self.calls = self.calls, []
        return taken


class OpenAIAssistant(Assistant):
    """Client and agent are made once; a run brings its own toolbox."""

    name = "openai"

    def __init__(self, api_key: str, model: str, base_url: str | None) -> None:
        self._client = AsyncOpenAI(api_key=api_key, base_url=base_url, max_retries=RETRIES)
        self._agent = Agent[_Work](
            name="Munshi",
            instructions=_instructions,
            model=OpenAIResponsesModel(model, self._client),
            tools=[_function_tool(tool) for tool in TOOLS],
        )

    async def reply(self, turn: Turn, toolbox: Toolbox) -> AsyncIterator[Delta | ToolCall | Question]:
        """See the port."""
        work = _Work(turn, toolbox)
        run = Runner.run_streamed(
            self._agent, _input(turn), context=work, max_turns=ROUNDS_MAX, run_config=RunConfig(tracing_disabled=True)
        )
        try:
            async for event in run.stream_events():
                for call in work.take_calls():
                    yield call
                if event.type == "raw_response_event" and isinstance(event.data, ResponseTextDeltaEvent):
                    yield Delta(event.data.delta)
            for call in work.take_calls():
                yield call
        except (OpenAIError, AgentsException, ValueError, OSError) as fault:
            raise work.fault or _unavailable(fault) from fault
        finally:
            run.cancel()

    async def close(self) -> None:
        """See the port."""
        await self._client.close()


def _instructions(context: RunContextWrapper[_Work], _: Agent[_Work]) -> str:
    turn = context.context.turn
    now = turn.now.astimezone(ZoneInfo(turn.timezone))
    return INSTRUCTIONS.format(now=now.strftime("%A %Y-%m-%d %H:%M"), zone=turn.timezone)


def _input(turn: Turn) -> list[TResponseInputItem]:
    said: list[TResponseInputItem] = [
        {"role": message.role.value, "content": message.text} for message in turn.history if message.text
    ]
    return [*said, {"role": "user", "content": turn.message}]


def _function_tool(tool: Tool[Any, Any]) -> FunctionTool:
    async def invoke(context: ToolContext[_Work], arguments: str) -> str:
        work = context.context
        async with work.in_order:
            try:
                call = await work.toolbox.call(tool.name, _without_nulls(arguments))
            except MunshiError as fault:
                work.fault = fault
                raise
        work.calls.append(call)
        return msgspec.json.encode({"error": call.error} if call.error else call.result).decode()

    return FunctionTool(
        name=tool.name,
        description=tool.description,
        params_json_schema=strict_schema(tool.arguments),
        on_invoke_tool=invoke,
        strict_json_schema=True,
    )


def _without_nulls(arguments: str) -> bytes:
    """The arguments without the nulls that a strict schema makes the model write for what it leaves out."""
    try:
        given = msgspec.json.decode(arguments or "{}")
    except (msgspec.DecodeError, RecursionError):
        return arguments.encode()
    if not isinstance(given, dict):
        return arguments.encode()
    return msgspec.json.encode({name: value for name, value in given.items() if value is not None})


def strict_schema(arguments: type[Struct]) -> dict[str, Any]:
    """The JSON Schema of a Struct as strict functions want it: every property required, optional ones nullable."""
    schema = msgspec.json.schema(arguments)
    definitions = schema.get("$defs", {})
    root: dict[str, Any] = _resolved(schema, definitions)
    required = set(root.get("required", ()))
    root["properties"] = {
        name: value if name in required else _nullable(value) for name, value in root.get("properties", {}).items()
    }
    root["required"] = list(root["properties"])
    root["additionalProperties"] = False
    return root


def _resolved(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_resolved(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        named = definitions[schema["$ref"].rpartition("/")[2]]
        return _resolved({**named, **{key: value for key, value in schema.items() if key != "$ref"}}, definitions)
    return {
        key: {name: _resolved(value, definitions) for name, value in item.items()}
        if key == "properties"
        else _resolved(item, definitions)
        for key, item in schema.items()
        if key != "$defs" and key not in NOT_STRICT
    }


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    options = schema.get("anyOf", [schema])
    if any(option.get("type") == "null" for option in options):
        return schema
    return {"anyOf": [*options, {"type": "null"}]}


def _unavailable(fault: Exception) -> AssistantUnavailable:
    log.warning("the model's service failed: %s", type(fault).__name__)
    if isinstance(fault, MaxTurnsExceeded):
        return AssistantUnavailable(f"The assistant did not come to an end in {ROUNDS_MAX} rounds.")
    return AssistantUnavailable("The model's service does not answer.")
