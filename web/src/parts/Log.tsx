/** What was said, from the earliest that was read to the newest. */

import type { RefObject } from "react";
import { texts } from "../language";
import { useDesk } from "../state/desk";
import { useStore } from "../state/store";
import type { Box } from "./Composer";
import { EntryPart } from "./EntryPart";
import { useFollowing } from "./following";
import { Starters } from "./Starters";

export function Log({ box }: { box: RefObject<Box | null> }) {
  const { conversation } = useDesk();
  const { name, entries, cursor, hearing, opening, fault, quiet } = useStore(conversation);
  const { scroll, log, start, end, earlier } = useFollowing(conversation);
  const last = entries.at(-1);

  return (
    <div className="scroll" ref={scroll} tabIndex={0} role="region" aria-label={texts.messages}>
      <div ref={start} />
      {cursor && <button type="button" className="quiet earlier" onClick={earlier}>{texts.earlier}</button>}
      {opening && <p className="hint" role="status">{texts.opening}</p>}
      {fault && (
        <div className="note" role="alert">
          <span>{fault}</span>
          <button type="button" onClick={() => void conversation.open(name)}>{texts.tryAgain}</button>
        </div>
      )}
      <div className="log" ref={log} role="log" aria-label={texts.log} aria-live={quiet ? "off" : "polite"}>
        {entries.map((entry, at) => (
          <EntryPart key={entry.key} entry={entry} before={entries[at - 1]?.text ?? ""} isLast={entry === last && !hearing} box={box} />
        ))}
      </div>
      <div ref={end} />
      {!entries.length && !opening && !fault && <Starters />}
    </div>
  );
}
