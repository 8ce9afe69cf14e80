/** The conversation: signing in, saying things, hearing the answer as it comes, in every script. */

import { box, comeBackTo, expect, log, picture, replies, say, signIn, task, tasks, test } from "./page";

test("the address signs in, and the token does not stay in it", async ({ page, person }) => {
  await signIn(page, person);
  expect(page.url()).toBe(`${person.munshi.address}/`);
  await expect(page.getByRole("button", { name: `Sign out ${person.name}` })).toBeVisible();
  await expect(box(page)).toBeFocused();
  await picture(page, "starters");
});

test("what is no token, or is not taken, is said in words", async ({ page, person }) => {
  await page.goto(person.munshi.address);
  await page.getByLabel("Token").fill("hello");
  await page.getByLabel("Token").press("Enter");
  await expect(page.getByRole("alert")).toContainText("This is not a token");
  await picture(page, "sign-in");
  await page.getByLabel("Token").fill(`${person.token}x`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("Munshi did not take the token");
  await page.getByLabel("Token").fill(person.address);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(box(page)).toBeVisible();
});

test("a starter begins the conversation", async ({ page, person }) => {
  await signIn(page, person);
  await page.getByRole("button", { name: "Kal subah 9 baje doctor ka task add karo" }).click();
  await expect(task(page, "doctor")).toContainText("tomorrow, 9:00 am");
  await expect(page.getByRole("navigation").getByRole("listitem")).toContainText("Kal subah 9 baje doctor");
});

test("tasks are added in Roman Urdu, Urdu and English, each shown in its own direction", async ({ page, person }) => {
  await signIn(page, person);
  const roman = await say(page, "doodh lana hai, urgent, yaad dilana");
  const urdu = await say(page, "جمعے کو بجلی کا بل جمع کرانا ہے");
  const english = await say(page, "Add a task to buy bread");
  await expect(roman.getByRole("list")).toHaveText(/doodh lana.* add kiya/);
  await expect(task(page, "doodh lana")).toContainText("urgent");
  await expect(task(page, "بجلی کا بل")).toContainText("Friday");
  await expect(task(page, "buy bread")).toBeVisible();
  await expect(roman).toHaveCSS("direction", "ltr");
  await expect(urdu).toHaveCSS("direction", "rtl");
  await expect(urdu.getByRole("list")).toHaveText(/بجلی کا بل.* شامل کیا/);
  await expect(urdu.getByRole("list")).toHaveCSS("direction", "rtl");
  await expect(urdu.getByRole("listitem")).toHaveCSS("font-family", /Urdu letters/);
  await expect(english.getByRole("list")).toHaveText(/added .*buy bread/);
  await expect(urdu.locator(".text")).toHaveAttribute("lang", "ur");
  await say(page, "میرے کام دکھاؤ");
  await picture(page, "conversation");
});

test("a question is asked where two tasks fit, and answered", async ({ page, person }) => {
  for (const title of ["doctor ko fees dena", "doctor se report lena"]) await person.ask("tasks", "POST", { title });
  await signIn(page, person);
  const question = await say(page, "doctor wala task delete kar do");
  await expect(question).toContainText("doctor ko fees dena");
  await expect(question).toContainText("doctor se report lena");
  await expect(tasks(page).getByRole("checkbox")).toHaveCount(2);
  const answer = await say(page, "doosra");
  await expect(answer.getByRole("list")).toContainText(/doctor se report lena.* delete kiya/);
  await expect(task(page, "doctor se report lena")).toHaveCount(0);
  await picture(page, "question");
});

test("which one is meant is answered by a button, once", async ({ page, person }) => {
  for (const title of ["doctor ko fees dena", "دوا لینا, doctor"]) await person.ask("tasks", "POST", { title });
  await signIn(page, person);
  const question = await say(page, "doctor wala task delete kar do");
  const options = question.getByRole("group", { name: "Answer" }).getByRole("button");
  await expect(options).toHaveText(["1. doctor ko fees dena", "2. دوا لینا, doctor"]);
  await expect(question.locator(".text")).toHaveText("2 tasks milay, kaunsa?");
  await expect(options.locator("bdi")).toHaveText("دوا لینا");
  await expect(options.locator("bdi")).toHaveCSS("direction", "rtl");
  await expect(options.locator("bdi")).toHaveCSS("font-family", /Urdu letters/);
  await picture(page, "choices");
  await options.last().evaluate((button: HTMLButtonElement) => [button.click(), button.click()]);
  await expect(replies(page).last().getByRole("list")).toContainText(/delete kiya|حذف کیا/);
  await expect(options).toHaveCount(0);
  await expect(question.locator(".text")).toContainText("1. doctor ko fees dena");
  await expect(box(page)).toBeFocused();
  await expect(log(page).locator(".user")).toHaveText([/delete kar do/, /2$/]);
  expect(await person.titles()).toEqual(["doctor ko fees dena"]);
});

test("a change of many tasks is confirmed by a button, also after a reload", async ({ page, person }) => {
  for (const title of ["doodh", "anday", "roti"]) await person.ask("tasks", "POST", { title });
  await signIn(page, person);
  await say(page, "سارے کام حذف کر دو");
  await page.reload();
  const answers = replies(page).getByRole("group", { name: "Answer" }).getByRole("button");
  await expect(answers).toHaveText(["ہاں", "نہیں"]);
  await answers.first().click();
  await expect(tasks(page).getByRole("checkbox")).toHaveCount(0);
  await expect(answers).toHaveCount(0);
  expect(await person.titles()).toEqual([]);
});

test("what was done is taken back by words and by the button, which is off while there is nothing", async ({ page, person }) => {
  await signIn(page, person);
  const undo = tasks(page).getByRole("button", { name: "Undo" });
  await undo.click();
  await expect(tasks(page).getByRole("status")).toContainText("no change left");
  await expect(undo).toBeDisabled();
  await say(page, "doodh lana add karo");
  await say(page, "doodh wala delete kar do");
  await expect(task(page, "doodh lana")).toHaveCount(0);
  await say(page, "undo");
  await expect(task(page, "doodh lana")).toBeVisible();
  await tasks(page).getByRole("checkbox", { name: "doodh lana" }).click();
  await expect(task(page, "doodh lana")).toHaveCount(0);
  await undo.click();
  await expect(task(page, "doodh lana")).toBeVisible();
  await expect(tasks(page).getByRole("status")).toContainText("is as it was");
});

test("a message that is too long stays whole in the box, and is not sent until it fits", async ({ page, person }) => {
  await signIn(page, person);
  const end = " doodh add karo";
  const send = page.getByRole("button", { name: "Send" });
  await box(page).fill("😀".repeat(4_012 - end.length) + end);
  await expect(page.getByText("This message is 12 characters too long: it may have 4,000.")).toBeVisible();
  await expect(send).toBeDisabled();
  await picture(page, "too-long");
  await box(page).press("Enter");
  await expect(box(page)).toHaveValue(/ doodh add karo$/);
  await box(page).fill("😀".repeat(4_000 - end.length) + end);
  await expect(page.getByText("too long")).toHaveCount(0);
  await send.click();
  await expect(log(page).locator(".user")).toContainText("doodh add karo");
  await expect(box(page)).toHaveValue("");
});

test("the answer comes in as it is said, after the tool call, and can be copied", async ({ page, slowPerson, slow, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page, slowPerson);
  await box(page).fill("slow milk likh lo");
  await box(page).press("Enter");
  const answer = replies(page).last();
  await expect(answer.getByRole("list")).toContainText(/slow milk.* add kiya/);
  await expect(answer).toContainText("Theek hai, slow");
  await expect(answer).toHaveAttribute("aria-busy", "true");
  await expect(answer).not.toContainText("milk likh");
  await expect(task(page, "slow milk")).toBeVisible();
  await picture(page, "streaming");
  slow[1].release();
  await expect(answer).toContainText("Theek hai, slow milk likh liya.");
  await expect(answer).not.toHaveAttribute("aria-busy");
  await answer.getByRole("button", { name: "Copy" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("Theek hai, slow milk likh liya.");
});

test("Stop ends the turn at the server, and what was said until then stays", async ({ page, slowPerson }) => {
  await signIn(page, slowPerson);
  await box(page).fill("slow milk likh lo");
  await box(page).press("Enter");
  const answer = replies(page).last();
  await expect(answer).toContainText("Theek hai, slow");
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByRole("button", { name: "Send" })).toBeVisible();
  await expect(answer).toContainText("Theek hai, slow \nTheek hai, 'slow milk' task add ho gaya.\n(Rok diya gaya.)", {
    useInnerText: true,
  });
  await expect(answer).not.toHaveAttribute("aria-busy");
  await picture(page, "stopped");
  await page.reload();
  await expect(replies(page)).toContainText("(Rok diya gaya.)");
  expect(await slowPerson.titles()).toEqual(["slow milk"]);
});

test("a turn that is stopped before it has opened is stopped when it has", async ({ page, slowPerson }) => {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  await page.route("**/chat/stream", async (route) => {
    await opened;
    await route.continue();
  });
  await signIn(page, slowPerson);
  await box(page).fill("slow milk likh lo");
  await box(page).press("Enter");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Stopping" })).toBeVisible();
  open();
  await expect(replies(page)).toContainText("(Rok diya gaya.)");
});

test("what is said while the conversation still opens is not lost", async ({ page, person }) => {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  await page.route("**/messages?*", async (route) => {
    await opened;
    await route.continue();
  });
  await comeBackTo(page, person, "page-before");
  await signIn(page, person);
  const answer = await say(page, "doodh lana add karo");
  open();
  await expect(page.getByText("Opening …")).toHaveCount(0);
  await expect(answer).toContainText("doodh lana");
  await expect(log(page).locator(".message")).toHaveCount(2);
  await expect(page.locator(".note")).toHaveCount(0);
});

test("a reading can be asked again, a change can not", async ({ page, person }) => {
  await signIn(page, person);
  const change = await say(page, "doodh lana add karo");
  await expect(change.getByRole("button", { name: "Ask again" })).toHaveCount(0);
  const reading = await say(page, "mere tasks dikhao");
  await reading.getByRole("button", { name: "Ask again" }).click();
  await expect(replies(page)).toHaveCount(3);
  await expect(log(page).getByText("mere tasks dikhao")).toHaveCount(2);
});

test("links of a reply lead out safely, anything else stays text", async ({ page, person }) => {
  const text = "See **this**: https://example.org/a?b=1, [x](javascript:alert(1)) <img src=x onerror=alert(1)>";
  await page.route("**/messages?*", (route) =>
    route.fulfill({
      json: {
        messages: [{ id: 1, role: "assistant", text, status: "completed", tool_calls: [], created_at: "2026-01-01T00:00:00Z" }],
        next_cursor: null,
      },
    }),
  );
  await comeBackTo(page, person, "page-links");
  await signIn(page, person);
  const links = log(page).getByRole("link");
  await expect(links).toHaveCount(1);
  await expect(links).toHaveAttribute("href", "https://example.org/a?b=1");
  await expect(links).toHaveAttribute("rel", /noopener/);
  await expect(log(page).getByRole("img")).toHaveCount(0);
});
