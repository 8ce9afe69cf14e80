"""What is plugged into what: the only place that knows which adapters exist."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.metadata import version
from typing import Protocol

from dishka import STRICT_VALIDATION, AsyncContainer, Provider, Scope, make_async_container, provide
from sqlalchemy.exc import ArgumentError

from adapters.assistant.fallback import FallbackAssistant
from adapters.assistant.offline import OfflineAssistant
from adapters.clock import SystemClock
from adapters.limits.memory import MemoryRateLimiter
from adapters.observing import Observers
from adapters.observing.slow import SlowLog
from adapters.storage.observed import ObservedStorage
from adapters.storage.sql import SqlStorage, UnfitDatabase
from adapters.tokens.jose import SecretVerifier
from adapters.tokens.jose import issue_token as sign
from application.chat import Chat
from application.context import ContextManager
from application.forgetting import forgetting
from application.observing import Observer
from application.ports import AddressLimiter, Assistant, Clock, RateLimiter, Storage, StorageUnavailable, TokenVerifier
from application.rates import Rate
from application.toolbox import Toolboxes
from entrypoints.settings import Settings, WrongSetting, local_secret

ADDRESS_RATE = Rate(600, 60)
# A running turn shows a sign of life every two seconds; one that is silent for so long belongs to a dead process.
LEASE = timedelta(seconds=15)


class Limits(Protocol):
    """Makes the limiter of a rate, under the name of its policy."""

    def __call__(self, rate: Rate, policy: str) -> RateLimiter:
        """See above."""


class Wiring(Provider):
    """Every part, made once for the process."""

    scope = Scope.APP

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    @provide
    def clock(self) -> Clock:
        """The machine's time."""
        return SystemClock()

    @provide
    async def observer(self) -> AsyncIterator[Observer]:
        """A log of slow operations; metrics and traces, and their libraries, only where they are asked for."""
        observers: list[Observer] = [SlowLog()]
        if self._settings.metrics_token:
            from adapters.observing.prometheus import PrometheusObserver  # noqa: PLC0415

            observers.append(PrometheusObserver())
        if not self._settings.otel_exporter_otlp_endpoint:
            yield observers[0] if len(observers) == 1 else Observers(observers)
            return
        from adapters.observing.traces import TraceObserver, trace_provider  # noqa: PLC0415

        provider = trace_provider(self._settings.otel_exporter_otlp_endpoint, version("munshi"))
        yield Observers([*observers, TraceObserver(provider.get_tracer("munshi"))])
        await asyncio.to_thread(provider.shutdown)

    @provide
    async def storage(self, clock: Clock, observer: Observer) -> AsyncIterator[Storage]:
        """SQL; the embedded database is migrated here, any other must be already (`munshi migrate`)."""
        storage = _sql_storage(self._settings)
        try:
            await self._make_ready(storage)
            async with forgetting(storage, clock):
                yield ObservedStorage(storage, observer)
        finally:
            await storage.close()

    async def _make_ready(self, storage: SqlStorage) -> None:
        with _usable(storage):
            if self._settings.is_embedded:
                await storage.migrate()
                await storage.take_over()
            elif not await storage.is_current():
                raise WrongSetting("DATABASE_URL", "names a database that is not current; run `munshi migrate`")

    @provide
    def verifier(self, clock: Clock) -> TokenVerifier:
        """An issuer's published keys, or HS256 with the configured secret or this machine's own."""
        settings = self._settings
        issuer, audience = settings.jwt_issuer, settings.jwt_audience
        if settings.jwks_url:
            from adapters.tokens.jwks import JwksVerifier  # noqa: PLC0415  (with it comes a client of HTTP)

            return JwksVerifier(settings.jwks_url, issuer=issuer, audience=audience, clock=clock)
        return SecretVerifier(secret_of(settings).encode(), issuer=issuer, audience=audience, clock=clock)

    @provide
    async def limits(self) -> AsyncIterator[Limits]:
        """Counted by all processes that share a Redis; without one, by this process alone."""
        if self._settings.redis_url is None:
            yield MemoryRateLimiter
            return
        from adapters.limits.redis import SharedRedis  # noqa: PLC0415  (imported only where it is used)

        try:
            redis = SharedRedis(self._settings.redis_url)
        except (ValueError, TypeError) as fault:
            raise WrongSetting("REDIS_URL", f"can't be used: {fault}") from fault
        await redis.look()
        yield redis.limiter
        await redis.close()

    @provide
    def limiter(self, limits: Limits) -> RateLimiter:
        """The limit of a user's turns."""
        return limits(self._settings.rate_limit, "chat")

    @provide
    def address_limiter(self, limits: Limits) -> AddressLimiter:
        """The limit of an address's requests."""
        return limits(self._settings.address_rate_limit or ADDRESS_RATE, "address")

    @provide
    async def assistant(self, observer: Observer) -> AsyncIterator[Assistant]:
        """The Agents SDK where there is a key, else Munshi's own understanding."""
        assistant = _assistant(self._settings, observer)
        yield assistant
        await assistant.close()

    @provide
    def toolboxes(self, storage: Storage, clock: Clock, observer: Observer) -> Toolboxes:
        """The tools, ready to be bound to a user."""
        return Toolboxes(storage, clock, self._settings.timezone, observer)

    @provide
    def context(self, storage: Storage, clock: Clock) -> ContextManager:
        """The conversations."""
        return ContextManager(storage, clock, self._settings.timezone, LEASE)

    @provide
    def chat(self, context: ContextManager, toolboxes: Toolboxes, assistant: Assistant, observer: Observer) -> Chat:
        """The turn."""
        settings = self._settings
        return Chat(context, toolboxes, assistant, settings.assistant_timeout, observer, settings.drain_timeout)


