"""Honest replies: a reply never claims what no tool did, not even while it is being streamed.

>>> from domain.claims import unfounded
>>> [claim.operation for claim in unfounded("Theek hai, 'meeting' task delete ho gaya.", calls=[])]
['delete']
"""

from collections.abc import Callable, Sequence

from domain.claims.grounds import unfounded, unfounded_among
from domain.claims.reading import Claim, Context, claims_in, read_claims
from domain.claims.sentences import first_held, sentence_end
from domain.conversations import ToolCall

__all__ = ["Claim", "Gate", "claims_in", "unfounded"]

# So many characters back the end of a sentence may have begun: "!!!", closing quotes.
LOOK_BACK = 40


class Gate:
    """Lets a reply through as it is written, all but what claims a change that no tool made.

    Text goes out at once until a word comes that can be part of a claim; from that word on the sentence waits for its
    end and is weighed against the calls so far. After the first unfounded claim, kept in `held`, nothing goes out.
    """

    def __init__(self, calls: Callable[[], Sequence[ToolCall]]) -> None:
        self.held: tuple[Claim, ...] = ()
        self._calls = calls
        self._sentence = ""
        self._shown = 0
        self._waits = False
        self._context = Context()

    def feed(self, delta: str) -> str:
        """What may be shown now of all that was fed."""
        if self.held:
            return ""
        since = max(0, len(self._sentence) - LOOK_BACK)
        self._sentence += delta
        shown = ""
        while (end := sentence_end(self._sentence, since)) is not None:
            shown += self._weigh(end)
            if self.held:
                return shown
            since = 0
        return shown + self._show()

    def finish(self) -> str:
        """The rest, once the reply is complete."""
        return "" if self.held or not self._sentence else self._weigh(len(self._sentence))

    def _weigh(self, end: int) -> str:
        """A whole sentence goes out if all that it claims was done."""
        sentence = self._sentence[:end]
        claims, self._context = read_claims(sentence, self._context)
        self.held = unfounded_among(claims, self._calls()) if claims else ()
        if self.held:
            return ""
        unseen = sentence[self._shown :]
        self._sentence = self._sentence[end:]
        self._shown = max(0, self._shown - end)
        self._waits = False
        return unseen

    def _show(self) -> str:
        """Of a sentence that goes on, what stands before any word of a claim; nothing of an item under a claim."""
        if self._waits or (self._context.heading and self._context.fresh):
            return ""
        until = first_held(self._sentence, self._shown)
        shown = self._sentence[self._shown : until]
        self._shown += len(shown)
        return shown
