/** How the page puts things, without a browser. */

import { expect, test } from "@playwright/test";
import { merged, recorded, reply, said } from "../src/state/entries";
import { piecesOf, safeAddress } from "../src/prose";
import { dueLine, langOf, repeatLine, toolLine, whenLine } from "../src/words";
import type { Message } from "../src/wire";

const NOW = new Date(2026, 1, 6, 12, 0);

test("a due is told as people say it", () => {
  expect(whenLine("2026-02-06", NOW)).toBe("today");
  expect(whenLine("2026-02-07T09:00", NOW)).toBe("tomorrow, 9:00 am");
  expect(whenLine("2026-02-05", NOW)).toBe("yesterday");
  expect(whenLine("2026-02-10", NOW)).toBe("Tuesday");
  expect(whenLine("2026-03-10", NOW)).toBe("10 Mar");
  expect(whenLine("2027-03-10", NOW)).toBe("10 Mar 2027");
  expect(whenLine("2026-02-07T17:05", NOW, "ur-Latn")).toBe("kal shaam 5:05 baje");
  expect(whenLine("2026-02-10T09:00", NOW, "ur")).toBe("منگل صبح 9 بجے");
  expect(dueLine("2026-02-06", NOW).late).toBe(false);
  expect(dueLine("2026-02-05", NOW).late).toBe(true);
  expect(dueLine("2026-02-06T11:59", NOW).late).toBe(true);
});

test("repetitions and languages have words", () => {
  expect(repeatLine("FREQ=WEEKLY;INTERVAL=2")).toBe("every 2 weeks");
  expect(repeatLine("FREQ=DAILY")).toBe("every day");
  expect(langOf("1. کام")).toBe("ur");
  expect(langOf("kaam کام")).toBe("en");
  expect(langOf("1.")).toBeUndefined();
  expect(repeatLine("FREQ=WEEKLY;INTERVAL=2", "ur-Latn")).toBe("har 2 hafte");
  expect(repeatLine("FREQ=DAILY", "ur")).toBe("روزانہ");
});

test("a tool call is told as done, as failed, and as under way", () => {
  const call = { name: "add_task", arguments: { title: "doodh" } };
  const done = { ...call, result: { title: "doodh" } };
  const failed = { ...call, error: { code: "invalid", message: "No." } };
  expect(toolLine(call, "en")).toBe("add '⁨doodh⁩'");
  expect(toolLine(done, "en")).toBe("added '⁨doodh⁩'");
  expect(toolLine(failed, "en")).toBe("could not add '⁨doodh⁩': ⁨No.⁩");
  expect(toolLine(done, "ur-Latn")).toBe("'⁨doodh⁩' add kiya");
  expect(toolLine(failed, "ur")).toBe("'⁨doodh⁩' شامل نہیں ہو سکا: ⁨No.⁩");
  expect(toolLine({ name: "list_tasks", result: { total: 3 } }, "ur")).toBe("ٹاسک دیکھے: 3 ملے");
  expect(toolLine({ name: "brand_new_tool", result: {} }, "en")).toBe("brand_new_tool");
});

test("only whole http, https and mailto addresses are links", () => {
  for (const bad of ["javascript:alert(1)", "JaVaScript:x", "data:text/html,x", "//example.org", "/x", "vbscript:x", "file:///x"]) {
    expect(safeAddress(bad)).toBeNull();
  }
  expect(safeAddress("https://example.org")).toBe("https://example.org/");
  expect(piecesOf("a **b** `c` [d](https://e.org) [f](javascript:g)").map((piece) => piece.kind)).toEqual([
    ...["text", "bold", "text", "code", "text", "link", "text", "text"],
  ]);
  expect(piecesOf("https://a.org/x).")[0]).toMatchObject({ text: "https://a.org/x" });
  expect(piecesOf("2 * 3 ** 4 [x] (y)")).toEqual([{ kind: "text", text: "2 * 3 ** 4 [x] (y)" }]);
});

const message = (id: number, text: string, change: Partial<Message> = {}): Message => ({
  ...{ id, text, role: id % 2 ? "user" : "assistant", status: "completed", turn_id: null, tool_calls: [], created_at: "" },
  ...change,
});

test("the record takes the place of what was shown, each message once", () => {
  const shown = [said("a", "haan"), { ...reply("b", "done"), text: "ji" }, said("c", "haan"), reply("d", "waiting")];
  const page = [message(1, "haan"), message(2, "ji"), message(3, "haan"), message(4, "", { status: "in_progress" })];
  const { entries } = merged(shown, { messages: page, next_cursor: null }, []);
  expect(entries.map(({ key }) => key)).toEqual(["a", "b", "c", "d"]);
  expect(entries.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
});

test("earlier messages stay only where the newest page joins them", () => {
  const shown = [1, 2, 3].map((id) => recorded(message(id, "x")));
  const page = (first: number) => ({ messages: [message(first, "y"), message(first + 1, "z")], next_cursor: "n" });
  expect(merged(shown, page(4), []).entries.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
  expect(merged(shown, page(6), [])).toMatchObject({ joined: false });
  expect(merged(shown, page(6), []).entries.map(({ number }) => number)).toEqual([6, 7]);
});
