/** The conversation as OpenAI's component shows it; the conversations, the tasks and who is signed in stay the page's. */

import type { ChatKitOptions, OpenAIChatKit } from "@openai/chatkit";
import { useEffect, useRef, useState } from "react";
import { language, texts } from "../language";
import { startOfficial, TAG } from "../official";
import type { Desk } from "../state/desk";
import { useDesk } from "../state/desk";
import { useStore } from "../state/store";
import { isDark } from "../theme";
import { STARTERS } from "./Starters";

/** `failed` is called when the component can't be had. */
export function OfficialPart({ domainKey, failed }: { domainKey: string; failed: () => void }) {
  const desk = useDesk();
  const { name } = useStore(desk.conversation);
  const { places } = useStore(desk.places);
  const host = useRef<HTMLDivElement>(null);
  const shown = useRef<string | null>(null);
  const [element, setElement] = useState<OpenAIChatKit | null>(null);

  useEffect(() => {
    const made = document.createElement(TAG) as OpenAIChatKit;
    made.addEventListener("chatkit.effect", () => desk.read());
    made.addEventListener("chatkit.response.end", () => desk.read());
    made.addEventListener("chatkit.thread.change", ({ detail: { threadId } }) => {
      shown.current = threadId;
      if (threadId) void desk.conversation.open(threadId);
    });
    host.current!.append(made);
    startOfficial(made, optionsOf(desk, domainKey)).then(() => setElement(made), failed);
    return () => made.remove();
  }, [desk, domainKey, failed]);

  // What is opened in the list of conversations is opened in the component.
  useEffect(() => {
    const thread = places.find(({ id, key }) => id === name || key === name)?.key ?? null;
    if (!element || name === shown.current || thread === shown.current) return;
    shown.current = thread;
    void element.setThreadId(thread);
  }, [element, name, places]);

  return (
    <div className="official" ref={host} aria-busy={!element || undefined}>
      {!element && <p className="hint" role="status">{texts.opening}</p>}
    </div>
  );
}

function optionsOf(desk: Desk, domainKey: string): ChatKitOptions {
  return {
    api: { ...desk.chatkit, domainKey },
    theme: isDark() ? "dark" : "light",
    frameTitle: "Munshi",
    locale: language === "ur" ? "ur" : "en",
    header: { enabled: false },
    history: { enabled: false },
    startScreen: {
      greeting: `السلام علیکم! ${texts.starters}`,
      prompts: STARTERS.map(({ text }) => ({ label: text, prompt: text })),
    },
    composer: { placeholder: texts.writeToMunshi, attachments: { enabled: false } },
    threadItemActions: { feedback: true, retry: true },
  };
}
