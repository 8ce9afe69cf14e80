/** Who is signed in: the token from the address or the form, kept in this tab only. */

import type { Problem } from "./api";
import { kept } from "./kept";
import { texts } from "./language";
import { problemLine } from "./words";

export interface Session {
  token: string;
  user: string;
}

/** The session of this tab, from the address (`#token=…`) or from before the reload; null without a token. */
export function readSession(): Session | null {
  takeTokenFromAddress();
  addEventListener("hashchange", () => {
    if (takeTokenFromAddress()) location.reload();
  });
  const token = kept.read("token");
  const user = token && subjectOf(token);
  if (token && !user) {
    kept.drop("token");
    kept.write("fault", texts.tokenUnreadable);
  }
  if (!token || !user) return null;
  if (kept.read("user") !== user) kept.drop("conversation", "draft");
  kept.write("user", user);
  return { token, user };
}

/** Signs in with what was pasted, a token or the whole address; false for what is none. */
export function signIn(pasted: string): boolean {
  const token = pasted.trim().replace(/^.*#token=/, "");
  if (!subjectOf(token)) return false;
  kept.write("token", token);
  location.reload();
  return true;
}

/** Back to the form: what was written is kept, for the same person to go on. */
export function refused(problem: Problem): void {
  kept.drop("token");
  kept.write("fault", texts.tokenRefused(problemLine(problem)));
  location.reload();
}

/** Back to the form, with nothing kept. */
export function signOut(): void {
  kept.drop("token", "user", "conversation", "unsent", "draft", "fault");
  location.reload();
}

/** Takes `#token=…` out of the address into this tab's storage; true when there was one. */
function takeTokenFromAddress(): boolean {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given === null) return false;
  kept.write("token", given);
  history.replaceState(null, "", location.pathname + location.search);
  return true;
}

/** The user that a token names, null for what is no token. The server checks it; this only reads it. */
function subjectOf(token: string): string | null {
  try {
    const payload = token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(payload), (letter) => letter.charCodeAt(0));
    const { sub } = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown };
    return typeof sub === "string" && sub ? sub : null;
  } catch {
    return null;
  }
}
