"""The toolbox without words: tasks over HTTP."""

import pytest

from tests.e2e.process import Service, UserClient


def test_a_task_is_added_shown_changed_completed_deleted_and_brought_back(newcomer: UserClient) -> None:
    added = newcomer.post("tasks", {"title": " Bijli   ka bill ", "due": "2026-12-01T09:00", "tags": ["#ghar", "Ghar"]})
    assert added.status_code == 201
    assert added.json()["task_id"] == 1
    shown = newcomer.get("tasks/1").json()
    assert (shown["title"], shown["due"], shown["tags"]) == ("Bijli ka bill", "2026-12-01T09:00:00+05:00", ["ghar"])
    changed = newcomer.http.patch(f"/api/{newcomer.user}/tasks/1", json={"priority": "high", "due": None}).json()
    assert (changed["status"], changed["priority"], changed["due"]) == ("updated", "high", None)
    assert newcomer.post("tasks/1/complete").json()["status"] == "completed"
    assert newcomer.http.delete(f"/api/{newcomer.user}/tasks/1").json()["status"] == "deleted"
    assert newcomer.titles() == []
    for expected in ("restored", "reverted", "reverted", "removed"):
        assert newcomer.post("undo").json()["tasks"][0]["status"] == expected
    assert newcomer.post("undo").status_code == 409


def test_a_number_is_never_given_twice(newcomer: UserClient) -> None:
    newcomer.post("tasks", {"title": "a"})
    newcomer.http.delete(f"/api/{newcomer.user}/tasks/1")
    assert newcomer.post("tasks", {"title": "b"}).json()["task_id"] == 2


def test_tasks_are_filtered_searched_and_sorted(newcomer: UserClient) -> None:
    newcomer.post("tasks", {"title": "Meeting with Ali", "priority": "low", "due": "2026-12-02"})
    newcomer.post("tasks", {"title": "میٹنگ کی تیاری", "priority": "urgent", "due": "2026-12-01T10:00"})
    newcomer.post("tasks", {"title": "doodh", "tags": ["ghar"]})
    newcomer.post("tasks/3/complete")

    def numbers(**params: str | int) -> list[int]:
        return [task["task_id"] for task in newcomer.get("tasks", **params).json()["tasks"]]

    assert numbers() == [1, 2, 3]
    assert numbers(status="pending") == [1, 2]
    assert numbers(sort="priority") == [2, 3, 1]
    assert numbers(sort="due") == [2, 1, 3]
    assert numbers(sort="title") == [3, 1, 2]
    assert numbers(tag="GHAR") == [3]
    assert numbers(priority="low") == [1]
    assert numbers(due_before="2026-12-02") == [2]
    assert numbers(due_after="2026-12-02") == [1]
    assert numbers(search="metting") == [1]
    assert newcomer.get("tasks", limit=1).json()["total"] == 3


@pytest.mark.parametrize("order", ["created", "due", "priority", "title"])
@pytest.mark.parametrize("search", ["", "chai"])
def test_every_task_is_reached_once_in_pages(newcomer: UserClient, order: str, search: str) -> None:
    for number in range(7):
        newcomer.post("tasks", {"title": f"chai {number % 3}", **FORMS[number % 3]})
    whole = newcomer.get("tasks", sort=order, search=search).json()
    page = newcomer.get("tasks", sort=order, search=search, limit=3).json()
    read = page["tasks"]
    while page["next_cursor"]:
        newcomer.post("tasks", {"title": "aam", "priority": "urgent", "due": "2026-01-01"})
        page = newcomer.get("tasks", sort=order, search=search, limit=3, cursor=page["next_cursor"]).json()
        read += [task for task in page["tasks"] if task["title"] != "aam"]
    assert read == whole["tasks"]
    assert (len(whole["tasks"]), whole["total"], whole["next_cursor"]) == (7, 7, None)


FORMS: list[dict[str, str]] = [{}, {"due": "2026-12-01"}, {"priority": "high", "due": "2026-12-01T10:00"}]


def test_total_counts_what_fits_on_every_page(newcomer: UserClient) -> None:
    for _ in range(3):
        newcomer.post("tasks", {"title": "chai"})
    first = newcomer.get("tasks", limit=2).json()
    last = newcomer.get("tasks", limit=2, cursor=first["next_cursor"]).json()
    assert (first["total"], last["total"], len(last["tasks"]), last["next_cursor"]) == (3, 3, 1, None)


def test_a_cursor_reads_the_tasks_of_who_brings_it(service: Service) -> None:
    rich, poor = service.client("rich"), service.client("poor")
    for _ in range(3):
        rich.post("tasks", {"title": "chai"})
    cursor = rich.get("tasks", limit=1).json()["next_cursor"]
    assert poor.get("tasks", cursor=cursor).json() == {"tasks": [], "total": 0, "next_cursor": None}


def test_a_repeating_task_moves_on_and_keeps_its_repetition(newcomer: UserClient) -> None:
    newcomer.post("tasks", {"title": "bill", "due": "2030-01-31", "repeat": "FREQ=MONTHLY;BYMONTHDAY=-1"})
    done = newcomer.post("tasks/1/complete").json()
    assert (done["status"], done["done"], done["due"]) == ("completed", False, "2030-02-28")
    moved = newcomer.http.patch(f"/api/{newcomer.user}/tasks/1", json={"due": "2030-03-01"}).json()
    assert moved["repeat"] == "FREQ=MONTHLY;BYMONTHDAY=-1"
