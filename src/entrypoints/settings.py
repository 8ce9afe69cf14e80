"""The settings, from the environment; a wrong value stops the start with a sentence that names it."""

import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct
from platformdirs import user_data_path

from application.rates import Rate, read_rate
from domain.timezones import known_timezones

SECRET_BYTES = 32
TIMEOUT_MAX = 3600
LOG_LEVELS = ("debug", "info", "warning", "error")
DATABASES = ("sqlite+aiosqlite", "postgresql+asyncpg")
METRICS_TOKEN = re.compile(r"[!-~][ -~]{14,}[!-~]")
OPENAI_KEY = re.compile(r"[!-~]+")
DOMAIN_KEY = re.compile(r"domain_pk_[A-Za-z0-9_-]{4,200}")
REDIS = ("redis", "rediss", "unix")
TOKENS_MAX = 10**15


class WrongSetting(Exception):
    """A setting that can't be used; the message names it and says what it should be."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} {why}")


class Settings(Struct, frozen=True):
    """Everything that can be set; the names in the environment are these in capitals."""

    data_dir: Path
    database_url: str
    openai_api_key: str | None = None
    openai_model: str = "gpt-4-turbo"
    openai_base_url: str | None = None
    openai_api: str = "responses"
    openai_tracing: bool = False
    fallback: str = "none"
    jwt_secret_key: str | None = None
    jwks_url: str | None = None
    jwt_issuer: str | None = None
    jwt_audience: str | None = None
    cors_origins: tuple[str, ...] = ()
    redis_url: str | None = None
    rate_limit: Rate = Rate(60, 60)
    address_rate_limit: Rate | None = None
    forwarded_allow_ips: tuple[str, ...] = ("127.0.0.1", "::1")
    model_tokens_per_day: int | None = None
    assistant_timeout: float = 60.0
    drain_timeout: float = 20.0
    timezone: str = "Asia/Karachi"
    log_level: str = "info"
    metrics_token: str | None = None
    otel_exporter_otlp_endpoint: str | None = None
    chatkit_domain_key: str | None = None

    @property
    def is_local(self) -> bool:
        """Whether nobody set up an identity: then a local secret signs, for this machine alone."""
        return self.jwt_secret_key is None and self.jwks_url is None

    @property
    def is_embedded(self) -> bool:
        """Whether the database is a SQLite file of ours, migrated at the start."""
        return self.database_url.startswith("sqlite")


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of an environment; empty values count as absent. Raises WrongSetting."""
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    data_dir = Path(given["DATA_DIR"]).expanduser() if "DATA_DIR" in given else user_data_path("munshi")
    settings = Settings(
        data_dir=data_dir,
        database_url=given.get("DATABASE_URL", f"sqlite+aiosqlite:///{data_dir / 'munshi.sqlite3'}"),
        openai_api_key=given.get("OPENAI_API_KEY"),
        openai_model=given.get("OPENAI_MODEL", "gpt-4-turbo"),
        openai_base_url=given.get("OPENAI_BASE_URL"),
        openai_api=given.get("OPENAI_API", "responses"),
        openai_tracing=_yes("OPENAI_TRACING", given.get("OPENAI_TRACING", "false")),
        fallback=given.get("FALLBACK", "none"),
        jwt_secret_key=given.get("JWT_SECRET_KEY"),
        jwks_url=given.get("JWKS_URL"),
        jwt_issuer=given.get("JWT_ISSUER"),
        jwt_audience=given.get("JWT_AUDIENCE"),
        cors_origins=tuple(origin.strip() for origin in given.get("CORS_ORIGINS", "").split(",") if origin.strip()),
        redis_url=given.get("REDIS_URL"),
        rate_limit=_rate("RATE_LIMIT", given.get("RATE_LIMIT", "60/minute")),
        address_rate_limit=_rate("ADDRESS_RATE_LIMIT", given["ADDRESS_RATE_LIMIT"])
        if "ADDRESS_RATE_LIMIT" in given
        else None,
        forwarded_allow_ips=_proxies(given.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")),
        model_tokens_per_day=_tokens(given.get("MODEL_TOKENS_PER_DAY")),
        assistant_timeout=_seconds("ASSISTANT_TIMEOUT", given.get("ASSISTANT_TIMEOUT", "60")),
        drain_timeout=_seconds("DRAIN_TIMEOUT", given.get("DRAIN_TIMEOUT", "20")),
        timezone=given.get("TIMEZONE", "Asia/Karachi"),
        log_level=given.get("LOG_LEVEL", "info").lower(),
        metrics_token=given.get("METRICS_TOKEN"),
        otel_exporter_otlp_endpoint=given.get("OTEL_EXPORTER_OTLP_ENDPOINT"),
        chatkit_domain_key=given.get("CHATKIT_DOMAIN_KEY"),
    )
    _check(settings)
    return settings


def local_secret(data_dir: Path) -> str:
    """The secret of this machine, made at the first use and readable by its owner alone. Raises WrongSetting."""
    path = data_dir / "secret"
    try:
        with suppress(FileExistsError):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(SECRET_BYTES))
        secret = path.read_text()
    except (OSError, UnicodeDecodeError) as fault:
        raise WrongSetting("DATA_DIR", f"has no secret that can be read at {path}: {fault}") from fault
    if len(secret.encode()) < SECRET_BYTES:
        raise WrongSetting("DATA_DIR", f"holds a damaged secret; delete {path} and sign in anew")
    return secret


