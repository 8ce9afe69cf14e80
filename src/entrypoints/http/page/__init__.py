"""The page at `/`: what `web/` was built into, served compressed and with a strict content security policy."""

from pathlib import Path

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from msgspec import Struct

BUILT = Path(__file__).parent / "built"
UNBUILT = Path(__file__).parent / "unbuilt.html"
MEDIA_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
ENCODINGS = {"br": ".br", "gzip": ".gz"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
MAY_CHANGE = "no-cache"
NEVER_CHANGES = "public, max-age=31536000, immutable"  # the name of such a file holds a hash of its content


class Served(Struct, frozen=True):
    """A file of the page; `encoded` holds what the build compressed, by content coding, the smallest first."""

    media_type: str
    content: bytes
    encoded: dict[str, bytes]

    @classmethod
    def of(cls, path: Path) -> "Served":
        """A file and the compressed ones beside it."""
        beside = {name: path.with_name(path.name + suffix) for name, suffix in ENCODINGS.items()}
        encoded = {name: other.read_bytes() for name, other in beside.items() if other.exists()}
        return cls(MEDIA_TYPES[path.suffix], path.read_bytes(), encoded)


def page_routes(built: Path = BUILT) -> list[HTTPRouteHandler]:
    """The routes of the page; a notice that says how to build it where that was not done."""
    found = sorted(built.iterdir()) if built.is_dir() else []
    files = {path.name: Served.of(path) for path in found if path.suffix in MEDIA_TYPES}
    start = files.pop("index.html", None) or Served.of(UNBUILT)

    @get("/", include_in_schema=False)
    async def index(request: Request[object, object, State]) -> Response[bytes]:
        """The page itself."""
        return _served(start, request, MAY_CHANGE)

    @get("/page/{name:str}", include_in_schema=False)
    async def asset(name: FromPath[str], request: Request[object, object, State]) -> Response[bytes]:
        """A script, a style or an icon of the page."""
        if name not in files:
            raise NotFoundException
        return _served(files[name], request, NEVER_CHANGES)

    return [index, asset]


def _served(file: Served, request: Request[object, object, State], cached: str) -> Response[bytes]:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": cached, "Vary": "Accept-Encoding"}
    accepted = _accepted(request.headers.get("accept-encoding", ""))
    for name, content in file.encoded.items():
        if name in accepted:
            return Response(content, media_type=file.media_type, headers={**headers, "Content-Encoding": name})
    return Response(file.content, media_type=file.media_type, headers=headers)


def _accepted(header: str) -> set[str]:
    """The content codings that a client takes (RFC 9110 §12.5.3); a weight of zero refuses one."""
    accepted = set()
    for item in header.lower().split(","):
        name, _, weight = item.partition(";")
        if weight.replace(" ", "").rstrip(".0") != "q=":
            accepted.add(name.strip())
    return accepted
