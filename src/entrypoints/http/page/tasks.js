/** The task list beside the conversation: what is to do and what is done, completed, deleted and taken back by hand. */

import { dueLine, faultLine, make, quoted, repeatLine, write } from "./words.js";

const UNREAD = "The tasks could not be read just now.";
const SHOWN = 200;
const DONE_SHOWN = 20;
const MARKS = { urgent: "urgent", high: "high priority", low: "low priority" };
const UNDONE = { restored: "is back", removed: "is removed again", reverted: "is as it was" };
const part = (id) => document.getElementById(id);

export class Tasks {
  #api;
  #asked = 0;

  constructor(api) {
    this.#api = api;
    part("undo").addEventListener("click", () => this.#undo());
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
  }

  /** Reads the list anew; of several readings under way only the last is shown. */
  async refresh() {
    const asked = ++this.#asked;
    try {
      const [pending, done] = await Promise.all([
        this.#api.ask(`tasks?status=pending&sort=due&limit=${SHOWN}`),
        this.#api.ask(`tasks?status=completed&limit=${SHOWN}`),
      ]);
      if (asked === this.#asked) this.#show(pending, done);
    } catch {
      if (asked === this.#asked) this.#tell(UNREAD);
    }
  }

  #show(pending, done) {
    if (part("told").textContent === UNREAD) this.#tell("");
    const focused = document.activeElement?.id;
    const newestDone = done.tasks.toSorted((a, b) => (a.completed_at < b.completed_at ? 1 : -1)).slice(0, DONE_SHOWN);
    part("pending").replaceChildren(...pending.tasks.map((task) => this.#row(task)));
    part("done").replaceChildren(...newestDone.map((task) => this.#row(task)));
    part("count").textContent = pending.total || "";
    part("done-count").textContent = done.total;
    part("done-part").hidden = !done.total;
    part("none").hidden = pending.total > 0;
    if (focused) keepFocus(focused);
  }

  #row(task) {
    const isDone = task.status === "completed";
    const row = make("li", `task ${task.priority}`);
    const box = make("input");
    box.type = "checkbox";
    box.id = `task-${task.task_id}`;
    box.checked = isDone;
    box.addEventListener("change", () => (box.checked ? this.#complete(task) : this.#reopen(task)));
    const title = write(make("label", "title"), task.title);
    title.htmlFor = box.id;
    const remove = make("button", "quiet remove", "×");
    remove.type = "button";
    remove.id = `delete-${task.task_id}`;
    remove.setAttribute("aria-label", `Delete ${quoted(task.title)}`);
    remove.addEventListener("click", () => this.#delete(task));
    row.append(box, title, remove);
    const details = isDone ? [] : this.#details(task);
    if (details.length) {
      const line = make("p", "details");
      line.id = `details-${task.task_id}`;
      line.append(...details);
      box.setAttribute("aria-describedby", line.id);
      row.append(line);
    }
    return row;
  }

  #details(task) {
    const details = [];
    if (MARKS[task.priority]) details.push(make("span", "mark", MARKS[task.priority]));
    if (task.due) {
      const { text, late } = dueLine(task.due);
      const due = make("time", late ? "late" : "", late ? `${text}, overdue` : text);
      due.dateTime = task.due;
      details.push(due);
    }
    if (task.repeat) details.push(make("span", "", repeatLine(task.repeat)));
    details.push(...task.tags.map((tag) => write(make("span", "tag"), `#${tag}`)));
    return details;
  }

  #complete({ task_id: id, title }) {
    return this.#act(`tasks/${id}/complete`, "POST", undefined, () => `${quoted(title)} is done.`);
  }

  #reopen({ task_id: id, title }) {
    return this.#act(`tasks/${id}`, "PATCH", { status: "pending" }, () => `${quoted(title)} is to do again.`);
  }

  #delete({ task_id: id, title }) {
    return this.#act(`tasks/${id}`, "DELETE", undefined, () => `${quoted(title)} is deleted. Undo brings it back.`);
  }

  #undo() {
    const said = ({ tasks }) => tasks.map((task) => `${quoted(task.title)} ${UNDONE[task.status]}.`).join(" ");
    return this.#act("undo", "POST", undefined, said);
  }

  async #act(path, method, body, said) {
    try {
      this.#tell(said(await this.#api.ask(path, method, body)));
    } catch (fault) {
      this.#tell(fault.code ? faultLine(fault) : "Munshi cannot be reached just now; the list may have changed.");
    }
    await this.refresh();
  }

  #tell(sentence) {
    part("told").textContent = sentence;
  }
}

/** Focus stays on the same control of the new list; where that is gone or folded away, Undo is the next thing. */
function keepFocus(id) {
  for (const target of [id, "undo"]) if (document.activeElement === document.body) part(target)?.focus();
}
