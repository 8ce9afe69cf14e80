/** One message of the log, with what was done under it and what can be done about it. */

import { memo, type RefObject } from "react";
import { direction, directionOf, texts } from "../language";
import type { Entry } from "../state/entries";
import { useDesk } from "../state/desk";
import type { Language } from "../texts";
import { tongueOf } from "../tongue";
import type { Question, ToolCall } from "../wire";
import { changed, langOf, toolLine } from "../words";
import type { Box } from "./Composer";
import { Copy } from "./Copy";
import { Prose } from "./Prose";
import { Runs } from "./Runs";

interface Props {
  entry: Entry;
  /** What was said right before it. */
  before: string;
  /** Nothing was said after it, and nothing is being said. */
  isLast: boolean;
  box: RefObject<Box | null>;
}

export const EntryPart = memo(function EntryPart({ entry, before, isLast, box }: Props) {
  if (entry.role === "user") return <Said entry={entry} box={box} />;
  return <Reply entry={entry} before={before} isLast={isLast} box={box} />;
});

function Said({ entry, box }: Pick<Props, "entry" | "box">) {
  const { conversation } = useDesk();
  const isUnsent = entry.state === "unsent";

  function edit(): void {
    conversation.discard(entry.key);
    box.current?.write(entry.text);
  }

  return (
    <>
      <div className={isUnsent ? "message user unsent" : "message user"}>
        <span className="unseen">{texts.you}</span>
        <div className="text" dir="auto" lang={langOf(entry.text)}>
          {langOf(entry.text) === "ur" ? entry.text : <Runs text={entry.text} />}
        </div>
      </div>
      {isUnsent && (
        <Note text={`${entry.fault} ${texts.unsentSafe}`}>
          <button type="button" onClick={() => act(box, () => conversation.sendAgain(entry.key))}>{texts.sendAgain}</button>
          <button type="button" onClick={edit}>{texts.edit}</button>
        </Note>
      )}
    </>
  );
}

function Reply({ entry, before, isLast, box }: Props) {
  const { conversation } = useDesk();
  const isOpen = entry.state === "live" || entry.state === "waiting";
  const lang = langOf(entry.text);
  const hasChanged = entry.calls.some(changed);
  const mayRetry = isLast && !hasChanged && (entry.state === "failed" || entry.state === "done");
  const question = isLast && entry.state === "done" ? entry.question : null;
  const text = question ? withoutOptions(entry.text, question) : entry.text;
  const again = () => act(box, () => conversation.sayAgain(entry.key));

  return (
    <>
      <div
        className={isOpen ? "message assistant busy" : "message assistant"}
        dir={lang === "ur" ? "rtl" : "ltr"}
        aria-busy={isOpen || undefined}
      >
        <span className="unseen">{texts.munshi}</span>
        {entry.calls.length > 0 && (
          <Steps calls={entry.calls} spoken={tongueOf(/\p{L}/u.test(before) ? before : entry.text)} />
        )}
        {text && <div className="text" dir="auto" lang={lang}><Prose text={text} isUrdu={lang === "ur"} /></div>}
        {entry.state === "waiting" && (
          <p className="hint" dir={direction}>{entry.fault || texts.answerComes}</p>
        )}
        {question && (
          <Choices question={question} choose={(message) => act(box, () => conversation.say(message))} />
        )}
        {entry.state === "done" && (
          <div className="acts">
            <Copy text={entry.text} />
            {mayRetry && <button type="button" className="quiet small" onClick={again}>{texts.askAgain}</button>}
          </div>
        )}
      </div>
      {entry.state === "failed" && (
        <Note text={`${entry.fault || texts.noAnswer} ${hasChanged ? texts.doneAlready : ""}`}>
          {mayRetry && <button type="button" onClick={again}>{texts.sendAgain}</button>}
        </Note>
      )}
    </>
  );
}

/** The options of a question; they are gone with the next message, for only that one answers it. */
function Choices({ question, choose }: { question: Question; choose: (message: string) => void }) {
  if (!question.options.length) return null;
  return (
    <div className="choices" role="group" aria-label={texts.answer}>
      {question.options.map(({ label, message }) => (
        <button key={message} type="button" onClick={() => choose(message)}><Runs text={label} /></button>
      ))}
    </div>
  );
}

/** The list of what may be chosen stands once: as buttons while they are there, then as it was said. */
function withoutOptions(text: string, { options }: Question): string {
  const shown = new Set(options.map(({ label }) => label));
  return text.split("\n").filter((line) => !shown.has(line)).join("\n");
}

/** What was done, in the language in which it was asked for. */
function Steps({ calls, spoken }: { calls: readonly ToolCall[]; spoken: Language }) {
  return (
    <ul className="tools" lang={spoken} dir={directionOf(spoken)} aria-label={texts.steps}>
      {calls.map((call, at) => <Tool key={at} call={call} spoken={spoken} />)}
    </ul>
  );
}

function Tool({ call, spoken }: { call: ToolCall; spoken: Language }) {
  const state = call.error ? "failed" : call.result ? "done" : "open";
  const mark = { failed: "✗", done: "✓", open: "…" }[state];
  return (
    <li className={state}>
      <span aria-hidden="true">{mark} </span>
      <span>{spoken === "ur" ? toolLine(call, spoken) : <Runs text={toolLine(call, spoken)} />}</span>
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
