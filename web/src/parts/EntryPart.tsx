/** One message of the log, with what was done under it and what can be done about it. */

import { memo, type RefObject } from "react";
import type { Entry } from "../state/entries";
import { useDesk } from "../state/desk";
import type { ToolCall } from "../wire";
import { changed, langOf, toolLine } from "../words";
import type { Box } from "./Composer";
import { Copy } from "./Copy";
import { Prose } from "./Prose";

interface Props {
  entry: Entry;
  /** Nothing was said after it, and nothing is being said. */
  isLast: boolean;
  box: RefObject<Box | null>;
}

export const EntryPart = memo(function EntryPart({ entry, isLast, box }: Props) {
  return entry.role === "user" ? <Said entry={entry} box={box} /> : <Reply entry={entry} isLast={isLast} box={box} />;
});

function Said({ entry, box }: Omit<Props, "isLast">) {
  const { conversation } = useDesk();
  const isUnsent = entry.state === "unsent";

  function edit(): void {
    conversation.discard(entry.key);
    box.current?.write(entry.text);
  }

  return (
    <>
      <div className={isUnsent ? "message user unsent" : "message user"}>
        <span className="unseen">You:</span>
        <div className="text" dir="auto" lang={langOf(entry.text)}>{entry.text}</div>
      </div>
      {isUnsent && (
        <Note text={`${entry.fault} Sending it again is safe: nothing is done twice.`}>
          <button type="button" onClick={() => act(box, () => conversation.sendAgain(entry.key))}>Send again</button>
          <button type="button" onClick={edit}>Edit</button>
        </Note>
      )}
    </>
  );
}

function Reply({ entry, isLast, box }: Props) {
  const { conversation } = useDesk();
  const isOpen = entry.state === "live" || entry.state === "waiting";
  const lang = langOf(entry.text);
  const mayRetry = isLast && (entry.state === "failed" || (entry.state === "done" && !entry.calls.some(changed)));
  const again = () => act(box, () => conversation.sayAgain(entry.key));

  return (
    <>
      <div
        className={isOpen ? "message assistant busy" : "message assistant"}
        dir={lang === "ur" ? "rtl" : "ltr"}
        aria-busy={isOpen || undefined}
      >
        <span className="unseen">Munshi:</span>
        {entry.calls.length > 0 && (
          <ul className="tools" dir="ltr" aria-label="What was done">
            {entry.calls.map((call, at) => <Tool key={at} call={call} />)}
          </ul>
        )}
        {entry.text && <div className="text" dir="auto" lang={lang}><Prose text={entry.text} /></div>}
        {entry.state === "waiting" && <p className="hint">Munshi is still at it; what comes of it appears here.</p>}
        {entry.state === "done" && (
          <div className="acts" dir="ltr">
            <Copy text={entry.text} />
            {mayRetry && <button type="button" className="quiet small" onClick={again}>Ask again</button>}
          </div>
        )}
      </div>
      {entry.state === "failed" && (
        <Note text={entry.fault || "This turn ended without an answer."}>
          {mayRetry && <button type="button" onClick={again}>Send again</button>}
        </Note>
      )}
    </>
  );
}

function Tool({ call }: { call: ToolCall }) {
  const state = call.error ? "failed" : call.result ? "done" : "open";
  const mark = { failed: "✗", done: "✓", open: "…" }[state];
  return (
    <li className={state}>
      <span aria-hidden="true">{mark} </span>
      <span>{toolLine(call)}</span>
    </li>
  );
}

function Note({ text, children }: { text: string; children: React.ReactNode }) {
  return (
    <div className="note">
      <span>{text}</span>
      {children}
    </div>
  );
}

/** Does what a button says; the button goes with it, so the box is the next thing. */
function act(box: RefObject<Box | null>, doing: () => void): void {
  doing();
  box.current?.focus();
}
