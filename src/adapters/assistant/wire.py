"""The model's service over HTTP: a request until it is answered, the answer as it is streamed; aiohttp and msgspec.

The openai client walks every request and every streamed token along its types, and keeps four layers of HTTP beside
each open stream. What it promises stays: tries again, proxies, certificates, the OPENAI_* variables of an account.
"""

import asyncio
import os
import random
import time
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from email.utils import parsedate_to_datetime
from itertools import count
from math import inf, isfinite
from urllib.parse import SplitResult, unquote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from agents.models.chatcmpl_helpers import HEADERS as AGENT
from aiohttp.abc import AbstractStreamWriter
from httpx2 import create_ssl_context

OPENAI = "https://api.openai.com/v1"
CONNECT_SECONDS = 5.0
CONNECTIONS_MAX = 1000
KEEP_SECONDS = 5.0
"""How long a connection that nobody uses is kept."""
RETRIES = 2
PASSING = (408, 409, 429)
REDIRECTION, SERVER_FAULT = 300, 500
"""From these statuses on it is no answer, and a fault that may pass too."""
REDIRECTS_MAX = 3
REDIRECTS = (307, 308)
"""Those that keep a request as it is; after the others it would be none that the service answers."""
PAUSE, PAUSE_MAX = 0.5, 8.0
"""Seconds before the first further try, and before any."""
ASKED_MAX = 5.0
"""Seconds that are waited in all because the service asks for it; somebody sits there who hears nothing."""
DEADLINE: ContextVar[float] = ContextVar("deadline", default=inf)
"""When the turn ends, in monotonic time: no wait goes on until then."""
EVENT_MAX = 1 << 22
"""Bytes of one event; the last one of an answer holds all of it, and what was asked besides."""
END = b"[DONE]"
FAULTS = (aiohttp.ClientError, OSError)


class ServiceFault(Exception):
    """What the service did instead of answering; a refusal has a `status`. Of what was said, nothing is told here.

    `pause`: the seconds that it asks to be left alone, where it says so.
    """

    def __init__(self, why: str, status: int | None = None, pause: float | None = None) -> None:
        super().__init__(why)
        self.status = status
        self.pause = pause


class Unreachable(ServiceFault):
    """The service did not answer at all."""


class Service:
    """The service of a base URL, asked in the name of a key; made once, its connections are shared."""

    def __init__(self, api_key: str, base_url: str | None = None) -> None:
        base = urlsplit(base_url or OPENAI)
        self.base_url = f"{base.scheme}://{base.netloc.rpartition('@')[2]}{base.path.rstrip('/')}"
        self._query = f"?{base.query}" if base.query else ""
        self._headers = _headers(api_key, base, os.environ)
        self._proxy = _proxy_of(base)
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, path: str, *body: bytes) -> "Answer":
        """The answer to a request, of which no word was told yet. Raises ServiceFault, after RETRIES tries more.

        It is not tried again where the wait would be longer than the turn, see DEADLINE.
        The body is given in parts: what stands in every request is then held once, however many wait to be sent.
        """
        left = ASKED_MAX
        for tried in count():
            asked: float | None = None
            try:
                response = await self._posted(path, body)
            except FAULTS as fault:
                may_pass, refusal = True, _broken(fault)
            else:
                if response.status < REDIRECTION:
                    return Answer(response)
                asked = _asked_pause(response.headers)
                response.release()
                left -= max(asked or 0, 0)
                may_pass = left >= 0 and _may_pass(response)
                refusal = ServiceFault(f"answered {response.status}", response.status, asked)
            pause = _pause(tried, asked)
            if tried == RETRIES or not may_pass or time.monotonic() + pause >= DEADLINE.get():
                raise refusal
            await asyncio.sleep(pause)
        raise AssertionError

    async def _posted(self, path: str, body: tuple[bytes, ...]) -> aiohttp.ClientResponse:
        """Its answer; of redirects, those within the service are followed."""
        url = f"{self.base_url}/{path}{self._query}"
        for followed in count():
            response = await self._connected().post(url, data=_Parts(body), proxy=self._proxy, allow_redirects=False)
            target = _redirected(response, url)
            if followed == REDIRECTS_MAX or target is None:
                return response
            response.release()
            url = target
        raise AssertionError

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            # Certificates take 20 ms to read.
            tls = create_ssl_context() if self.base_url.startswith("https:") else True
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS_MAX, keepalive_timeout=KEEP_SECONDS, ssl=tls),
                headers=self._headers,
                # How long an answer may take is the turn's to say; a timer of the connection's would be set anew with
                # every word.
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()


