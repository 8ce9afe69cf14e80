"""The process around the conversation: start, settings, health, documents, terminal, limits, CORS."""

import json
import os
import re
import stat
import subprocess
from pathlib import Path

import httpx2
import pytest

from tests.e2e.process import COMMAND, Service, UserClient, environment, munshi, serving

SECRET = "a secret of thirty-two bytes, or a few more"


def test_the_ready_address_signs_the_local_user_in(service: Service) -> None:
    token = service.ready_line.strip().partition("/#token=")[2]
    answer = httpx2.get(f"{service.address}/api/local/tasks", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


def test_the_local_secret_is_the_owners_alone(service: Service) -> None:
    assert stat.S_IMODE((service.data_dir / "secret").stat().st_mode) == 0o600


def test_health_names_version_assistant_and_database(service: Service) -> None:
    health = httpx2.get(f"{service.address}/api/health").json()
    assert (health["status"], health["assistant"], health["database"]) == ("ok", "offline", "ok")
    assert health["version"]


def test_the_schema_describes_every_route_with_examples(service: Service) -> None:
    schema = httpx2.get(f"{service.address}/schema").json()
    assert schema["openapi"].startswith("3.1")
    assert {"/api/{user_id}/chat", "/api/{user_id}/chat/stream", "/api/{user_id}/undo"} <= set(schema["paths"])
    chatkit = schema["paths"]["/api/{user_id}/chatkit"]["post"]
    assert set(chatkit["responses"]["200"]["content"]) == {"application/json", "text/event-stream"}
    assert chatkit["requestBody"]["required"]
    assert schema["components"]["schemas"]["ChatRequest"]["properties"]["message"]["examples"]
    for path, operations in schema["paths"].items():
        problems = {"401", "403", "415", "429", "503"} if "user_id" in path else set()
        assert all(problems <= set(operation["responses"]) for operation in operations.values()), path


WRONG = [
    ({"JWT_SECRET_KEY": "short"}, "JWT_SECRET_KEY must have at least 32 bytes"),
    ({"JWT_SECRET_KEY": SECRET, "JWKS_URL": "https://x.example/jwks"}, "JWKS_URL"),
    ({"JWKS_URL": "ftp://x"}, "JWKS_URL must be an http"),
    ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must begin with"),
    ({"DATABASE_URL": "sqlite+aiosqlite:///:memory:"}, "DATABASE_URL must name a file"),
    ({"DATABASE_URL": "sqlite+aiosqlite:////tmp/m.sqlite3?synchronous=OFF"}, "DATABASE_URL may end in ?synchronous="),
    ({"DATABASE_URL": "sqlite+aiosqlite:////nowhere/at/all.db"}, "DATABASE_URL"),
    ({"DATABASE_URL": "postgresql+asyncpg://u@127.0.0.1:port/x"}, "DATABASE_URL can't be read"),
    ({"DATABASE_URL": "postgresql+asyncpg://u@127.0.0.1/x?nonsense=1"}, "DATABASE_URL names an option"),
    ({"CORS_ORIGINS": "*"}, "CORS_ORIGINS must be exact origins"),
    ({"CORS_ORIGINS": "https://a.example/path"}, "CORS_ORIGINS must be exact origins"),
    ({"CORS_ORIGINS": "https://*.example"}, "CORS_ORIGINS must be exact origins"),
    ({"CORS_ORIGINS": "https://A.example"}, "CORS_ORIGINS must be exact origins"),
    ({"CORS_ORIGINS": "https://a.example,https://b.example/"}, "CORS_ORIGINS must be exact origins"),
    ({"RATE_LIMIT": "often"}, "RATE_LIMIT must read like 60/minute"),
    ({"RATE_LIMIT": "0/minute"}, "RATE_LIMIT must read like 60/minute"),
    ({"ADDRESS_RATE_LIMIT": "often"}, "ADDRESS_RATE_LIMIT must read like 60/minute"),
    ({"FORWARDED_ALLOW_IPS": "*"}, "FORWARDED_ALLOW_IPS must be addresses or networks"),
    ({"FORWARDED_ALLOW_IPS": "proxy.example"}, "FORWARDED_ALLOW_IPS must be addresses or networks"),
    ({"REDIS_URL": "localhost:6379"}, "REDIS_URL must read like redis://"),
    ({"REDIS_URL": "redis://"}, "REDIS_URL must read like redis://"),
    ({"REDIS_URL": "redis://h:99999"}, "REDIS_URL must read like redis://"),
    ({"REDIS_URL": "redis://h/first"}, "REDIS_URL must read like redis://"),
    ({"REDIS_URL": "redis://:secret@h/0?socket_timeout=soon"}, "REDIS_URL can't be used"),
    ({"REDIS_URL": "redis://:secret@h/0?foo=1"}, "REDIS_URL can't be used"),
    ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN must have at least 16 characters"),
    ({"METRICS_TOKEN": "tökentökentöken12345"}, "METRICS_TOKEN must have at least 16 characters, of ASCII"),
    ({"MODEL_TOKENS_PER_DAY": "0"}, "MODEL_TOKENS_PER_DAY must be a whole number"),
    ({"MODEL_TOKENS_PER_DAY": "1e6"}, "MODEL_TOKENS_PER_DAY must be a whole number"),
    ({"ASSISTANT_TIMEOUT": "-1"}, "ASSISTANT_TIMEOUT must be a number of seconds"),
    ({"ASSISTANT_TIMEOUT": "nan"}, "ASSISTANT_TIMEOUT must be a number of seconds"),
    ({"TIMEZONE": "Mars/Olympus"}, "TIMEZONE must be an IANA time zone"),
    ({"CHATKIT_DOMAIN_KEY": "sk-proj-1"}, "CHATKIT_DOMAIN_KEY must be a key of OpenAI's domain allowlist"),
    ({"CHATKIT_DOMAIN_KEY": 'domain_pk_"><script>'}, "CHATKIT_DOMAIN_KEY must be a key of"),
    ({"OPENAI_API_KEY": "sk-secret@a b"}, "OPENAI_API_KEY must be one line"),
    ({"OPENAI_API_KEY": "sk-secret@a\nb"}, "OPENAI_API_KEY must be one line"),
    ({"OPENAI_API": "soap"}, "OPENAI_API must be responses or chat"),
    ({"OPENAI_TRACING": "1"}, "OPENAI_TRACING must be true or false"),
    ({"FALLBACK": "yes"}, "FALLBACK must be none or offline"),
    ({"OPENAI_BASE_URL": "localhost:8000"}, "OPENAI_BASE_URL must be an http"),
    ({"DATA_DIR": "/proc/nowhere"}, "DATA_DIR can't be made"),
]


@pytest.mark.parametrize(("settings", "sentence"), WRONG)
def test_a_wrong_setting_stops_the_start_with_a_sentence(
    tmp_path: Path, settings: dict[str, str], sentence: str
) -> None:
    folder = Path(settings.pop("DATA_DIR", tmp_path))
    ended = munshi("serve", "--port", "0", data_dir=folder, **settings)
    assert ended.returncode == 2
    assert ended.stderr.startswith("munshi: ")
    assert sentence in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert "secret@" not in ended.stderr


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "munshi.sqlite3").write_bytes(b"no database" * 100)
    ended = munshi("serve", "--port", "0", data_dir=tmp_path)
    assert ended.returncode == 2
    assert ended.stderr.startswith("munshi: DATABASE_URL names a database that can't be used, sqlite")
    assert ended.stderr.endswith("file is not a database\n")


