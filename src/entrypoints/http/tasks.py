"""The toolbox without words: tasks listed, added, changed, completed, deleted, and the last change taken back."""

import re
from typing import Annotated, Literal

from dishka.integrations.litestar import FromDishka, inject
from litestar import delete, get, patch, post
from litestar.openapi.spec import Example, OpenAPIType
from litestar.params import FromPath, FromQuery, JSONBody, PathParameter, QueryParameter
from msgspec.structs import asdict

from application import shapes, tools
from application.ports import TaskSort
from application.shapes import AddTask, Nothing, OneTask, PageTasks, TaskFields, UpdateTask
from application.toolbox import Toolboxes
from domain.errors import NUMBER_MAX, NotFound
from domain.tasks import Priority
from entrypoints.http.wire import TasksBody, read_limit, read_task_cursor, task_cursor

NUMBER = re.compile(r"[1-9]\d{0,15}", re.ASCII)
# Read by us: the framework takes "+3", "03", "1_0" and "٣" for numbers too.
TaskNumber = Annotated[
    str,
    PathParameter(
        description="The task's number",
        examples=[Example(value=3)],
        schema_extra={"type": OpenAPIType.INTEGER, "minimum": 1, "maximum": NUMBER_MAX},
    ),
]

Limit = Annotated[
    str, QueryParameter(schema_extra={"type": OpenAPIType.INTEGER, "minimum": 1, "maximum": shapes.LIST_MAX})
]


@get("/tasks", summary="List tasks")
@inject
async def list_tasks(
    user_id: FromPath[str],
    toolboxes: FromDishka[Toolboxes],
    status: FromQuery[Literal["all", "pending", "completed"]] = "all",
    search: Annotated[str, QueryParameter(max_length=shapes.SEARCH_MAX)] = "",
    priority: FromQuery[Literal["any", "low", "normal", "high", "urgent"]] = "any",
    due_before: FromQuery[str] = "",
    due_after: FromQuery[str] = "",
    tag: FromQuery[str] = "",
    sort: FromQuery[TaskSort] = TaskSort.CREATED,
    limit: Limit = str(shapes.LIST_DEFAULT),
    cursor: FromQuery[str] = "",
) -> TasksBody:
    """All tasks, or those that fit; the cursor leads on in the same order, and is good for that order only."""
    urgency = None if priority == "any" else Priority(priority)
    beyond = read_task_cursor(cursor, sort)
    most = read_limit(limit, shapes.LIST_MAX)
    asked = PageTasks(status, search, urgency, due_before, due_after, tag, sort, most, beyond)
    page = await toolboxes.of(user_id).use(tools.page_tasks, asked)
    return TasksBody(page.tasks, page.total, task_cursor(page.reached) if page.reached else None)


@post("/tasks", summary="Add a task")
@inject
async def add_task(
    user_id: FromPath[str], data: JSONBody[AddTask], toolboxes: FromDishka[Toolboxes]
) -> shapes.TaskChanged:
    """Add a task to the user's list."""
    return await toolboxes.of(user_id).use(tools.add_task, data)


@get("/tasks/{task_id:str}", summary="Show a task")
@inject
async def get_task(user_id: FromPath[str], task_id: TaskNumber, toolboxes: FromDishka[Toolboxes]) -> shapes.TaskView:
    """One task in full."""
    return await toolboxes.of(user_id).use(tools.get_task, OneTask(number_of(task_id)))


@patch("/tasks/{task_id:str}", summary="Change a task")
@inject
async def update_task(
    user_id: FromPath[str], task_id: TaskNumber, data: JSONBody[TaskFields], toolboxes: FromDishka[Toolboxes]
) -> shapes.TaskChanged:
    """Change what is given; null or empty clears, absent leaves."""
    return await toolboxes.of(user_id).use(tools.update_task, UpdateTask(task_id=number_of(task_id), **asdict(data)))


@delete("/tasks/{task_id:str}", status_code=200, summary="Delete a task")
@inject
async def delete_task(
    user_id: FromPath[str], task_id: TaskNumber, toolboxes: FromDishka[Toolboxes]
) -> shapes.TaskDeleted:
    """Delete a task; undo brings it back."""
    return await toolboxes.of(user_id).use(tools.delete_task, OneTask(number_of(task_id)))


@post("/tasks/{task_id:str}/complete", status_code=200, summary="Complete a task")
@inject
async def complete_task(
    user_id: FromPath[str], task_id: TaskNumber, toolboxes: FromDishka[Toolboxes]
) -> shapes.TaskChanged:
    """Mark a task as done; a repeating one moves on to its next due."""
    return await toolboxes.of(user_id).use(tools.complete_task, OneTask(number_of(task_id)))


@post("/undo", status_code=200, summary="Take back the last change")
@inject
async def undo(user_id: FromPath[str], toolboxes: FromDishka[Toolboxes]) -> shapes.UndoneChanges:
    """Take back the last change to the user's tasks, by whatever way it was made."""
    return await toolboxes.of(user_id).use(tools.undo, Nothing())


def number_of(task_id: str) -> int:
    """The number in a path, in its one spelling. Raises NotFound."""
    if not NUMBER.fullmatch(task_id):
        raise NotFound("There is no such task.")
    return int(task_id)
