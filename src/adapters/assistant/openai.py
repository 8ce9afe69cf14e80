"""The OpenAI assistant: the Agents SDK over the toolbox, against OpenAI or any server that speaks one of its APIs."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from copy import copy
from datetime import UTC, timedelta
from math import ceil, inf
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from agents import (
    Agent,
    FunctionTool,
    ModelResponse,
    ModelSettings,
    ModelTracing,
    RunConfig,
    RunContextWrapper,
    RunHooks,
    Runner,
    ToolExecutionConfig,
    TResponseInputItem,
    trace,
)
from agents import Tool as SDKTool
from agents.exceptions import AgentsException, MaxTurnsExceeded, ModelRefusalError
from agents.tool_context import ToolContext

from adapters.assistant.answering import read_follow_up
from adapters.assistant.models import ENDING, FILTERED, WHOLE, Ending, HeardModel, asks_for_tools, model_of
from adapters.assistant.offline import CONFIRM, OfflineAssistant
from adapters.assistant.recall import spoken_language
from adapters.assistant.schemas import strict_schema
from adapters.assistant.voice import Found, Voice
from adapters.assistant.wire import DEADLINE, Service, ServiceFault, Unreachable
from adapters.assistant.work import Work, bounded
from application.account import outcomes
from application.observing import Observer, Unobserved
from application.ports import Assistant, AssistantUnavailable, Delta, Step
from application.toolbox import Toolbox
from application.tools import TOOLS, Tool
from domain.claims.patterns import patterns
from domain.conversations import HISTORY_MESSAGES, Question, QuestionKind, ToolCall, Turn
from domain.errors import MunshiError
from domain.urdu import Intent, Reply

ROUNDS_MAX = 12
LATE = 0.2
"""Seconds after which a word waited because the process is busy, not because of the way it takes."""
FOLDER = Path(__file__).parent
INSTRUCTIONS = (FOLDER / "instructions.txt").read_text("utf-8")
NOW = (FOLDER / "now.txt").read_text("utf-8")
CORRECTION = (FOLDER / "correction.txt").read_text("utf-8")
HINTED = ("operation", "title", "priority", "due_text", "repeat", "task_id", "confidence")

log = logging.getLogger(__name__)
# The SDK logs the messages themselves, and what sends its traces a line for each request.
for _name in ("httpx2", "openai.agents"):
    logging.getLogger(_name).setLevel(logging.ERROR)


class OpenAIAssistant(Assistant):
    """Client and agent are made once; a run brings its own toolbox. `api` is "responses" or "chat".

    `tracing` sends what is said to the provider's trace collector: only where somebody asked for it. A user who took
    `tokens_per_day` is told so instead of an answer; a turn that has begun is finished. `timeout`: the seconds that a
    turn has, of which no wait for the service takes the rest.
    """

    name = "openai"
    memory = HISTORY_MESSAGES

    def __init__(
        self,
        api_key: str,
        model: str,
        base_url: str | None = None,
        api: str = "responses",
        tracing: bool = False,
        observer: Observer | None = None,
        tokens_per_day: int | None = None,
        timeout: float = inf,
    ) -> None:
        self._timeout = timeout
        self._tokens_per_day = tokens_per_day
        self._config = RunConfig(
            tracing_disabled=not tracing,
            tracing=None if tracing else {"include_task_and_turn_spans": False},
            tool_execution=ToolExecutionConfig(max_function_tool_concurrency=1),
            tool_not_found_behavior="return_error_to_model",
        )
        self._service = Service(api_key, base_url)
        self._model = model_of(api, model, self._service, observer or Unobserved())
        self._agent = _Clerk(
            name="Munshi",
            instructions=INSTRUCTIONS,
            model=HeardModel(self._model),
            # Over Chat Completions most servers tell what an answer took only when they are asked.
            model_settings=ModelSettings(include_usage=True) if tokens_per_day else ModelSettings(),
            tool_use_behavior="stop_on_first_tool",
        )
        self._hooks = _Hooks()
        # Every word of a model is held against them; the first should not wait until they are read.
        patterns()
        self._offline = OfflineAssistant()

    async def reply(self, turn: Turn, toolbox: Toolbox) -> AsyncIterator[Step]:
        """See the port. The answer to a confirmation is carried out by ourselves: exactly those tasks, once."""
        if _answers_confirmation(turn):
            if turn.correction is None:
                async for step in self._offline.reply(turn, toolbox):
                    yield step
            return
        if turn.correction is None and await self._is_used_up(toolbox):
            yield Delta(_used_up(turn), ours=True)
            return
        if turn.correction is None:
            DEADLINE.set(time.monotonic() + self._timeout)
        heard = _Heard()
        ending = Ending(heard.tell)
        ENDING.set(ending)
        work = Work(turn, toolbox, ending, heard.tell)
        run = asyncio.ensure_future(self._run(turn, work))
        run.add_done_callback(lambda _: heard.tell(None))
        try:
            while told := await heard.next():
                yield told
            await run
            last = _last_words(turn, work, ending)
        except MaxTurnsExceeded:
            last = [Delta(_said(turn, Reply.NO_ANSWER), ours=True)]
        except ModelRefusalError:
            last = [Delta(_said(turn, Reply.WITHHELD), ours=True)] if ending.reason == FILTERED else []
        except (ServiceFault, AgentsException, ValueError, OSError) as fault:
            if work.fault or ending.reason in (None, *WHOLE, "failed"):
                raise work.fault or _unavailable(fault) from fault
            last = _last_words(turn, work, ending)
        finally:
            # No tool runs on when nobody listens any more.
            run.cancel()
            await asyncio.wait([run])
            await self._count(toolbox, ending)
        for step in last:
            yield step

    async def _run(self, turn: Turn, work: Work) -> None:
        """The model's answers, and what they ask for, until one only speaks or the person must be asked.

        The SDK runs what an answer asks for, and that alone: a run takes more than all else in a turn, and 26 KB as
        long as it lasts, which nothing should while a model thinks and speaks.
        """
        said, ending = _input(turn, work.first), ENDING.get()
        with trace("Munshi", disabled=self._config.tracing_disabled):
            for _ in range(ROUNDS_MAX):
                ending.first = await self._answer(said)
                if not asks_for_tools(ending.first):
                    return
                said = await self._acted(said, work)
                # After calls of nothing but unknown tools, the run has heard the next answer itself.
                if work.held or not ending.calls:
                    return
        raise MaxTurnsExceeded(f"There were {ROUNDS_MAX} rounds.")

    async def _acted(self, said: list[TResponseInputItem], work: Work) -> list[TResponseInputItem]:
        """What was said until now, and what was done upon the last answer."""
        ran = await Runner.run(
            # Runs that share an agent are compared, each with all the others; a copy has none beside it.
            copy(self._agent),
            said,
            context=work,
            max_turns=ROUNDS_MAX,
            run_config=self._config,
            hooks=self._hooks,
        )
        return ran.to_input_list()

    async def _answer(self, said: list[TResponseInputItem]) -> ModelResponse:
        return await self._model.get_response(
            INSTRUCTIONS,
            said,
            self._agent.model_settings,
            [*FUNCTIONS],
            None,
            [],
            ModelTracing.DISABLED if self._config.tracing_disabled else ModelTracing.ENABLED,
            previous_response_id=None,
            conversation_id=None,
            prompt=None,
        )

    async def _is_used_up(self, toolbox: Toolbox) -> bool:
        return self._tokens_per_day is not None and await toolbox.tokens_today() >= self._tokens_per_day

    async def _count(self, toolbox: Toolbox, ending: Ending) -> None:
        """What a run took, however it ended; what it did is recorded whether or not this can be."""
        if self._tokens_per_day is None:
            return
        if ending.untold:
            log.warning("the model's service does not tell what an answer took: only its words are counted")
        try:
            if spent := ending.spent:
                await toolbox.spend(spent)
        except MunshiError as fault:
            log.warning("what a run took of the model could not be counted: %s", fault.code)

    async def close(self) -> None:
        """See the port."""
        await self._service.close()


class _Clerk(Agent[Work]):
    async def get_all_tools(self, run_context: RunContextWrapper[Work]) -> list[SDKTool]:  # noqa: ARG002
        """See the SDK, which else asks each tool, in a task of its own, whether it is there."""
        return [*FUNCTIONS]


class _Hooks(RunHooks[Work]):
    async def on_llm_end(self, context: RunContextWrapper[Work], agent: Agent[Work], response: ModelResponse) -> None:  # noqa: ARG002
        """The calls of unknown tools are recorded before the others run."""
        await context.context.note_unknown()


class _Heard:
    """What a run tells, in order, until its end; words that had to wait because the process is busy go on together."""

    def __init__(self) -> None:
        self._told: list[tuple[float, str | ToolCall | None]] = []
        self._waiting: asyncio.Future[None] | None = None

    def tell(self, step: str | ToolCall | None) -> None:
        """Words, a recorded call, or None for the end."""
        self._told.append((time.monotonic(), step))
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)

    async def next(self) -> Step | None:
        """What was told next; None at the end."""
        while not self._told:
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        at, step = self._told.pop(0)
        return Delta(step + self._late_words(at)) if isinstance(step, str) else step

    def _late_words(self, at: float) -> str:
        words: list[str] = []
        if self._told and time.monotonic() - at > LATE:
            while self._told and isinstance(step := self._told[0][1], str):
                words.append(step)
                del self._told[0]
        return "".join(words)


def _answers_confirmation(turn: Turn) -> bool:
    asked = turn.history[-1].question if turn.history else None
    return asked is not None and asked.kind is QuestionKind.CONFIRM and bool(read_follow_up(turn))


def _last_words(turn: Turn, work: Work, ending: Ending) -> list[Delta | Question]:
    """What we say ourselves after the model: a question about what was held, or that its answer is not whole."""
    if work.held:
        return _confirmation(turn, work)
    if ending.reason is None:
        raise AssistantUnavailable("The model's answer was cut off.")
    if ending.reason == FILTERED:
        return [Delta(_said(turn, Reply.WITHHELD), ours=True)]
    return [] if ending.reason in WHOLE else [Delta(_said(turn, Reply.CUT_SHORT), ours=True)]


def _confirmation(turn: Turn, work: Work) -> list[Delta | Question]:
    question = work.question()
    zone = ZoneInfo(turn.timezone)
    voice = Voice(spoken_language(turn), turn.now, zone)
    tasks = [held.task for held in work.held if held.task and held.task.id in question.task_ids]
    found = [
        Found(
            task.id,
            _rewritten(task.title, question),
            task.priority,
            task.due.iso(zone) if task.due else None,
            status=task.status,
        )
        for task in tasks
    ]
    if question.tool in CONFIRM:
        asked = voice.say(CONFIRM[question.tool], count=len(found), lines=voice.lines(found))
    elif question.tool == "add_task":
        asked = voice.say(Reply.CONFIRM_ADD, title=_written(question))
    else:
        asked = voice.say(Reply.CONFIRM_UNDO)
    return [Delta("\n".join([*outcomes(work.made, voice.language), asked]), ours=True), question]


def _rewritten(title: str, question: Question) -> str:
    """A task as it is and as it would be: nobody should say yes to what was not shown."""
    written = _written(question)
    return f"{title} → {written}" if written else title


def _written(question: Question) -> str:
    """All that the question's change would write into a task, in one line."""
    fields = msgspec.json.decode(question.arguments, type=dict[str, Any])
    return "; ".join(", ".join(value) if isinstance(value, list) else str(value) or "-" for value in fields.values())


