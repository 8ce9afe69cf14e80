/** For everybody: by keyboard alone, on small screens, and without a finding of axe. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type { AxeResults } from "axe-core";
import { box, comeBackTo, expect, log, overflows, picture, replies, say, signIn, task, tasks, test } from "./page";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(
    () => (window as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(),
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}

test("axe finds nothing, in light and dark, at work and at rest", async ({ page, person }) => {
  await page.goto(person.munshi.address);
  await expect(page.getByLabel("Token")).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await signIn(page, person);
  expect(await findings(page)).toEqual([]);
  await say(page, "kal doodh lana hai, urgent, add karo");
  await say(page, "میرے کام دکھاؤ");
  await person.ask("tasks", "POST", { title: "purana kaam", due: "2026-01-02", priority: "high", tags: ["ghar"] });
  await page.reload();
  await expect(task(page, "purana kaam")).toContainText("overdue");
  await tasks(page).getByRole("button", { name: "Add a task" }).click();
  await tasks(page).getByRole("button", { name: /^Edit .*doodh/ }).click();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await findings(page)).toEqual([]);
  }
});

test.describe("in Urdu", () => {
  test.use({ locale: "ur-PK" });

  test("axe finds nothing from right to left either, and 360 pixels are enough", async ({ page, person }) => {
    await person.chat("جمعے کو بجلی کا بل جمع کرانا ہے", "page-urdu");
    await person.ask("tasks", "POST", { title: "purana kaam", due: "2026-01-02", priority: "high" });
    await comeBackTo(page, person, "page-urdu");
    await page.goto(person.address);
    await expect(replies(page)).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    await picture(page, "urdu-narrow");
    expect(Math.max(...(await overflows(page)))).toBe(0);
    await page.getByRole("button", { name: /^ٹاسک/ }).click();
    await expect(page.getByRole("complementary")).toContainText("وقت گزر گیا");
    await picture(page, "urdu-narrow-tasks");
    expect(Math.max(...(await overflows(page)))).toBe(0);
  });
});

test("everything can be done by keyboard alone", async ({ page, person }) => {
  await signIn(page, person);
  await page.keyboard.type("doodh lana add karo");
  await page.keyboard.press("Enter");
  await expect(task(page, "doodh lana")).toBeVisible();
  await expect(box(page)).toBeFocused();
  await tabTo(page, "checkbox", /doodh lana/);
  await page.keyboard.press("Space");
  await expect(task(page, "doodh lana")).toHaveCount(0);
  await tabTo(page, "button", /^Undo/, "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(task(page, "doodh lana")).toBeVisible();
  await tabTo(page, "button", /^Edit .*doodh/);
  await page.keyboard.press("Enter");
  await page.keyboard.type("!");
  await page.keyboard.press("Enter");
  await expect(task(page, "doodh lana!")).toBeVisible();
  await tabTo(page, "button", /^Rename/, "Shift+Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(box(page)).toBeFocused();
  await expect(replies(page)).toHaveCount(1);
});

test("the log is a log, and only what is new is read aloud", async ({ page, person }) => {
  await person.chat("doodh lana add karo", "page-aloud");
  await signIn(page, person);
  await log(page).evaluate((element) => {
    const heard = ((window as unknown as { heard: unknown[] }).heard = []) as unknown[];
    const watch = new MutationObserver(() => heard.push(element.ariaLive, element.textContent));
    watch.observe(element, { childList: true });
  });
  await page.getByRole("navigation").getByRole("button", { name: /^doodh lana/ }).click();
  await expect(log(page)).toContainText("You:doodh lana add karo");
  await expect(log(page)).toHaveAttribute("aria-live", "polite");
  const heard = await page.evaluate(() => (window as unknown as { heard: unknown[] }).heard);
  expect(heard[0]).toBe("off");
});

test("the voice writes into the box, its faults are said, and without it there is no button", async ({ page, person }) => {
  await page.addInitScript(() => {
    class Recogniser extends EventTarget {
      lang = "";
      start(): void {
        const isUrdu = this.lang === "ur-PK";
        const told = isUrdu ? { results: [[{ transcript: "دودھ لانا ہے" }]] } : { error: "not-allowed" };
        this.dispatchEvent(Object.assign(new Event(isUrdu ? "result" : "error"), told));
        setTimeout(() => this.dispatchEvent(new Event("end")), 100);
      }
    }
    Object.assign(window, { SpeechRecognition: location.search ? undefined : Recogniser });
    if (location.search) Object.assign(window, { webkitSpeechRecognition: undefined });
  });
  await signIn(page, person);
  await page.getByRole("button", { name: "Speak" }).click();
  await expect(box(page)).toHaveValue("دودھ لانا ہے");
  await expect(box(page)).toHaveCSS("direction", "rtl");
  await page.getByLabel("Language of the voice").selectOption("in English");
  await page.getByRole("button", { name: "Speak" }).click();
  await expect(page.getByText("The browser may not use the microphone.")).toBeVisible();
  await page.goto(`${person.munshi.address}/?silent`);
  await expect(box(page)).toBeVisible();
  await expect(page.getByRole("button", { name: "Speak" })).toHaveCount(0);
});

test("360 pixels are enough", async ({ page, person }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await signIn(page, person);
  await picture(page, "narrow-starters");
  await say(page, "kal subah 9 baje doctor ke paas jana hai, yaad dilana");
  await say(page, "جمعے کو بجلی کا بل جمع کرانا ہے");
  await say(page, `lamba ${"naam".repeat(60)} add karo`);
  expect(Math.max(...(await overflows(page)))).toBe(0);
  await picture(page, "narrow");
  expect(await findings(page)).toEqual([]);
  await page.getByRole("button", { name: "Tasks 3 to do" }).click();
  await expect(task(page, "بجلی کا بل")).toBeVisible();
  expect(Math.max(...(await overflows(page)))).toBe(0);
  await tasks(page).getByRole("button", { name: /^Edit .*بجلی/ }).click();
  await picture(page, "narrow-tasks");
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(tasks(page)).toBeHidden();
  await page.getByRole("button", { name: "Conversations" }).click();
  await expect(page.getByRole("navigation")).toBeVisible();
  await picture(page, "narrow-places");
  expect(await findings(page)).toEqual([]);
  await page.getByRole("navigation").getByRole("button", { name: /^kal subah/ }).click();
  await expect(page.getByRole("navigation")).toBeHidden();
});

/** Presses a key until the focus is on something of this role and name. */
async function tabTo(page: Page, role: "button" | "checkbox", name: RegExp, key = "Tab"): Promise<void> {
  const wanted = page.getByRole(role, { name }).first();
  for (let pressed = 0; pressed < 40; pressed += 1) {
    await page.keyboard.press(key);
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${key} does not lead to the ${role} ${String(name)}.`);
}
