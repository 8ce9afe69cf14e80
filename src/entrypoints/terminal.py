"""Munshi in the terminal: the same turn, told as text while it happens."""

import asyncio
import sys

from application.chat import Chat
from application.context import Ask
from application.live import TurnFailed
from application.ports import Delta
from domain.conversations import checked_key
from domain.errors import MunshiError
from domain.urdu import Reply, language_of, say, takes_leave
from domain.users import checked_user
from entrypoints.settings import Settings
from entrypoints.wiring import container_for

PROMPT = "aap> "
LEAVING = ("exit", "quit")
GREETING = "Munshi hazir hai. Kahiye, kya likhna hai? (khuda hafiz, exit ya Ctrl-D: khatam)\n"


async def talk(settings: Settings, user: str, conversation: str) -> int:
    """Read lines until a farewell or the end of the input, and answer each; errors are said and the talk goes on.

    Raises Invalid for a name that no user or no conversation can have.
    """
    checked_user(user)
    checked_key(conversation)
    container = container_for(settings)
    try:
        chat = await container.get(Chat)
        interactive = sys.stdin.isatty()
        sys.stdout.write(GREETING if interactive else "")
        while (line := await asyncio.to_thread(_read_line, interactive)) is not None:
            if takes_leave(line) or line.strip().lower() in LEAVING:
                sys.stdout.write(say(Reply.FAREWELL, language_of(line)) + "\n")
                break
            if line.strip():
                await _turn(chat, Ask(user, line, conversation))
    finally:
        await container.close()
    return 0


async def _turn(chat: Chat, ask: Ask) -> None:
    try:
        live = await chat.start(ask)
        async for event in live.events():
            if isinstance(event, Delta):
                sys.stdout.write(event.text)
            elif isinstance(event, TurnFailed):
                raise event.error
            sys.stdout.flush()
    except MunshiError as error:
        sys.stdout.write(f"! {error.message}")
    sys.stdout.write("\n")


def _read_line(interactive: bool) -> str | None:
    if interactive:
        sys.stdout.write(PROMPT)
        sys.stdout.flush()
    return sys.stdin.readline() or None
