"""ContextManager: the conversations of a user, what was said in them, and how a turn is written down."""

import secrets
from collections.abc import Collection, Coroutine
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from application.account import account, changed_tasks, stopped
from application.ports import Clock, Script, Storage, T, Transactions, Unit
from domain.conversations import (
    ASSISTANT,
    HISTORY_MESSAGES,
    IN_PROGRESS,
    USER,
    Conversation,
    Feedback,
    KeyedTurn,
    Message,
    MessageStatus,
    ToolCall,
    Turn,
    TurnKey,
    checked_key,
    checked_message,
    checked_title,
    title_from,
    window,
)
from domain.errors import (
    NUMBER_MAX,
    ConversationBusy,
    ConversationMoved,
    ConversationNotFound,
    IdempotencyMismatch,
    TurnGivenUp,
    TurnInProgress,
)
from domain.timezones import checked_timezone
from domain.urdu import language_of


class Ask(Struct, frozen=True):
    """What a user says: in which conversation (its number, its name, or a new one), where, and under which key.

    `after`: the message that must still be the last one when this is said, as for the answer to its question.
    `replaces`: the user's message in whose place this one is said; it and all after it are forgotten.
    """

    user_id: str
    message: str
    conversation: int | str | None = None
    timezone: str | None = None
    idempotency_key: str | None = None
    fingerprint: str = ""
    after: int | None = None
    replaces: int | None = None


class OpenedTurn(Struct, frozen=True):
    """A turn whose message is committed. `answered` is the reply of a turn that already ran under the same key."""

    turn: Turn
    reply_id: int
    answered: Message | None = None


