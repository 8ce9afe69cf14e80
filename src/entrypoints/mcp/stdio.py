"""The server over stdio: for the one local user who started it, by the same database."""

import signal

from mcp.server.stdio import stdio_server

from application.context import ContextManager
from application.toolbox import Toolboxes
from domain.users import checked_user
from entrypoints.mcp.server import build_server
from entrypoints.settings import Settings
from entrypoints.wiring import container_for


async def speak(settings: Settings, user: str) -> int:
    """Answer on stdout what comes on stdin until it ends; all else goes to stderr. Raises WrongSetting, Invalid."""
    checked_user(user)
    # Nothing wakes the thread that waits for stdin, so an interrupt ends the process; what was done is committed.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    container = container_for(settings)
    try:
        toolboxes, context = await container.get(Toolboxes), await container.get(ContextManager)
        server = build_server(toolboxes, context, lambda _: user)
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())
    finally:
        await container.close()
    return 0
