/** One message of the log, with what was done under it and what can be done about it. */

import { memo, type RefObject } from "react";
import type { Entry } from "../state/entries";
import { useDesk } from "../state/desk";
import type { Question, ToolCall } from "../wire";
import { changed, langOf, toolLine } from "../words";
import type { Box } from "./Composer";
import { Copy } from "./Copy";
import { Prose } from "./Prose";
import { Runs } from "./Runs";

const DONE_ALREADY = " What is ticked above is done; say what is still missing.";

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
        <div className="text" dir="auto" lang={langOf(entry.text)}>
          {langOf(entry.text) ? entry.text : <Runs text={entry.text} />}
        </div>
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
  const hasChanged = entry.calls.some(changed);
  const mayRetry = isLast && !hasChanged && (entry.state === "failed" || entry.state === "done");
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
        {entry.text && <div className="text" dir="auto" lang={lang}><Prose text={entry.text} isUrdu={lang === "ur"} /></div>}
        {entry.state === "waiting" && (
          <p className="hint" dir="ltr">{entry.fault || "Munshi is still at it; what comes of it appears here."}</p>
        )}
        {isLast && entry.state === "done" && entry.question && (
          <Choices question={entry.question} choose={(message) => act(box, () => conversation.say(message))} />
        )}
        {entry.state === "done" && (
          <div className="acts" dir="ltr">
            <Copy text={entry.text} />
            {mayRetry && <button type="button" className="quiet small" onClick={again}>Ask again</button>}
          </div>
        )}
      </div>
      {entry.state === "failed" && (
        <Note text={`${entry.fault || "This turn ended without an answer."}${hasChanged ? DONE_ALREADY : ""}`}>
          {mayRetry && <button type="button" onClick={again}>Send again</button>}
        </Note>
      )}
    </>
  );
}

/** The options of a question; they are gone with the next message, for only that one answers it. */
function Choices({ question, choose }: { question: Question; choose: (message: string) => void }) {
  if (!question.options.length) return null;
  return (
    <div className="choices" role="group" aria-label="Answer">
      {question.options.map(({ label, message }) => (
        <button key={message} type="button" onClick={() => choose(message)}><Runs text={label} /></button>
      ))}
    </div>
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