class ContextManager:
    """Reads and writes conversations; what a script does too, it does `within` its transactions.

    A turn that shows no sign of life for `lease` and never ended belongs to a process that died.
    """

    def __init__(self, storage: Storage, clock: Clock, timezone: str, lease: timedelta) -> None:
        self._storage = storage
        self._clock = clock
        self._timezone = timezone
        self._lease = lease

    def run_through(self, script: Script[T]) -> Coroutine[Any, Any, T]:
        """See Storage."""
        return self._storage.run_through(script)

    async def fetch_chat_history(
        self, user_id: str, conversation: int | str, limit: int = HISTORY_MESSAGES
    ) -> tuple[Message, ...]:
        """The newest `limit` messages, oldest first. Raises ConversationNotFound."""
        return await self._storage.run(user_id, lambda unit: history_of(unit, conversation, limit))

    async def record_interaction(
        self,
        user_id: str,
        conversation: int | str | None,
        message: str,
        response: str,
        calls: tuple[ToolCall, ...] = (),
    ) -> Conversation:
        """Write down a turn that was held elsewhere: message, reply and tool calls in one transaction.

        Raises Invalid, ConversationNotFound; ConversationBusy while a turn of the conversation runs.
        """
        text = checked_message(message)

        def work(unit: Unit) -> Conversation:
            now = self._clock.now()
            place = find_or_start(unit, conversation, text, now)
            last = self._last(unit, place.id)
            if last and last.status is IN_PROGRESS:
                raise ConversationBusy
            reply_id = place.message_count + 2
            asked = Message(reply_id - 1, USER, text, now)
            reply = Message(reply_id, ASSISTANT, response, now, tool_calls=calls)
            unit.conversations.append(place.id, asked, reply)
            return existing(unit, place.id)

        return await self._storage.run(user_id, work)

    async def open_turn(
        self, ask: Ask, memory: int = HISTORY_MESSAGES, within: Transactions | None = None
    ) -> OpenedTurn:
        """Commit the user's message and read the newest `memory` messages before it.

        A turn of the same key that failed and changed nothing is held anew in its own place, while it is the last one.
        Raises Invalid, ConversationNotFound, IdempotencyMismatch; ConversationBusy while another turn of the
        conversation runs, TurnInProgress while the one of this key does.
        """
        text = checked_message(ask.message)
        zone = checked_timezone(ask.timezone) if ask.timezone else None

        def work(unit: Unit) -> OpenedTurn:
            if zone and zone != unit.timezone:
                unit.remember_timezone(zone)
            timezone = unit.timezone or self._timezone
            if ask.idempotency_key and (known := unit.conversations.turn_with_key(ask.idempotency_key)):
                again = self._again(unit, ask, known, timezone)
                if not _can_be_held_anew(again):
                    return again
                in_its_place = replace(ask, conversation=known.conversation_id, after=None, replaces=known.reply.id - 1)
                return self._open(unit, in_its_place, text, timezone, memory)
            return self._open(unit, ask, text, timezone, memory)

        return await (within or self._storage).run(ask.user_id, work)

    async def knows_key(self, user_id: str, idempotency_key: str) -> bool:
        """Whether a turn was asked under this key."""
        return (
            await self._storage.run(user_id, lambda unit: unit.conversations.turn_with_key(idempotency_key)) is not None
        )

    async def close_turn(self, user_id: str, turn: Turn, reply: Message, within: Transactions | None = None) -> Message:
        """Write the reply of a turn, and that it ended; returns the reply as recorded, with its tool calls.

        Raises TurnGivenUp where the turn was closed before: what was told of its end stays.
        """
        return await (within or self._storage).run(user_id, lambda unit: self.close(unit, turn, reply))

    async def stop_turn(self, user_id: str, turn: Turn, reply: Message, within: Transactions | None = None) -> Message:
        """The same for a turn that was stopped: its reply also tells what its recorded calls changed, and that it was.

        A call may be recorded of which nobody heard any more.
        """

        def work(unit: Unit) -> Message:
            recorded = unit.conversations.message(turn.conversation.id, reply.id)
            text = stopped(reply.text, recorded.tool_calls if recorded else (), language_of(turn.message))
            return self.close(unit, turn, replace(reply, text=text, status=MessageStatus.STOPPED))

        return await (within or self._storage).run(user_id, work)

    def close(self, unit: Unit, turn: Turn, reply: Message, last: ToolCall | None = None) -> Message:
        """The same inside a transaction, together with the record of its last call."""
        closed = replace(reply, turn_id=turn.id, created_at=self._clock.now())
        recorded = unit.conversations.finish(turn.conversation.id, closed, last)
        if recorded is None:
            raise TurnGivenUp
        return recorded

    async def abandon_turn(
        self, user_id: str, turn: Turn, reply_id: int, within: Transactions | None = None
    ) -> Message | None:
        """Close a turn that got no answer with an account of what its tools did; one that was closed stays as it is.

        Returns its reply as it is then; None where that is gone.
        """

        def work(unit: Unit) -> Message | None:
            reply = unit.conversations.message(turn.conversation.id, reply_id)
            if reply is None or reply.turn_id != turn.id:
                return None
            return self._write_off(unit, turn.conversation.id, reply) if reply.is_open(turn.id) else reply

        return await (within or self._storage).run(user_id, work)

    async def ask_to_stop(self, user_id: str, conversation: int | str) -> tuple[int, str] | None:
        """Mark the turn that runs in a conversation as to be stopped: (conversation, turn); None when none runs."""

        def work(unit: Unit) -> tuple[int, str] | None:
            place = existing(unit, conversation)
            last = self._last(unit, place.id)
            if last is None or last.status is not IN_PROGRESS or last.turn_id is None:
                return None
            unit.conversations.mark_stopping(place.id, last.id, last.turn_id)
            return place.id, last.turn_id

        return await self._storage.run(user_id, work)

    async def attend(self, user_id: str, turn: Turn) -> bool:
        """Show that a turn's process is alive, and hear whether it is to end: asked to, or given up already."""

        def work(unit: Unit) -> bool:
            reply = unit.conversations.message(turn.conversation.id, turn.reply_id)
            if reply is None or not reply.is_open(turn.id):
                return True
            now = self._clock.now()
            # To write costs more than to look, and its lease is known to everybody.
            if now - reply.created_at >= self._lease / 3:
                unit.conversations.beat(turn.conversation.id, turn.reply_id, turn.id, now)
            return reply.is_stopping

        return await self._storage.run(user_id, work)

    async def last_reply(self, user_id: str, conversation: int | str) -> tuple[Conversation, Message]:
        """The newest reply of a conversation, in progress or ended. Raises ConversationNotFound where there is none."""

        def work(unit: Unit) -> tuple[Conversation, Message]:
            place = existing(unit, conversation)
            last = self._last(unit, place.id)
            if last is None or last.role is not ASSISTANT:
                raise ConversationNotFound(conversation)
            return place, last

        return await self._storage.run(user_id, work)

    async def conversation(self, user_id: str, reference: int | str) -> Conversation:
        """The user's conversation of this number or name. Raises ConversationNotFound."""
        return await self._storage.run(user_id, lambda unit: existing(unit, reference))

    async def conversations(
        self, user_id: str, limit: int, seen: tuple[datetime, int] | None = None, oldest_first: bool = False
    ) -> list[Conversation]:
        """The most recently updated first, or last; those beyond the (updated_at, id) of the last one seen."""
        return await self._storage.run(user_id, lambda unit: unit.conversations.page(limit, seen, oldest_first))

    async def messages(
        self, user_id: str, conversation: int | str, limit: int, before: int | None = None
    ) -> list[Message]:
        """The newest messages older than message `before`, oldest first. Raises ConversationNotFound."""

        def work(unit: Unit) -> list[Message]:
            place = existing(unit, conversation)
            return self._newest(unit, place.id, limit, before)[::-1]

        return await self._storage.run(user_id, work)

    async def rate(
        self, user_id: str, conversation: int | str, message_ids: Collection[int], feedback: Feedback
    ) -> None:
        """Keep what the user thinks of these messages. Raises ConversationNotFound, also for a message that is not."""

        def work(unit: Unit) -> None:
            place = existing(unit, conversation)
            for message_id in message_ids:
                unit.conversations.rate(place.id, _existing_message(unit, place.id, message_id).id, feedback)

        await self._storage.run(user_id, work)

    async def rename(self, user_id: str, conversation: int | str, title: str) -> Conversation:
        """Give a conversation another title. Raises Invalid, ConversationNotFound."""
        line = checked_title(title)

        def work(unit: Unit) -> Conversation:
            place = existing(unit, conversation)
            unit.conversations.rename(place.id, line)
            return existing(unit, place.id)

        return await self._storage.run(user_id, work)

    async def remove(self, user_id: str, conversation: int | str) -> None:
        """Delete a conversation with everything in it; tasks stay. Raises ConversationNotFound."""
        await self._storage.run(user_id, lambda unit: unit.conversations.remove(existing(unit, conversation).id))

    def _open(self, unit: Unit, ask: Ask, text: str, timezone: str, memory: int) -> OpenedTurn:
        now = self._clock.now()
        place = find_or_start(unit, ask.conversation, text, now)
        if ask.after not in (None, place.message_count):
            raise ConversationMoved
        limit = max(memory, 1)  # the last one tells whether a turn runs
        settled = self._newest(unit, place.id, limit)
        if settled and settled[0].status is IN_PROGRESS:
            raise ConversationBusy
        if ask.replaces is not None:
            unit.conversations.cut(place.id, ask.replaces)
            place = existing(unit, place.id)
            settled = self._newest(unit, place.id, limit)
        turn = Turn(new_turn_id(), place, text, window(settled), now, timezone)
        opened = OpenedTurn(turn, turn.reply_id)
        self._write_opening(unit, opened, ask)
        return opened

    def _again(self, unit: Unit, ask: Ask, known: KeyedTurn, timezone: str) -> OpenedTurn:
        if known.fingerprint != ask.fingerprint:
            raise IdempotencyMismatch
        answered = self._settled(unit, known.conversation_id, known.reply)
        if answered.status is IN_PROGRESS:
            raise TurnInProgress
        place = existing(unit, known.conversation_id)
        turn = Turn(answered.turn_id or "", place, ask.message, (), answered.created_at, timezone)
        return OpenedTurn(turn, answered.id, answered)

    def _newest(self, unit: Unit, conversation_id: int, limit: int, before: int | None = None) -> list[Message]:
        """The newest messages of a conversation, older than message `before`, newest first, settled."""
        newest = unit.conversations.newest(conversation_id, limit, before)
        # A turn begins only behind one that has ended: of all messages the last alone may be in progress.
        if newest and newest[0].status is IN_PROGRESS:
            newest[0] = self._settled(unit, conversation_id, newest[0])
        return newest

    def _last(self, unit: Unit, conversation_id: int) -> Message | None:
        """The newest message of a conversation, settled."""
        newest = self._newest(unit, conversation_id, 1)
        return newest[0] if newest else None

    def _settled(self, unit: Unit, conversation_id: int, message: Message) -> Message:
        """The message; a reply whose process died is closed first, with an account of what was done."""
        if message.status is not IN_PROGRESS or message.created_at + self._lease > self._clock.now():
            return message
        return self._write_off(unit, conversation_id, message)

    def _write_off(self, unit: Unit, conversation_id: int, message: Message) -> Message:
        asked = unit.conversations.message(conversation_id, message.id - 1)
        text = account(message.tool_calls, language_of(asked.text if asked else ""))
        closed = replace(message, text=text, status=MessageStatus.FAILED, created_at=self._clock.now())
        unit.conversations.finish(conversation_id, closed)
        return closed

    def _write_opening(self, unit: Unit, opened: OpenedTurn, ask: Ask) -> None:
        turn, reply_id = opened.turn, opened.reply_id
        asked = Message(reply_id - 1, USER, turn.message, turn.now, turn_id=turn.id)
        reply = Message(reply_id, ASSISTANT, "", turn.now, IN_PROGRESS, turn.id)
        key = TurnKey(ask.idempotency_key, ask.fingerprint) if ask.idempotency_key else None
        unit.conversations.append(turn.conversation.id, asked, reply, key=key)


