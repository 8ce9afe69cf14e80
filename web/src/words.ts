/** How the page puts things: tool calls, dues, repetitions and faults in words. */

import { Lost, Problem } from "./api";
import { language, texts } from "./language";
import { TEXTS, type Language, type Told, type Unit } from "./texts";
import type { ToolCall, Undone } from "./wire";

const DAY_MS = 86_400_000;

/** A title within a sentence of another direction (Unicode isolates). */
export function quoted(title: unknown): string {
  return `'\u2068${String(title)}\u2069'`;
}

const READERS = new Set(["list_tasks", "get_task", "parse_urdu_intent", "generate_urdu_response", "fetch_chat_history"]);

/** A tool call in words: under way, done, or failed and why. */
export function toolLine(call: ToolCall, spoken: Language): string {
  const [did, doing, failed] = TEXTS[spoken].toolSteps[call.name] ?? [() => call.name, () => call.name, () => call.name];
  const told = toldOf(call, spoken);
  if (call.error) return `${failed(told)}: \u2068${call.error.message}\u2069`;
  return call.result ? did(told) : doing(told);
}

function toldOf({ result, arguments: asked }: ToolCall, spoken: Language): Told {
  const title = result?.["title"] ?? asked?.["title"] ?? TEXTS[spoken].taskNumber(String(asked?.["task_id"] ?? ""));
  return {
    name: quoted(title),
    search: asked?.["search"] ? quoted(asked["search"]) : "",
    total: Number(result?.["total"] ?? 0),
    titles: ((result as Undone | undefined)?.tasks ?? []).map((task) => quoted(task.title)),
  };
}

/** Whether a tool call changed the tasks: then asking again could do it twice. */
export function changed(call: ToolCall): boolean {
  return !call.error && !READERS.has(call.name);
}

/** What went wrong, for a person whose message it was. */
export function faultLine(fault: unknown): string {
  if (fault instanceof Lost) return texts.unreachable;
  if (!(fault instanceof Problem)) return texts.broken;
  if (fault.code === "rate_limited") return texts.tooOften(fault.retryAfter || 60);
  if (fault.errors.length) return fault.errors.map(({ field, message }) => texts.invalid(field, message)).join(" ");
  return problemLine(fault);
}

/** What the server refused, in the page's words where it has some for it. */
export function problemLine(problem: Problem): string {
  return texts.problems[problem.code] ?? problem.message;
}

/** What undo took back. */
export function undoneLine({ tasks }: Undone): string {
  return tasks.map((task) => texts.undone[task.status](quoted(task.title))).join(" ");
}

/** A due (a date, or a moment with its offset) as people say it ("tomorrow, 9:00 am"), and whether it has passed. */
export function dueLine(due: string, now = new Date()): { text: string; late: boolean } {
  return { text: whenLine(due, now), late: momentOf(due) < (isDate(due) ? midnight(now) : now) };
}

/** A date or a moment, seen from now. */
export function whenLine(when: string, now = new Date(), spoken = language): string {
  const { yesterday, today, tomorrow, weekdays, months, moment: said } = TEXTS[spoken];
  const moment = momentOf(when);
  const away = Math.round((midnight(moment).getTime() - midnight(now).getTime()) / DAY_MS);
  const year = moment.getFullYear() === now.getFullYear() ? "" : ` ${moment.getFullYear()}`;
  const date = `${moment.getDate()} ${months[moment.getMonth()]}${year}`;
  const day = [yesterday, today, tomorrow][away + 1] ?? (away > 1 && away < 7 ? weekdays[moment.getDay()]! : date);
  return isDate(when) ? day : said(day, moment.getHours(), moment.getMinutes());
}

/** A rule such as FREQ=WEEKLY;INTERVAL=2 as "every 2 weeks". */
export function repeatLine(rule: string, spoken = language): string {
  const [, frequency = ""] = /FREQ=(\w+)/.exec(rule) ?? [];
  const [, every = "1"] = /INTERVAL=(\d+)/.exec(rule) ?? [];
  const units: Record<string, Unit> = { DAILY: "day", WEEKLY: "week", MONTHLY: "month", YEARLY: "year" };
  const unit = units[frequency];
  return unit ? TEXTS[spoken].every(unit, Number(every)) : TEXTS[spoken].repeats;
}

/** The language that a text's first letters show: Urdu, or what Latin letters are read as; none without letters. */
export function langOf(text: string): "ur" | "en" | undefined {
  const [first] = /\p{L}/u.exec(text) ?? [];
  if (!first) return undefined;
  return /\p{Script=Arabic}/u.test(first) ? "ur" : "en";
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
