/** The desk: past conversations, the one that is open, and the tasks beside it. */

import { useCallback, useRef, useState } from "react";
import { texts } from "../language";
import { domainKey } from "../official";
import { useStore } from "../state/store";
import { useDesk } from "../state/desk";
import { Composer, type Box } from "./Composer";
import { Log } from "./Log";
import { Mark } from "./Mark";
import { OfficialPart } from "./OfficialPart";
import { PlacesPart } from "./PlacesPart";
import { TasksPart } from "./TasksPart";

export function DeskPart() {
  const { conversation, tasks } = useDesk();
  const { toDo } = useStore(tasks);
  const box = useRef<Box>(null);
  const [isOfficial, setOfficial] = useState(domainKey !== null);
  const fallBack = useCallback(() => setOfficial(false), []);

  function begin(): void {
    void conversation.begin();
    box.current?.focus();
  }

  return (
    <>
      <header className="bar">
        <button type="button" className="quiet drawer-places" popoverTarget="places">{texts.conversations}</button>
        <h1><Mark /> <span>Munshi</span></h1>
        <div className="bar-buttons">
          <button type="button" onClick={begin}>
            {texts.newConversation[0]}<span className="wide"> {texts.newConversation[1]}</span>
          </button>
          <button type="button" className="drawer-tasks" popoverTarget="tasks">
            {texts.tasks} {toDo > 0 && <span className="count">{toDo}<span className="unseen"> {texts.toDo}</span></span>}
          </button>
        </div>
      </header>
      <div className="desk">
        <PlacesPart opened={() => box.current?.focus()} />
        <main className="conversation" aria-label={texts.conversation}>
          {domainKey && isOfficial ? (
            <OfficialPart domainKey={domainKey} failed={fallBack} />
          ) : (
            <>
              <Log box={box} />
              <Composer ref={box} />
            </>
          )}
        </main>
        <TasksPart />
      </div>
    </>
  );
}
