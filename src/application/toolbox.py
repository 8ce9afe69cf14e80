"""The tools in the hands of one verified user: arguments validated, effect and record committed together."""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Raw, Struct

from application.observing import Kind, Observation, Observer, Unobserved
from application.ports import Clock, Transactions, Unit
from application.tools import TOOLS, Desk, Tool
from domain.conversations import Message, ToolCall, ToolError, window
from domain.errors import NUMBER_MAX, Invalid, MunshiError
from domain.tasks import Task, one_line

R = TypeVar("R", bound=Struct)
K = TypeVar("K")
NAME_MAX = 64
RESULTS_MAX = 1 << 20
"""Bytes of results after which a turn begins nothing more: in one message there is room for 600 lists of long tasks."""
BRACKETS_MAX = 500
"""In JSON that is kept: what is nested a thousand deep can be written and, from deeper in the program, not be read."""
TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"')
BY_NAME: dict[str, Tool[Any, Any]] = {tool.name: tool for tool in TOOLS}


class Toolboxes:
    """Makes the toolbox of a verified user; `timezone` serves where the user's own is not known."""

    def __init__(self, storage: Transactions, clock: Clock, timezone: str, observer: Observer | None = None) -> None:
        self._storage = storage
        self._clock = clock
        self._timezone = timezone
        self._observer = observer or Unobserved()

    def of(
        self,
        user_id: str,
        batch: str | None = None,
        place: tuple[int, int] | None = None,
        zone: ZoneInfo | None = None,
        within: Transactions | None = None,
    ) -> "Toolbox":
        """Bound to this user. Changes under one `batch` are undone together; a `place` records each call there.

        A toolbox with a place belongs to a turn: `batch` is the turn's id, `zone` the turn's, else the user's. That of
        a script works `within` its transactions.
        """
        bound, storage = batch or secrets.token_hex(12), within or self._storage
        return Toolbox(storage, self._clock, user_id, self._timezone, bound, place, self._observer, zone)


