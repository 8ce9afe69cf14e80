"""The page at `/`: what `web/` was built into, served compressed and with a strict content security policy.

Where OpenAI's ChatKit component is wanted, the page is told its domain key in a `meta` and may load it; else nothing
of it is in the page, and no request can leave the origin.
"""

import gzip
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
CHATKIT = "https://cdn.platform.openai.com"
# Its script puts a style of its own into the page and a frame of its own address; what it does inside is its own.
CHATKIT_POLICY = (
    f"default-src 'none'; script-src 'self' {CHATKIT}; style-src 'self' 'unsafe-inline'; img-src 'self'; "
    f"connect-src 'self'; frame-src {CHATKIT}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
LOCAL_KEY = "domain_pk_localhost_dev"  # on localhost the component takes any
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
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

    def with_chatkit(self, domain_key: str) -> "Served":
        """The page that prefers OpenAI's component, with its domain key."""
        told = f'  <meta name="chatkit-domain-key" content="{domain_key}">\n</head>'.encode()
        content = self.content.replace(b"</head>", told, 1)
        return Served(self.media_type, content, {"gzip": gzip.compress(content, mtime=0)})


def page_routes(chatkit_domain_key: str | None = None, built: Path = BUILT) -> list[HTTPRouteHandler]:
    """The routes of the page; a notice that says how to build it where that was not done.

    It prefers OpenAI's component where there is a domain key, and at localhost for who asks for `/?chatkit`.
    """
    found = sorted(built.iterdir()) if built.is_dir() else []
    files = {path.name: Served.of(path) for path in found if path.suffix in MEDIA_TYPES}
    start = files.pop("index.html", None) or Served.of(UNBUILT)
    official = start.with_chatkit(chatkit_domain_key or LOCAL_KEY)

    @get("/", include_in_schema=False)
    async def index(request: Request[object, object, State]) -> Response[bytes]:
        """The page itself."""
        asked_locally = "chatkit" in request.query_params and request.url.hostname in LOCAL_HOSTS
        if chatkit_domain_key or asked_locally:
            return _served(official, request, MAY_CHANGE, CHATKIT_POLICY)
        return _served(start, request, MAY_CHANGE)

    @get("/page/{name:str}", include_in_schema=False)
    async def asset(name: FromPath[str], request: Request[object, object, State]) -> Response[bytes]:
        """A script, a style or an icon of the page."""
        if name not in files:
            raise NotFoundException
        return _served(files[name], request, NEVER_CHANGES)

    return [index, asset]


def _served(
    file: Served, request: Request[object, object, State], cached: str, policy: str = POLICY
) -> Response[bytes]:
    headers = {"Content-Security-Policy": policy, "Cache-Control": cached, "Vary": "Accept-Encoding"}
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
