/** The task list beside the conversation: filtered, added to, completed, changed, deleted and taken back by hand. */

import { useState } from "react";
import { texts } from "../language";
import { useDesk } from "../state/desk";
import { useStore } from "../state/store";
import type { Filter } from "../state/tasks";
import { TaskForm } from "./TaskForm";
import { TaskRow } from "./TaskRow";

export function TasksPart() {
  const { tasks: store } = useDesk();
  const { filter, tasks, total, told, mayUndo } = useStore(store);
  const [isAdding, setAdding] = useState(false);
  const isNarrowed = filter.search.trim() !== "" || filter.priority !== "";

  return (
    <aside className="tasks" id="tasks" popover="auto" aria-labelledby="tasks-title">
      <div className="tasks-head">
        <h2 id="tasks-title">{texts.tasks}</h2>
        <button type="button" className="quiet" disabled={!mayUndo} onClick={() => void store.undo()}>{texts.undo}</button>
        <button type="button" aria-expanded={isAdding} onClick={() => setAdding(!isAdding)}>{texts.addTask}</button>
      </div>
      {isAdding && (
        <TaskForm save={(asked) => store.add(asked)} leave={() => setAdding(false)} isRepeated />
      )}
      <Narrowing />
      <p role="status" className="hint">{told}</p>
      <ul className="list" aria-label={texts.tasks}>
        {tasks.map((task) => <TaskRow key={task.task_id} task={task} />)}
      </ul>
      {!tasks.length && <p className="hint">{isNarrowed ? texts.nothingFits : texts.empty[filter.status]}</p>}
      {total > tasks.length && <p className="hint">{texts.firstOf(tasks.length, total)}</p>}
    </aside>
  );
}

function Narrowing() {
  const { tasks: store } = useDesk();
  const { filter } = useStore(store);
  return (
    <div className="narrowing" role="search" aria-label={texts.tasks}>
      <fieldset className="segments">
        <legend className="unseen">{texts.whichTasks}</legend>
        {Object.entries(texts.statuses).map(([value, name]) => (
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
        aria-label={texts.priority}
        value={filter.priority}
        onChange={(event) => store.filter({ priority: event.target.value as Filter["priority"] })}
      >
        <option value="">{texts.anyPriority}</option>
        {Object.entries(texts.priorities).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
      </select>
      <input
        type="search"
        aria-label={texts.searchTasks}
        placeholder={texts.searchTasks}
        dir="auto"
        value={filter.search}
        onChange={(event) => store.filter({ search: event.target.value })}
      />
    </div>
  );
}
