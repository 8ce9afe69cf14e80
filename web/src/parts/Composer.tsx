/** Where one writes or speaks; while Munshi answers, the button stops it. */

import { useEffect, useImperativeHandle, useRef, useState, type FormEvent, type KeyboardEvent, type Ref } from "react";
import { kept } from "../kept";
import { texts } from "../language";
import { useDesk } from "../state/desk";
import { useStore } from "../state/store";
import { hasVoice, useVoice, type VoiceLanguage } from "../voice";
import { langOf } from "../words";
import { Microphone } from "./Microphone";

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
  const over = lengthOf(text) - MESSAGE_MAX;

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
    else if (text.trim() && over <= 0 && conversation.say(text)) setText("");
  }

  function keyed(event: KeyboardEvent): void {
    if (event.key === "Escape" && hearing) conversation.stop();
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (!hearing) submit(event);
  }

  return (
    <form className="composer" onSubmit={submit}>
      <label htmlFor="box" className="unseen">{texts.message}</label>
      <textarea
        id="box"
        ref={area}
        rows={1}
        dir="auto"
        lang={langOf(text)}
        placeholder={texts.writeToMunshi}
        aria-describedby="keys too-long"
        aria-invalid={over > 0 || undefined}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={keyed}
      />
      <div className="composer-buttons">
        {hasVoice && (
          <div className="voice">
            <button type="button" aria-pressed={voice.isHearing} onClick={() => voice.toggle(language)}>
              <Microphone /> {voice.isHearing ? texts.listening : texts.speak}
            </button>
            <select
              aria-label={texts.voiceLanguage}
              title={texts.voiceLanguage}
              value={language}
              onChange={(event) => setLanguage(event.target.value as VoiceLanguage)}
            >
              {Object.entries(texts.voices).map(([code, name]) => <option key={code} value={code}>{name}</option>)}
            </select>
          </div>
        )}
        <button type="submit" className="main" id="send" disabled={!hearing && over > 0}>
          {hearing ? (stopping ? texts.stopping : texts.stop) : texts.send}
        </button>
      </div>
      <p className="hint too-long" role="status" id="too-long">{over > 0 && texts.tooLong(over, MESSAGE_MAX)}</p>
      <p className="hint" role="status">{voice.fault}</p>
      <p className="hint wide" id="keys">{texts.keys}</p>
    </form>
  );
}

/** How many characters of a text count: those of the whole of Unicode, without what stands around it. */
function lengthOf(text: string): number {
  const trimmed = text.trim();
  return trimmed.length > MESSAGE_MAX ? Array.from(trimmed).length : trimmed.length;
}
