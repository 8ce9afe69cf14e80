"""Munshi as it is served, with an assistant that speaks at a pace: streams that stay open without a model's client.

The offline assistant ends a turn within milliseconds, so streams of it can't be held open. This one takes its place
through its port; everything else, from the socket to the database, is the service as it is.

python -m bench.turns.paced serve --port 0      a message "40 words every 50 ms" is answered so
"""

import asyncio
import re
import sys
from collections.abc import AsyncIterator

from dishka import Provider, Scope, provide

from application.ports import Assistant, Delta
from application.toolbox import Toolbox
from domain.conversations import Turn
from entrypoints import cli, wiring
from entrypoints.http import server

ASKED = re.compile(r"(\d+) words every (\d+) ms")


class PacedAssistant(Assistant):
    """Says "w0 w1 …" at the pace that the message asks for; anything else is answered with a word."""

    name = "paced"
    memory = 1

    async def reply(self, turn: Turn, toolbox: Toolbox) -> AsyncIterator[Delta]:  # noqa: ARG002
        asked = ASKED.search(turn.message)
        words, pause = (int(asked[1]), int(asked[2]) / 1000) if asked else (1, 0.0)
        for number in range(words):
            await asyncio.sleep(pause)
            yield Delta(f"w{number} ")

    async def close(self) -> None:
        """Nothing is open."""


class Paced(Provider):
    scope = Scope.APP

    @provide(override=True)
    def assistant(self) -> Assistant:
        return PacedAssistant()


if __name__ == "__main__":
    server.container_for = lambda settings: wiring.container_for(settings, Paced())
    sys.exit(cli.main())
