"""What Munshi adds to a run of the Agents SDK, and how soon the model's first token reaches the client.

    .venv/bin/python bench/assistant.py [--turns 200]

A scripted model without latency answers over HTTP in this process, so both ends are read on one clock. A turn is two
model calls with one tool call between them. CPU is that of the whole process, the scripted model's included, in both.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from agents import Agent, FunctionTool, RunConfig, Runner
from agents.models.openai_responses import OpenAIResponsesModel
from openai import AsyncOpenAI
from openai.types.responses import ResponseTextDeltaEvent
from tests.doubles.openai_server import Call, Receive, Script, ScriptedModel, Send, running

from adapters.assistant.openai import INSTRUCTIONS, OpenAIAssistant
from adapters.assistant.schemas import strict_schema
from adapters.clock import SystemClock
from adapters.storage.memory import MemoryStorage
from application.chat import Chat
from application.context import Ask, ContextManager
from application.ports import Delta
from application.toolbox import Toolboxes
from application.tools import TOOLS

ZONE = "Asia/Karachi"
REPLY = "Aap ke tasks yeh hain, jaise aap ne kaha tha aur jaise main ne likhe the."
TURN: list[Script] = [[Call("list_tasks", {"status": "all"})], REPLY]
WARM_UP = 10


class Clocked(ScriptedModel):
    """Notes when the first token of a text leaves."""

    first_token = 0.0

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """The ASGI application."""

        async def noting(message: dict[str, Any]) -> None:
            if not self.first_token and b"output_text.delta" in message.get("body", b""):
                self.first_token = time.perf_counter()
            await send(message)

        await super().__call__(scope, receive, noting)


def bare_agent(base_url: str) -> Agent[None]:
    """The same instructions and tools, made once; the tools do nothing."""

    async def invoke(_: object, arguments: str) -> str:
        return json.dumps({"tasks": [], "total": 0, "given": len(arguments)})

    tools = [FunctionTool(t.name, t.description, strict_schema(t.arguments), invoke) for t in TOOLS]
    client = AsyncOpenAI(api_key="x", base_url=base_url)
    return Agent("Bare", instructions=INSTRUCTIONS, model=OpenAIResponsesModel("m", client), tools=list(tools))


async def bare_turn(agent: Agent[None]) -> float:
    """One run of the SDK alone; when its first token came."""
    first = 0.0
    run = Runner.run_streamed(agent, "mere tasks dikhao", run_config=RunConfig(tracing_disabled=True))
    async for event in run.stream_events():
        if not first and event.type == "raw_response_event" and isinstance(event.data, ResponseTextDeltaEvent):
            first = time.perf_counter()
    return first


async def munshi_turn(chat: Chat, number: int) -> float:
    """One turn of Munshi; when its first token came."""
    first = 0.0
    live = await chat.start(Ask(f"user-{number}", "mere tasks dikhao"))
    async for event in live.events():
        if not first and isinstance(event, Delta):
            first = time.perf_counter()
    return first


async def measure(model: Clocked, turns: int) -> dict[str, list[float]]:
    """CPU ms a turn and first-token ms, both ways in turn."""
    storage, clock = MemoryStorage(), SystemClock()
    context = ContextManager(storage, clock, ZONE, timedelta(minutes=2))
    assistant = OpenAIAssistant("x", "m", model.base_url)
    chat = Chat(context, Toolboxes(storage, clock, ZONE), assistant, timeout=60)
    agent = bare_agent(model.base_url)
    figures: dict[str, list[float]] = {"bare cpu": [], "bare first": [], "munshi cpu": [], "munshi first": []}
    for number in range(turns + WARM_UP):
        for name, turn in (("bare", bare_turn(agent)), ("munshi", munshi_turn(chat, number))):
            model.rounds[:], model.first_token = list(TURN), 0.0
            begun = time.process_time()
            first = await turn
            if number >= WARM_UP:
                figures[f"{name} cpu"].append((time.process_time() - begun) * 1000)
                figures[f"{name} first"].append((first - model.first_token) * 1000)
    await assistant.close()
    return figures


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=200)
    with running(Clocked()) as model:
        figures = asyncio.run(measure(model, parser.parse_args().turns))
    print(f"{'':<46}{'median':>9}{'p95':>9}")
    for name, label in (
        ("bare cpu", "SDK alone, CPU ms a turn"),
        ("munshi cpu", "Munshi, CPU ms a turn"),
        ("bare first", "SDK alone, ms after the model's first token"),
        ("munshi first", "Munshi, ms after the model's first token"),
    ):
        values = sorted(figures[name])
        print(f"{label:<46}{statistics.median(values):>9.2f}{values[int(len(values) * 0.95)]:>9.2f}")
    ratios = [m / b for m, b in zip(figures["munshi cpu"], figures["bare cpu"], strict=True)]
    print(f"{'Munshi / SDK alone, CPU, pair by pair':<46}{statistics.median(ratios):>9.2f}")


if __name__ == "__main__":
    main()
