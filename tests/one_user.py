"""A model of one user alone: what must come back, had nobody else ever been there."""

import json
from dataclasses import dataclass, field
from typing import Any

from domain.conversations import ToolCall


@dataclass
class OneUser:
    """What one user must see, had nobody else ever been there."""

    tasks: dict[int, tuple[str, bool]] = field(default_factory=dict)
    made: int = 0
    log: list[tuple[str, int, tuple[str, bool] | None]] = field(default_factory=list)
    conversations: dict[int, list[str]] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)

    def expect(self, tool: str, arguments: dict[str, Any], batch: str) -> object:
        """What a tool answers, in the few words that this test compares."""
        match tool:
            case "list_tasks":
                return self._listed(arguments)
            case "undo":
                return self._undo()
            case "add_task":
                self.made += 1
                return self._keep(self.made, (arguments["title"], False), batch)
            case _ if arguments["task_id"] in self.tasks:
                return self._changed(tool, arguments["task_id"], arguments, batch)
            case _:
                return "not_found"

    def _changed(self, tool: str, number: int, arguments: dict[str, Any], batch: str) -> tuple[int, str]:
        title, done = self.tasks[number]
        if tool == "complete_task" and not done:
            self._keep(number, (title, True), batch)
        elif tool == "update_task":
            return self._keep(number, (arguments["title"], done), batch)
        elif tool == "delete_task":
            self.log.append((batch, number, self.tasks.pop(number)))
        return number, title

    def _keep(self, number: int, task: tuple[str, bool], batch: str) -> tuple[int, str]:
        # What changes nothing is no step for undo to take back.
        if self.tasks.get(number) != task:
            self.log.append((batch, number, self.tasks.get(number)))
        self.tasks[number] = task
        return number, task[0]

    def _listed(self, arguments: dict[str, Any]) -> list[tuple[int, str]]:
        if "tag" in arguments:
            return []  # nobody here tags anything
        wanted = {"pending": False, "completed": True}.get(arguments.get("status", "all"))
        words = set(arguments.get("search", "").split())
        fitting = {n: title for n, (title, done) in self.tasks.items() if wanted in (None, done)}
        exact = {n: title for n, title in fitting.items() if title.split() == arguments.get("search", "").split()}
        return sorted((exact or {n: title for n, title in fitting.items() if words <= set(title.split())}).items())

    def _undo(self) -> object:
        if not self.log:
            return "nothing_to_undo"
        last, undone = self.log[-1][0], []
        while self.log and self.log[-1][0] == last:
            _, number, before = self.log.pop()
            undone.append((number, before[0] if before else self.tasks[number][0]))
            self.tasks.pop(number, None)
            if before:
                self.tasks[number] = before
        return undone[::-1]

    def place(self, reference: int | str | None) -> int | None:
        """The number of the conversation, made where it must be; None for one that is not there."""
        if isinstance(reference, int):
            return reference if reference in self.conversations else None
        key = reference or f"thr_{len(self.conversations)}"
        return self.keys.setdefault(key, len(self.conversations) + 1)


def told(result: dict[str, Any]) -> object:
    """A tool's result in the words of the model."""
    if "tasks" in result:
        return [(task["task_id"], task["title"]) for task in result["tasks"]]
    return result["task_id"], result["title"]


def called(call: ToolCall) -> dict[str, Any]:
    shown = {"name": call.name, "arguments": json.loads(bytes(call.arguments))}
    return shown | (
        {"error": {"code": call.error.code}} if call.error else {"result": json.loads(bytes(call.result or b""))}
    )


def route(tool: str, arguments: dict[str, Any]) -> tuple[str, str, object]:
    number = arguments.get("task_id")
    rest = {name: value for name, value in arguments.items() if name != "task_id"}
    routes: dict[str, tuple[str, str, object]] = {
        "add_task": ("POST", "tasks", rest),
        "list_tasks": ("GET", "tasks", None),
        "get_task": ("GET", f"tasks/{number}", None),
        "complete_task": ("POST", f"tasks/{number}/complete", None),
        "delete_task": ("DELETE", f"tasks/{number}", None),
        "update_task": ("PATCH", f"tasks/{number}", rest),
        "undo": ("POST", "undo", None),
    }
    return routes[tool]
