"""What an operator sees of the real process: request ids, the log, /metrics, traces; and nothing of what people say."""

import http.server
import json
import re
import socket
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.doubles.openai_server import Call, Refuse, ScriptedModel, running
from tests.e2e.chatkit import said as said_to_chatkit
from tests.e2e.process import Service, UserClient, serving
from tests.security.forge import hs256

KEY = "sk-never-in-a-log"
SECRET = "a secret of thirty-two bytes, or a few more"
USER = "ali.raza@example.com"
TITLE = "dil ke doctor ko dikhana"
SCRAPER = "a token for the scraper alone"
SCRAPE = {"Authorization": f"Bearer {SCRAPER}"}
PEOPLE = (
    KEY,
    SECRET,
    SCRAPER,
    USER,
    "ali.raza",
    "dil ke",
    "doctor",
    "private",
    "secret of",
    "Bearer",
    "eyJ",
    "Traceback",
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], str]:
    """The log of a full run, as its lines and as it was written."""
    folder = tmp_path_factory.mktemp("told")
    with running(ScriptedModel()) as model, (folder / "log").open("wb") as log:
        settings = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": model.base_url, "JWT_SECRET_KEY": SECRET}
        with serving(folder / "data", log, **settings, METRICS_TOKEN=SCRAPER) as service:
            live_a_day(service, service.client(USER), model, folder / "data" / "munshi.sqlite3")
    written = (folder / "log").read_text()
    return [json.loads(line) for line in written.splitlines()], written


def live_a_day(service: Service, user: UserClient, model: ScriptedModel, database: Path) -> None:
    """Turns, tools, wrong requests, bad tokens, a model that fails, a slow database, and a fault of ours."""
    said = f"{TITLE} add karo, private"
    model.rounds += [[Call("add_task", {"title": TITLE})], "Theek hai, 'dil ke doctor ko dikhana' add ho gaya."]
    user.post("chat", {"message": said}, **{"x-request-id": "turn-1"})
    model.rounds += [[Call("list_tasks", {"search": "doctor"})], "dil ke doctor ko dikhana"]
    user.stream("doctor wala dikhao")
    model.rounds += [Refuse(400)] * 3
    assert user.post("chat", {"message": said}, **{"x-request-id": "model-down"}).status_code == 503
    model.rounds += [Refuse(400)] * 3
    user.post("chat/stream", {"message": said}, **{"x-request-id": "model-down-stream"})
    model.rounds += [Refuse(400)] * 3
    create = {"type": "threads.create", "params": {"input": said_to_chatkit(said)}}
    user.post("chatkit", create, **{"x-request-id": "model-down-chatkit"})
    user.get("tasks", search="private doctor")
    user.post("tasks", {"title": TITLE, "priority": "private"})
    user.http.post(f"/api/{USER}/chat", content=b'{"message": "private')
    user.get("conversations/private")
    for token in (hs256().claiming(sub=USER), "eyJ.private.x", SECRET):
        httpx2.get(f"{service.address}/api/{USER}/tasks", headers={"Authorization": f"Bearer {token}"})
    for path in ("/private/doctor", "/api/bano/tasks?search=doctor", "/metrics", "/mcp"):
        user.http.get(path)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        hold(other, lambda: user.post("tasks", {"title": TITLE}, **{"x-request-id": "slow-1"}))
        other.execute("CREATE TRIGGER no BEFORE INSERT ON tasks BEGIN SELECT RAISE(ABORT, 'private'); END")
        broken = user.post("tasks", {"title": TITLE}, **{"x-request-id": "fault-1"})
    assert (broken.status_code, broken.json()["code"]) == (500, "internal")
    assert broken.headers["x-request-id"] == "fault-1"
    assert not [word for word in (*PEOPLE[:2], "RAISE", "INSERT", "private") if word in broken.text]


def hold(database: sqlite3.Connection, ask: Any) -> None:
    """Ask while the database is locked for longer than a unit of work should take."""
    database.execute("BEGIN IMMEDIATE")
    asking = threading.Thread(target=ask)
    asking.start()
    asking.join(0.5)
    database.execute("ROLLBACK")
    asking.join()


def test_the_log_holds_nothing_that_people_say_or_keep_secret(told: tuple[list[dict[str, Any]], str]) -> None:
    _, written = told
    assert not [word for word in PEOPLE if word in written]


def test_every_line_of_a_request_bears_its_id(told: tuple[list[dict[str, Any]], str]) -> None:
    lines, _ = told
    assert lines
    assert all({"event", "level", "timestamp", "request_id"} <= set(line) for line in lines)
    assert {"turn-1", "model-down", "slow-1", "fault-1"} <= {line["request_id"] for line in lines}


