"""The task list as an interactive widget: complete, reopen, priority, and the last change taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chatkit.types import WidgetItem
from chatkit.widgets import DynamicWidgetRoot

from application.shapes import TaskView
from domain.conversations import Conversation
from domain.tasks import Priority, TaskStatus
from domain.urdu import Language, priority_word
from entrypoints.chatkit.labels import label

COMPLETE = "task.complete"
REOPEN = "task.reopen"
PRIORITISE = "task.prioritise"
UNDO = "tasks.undo"
SHOWN = 10

Component = dict[str, Any]


def task_list(
    item_id: str, place: Conversation, created_at: datetime, tasks: Sequence[TaskView], language: Language
) -> WidgetItem:
    """The list; a click on it names the task by its number, nothing more."""
    rows = [*(_row(task, language) for task in tasks), _undo(language)]
    status = {"text": label("tasks", language, count=len(tasks)), "icon": "check-circle"}
    return WidgetItem(
        id=item_id,
        thread_id=place.key,
        created_at=created_at,
        widget=DynamicWidgetRoot.model_validate(
            {"type": "ListView", "children": rows, "limit": SHOWN, "status": status}
        ),
        copy_text="\n".join(f"{task.task_id}. {task.title}" for task in tasks),
    )


def _row(task: TaskView, language: Language) -> Component:
    is_done = task.status is TaskStatus.COMPLETED
    lines: list[Component] = [
        {"type": "Text", "value": task.title, "lineThrough": is_done, "color": "secondary" if is_done else "primary"}
    ]
    if task.due:
        lines.append({"type": "Caption", "value": task.due.replace("T", " ")[:16]})
    children = [_tick(task, is_done, language), {"type": "Col", "flex": 1, "gap": 0, "children": lines}]
    if not is_done:
        children.append(_priority(task, language))
    return {"type": "ListViewItem", "key": f"task-{task.task_id}", "gap": 3, "align": "center", "children": children}


def _tick(task: TaskView, is_done: bool, language: Language) -> Component:
    action = {"type": REOPEN if is_done else COMPLETE, "payload": {"task_id": task.task_id}}
    return {
        "type": "Button",
        "label": label("reopen" if is_done else "complete", language),
        "iconStart": "check-circle-filled" if is_done else "empty-circle",
        "variant": "ghost",
        "size": "sm",
        "onClickAction": action,
    }


def _priority(task: TaskView, language: Language) -> Component:
    """A choice that adds its value to the action under its own name."""
    options = [{"value": priority.value, "label": priority_word(priority, language)} for priority in Priority]
    return {
        "type": "Select",
        "name": "priority",
        "options": options,
        "defaultValue": task.priority.value,
        "size": "sm",
        "variant": "ghost",
        "onChangeAction": {"type": PRIORITISE, "payload": {"task_id": task.task_id}},
    }


def _undo(language: Language) -> Component:
    button = {
        "type": "Button",
        "label": label("undo", language),
        "iconStart": "reload",
        "variant": "ghost",
        "size": "sm",
        "onClickAction": {"type": UNDO},
    }
    return {"type": "ListViewItem", "key": "undo", "children": [button]}