class Toolbox(Struct, eq=False):
    """Every tool, bound to one user.

    With a place (conversation and reply) each call is recorded there, in the transaction of its effect, as long as
    the turn runs: a process that was taken for dead must not act after its turn was told as ended.
    """

    _storage: Transactions
    _clock: Clock
    _user_id: str
    _timezone: str
    _batch: str
    _place: tuple[int, int] | None
    _observer: Observer
    _zone: ZoneInfo | None = None
    _brought: int = 0
    _is_stopped: bool = False
    is_used: bool = False
    """Whether a call was begun; it may have its effect and nobody heard of it yet."""

    @property
    def is_full(self) -> bool:
        """Whether its calls have brought as much as one turn may."""
        return self._brought > RESULTS_MAX

    def stop(self) -> None:
        """Begin no more transactions: what asks for one is cancelled."""
        self._is_stopped = True

    async def call(self, name: str, arguments: bytes) -> ToolCall:
        """Call a tool by name with JSON arguments; what goes wrong is in the returned call, and recorded too.

        Raises StorageUnavailable and TurnGivenUp only: then neither effect nor record was kept.
        """
        self.is_used = True
        call = await self.call_last(name, arguments, self._record)
        self._brought += len(bytes(call.result or b""))
        return call

    async def call_last(self, name: str, arguments: bytes, close: Callable[[Unit, ToolCall], K]) -> K:
        """The same, but recorded by `close`, which ends the turn in the transaction of the effect; what that returns.

        `close` may be called a second time, when nothing was kept of the first.
        """
        with self._observed(name) as seen:
            try:
                tool = _tool_named(name)
                asked, words = _decoded(tool, arguments), Raw(arguments or b"{}")
                return await self._run(lambda unit: close(unit, self._done(unit, tool, asked, words)))
            except _Refused as refused:
                error = refused.error
            seen.outcome = error.code
            return await self._refused(name, arguments, error, close)

    async def refuse(self, name: str, arguments: bytes, error: ToolError) -> ToolCall:
        """Record a call that was not made, and why."""
        with self._observed(name) as seen:
            seen.outcome = error.code
            return await self._refused(name, arguments, error, self._record)

    async def _refused(self, name: str, arguments: bytes, error: ToolError, keep: Callable[[Unit, ToolCall], K]) -> K:
        refused = ToolCall(one_line(name)[:NAME_MAX], _as_json(arguments), error=error)

        def work(unit: Unit) -> K:
            return keep(unit, refused)

        return await self._run(work)

    async def task(self, task_id: int) -> Task | None:
        """The user's task of this number, without a record; None where there is none."""
        known = 0 < task_id <= NUMBER_MAX
        return await self._run(lambda unit: unit.tasks.get(task_id)) if known else None

    async def last_changed(self) -> list[Task]:
        """The tasks that undo would put back, remove or revert, each once and without a record."""
        changes = await self._run(lambda unit: unit.tasks.last_changes())
        changed = [task for change in changes if (task := change.after or change.before)]
        return list({task.id: task for task in changed}.values())

    async def said_before(self, limit: int) -> tuple[Message, ...]:
        """The newest messages before the turn, oldest first and without a record; none where it belongs to no turn."""
        if self._place is None:
            return ()
        conversation_id, reply_id = self._place
        asked = reply_id - 1
        return window(await self._run(lambda unit: unit.conversations.newest(conversation_id, limit, asked)))

    async def tokens_today(self) -> int:
        """What the user's turns took of a model since midnight UTC, which is the same for whatever zone they name."""
        today = self._clock.now().date()
        return await self._run(lambda unit: unit.tokens_spent(today))

    async def spend(self, tokens: int) -> None:
        """Count what a run took of a model."""
        today = self._clock.now().date()
        await self._run(lambda unit: unit.spend_tokens(today, tokens))

    async def use(self, tool: Callable[[Desk, Any], R], asked: Struct) -> R:
        """Run a tool without words and without a record; raises its domain errors."""
        return await self._run(lambda unit: tool(self._desk(unit), asked))

    def _run(self, work: Callable[[Unit], K]) -> Awaitable[K]:
        if self._is_stopped:
            raise asyncio.CancelledError
        return self._storage.run(self._user_id, work)

    def _observed(self, name: str) -> Observation:
        return Observation(self._observer, Kind.TOOL, name if name in BY_NAME else "unknown")

    def _done(self, unit: Unit, tool: Tool[Any, Any], asked: Struct, arguments: Raw) -> ToolCall:
        try:
            result: Struct = tool.run(self._desk(unit), asked)
        except MunshiError as error:
            raise _Refused(ToolError(error.code, error.message)) from error
        return ToolCall(tool.name, arguments, result=Raw(msgspec.json.encode(result)))

    def _record(self, unit: Unit, call: ToolCall) -> ToolCall:
        """Raises TurnGivenUp, which drops the effect too, where the turn does not run any more."""
        if self._place:
            conversation_id, reply_id = self._place
            unit.conversations.record(conversation_id, reply_id, self._batch, call)
        return call

    def _desk(self, unit: Unit) -> Desk:
        zone = self._zone or ZoneInfo(unit.timezone or self._timezone)
        return Desk(unit, self._clock.now(), zone, self._batch, self._place[0] if self._place else None)


class _Refused(Exception):
    """Carries a tool's error out of its transaction, which is rolled back."""

    def __init__(self, error: ToolError) -> None:
        super().__init__(error.code)
        self.error = error


def _tool_named(name: str) -> Tool[Any, Any]:
    if name not in BY_NAME:
        raise _Refused(ToolError("unknown_tool", f"There is no tool {name[:64]!r}; there are {', '.join(BY_NAME)}."))
    return BY_NAME[name]


def _decoded(tool: Tool[Any, Any], arguments: bytes) -> Struct:
    try:
        asked: Struct = msgspec.json.decode(arguments or b"{}", type=tool.arguments)
    except msgspec.ValidationError as fault:
        raise _Refused(ToolError(Invalid.code, str(fault))) from fault
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        raise _Refused(ToolError("malformed_json", "The arguments are not JSON.")) from fault
    return asked


def _as_json(arguments: bytes) -> Raw:
    """The arguments as given; what is no JSON is kept as a JSON string, so that the record stays readable."""
    if is_readable(arguments, BRACKETS_MAX):
        return Raw(arguments or b"{}")
    return Raw(msgspec.json.encode(arguments.decode(errors="replace")))


def is_readable(arguments: bytes, brackets: int) -> bool:
    """Whether the arguments are JSON that opens no more than so many brackets; those in its texts open nothing."""
    try:
        msgspec.json.decode(arguments or b"{}")
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return False
    return _brackets(arguments) <= brackets or _brackets(TEXT.sub(b"", arguments)) <= brackets


def _brackets(arguments: bytes) -> int:
    return arguments.count(b"[") + arguments.count(b"{")
