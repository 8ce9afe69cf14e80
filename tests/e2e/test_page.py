"""The page at `/`: what is served, how, under which policy, and what is never served."""

import gzip
import json
import re
from http.client import HTTPConnection
from pathlib import Path

import httpx2
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from entrypoints.http.page import BUILT, MEDIA_TYPES, page_routes
from tests.e2e.process import Service, serving

WEB = Path(__file__).parents[2] / "web"
NAMES = sorted(path.name for path in BUILT.glob("*") if path.suffix in MEDIA_TYPES)
ASSETS = [name for name in NAMES if name != "index.html"]
MARKUP_SINKS = re.compile(r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|eval|Function)\b")
CHATKIT = "https://cdn.platform.openai.com"
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
}
built = pytest.mark.skipif(not NAMES, reason="the page is not built: `python3 make.py page` does that")


def asked_raw(service: Service, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """The answer to a path that no client has tidied up, as it came over the wire."""
    connection = HTTPConnection(service.address.removeprefix("http://"), timeout=10)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    told = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    connection.close()
    return told


def test_the_page_needs_no_token(service: Service) -> None:
    answer = httpx2.get(f"{service.address}/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert "<title>Munshi" in answer.text


def test_a_page_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    with TestClient(Litestar(page_routes(built=tmp_path / "nothing"))) as client:
        answer = client.get("/")
        assert answer.status_code == 200
        assert "python3 make.py run" in answer.text
        assert client.get("/page/index.js").status_code == 404


@built
@pytest.mark.parametrize("name", ASSETS)
def test_each_file_has_its_type_and_the_strict_policy_and_is_kept(service: Service, name: str) -> None:
    status, headers, content = asked_raw(service, f"/page/{name}")
    assert status == 200
    assert content == (BUILT / name).read_bytes()
    assert headers["content-type"].partition(";")[0] == MEDIA_TYPES[Path(name).suffix]
    assert policy_of(headers) == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert re.search(r"-[\w-]{8}\.\w+$", name), "the name holds a hash, for it is kept for ever"


@built
@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br; q=0.0, gzip;q=0", None),
        ("identity", None),
    ],
)
def test_each_file_comes_as_small_as_the_client_takes_it(service: Service, accepted: str, coding: str | None) -> None:
    for path, name in [("/", "index.html"), *((f"/page/{name}", name) for name in ASSETS)]:
        _, headers, content = asked_raw(service, path, Accept_Encoding=accepted)
        assert headers.get("content-encoding") == coding
        assert headers["vary"] == "Accept-Encoding"
        assert int(headers["content-length"]) == len(content)
        if coding == "gzip":
            assert gzip.decompress(content) == (BUILT / name).read_bytes()
        elif coding == "br":
            assert content == (BUILT / f"{name}.br").read_bytes()


def policy_of(headers: dict[str, str]) -> dict[str, str]:
    directives = (directive.strip().split(" ", 1) for directive in headers["content-security-policy"].split(";"))
    return {directive[0]: directive[1] for directive in directives}


@pytest.mark.parametrize(
    ("path", "host"), [("/", "localhost"), ("/?chatkit", "munshi.example"), ("/?chatkit", "localhost.example")]
)
def test_without_a_domain_key_the_page_knows_nothing_of_another_host(service: Service, path: str, host: str) -> None:
    _, headers, content = asked_raw(service, path, Host=host)
    assert policy_of(headers) == POLICY
    assert b"chatkit-domain-key" not in content


def openai_may_come_in(headers: dict[str, str]) -> bool:
    """Whether the policy admits the component's script and frame, and nothing else that it did not before."""
    admitted = {"script-src": f"'self' {CHATKIT}", "frame-src": CHATKIT, "style-src": "'self' 'unsafe-inline'"}
    expected = {**POLICY, **admitted}
    del expected["require-trusted-types-for"]
    return policy_of(headers) == expected


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000"])
def test_who_asks_for_the_component_at_localhost_gets_it(service: Service, host: str) -> None:
    _, headers, content = asked_raw(service, "/?chatkit", Host=host)
    assert b'<meta name="chatkit-domain-key" content="domain_pk_localhost_dev">' in content
    assert openai_may_come_in(headers)


def test_with_a_domain_key_the_page_prefers_the_component(tmp_path: Path) -> None:
    with serving(tmp_path, CHATKIT_DOMAIN_KEY="domain_pk_of_a_test") as keyed:
        _, headers, content = asked_raw(keyed, "/", Accept_Encoding="br, gzip", Host="munshi.example")
        assert openai_may_come_in(headers)
        assert headers["content-encoding"] == "gzip"
        assert b'<meta name="chatkit-domain-key" content="domain_pk_of_a_test">' in gzip.decompress(content)
        for name in ASSETS:
            assert policy_of(asked_raw(keyed, f"/page/{name}")[1]) == POLICY


@built
def test_the_page_has_no_inline_script_or_style_and_names_no_other_host() -> None:
    html = (BUILT / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script\b(?![^>]*\bsrc=)|<style\b|\sstyle=|\son\w+=|javascript:", html) == []
    assert re.findall(r"<script\b[^>]*>([^<]+)", html) == []
    for name in NAMES:
        if name.endswith((".html", ".css")):
            assert re.findall(r"(?:https?:)?//[\w.-]+\.\w+|@import\b", (BUILT / name).read_text(encoding="utf-8")) == []


@built
def test_everything_that_the_page_refers_to_is_there() -> None:
    named = set(re.findall(r'(?:src|href)="/page/([^"]+)"', (BUILT / "index.html").read_text(encoding="utf-8")))
    assert named == set(ASSETS)


@built
def test_the_page_weighs_little() -> None:
    assert sum((BUILT / f"{name}.gz").stat().st_size for name in NAMES) < 350 * 1024


def test_no_source_turns_text_into_markup() -> None:
    sources = [path for path in (WEB / "src").rglob("*") if path.suffix in {".ts", ".tsx"}]
    assert sources
    assert [path.name for path in sources if MARKUP_SINKS.search(path.read_text(encoding="utf-8"))] == []


def test_the_packages_are_pinned_and_no_registry_is_named() -> None:
    wanted = json.loads((WEB / "package.json").read_text())
    versions = {**wanted["dependencies"], **wanted["devDependencies"]}.values()
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)
    assert '"resolved"' not in (WEB / "package-lock.json").read_text()


@pytest.mark.parametrize(
    "name", ["nothing.js", "__init__.py", "index.html", "INDEX.HTML", "built", "page.js.map", "%00", "page.js%00.svg"]
)
def test_an_unknown_name_is_a_404_problem(service: Service, name: str) -> None:
    status, headers, body = asked_raw(service, f"/page/{name}")
    assert (status, headers["content-type"]) == (404, "application/problem+json")
    assert json.loads(body)["code"] == "not_found"


@pytest.mark.parametrize(
    "path",
    [
        "/page/../app.py",
        "/page/..%2fapp.py",
        "/page/%2e%2e/app.py",
        "/page/%2e%2e%2fapp.py",
        "/page/..%5capp.py",
        "/page/%252e%252e%252fapp.py",
        "/page//etc/passwd",
        "/page/%2fetc%2fpasswd",
        "/page/",
    ],
)
def test_no_path_leads_out_of_the_folder(service: Service, path: str) -> None:
    status, headers, body = asked_raw(service, path)
    assert (status, headers["content-type"]) == (404, "application/problem+json")
    assert b"import" not in body
    assert b"root:" not in body
