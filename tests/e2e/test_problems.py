"""Bad input gets a clear problem, and changes nothing."""

import base64
import gzip
from typing import Any

import httpx2
import pytest

from tests.e2e.process import Service, UserClient

JSON = {"content-type": "application/json"}
BODIES = [
    ("{", 400, "malformed_json", None),
    ("", 400, "malformed_json", None),
    ("[" * 5000, 400, "malformed_json", None),
    ('{"message": "\ud800"}'.encode(errors="surrogatepass"), 400, "malformed_json", None),
    ("{}", 422, "invalid", "message"),
    ('{"message": 5}', 422, "invalid", "message"),
    ('{"message": "  \\n "}', 422, "invalid", "message"),
    ('{"message": "' + "x" * 4001 + '"}', 422, "invalid", "message"),
    ('{"message": "hi", "conversation_id": 1.5}', 422, "invalid", "conversation_id"),
    ('{"message": "hi", "conversation_id": true}', 422, "invalid", "conversation_id"),
    ('{"message": "hi", "conversation_id": "a b"}', 422, "invalid", "conversation_id"),
    ('{"message": "hi", "conversation_id": "' + "x" * 65 + '"}', 422, "invalid", "conversation_id"),
    ('{"message": "hi", "conversation_id": 99}', 404, "not_found", None),
    ('{"message": "hi", "conversation_id": -1}', 404, "not_found", None),
    ('{"message": "hi", "conversation_id": 1000000000000000000000}', 404, "not_found", None),
    ('{"message": "hi", "timezone": "Mars/Olympus"}', 422, "invalid", "timezone"),
    ('{"message": "hi", "timezone": "../../etc/passwd"}', 422, "invalid", "timezone"),
    ('{"message": "' + "x" * 300_000 + '"}', 413, "too_large", None),
]


