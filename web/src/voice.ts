/** Voice input through the browser's own speech recognition, where it has one. */

import { useRef, useState } from "react";
import { texts } from "./language";

export type VoiceLanguage = keyof typeof texts.voices;

interface Recognition extends EventTarget {
  lang: string;
  interimResults: boolean;
  start(): void;
  stop(): void;
}
interface Recognised extends Event {
  results: ArrayLike<ArrayLike<{ transcript: string }>>;
}

type Recogniser = new () => Recognition;
const found = window as { SpeechRecognition?: Recogniser; webkitSpeechRecognition?: Recogniser };
const Recogniser = found.SpeechRecognition ?? found.webkitSpeechRecognition;

export const hasVoice = Recogniser !== undefined;

export interface Voice {
  isHearing: boolean;
  /** What went wrong, in words; "" for nothing. */
  fault: string;
  toggle: (language: VoiceLanguage) => void;
}

/** Hears until silence; `heard` gets the text so far, again and again as it is understood better. */
export function useVoice(heard: (text: string) => void): Voice {
  const [isHearing, setHearing] = useState(false);
  const [fault, setFault] = useState("");
  const recognition = useRef<Recognition | null>(null);

  function toggle(language: VoiceLanguage): void {
    if (recognition.current) return recognition.current.stop();
    if (!Recogniser) return;
    const hearing = new Recogniser();
    hearing.lang = language;
    hearing.interimResults = true;
    hearing.addEventListener("result", (event) => heard(textOf(event as Recognised)));
    hearing.addEventListener("error", (event) => {
      const { error } = event as Event & { error: string };
      setFault(error === "aborted" ? "" : (texts.voiceFaults[error] ?? texts.voiceFault));
    });
    hearing.addEventListener("end", () => {
      recognition.current = null;
      setHearing(false);
    });
    recognition.current = hearing;
    setFault("");
    setHearing(true);
    hearing.start();
  }

  return { isHearing, fault, toggle };
}

function textOf({ results }: Recognised): string {
  return Array.from(results, (result) => result[0]?.transcript ?? "").join("");
}
