"""What keeps one caller from taking the service from the others: rates, streams, sizes; over the real process."""

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.doubles.openai_server import Say, ScriptedModel, running
from tests.e2e.process import NO_TLS, Service, UserClient, serving

JSON = {"content-type": "application/json"}
SECRET = "a secret of thirty-two bytes, or a few more"
SALAM = {"message": "salam"}
LIMIT_HEADERS = {"ratelimit", "ratelimit-policy"}
DEPTHS = (150, 990, 1000, 5000, 100_000)


def limited(answer: httpx2.Response, policy: str) -> bool:
    """Whether it is a 429 of this policy, with all that a client needs to wait; else it must have gone well."""
    if answer.status_code != 429:
        return False
    assert (answer.headers["content-type"], answer.json()["code"]) == ("application/problem+json", "rate_limited")
    assert answer.headers["ratelimit"].startswith(f'"{policy}";r=0;t=')
    assert answer.headers["ratelimit-policy"].startswith(f'"{policy}";q=')
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    return True


def until(told: Callable[[], bool]) -> None:
    while not told():
        time.sleep(0.02)


def from_address(service: Service, address: str, **headers: str) -> httpx2.Response:
    """A request without a token, which a proxy on this machine passes on for an address."""
    return httpx2.get(
        f"{service.address}/api/ali/tasks", headers={"X-Forwarded-For": address, **headers}, verify=NO_TLS
    )


# Addresses


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("guarded"), ADDRESS_RATE_LIMIT="3/minute") as service:
        yield service


def test_an_address_is_limited_before_anybody_is_known(guarded: Service) -> None:
    told = [from_address(guarded, "203.0.113.1") for _ in range(5)]
    assert [answer.status_code for answer in told] == [401, 401, 401, 429, 429]
    assert limited(told[-1], "address")
    assert from_address(guarded, "203.0.113.2").status_code == 401


@pytest.mark.parametrize(
    ("first", "alike", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:3::1"),
        ("::ffff:203.0.113.9", "203.0.113.9", "::ffff:203.0.113.10"),
        ("[2001:db8:9::1]:5000", "2001:db8:9::2", "2001:db8:9:1::2"),
    ],
)
def test_who_owns_a_network_is_one_address(guarded: Service, first: str, alike: str, other: str) -> None:
    told = [from_address(guarded, address).status_code for address in (first, alike, first, alike)]
    assert told == [401, 401, 401, 429]
    assert from_address(guarded, other).status_code == 401


def test_the_last_address_that_no_proxy_of_ours_wrote_counts(guarded: Service) -> None:
    told = [from_address(guarded, f"198.51.100.{number}, 203.0.113.77") for number in range(4)]
    assert [answer.status_code for answer in told] == [401, 401, 401, 429]


def test_good_tokens_count_too_and_whatever_is_asked_for(tmp_path: Path) -> None:
    asked = [("GET", "/api/ali/tasks"), ("GET", "/"), ("POST", "/mcp"), ("GET", "/schema"), ("GET", "/api/health")]
    with serving(tmp_path, ADDRESS_RATE_LIMIT="4/minute", FORWARDED_ALLOW_IPS="none") as service:
        ali = service.client("ali")
        told = [ali.http.request(*how, headers={"X-Forwarded-For": f"203.0.113.{len(how[1])}"}) for how in asked]
    assert [answer.status_code for answer in told] == [200, 200, 415, 200, 429]
    assert limited(told[-1], "address")


def test_this_machine_is_not_limited_unless_that_is_asked_for(newcomer: UserClient) -> None:
    assert {newcomer.get("tasks").status_code for _ in range(620)} == {200}


# Turns of a user


def test_a_known_key_is_answered_again_whatever_the_limit(tmp_path: Path) -> None:
    with serving(tmp_path, RATE_LIMIT="2/minute") as service:
        ali, key = service.client("ali"), {"Idempotency-Key": "once"}
        first = ali.post("chat", {"message": "doodh add karo"}, **key)
        again = [ali.post("chat", {"message": "doodh add karo"}, **key) for _ in range(4)]
        assert [answer.json() for answer in again] == [first.json()] * 4
        assert again[-1].headers["ratelimit"] == first.headers["ratelimit"]
        assert ali.post("chat", SALAM).status_code == 200
        assert limited(ali.post("chat", SALAM), "chat")
        assert limited(ali.post("chat", SALAM, **{"Idempotency-Key": "new"}), "chat")
        assert limited(ali.post("chat", SALAM, **{"Idempotency-Key": "x" * 129}), "chat")
        assert ali.post("chat", {"message": "doodh add karo"}, **key).json() == first.json()
        assert ali.post("chat/stream", {"message": "doodh add karo"}, **key).status_code == 200
        assert limited(service.client("ali").post("chat", SALAM), "chat")
        assert not limited(service.client("bano").post("chat", SALAM, **key), "chat")
        assert ali.titles() == ["doodh"]


