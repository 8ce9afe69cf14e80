/** The task list beside the conversation: filtered, added to, completed, changed, deleted and taken back by hand. */

import { useState } from "react";
import { useDesk } from "../state/desk";
import { useStore } from "../state/store";
import type { Filter } from "../state/tasks";
import { PRIORITIES } from "../words";
import { TaskForm } from "./TaskForm";
import { TaskRow } from "./TaskRow";

const STATUSES: Record<Filter["status"], string> = { pending: "To do", completed: "Done", all: "All" };

export function TasksPart() {
  const { tasks: store } = useDesk();
  const { filter, tasks, total, told } = useStore(store);
  const [isAdding, setAdding] = useState(false);
  const isNarrowed = filter.search.trim() !== "" || filter.priority !== "";

  return (
    <aside className="tasks" id="tasks" popover="auto" aria-labelledby="tasks-title">
      <div className="tasks-head">
        <h2 id="tasks-title">Tasks</h2>
        <button type="button" className="quiet" onClick={() => void store.undo()}>Undo</button>
        <button type="button" aria-expanded={isAdding} onClick={() => setAdding(!isAdding)}>Add a task</button>
      </div>
      {isAdding && (
        <TaskForm save={(asked) => store.add(asked)} leave={() => setAdding(false)} isRepeated />
      )}
      <Narrowing />
      <p role="status" className="hint">{told}</p>
      <ul className="list" aria-label="Tasks">
        {tasks.map((task) => <TaskRow key={task.task_id} task={task} />)}
      </ul>
      {!tasks.length && <p className="hint">{isNarrowed ? "Nothing fits." : EMPTY[filter.status]}</p>}
      {total > tasks.length && <p className="hint">The first {tasks.length} of {total}.</p>}
    </aside>
  );
}

const EMPTY: Record<Filter["status"], string> = {
  pending: "Nothing to do. What you tell Munshi to remember appears here.",
  completed: "Nothing is done yet.",
  all: "No tasks yet. What you tell Munshi to remember appears here.",
};

function Narrowing() {
  const { tasks: store } = useDesk();
  const { filter } = useStore(store);
  return (
    <div className="narrowing" role="search" aria-label="Tasks">
      <fieldset className="segments">
        <legend className="unseen">Which tasks</legend>
        {Object.entries(STATUSES).map(([value, name]) => (
          <label key={value}>
            <input
              type="radio"
              name="status"
              checked={filter.status === value}
              onChange={() => store.filter({ status: value as Filter["status"] })}
            />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      <select
        aria-label="Priority"
        value={filter.priority}
        onChange={(event) => store.filter({ priority: event.target.value as Filter["priority"] })}
      >
        <option value="">Any priority</option>
        {Object.entries(PRIORITIES).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
      </select>
      <input
        type="search"
        aria-label="Search tasks"
        placeholder="Search tasks"
        dir="auto"
        value={filter.search}
        onChange={(event) => store.filter({ search: event.target.value })}
      />
    </div>
  );
}
