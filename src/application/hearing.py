"""Listening to an assistant: what it says is checked against what its tools did before anybody else hears it.

Words are passed on at once, except in a sentence that may claim a change: that is held until its end. A claim that no
tool call founds is never passed on; the assistant is asked once to do it or take it back, then we say what is true.
"""

import logging
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from application.account import honest
from application.ports import Assistant, Delta, LastCall
from application.toolbox import Toolbox
from domain.claims import Gate
from domain.claims.sentences import sentence_end
from domain.conversations import Correction, Question, ToolCall, Turn
from domain.tasks import printable
from domain.urdu import language_of

ATTEMPTS = 2

log = logging.getLogger(__name__)


class Hearing(Struct, eq=False):
    """What an assistant has said and done so far in a turn; `tell` passes each step on."""

    _tell: Callable[[Delta | ToolCall], None]
    _pieces: list[str] = []
    _is_ours: bool = True
    calls: list[ToolCall] = []
    question: Question | None = None
    last: LastCall | None = None

    @property
    def text(self) -> str:
        """The deltas joined."""
        return "".join(self._pieces)

    async def listen(self, assistant: Assistant, turn: Turn, toolbox: Toolbox) -> None:
        """Hear the assistant to its end, or to a `last` call that is yet to be made.

        There is always a text then, and it claims nothing that is not so.
        """
        for _ in range(ATTEMPTS):
            told = self.text
            correction = await self._listen_once(assistant, turn, toolbox)
            if correction is None:
                break
            log.warning("a reply claimed what no tool did; it was held back")
            turn, self.question, self.last = replace(turn, correction=correction), None, None
        if correction or (self.last is None and self.text.strip() == told.strip()):
            self._say_ours(honest(self.calls, language_of(turn.message)))

    async def _listen_once(self, assistant: Assistant, turn: Turn, toolbox: Toolbox) -> Correction | None:
        gate = Gate(lambda: self.calls)
        words = _Anew(gate, self.text) if turn.correction else gate
        said: list[str] = []
        async for event in assistant.reply(turn, toolbox):
            match event:
                case Delta():  # the one for each word: a pattern of its fields costs more than all else here
                    if event.ours:
                        self._say(words.finish())
                        self._say_ours(event.text)
                    else:
                        said.append(event.text)
                        self._is_ours = False
                        self._say(words.feed(event.text))
                case LastCall():
                    self.last = event
                case ToolCall():
                    self.calls.append(event)
                    self._tell(event)
                case Question():
                    self.question = event
        self._say(words.finish())
        # After a question of ours the person decides: what the model claimed beside it is simply not said.
        if not gate.held or self.question:
            return None
        return Correction("".join(said), tuple(claim.sentence for claim in gate.held), tuple(self.calls))

    def _say_ours(self, text: str) -> None:
        """Pass words of ours on, below those of a model."""
        below = not self._is_ours and self.text.strip() and not self.text.endswith("\n")
        self._is_ours = True
        self._say(f"\n{text}" if below else text)

    def _say(self, text: str) -> None:
        """Pass a piece of the reply on, without what no store keeps."""
        if text and (piece := printable(text)):
            self._pieces.append(piece)
            self._tell(Delta(piece))


class _Anew:
    """What a gate lets through of an answer that is given anew, but for what only repeats what was `told` before."""

    def __init__(self, gate: Gate, told: str) -> None:
        self._gate = gate
        self._told = told.lstrip()
        self._again = ""

    def feed(self, delta: str) -> str:
        """What may be shown now; nothing as long as all of it may be a repetition."""
        shown = self._gate.feed(delta)
        if not self._told:
            return shown
        self._again = (self._again + shown).lstrip()
        return "" if self._told.startswith(self._again) else self._rest()

    def finish(self) -> str:
        """The rest, once the answer is complete."""
        self._again += self._gate.finish()
        return self._rest()

    def _rest(self) -> str:
        """What is new of that which was kept back: how it goes on, or its sentences from the first other one."""
        told, again = self._told, self._again
        self._told = self._again = ""
        if again.startswith(told) or told.startswith(again):
            return again[len(told) :]
        same = 0
        while (end := sentence_end(again[same:])) and told.startswith(again[: same + end]):
            same += end
        return f"\n{again[same:].lstrip()}"
