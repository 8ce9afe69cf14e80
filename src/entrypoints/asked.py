"""A question that a reply asked, as its choices: what a button shows, and what it says for the person.

A choice is given as a message, read as any other: it says the word or the number that a person would type.
"""

import re

from msgspec import Struct

from domain.conversations import Message, Question, QuestionKind
from domain.urdu import Language, language_of
from entrypoints.labels import label

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
        match self.question.kind:
            case QuestionKind.WHICH:
                return {line: line.partition(".")[0] for line in self.numbered}
            case QuestionKind.TOOL:
                return self._words("done", "delete")
            case QuestionKind.CONFIRM:
                return self._words("yes", "no")
            case _:
                return {}

    def _words(self, *names: str) -> dict[str, str]:
        return {label(name, self.language): label(name, self.language) for name in names}


def language_around(before: str, text: str) -> Language:
    """The language of a reply's buttons: the person's own, or the reply's after a number or a click."""
    return language_of(before if any(letter.isalpha() for letter in before) else text)
