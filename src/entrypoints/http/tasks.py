"""The toolbox without words: tasks listed, added, changed, completed, deleted, and the last change taken back."""

from typing import Annotated, Literal

from dishka.integrations.litestar import FromDishka, inject
from litestar import delete, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec.structs import asdict

from application import shapes, tools
from application.ports import TaskSort
from application.shapes import AddTask, ListTasks, Nothing, OneTask, TaskFields, UpdateTask
from application.toolbox import Toolboxes
from domain.tasks import Priority


@get("/tasks", summary="List tasks")
@inject
async def list_tasks(
    user_id: FromPath[str],
    toolboxes: FromDishka[Toolboxes],
    status: FromQuery[Literal["all", "pending", "completed"]] = "all",
    search: FromQuery[str | None] = None,
    priority: FromQuery[Priority | None] = None,
    due_before: FromQuery[str | None] = None,
    due_after: FromQuery[str | None] = None,
    tag: FromQuery[str | None] = None,
    sort: FromQuery[TaskSort] = TaskSort.CREATED,
    limit: Annotated[int, QueryParameter(ge=1, le=shapes.LIST_MAX)] = shapes.LIST_DEFAULT,
) -> shapes.TaskList:
    """All tasks, or those that fit."""
    asked = ListTasks(status, search, priority, due_before, due_after, tag, sort, limit)
    return await toolboxes.of(user_id).use(tools.list_tasks, asked)


@post("/tasks", summary="Add a task")
@inject
async def add_task(
    user_id: FromPath[str], data: JSONBody[AddTask], toolboxes: FromDishka[Toolboxes]
) -> shapes.TaskChanged:
    """Add a task to the user's list."""
    return await toolboxes.of(user_id).use(tools.add_task, data)


@get("/tasks/{task_id:int}", summary="Show a task")
@inject
async def get_task(user_id: FromPath[str], task_id: FromPath[int], toolboxes: FromDishka[Toolboxes]) -> shapes.TaskView:
    """One task in full."""
    return await toolboxes.of(user_id).use(tools.get_task, OneTask(task_id))


@patch("/tasks/{task_id:int}", summary="Change a task")
@inject
async def update_task(
    user_id: FromPath[str], task_id: FromPath[int], data: JSONBody[TaskFields], toolboxes: FromDishka[Toolboxes]
) -> shapes.TaskChanged:
    """Change what is given; null or empty clears, absent leaves."""
    return await toolboxes.of(user_id).use(tools.update_task, UpdateTask(task_id=task_id, **asdict(data)))


@delete("/tasks/{task_id:int}", status_code=200, summary="Delete a task")
@inject
async def delete_task(
    user_id: FromPath[str], task_id: FromPath[int], toolboxes: FromDishka[Toolboxes]
) -> shapes.TaskDeleted:
    """Delete a task; undo brings it back."""
    return await toolboxes.of(user_id).use(tools.delete_task, OneTask(task_id))


@post("/tasks/{task_id:int}/complete", status_code=200, summary="Complete a task")
@inject
async def complete_task(
    user_id: FromPath[str], task_id: FromPath[int], toolboxes: FromDishka[Toolboxes]
) -> shapes.TaskChanged:
    """Mark a task as done; a repeating one moves on to its next due."""
    return await toolboxes.of(user_id).use(tools.complete_task, OneTask(task_id))


@post("/undo", status_code=200, summary="Take back the last change")
@inject
async def undo(user_id: FromPath[str], toolboxes: FromDishka[Toolboxes]) -> shapes.UndoneChanges:
    """Take back the last change to the user's tasks, by whatever way it was made."""
    return await toolboxes.of(user_id).use(tools.undo, Nothing())
