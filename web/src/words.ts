/** How the page puts things: tool calls, dues, repetitions and faults in words. */

import { Lost, Problem } from "./api";
import type { Priority, ToolCall, Undone } from "./wire";

const LOCALE = "en-PK";
const DAY_MS = 86_400_000;
const near = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const weekday = new Intl.DateTimeFormat(LOCALE, { weekday: "long" });
const dayOfYear = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" });
const dayAndYear = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", year: "numeric" });
const clock = new Intl.DateTimeFormat(LOCALE, { hour: "numeric", minute: "2-digit" });

export const PRIORITIES: Record<Priority, string> = { urgent: "Urgent", high: "High", normal: "Normal", low: "Low" };
const UNDONE = { restored: "is back", removed: "is removed again", reverted: "is as it was" };

/** A title within a sentence of another direction (Unicode isolates). */
export function quoted(title: unknown): string {
  return `'\u2068${String(title)}\u2069'`;
}

const named = ({ result, arguments: asked }: ToolCall): string =>
  quoted(result?.["title"] ?? asked?.["title"] ?? `task ${String(asked?.["task_id"] ?? "")}`);
const found = ({ result, arguments: asked }: ToolCall): string =>
  (asked?.["search"] ? `looked for ${quoted(asked["search"])}` : "looked at the tasks") +
  (result ? `: ${String(result["total"] || "none")} found` : "");
const titles = (result: unknown): string =>
  ((result as Undone | undefined)?.tasks ?? []).map((task) => ` ${quoted(task.title)}`).join(",");

type Words = (call: ToolCall) => string;

/** Per tool: what was done, and what could not be done. */
const TOOLS: Record<string, [did: Words, todo: Words]> = {
  add_task: [(call) => `added ${named(call)}`, (call) => `add ${named(call)}`],
  complete_task: [(call) => `completed ${named(call)}`, (call) => `complete ${named(call)}`],
  delete_task: [(call) => `deleted ${named(call)}`, (call) => `delete ${named(call)}`],
  update_task: [(call) => `changed ${named(call)}`, (call) => `change ${named(call)}`],
  undo: [(call) => `took back the last change${titles(call.result)}`, () => "take back the last change"],
  list_tasks: [found, () => "look at the tasks"],
  get_task: [(call) => `looked at ${named(call)}`, (call) => `look at ${named(call)}`],
  parse_urdu_intent: [() => "read the message", () => "read the message"],
  generate_urdu_response: [() => "worded the reply", () => "word the reply"],
  fetch_chat_history: [() => "read the conversation", () => "read the conversation"],
};
const READERS = new Set(["list_tasks", "get_task", "parse_urdu_intent", "generate_urdu_response", "fetch_chat_history"]);

/** A tool call in words: under way, done, or failed and why. */
export function toolLine(call: ToolCall): string {
  const [did, todo] = TOOLS[call.name] ?? [() => call.name, () => call.name];
  if (call.error) return `could not ${todo(call)}: ${call.error.message}`;
  return call.result ? did(call) : todo(call);
}

/** Whether a tool call changed the tasks: then asking again could do it twice. */
export function changed(call: ToolCall): boolean {
  return !call.error && !READERS.has(call.name);
}

/** What went wrong, for a person whose message it was. */
export function faultLine(fault: unknown): string {
  if (fault instanceof Lost) return "Munshi cannot be reached just now.";
  if (!(fault instanceof Problem)) return "Something went wrong on this page.";
  if (fault.code === "rate_limited") return `That was a lot at once. Try again in ${fault.retryAfter || 60} seconds.`;
  return fault.errors.length ? fault.errors.map(({ field, message }) => `${field} ${message}`).join(". ") : fault.message;
}

/** What undo took back. */
export function undoneLine({ tasks }: Undone): string {
  return tasks.map((task) => `${quoted(task.title)} ${UNDONE[task.status]}.`).join(" ");
}

/** A due (a date, or a moment with its offset) as people say it ("tomorrow, 9:00 am"), and whether it has passed. */
export function dueLine(due: string, now = new Date()): { text: string; late: boolean } {
  return { text: whenLine(due, now), late: momentOf(due) < (isDate(due) ? midnight(now) : now) };
}

/** A date or a moment, seen from now. */
export function whenLine(when: string, now = new Date()): string {
  const moment = momentOf(when);
  const away = Math.round((midnight(moment).getTime() - midnight(now).getTime()) / DAY_MS);
  const format = moment.getFullYear() === now.getFullYear() ? dayOfYear : dayAndYear;
  const farther = away > 1 && away < 7 ? weekday.format(moment) : format.format(moment);
  const day = Math.abs(away) <= 1 ? near.format(away, "day") : farther;
  return isDate(when) ? day : `${day}, ${clock.format(moment)}`;
}

/** A rule such as FREQ=WEEKLY;INTERVAL=2 as "every 2 weeks". */
export function repeatLine(rule: string): string {
  const [, frequency = ""] = /FREQ=(\w+)/.exec(rule) ?? [];
  const [, every = "1"] = /INTERVAL=(\d+)/.exec(rule) ?? [];
  const unit = { DAILY: "day", WEEKLY: "week", MONTHLY: "month", YEARLY: "year" }[frequency];
  if (!unit) return "repeats";
  return every === "1" ? `every ${unit}` : `every ${every} ${unit}s`;
}

/** The language that a text's first letters show: Urdu, or none that is known. */
export function langOf(text: string): "ur" | undefined {
  return /^[^\p{L}]*\p{Script=Arabic}/u.test(text) ? "ur" : undefined;
}

function isDate(when: string): boolean {
  return !when.includes("T");
}

function momentOf(when: string): Date {
  return new Date(isDate(when) ? `${when}T00:00` : when);
}

function midnight(moment: Date): Date {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
}
