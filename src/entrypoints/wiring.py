"""What is plugged into what: the only place that knows which adapters exist."""

from collections.abc import AsyncIterator
from datetime import timedelta

from dishka import STRICT_VALIDATION, AsyncContainer, Provider, Scope, make_async_container, provide

from adapters.assistant.fallback import FallbackAssistant
from adapters.assistant.offline import OfflineAssistant
from adapters.clock import SystemClock
from adapters.limits.memory import MemoryRateLimiter
from adapters.storage.sql import SqlStorage
from adapters.tokens.jose import SecretVerifier
from adapters.tokens.jose import issue_token as sign
from adapters.tokens.jwks import JwksVerifier
from application.chat import Chat
from application.context import ContextManager
from application.ports import Assistant, Clock, RateLimiter, Storage, StorageUnavailable, TokenVerifier
from application.toolbox import Toolboxes
from entrypoints.settings import Settings, WrongSetting, local_secret

UNDO_DAYS = timedelta(days=30)
# A running turn shows a sign of life every two seconds; one that is silent for so long belongs to a dead process.
LEASE = timedelta(seconds=15)


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
    async def storage(self, clock: Clock) -> AsyncIterator[Storage]:
        """SQL; the embedded database is migrated here, any other must be already (`munshi migrate`)."""
        storage = SqlStorage(self._settings.database_url)
        try:
            await self._make_ready(storage)
            await storage.prune(clock.now() - UNDO_DAYS)
            yield storage
        finally:
            await storage.close()

    async def _make_ready(self, storage: SqlStorage) -> None:
        try:
            if self._settings.is_embedded:
                await storage.migrate()
                await storage.take_over()
            elif not await storage.is_current():
                raise WrongSetting("DATABASE_URL", "names a database that is not current; run `munshi migrate`")
        except StorageUnavailable as fault:
            reason = str(fault.__cause__ or fault).partition("\n")[0][:200]
            why = f"names a database that can't be used, {storage.name}: {reason}"
            raise WrongSetting("DATABASE_URL", why) from fault

    @provide
    def verifier(self, clock: Clock) -> TokenVerifier:
        """An issuer's published keys, or HS256 with the configured secret or this machine's own."""
        settings = self._settings
        issuer, audience = settings.jwt_issuer, settings.jwt_audience
        if settings.jwks_url:
            return JwksVerifier(settings.jwks_url, issuer=issuer, audience=audience, clock=clock)
        return SecretVerifier(secret_of(settings).encode(), issuer=issuer, audience=audience, clock=clock)

    @provide
    def limiter(self, clock: Clock) -> RateLimiter:
        """Counted in this process."""
        return MemoryRateLimiter(self._settings.rate_limit, clock)

    @provide
    async def assistant(self) -> AsyncIterator[Assistant]:
        """The Agents SDK where there is a key, else Munshi's own understanding."""
        assistant = _assistant(self._settings)
        yield assistant
        await assistant.close()

    @provide
    def toolboxes(self, storage: Storage, clock: Clock) -> Toolboxes:
        """The tools, ready to be bound to a user."""
        return Toolboxes(storage, clock, self._settings.timezone)

    @provide
    def context(self, storage: Storage, clock: Clock) -> ContextManager:
        """The conversations."""
        return ContextManager(storage, clock, self._settings.timezone, LEASE)

    @provide
    def chat(self, context: ContextManager, toolboxes: Toolboxes, assistant: Assistant) -> Chat:
        """The turn."""
        return Chat(context, toolboxes, assistant, self._settings.assistant_timeout)


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
    storage = SqlStorage(settings.database_url)
    try:
        await storage.migrate()
    finally:
        await storage.close()


def _assistant(settings: Settings) -> Assistant:
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
    )
    return FallbackAssistant(assistant, OfflineAssistant()) if settings.fallback == "offline" else assistant
