/** Where one writes or speaks; while Munshi answers, the button stops it. */

import { useEffect, useImperativeHandle, useRef, useState, type FormEvent, type KeyboardEvent, type Ref } from "react";
import { kept } from "../kept";
import { useDesk } from "../state/desk";
import { useStore } from "../state/store";
import { hasVoice, useVoice, VOICES, type VoiceLanguage } from "../voice";
import { langOf } from "../words";

const MESSAGE_MAX = 4_000;

/** The box, for other parts: they give it the focus, or a text to be changed. */
export interface Box {
  focus: () => void;
  write: (text: string) => void;
}

export function Composer({ ref }: { ref: Ref<Box> }) {
  const { conversation } = useDesk();
  const { hearing, stopping } = useStore(conversation);
  const [text, setText] = useState(() => kept.read("draft") ?? "");
  const [language, setLanguage] = useState<VoiceLanguage>("ur-PK");
  const area = useRef<HTMLTextAreaElement>(null);
  const voice = useVoice(setText);

  useImperativeHandle(ref, () => ({
    focus: () => area.current?.focus(),
    write: (draft) => {
      setText(draft);
      area.current?.focus();
    },
  }));
  useEffect(() => kept.write("draft", text), [text]);
  useEffect(() => {
    // On a touch screen the focus would bring up the keyboard over the page.
    if (matchMedia("(pointer: fine)").matches) area.current?.focus();
  }, []);

  function submit(event: FormEvent): void {
    event.preventDefault();
    area.current?.focus();
    if (hearing) conversation.stop();
    else if (text.trim() && conversation.say(text)) setText("");
  }

  function keyed(event: KeyboardEvent): void {
    if (event.key === "Escape" && hearing) conversation.stop();
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (!hearing) submit(event);
  }

  return (
    <form className="composer" onSubmit={submit}>
      <label htmlFor="box" className="unseen">Message</label>
      <textarea
        id="box"
        ref={area}
        rows={1}
        maxLength={MESSAGE_MAX}
        dir="auto"
        lang={langOf(text)}
        placeholder="Write to Munshi"
        aria-describedby="keys"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={keyed}
      />
      <div className="composer-buttons">
        {hasVoice && (
          <>
            <select
              aria-label="Language of the voice"
              value={language}
              onChange={(event) => setLanguage(event.target.value as VoiceLanguage)}
            >
              {Object.entries(VOICES).map(([code, name]) => <option key={code} value={code}>{name}</option>)}
            </select>
            <button type="button" aria-pressed={voice.isHearing} onClick={() => voice.toggle(language)}>
              {voice.isHearing ? "Listening" : "Speak"}
            </button>
          </>
        )}
        <button type="submit" className="main" id="send">{hearing ? (stopping ? "Stopping" : "Stop") : "Send"}</button>
      </div>
      <p className="hint" role="status">{voice.fault}</p>
      <p className="hint wide" id="keys">Enter sends, Shift and Enter starts a new line, Escape stops an answer.</p>
    </form>
  );
}
