"""The page at `/`: what is served, under which policy, and what is never served."""

import json
import re
from http.client import HTTPConnection
from pathlib import Path

import httpx2
import pytest

from entrypoints.http import page
from tests.e2e.process import Service

FOLDER = Path(page.__file__).parent
STATIC = sorted(path.name for path in FOLDER.iterdir() if path.suffix in {".html", ".js", ".css", ".svg"})
TYPES = {"html": "text/html", "js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
SVG_NAMESPACE = "http://www.w3.org/2000/svg"
EXTERNAL = re.compile(r"(?:https?:)?//[\w.-]+\.\w+|\burl\(|@import\b", re.IGNORECASE)
MARKUP_SINKS = re.compile(r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|Function)\b")
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


def text_of(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def asked_raw(service: Service, path: str) -> tuple[int, str, bytes]:
    """The answer to a path that no client has tidied up."""
    connection = HTTPConnection(service.address.removeprefix("http://"), timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    told = answer.status, answer.headers["content-type"], answer.read()
    connection.close()
    return told


def test_the_page_needs_no_token(service: Service) -> None:
    answer = httpx2.get(f"{service.address}/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text == text_of("index.html")


@pytest.mark.parametrize("name", STATIC)
def test_each_file_has_its_type_and_the_strict_policy(service: Service, name: str) -> None:
    answer = httpx2.get(f"{service.address}/page/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == TYPES[name.rpartition(".")[2]]
    directives = (directive.strip().split(" ", 1) for directive in answer.headers["content-security-policy"].split(";"))
    assert {directive[0]: directive[1] for directive in directives} == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-cache"


def test_the_page_has_no_inline_script_or_style() -> None:
    html = text_of("index.html")
    assert re.findall(r"<script\b(?![^>]*\bsrc=)|<style\b|\sstyle=|\son\w+=|javascript:", html) == []
    assert re.findall(r"<script\b[^>]*>([^<]+)", html) == []


@pytest.mark.parametrize("name", STATIC)
def test_nothing_asks_another_host(name: str) -> None:
    assert EXTERNAL.findall(text_of(name).replace(SVG_NAMESPACE, "")) == []


@pytest.mark.parametrize("name", [name for name in STATIC if name.endswith(".js")])
def test_no_script_turns_text_into_markup(name: str) -> None:
    assert MARKUP_SINKS.findall(text_of(name)) == []


def test_everything_that_the_page_refers_to_is_there() -> None:
    html = text_of("index.html")
    named = set(re.findall(r'(?:src|href)="/page/([^"]+)"', html))
    for name in STATIC:
        named |= set(re.findall(r'from "\./([^"]+)"', text_of(name)))
    assert named == set(STATIC) - {"index.html"}
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    scripts = "".join(text_of(name) for name in STATIC if name.endswith(".js"))
    assert set(re.findall(r'part\("([^"]+)"\)', scripts)) <= ids
    assert set(re.findall(r'(?:for|popovertarget|aria-labelledby|aria-describedby)="([^"]+)"', html)) <= ids


@pytest.mark.parametrize("name", ["nothing.js", "__init__.py", "INDEX.HTML", "page.js.map", "%00", "page.js%00.svg"])
def test_an_unknown_name_is_a_404_problem(service: Service, name: str) -> None:
    status, media_type, body = asked_raw(service, f"/page/{name}")
    assert (status, media_type) == (404, "application/problem+json")
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
    status, media_type, body = asked_raw(service, path)
    assert (status, media_type) == (404, "application/problem+json")
    assert b"import" not in body
    assert b"root:" not in body