def test_a_request_is_one_line_with_its_route_and_never_its_path(told: tuple[list[dict[str, Any]], str]) -> None:
    requests = [line for line in told[0] if line["event"] == "request"]
    assert len({line["request_id"] for line in requests}) == len(requests)
    first = next(line for line in requests if line["request_id"] == "turn-1")
    assert (first["method"], first["route"], first["status"]) == ("POST", "/api/{user_id}/chat", 200)
    lost = {(line["route"], line["status"], line.get("code")) for line in requests}
    assert {("unknown", 404, "not_found"), ("/api/{user_id}/tasks", 401, "unauthenticated")} <= lost


def test_a_fault_of_ours_is_told_by_its_type_and_place(told: tuple[list[dict[str, Any]], str]) -> None:
    fault = next(line for line in told[0] if line["event"] == "unexpected error")
    assert (fault["request_id"], fault["level"]) == ("fault-1", "error")
    assert "IntegrityError" in (fault["error"], fault.get("cause"))
    assert re.fullmatch(r"adapters/storage/sql/\w+\.py:\d+ in \w+", fault["at"])


def test_a_slow_operation_is_told_with_its_time(told: tuple[list[dict[str, Any]], str]) -> None:
    slow = [line for line in told[0] if line["event"] == "slow operation" and line["request_id"] == "slow-1"]
    assert [line["operation"] for line in slow] == ["storage"]
    assert slow[0]["seconds"] >= 0.2


@pytest.mark.parametrize("request_id", ["model-down", "model-down-stream", "model-down-chatkit"])
def test_a_failing_model_is_told_once(told: tuple[list[dict[str, Any]], str], request_id: str) -> None:
    ours = [line for line in told[0] if line["request_id"] == request_id and line.get("logger") != "openai.agents"]
    assert [line["event"] for line in ours if line["event"] != "request"] == [
        "the model's service answered 400",
        "a turn failed: assistant_unavailable",
    ]
    (request,) = [line for line in ours if line["event"] == "request"]
    assert (request["code"], request["level"]) == ("assistant_unavailable", "warning")


@pytest.mark.parametrize("path", ["/", "/api/health", "/nowhere", "/api/x/tasks", "/schema", "/mcp", "/page/none"])
def test_every_answer_bears_a_request_id(service: Service, path: str) -> None:
    own = httpx2.get(f"{service.address}{path}", headers={"X-Request-ID": "abc.1:2_3-4"})
    assert own.headers.get_list("x-request-id") == ["abc.1:2_3-4"]
    made = [httpx2.get(f"{service.address}{path}").headers["x-request-id"] for _ in range(2)]
    assert made[0] != made[1]


@pytest.mark.parametrize("route", ["chat", "chat/stream", "chatkit", "tasks"])
def test_answers_to_posts_bear_it_too(newcomer: UserClient, route: str) -> None:
    newcomer.http.timeout = 60  # ChatKit's package is imported when it is first asked
    body = {"message": "salam", "title": "x", "type": "threads.list", "params": {}}
    assert newcomer.post(route, body, **{"x-request-id": "mine"}).headers["x-request-id"] == "mine"


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, 'a"b', "ä".encode().decode("latin-1")])
def test_a_name_that_is_not_sane_is_not_taken(service: Service, name: str) -> None:
    answer = httpx2.get(f"{service.address}/api/health", headers={"X-Request-ID": name.encode("latin-1")})
    assert re.fullmatch("[0-9a-f]{12}-[0-9a-f]+", answer.headers["x-request-id"])


def test_a_preflight_exposes_the_id(tmp_path: Path) -> None:
    origin = "https://app.example"
    with serving(tmp_path, CORS_ORIGINS=origin) as service:
        answer = httpx2.get(f"{service.address}/api/health", headers={"Origin": origin})
    assert "x-request-id" in answer.headers["access-control-expose-headers"]


def test_a_log_that_nobody_reads_holds_up_nothing(tmp_path: Path) -> None:
    with serving(tmp_path, subprocess.PIPE) as service, httpx2.Client(base_url=service.address) as client:
        # Over 100 KB of lines: more than a pipe takes.
        assert {client.get("/api/health").status_code for _ in range(700)} == {200}


