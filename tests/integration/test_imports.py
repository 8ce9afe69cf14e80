"""What only some settings and requests need is imported where it is used: others start without it."""

import subprocess
import sys
from pathlib import Path

UNUSED = (
    *("agents", "openai", "chatkit", "jinja2", "mcp", "mcp_types", "redis", "asyncpg", "aiosqlite", "alembic"),
    *("opentelemetry", "prometheus_client", "rich_click", "pydantic.v1"),
)
STARTED = f"""
import asyncio, sys
from pathlib import Path
from entrypoints.http.logs import start_log
from entrypoints.http.server import build_app
from entrypoints.settings import read_settings
from entrypoints.wiring import Chat, container_for

async def start():
    container = container_for(read_settings({{"DATA_DIR": sys.argv[1]}}))
    await container.get(Chat)
    build_app(container, log=start_log("info")[0])
    await container.close()

asyncio.run(start())
print([name for name in sys.modules if name.startswith({UNUSED})])
"""


def test_a_service_without_a_key_imports_no_more_than_it_needs(tmp_path: Path) -> None:
    started = subprocess.run(
        [sys.executable, "-c", STARTED, str(tmp_path)], capture_output=True, check=False, text=True, timeout=60
    )
    assert (started.stdout, started.stderr) == ("[]\n", "")
