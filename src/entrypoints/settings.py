"""The settings, from the environment; a wrong value stops the start with a sentence that names it."""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from msgspec import Struct
from platformdirs import user_data_path

SECRET_BYTES = 32
TIMEOUT_MAX = 3600
DATABASES = ("sqlite+aiosqlite", "postgresql+asyncpg")
RATE = re.compile(r"\s*[1-9]\d*\s*(/|per)\s*\d*\s*(second|minute|hour|day)s?\s*", re.IGNORECASE)


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
    rate_limit: str = "60/minute"
    assistant_timeout: float = 60.0
    timezone: str = "Asia/Karachi"

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
        rate_limit=given.get("RATE_LIMIT", "60/minute"),
        assistant_timeout=_seconds(given.get("ASSISTANT_TIMEOUT", "60")),
        timezone=given.get("TIMEZONE", "Asia/Karachi"),
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
    if settings.database_url.partition("://")[0] not in DATABASES:
        raise WrongSetting("DATABASE_URL", "must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    if ":memory:" in settings.database_url or settings.database_url.rstrip("/") == "sqlite+aiosqlite:":
        raise WrongSetting("DATABASE_URL", "must name a file; an in-memory database would be gone with the process")
    if settings.jwt_secret_key is not None and len(settings.jwt_secret_key.encode()) < SECRET_BYTES:
        raise WrongSetting("JWT_SECRET_KEY", f"must have at least {SECRET_BYTES} bytes")
    if settings.jwt_secret_key and settings.jwks_url:
        raise WrongSetting("JWT_SECRET_KEY", "and JWKS_URL can't both be set; tokens have one issuer")
    for name, url in (("JWKS_URL", settings.jwks_url), ("OPENAI_BASE_URL", settings.openai_base_url)):
        if url is not None and not _is_http(url):
            raise WrongSetting(name, "must be an http:// or https:// address")
    for origin in settings.cors_origins:
        if origin == "*" or not _is_http(origin) or urlsplit(origin).path or urlsplit(origin).query:
            raise WrongSetting("CORS_ORIGINS", f"must be exact origins such as https://app.example, not {origin!r}")
    if settings.openai_api not in ("responses", "chat"):
        raise WrongSetting("OPENAI_API", "must be responses or chat")
    if settings.fallback not in ("none", "offline"):
        raise WrongSetting("FALLBACK", "must be none or offline")
    if not RATE.fullmatch(settings.rate_limit):
        raise WrongSetting("RATE_LIMIT", "must read like 60/minute")
    if settings.timezone not in available_timezones():
        raise WrongSetting("TIMEZONE", "must be an IANA time zone such as Asia/Karachi")


def _yes(name: str, value: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise WrongSetting(name, "must be true or false")
    return value.lower() == "true"


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= TIMEOUT_MAX:
        raise WrongSetting("ASSISTANT_TIMEOUT", f"must be a number of seconds, more than 0 and at most {TIMEOUT_MAX}")
    return seconds


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
