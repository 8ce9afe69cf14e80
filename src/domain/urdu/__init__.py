"""Task commands in Roman Urdu, Urdu script and English: understood and answered offline, by pure functions.

>>> from domain.urdu import parse_urdu_intent
>>> parse_urdu_intent("Mera meeting wala task delete kar do").title
'meeting'
"""

from domain.urdu.answers import Answer, denies, read_answer, without_turn
from domain.urdu.dates import due_beside, read_due, read_repeat
from domain.urdu.intent import (
    ACT,
    ASK,
    Intent,
    Operation,
    Social,
    may_name,
    only_nods,
    parse_bare_change,
    parse_urdu_intent,
    parse_urdu_intents,
    takes_leave,
)
from domain.urdu.language import Language, language_of, tells_language
from domain.urdu.naming import each_named, either_named, with_part
from domain.urdu.replies import Reply, generate_urdu_response, priority_word, say, task_line
from domain.urdu.spelling import fold, fold_text
from domain.urdu.telling import due_phrase, repeat_phrase, whole_day

# fmt: off
__all__ = [
    "ACT", "ASK", "Answer", "Intent", "Language", "Operation", "Reply", "Social", "denies", "due_beside",
    "due_phrase", "each_named", "either_named", "fold", "fold_text", "generate_urdu_response", "language_of",
    "may_name", "only_nods", "parse_bare_change", "parse_urdu_intent", "parse_urdu_intents", "priority_word",
    "read_answer", "read_due", "read_repeat", "repeat_phrase", "say", "takes_leave", "task_line", "tells_language",
    "whole_day", "with_part", "without_turn",
]
# fmt: on
