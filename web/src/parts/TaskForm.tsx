/** A task being written, new or changed; its due is written as people say it, and the server reads it. */

import { useId, useRef, useState, type FormEvent, type KeyboardEvent } from "react";
import { texts } from "../language";
import type { Priority, Task, TaskChange } from "../wire";
import { dueLine, faultLine, langOf } from "../words";

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
      return setFault(faultLine(problem));
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
      aria-label={task ? texts.changeTask : texts.newTask}
      onSubmit={(event) => void submit(event)}
      onKeyDown={keyed}
    >
      <label htmlFor={`${id}-title`}>{texts.title}</label>
      <input
        id={`${id}-title`}
        ref={title}
        autoFocus
        required
        dir="auto"
        lang={langOf(written.title)}
        value={written.title}
        onChange={(event) => write({ title: event.target.value })}
      />
      <label htmlFor={`${id}-due`}>{texts.due}</label>
      <input
        id={`${id}-due`}
        dir="auto"
        lang={langOf(written.due)}
        placeholder={texts.dueExample}
        value={written.due}
        onChange={(event) => write({ due: event.target.value })}
      />
      <label htmlFor={`${id}-priority`}>{texts.priority}</label>
      <select
        id={`${id}-priority`}
        value={written.priority}
        onChange={(event) => write({ priority: event.target.value as Priority })}
      >
        {Object.entries(texts.priorities).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
      </select>
      <label htmlFor={`${id}-note`}>{texts.note}</label>
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
        <button type="submit" className="main">{task ? texts.save : texts.add}</button>
        <button type="button" className="quiet" onClick={leave}>{isRepeated ? texts.close : texts.cancel}</button>
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
