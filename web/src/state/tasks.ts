/** The task list beside the conversation, as it is filtered, and what is done to it by hand. */

import { Problem, type Api } from "../api";
import type { Priority, Task, TaskChange, TaskList, Undone } from "../wire";
import { faultLine, quoted, undoneLine } from "../words";
import { Store } from "./store";

const UNREAD = "The tasks could not be read just now.";
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
}

export class Tasks extends Store<TasksState> {
  readonly #api: Api;
  readonly #changed: () => void;
  #asked = 0;
  #timer = 0;

  /** `changed` is called after each change made by hand. */
  constructor(api: Api, changed: () => void) {
    super({ filter: { status: "pending", search: "", priority: "" }, tasks: [], total: 0, toDo: 0, told: "" });
    this.#api = api;
    this.#changed = changed;
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
      const told = this.state.told === UNREAD ? "" : this.state.told;
      this.set({ tasks: ordered(found.tasks, filter), total: found.total, toDo: (pending ?? found).total, told });
    } catch {
      if (asked === this.#asked) this.set({ told: UNREAD });
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
    await this.#tell(`${quoted(asked.title)} is added.`);
  }

  /** Changes a task. Throws Problem or Lost. */
  async change(task: Task, asked: TaskChange): Promise<void> {
    await this.#api.ask(`tasks/${task.task_id}`, "PATCH", asked);
    await this.#tell(`${quoted(asked.title ?? task.title)} is changed.`);
  }

  complete({ task_id: id, title, repeat }: Task): Promise<void> {
    const said = repeat ? "is done; it comes again." : "is done.";
    return this.#act(this.#api.ask(`tasks/${id}/complete`, "POST"), () => `${quoted(title)} ${said}`);
  }

  reopen({ task_id: id, title }: Task): Promise<void> {
    return this.#act(
      this.#api.ask(`tasks/${id}`, "PATCH", { status: "pending" }),
      () => `${quoted(title)} is to do again.`,
    );
  }

  remove({ task_id: id, title }: Task): Promise<void> {
    return this.#act(
      this.#api.ask(`tasks/${id}`, "DELETE"),
      () => `${quoted(title)} is deleted. Undo brings it back.`,
    );
  }

  undo(): Promise<void> {
    return this.#act(this.#api.ask<Undone>("undo", "POST"), undoneLine);
  }

  async #act<T>(asked: Promise<T>, said: (answer: T) => string): Promise<void> {
    let told: string;
    try {
      told = said(await asked);
    } catch (fault) {
      told = fault instanceof Problem ? faultLine(fault) : "Munshi cannot be reached just now; the list may have changed.";
    }
    await this.#tell(told);
  }

  async #tell(told: string): Promise<void> {
    this.set({ told });
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
