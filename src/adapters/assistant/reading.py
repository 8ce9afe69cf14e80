"""What a message asks of the offline assistant, and whether it needs more of the conversation than the last turn."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from adapters.assistant.answering import ALL_TOOLS, TOOLS, Command, arguments_of, read_follow_up, read_pick
from adapters.assistant.guard import ASK_FROM
from adapters.assistant.recall import last_shown
from domain.conversations import Turn
from domain.urdu import Operation, parse_urdu_intents


def read_commands(turn: Turn) -> Sequence[Command]:
    """The commands of a message: what it answers to a question, else what it says by itself; at least one."""
    followed = read_follow_up(turn)
    if followed:
        return followed
    intents = parse_urdu_intents(turn.message, now=turn.now, timezone=turn.timezone)
    first = intents[0]
    if len(intents) >= ASK_FROM and first.operation in TOOLS:
        numbers = tuple(dict.fromkeys([i.task_id for i in intents if i.task_id is not None]))
        alike = all(replace(intent, task_id=first.task_id) == first for intent in intents)
        if alike and len(numbers) >= ASK_FROM:
            tool, arguments = TOOLS[first.operation], arguments_of(first, ZoneInfo(turn.timezone))
            return [Command(tool=tool, task_ids=numbers, arguments=arguments, sure=False)]
    if first.operation is Operation.NONE and not first.social and (picked := read_pick(turn)):
        return [Command(task_ids=(picked,))]
    return [Command(intent=intent) for intent in intents]


def refers_back(turn: Turn, commands: Sequence[Command]) -> bool:
    """Whether what was said before the last turn may decide what these commands mean."""
    points = False
    for command in commands:
        intent = command.intent
        if "undo" in (command.tool, ALL_TOOLS.get(intent.operation)):
            return True
        points = points or bool(intent.pronoun or intent.ordinal or intent.rest)
    return points and not last_shown(turn.history).task_ids