def test_a_quiet_level_tells_no_ordinary_request(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log, serving(tmp_path, log, LOG_LEVEL="warning") as service:
        assert httpx2.get(f"{service.address}/api/health").status_code == 200
    assert (tmp_path / "log").read_bytes() == b""


def test_who_goes_away_in_the_middle_of_a_body_is_no_fault_of_ours(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log, serving(tmp_path / "data", log) as service:
        host, _, port = service.address.removeprefix("http://").partition(":")
        user = service.client("ali")
        headers = ("Host: x", f"Authorization: {user.http.headers['authorization']}", "Content-Type: application/json")
        head = ("POST /api/ali/chat HTTP/1.1", *headers, "Content-Length: 99", "X-Request-ID: half", "", "{")
        with socket.create_connection((host, int(port))) as client:
            client.sendall("\r\n".join(head).encode())
        user.titles()
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [(line["level"], line["status"]) for line in lines if line.get("request_id") == "half"] == [("info", 400)]


def test_metrics_are_for_the_scraper_alone(told: tuple[list[dict[str, Any]], str], service: Service) -> None:
    assert httpx2.get(f"{service.address}/metrics", headers=SCRAPE).status_code == 404
    assert ("/metrics", 401) in {(line.get("route"), line.get("status")) for line in told[0]}


def test_metrics_count_what_happens_under_bounded_names(tmp_path: Path) -> None:
    with serving(tmp_path, METRICS_TOKEN=SCRAPER) as service:
        user = service.client(USER)
        user.chat("doodh lana add karo")
        user.stream("task 9 delete kar do")
        with closing(sqlite3.connect(tmp_path / "munshi.sqlite3", isolation_level=None)) as other:
            other.execute("CREATE TRIGGER no BEFORE INSERT ON tasks BEGIN SELECT RAISE(ABORT, 'no'); END")
        assert user.stream("chai add karo")[-1][0] == "error"
        for number in range(20):
            user.http.get(f"/{number}/doctor")
            user.http.request(f"ODD{number}", "/api/health")
        told = httpx2.get(f"{service.address}/metrics", headers=SCRAPE).text
    values = dict(re.findall(r"^(munshi_\S+?(?:\{.*?\})?) (\S+)$", told, re.MULTILINE))
    assert values['munshi_turns_total{assistant="offline",status="completed"}'] == "2.0"
    assert values['munshi_turn_seconds_count{assistant="offline"}'] == "3.0"
    assert values['munshi_first_token_seconds_count{assistant="offline"}'] == "2.0"
    assert values['munshi_tool_calls_total{outcome="ok",tool="add_task"}'] == "1.0"
    assert values['munshi_requests_total{method="GET",route="unknown",status="404"}'] == "20.0"
    assert values['munshi_errors_total{code="not_found"}'] == "20.0"
    assert values['munshi_errors_total{code="internal"}'] == "1.0"
    assert values['munshi_open{kind="stream"}'] == "0.0"
    assert float(values["munshi_storage_wait_seconds_count"]) > 0
    assert values['munshi_storage_open{state="working"}'] == "0.0"
    assert len({name for name in values if name.startswith("munshi_requests_total")}) <= 5
    assert USER not in told


@contextmanager
def collecting() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """A collector that speaks OTLP/HTTP, and what it was sent."""
    got: list[ExportTraceServiceRequest] = []

    class Collector(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}", got
        server.shutdown()


def test_a_turn_is_traced_from_the_request_to_the_unit_of_work_without_a_word(tmp_path: Path) -> None:
    with running(ScriptedModel()) as model, collecting() as (endpoint, got):
        model.rounds += [[Call("add_task", {"title": TITLE})], "'dil ke doctor ko dikhana' add ho gaya."]
        settings = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": model.base_url, "JWT_SECRET_KEY": SECRET}
        with serving(tmp_path, **settings, OTEL_EXPORTER_OTLP_ENDPOINT=endpoint) as service:
            user = service.client(USER)
            user.chat(f"{TITLE} add karo")
            user.get("tasks", search="private doctor")
            user.http.get("/private/doctor")
    spans = [
        span
        for sent in got
        for resource in sent.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    names = {span.span_id: span.name for span in spans}
    trees = {(names.get(span.parent_span_id, ""), span.name) for span in spans}
    turn = "turn openai"
    assert {("", "POST /api/{user_id}/chat"), ("POST /api/{user_id}/chat", turn), ("", "GET unknown")} <= trees
    assert {(turn, "model gpt-4-turbo"), (turn, "tool add_task")} <= trees
    assert any(parent == "tool add_task" and name.startswith("storage ") for parent, name in trees)
    assert not [word for word in PEOPLE for sent in got if word in str(sent)]


def test_a_collector_that_is_down_costs_one_warning(tmp_path: Path) -> None:
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_BSP_SCHEDULE_DELAY": "50"}
    with (tmp_path / "log").open("wb") as log, serving(tmp_path, log, **settings) as service:
        user = service.client(USER)
        for _ in range(5):
            user.chat("doodh lana add karo")
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [line["logger"] for line in lines if "collector" in line["event"]] == ["adapters.observing.traces"]
    assert not [line for line in lines if line.get("logger", "").startswith("opentelemetry")]