def test_a_damaged_secret_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("short")
    ended = munshi("token", "ali", data_dir=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "DATA_DIR holds a damaged secret" in ended.stderr


def test_without_an_identity_only_this_machine_is_served(tmp_path: Path) -> None:
    ended = munshi("serve", "--host", "0.0.0.0", "--port", "0", data_dir=tmp_path)
    assert ended.returncode == 2
    assert "JWT_SECRET_KEY (or JWKS_URL) must be set" in ended.stderr


def test_a_port_in_use_is_a_sentence(service: Service, tmp_path: Path) -> None:
    ended = munshi("serve", "--port", service.address.rpartition(":")[2], data_dir=tmp_path)
    assert ended.returncode == 2
    assert "--port" in ended.stderr


def test_help_shows_examples(tmp_path: Path) -> None:
    assert "munshi serve" in munshi("--help", data_dir=tmp_path).stdout


def test_a_reading_is_printed_as_a_table_or_as_json(tmp_path: Path) -> None:
    said = "doodh lana add karo aur meeting wala hata do"
    table = munshi("parse", said, data_dir=tmp_path).stdout
    assert re.findall(r"^(operation|title) +(.+)$", table, re.MULTILINE) == [
        ("operation", "add"),
        ("title", "doodh lana"),
        ("operation", "delete"),
        ("title", "meeting"),
    ]
    lines = munshi("parse", "--json", said, data_dir=tmp_path).stdout.splitlines()
    assert [json.loads(line)["operation"] for line in lines] == ["add", "delete"]


def talk(data_dir: Path, *lines: str) -> list[str]:
    """What the terminal says to these lines."""
    ended = subprocess.run(
        [*COMMAND, "chat"],
        env=environment(data_dir, {}),
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    return ended.stdout.splitlines()


def test_the_terminal_holds_the_same_conversation(tmp_path: Path) -> None:
    assert talk(tmp_path, "meeting ka task add karo", "Mera meeting wala task delete kar do") == [
        "Theek hai, 'meeting' task add ho gaya.",
        "Theek hai, 'meeting' task delete ho gaya.",
    ]
    with serving(tmp_path) as service:
        messages = service.client("local").get("conversations/terminal/messages").json()["messages"]
    assert len(messages) == 4


@pytest.mark.parametrize("leave", ["exit", "Khuda hafiz!"])
def test_a_farewell_ends_the_terminal_politely(tmp_path: Path, leave: str) -> None:
    added, *rest = talk(tmp_path, "bye bye card lana add karo", leave, "doodh lana add karo")
    assert "'bye bye card lana'" in added
    assert rest == ["Khuda hafiz! Phir milenge."]


def test_a_conversation_that_no_name_can_be_stops_the_terminal_at_once(tmp_path: Path) -> None:
    ended = munshi("chat", "--conversation", "bad name!", data_dir=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("munshi: conversation_id: must be")


@pytest.mark.parametrize("command", [["token", "a/b"], ["chat", "--user", "a/b"], ["mcp", "--user", ".."]])
def test_nobody_is_a_user_whom_no_path_reaches(tmp_path: Path, command: list[str]) -> None:
    ended = munshi(*command, data_dir=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "without /" in ended.stderr


def test_a_reader_that_goes_away_ends_a_command_without_a_traceback(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [*COMMAND, "parse", "kal doodh lana"],
        env=environment(tmp_path, {"PYTHONUNBUFFERED": ""}),
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, b"")


def test_a_terminal_without_urdu_shows_the_rest(tmp_path: Path) -> None:
    ended = munshi("parse", "کل دودھ لانا ہے", data_dir=tmp_path, PYTHONIOENCODING="ascii")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "add" in ended.stdout


def test_tasks_outlive_the_process(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        service.client("ali").chat("doodh lana add karo")
    with serving(tmp_path) as service:
        assert service.client("ali").titles() == ["doodh lana"]


def test_a_configured_secret_signs_and_the_origin_is_let_in(tmp_path: Path) -> None:
    origin = "https://app.example"
    with serving(tmp_path, JWT_SECRET_KEY=SECRET, CORS_ORIGINS=origin, RATE_LIMIT="2/minute") as service:
        assert "token" not in service.ready_line
        ali = service.client("ali")
        allowed = httpx2.options(
            f"{service.address}/api/ali/chat",
            headers={
                "Origin": origin,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization",
            },
        )
        assert allowed.headers["access-control-allow-origin"] == origin
        answered = ali.post("chat", {"message": "salam"}, origin=origin)
        assert answered.headers["access-control-allow-origin"] == origin
        assert (
            "access-control-allow-origin"
            not in ali.post("chat", {"message": "salam"}, origin="https://x.example").headers
        )
        _assert_limited(ali)
        assert service.client("bano").post("chat", {"message": "salam"}).status_code == 200


def _assert_limited(user: UserClient) -> None:
    answer = user.post("chat", {"message": "salam"})
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert {"ratelimit", "ratelimit-policy"} <= set(answer.headers)


def test_no_origin_is_let_in_by_default(service: Service) -> None:
    answer = httpx2.get(f"{service.address}/api/health", headers={"Origin": "https://app.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_logs_hold_no_message_and_no_token(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"],
        env=environment(tmp_path, {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    address, _, token = process.stdout.readline().removeprefix("Munshi is ready: ").strip().partition("/#token=")
    body = json.dumps({"message": "my very private errand add karo"})
    headers = {"Authorization": f"Bearer {token}", "content-type": "application/json"}
    assert httpx2.post(f"{address}/api/local/chat", content=body, headers=headers).status_code == 200
    process.terminate()
    _, errors = process.communicate(timeout=40)
    assert "private" not in errors
    assert token not in errors
