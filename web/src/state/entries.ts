/** What the log shows: recorded messages, the reply that comes in, and messages that did not get through. */

import { texts } from "../language";
import type { Message, MessagePage, Question, ToolCall } from "../wire";
import type { Unsent } from "./unsent";

/**
 * `live`: heard as it comes; `waiting`: the server works on it, unheard; `failed`: ended without an answer;
 * `unsent`: a message that may not have reached the server.
 */
export type EntryState = "done" | "live" | "waiting" | "failed" | "unsent";

export interface Entry {
  readonly key: string;
  /** The message's number in its conversation; null until the record was read. */
  readonly number: number | null;
  readonly role: Message["role"];
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** What it asks; null for nothing. */
  readonly question: Question | null;
  /** The turn it belongs to; null until that is known. */
  readonly turn: string | null;
  readonly state: EntryState;
  /** What went wrong, in words; "" for nothing. */
  readonly fault: string;
}

const STATES = { completed: "done", stopped: "done", in_progress: "waiting", failed: "failed" } as const;
const BLANK = { number: null, text: "", calls: [], question: null, turn: null, fault: "" };

export function said(key: string, text: string, state: EntryState = "done", fault = ""): Entry {
  return { ...BLANK, key, role: "user", text, state, fault };
}

export function reply(key: string, state: EntryState = "live"): Entry {
  return { ...BLANK, key, role: "assistant", state };
}

/**
 * The log after the newest page was read: numbers are without gaps, so older ones stay where they join it; what is not
 * recorded yet stays at the end.
 */
export function merged(
  shown: readonly Entry[],
  page: MessagePage,
  unrecorded: readonly Entry[],
): { entries: Entry[]; joined: boolean } {
  const first = page.messages[0]?.id ?? Infinity;
  const older = shown.filter((entry) => entry.number !== null && entry.number < first);
  const joined = older.at(-1)?.number === first - 1;
  const left = new Set(shown);
  const recent = page.messages.toReversed().map((message) => {
    const before = shown.findLast((entry) => left.has(entry) && isSame(entry, message));
    if (before) left.delete(before);
    return recorded(message, before);
  });
  const known = new Set(recent.map(({ key }) => key));
  const rest = unrecorded.filter(({ key }) => !known.has(key));
  return { entries: [...(joined ? older : []), ...recent.reverse(), ...rest], joined };
}

/** A recorded message; it takes over the place, and a reply still unheard also the text, of what stood there before. */
export function recorded(message: Message, before?: Entry): Entry {
  const state = STATES[message.status];
  const unheard = state === "waiting" && before ? before : null;
  return {
    key: before?.key ?? `m${message.id}`,
    number: message.id,
    role: message.role,
    text: unheard?.text ?? message.text,
    calls: unheard?.calls ?? message.tool_calls,
    question: message.question ?? null,
    turn: message.turn_id,
    state: unheard?.state === "live" ? "live" : state,
    fault: state !== "done" && before ? before.fault : "",
  };
}

function isSame(entry: Entry, message: Message): boolean {
  if (entry.number !== null || entry.role !== message.role) return entry.number === message.id;
  return entry.text === message.text || (entry.role === "assistant" && entry.state !== "done");
}

/** Messages that are still kept as unsent, at the end of the log. */
export function pendingEntries(unsent: readonly Unsent[], shown: readonly Entry[]): Entry[] {
  return unsent.map(({ key, ask }) => {
    const before = shown.find((entry) => entry.key === key);
    const fault = before?.fault || texts.unsentKept;
    return said(key, ask.message, "unsent", fault);
  });
}
