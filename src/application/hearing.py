"""Listening to an assistant: what it says is checked against what its tools did before anybody else hears it.

Words are passed on at once, except in a sentence that may claim a change: that is held until its end. A claim that no
tool call founds is never passed on; the assistant is asked once to do it or take it back, then we say what is true.
"""

import logging
from collections.abc import Callable

from msgspec.structs import replace

from application.account import honest
from application.ports import Assistant, Delta, LastCall
from application.toolbox import Toolbox
from domain.claims import Gate
from domain.conversations import Correction, Question, ToolCall, Turn
from domain.tasks import printable
from domain.urdu import language_of

ATTEMPTS = 2

log = logging.getLogger(__name__)


class Hearing:
    """What an assistant has said and done so far in a turn; `tell` passes each step on."""

    def __init__(self, tell: Callable[[Delta | ToolCall], None]) -> None:
        self._tell = tell
        self._pieces: list[str] = []
        self.calls: list[ToolCall] = []
        self.question: Question | None = None
        self.last: LastCall | None = None

    @property
    def text(self) -> str:
        """The deltas joined."""
        return "".join(self._pieces)

    async def listen(self, assistant: Assistant, turn: Turn, toolbox: Toolbox) -> None:
        """Hear the assistant to its end, or to a `last` call that is yet to be made.

        There is always a text then, and it claims nothing that is not so.
        """
        for _ in range(ATTEMPTS):
            correction = await self._listen_once(assistant, turn, toolbox)
            if correction is None:
                break
            log.warning("a reply claimed what no tool did; it was held back")
            turn, self.question, self.last = replace(turn, correction=correction), None, None
            self._say("\n" if self.text.strip() else "")
        else:
            self._say(honest(self.calls, language_of(turn.message)))
        if not self.text.strip() and self.last is None:
            self._say(honest(self.calls, language_of(turn.message)))

    async def _listen_once(self, assistant: Assistant, turn: Turn, toolbox: Toolbox) -> Correction | None:
        gate = Gate(lambda: self.calls)
        said: list[str] = []
        async for event in assistant.reply(turn, toolbox):
            match event:
                case Delta():  # the one for each word: a pattern of its fields costs more than all else here
                    if event.ours:
                        self._say(gate.finish() + event.text)
                    else:
                        said.append(event.text)
                        self._say(gate.feed(event.text))
                case ToolCall():
                    self.calls.append(event)
                    self._tell(event)
                case Question():
                    self.question = event
                case LastCall():
                    self.last = event
        self._say(gate.finish())
        # After a question of ours the person decides: what the model claimed beside it is simply not said.
        if not gate.held or self.question:
            return None
        return Correction("".join(said), tuple(claim.sentence for claim in gate.held), tuple(self.calls))

    def _say(self, text: str) -> None:
        """Pass a piece of the reply on, without what no store keeps."""
        piece = printable(text)
        if piece:
            self._pieces.append(piece)
            self._tell(Delta(piece))
