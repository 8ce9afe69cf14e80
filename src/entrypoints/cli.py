"""The `munshi` command: serve, chat in the terminal, speak MCP, sign a token, migrate."""

import argparse
import asyncio
import gc
import io
import ipaddress
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import asdict

from domain.errors import MunshiError
from entrypoints.settings import Settings, WrongSetting, make_data_dir, read_settings

LOCAL_USER = "local"
LOCAL_DAYS = 30
COLLECTED_AFTER = (20_000, 10, 20)
"""So many new objects before garbage is looked for: Python's 700 are less than one turn makes, and delay a start."""
DESCRIPTION = "Munshi keeps your tasks by conversation, in Roman Urdu, Urdu and English."
EXAMPLES = """examples:
  munshi serve                        on http://127.0.0.1:8000, with SQLite and the offline assistant
  munshi serve --host 0.0.0.0 --port 80     (with JWT_SECRET_KEY or JWKS_URL set)
  munshi chat                         the same conversation in this terminal; "khuda hafiz" or exit ends it
  munshi mcp                          the tools for an MCP client that starts this command
  munshi token ali                    a token for the user "ali", for curl
  munshi parse "kal 5 baje chai"      how a message is read
  munshi migrate                      bring the database of DATABASE_URL to the newest version

Settings come from the environment: OPENAI_API_KEY, JWT_SECRET_KEY, DATABASE_URL, DATA_DIR, TIMEZONE, …; see README.md.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it went well, 2 with a sentence on stderr for a wrong setting."""
    asked = _parser().parse_args(arguments)
    gc.set_threshold(*COLLECTED_AFTER)
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr
    )
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without Urdu shows the rest
    try:
        settings = read_settings()
        make_data_dir(settings)
        command: Callable[[argparse.Namespace, Settings], int] = asked.command
        ended = command(asked, settings)
        sys.stdout.flush()
        return ended
    except (WrongSetting, MunshiError) as error:
        sys.stderr.write(f"munshi: {error}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Nobody reads on, as after `| head`; what Python would still flush goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "munshi", description=DESCRIPTION, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    serve = commands.add_parser("serve", help="serve HTTP and the page")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=_port, default=8000, help="port; 0 takes a free one (default: %(default)s)")
    serve.set_defaults(command=_serve)
    chat = commands.add_parser("chat", help="talk in this terminal")
    chat.add_argument("--user", default=LOCAL_USER, help="whose tasks (default: %(default)s)")
    chat.add_argument(
        "--conversation", default="terminal", help="which conversation, by a name of yours (default: %(default)s)"
    )
    chat.set_defaults(command=_chat)
    mcp = commands.add_parser("mcp", help="speak the Model Context Protocol on stdin and stdout")
    mcp.add_argument("--user", default=LOCAL_USER, help="whose tasks (default: %(default)s)")
    mcp.set_defaults(command=_mcp)
    token = commands.add_parser("token", help="print a token for a user")
    token.add_argument("user", help="the user it names")
    token.add_argument("--days", type=float, default=LOCAL_DAYS, help="how long it is good (default: %(default)s)")
    token.set_defaults(command=_token)
    parse = commands.add_parser("parse", help="show how a message is read")
    parse.add_argument("message", help="what somebody might say")
    parse.add_argument("--json", action="store_true", help="as JSON, one command of the message a line")
    parse.set_defaults(command=_parse)
    migrate = commands.add_parser("migrate", help="bring the database to the newest version")
    migrate.set_defaults(command=_migrate)
    return parser


def _port(value: str) -> int:
    port = int(value)
    if not 0 <= port < 1 << 16:
        raise argparse.ArgumentTypeError("must be 0 to 65535")
    return port


def _serve(asked: argparse.Namespace, settings: Settings) -> int:
    from entrypoints.http.server import serve  # noqa: PLC0415

    if settings.is_local and not _is_loopback(asked.host):
        raise WrongSetting("JWT_SECRET_KEY", f"(or JWKS_URL) must be set to listen on {asked.host}")

    def announce(address: str) -> None:
        sign_in = f"/#token={_local_token(settings, LOCAL_USER, LOCAL_DAYS)}" if settings.is_local else "/"
        sys.stdout.write(f"Munshi is ready: {address}{sign_in}\n")
        sys.stdout.flush()

    return _run(serve(settings, asked.host, asked.port, announce))


def _chat(asked: argparse.Namespace, settings: Settings) -> int:
    from entrypoints.terminal import talk  # noqa: PLC0415

    return _run(talk(settings, asked.user, asked.conversation))


def _mcp(asked: argparse.Namespace, settings: Settings) -> int:
    from entrypoints.mcp.stdio import speak  # noqa: PLC0415

    return _run(speak(settings, asked.user))


def _token(asked: argparse.Namespace, settings: Settings) -> int:
    if settings.jwks_url:
        raise WrongSetting("JWKS_URL", "is set: its issuer signs the tokens, not Munshi")
    sys.stdout.write(_local_token(settings, asked.user, asked.days) + "\n")
    return 0


def _parse(asked: argparse.Namespace, settings: Settings) -> int:
    from domain.urdu import parse_urdu_intents  # noqa: PLC0415

    for intent in parse_urdu_intents(asked.message, timezone=settings.timezone):
        if asked.json:
            sys.stdout.write(msgspec.json.encode(intent).decode() + "\n")
            continue
        said = {name: value for name, value in asdict(intent).items() if value not in (None, False, ())}
        if intent.due:
            said["due"] = intent.due.iso(ZoneInfo(settings.timezone))
        width = max(map(len, said))
        sys.stdout.write("".join(f"{name:<{width}}  {_shown(value)}\n" for name, value in said.items()) + "\n")
    return 0


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _migrate(_: argparse.Namespace, settings: Settings) -> int:
    from entrypoints.wiring import migrate  # noqa: PLC0415

    _run(migrate(settings))
    sys.stdout.write("The database is current.\n")
    return 0


def _local_token(settings: Settings, user: str, days: float) -> str:
    from entrypoints.wiring import issue_token  # noqa: PLC0415

    return issue_token(settings, user, timedelta(days=days))


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _run(work: Awaitable[int | None]) -> int:
    async def whole() -> int | None:
        return await work

    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(whole()) or 0


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop  # noqa: PLC0415

    return uvloop.new_event_loop


if __name__ == "__main__":
    sys.exit(main())
