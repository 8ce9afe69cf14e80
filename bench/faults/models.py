"""A model of the scripted OpenAI server that does what each message says, without remembering anything."""

import json
from typing import Any

from tests.doubles.openai_server import Call, Round, Say, ScriptedModel, tool_outputs

OPTIONAL = {"description": None, "priority": None, "due": None, "repeat": None, "tags": None}
WORDS = "Ji, ek do teen chaar paanch chhe saat aath nau das."


def obedient(pause: float) -> ScriptedModel:
    """It waits `pause` seconds before every piece of its stream; a message "… N words" is answered with so many, and
    after "… N endless" the stream stays open and silent.
    """
    model = ScriptedModel(pause=pause)

    def answer(body: dict[str, Any]) -> Round:
        model.bodies[:] = [{}] * len(model.bodies)  # what it was sent is not looked at, and there is much of it
        return _round(_last_message(body), [json.loads(output) for output in tool_outputs(body)])

    model.otherwise = answer
    return model


def _round(message: str, outputs: list[dict[str, Any]]) -> Round:
    words = message.split()
    if words[-1] in ("words", "endless"):
        return Say(" ".join(["lafz"] * int(words[-2])), "silence" if words[-1] == "endless" else "stop")
    if not outputs:
        return _calls(message, words) or Say(WORDS)
    listed = outputs[0].get("tasks") if len(outputs) == 1 and message.startswith("sab ") else None
    tool = "delete_task" if "delete" in message else "complete_task"
    return [Call(tool, {"task_id": task["task_id"]}) for task in listed] if listed else Say(WORDS)


def _calls(message: str, words: list[str]) -> list[Call]:
    if message.startswith("Add "):
        titles = message.partition(": ")[2].replace(" aur ", ", ").split(", ")
        return [Call("add_task", {"title": title, **OPTIONAL}) for title in titles]
    if words[0] in ("delete", "complete"):
        return [Call(f"{words[0]}_task", {"task_id": int(words[-1])})]
    if words[0] in ("sab", "mere"):
        return [Call("list_tasks", dict.fromkeys(LISTING))]
    return [Call("undo", {})] if message == "undo" else []


LISTING = ("status", "search", "priority", "due_before", "due_after", "tag", "sort", "limit")


def _last_message(body: dict[str, Any]) -> str:
    said = [item for item in body.get("input") or body["messages"] if item.get("role") == "user"]
    content = said[-1]["content"]
    return str(content if isinstance(content, str) else content[0]["text"])