def make_data_dir(settings: Settings) -> None:
    """Make the data folder, for its owner alone. Raises WrongSetting where it can't be."""
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise WrongSetting("DATA_DIR", f"can't be made at {settings.data_dir}: {fault.strerror}") from fault


def _check(settings: Settings) -> None:
    _check_database(settings)
    if settings.jwt_secret_key is not None and len(settings.jwt_secret_key.encode()) < SECRET_BYTES:
        raise WrongSetting("JWT_SECRET_KEY", f"must have at least {SECRET_BYTES} bytes")
    if settings.jwt_secret_key and settings.jwks_url:
        raise WrongSetting("JWT_SECRET_KEY", "and JWKS_URL can't both be set; tokens have one issuer")
    _check_observing(settings)
    for name, url in (("JWKS_URL", settings.jwks_url), ("OPENAI_BASE_URL", settings.openai_base_url)):
        if url is not None and not _is_http(url):
            raise WrongSetting(name, "must be an http:// or https:// address")
    for origin in settings.cors_origins:
        if not _is_origin(origin):
            raise WrongSetting("CORS_ORIGINS", f"must be exact origins such as https://app.example, not {origin!r}")
    _check_words(settings)


def _check_words(settings: Settings) -> None:
    if settings.openai_api_key is not None and not OPENAI_KEY.fullmatch(settings.openai_api_key):
        raise WrongSetting("OPENAI_API_KEY", "must be one line of ASCII characters, without a space in it")
    if settings.openai_api not in ("responses", "chat"):
        raise WrongSetting("OPENAI_API", "must be responses or chat")
    if settings.fallback not in ("none", "offline"):
        raise WrongSetting("FALLBACK", "must be none or offline")
    if settings.redis_url is not None and not _is_redis(settings.redis_url):
        raise WrongSetting("REDIS_URL", "must read like redis://host:6379/0, rediss://host:6379/0 or unix:///path")
    if settings.timezone not in known_timezones():
        raise WrongSetting("TIMEZONE", "must be an IANA time zone such as Asia/Karachi")
    if settings.chatkit_domain_key and not DOMAIN_KEY.fullmatch(settings.chatkit_domain_key):
        raise WrongSetting("CHATKIT_DOMAIN_KEY", "must be a key of OpenAI's domain allowlist: domain_pk_…")


def _check_database(settings: Settings) -> None:
    if settings.database_url.partition("://")[0] not in DATABASES:
        raise WrongSetting("DATABASE_URL", "must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    if ":memory:" in settings.database_url or settings.database_url.rstrip("/") == "sqlite+aiosqlite:":
        raise WrongSetting("DATABASE_URL", "must name a file; an in-memory database would be gone with the process")
    query = urlsplit(settings.database_url).query
    if settings.is_embedded and query not in ("", "synchronous=FULL", "synchronous=NORMAL"):
        raise WrongSetting("DATABASE_URL", "may end in ?synchronous=FULL or ?synchronous=NORMAL, and in nothing else")


def _check_observing(settings: Settings) -> None:
    if settings.log_level not in LOG_LEVELS:
        raise WrongSetting("LOG_LEVEL", "must be debug, info, warning or error")
    if settings.metrics_token is not None and not METRICS_TOKEN.fullmatch(settings.metrics_token):
        raise WrongSetting("METRICS_TOKEN", "must have at least 16 characters, of ASCII, with no space at either end")
    if settings.otel_exporter_otlp_endpoint is not None and not _is_http(settings.otel_exporter_otlp_endpoint):
        raise WrongSetting("OTEL_EXPORTER_OTLP_ENDPOINT", "must be an http:// or https:// address")


def _yes(name: str, value: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise WrongSetting(name, "must be true or false")
    return value.lower() == "true"


def _seconds(name: str, value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= TIMEOUT_MAX:
        raise WrongSetting(name, f"must be a number of seconds, more than 0 and at most {TIMEOUT_MAX}")
    return seconds


def _rate(name: str, value: str) -> Rate:
    try:
        return read_rate(value)
    except ValueError as fault:
        raise WrongSetting(name, "must read like 60/minute") from fault


def _tokens(value: str | None) -> int | None:
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and 0 < int(value[:17]) <= TOKENS_MAX):
        raise WrongSetting("MODEL_TOKENS_PER_DAY", "must be a whole number, 1 or more")
    return int(value)


def _proxies(value: str) -> tuple[str, ...]:
    """Addresses and networks of proxies; whoever believes everybody (*) lets a client choose its own address."""
    if value.lower() == "none":
        return ()
    proxies = tuple(item.strip() for item in value.split(","))
    try:
        for proxy in proxies:
            ipaddress.ip_network(proxy)
    except ValueError as fault:
        raise WrongSetting(
            "FORWARDED_ALLOW_IPS", "must be addresses or networks of your proxies, such as 10.0.0.0/8, or none"
        ) from fault
    return proxies


def _is_redis(url: str) -> bool:
    try:
        parts = urlsplit(url)
        named = bool(parts.path) if parts.scheme == "unix" else bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    number = parts.path.strip("/")
    return parts.scheme in REDIS and named and (parts.scheme == "unix" or not number or number.isdecimal())


def _is_origin(origin: str) -> bool:
    """Whether a browser would send exactly this (RFC 6454 §6.2)."""
    if not _is_http(origin) or not set("*@?#").isdisjoint(origin):
        return False
    parts = urlsplit(origin)
    return origin == f"{parts.scheme}://{parts.netloc}".lower()


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