def assert_problem(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert {"type", "title", "detail", "instance"} <= set(problem)
    assert problem["detail"]
    return problem


@pytest.mark.parametrize(("body", "status", "code", "field"), BODIES)
@pytest.mark.parametrize("route", ["chat", "chat/stream"])
def test_a_body_that_does_not_fit_is_told_why(
    newcomer: UserClient, route: str, body: str | bytes, status: int, code: str, field: str | None
) -> None:
    answer = newcomer.http.post(f"/api/{newcomer.user}/{route}", content=body, headers=JSON)
    problem = assert_problem(answer, status, code)
    assert field is None or problem["errors"][0]["field"] == field
    assert newcomer.get("conversations").json()["conversations"] == []


def test_a_form_is_no_json(newcomer: UserClient) -> None:
    answer = newcomer.http.post(f"/api/{newcomer.user}/chat", data={"message": "hi"})
    assert_problem(answer, 415, "unsupported_media_type")


def test_a_body_that_is_compressed_is_refused_as_such(newcomer: UserClient) -> None:
    body = gzip.compress(b'{"message": "salam"}')
    answer = newcomer.http.post(f"/api/{newcomer.user}/chat", content=body, headers=JSON | {"content-encoding": "gzip"})
    assert "not compressed" in assert_problem(answer, 415, "unsupported_media_type")["detail"]


@pytest.mark.parametrize("sent", [{"title": "x", "priority": "HIGH"}, {"title": "x", "priority": ""}])
def test_a_word_that_is_none_of_a_few_is_told_with_the_few(newcomer: UserClient, sent: dict[str, str]) -> None:
    (error,) = assert_problem(newcomer.post("tasks", sent), 422, "invalid")["errors"]
    assert error == {"field": "priority", "message": "must be one of low, normal, high, urgent"}


@pytest.mark.parametrize("value", ["", "x" * 129, "a\tb"])
def test_an_idempotency_key_must_be_printable_and_short(newcomer: UserClient, value: str) -> None:
    answer = newcomer.post("chat", {"message": "salam"}, **{"Idempotency-Key": value})
    assert assert_problem(answer, 422, "invalid")["errors"][0]["field"] == "Idempotency-Key"


def test_of_two_idempotency_keys_none_is_taken(newcomer: UserClient) -> None:
    headers = [*newcomer.http.headers.multi_items(), ("idempotency-key", "a"), ("idempotency-key", "b")]
    answer = newcomer.http.post(f"/api/{newcomer.user}/chat", json={"message": "salam"}, headers=headers)
    assert assert_problem(answer, 422, "invalid")["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.parametrize(
    "headers",
    [{}, {"authorization": "Basic eDp5"}, {"authorization": "Bearer"}, {"authorization": "Bearer a.b.c"}],
)
def test_without_a_good_token_nobody_gets_in(service: Service, headers: dict[str, str]) -> None:
    answer = httpx2.post(f"{service.address}/api/ali/chat", content="{", headers=headers)
    assert_problem(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_two_authorization_headers_are_one_too_many(newcomer: UserClient) -> None:
    token = newcomer.http.headers["authorization"]
    answer = httpx2.get(
        f"{newcomer.http.base_url}/api/{newcomer.user}/tasks",
        headers=[("authorization", token), ("authorization", token)],
    )
    assert_problem(answer, 401, "unauthenticated")


@pytest.mark.parametrize("path", ["tasks", "tasks/1", "conversations", "conversations/1/messages"])
def test_another_users_path_is_forbidden(newcomer: UserClient, path: str) -> None:
    assert_problem(newcomer.http.get(f"/api/somebody-else/{path}"), 403, "forbidden")


def test_a_user_is_compared_exactly_after_one_decoding(service: Service) -> None:
    odd = service.client("auth0|Ali.5")
    assert odd.http.get("/api/auth0%7CAli.5/tasks").status_code == 200
    assert_problem(odd.http.get("/api/auth0%257CAli.5/tasks"), 403, "forbidden")
    assert_problem(odd.http.get("/api/auth0%7Cali.5/tasks"), 403, "forbidden")


ODD_NUMBERS = ("+1", "01", "1_0", "-1", "%201", "1%20", "%D9%A1", "1.0", "1e0", "1%00", "9" * 5000)


@pytest.mark.parametrize("number", ODD_NUMBERS)
def test_a_number_has_one_spelling(newcomer: UserClient, number: str) -> None:
    newcomer.post("tasks", {"title": "doodh"})
    assert_problem(newcomer.get(f"tasks/{number}"), 404, "not_found")


def test_the_word_null_is_a_word(newcomer: UserClient) -> None:
    newcomer.post("tasks", {"title": "doodh"})
    assert newcomer.get("tasks", search="null").json()["total"] == 0
    assert_problem(newcomer.get("tasks", priority="null"), 422, "invalid")
    turns = [newcomer.chat("anda add karo", **{"Idempotency-Key": "null"}) for _ in range(2)]
    assert turns[0] == turns[1]


def test_options_names_every_method_of_a_path(newcomer: UserClient) -> None:
    allowed = {
        path: newcomer.http.options(f"/api/{newcomer.user}/{path}").headers["allow"] for path in ("tasks", "undo")
    }
    assert allowed == {"tasks": "GET, HEAD, OPTIONS, POST", "undo": "OPTIONS, POST"}


@pytest.mark.parametrize("path", ["tasks/9", "tasks/0", "tasks/99999999999999999999999", "conversations/9/messages"])
def test_what_is_not_there_is_not_found(newcomer: UserClient, path: str) -> None:
    assert_problem(newcomer.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"limit": "1.0"}, "limit"),
        ({"limit": "+1"}, "limit"),
        ({"limit": ""}, "limit"),
        ({"status": "x"}, "status"),
        ({"priority": "x"}, "priority"),
        ({"sort": "x"}, "sort"),
        ({"due_before": "kabhi kabhi"}, "due_before"),
    ],
)
def test_a_wrong_filter_is_named(newcomer: UserClient, params: dict[str, str | int], field: str) -> None:
    problem = assert_problem(newcomer.get("tasks", **params), 422, "invalid")
    assert problem["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": " "}, "title"),
        ({"title": "x" * 256}, "title"),
        ({"title": "x", "due": "some day"}, "due"),
        ({"title": "x", "repeat": "FREQ=SECONDLY"}, "repeat"),
        ({"title": "x", "priority": "hot"}, "priority"),
        ({"title": "x", "tags": [""]}, "tags"),
        ({"title": "x", "user_id": "ali"}, "user_id"),
    ],
)
def test_a_task_that_breaks_a_rule_is_not_kept(newcomer: UserClient, body: dict[str, Any], field: str) -> None:
    problem = assert_problem(newcomer.post("tasks", body), 422, "invalid")
    assert problem["errors"][0]["field"] == field
    assert newcomer.titles() == []