class Answer:
    """A streamed answer; it must be closed."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self._rest = b""

    def close(self) -> None:
        """Hang up, unless it was read to its end."""
        self._response.close()

    async def events(self) -> list[bytes]:
        """The data of the Server-Sent Events that came next, at least one; none at the end. Raises ServiceFault."""
        found: list[bytes] = []
        while not found:
            try:
                piece = await self._response.content.readany()
            except FAULTS as fault:
                raise ServiceFault("broke off in the middle") from fault
            if not piece:
                break
            *frames, self._rest = (self._rest + piece).replace(b"\r\n", b"\n").split(b"\n\n")
            if len(self._rest) > EVENT_MAX:
                raise ServiceFault("sent an event that is too long")
            found = [data for frame in frames if (data := _data(frame)) and not data.startswith(END)]
        return found


def _broken(fault: Exception) -> ServiceFault:
    answered = isinstance(fault, aiohttp.ClientResponseError)
    told = ServiceFault("does not speak HTTP") if answered else Unreachable("can't be reached")
    told.__cause__ = fault
    return told


class _Parts(aiohttp.Payload):
    def __init__(self, parts: tuple[bytes, ...]) -> None:
        super().__init__(parts)
        self._size = sum(map(len, parts))

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return b"".join(self._value).decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        for part in self._value:
            await writer.write(part)


def _data(frame: bytes) -> bytes:
    """What an event says, without its other fields."""
    return b"\n".join(line[5:].removeprefix(b" ") for line in frame.split(b"\n") if line.startswith(b"data:"))


def _headers(api_key: str, base: SplitResult, environ: Mapping[str, str]) -> dict[str, str]:
    """What every request says; the variables are those of the openai client."""
    headers = {"authorization": f"Bearer {api_key}", "content-type": "application/json", "accept": "application/json"}
    headers |= {"accept-encoding": "identity", "user-agent": AGENT["User-Agent"]}
    if base.username is not None:
        credentials = unquote(base.username), unquote(base.password or "")
        headers["authorization"] = aiohttp.encode_basic_auth(*credentials)
    for name, variable in (("openai-organization", "OPENAI_ORG_ID"), ("openai-project", "OPENAI_PROJECT_ID")):
        if environ.get(variable):
            headers[name] = environ[variable]
    for line in environ.get("OPENAI_CUSTOM_HEADERS", "").split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    return headers


def _proxy_of(url: SplitResult) -> str | None:
    """The proxy that the environment names for an address; aiohttp would look for it anew with each request."""
    known = getproxies()
    proxy = known.get(url.scheme) or known.get("all")
    if not proxy or proxy_bypass(url.netloc.rpartition("@")[2]):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _asked_pause(headers: Mapping[str, str]) -> float | None:
    """The seconds that a refusal asks to wait: in milliseconds, in seconds, or as a date (RFC 9110 §10.2.3)."""
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        with suppress(KeyError, ValueError):
            if isfinite(seconds := float(headers[name]) / unit):
                return seconds
    with suppress(KeyError, ValueError):
        return parsedate_to_datetime(headers["retry-after"]).timestamp() - time.time()
    return None


def _redirected(response: aiohttp.ClientResponse, url: str) -> str | None:
    """Where to ask instead; the key is nobody else's to see."""
    if response.status not in REDIRECTS or "location" not in response.headers:
        return None
    try:
        target = urljoin(url, response.headers["location"])
        return target if urlsplit(target)[:2] == urlsplit(url)[:2] else None
    except ValueError:
        return None


def _may_pass(response: aiohttp.ClientResponse) -> bool:
    told = response.headers.get("x-should-retry")
    if told in ("true", "false"):
        return told == "true"
    return response.status in PASSING or response.status >= SERVER_FAULT


def _pause(tried: int, asked: float | None) -> float:
    if asked is not None and asked > 0:
        return asked
    # Those who were refused together should not come back together.
    return min(PAUSE * 2.0**tried, PAUSE_MAX) * random.uniform(0.75, 1)  # noqa: S311