def _said(turn: Turn, reply: Reply) -> str:
    return Voice(spoken_language(turn), turn.now, ZoneInfo(turn.timezone)).say(reply)


def _used_up(turn: Turn) -> str:
    midnight = (turn.now.astimezone(UTC) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    zone = ZoneInfo(turn.timezone)
    voice = Voice(spoken_language(turn), turn.now, zone)
    return voice.say(Reply.USED_UP, due=voice.due(midnight.astimezone(zone).isoformat()))


def _input(turn: Turn, first: Intent) -> list[TResponseInputItem]:
    said: list[TResponseInputItem] = [
        {"role": message.role.value, "content": message.text} for message in turn.history if message.text
    ]
    said += [{"role": "system", "content": _now(turn, first)}, {"role": "user", "content": turn.message}]
    if turn.correction:
        note = CORRECTION.format(
            claims="; ".join(turn.correction.claims), calls=bounded(msgspec.json.encode(turn.correction.calls).decode())
        )
        said += [{"role": "assistant", "content": turn.correction.reply}, {"role": "system", "content": note}]
    return said


def _now(turn: Turn, first: Intent) -> str:
    """The moment and the domain's own reading of the message: a hint that helps a small model with Roman Urdu."""
    reading = {name: value for name in HINTED if (value := getattr(first, name)) is not None}
    now = turn.now.astimezone(ZoneInfo(turn.timezone)).strftime("%A %Y-%m-%d %H:%M")
    return NOW.format(now=now, zone=turn.timezone, reading=msgspec.json.encode(reading).decode())


def _function_tool(tool: Tool[Any, Any]) -> FunctionTool:
    async def invoke(context: ToolContext[Work], arguments: str) -> str:
        return await context.context.call(tool.name, arguments)

    return FunctionTool(
        name=tool.name,
        description=tool.description,
        params_json_schema=strict_schema(tool.arguments),
        on_invoke_tool=invoke,
        strict_json_schema=True,
    )


FUNCTIONS = [_function_tool(tool) for tool in TOOLS]


def _unavailable(fault: Exception) -> AssistantUnavailable:
    log.warning(
        "the model's service %s", fault if isinstance(fault, ServiceFault) else f"failed: {type(fault).__name__}"
    )
    if isinstance(fault, ServiceFault) and fault.status:
        pause = 5 if fault.pause is None else ceil(max(fault.pause, 0))
        return AssistantUnavailable(f"The model's service answered {fault.status}.", pause)
    if isinstance(fault, Unreachable | OSError):
        return AssistantUnavailable("The model's service does not answer.")
    return AssistantUnavailable("The model's service does not answer as it should.")
