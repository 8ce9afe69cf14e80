"""Growth: the same turn and the same list in a small database and in a large one, filled by SQL.

A user has as many tasks in both (100), so that only the database around them differs; one user has 10,000. Of the
conversations compared by length, the newest messages are so long that the model's window holds 20 in either.
"""

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

from bench.turns.bench import Bench
from bench.turns.driver import Ask, each
from bench.turns.servers import ROOT, Rig, Server, environment

TASKS_EACH, CONVERSATIONS_EACH = 100, 10
HEAVY, HEAVY_TASKS = "heavy", 10_000
LONG_TALKS, ASKS = 16, 320
"""Fewer would take so little of the processor that its ticks of 10 ms show."""
WIDE = 1190
"""Characters of a message of which the window holds 20."""
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"
FILL = """
{numbers} INSERT INTO users SELECT '{prefix}' || (i - 1), NULL, {tasks}, {talks} FROM n;
{each_task} INSERT INTO tasks SELECT u.user_id, i, 'buy thing ' || i, 'buy thing ' || i, '', 0, NULL, NULL, NULL,
  '[]', char(10), CASE WHEN i % 3 THEN 'pending' ELSE 'completed' END, '{at}', '{at}', NULL
  FROM users u, n WHERE u.user_id LIKE '{prefix}%';
{each_talk} INSERT INTO conversations SELECT u.user_id, i, 'c' || i, 'a talk', '{at}', '{at}', {length}
  FROM users u, n WHERE u.user_id LIKE '{prefix}%';
{each_message} INSERT INTO messages (user_id, conversation_id, id, role, text, status, created_at)
  SELECT c.user_id, c.id, i, CASE WHEN i % 2 THEN 'user' ELSE 'assistant' END,
  CASE WHEN i > {length} - 60 THEN substr('{wide}', 1, {width}) ELSE 'salam' END, 'completed', '{at}'
  FROM conversations c, n WHERE c.user_id LIKE '{prefix}%';
"""
AT = "2026-01-01 00:00:00.000000"


def growth(bench: Bench, rig: Rig) -> None:
    """A million tasks against 2,000, 10,000 tasks of one user against 100, 10,000 messages against 20."""
    users, length = bench.few(10_000, 200), bench.few(10_000, 500)
    small, large = rig.folder / "small", rig.folder / "large"
    for folder, count in ((small, 20), (large, users)):
        _prepare(folder)
        _fill(folder, "u", count, TASKS_EACH, CONVERSATIONS_EACH, 4, 40)
    _fill(large, HEAVY, 1, HEAVY_TASKS, 1, 2, 40)
    _fill(large, "long", LONG_TALKS, 0, 1, length, WIDE)
    _fill(large, "short", ASKS * (bench.rounds + 1), 0, 1, 20, WIDE)
    servers = {name: rig.munshi(f"munshi-{name}", DATA_DIR=str(rig.folder / name)) for name in ("small", "large")}
    turns = {name: [Ask(f"u{n % 20}", f"Add a task to buy milk {n}") for n in range(ASKS)] for name in servers}
    _against(bench, servers, turns, f"a turn among {users * TASKS_EACH:,} tasks against 2,000", 1.6)
    lists = {name: [Ask(f"u{n % 20}", path="/tasks?limit=50") for n in range(ASKS)] for name in servers}
    _against(bench, servers, lists, f"a list of 50 among {users * TASKS_EACH:,} tasks against 2,000", 2.0)
    only = {name: servers["large"] for name in ("few", "many")}
    turns = {
        "few": [Ask("u30", f"Add a task to buy milk {n}") for n in range(ASKS)],
        "many": [Ask(f"{HEAVY}0", f"Add a task to buy milk {n}") for n in range(ASKS)],
    }
    _against(bench, only, turns, f"a turn of a user with {HEAVY_TASKS:,} tasks against 100", None, "few", "many")
    lists = {
        "few": [Ask("u30", path="/tasks?limit=50")] * ASKS,
        "many": [Ask(f"{HEAVY}0", path="/tasks?limit=50")] * ASKS,
    }
    _against(bench, only, lists, f"a list of 50 of {HEAVY_TASKS:,} tasks against 100", None, "few", "many")
    _by_length(bench, servers["large"], length)


def _by_length(bench: Bench, server: Server, length: int) -> None:
    values = []
    for number in range(bench.rounds + 1):
        short = [Ask(f"short{number * ASKS + n}", "salam", "c1") for n in range(ASKS)]
        long = [Ask(f"long{n % LONG_TALKS}", "salam", "c1") for n in range(ASKS)]
        spent = [asyncio.run(each(bench.tools, server, asks, 16)) for asks in (short, long)]
        bench.report.row(
            "growth", asked=f"round {number}: 20 messages, then {length:,}", small_us=spent[0], large_us=spent[1]
        )
        values.append(spent[1] / spent[0])
    name = f"a turn in a conversation of {length:,} messages against 20, CPU"
    bench.report.figure("growth", name, values[1:], bound=1.1)


def _against(
    bench: Bench,
    servers: dict[str, Server],
    asks: dict[str, list[Ask]],
    name: str,
    bound: float | None,
    small: str = "small",
    large: str = "large",
) -> None:
    """CPU an answer, large against small, round by round; the first round warms up."""
    values = []
    for number in range(bench.rounds + 1):
        spent = {which: asyncio.run(each(bench.tools, servers[which], asks[which], 16)) for which in (small, large)}
        values.append(spent[large] / spent[small])
        if number == bench.rounds:
            bench.report.row("growth", asked=name, small_us=spent[small], large_us=spent[large])
    bench.report.figure("growth", f"{name}, CPU", values[1:], bound=bound)


def _prepare(folder: Path) -> None:
    command = [sys.executable, "-m", "entrypoints.cli", "migrate"]
    subprocess.run(command, env=environment({"DATA_DIR": str(folder)}), cwd=ROOT, check=True, capture_output=True)


def _fill(folder: Path, prefix: str, users: int, tasks: int, talks: int, length: int, width: int) -> None:
    counts = {"numbers": users, "each_task": tasks, "each_talk": talks, "each_message": length}
    script = FILL.format(
        **{name: NUMBERS.format(count) for name, count in counts.items()},
        prefix=prefix, tasks=tasks, talks=talks, length=length, wide="salam " * 200, width=width, at=AT,
    )  # fmt: skip
    statements = [part for part in script.split(";\n") if part.strip()]
    if not tasks:
        del statements[1]
    with sqlite3.connect(folder / "munshi.sqlite3") as database:
        database.execute("PRAGMA synchronous=OFF")
        for statement in statements:
            database.execute(statement)
    database.close()
