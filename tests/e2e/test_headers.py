"""What every answer carries: the headers of safety, and those for the origins that may read it; over a raw socket."""

from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from tests.e2e.process import Service, serving

ORIGIN = "https://app.example"
FOREIGN = (
    "https://evil.example",
    "https://app.example.evil.example",
    "https://app.example:8443",
    "http://app.example",
    "https://APP.example",
    "https://app_example",
    "null",
    "*",
    "",
)
SAFE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}
# Method, path, who asks, and the status: every kind of answer that there is.
ANSWERS = [
    ("GET", "/", "nobody", 200),
    ("HEAD", "/", "nobody", 200),
    ("GET", "/page/none.js", "nobody", 404),
    ("GET", "/nowhere", "nobody", 404),
    ("DELETE", "/nowhere", "nobody", 404),
    ("PUT", "/api/health", "nobody", 405),
    ("GET", "/api/health", "nobody", 200),
    ("GET", "/schema", "nobody", 200),
    ("GET", "/api/ali/tasks", "nobody", 401),
    ("GET", "/api/bano/tasks", "ali", 403),
    ("GET", "/api/ali/tasks", "ali", 200),
    ("GET", "/api/ali/tasks/9", "ali", 404),
    ("POST", "/api/ali/tasks", "ali", 415),
    ("POST", "/api/ali/chat/stream", "ali", 200),
    ("POST", "/api/ali/chatkit", "ali", 422),
    ("POST", "/api/ali/chat", "ali", 429),
    ("GET", "/api/ali/conversations/none/stream", "ali", 404),
    ("POST", "/mcp", "nobody", 401),
    ("GET", "/mcp", "ali", 405),
    ("OPTIONS", "/api/ali/chat", "nobody", 204),
]
BODIES = {"/api/ali/chat/stream": b'{"message": "salam"}', "/api/ali/chat": b'{"message": "salam"}'}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    settings = {"CORS_ORIGINS": f"{ORIGIN}, https://other.example:8443", "RATE_LIMIT": "1/hour"}
    with serving(tmp_path_factory.mktemp("origins"), **settings) as started:
        yield started


def asked(service: Service, method: str, path: str, who: str = "nobody", **headers: str) -> tuple[int, dict[str, str]]:
    """The status and headers as they come over the wire; a header that is sent twice is a fault."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    body = BODIES.get(path) or (b"{}" if path.endswith("chatkit") else b"x" if method == "POST" else b"")
    if path.endswith(("chat", "stream", "chatkit")) and body:
        told["Content-Type"] = "application/json"
    if who != "nobody":
        told["Authorization"] = service.client(who).http.headers["authorization"]
    connection = HTTPConnection(service.address.removeprefix("http://"), timeout=20)
    connection.request(method, path, body=body if method != "OPTIONS" else None, headers=told)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    names = [name.lower() for name, _ in answer.getheaders()]
    assert len(names) == len(set(names)), names
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


@pytest.mark.parametrize(("method", "path", "who", "status"), ANSWERS)
@pytest.mark.parametrize("origin", [ORIGIN, "https://evil.example", None])
def test_every_answer_is_safe_and_names_what_it_depends_on(
    service: Service, method: str, path: str, who: str, status: int, origin: str | None
) -> None:
    sent = {"Origin": origin} if origin else {}
    sent |= {"Access-Control-Request-Method": "POST"} if method == "OPTIONS" else {}
    told, headers = asked(service, method, path, who, **sent)
    if method == "OPTIONS" and origin != ORIGIN:
        status = 400 if origin else told
    if path == "/mcp" and origin == "https://evil.example" and method == "POST":
        status = 403
    if path == "/api/ali/chat/stream" and told == 429:
        status = 429  # the one turn of the hour was held already
    assert told == status
    assert SAFE.items() <= headers.items()
    assert "'unsafe" not in headers["content-security-policy"]
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "Origin" in headers["vary"]
    assert headers.get("access-control-allow-origin") == (ORIGIN if origin == ORIGIN else None)
    assert "access-control-allow-credentials" not in headers
    assert "server" not in headers
    if path.startswith("/api/"):
        assert headers.get("cache-control", "no-store") in ("no-store", "no-cache")


@pytest.mark.parametrize("path", ["/api/ali/chat", "/api/ali/chatkit", "/mcp", "/api/ali/tasks/1", "/nowhere"])
def test_a_preflight_allows_exactly_what_is_used(service: Service, path: str) -> None:
    wanted = "authorization, content-type, idempotency-key, last-event-id, x-request-id, mcp-protocol-version"
    for method in ("GET", "POST", "PATCH", "DELETE"):
        sent = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": wanted}
        status, headers = asked(service, "OPTIONS", path, Origin=ORIGIN, **sent)
        assert (status, headers["access-control-allow-origin"]) == (204, ORIGIN)
        assert set(headers["access-control-allow-methods"].replace(" ", "").split(",")) == {
            *("GET", "POST", "PATCH", "DELETE")
        }
        assert set(wanted.split(", ")) <= set(headers["access-control-allow-headers"].lower().split(", "))
        assert "*" not in headers["access-control-allow-headers"]
        assert int(headers["access-control-max-age"]) > 0


@pytest.mark.parametrize(
    "sent",
    [
        {"Access-Control-Request-Method": "PUT"},
        {"Access-Control-Request-Method": "TRACE"},
        {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-forwarded-for"},
        {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, cookie"},
    ],
)
def test_a_preflight_for_more_is_refused(service: Service, sent: dict[str, str]) -> None:
    status, headers = asked(service, "OPTIONS", "/api/ali/chat", Origin=ORIGIN, **sent)
    assert status == 400
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_origin_may_read_nothing(service: Service, origin: str) -> None:
    for method, path in (("GET", "/api/health"), ("OPTIONS", "/api/ali/chat"), ("OPTIONS", "/mcp")):
        sent = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        _, headers = asked(service, method, path, **sent)
        assert "access-control-allow-origin" not in headers, (method, path)


def test_each_named_origin_is_let_in(service: Service) -> None:
    for origin in (ORIGIN, "https://other.example:8443"):
        _, headers = asked(service, "GET", "/api/health", Origin=origin)
        assert headers["access-control-allow-origin"] == origin


def test_the_limits_can_be_read_by_a_page_of_another_origin(service: Service) -> None:
    _, headers = asked(service, "GET", "/api/health", Origin=ORIGIN)
    exposed = set(headers["access-control-expose-headers"].lower().split(", "))
    assert {"ratelimit", "ratelimit-policy", "retry-after"} <= exposed


def test_over_https_it_stays_https(service: Service) -> None:
    _, plain = asked(service, "GET", "/api/health")
    _, secure = asked(service, "GET", "/api/health", X_Forwarded_Proto="https")
    assert ("strict-transport-security" in plain, "strict-transport-security" in secure) == (False, True)


def test_without_origins_nobody_from_elsewhere_is_let_in(tmp_path_factory: pytest.TempPathFactory) -> None:
    with serving(tmp_path_factory.mktemp("closed")) as closed:
        status, headers = asked(closed, "GET", "/api/health", Origin=ORIGIN)
        assert (status, "access-control-allow-origin" in headers) == (200, False)
        assert SAFE.items() <= headers.items()
