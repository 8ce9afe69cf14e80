"""The task list as an interactive widget: complete, reopen, priority, and the last change taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chatkit.types import WidgetItem
from chatkit.widgets import DynamicWidgetRoot
from msgspec import Struct

from application.shapes import TaskView
from domain.conversations import Conversation
from domain.tasks import Priority, TaskStatus
from domain.urdu import Language, due_phrase, priority_word, read_due
from entrypoints.labels import label

COMPLETE = "task.complete"
REOPEN = "task.reopen"
PRIORITISE = "task.prioritise"
UNDO = "tasks.undo"
SHOWN = 10

Component = dict[str, Any]


class Scene(Struct, frozen=True):
    """Where and when a list is looked at: the person's time, zone and language, in which dues are said."""

    now: datetime
    zone: ZoneInfo
    language: Language

    def due(self, written: str) -> str:
        """A due as people say it; `written` is ISO 8601."""
        due = read_due(written, self.now, self.zone)
        return due_phrase(due, self.now, self.zone, self.language) if due else written


def task_list(
    item_id: str, place: Conversation, created_at: datetime, tasks: Sequence[TaskView], scene: Scene
) -> WidgetItem:
    """The list; a click on it names the task by its number, nothing more."""
    language = scene.language
    rows = [_row(task, scene) for task in tasks]
    status = {"text": label("tasks", language, count=len(tasks)), "icon": "check-circle"}
    return WidgetItem(
        id=item_id,
        thread_id=place.key,
        created_at=created_at,
        widget=DynamicWidgetRoot.model_validate(
            {
                "type": "Basic",
                "children": [
                    {"type": "ListView", "children": rows, "limit": SHOWN, "status": status},
                    _undo(language),
                ],
            }
        ),
        copy_text="\n".join(f"{task.task_id}. {task.title}" for task in tasks),
    )


def _row(task: TaskView, scene: Scene) -> Component:
    language = scene.language
    is_done = task.status is TaskStatus.COMPLETED
    lines: list[Component] = [
        {"type": "Text", "value": task.title, "lineThrough": is_done, "color": "secondary" if is_done else "primary"}
    ]
    if task.due:
        lines.append({"type": "Caption", "value": scene.due(task.due)})
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
    return {
        "type": "Button",
        "key": "undo",
        "label": label("undo", language),
        "iconStart": "reload",
        "variant": "ghost",
        "size": "sm",
        "onClickAction": {"type": UNDO},
    }
