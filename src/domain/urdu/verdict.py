"""What a rule decides: an operation, the verb that asks for it, and how sure that is."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import ParamSpec

from msgspec import Struct

from domain.urdu.heads import Head

# Calibrated on the validation split of Hinglish-TOP: what is said with the word "task" is right in 99 of 100 cases,
# what only looks like something to do in about two of three.
SURE, LIKELY, FAIR, DOUBTFUL, NO = 0.95, 0.8, 0.65, 0.5, 0.0


class Verdict(Struct, frozen=True):
    """The operation by name, the verb that asks for it, how sure (0 to 1), and what else the verb may mean.

    `clears`: what an update takes off its task. `errand`: it may be the thing to do itself ("order cancel karna hai").
    """

    operation: str
    head: Head | None = None
    confidence: float = SURE
    options: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    errand: bool = False


NOTHING = Verdict("none", None, NO)
LISTS = Verdict("list", None, LIKELY)
MAY_LIST = Verdict("list", None, FAIR)
ADDS = Verdict("add", None, LIKELY)
MAY_ADD = Verdict("add", None, FAIR)
COULD_ADD = Verdict("add", None, DOUBTFUL)

Asked = ParamSpec("Asked")


def table(rule: Callable[Asked, Iterator[Verdict]]) -> Callable[Asked, Verdict]:
    """A rule as a table: the verdict of its first case that holds, else NOTHING; no case behind it is looked at."""

    @wraps(rule)
    def decided(*args: Asked.args, **kwargs: Asked.kwargs) -> Verdict:
        return next(rule(*args, **kwargs), NOTHING)

    return decided
