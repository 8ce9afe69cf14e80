/** How the page puts things: tool calls, dues, repetitions and faults in words, each text in its own direction. */

import { Lost } from "./api.js";

const LOCALE = "en-PK";
const DAY_MS = 86_400_000;
const near = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const weekday = new Intl.DateTimeFormat(LOCALE, { weekday: "long" });
const dayOfYear = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" });
const dayAndYear = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", year: "numeric" });
const clock = new Intl.DateTimeFormat(LOCALE, { hour: "numeric", minute: "2-digit" });

const named = (call) => quoted(call.result?.title ?? call.arguments?.title ?? `task ${call.arguments?.task_id ?? ""}`);
const found = (call) =>
  (call.arguments?.search ? `looked for ${quoted(call.arguments.search)}` : "looked at the tasks") +
  (call.result ? `: ${call.result.total || "none"} found` : "");

/** Per tool: what was done, and what could not be done. */
const TOOLS = {
  add_task: [(call) => `added ${named(call)}`, (call) => `add ${named(call)}`],
  complete_task: [(call) => `completed ${named(call)}`, (call) => `complete ${named(call)}`],
  delete_task: [(call) => `deleted ${named(call)}`, (call) => `delete ${named(call)}`],
  update_task: [(call) => `changed ${named(call)}`, (call) => `change ${named(call)}`],
  undo: [
    (call) => `took back the last change${(call.result?.tasks ?? []).map((task) => ` ${quoted(task.title)}`)}`,
    () => "take back the last change",
  ],
  list_tasks: [found, () => "look at the tasks"],
  get_task: [(call) => `looked at ${named(call)}`, (call) => `look at ${named(call)}`],
  parse_urdu_intent: [() => "read the message", () => "read the message"],
  generate_urdu_response: [() => "worded the reply", () => "word the reply"],
  fetch_chat_history: [() => "read the conversation", () => "read the conversation"],
};

/** A tool call in words: under way, done, or failed and why. */
export function toolLine(call) {
  const [did, todo] = TOOLS[call.name] ?? [() => call.name, () => call.name];
  if (call.error) return `✗ could not ${todo(call)}: ${call.error.message}`;
  return call.result ? `✓ ${did(call)}` : `… ${todo(call)}`;
}

/** What went wrong, for a person whose message it was. */
export function faultLine(fault) {
  if (fault instanceof Lost) return "The connection to Munshi was lost. Sending again is safe: nothing is done twice.";
  if (fault.code === "rate_limited") return `That was a lot at once. Try again in ${fault.retryAfter || 60} seconds.`;
  return fault.message;
}

/** A due (a date, or a moment with its offset) as people say it ("tomorrow, 9:00 am"), and whether it has passed. */
export function dueLine(due, now = new Date()) {
  return { text: whenLine(due, now), late: momentOf(due) < (isDate(due) ? midnight(now) : now) };
}

/** A date or a moment, seen from now. */
export function whenLine(when, now = new Date()) {
  const moment = momentOf(when);
  const away = Math.round((midnight(moment) - midnight(now)) / DAY_MS);
  const format = moment.getFullYear() === now.getFullYear() ? dayOfYear : dayAndYear;
  const farther = away > 1 && away < 7 ? weekday.format(moment) : format.format(moment);
  const day = Math.abs(away) <= 1 ? near.format(away, "day") : farther;
  return isDate(when) ? day : `${day}, ${clock.format(moment)}`;
}

/** A rule such as FREQ=WEEKLY;INTERVAL=2 as "every 2 weeks". */
export function repeatLine(rule) {
  const [, frequency] = /FREQ=(\w+)/.exec(rule) ?? [];
  const [, every = "1"] = /INTERVAL=(\d+)/.exec(rule) ?? [];
  const unit = { DAILY: "day", WEEKLY: "week", MONTHLY: "month", YEARLY: "year" }[frequency];
  if (!unit) return "repeats";
  return every === "1" ? `every ${unit}` : `every ${every} ${unit}s`;
}

/** Puts a text into an element, in the direction and the fonts of its own script; never as markup. */
export function write(element, text) {
  element.textContent = text;
  element.dir = "auto";
  element.lang = /^[^\p{L}]*\p{Script=Arabic}/u.test(text) ? "ur" : "";
  return element;
}

/** An element with a class and a text. */
export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/** A title within a sentence of another direction (Unicode isolates). */
export function quoted(title) {
  return `'\u2068${title}\u2069'`;
}

function isDate(when) {
  return !when.includes("T");
}

function momentOf(when) {
  return new Date(isDate(when) ? `${when}T00:00` : when);
}

function midnight(moment) {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
}
