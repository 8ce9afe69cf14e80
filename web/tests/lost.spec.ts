/** Connections that break, pages that are left, tabs side by side: nothing is lost, and nothing is done twice. */

import type { Page } from "@playwright/test";
import { Munshi } from "./munshi";
import { box, expect, log, picture, replies, say, signIn, task, test } from "./page";

test("a reload in the middle of a stream takes the answer up again, and it goes on flowing", async ({
  page, slowPerson, slow,
}) => {
  await signIn(page, slowPerson);
  await box(page).fill("slow milk likh lo");
  await box(page).press("Enter");
  await expect(replies(page).last()).toContainText("Theek hai");
  await page.reload();
  await expect(log(page).getByText("slow milk likh lo")).toBeVisible();
  await expect(replies(page)).toContainText("Theek hai, slow");
  await expect(replies(page)).toHaveAttribute("aria-busy", "true");
  await expect(replies(page).getByRole("listitem")).toHaveCount(1);
  slow[1].release();
  await expect(replies(page)).toContainText("Theek hai, slow milk likh liya.");
  await expect(replies(page)).not.toHaveAttribute("aria-busy");
  await expect(replies(page)).toHaveCount(1);
  expect(await slowPerson.titles()).toEqual(["slow milk"]);
});

test("a line that breaks in the middle of an answer is taken up after what was heard", async ({
  page, slowPerson, slow,
}) => {
  const asked: (string | undefined)[] = [];
  page.on("request", (request) => {
    if (/conversations\/[^/]+\/stream$/.test(request.url())) asked.push(request.headers()["last-event-id"]);
  });
  await cutStreams(page, '"slow "');
  await signIn(page, slowPerson);
  await box(page).fill("slow milk likh lo");
  await box(page).press("Enter");
  const answer = replies(page).last();
  await expect(answer).toContainText("The answer goes on here as soon as that is possible.");
  await expect(answer).toContainText("Theek hai, slow");
  await picture(page, "broken-line");
  await expect(answer).toHaveAttribute("aria-busy", "true");
  await expect(page.getByRole("button", { name: "Stop" })).toBeVisible();
  await expect(answer).not.toContainText("goes on here");
  slow[1].release();
  await expect(answer).toContainText("Theek hai, slow milk likh liya.");
  await expect(answer).not.toHaveAttribute("aria-busy");
  expect(asked.length).toBe(1);
  expect(Number(asked[0]?.split("-").at(-1))).toBeGreaterThan(3);
  await expect(log(page).locator(".message")).toHaveCount(2);
  expect(await slowPerson.titles()).toEqual(["slow milk"]);
});

test("a second tab hears the same answer, and may stop it", async ({ page, slowPerson, context }) => {
  await signIn(page, slowPerson);
  await box(page).fill("slow milk likh lo");
  await box(page).press("Enter");
  await expect(replies(page)).toContainText("Theek hai");
  const popup = page.waitForEvent("popup");
  await page.evaluate(() => void window.open(location.href));
  const other = await popup;
  await expect(replies(other)).toContainText("Theek hai, slow");
  await other.getByRole("button", { name: "Stop" }).click();
  for (const tab of context.pages()) {
    await expect(replies(tab)).toContainText("(Rok diya gaya.)");
    await expect(replies(tab)).toHaveCount(1);
  }
});

test("a message to a lost server is kept, and sent once when the server is back", async ({ page }) => {
  const munshi = new Munshi();
  await munshi.start();
  try {
    const person = munshi.newcomer();
    await signIn(page, person);
    await say(page, "doodh lana add karo");
    await munshi.stop();
    await box(page).fill("anday lana add karo");
    await box(page).press("Enter");
    const note = page.locator(".note");
    await expect(note).toContainText("Munshi cannot be reached just now. Your message is kept");
    await picture(page, "lost");
    await note.getByRole("button", { name: "Send again" }).click();
    await expect(note).toContainText("Your message is kept");
    await munshi.start();
    await expect(task(page, "anday lana")).toBeVisible();
    await expect(note).toHaveCount(0);
    await expect(log(page).locator(".user")).toHaveCount(2);
    expect((await person.titles()).filter((title) => title === "anday lana")).toHaveLength(1);
  } finally {
    await munshi.stop();
  }
});

