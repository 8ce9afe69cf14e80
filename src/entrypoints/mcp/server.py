"""The MCP server over the application: tools, tasks as resources, one prompt; whoever carries it, HTTP or stdio."""

import logging
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import mcp_types as wire
import msgspec
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from msgspec import Struct
from pydantic import ValidationError

from application.context import ContextManager
from application.ports import StorageUnavailable, TaskSort
from application.shapes import LIST_MAX, ListTasks, Nothing, OneTask
from application.toolbox import Toolboxes
from application.tools import get_task, list_tasks
from domain.errors import MunshiError, TaskNotFound
from entrypoints.mcp.planning import day_of, plan_my_day
from entrypoints.mcp.tools import ToolShelf

log = logging.getLogger(__name__)

Asked = ServerRequestContext[Any, Any]
UserOf = Callable[[Asked], str]

INSTRUCTIONS = (Path(__file__).parent / "instructions.txt").read_text(encoding="utf-8")
TASKS = "munshi://tasks"
ONE_TASK = re.compile(r"munshi://tasks/([1-9][0-9]{0,15})")
PLAN = "plan_my_day"
RETIRED_NOT_FOUND = -32002
"""Resource not found, in every revision up to 2025-11-25; since 2026-07-28 it is an invalid parameter."""


def build_server(toolboxes: Toolboxes, context: ContextManager, user_of: UserOf) -> Server[Any]:
    """A server of the protocol; `user_of` tells from a verified request whose tasks it is about."""
    shelf = ToolShelf(toolboxes, context)
    views = _Views(shelf, toolboxes, user_of)
    server: Server[Any] = Server(
        "munshi",
        version=version("munshi"),
        title="Munshi",
        instructions=INSTRUCTIONS,
        get_tool_input_schema=shelf.input_schema,
        on_list_tools=views.list_tools,
        on_call_tool=views.call_tool,
        on_list_resources=views.list_resources,
        on_list_resource_templates=views.list_resource_templates,
        on_read_resource=views.read_resource,
        on_list_prompts=views.list_prompts,
        on_get_prompt=views.get_prompt,
    )
    server.middleware.append(_telling_errors)
    return server


class _Views:
    """What the protocol may ask for; every answer is about the user of the request alone."""

    def __init__(self, shelf: ToolShelf, toolboxes: Toolboxes, user_of: UserOf) -> None:
        self._shelf = shelf
        self._toolboxes = toolboxes
        self._user_of = user_of

    async def list_tools(self, _: Asked, __: wire.PaginatedRequestParams | None) -> wire.ListToolsResult:
        return wire.ListToolsResult(tools=self._shelf.listed)

    async def call_tool(self, asked: Asked, call: wire.CallToolRequestParams) -> wire.CallToolResult:
        return await self._shelf.call(self._user_of(asked), call.name, call.arguments or {})

    async def list_resources(self, _: Asked, __: wire.PaginatedRequestParams | None) -> wire.ListResourcesResult:
        tasks = wire.Resource(
            uri=TASKS,
            name="tasks",
            title="Tasks",
            description=f"The pending tasks, the next due first, at most {LIST_MAX}; `total` counts them all.",
            mime_type="application/json",
        )
        return wire.ListResourcesResult(resources=[tasks])

    async def list_resource_templates(
        self, _: Asked, __: wire.PaginatedRequestParams | None
    ) -> wire.ListResourceTemplatesResult:
        one = wire.ResourceTemplate(
            uri_template=f"{TASKS}/{{task_id}}",
            name="task",
            title="Task",
            description="One task in full, pending or completed, by its number.",
            mime_type="application/json",
        )
        return wire.ListResourceTemplatesResult(resource_templates=[one])

    async def read_resource(self, asked: Asked, wanted: wire.ReadResourceRequestParams) -> wire.ReadResourceResult:
        found = await self._resource(self._user_of(asked), wanted.uri)
        if found is None:
            raise _resource_not_found(asked.protocol_version, wanted.uri)
        text = msgspec.json.encode(found).decode()
        contents = wire.TextResourceContents(uri=wanted.uri, mime_type="application/json", text=text)
        return wire.ReadResourceResult(contents=[contents])

    async def _resource(self, user_id: str, uri: str) -> Struct | None:
        toolbox = self._toolboxes.of(user_id)
        if uri == TASKS:
            return await toolbox.use(list_tasks, ListTasks(status="pending", sort=TaskSort.DUE, limit=LIST_MAX))
        named = ONE_TASK.fullmatch(uri)
        try:
            return await toolbox.use(get_task, OneTask(int(named[1]))) if named else None
        except TaskNotFound:
            return None

    async def list_prompts(self, _: Asked, __: wire.PaginatedRequestParams | None) -> wire.ListPromptsResult:
        plan = wire.Prompt(name=PLAN, title="Plan my day", description="A plan for what is due today or overdue.")
        return wire.ListPromptsResult(prompts=[plan])

    async def get_prompt(self, asked: Asked, wanted: wire.GetPromptRequestParams) -> wire.GetPromptResult:
        if wanted.name != PLAN:
            raise MCPError(wire.INVALID_PARAMS, f"There is no prompt {wanted.name[:64]!r}; there is {PLAN}.")
        day = await self._toolboxes.of(self._user_of(asked)).use(day_of, Nothing())
        message = wire.PromptMessage(role="user", content=wire.TextContent(text=plan_my_day(day)))
        return wire.GetPromptResult(description="What is due today or overdue", messages=[message])


def _resource_not_found(protocol: str, uri: str) -> MCPError:
    code = wire.INVALID_PARAMS if protocol in MODERN_PROTOCOL_VERSIONS else RETIRED_NOT_FOUND
    return MCPError(code, "Resource not found", {"uri": uri})


async def _telling_errors(ctx: Asked, call_next: CallNext) -> HandlerResult:
    """Our errors under their codes; a fault of ours is in the log, not in the answer."""
    try:
        return await call_next(ctx)
    except (MCPError, ValidationError):
        raise
    except MunshiError as error:
        code = wire.INTERNAL_ERROR if isinstance(error, StorageUnavailable) else wire.INVALID_PARAMS
        raise MCPError(code, error.message, {"code": error.code}) from error
    except Exception as fault:
        log.exception("unexpected error in %s", ctx.method)
        raise MCPError(wire.INTERNAL_ERROR, "Something went wrong on our side.", {"code": "internal"}) from fault
