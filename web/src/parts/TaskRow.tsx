/** One task: what it is, when it is due, and what can be done with it. */

import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { texts } from "../language";
import { useDesk } from "../state/desk";
import type { Task } from "../wire";
import { dueLine, langOf, quoted, repeatLine } from "../words";
import { TaskForm } from "./TaskForm";

export function TaskRow({ task }: { task: Task }) {
  const { tasks } = useDesk();
  const [isEditing, setEditing] = useState(false);
  const editor = useRef<HTMLButtonElement>(null);
  const isDone = task.status === "completed";
  const id = `task-${task.task_id}`;

  function leave(): void {
    flushSync(() => setEditing(false));
    editor.current?.focus();
  }

  if (isEditing) {
    return (
      <li className="task editing">
        <TaskForm task={task} save={(asked) => tasks.change(task, asked)} leave={leave} />
      </li>
    );
  }
  return (
    <li className={`task ${task.priority} ${task.status}`}>
      <input
        type="checkbox"
        id={id}
        checked={isDone}
        aria-describedby={`${id}-details`}
        onChange={() => void (isDone ? tasks.reopen(task) : tasks.complete(task))}
      />
      <label className="title" htmlFor={id} dir="auto" lang={langOf(task.title)}>{task.title}</label>
      <div className="task-acts">
        <button
          type="button"
          className="quiet small"
          ref={editor}
          aria-label={texts.editOf(quoted(task.title))}
          onClick={() => setEditing(true)}
        >
          {texts.edit}
        </button>
        <button
          type="button"
          className="quiet small remove"
          aria-label={texts.deleteOf(quoted(task.title))}
          onClick={() => void tasks.remove(task)}
        >
          ×
        </button>
      </div>
      <div className="details" id={`${id}-details`}>
        {!isDone && <Details task={task} />}
        {task.description && <p className="description" dir="auto" lang={langOf(task.description)}>{task.description}</p>}
      </div>
    </li>
  );
}

function Details({ task }: { task: Task }) {
  const due = task.due ? dueLine(task.due) : null;
  return (
    <>
      {texts.marks[task.priority] && <span className="mark">{texts.marks[task.priority]}</span>}
      {due && (
        <time className={due.late ? "late" : undefined} dateTime={task.due ?? undefined}>
          {due.late ? texts.overdue(due.text) : due.text}
        </time>
      )}
      {task.repeat && <span>{repeatLine(task.repeat)}</span>}
      {task.tags.map((tag) => <span key={tag} dir="auto" lang={langOf(tag)}>#{tag}</span>)}
    </>
  );
}