def test_every_answer_of_the_chat_tells_what_is_left(newcomer: UserClient) -> None:
    body = {"type": "threads.create", "params": {"input": {"content": [{"type": "input_text", "text": "salam"}]}}}
    body["params"]["input"] |= {"attachments": [], "inference_options": {}}  # type: ignore[index]
    for path, asked in (("chat", SALAM), ("chat/stream", SALAM), ("chatkit", body)):
        answer = newcomer.post(path, asked)
        assert (answer.status_code, set(answer.headers) >= LIMIT_HEADERS) == (200, True), (path, answer.text)


# Redis


@contextmanager
def redis_server(port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Redis of the test's own, killed at the end if it was not before."""
    command = ["redis-server", "--port", str(port), "--save", "", "--dir", str(folder), "--bind", "127.0.0.1"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        until(lambda: answers(port))
        yield process
    finally:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def turns_let_through(user: UserClient, count: int) -> int:
    return sum(not limited(user.post("chat", SALAM), "chat") for _ in range(count))


def test_two_processes_share_a_limit(tmp_path: Path, redis_url: str) -> None:
    settings = {"REDIS_URL": redis_url, "RATE_LIMIT": "7/minute", "JWT_SECRET_KEY": SECRET}
    user = f"shared-{os.getpid()}-{time.time_ns()}"
    with serving(tmp_path / "one", **settings) as one, serving(tmp_path / "two", **settings) as two:
        clients = [one.client(user), two.client(user)]
        told = [clients[number % 2].post("chat", SALAM) for number in range(10)]
    assert [limited(answer, "chat") for answer in told] == [False] * 7 + [True] * 3
    left = [answer.headers["ratelimit"].split(";")[1] for answer in told]
    assert left == ["r=6", "r=5", "r=4", "r=3", "r=2", "r=1", "r=0", "r=0", "r=0", "r=0"]


def test_two_processes_share_the_limit_of_an_address(tmp_path: Path, redis_url: str) -> None:
    address = f"2001:db8:{time.time_ns() % 65536:x}:{os.getpid() % 65536:x}::1"
    settings = {"REDIS_URL": redis_url, "ADDRESS_RATE_LIMIT": "3/minute", "JWT_SECRET_KEY": SECRET}
    with serving(tmp_path / "one", **settings) as one, serving(tmp_path / "two", **settings) as two:
        told = [from_address((one, two)[number % 2], address).status_code for number in range(5)]
    assert told == [401, 401, 401, 429, 429]


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="there is no redis-server to start and kill")
def test_redis_may_be_away_and_comes_back(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    settings = {"REDIS_URL": f"redis://:@127.0.0.1:{port}/3", "RATE_LIMIT": "5/minute", "JWT_SECRET_KEY": SECRET}
    with ExitStack() as stack:
        # Away at the start: each process counts by itself.
        one, two = (stack.enter_context(serving(tmp_path / name, **settings)) for name in ("one", "two"))
        assert [turns_let_through(process.client("early"), 7) for process in (one, two)] == [5, 5]
        with redis_server(port, tmp_path) as redis:
            until(lambda: _is_shared(one, two))
            ali = one.client("ali")
            assert turns_let_through(ali, 3) == 3
            assert turns_let_through(two.client("ali"), 7) == 2
            # Killed in the middle of use: nobody is refused or kept waiting because of it.
            redis.send_signal(signal.SIGKILL)
            redis.wait()
            assert turns_let_through(ali, 7) == 5
        # One that takes connections and never answers is as absent.
        with socket.create_server(("127.0.0.1", port)):
            assert turns_let_through(one.client("bano"), 7) == 5
        with redis_server(port, tmp_path):
            until(lambda: _is_shared(one, two))
    told = capfd.readouterr().err
    assert told.count("Redis does not answer") == 3, told  # each once, and one of them again
    assert "Traceback" not in told


def _is_shared(one: Service, two: Service) -> bool:
    user = f"probe-{time.time_ns()}"
    counts = [turns_let_through(process.client(user), 5) for process in (one, two)]
    return counts == [5, 0]


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="there is no redis-server to start and stop")
def test_a_redis_that_hangs_is_waited_for_once(tmp_path: Path) -> None:
    port = free_port()
    with redis_server(port, tmp_path) as redis, serving(tmp_path, REDIS_URL=f"redis://127.0.0.1:{port}") as service:
        ali = service.client("ali")
        ali.chat("salam")
        redis.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        ali.chat("salam")
        first = time.monotonic() - began
        began = time.monotonic()
        for _ in range(10):
            ali.chat("salam")
        assert time.monotonic() - began < first * 10
        redis.send_signal(signal.SIGCONT)


# Streams


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    with running(ScriptedModel()) as scripted:
        yield scripted


@pytest.fixture(scope="module")
def talking(tmp_path_factory: pytest.TempPathFactory, model: ScriptedModel) -> Iterator[Service]:
    settings = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": model.base_url, "RATE_LIMIT": "10000/minute"}
    with serving(tmp_path_factory.mktemp("streams"), **settings) as started:
        yield started


def test_a_user_has_so_many_streams_open_and_no_more(talking: Service, model: ScriptedModel) -> None:
    user, path = talking.client("many-streams"), "/api/many-streams/conversations/c/stream"
    model.rounds[:] = [lambda _: Say("Ek minute", "silence")]
    thread = threading.Thread(target=user.post, args=("chat", {"message": "salam", "conversation_id": "c"}))
    thread.start()
    until(lambda: user.get("conversations/c/messages").status_code == 200)
    with ExitStack() as stack:
        opened = [stack.enter_context(user.http.stream("GET", path)) for _ in range(20)]
        assert {answer.status_code for answer in opened} == {200}
        for request in (user.get("conversations/c/stream"), user.post("chat/stream", SALAM)):
            assert limited(request, "streams")
        assert limited(user.post("chatkit", {"type": "threads.list", "params": {}}), "streams")
        assert user.get("tasks").status_code == 200
        other = talking.client("another")
        assert other.get("conversations/c/stream").status_code == 404
    # All went away without a word: their places are free again.
    until(lambda: user.get("conversations/d/stream").status_code == 404)
    with ExitStack() as stack:
        until(lambda: len(_opened(stack, user, path)) == 20)
        user.post("conversations/c/stop")
    thread.join()


def _opened(stack: ExitStack, user: UserClient, path: str, most: int = 20) -> list[httpx2.Response]:
    """As many streams as can be opened; when not all can, those that could are closed again."""
    tried = ExitStack()
    opened = [tried.enter_context(user.http.stream("GET", path)) for _ in range(most)]
    good = [answer for answer in opened if answer.status_code == 200]
    (stack.push(tried.pop_all()) if len(good) == most else tried.close())
    return good


def test_refused_and_failed_streams_leave_their_place(talking: Service, model: ScriptedModel) -> None:
    user = talking.client("failing-streams")
    for body, status in (({"message": ""}, 422), ({"message": "x", "conversation_id": 9}, 404), (SALAM, 200)):
        for _ in range(21):
            model.rounds[:] = ["Ji?"]
            assert user.post("chat/stream", body).status_code == status
    stranger = talking.client("stranger")
    for _ in range(21):
        assert stranger.http.get("/api/failing-streams/conversations/c/stream").status_code == 403
    assert user.post("chat/stream", {"message": ""}).status_code == 422


# Sizes


def raw(service: Service, *parts: bytes) -> bytes:
    """What comes back for bytes that are sent as they are, until the server closes or nothing more comes."""
    host, port = service.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        try:
            for part in parts:
                connection.sendall(part)
        except OSError:
            pass  # refused before everything was sent
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
                if b"\r\n\r\n" in answer and b"onnection: close" not in answer:
                    break
        except ConnectionResetError:
            pass
        return answer


def head(*lines: str) -> bytes:
    return "\r\n".join(["GET /api/health HTTP/1.1", "Host: munshi", *lines]).encode() + b"\r\n"


def endless(piece: bytes) -> list[bytes]:
    return [piece * 1024] * 400


@pytest.mark.parametrize(
    "parts",
    [
        [head("X-Long: " + "x" * 40_000), b"\r\n"],
        [head(*(f"X-{number}: y" for number in range(5000))), b"\r\n"],
        [head()[:-2] + b"\r\nX-Endless: ", *endless(b"x" * 50)],
        [head(), *endless(b"X-Many: y\r\n" * 5)],
        [b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: munshi\r\n\r\n"],
        [b"GET /", *endless(b"x" * 50)],
        [head("Transfer-Encoding: chunked"), b"\r\n1\r\nx\r\n0\r\nX-Trailer: ", *endless(b"x" * 50)],
        [head("Transfer-Encoding: chunked"), b"\r\n1;", *endless(b"x" * 50)],
    ],
    ids=["one", "many", "endless", "endlessly-many", "path", "endless-path", "trailer", "extension"],
)
def test_a_head_without_end_is_refused(service: Service, parts: list[bytes]) -> None:
    answer = raw(service, *parts)
    # A server that closes on a sender that does not listen may have its answer lost on the way.
    if answer:
        assert answer.startswith((b"HTTP/1.1 431 ", b"HTTP/1.1 200 ", b"HTTP/1.1 405 "))
        assert b"Traceback" not in answer
    assert httpx2.get(f"{service.address}/api/health", verify=NO_TLS).status_code == 200


def test_a_large_head_is_a_problem_with_all_headers(service: Service) -> None:
    answer = httpx2.get(f"{service.address}/api/health", headers={"x-long": "x" * 40_000}, verify=NO_TLS)
    assert (answer.status_code, answer.json()["code"]) == (431, "too_large")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert httpx2.get(f"{service.address}/api/health", headers={"x": "x" * 16_000}, verify=NO_TLS).status_code == 200


def test_what_is_no_http_is_a_problem_too(service: Service) -> None:
    answer = raw(service, b"salam munshi\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 Bad Request")
    assert json.loads(answer.rpartition(b"\r\n\r\n")[2])["code"] == "malformed_request"


def test_a_body_without_end_is_refused(newcomer: UserClient) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"message": "'
        for _ in range(100):
            yield b"x" * 10_000

    for path in ("chat", "chat/stream", "chatkit", "tasks"):
        answer = newcomer.http.post(f"/api/{newcomer.user}/{path}", content=pieces(), headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large"), path
    answer = newcomer.http.post("/mcp", content=pieces(), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert newcomer.get("conversations").json()["conversations"] == []


def nested(depth: int) -> dict[str, list[bytes]]:
    """Bodies with something nested so deep, by path."""
    deep, objects = b"[" * depth + b"]" * depth, b'{"a":' * depth + b"1" + b"}" * depth
    unknown = [b'{"message":"salam","x":%s}' % value for value in (deep, objects)]
    said = [b'{"message":%s}' % value for value in (deep, objects)]
    rpc = [b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":%s}}' % value for value in (deep, objects)]
    call = [
        b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"add_task","arguments":{"title":%s}}}' % deep
    ]
    kit = [b'{"type":"threads.list","params":{"metadata":%s}}' % value for value in (deep, objects)]
    action = b'{"type":"threads.custom_action","params":{"thread_id":"t","action":{"type":"x","payload":%s}}}' % deep
    return {
        "/api/{}/chat": [deep, objects, *unknown, *said],
        "/api/{}/chat/stream": unknown,
        "/api/{}/tasks": [b'{"title":%s}' % deep, b'{"title":"x","tags":%s}' % deep],
        "/api/{}/chatkit": [deep, *kit, action],
        "/mcp": [*rpc, *call],
    }


@pytest.mark.parametrize("depth", DEPTHS)
def test_no_depth_of_a_body_is_a_fault_of_ours(newcomer: UserClient, depth: int) -> None:
    for path, bodies in nested(depth).items():
        for body in bodies:
            headers = {**JSON, "accept": "application/json, text/event-stream"}
            answer = newcomer.http.post(path.format(newcomer.user), content=body, headers=headers)
            told = (answer.status_code, path, body[:80], answer.text[:300])
            assert answer.status_code < 500, told
            if depth >= 5000 and len(body) < 250_000:
                assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json"), told


def test_no_depth_in_a_query_or_a_header_is_a_fault_of_ours(newcomer: UserClient) -> None:
    deep = "[" * 1000 + "]" * 1000
    assert newcomer.get("tasks", search=deep, cursor=deep).status_code in (200, 422)
    assert newcomer.get("tasks", status=deep).status_code == 422
    assert newcomer.get("conversations", cursor=deep, limit=deep).status_code == 422
    for name in ("Idempotency-Key", "Last-Event-ID", "Accept", "Content-Type", "Mcp-Name", "X-Forwarded-For"):
        assert newcomer.post("chat", SALAM, **{name: deep}).status_code < 500, name
    assert newcomer.http.get("/api/a/tasks", headers={"authorization": f"Bearer {deep}"}).status_code == 401
