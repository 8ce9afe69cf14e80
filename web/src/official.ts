/** OpenAI's own ChatKit component: wanted where the server names a domain key, and waited for three seconds at most. */

import type { ChatKitOptions, OpenAIChatKit } from "@openai/chatkit";

export const TAG = "openai-chatkit";
const SCRIPT = "https://cdn.platform.openai.com/deployments/chatkit/chatkit.js";
const WAIT_MS = 3_000;

/** The key that OpenAI knows this domain by; null where the page is to stand alone. */
export const domainKey = document.querySelector<HTMLMetaElement>('meta[name="chatkit-domain-key"]')?.content ?? null;

/** Makes the component in the page ready for use. Throws as soon as it can't be, at the latest when the time is over. */
export async function startOfficial(element: OpenAIChatKit, options: ChatKitOptions): Promise<void> {
  const ready = new Promise<void>((resolve, reject) => {
    element.addEventListener("chatkit.ready", () => resolve(), { once: true });
    element.addEventListener("chatkit.error", reject, { once: true });
    setTimeout(() => reject(new Error("The component did not get ready in time.")), WAIT_MS);
  });
  ready.catch(() => {}); // what comes after the end is of no interest
  const defined = loaded().then(() => customElements.whenDefined(TAG));
  await Promise.race([defined, ready]);
  element.setOptions(options);
  await ready;
}

function loaded(): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = SCRIPT;
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new Error("The component's script did not load.")));
    document.head.append(script);
  });
}
