/** A task being written, new or changed; its due is written as people say it, and the server reads it. */

import { useId, useRef, useState, type FormEvent, type KeyboardEvent } from "react";
import { Problem } from "../api";
import type { Priority, Task, TaskChange } from "../wire";
import { dueLine, faultLine, langOf, PRIORITIES } from "../words";

interface Props {
  task?: Task;
  /** Gets what is to be changed. Throws Problem or Lost. */
  save: (asked: TaskChange) => Promise<void>;
  leave: () => void;
  /** Stays open and empty for the next one. */
  isRepeated?: boolean;
}

interface Written {
  title: string;
  due: string;
  priority: Priority;
  description: string;
}

const LABELS: Record<string, string> = { title: "The title", due: "The due", description: "The note" };

export function TaskForm({ task, save, leave, isRepeated = false }: Props) {
  const before = writtenOf(task);
  const [written, setWritten] = useState(before);
  const [fault, setFault] = useState("");
  const title = useRef<HTMLInputElement>(null);
  const id = useId();
  const write = (change: Partial<Written>) => setWritten({ ...written, ...change });

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    try {
      const asked = changeOf(before, written);
      if (Object.keys(asked).length) await save(asked);
    } catch (problem) {
      return setFault(lineOf(problem));
    }
    if (!isRepeated) return leave();
    setWritten(writtenOf());
    setFault("");
    title.current?.focus();
  }

  function keyed(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.preventDefault();
    leave();
  }

  return (
    <form
      className="task-form"
      aria-label={task ? "Change the task" : "New task"}
      onSubmit={(event) => void submit(event)}
      onKeyDown={keyed}
    >
      <label htmlFor={`${id}-title`}>Title</label>
      <input
        id={`${id}-title`}
        ref={title}
        autoFocus
        required
        maxLength={255}
        dir="auto"
        lang={langOf(written.title)}
        value={written.title}
        onChange={(event) => write({ title: event.target.value })}
      />
      <label htmlFor={`${id}-due`}>Due</label>
      <input
        id={`${id}-due`}
        dir="auto"
        lang={langOf(written.due)}
        placeholder="kal subah 9 baje, Friday …"
        value={written.due}
        onChange={(event) => write({ due: event.target.value })}
      />
      <label htmlFor={`${id}-priority`}>Priority</label>
      <select
        id={`${id}-priority`}
        value={written.priority}
        onChange={(event) => write({ priority: event.target.value as Priority })}
      >
        {Object.entries(PRIORITIES).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
      </select>
      <label htmlFor={`${id}-note`}>Note</label>
      <textarea
        id={`${id}-note`}
        rows={1}
        dir="auto"
        lang={langOf(written.description)}
        value={written.description}
        onChange={(event) => write({ description: event.target.value })}
      />
      {fault && <p role="alert" className="fault">{fault}</p>}
      <div className="form-buttons">
        <button type="submit" className="main">{task ? "Save" : "Add"}</button>
        <button type="button" className="quiet" onClick={leave}>{isRepeated ? "Close" : "Cancel"}</button>
      </div>
    </form>
  );
}

function writtenOf(task?: Task): Written {
  const { title = "", priority = "normal", description = "" } = task ?? {};
  return { title, due: task?.due ? dueLine(task.due).text : "", priority, description };
}

/** Only what was changed: a due that nobody touched stays the moment that it is. */
function changeOf(before: Written, { title, due, priority, description }: Written): TaskChange {
  const change: TaskChange = {};
  if (title.trim() !== before.title) change.title = title.trim();
  if (due.trim() !== before.due) change.due = due.trim() || null;
  if (priority !== before.priority) change.priority = priority;
  if (description !== before.description) change.description = description;
  return change;
}

function lineOf(problem: unknown): string {
  if (!(problem instanceof Problem) || !problem.errors.length) return faultLine(problem);
  return problem.errors.map(({ field, message }) => `${LABELS[field] ?? field} ${message}.`).join(" ");
}
