"""The assistant's questions: choices and free words as a structured input, a confirmation as two buttons.

A question is open as long as nothing was said after it, so an answer can be given once.
"""

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

from domain.conversations import Conversation, QuestionKind
from domain.errors import Invalid
from domain.urdu import Language
from entrypoints.asked import Asked
from entrypoints.labels import label

ANSWER = "question.answer"
INPUT = "answer"


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
