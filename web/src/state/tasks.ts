/** The task list beside the conversation, as it is filtered, and what is done to it by hand. */

import { Problem, type Api } from "../api";
import { texts } from "../language";
import type { Priority, Task, TaskChange, TaskList, Undone } from "../wire";
import { faultLine, quoted, undoneLine } from "../words";
import { Store } from "./store";

const SHOWN = 200;
const SEARCH_MS = 200;

export interface Filter {
  status: "pending" | "completed" | "all";
  search: string;
  priority: Priority | "";
}

export interface TasksState {
  filter: Filter;
  tasks: readonly Task[];
  /** How many fit the filter; `tasks` holds the first of them. */
  total: number;
  /** How many are to do at all. */
  toDo: number;
  /** What was done last, or went wrong. */
  told: string;
  /** Unless the server said that there is nothing to take back, and nothing was changed since. */
  mayUndo: boolean;
}

export class Tasks extends Store<TasksState> {
  readonly #api: Api;
  readonly #changed: () => void;
  #asked = 0;
  #timer = 0;

  /** `changed` is called after each change made by hand. */
  constructor(api: Api, changed: () => void) {
    const filter = { status: "pending", search: "", priority: "" } as const;
    super({ filter, tasks: [], total: 0, toDo: 0, told: "", mayUndo: true });
    this.#api = api;
    this.#changed = changed;
  }

  /** Something may have changed the tasks elsewhere. */
  reread(): void {
    this.set({ mayUndo: true });
    void this.refresh();
  }

  /** Reads the list anew; of several readings under way only the last is shown. */
  async refresh(): Promise<void> {
    const asked = ++this.#asked;
    const { filter } = this.state;
    try {
      const [found, pending] = await Promise.all([
        this.#api.ask<TaskList>(`tasks?${query(filter)}`),
        isPlain(filter) ? null : this.#api.ask<TaskList>("tasks?status=pending&limit=1"),
      ]);
      if (asked !== this.#asked) return;
      const told = this.state.told === texts.tasksUnread ? "" : this.state.told;
      this.set({ tasks: ordered(found.tasks, filter), total: found.total, toDo: (pending ?? found).total, told });
    } catch {
      if (asked === this.#asked) this.set({ told: texts.tasksUnread });
    }
  }

  filter(change: Partial<Filter>): void {
    this.set({ filter: { ...this.state.filter, ...change }, told: "" });
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.refresh(), "search" in change ? SEARCH_MS : 0);
  }

  /** Adds a task. Throws Problem or Lost: nothing was added, or nobody knows. */
  async add(asked: TaskChange): Promise<void> {
    await this.#api.ask("tasks", "POST", asked);
    await this.#tell(texts.added(quoted(asked.title)));
  }

  /** Changes a task. Throws Problem or Lost. */
  async change(task: Task, asked: TaskChange): Promise<void> {
    await this.#api.ask(`tasks/${task.task_id}`, "PATCH", asked);
    await this.#tell(texts.changed(quoted(asked.title ?? task.title)));
  }

  complete({ task_id: id, title, repeat }: Task): Promise<void> {
    const said = repeat ? texts.doneComesAgain : texts.done;
    return this.#act(this.#api.ask(`tasks/${id}/complete`, "POST"), () => said(quoted(title)));
  }

  reopen({ task_id: id, title }: Task): Promise<void> {
    return this.#act(
      this.#api.ask(`tasks/${id}`, "PATCH", { status: "pending" }),
      () => texts.reopened(quoted(title)),
    );
  }

  remove({ task_id: id, title }: Task): Promise<void> {
    return this.#act(this.#api.ask(`tasks/${id}`, "DELETE"), () => texts.deleted(quoted(title)));
  }

  undo(): Promise<void> {
    return this.#act(this.#api.ask<Undone>("undo", "POST"), undoneLine);
  }

  async #act<T>(asked: Promise<T>, said: (answer: T) => string): Promise<void> {
    let told: string;
    let mayUndo = true;
    try {
      told = said(await asked);
    } catch (fault) {
      mayUndo = !(fault instanceof Problem && fault.code === "nothing_to_undo");
      told = fault instanceof Problem ? faultLine(fault) : texts.tasksUnsure;
    }
    await this.#tell(told, mayUndo);
  }

  async #tell(told: string, mayUndo = true): Promise<void> {
    this.set({ told, mayUndo });
    this.#changed();
    await this.refresh();
  }
}

function isPlain(filter: Filter): boolean {
  return filter.status === "pending" && !filter.search.trim() && !filter.priority;
}

function query({ status, search, priority }: Filter): URLSearchParams {
  const asked = new URLSearchParams({ status, sort: "due", limit: String(SHOWN) });
  if (search.trim()) asked.set("search", search.trim());
  if (priority) asked.set("priority", priority);
  return asked;
}

/** What is to do comes by its due; what is done, the newest first. */
function ordered(tasks: Task[], { status }: Filter): Task[] {
  if (status === "pending") return tasks;
  const done = tasks.filter((task) => task.status === "completed");
  done.sort((a, b) => ((a.completed_at ?? "") < (b.completed_at ?? "") ? 1 : -1));
  return [...tasks.filter((task) => task.status === "pending"), ...done];
}
