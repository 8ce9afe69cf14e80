/** The page as a person who is signed in uses it; no request of a test may leave the server but to what is `outside`. */

import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { Munshi, SlowModel, type Person } from "./munshi";

/** Munshi with its own assistant, and one whose model is slow; each serves all tests of a worker. */
export const test = base.extend<
  { person: Person; slowPerson: Person; outside: RegExp },
  { munshi: Munshi; slow: [Munshi, SlowModel] }
>({
  outside: [/^$/, { option: true }],
  munshi: [
    async ({}, use) => {
      const munshi = new Munshi();
      await munshi.start();
      await use(munshi);
      await munshi.stop();
    },
    { scope: "worker" },
  ],
  slow: [
    async ({}, use) => {
      const model = new SlowModel();
      const settings = { OPENAI_API_KEY: "none", OPENAI_API: "chat", OPENAI_BASE_URL: await model.start() };
      const munshi = new Munshi(settings);
      await munshi.start();
      await use([munshi, model]);
      await munshi.stop();
      model.stop();
    },
    { scope: "worker" },
  ],
  person: async ({ munshi }, use) => use(munshi.newcomer()),
  slowPerson: async ({ slow: [munshi, model] }, use) => {
    model.hold();
    await use(munshi.newcomer());
    model.release();
  },
  context: async ({ context, outside }, use) => {
    const left: string[] = [];
    const faults: string[] = [];
    context.on("request", (request) => {
      if (!/^http:\/\/127\.0\.0\.1:\d+\//.test(request.url()) && !outside.test(request.url())) left.push(request.url());
    });
    context.on("weberror", (fault) => faults.push(fault.error().message));
    context.on("console", (said) => {
      if (said.text().includes("Content Security Policy")) faults.push(said.text());
    });
    await use(context);
    expect(left, "requests that left the server").toEqual([]);
    expect(faults, "errors of the page").toEqual([]);
  },
});

export { expect };

export const box = (page: Page): Locator => page.getByRole("textbox", { name: "Message" });
export const log = (page: Page): Locator => page.getByRole("log");
export const replies = (page: Page): Locator => log(page).locator(".assistant");
export const tasks = (page: Page): Locator => page.getByRole("complementary", { name: "Tasks" });
export const task = (page: Page, title: string | RegExp): Locator =>
  tasks(page).getByRole("listitem").filter({ hasText: title });

export async function signIn(page: Page, person: Person): Promise<void> {
  await page.goto(person.address);
  await expect(box(page)).toBeVisible();
}

/** The page begins with a conversation of this person, as after a reload. */
export async function comeBackTo(page: Page, { name: user }: Person, conversation: string): Promise<void> {
  await page.addInitScript((kept) => {
    for (const [key, value] of Object.entries(kept)) sessionStorage.setItem(`munshi.${key}`, JSON.stringify(value));
  }, { user, conversation });
}

/** Says something and waits for the end of the answer. */
export async function say(page: Page, message: string): Promise<Locator> {
  const before = await replies(page).count();
  await box(page).fill(message);
  await box(page).press("Enter");
  const answer = replies(page).nth(before);
  await expect(answer).not.toHaveAttribute("aria-busy");
  return answer;
}

/** By how many pixels the page and its parts are wider than their place. */
export function overflows(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll(".scroll, .tasks, .places, .segments")].map(
      (part) => part.scrollWidth - part.clientWidth,
    ),
  );
}

/** Keeps a picture for whoever looks at the run. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `screenshots/${name}.png` });
}
