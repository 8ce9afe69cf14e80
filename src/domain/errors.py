"""The few errors of the domain; each says what the person needs and carries a stable code."""

NUMBER_MAX = 2**53
"""The largest number a task or a conversation can have: what every JSON reader keeps exactly (RFC 7493 §2.2)."""


class MunshiError(Exception):
    """The base of every error a person may be told. `code` is stable and part of the contract."""

    code = "internal"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(MunshiError):
    """A value that breaks a rule: which field, and why."""

    code = "invalid"

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


class NotFound(MunshiError):
    """It does not exist for this user; another user's is the same as absent."""

    code = "not_found"


class TaskNotFound(NotFound):
    """No task with this number."""

    def __init__(self, task_id: int) -> None:
        super().__init__(f"There is no task {task_id}.")
        self.task_id = task_id


class ConversationNotFound(NotFound):
    """No conversation with this number or name."""

    def __init__(self, reference: int | str) -> None:
        super().__init__(f"There is no conversation {reference}.")


class NothingToUndo(MunshiError):
    """The user's tasks have no change left to take back."""

    code = "nothing_to_undo"

    def __init__(self) -> None:
        super().__init__("There is no change left to take back.")


class IdempotencyMismatch(MunshiError):
    """An Idempotency-Key that was used before, with another body."""

    code = "idempotency_mismatch"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used with a different request.")


class TurnInProgress(MunshiError):
    """The same turn is still running; ask again in `retry_after` seconds."""

    code = "turn_in_progress"
    retry_after = 1

    def __init__(self, message: str = "This turn is still running.") -> None:
        super().__init__(message)


class TurnGivenUp(MunshiError):
    """The turn was closed by somebody else, who took its process for dead; it does and says nothing more."""

    code = "assistant_unavailable"
    retry_after = 1

    def __init__(self) -> None:
        super().__init__("This turn was given up before its end; the conversation shows what was done.")


class ConversationMoved(Invalid):
    """What was to be answered is no longer the last word of the conversation."""

    def __init__(self) -> None:
        super().__init__("after", "the conversation went on; this can't be answered any more")


class ConversationBusy(TurnInProgress):
    """Another turn of the conversation is still running."""

    def __init__(self) -> None:
        super().__init__("Another turn of this conversation is still running.")
