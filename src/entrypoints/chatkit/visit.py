"""One request of one user, and what was made ready for it before the package handles it."""

from chatkit.types import WidgetItem
from msgspec import Struct

from application.live import LiveTurn
from domain.conversations import Conversation, Message, ToolCall


class OpenTurn(Struct, frozen=True):
    """A turn under way: where, the user's message as it is committed, and the number its reply has."""

    live: LiveTurn
    place: Conversation
    said: Message

    @property
    def reply_id(self) -> int:
        """The reply comes right after what was said."""
        return self.said.id + 1


class Click(Struct, frozen=True):
    """A click on a widget that was carried out: the call that came of it, and the widget as it looks now."""

    call: ToolCall
    widget: WidgetItem | None


class Visit(Struct, frozen=True):
    """Whose request it is, with the turn it opened, the click it made, or the message whose answer is told again."""

    user_id: str
    turn: OpenTurn | None = None
    click: Click | None = None
    told_again: int | None = None
