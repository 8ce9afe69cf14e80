"""Whether Munshi can answer."""

import asyncio
from collections.abc import Awaitable
from importlib.metadata import version
from typing import Literal

from dishka.integrations.litestar import FromDishka, inject
from litestar import Response, get
from litestar.openapi.datastructures import ResponseSpec
from msgspec import Struct

from application.ports import Assistant, Storage, StorageUnavailable
from entrypoints.http.problems import documented

VERSION = version("munshi")
PATIENCE = 3.0
"""Seconds that a health check waits for the database; those who want something of it wait longer."""


class Health(Struct):
    """`status` is "ok", or the name of the part that fails."""

    status: Literal["ok", "database"]
    version: str
    assistant: str
    database: Literal["ok", "unavailable"]


FAILING = ResponseSpec(
    Health, False, media_type="application/json", description="Can't answer: `status` names the part"
)


@get("/api/health", summary="Health", tags=["service"], responses={503: FAILING, **documented("rate_limited")})
@inject
async def health(storage: FromDishka[Storage], assistant: FromDishka[Assistant]) -> Response[Health]:
    """200 when everything answers; 503 with the failing part named."""
    try:
        await _within(storage.ping())
    except StorageUnavailable:
        failing = Health("database", VERSION, assistant.name, "unavailable")
        return Response(failing, status_code=503, headers={"Retry-After": "5"})
    return Response(Health("ok", VERSION, assistant.name, "ok"), headers={"Cache-Control": "no-store"})


async def _within(ping: Awaitable[None]) -> None:
    """What is silent for so long counts as away, although whoever waits in line for it may still be answered."""
    asked = asyncio.ensure_future(ping)
    done, _ = await asyncio.wait([asked], timeout=PATIENCE)
    if not done:
        asked.cancel()
        raise StorageUnavailable("The database is silent.")
    asked.result()
