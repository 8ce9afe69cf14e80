"""The assistant's questions: choices and free words as a structured input, a confirmation as two buttons.

A question is open as long as nothing was said after it, so an answer can be given once. It is given as a message, read
as any other: a click says the word or the number that a person would type.
"""

import re
from typing import Any

from chatkit.types import (
    StructuredInput,
    StructuredInputAnswer,
    StructuredInputFreeform,
    StructuredInputItem,
    StructuredInputMultipleChoice,
    StructuredInputMultipleChoiceOption,
    StructuredInputSubmission,
    WidgetItem,
)
from chatkit.widgets import DynamicWidgetRoot
from msgspec import Struct

from domain.conversations import Conversation, Message, Question, QuestionKind
from domain.errors import Invalid
from domain.urdu import Language
from entrypoints.chatkit.labels import label

ANSWER = "question.answer"
INPUT = "answer"
NUMBERED = re.compile(r"\d+\. .+")


class Asked(Struct, frozen=True):
    """A question, the reply that asks it, and the language of the talk."""

    message: Message
    question: Question
    language: Language

    @property
    def numbered(self) -> list[str]:
        """The numbered lines under the question, as they were shown: the last of the reply."""
        lines = [line for line in self.message.text.splitlines() if NUMBERED.fullmatch(line)]
        return lines[-len(self.question.task_ids) :] if self.question.task_ids else []

    @property
    def line(self) -> str:
        """The line that asks: above the numbered ones, or the last."""
        before, found, _ = self.message.text.partition(self.numbered[0] if self.numbered else "\0")
        lines = [line for line in before.splitlines() if line.strip()]
        return lines[-1] if lines else found

    @property
    def choices(self) -> dict[str, str]:
        """Each choice as it is shown, and what it says as a message; none where any words may answer."""
        if self.question.kind is QuestionKind.WHICH:
            return {line: line.partition(".")[0] for line in self.numbered}
        if self.question.kind is QuestionKind.TOOL:
            return {label(name, self.language): label(name, self.language) for name in ("done", "delete")}
        return {}


def question_item(
    item_id: str, place: Conversation, asked: Asked, answer: str | None
) -> StructuredInputItem | WidgetItem:
    """The question, open while `answer` is None, else with what was said to it."""
    created_at = asked.message.created_at
    if asked.question.kind is QuestionKind.CONFIRM:
        widget = DynamicWidgetRoot.model_validate(_confirmation(asked, answer))
        return WidgetItem(id=item_id, thread_id=place.key, created_at=created_at, widget=widget)
    given = None if answer is None else _given(asked, answer)
    return StructuredInputItem(
        id=item_id,
        thread_id=place.key,
        created_at=created_at,
        status="pending" if given is None else "skipped" if given.skipped else "answered",
        inputs=[_input(asked, given)],
    )


def submitted(asked: Asked, submission: StructuredInputSubmission) -> str:
    """What a structured answer says as a message; a skipped one refuses."""
    answer = submission.answers.get(INPUT)
    if submission.status == "skipped" or answer is None or answer.skipped or not answer.values:
        return label("no", asked.language)
    return asked.choices.get(answer.values[0], answer.values[0])


def clicked(asked: Asked, payload: Any) -> str:
    """What a button of a confirmation says as a message. Raises Invalid."""
    answer = payload.get("answer") if isinstance(payload, dict) else None
    if answer not in ("yes", "no"):
        raise Invalid("params.action.payload.answer", "must be yes or no")
    return label(answer, asked.language)


def _input(asked: Asked, given: StructuredInputAnswer | None) -> StructuredInput:
    if not asked.choices:
        return StructuredInputFreeform(id=INPUT, question=asked.line, answer=given)
    options = [StructuredInputMultipleChoiceOption(value=value) for value in asked.choices]
    return StructuredInputMultipleChoice(id=INPUT, question=asked.line, options=options, answer=given)


def _given(asked: Asked, answer: str) -> StructuredInputAnswer:
    if answer == label("no", asked.language):
        return StructuredInputAnswer(skipped=True)
    shown = {says: value for value, says in asked.choices.items()}
    return StructuredInputAnswer(values=[shown.get(answer, answer)])


def _confirmation(asked: Asked, answer: str | None) -> dict[str, Any]:
    line = {"type": "Text", "value": asked.line, "weight": "semibold"}
    if answer is None:
        below = {"type": "Row", "children": [_button(name, asked.language) for name in ("yes", "no")]}
    else:
        below = {"type": "Caption", "value": answer}
    return {"type": "Card", "size": "sm", "children": [line, below]}


def _button(name: str, language: Language) -> dict[str, Any]:
    return {
        "type": "Button",
        "key": name,
        "label": label(name, language),
        "style": "primary" if name == "yes" else "secondary",
        "onClickAction": {"type": ANSWER, "payload": {"answer": name}, "loadingBehavior": "container"},
    }
