/** OpenAI's component in the page, with a stand-in for its CDN: taken where it loads, left behind where it does not. */

import type { BrowserContext, Page, Route } from "@playwright/test";
import type { ChatKitOptions, CustomApiConfig, OpenAIChatKit } from "@openai/chatkit";
import { Munshi } from "./munshi";
import { box, expect, picture, replies, say, task, tasks, test } from "./page";

const CDN = "https://cdn.platform.openai.com/";
const KEY = "domain_pk_of_a_test";
const SCRIPT = `
  document.head.append(Object.assign(document.createElement("style"), { textContent: "openai-chatkit iframe { width: 100%; height: 100%; border: 0 }" }));
  customElements.define("openai-chatkit", class extends HTMLElement {
    threads = [];
    setOptions(options) {
      this.options = options;
      const frame = Object.assign(document.createElement("iframe"), { src: "${CDN}deployments/chatkit/index.html" });
      addEventListener("message", ({ source, data }) => source === frame.contentWindow && this.tell(data));
      this.append(frame);
    }
    tell(name, detail) { this.dispatchEvent(new CustomEvent("chatkit." + name, { detail })); }
    async setThreadId(thread) { this.threads.push(thread); }
  });`;
const FRAME = (says: string): string =>
  `<body style="font: 1rem sans-serif">The component<script>parent.postMessage("${says}", "*")</script>`;

type Element = OpenAIChatKit & { options: ChatKitOptions; threads: unknown[]; tell: (name: string, detail: unknown) => void };

const munshi = new Munshi({ CHATKIT_DOMAIN_KEY: KEY });
test.use({ outside: /^https:\/\/cdn\.platform\.openai\.com\// });
test.beforeAll(() => munshi.start());
test.afterAll(() => munshi.stop());

const fulfil = (contentType: string, body: string) => (route: Route) => route.fulfill({ contentType, body });
const html = (says: string): ((route: Route) => Promise<void>) => fulfil("text/html", FRAME(says));
const abort = (route: Route): Promise<void> => route.abort("blockedbyclient");
const hang = (): void => {};

/** What the CDN answers for the script and for the frame. */
async function standIn(
  context: BrowserContext,
  script: (route: Route) => unknown = fulfil("text/javascript", SCRIPT),
  frame: (route: Route) => unknown = html("ready"),
): Promise<void> {
  await context.route(`${CDN}**`, (route) => (route.request().url().endsWith(".js") ? script(route) : frame(route)));
}

/** Opens the page with its clock at rest: nothing comes about by waiting. */
async function openAtRest(page: Page): Promise<void> {
  await page.clock.install({ time: Date.now() - 60_000 });
  await page.clock.pauseAt(Date.now());
  await page.goto(munshi.newcomer().address);
}

test("the component is preferred, and speaks to Munshi with the person's token", async ({ page, context }) => {
  await standIn(context);
  const person = munshi.newcomer();
  await person.chat("anday lana add karo", "kitchen");
  await page.goto(person.address);
  await expect(page.frameLocator("openai-chatkit iframe").getByText("The component")).toBeVisible();
  await expect(box(page)).toHaveCount(0);
  await picture(page, "official");
  const element = page.locator("openai-chatkit");
  const options = await element.evaluate(({ options }: Element) => ({
    ...(options.api as CustomApiConfig),
    theme: options.theme,
    withFetch: typeof (options.api as CustomApiConfig).fetch,
  }));
  const url = `${munshi.address}/api/${person.name}/chatkit`;
  expect(options).toMatchObject({ url, domainKey: KEY, theme: "light", withFetch: "function" });

  const stream = await element.evaluate(async ({ options }: Element) => {
    const { url, fetch } = options.api as CustomApiConfig;
    const input = { content: [{ type: "input_text", text: "doodh lana add karo" }], attachments: [], inference_options: {} };
    const body = JSON.stringify({ type: "threads.create", params: { input } });
    return (await fetch!(url, { method: "POST", body, headers: { "Content-Type": "application/json" } })).text();
  });
  expect(stream).toContain("doodh lana");
  await element.evaluate((element: Element) => element.tell("effect", { name: "tasks.changed" }));
  await expect(task(page, "doodh lana")).toBeVisible();

  await page.getByRole("navigation").getByRole("button", { name: /^anday lana/ }).click();
  await page.getByRole("button", { name: "New conversation" }).click();
  await expect.poll(() => element.evaluate(({ threads }: Element) => threads)).toEqual(["kitchen", null]);
});

test("the token goes nowhere else", async ({ page, context }) => {
  await standIn(context);
  await page.goto(munshi.newcomer().address);
  await expect(page.locator("openai-chatkit iframe")).toBeVisible();
  for (const elsewhere of [`${CDN}x`, `${munshi.address}/api/somebody/chatkit`]) {
    const told = await page.locator("openai-chatkit").evaluate(
      ({ options }: Element, url) => (options.api as CustomApiConfig).fetch!(url).catch(String),
      elsewhere,
    );
    expect(told).toContain("This address is not Munshi's.");
  }
});

test("a blocked script gives way to the page's own conversation at once, which works", async ({ page, context }) => {
  await standIn(context, abort);
  await openAtRest(page);
  await expect(box(page)).toBeVisible();
  await page.clock.resume();
  await say(page, "doodh lana add karo");
  await expect(replies(page)).toContainText("doodh lana");
  await expect(tasks(page).getByRole("checkbox")).toHaveCount(1);
  await expect(page.locator("openai-chatkit")).toHaveCount(0);
});

test("an error before the component is ready gives way at once", async ({ page, context }) => {
  await standIn(context, undefined, html("error"));
  await openAtRest(page);
  await expect(box(page)).toBeVisible();
});

for (const [what, script, frame] of [
  ["a script that hangs", hang, undefined],
  ["a script that defines nothing", fulfil("text/javascript", ""), undefined],
  ["a frame that is refused", undefined, abort],
  ["a frame that hangs", undefined, hang],
] as const) {
  test(`${what} is waited for three seconds, no longer`, async ({ page, context }) => {
    await standIn(context, script, frame);
    await openAtRest(page);
    await expect(page.getByText("Opening …")).toBeVisible();
    await page.clock.runFor(2_900);
    await expect(box(page)).toHaveCount(0);
    await page.clock.runFor(100);
    await expect(box(page)).toBeVisible();
  });
}

test("at localhost it can be asked for without a key", async ({ page, context, person }) => {
  await standIn(context);
  await page.goto(person.address.replace("/#", "/?chatkit#"));
  await expect(page.frameLocator("openai-chatkit iframe").getByText("The component")).toBeVisible();
});