@pytest.mark.parametrize("cursor", ["x", "MjAy", "é", "0" * 500])
def test_a_cursor_of_somebody_else_is_refused(newcomer: UserClient, cursor: str) -> None:
    problem = assert_problem(newcomer.get("conversations", cursor=cursor), 422, "invalid")
    assert problem["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize(
    "place",
    [
        "x",
        "[]",
        '{"sort":"created"}',
        '{"sort":"created","id":1.5}',
        '{"sort":"created","id":-1}',
        '{"sort":"created","id":9223372036854775808}',
        '{"sort":"due","id":1}',
        '{"sort":"created","id":1,"urgency":70000}',
        '{"sort":"created","id":1,"title":"\\u0000"}',
        '{"sort":"created","id":1,"at":"0001-01-01T00:00:00+14:00"}',
        '{"sort":"created","id":1,"deep":' + "[" * 3000 + "]" * 3000 + "}",
    ],
)
def test_a_made_up_cursor_of_tasks_is_refused(newcomer: UserClient, place: str) -> None:
    cursor = base64.urlsafe_b64encode(place.encode()).decode()
    problem = assert_problem(newcomer.get("tasks", cursor=cursor), 422, "invalid")
    assert problem["errors"][0]["field"] == "cursor"
    assert_problem(newcomer.get("tasks", cursor=place), 422, "invalid")


def test_nothing_to_undo_is_a_conflict(newcomer: UserClient) -> None:
    assert_problem(newcomer.post("undo"), 409, "nothing_to_undo")


def test_unknown_paths_and_methods_are_problems_too(service: Service) -> None:
    assert_problem(httpx2.get(f"{service.address}/nope"), 404, "not_found")
    wrong = httpx2.put(f"{service.address}/api/health")
    assert_problem(wrong, 405, "method_not_allowed")
    assert wrong.headers["allow"] == "GET, HEAD, OPTIONS"
    assert_problem(httpx2.get(f"{service.address}/schema/x"), 404, "not_found")


def test_head_is_told_what_get_is_without_a_body(newcomer: UserClient) -> None:
    newcomer.chat("doodh add karo", "c")
    for path in ("tasks", "tasks/1", "tasks/9", "conversations", "conversations/c/messages", "conversations/c/stream"):
        told, head = (newcomer.http.request(how, f"/api/{newcomer.user}/{path}") for how in ("GET", "HEAD"))
        assert (head.status_code, head.content) == (told.status_code, b"")
        for name in ("content-type", "content-length", "cache-control"):
            assert head.headers.get(name) == told.headers.get(name)
    for path, status in (("/", 200), ("/api/health", 200), ("/schema", 200), ("/mcp", 405), ("/nope", 404)):
        assert newcomer.http.head(path).status_code == status
    assert newcomer.http.head("/api/somebody-else/tasks").status_code == 403


def test_the_answer_says_nothing_of_the_server(service: Service) -> None:
    assert "server" not in httpx2.get(f"{service.address}/api/health").headers
