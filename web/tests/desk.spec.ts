/** Beside the conversation: the tasks by hand, and the conversations of before. */

import { box, expect, log, overflows, picture, say, signIn, task, tasks, test } from "./page";

test("a task is added, changed and narrowed down to, with its due in one's own words", async ({ page, person }) => {
  await signIn(page, person);
  await tasks(page).getByRole("button", { name: "Add a task" }).click();
  const added = tasks(page).getByRole("form", { name: "New task" });
  await added.getByLabel("Title").fill("doctor ke paas jana");
  await added.getByLabel("Due").fill("kal subah 9 baje");
  await added.getByLabel("Due").press("Enter");
  await expect(task(page, "doctor ke paas jana")).toContainText("tomorrow, 9:00 am");
  await added.getByLabel("Title").fill("بجلی کا بل");
  await added.getByLabel("Priority").selectOption("urgent");
  await added.getByRole("button", { name: "Add" }).click();
  await added.getByRole("button", { name: "Close" }).click();
  await expect(task(page, "بجلی کا بل")).toContainText("urgent");

  await tasks(page).getByRole("button", { name: "Edit '⁨doctor ke paas jana⁩'" }).click();
  const changed = tasks(page).getByRole("form", { name: "Change the task" });
  await changed.getByLabel("Due").fill("yeh koi waqt nahin");
  await changed.getByRole("button", { name: "Save" }).click();
  await expect(changed.getByRole("alert")).toContainText("The due");
  await picture(page, "task-form");
  await changed.getByLabel("Due").fill("parson shaam 5 baje");
  await changed.getByLabel("Title").fill("doctor se milna");
  await changed.getByRole("button", { name: "Save" }).click();
  await expect(task(page, "doctor se milna")).toContainText("5:00 pm");
  await expect(page.getByRole("button", { name: "Edit '⁨doctor se milna⁩'" })).toBeFocused();

  await tasks(page).getByLabel("Priority").selectOption("urgent");
  await expect(tasks(page).getByRole("checkbox")).toHaveCount(1);
  await tasks(page).getByLabel("Priority").selectOption("");
  await tasks(page).getByLabel("Search tasks").fill("milna");
  await expect(tasks(page).getByRole("checkbox")).toHaveCount(1);
  await tasks(page).getByLabel("Search tasks").fill("");
  await tasks(page).getByRole("checkbox", { name: "doctor se milna" }).click();
  await expect(task(page, "doctor se milna")).toHaveCount(0);
  await tasks(page).getByText("Done", { exact: true }).click();
  await expect(task(page, "doctor se milna")).toBeVisible();
  await picture(page, "done");
});

test("conversations are found, renamed, opened and deleted", async ({ page, person }) => {
  await person.chat("doodh lana add karo", "kitchen");
  await person.chat("بل جمع کرانا ہے", "bills");
  await signIn(page, person);
  const past = page.getByRole("navigation", { name: "Conversations" });
  await expect(past.getByRole("listitem")).toHaveCount(2);
  await past.getByRole("button", { name: /^doodh lana/ }).click();
  await expect(log(page).locator(".user")).toHaveText(/doodh lana add karo/);
  await expect(box(page)).toBeFocused();

  await past.getByRole("button", { name: /^Rename .*doodh/ }).click();
  await past.getByLabel("Title of the conversation").fill("Bawarchi khana");
  await past.getByLabel("Title of the conversation").press("Enter");
  await expect(past.getByRole("button", { name: /^Bawarchi khana/ })).toBeFocused();
  await past.getByLabel("Search conversations").fill("bawarchi");
  await expect(past.getByRole("listitem")).toHaveCount(1);
  await picture(page, "places");
  await past.getByRole("button", { name: /^Delete .*Bawarchi/ }).click();
  await past.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(past.getByRole("listitem")).toHaveCount(0);
  await expect(page.getByRole("heading", { name: /What is to be done/ })).toBeVisible();
  await past.getByLabel("Search conversations").fill("");
  await expect(past.getByRole("listitem")).toHaveCount(1);
  expect(await person.titles()).toHaveLength(2);
});

test("a new conversation begins empty, and the old one is still there", async ({ page, person }) => {
  const missed: string[] = [];
  page.on("response", (response) => response.status() === 404 && missed.push(response.url()));
  await signIn(page, person);
  await say(page, "doodh lana add karo");
  await page.getByRole("button", { name: "New conversation" }).click();
  await expect(log(page).locator(".message")).toHaveCount(0);
  await page.reload();
  await say(page, "mere tasks dikhao");
  await expect(log(page).locator(".message")).toHaveCount(2);
  await page.getByRole("navigation").getByRole("button", { name: /^doodh lana/ }).click();
  await expect(log(page).locator(".message")).toHaveCount(2);
  expect(missed).toEqual([]);
});

test.describe("in Urdu", () => {
  test.use({ locale: "ur-PK" });

  test("the page speaks the browser's language, or the one that was chosen", async ({ page, person }) => {
    await page.goto(person.address);
    await expect(page.locator("html")).toHaveCSS("direction", "rtl");
    await picture(page, "urdu-starters");
    await page.getByRole("textbox", { name: "پیغام" }).fill("kal subah 9 baje doctor, urgent, add karo");
    await page.getByRole("button", { name: "بھیجیں" }).click();
    const panel = page.getByRole("complementary", { name: "ٹاسک" });
    await expect(panel.getByRole("listitem")).toContainText("فوری");
    await expect(panel.getByRole("listitem")).toContainText("کل صبح 9 بجے");
    await picture(page, "urdu");
    await page.getByRole("combobox", { name: /^زبان/ }).selectOption("Roman Urdu");
    await expect(page.locator("html")).toHaveCSS("direction", "ltr");
    await expect(page.getByRole("complementary").getByRole("listitem")).toContainText("kal subah 9 baje");
    await expect(log(page).locator(".message")).toHaveCount(2);
    expect(Math.max(...(await overflows(page)))).toBe(0);
    await picture(page, "roman");
    await page.reload();
    await expect(page.getByRole("button", { name: "Bhejein" })).toBeVisible();
  });
});

test("colours follow the device, or the choice", async ({ page, person }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await signIn(page, person);
  const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(await paper()).toBe("rgb(20, 26, 24)");
  await page.getByLabel("Colours").selectOption("Light");
  expect(await paper()).toBe("rgb(250, 248, 243)");
  await page.reload();
  await expect(box(page)).toBeVisible();
  expect(await paper()).toBe("rgb(250, 248, 243)");
});
