"""The HTTP server: one process of uvicorn over the application."""

import asyncio
import gc
import signal
import socket
from collections.abc import Callable

import uvicorn
from dishka import AsyncContainer

from application.chat import Chat
from application.ports import AddressLimiter, RateLimiter, TokenVerifier
from entrypoints.http.app import build_app
from entrypoints.http.logs import Outlet, start_log
from entrypoints.http.protocol import BoundedProtocol
from entrypoints.settings import Settings, WrongSetting
from entrypoints.wiring import container_for

BACKLOG = 4096
CLOSING = 6.0
"""Seconds beyond the turns' own that connections have to close."""


async def serve(settings: Settings, host: str, port: int, announce: Callable[[str], None]) -> int:
    """Serve until a signal; `announce` gets the address when it is ready. Raises WrongSetting, MunshiError."""
    container = container_for(settings)
    try:
        await _serve(settings, container, host, port, announce)
    finally:
        await container.close()
    return 0


async def _serve(
    settings: Settings, container: AsyncContainer, host: str, port: int, announce: Callable[[str], None]
) -> None:
    log, outlet = start_log(settings.log_level)
    # A wrong setting is told in a sentence before a server starts, not in a traceback while it does.
    for part in (Chat, TokenVerifier, RateLimiter, AddressLimiter):
        await container.get(part)
    config = uvicorn.Config(
        build_app(
            container,
            settings.cors_origins,
            settings.address_rate_limit is not None,
            log=log,
            metrics_token=settings.metrics_token,
            is_traced=settings.otel_exporter_otlp_endpoint is not None,
            chatkit_domain_key=settings.chatkit_domain_key,
        ),
        host=host,
        port=port,
        backlog=BACKLOG,
        http=BoundedProtocol,
        ws="none",
        forwarded_allow_ips=list(settings.forwarded_allow_ips),
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=int(settings.drain_timeout + CLOSING),
    )
    server = _Draining(config, announce, outlet, await container.get(Chat))
    listener = _bound(config)
    # uvicorn raises the signal once more when it has ended; a drained process ends well.
    signal.signal(signal.SIGTERM, lambda *_: None)
    await server.serve(sockets=[listener])


class _Draining(uvicorn.Server):
    """Says where it listens as soon as it does, lets turns end while connections close, and leaves no log unwritten."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[str], None], outlet: Outlet, chat: Chat) -> None:
        super().__init__(config)
        self._announce = announce
        self._outlet = outlet
        self._chat = chat

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn."""
        await super().startup(sockets)
        # What is here by now stays: to walk through it again and again would cost a third of a turn.
        gc.collect()
        gc.freeze()
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            self._announce(f"http://{f'[{host}]' if ':' in host else host}:{port}")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn, which for some signals ends the process by their own doing after this; no turn begins now."""
        draining = asyncio.ensure_future(self._chat.drain())
        await super().shutdown(sockets)
        await draining
        self._outlet.flush()


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