test("an answer that was cut off is heard again, and its work done once", async ({ page, person, context }) => {
  let isCut = false;
  await context.route("**/chat/stream", async (route) => {
    if (isCut) return route.continue();
    isCut = true;
    await route.fetch();
    await route.abort("connectionreset");
  });
  await signIn(page, person);
  await box(page).fill("doodh lana add karo");
  await box(page).press("Enter");
  await expect(task(page, "doodh lana")).toHaveCount(1);
  await expect(replies(page)).toHaveCount(1);
  await expect(page.locator(".note")).toHaveCount(0);
  expect(await person.titles()).toEqual(["doodh lana"]);
});

test("an unsent message outlives a reload, and can be taken back into the box", async ({ page, person, context }) => {
  await signIn(page, person);
  await context.route("**/chat/stream", (route) => route.abort("connectionrefused"));
  await box(page).fill("doodh lana add karo");
  await box(page).press("Enter");
  await expect(page.locator(".note")).toBeVisible();
  await page.reload();
  await expect(page.locator(".note")).toContainText("may not have reached Munshi");
  await page.getByRole("button", { name: "Edit" }).click();
  await expect(box(page)).toHaveValue("doodh lana add karo");
  await expect(page.locator(".note")).toHaveCount(0);
});

test("a turn that failed is told, with what was recorded, and can be sent again", async ({ page, slowPerson }) => {
  await signIn(page, slowPerson);
  await say(page, "refuse this");
  const note = page.locator(".note");
  await expect(note).toBeVisible();
  await expect(replies(page)).toHaveCount(1);
  await picture(page, "failed");
  await note.getByRole("button", { name: "Send again" }).click();
  await expect(note).toHaveCount(2);
  await page.reload();
  await expect(replies(page)).toHaveCount(2);
  await expect(note).toHaveCount(2);
  await expect(page.getByRole("button", { name: "Send again" })).toHaveCount(1);
});

test("a turn that failed after its work was done is not offered again", async ({ page, slowPerson }) => {
  await signIn(page, slowPerson);
  await say(page, "fail after it is added");
  await expect(page.locator(".note")).toContainText("What is ticked above is done");
  await expect(page.getByRole("button", { name: "Send again" })).toHaveCount(0);
  await picture(page, "half-done");
  expect(await slowPerson.titles()).toEqual(["slow milk"]);
});

test("two tabs show one conversation", async ({ page, person, context }) => {
  await signIn(page, person);
  await say(page, "doodh lana add karo");
  const popup = page.waitForEvent("popup");
  await page.evaluate(() => void window.open(location.href)); // a tab opened from this one copies what it keeps
  const other = await popup;
  await expect(replies(other)).toHaveCount(1);
  await say(other, "anday lana add karo");
  await expect(replies(page)).toHaveCount(2);
  await expect(task(page, "anday lana")).toBeVisible();
  await Promise.all([say(page, "chai add karo"), say(other, "roti add karo")]);
  for (const tab of context.pages()) {
    await expect(log(tab).locator(".user")).toHaveCount(4);
    await expect(replies(tab)).toHaveCount(4);
  }
  expect((await person.titles()).length).toBe(4);
});

/** Breaks the first stream of the page once these words have come through it. */
async function cutStreams(page: Page, words: string): Promise<void> {
  await page.addInitScript((heard) => {
    const real = window.fetch;
    let isCut = false;
    window.fetch = async (...asked) => {
      const answer = await real(...asked);
      if (isCut || !String(asked[0]).endsWith("/chat/stream") || !answer.body) return answer;
      isCut = true;
      const cut = new TransformStream<Uint8Array, Uint8Array>({
        transform(piece, controller) {
          controller.enqueue(piece);
          if (new TextDecoder().decode(piece).includes(heard)) setTimeout(() => controller.error(new TypeError("cut")));
        },
      });
      return new Response(answer.body.pipeThrough(cut), answer);
    };
  }, words);
}
