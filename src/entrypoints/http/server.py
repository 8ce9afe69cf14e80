"""The HTTP server: one process of uvicorn over the application."""

import socket
from collections.abc import Callable

import uvicorn

from application.chat import Chat
from application.ports import RateLimiter, TokenVerifier
from entrypoints.http.app import build_app
from entrypoints.settings import Settings, WrongSetting
from entrypoints.wiring import container_for

BACKLOG = 4096


async def serve(settings: Settings, host: str, port: int, announce: Callable[[str], None]) -> int:
    """Serve until a signal; `announce` gets the address when it is ready. Raises WrongSetting, MunshiError."""
    container = container_for(settings)
    # A wrong setting is told in a sentence before a server starts, not in a traceback while it does.
    for part in (Chat, TokenVerifier, RateLimiter):
        await container.get(part)
    config = uvicorn.Config(
        build_app(container, settings.cors_origins),
        host=host,
        port=port,
        backlog=BACKLOG,
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=30,
    )
    server = _Announcing(config, announce)
    await server.serve(sockets=[_bound(config)])
    return 0


class _Announcing(uvicorn.Server):
    """Says where it listens as soon as it does."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[str], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn."""
        await super().startup(sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            self._announce(f"http://{f'[{host}]' if ':' in host else host}:{port}")


def _bound(config: uvicorn.Config) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((config.host, config.port))
    except OSError as fault:
        listener.close()
        raise WrongSetting("--port", f"{config.port} on {config.host} can't be used: {fault.strerror}") from fault
    return listener
