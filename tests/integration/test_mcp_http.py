"""POST /mcp below the protocol: tokens, origins and bodies, in the real process."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import httpx2
import mcp_types as wire
import pytest
from jose import jwt
from tests.e2e.process import Service, environment, serving

from entrypoints.settings import read_settings
from entrypoints.wiring import secret_of

FRIEND = "https://app.example"
GUESTS = count(1)
ACCEPT = {"Accept": "application/json, text/event-stream"}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
DEEP = b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {"a": ' + b"[" * 5000 + b"]" * 5000 + b"}}"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("mcp"), CORS_ORIGINS=FRIEND) as started:
        yield started


@pytest.fixture
def guest(service: Service) -> httpx2.Client:
    """Somebody with a good token."""
    return service.client(f"guest-{next(GUESTS)}").http


def expired_token(service: Service) -> str:
    settings = read_settings(environment(service.data_dir, service.settings))
    ended = datetime.now(UTC) - timedelta(minutes=5)
    return jwt.encode({"sub": "ali", "exp": ended}, secret_of(settings), algorithm="HS256")


@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer x.y.z", "Basic YTpi", "expired", "other key"])
def test_without_a_good_token_nothing_is_answered(service: Service, given: str | None) -> None:
    headers = ACCEPT if given is None else {**ACCEPT, "Authorization": given}
    if given == "expired":
        headers["Authorization"] = f"Bearer {expired_token(service)}"
    if given == "other key":
        head, body, signature = service.client("ali").http.headers["authorization"].split(".")
        headers["Authorization"] = f"{head}.{body}.{signature[::-1]}"
    answer = httpx2.post(f"{service.address}/mcp", json=PING, headers=headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "unauthenticated"


@pytest.mark.parametrize("foreign", ["https://evil.example", "null", "http://127.0.0.1:1", "https://app.example.evil"])
def test_a_foreign_origin_is_refused(guest: httpx2.Client, foreign: str) -> None:
    answer = guest.post("/mcp", json=PING, headers={**ACCEPT, "Origin": foreign})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_a_name_pointed_at_this_machine_is_refused(guest: httpx2.Client) -> None:
    rebound = {"Origin": "http://evil.example", "Host": "evil.example"}
    assert guest.post("/mcp", json=PING, headers={**ACCEPT, **rebound}).status_code == 403


def test_ones_own_origin_and_the_configured_ones_may_call(service: Service, guest: httpx2.Client) -> None:
    for origin in (service.address, FRIEND):
        assert guest.post("/mcp", json=PING, headers={**ACCEPT, "Origin": origin}).json() == {
            "jsonrpc": "2.0",
            "id": 1,
            "result": {},
        }
    wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "mcp-protocol-version"}
    preflight = guest.options("/mcp", headers={"Origin": FRIEND, **wanted})
    assert "mcp-protocol-version" in preflight.headers["access-control-allow-headers"]


@pytest.mark.parametrize(
    ("body", "media_type", "status", "code"),
    [
        (b"{", "application/json", 400, "malformed_json"),
        (b"", "application/json", 400, "malformed_json"),
        (DEEP, "application/json", 400, "malformed_json"),
        (b'{"a": 1}', "application/json", 422, "invalid"),
        (b'[{"jsonrpc": "2.0", "id": 1, "method": "ping"}]', "application/json", 422, "invalid"),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": [1]}', "application/json", 422, "invalid"),
        (b"a=1", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b"{}", "application/x+json", 415, "unsupported_media_type"),
        (b'"' + b"a" * 300_000 + b'"', "application/json", 413, "too_large"),
    ],
)
def test_a_broken_body_is_a_problem(guest: httpx2.Client, body: bytes, media_type: str, status: int, code: str) -> None:
    headers = {**ACCEPT, "Content-Type": media_type}
    answer = guest.post("/mcp", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "pydantic" not in answer.text


def test_there_are_no_sessions_to_listen_to_or_to_end(guest: httpx2.Client) -> None:
    for method in ("GET", "DELETE"):
        answer = guest.request(method, "/mcp", headers=ACCEPT)
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
        assert "POST" in answer.headers["allow"]
    listening = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "subscriptions/listen",
        "params": {
            "notifications": {},
            "_meta": {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
            },
        },
    }
    modern = {**ACCEPT, "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "subscriptions/listen"}
    assert guest.post("/mcp", json=listening, headers=modern).json()["error"]["code"] == wire.METHOD_NOT_FOUND