def history_of(unit: Unit, conversation: int | str, limit: int) -> tuple[Message, ...]:
    """The newest `limit` messages, oldest first. Raises ConversationNotFound."""
    return tuple(unit.conversations.newest(existing(unit, conversation).id, limit)[::-1])


def existing(unit: Unit, reference: int | str) -> Conversation:
    """The user's conversation of this number or name. Raises ConversationNotFound."""
    named = isinstance(reference, str) or 0 < reference <= NUMBER_MAX
    found = unit.conversations.find(reference) if named else None
    if found is None:
        raise ConversationNotFound(reference)
    return found


def find_or_start(unit: Unit, reference: int | str | None, message: str, at: datetime) -> Conversation:
    """A number must exist; a name is made at its first use; None starts a new conversation."""
    if isinstance(reference, int):
        return existing(unit, reference)
    key = f"thr_{secrets.token_hex(12)}" if reference is None else checked_key(reference)
    return unit.conversations.find(key) or unit.conversations.start(key, title_from(message), at)


def new_turn_id() -> str:
    """A name for a turn that nobody can guess."""
    return f"trn_{secrets.token_hex(12)}"


def _existing_message(unit: Unit, conversation_id: int, message_id: int) -> Message:
    message = unit.conversations.message(conversation_id, message_id)
    if message is None:
        raise ConversationNotFound(conversation_id)
    return message


def _can_be_held_anew(again: OpenedTurn) -> bool:
    """Whether a turn that failed is the last one and changed nothing: to hold it once more repeats nothing."""
    reply = again.answered
    is_last = again.reply_id == again.turn.conversation.message_count
    return (
        reply is not None and reply.status is MessageStatus.FAILED and is_last and not changed_tasks(reply.tool_calls)
    )
