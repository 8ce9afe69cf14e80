"""Whether Munshi can answer."""

from importlib.metadata import version

from dishka.integrations.litestar import FromDishka, inject
from litestar import Response, get
from msgspec import Struct

from application.ports import Assistant, Storage, StorageUnavailable

VERSION = version("munshi")


class Health(Struct):
    """`status` is "ok", or the name of the part that fails."""

    status: str
    version: str
    assistant: str
    database: str


@get("/api/health", summary="Health", tags=["service"])
@inject
async def health(storage: FromDishka[Storage], assistant: FromDishka[Assistant]) -> Response[Health]:
    """200 when everything answers; 503 with the failing part named."""
    try:
        await storage.ping()
    except StorageUnavailable:
        failing = Health("database", VERSION, assistant.name, "unavailable")
        return Response(failing, status_code=503, headers={"Retry-After": "5"})
    return Response(Health("ok", VERSION, assistant.name, "ok"), headers={"Cache-Control": "no-store"})