def container_for(settings: Settings, *overrides: Provider) -> AsyncContainer:
    """The container of a process; a provider among `overrides` (its parts marked override) takes a part's place."""
    return make_async_container(Wiring(settings), *overrides, validation_settings=STRICT_VALIDATION)


def secret_of(settings: Settings) -> str:
    """The secret that signs and verifies: configured, or this machine's own."""
    return settings.jwt_secret_key or local_secret(settings.data_dir)


def issue_token(settings: Settings, user_id: str, lifetime: timedelta) -> str:
    """A token of this service's own secret. Raises Invalid for a name that no user can have."""
    return sign(
        secret_of(settings).encode(),
        user_id,
        lifetime,
        SystemClock(),
        issuer=settings.jwt_issuer,
        audience=settings.jwt_audience,
    )


async def migrate(settings: Settings) -> None:
    """Bring the database of the settings to the newest version."""
    storage = _sql_storage(settings)
    try:
        with _usable(storage):
            await storage.migrate()
    finally:
        await storage.close()


@contextmanager
def _usable(storage: SqlStorage) -> Iterator[None]:
    """What is wrong with a database when it is first spoken to, in words."""
    try:
        yield
    except UnfitDatabase as fault:
        raise WrongSetting("DATABASE_URL", f"names a database {fault}") from fault
    except StorageUnavailable as fault:
        reason = str(fault.__cause__ or fault).partition("\n")[0][:200]
        why = f"names a database that can't be used, {storage.name}: {reason}"
        raise WrongSetting("DATABASE_URL", why) from fault
    except TypeError as fault:
        raise WrongSetting("DATABASE_URL", "names an option after its ? that the driver does not know") from fault


def _sql_storage(settings: Settings) -> SqlStorage:
    try:
        return SqlStorage(settings.database_url)
    except (ValueError, ArgumentError) as fault:
        # Without the fault's words: where a password was taken for a port, they hold it.
        raise WrongSetting("DATABASE_URL", "can't be read; is its port a number, and what follows its ?") from fault


def _assistant(settings: Settings, observer: Observer) -> Assistant:
    if settings.openai_api_key is None:
        return OfflineAssistant()
    # The SDK takes over a second and 50 MB to import: only where there is a key.
    from adapters.assistant.openai import OpenAIAssistant  # noqa: PLC0415

    assistant = OpenAIAssistant(
        settings.openai_api_key,
        settings.openai_model,
        settings.openai_base_url,
        settings.openai_api,
        settings.openai_tracing,
        observer,
        settings.model_tokens_per_day,
        settings.assistant_timeout,
    )
    if settings.fallback == "none":
        return assistant
    return FallbackAssistant(assistant, OfflineAssistant(), patience=settings.assistant_timeout / 2)
