"""What an MCP client hears when the fault is ours."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import mcp_types as wire
import pytest
from mcp.client import Client
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from tests.security.forge import HandClock

from adapters.storage.memory import MemoryStorage
from application.context import ContextManager
from application.ports import StorageUnavailable
from application.toolbox import Toolboxes
from entrypoints.mcp.server import build_server

MODES = ("auto", "legacy")


def failing(fault: Exception, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Server[Any]:
    """A server whose storage fails like this."""

    async def run(_: str, __: Callable[[Any], Any]) -> None:
        raise fault

    storage = MemoryStorage()
    monkeypatch.setattr(storage, "run", run)
    context = ContextManager(storage, clock, "Asia/Karachi", timedelta(minutes=1))
    return build_server(Toolboxes(storage, clock, "Asia/Karachi"), context, lambda _: "ali")


@pytest.mark.parametrize("mode", MODES)
async def test_a_silent_database_is_told_by_its_code(
    mode: str, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = failing(StorageUnavailable("The database does not answer."), clock, monkeypatch)
    async with Client(silent, mode=mode) as client:
        for name, arguments in (("list_tasks", {}), ("record_interaction", {"message": "a", "response": "b"})):
            result = await client.call_tool(name, arguments)
            assert result.is_error
            assert result.structured_content["error"]["code"] == "storage_unavailable"
        with pytest.raises(MCPError, match="does not answer") as unread:
            await client.read_resource("munshi://tasks")
        assert (unread.value.code, unread.value.data) == (wire.INTERNAL_ERROR, {"code": "storage_unavailable"})


@pytest.mark.parametrize("mode", MODES)
async def test_an_unexpected_fault_is_in_the_log_and_not_in_the_answer(
    mode: str, clock: HandClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = failing(RuntimeError("SELECT secret FROM tasks"), clock, monkeypatch)
    async with Client(broken, mode=mode) as client:
        for asking in (
            client.call_tool("list_tasks", {}),
            client.read_resource("munshi://tasks"),
            client.get_prompt("plan_my_day"),
        ):
            with caplog.at_level(logging.ERROR), pytest.raises(MCPError) as told:
                await asking
            assert (told.value.code, told.value.message) == (wire.INTERNAL_ERROR, "Something went wrong on our side.")
            assert "SELECT" not in str(told.value.data)
    assert "SELECT secret" in caplog.text
