"""The page at `/`: static files beside this one, served with a strict content security policy."""

from pathlib import Path

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

FOLDER = Path(__file__).parent
MEDIA_TYPES = {"html": "text/html", "js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
FILES = {
    path.name: (path.read_bytes(), MEDIA_TYPES[path.suffix[1:]])
    for path in FOLDER.iterdir()
    if path.suffix[1:] in MEDIA_TYPES
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'",
    "Cache-Control": "no-cache",
}


def page_routes() -> list[HTTPRouteHandler]:
    """The routes of the page."""
    return [index, asset]


@get("/", include_in_schema=False)
async def index() -> Response[bytes]:
    """The page itself."""
    return _file("index.html")


@get("/page/{name:str}", include_in_schema=False)
async def asset(name: FromPath[str]) -> Response[bytes]:
    """A script, a style or an icon of the page."""
    return _file(name)


def _file(name: str) -> Response[bytes]:
    if name not in FILES:
        raise NotFoundException
    content, media_type = FILES[name]
    return Response(content, media_type=media_type, headers=HEADERS)
