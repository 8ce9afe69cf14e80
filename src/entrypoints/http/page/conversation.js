/** The conversation: what was said, what is being said, and what did not get through. */

import { kept } from "./kept.js";
import { faultLine, make, toolLine, write } from "./words.js";

export const OWN = "page-"; // how the names that this page gives begin
const EMPTY = { messages: [], next_cursor: null };
const PAGE = 40;
const LOW = 120; // so many pixels from the end still count as reading the newest
const WATCH_MS = 2_000;
const part = (id) => document.getElementById(id);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const randomName = (kind) =>
  kind + Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("");

export class Conversation {
  #api;
  #user;
  #changed;
  #turn = null;
  #visit = 0;
  #low = true;

  /** `changed` is called after each turn, and when another conversation is opened. */
  constructor(api, user, changed) {
    this.#api = api;
    this.#user = user;
    this.#changed = changed;
    part("earlier").addEventListener("click", () => this.#showEarlier());
    part("scroll").addEventListener("scroll", () => (this.#low = isLow()));
    new ResizeObserver(() => this.#settleView()).observe(part("scroll"));
  }

  /** The number of the conversation, or the name that this page gave it. */
  get name() {
    return kept.read("conversation");
  }

  /** Begins a conversation; for the server it exists from its first message. */
  begin() {
    return this.open(randomName(OWN), EMPTY);
  }

  /** Shows a conversation, with the messages that never got through. A turn under way elsewhere goes on unheard. */
  async open(name, known = null) {
    this.#turn?.abort();
    this.#hear(null);
    kept.write("conversation", name);
    const visit = ++this.#visit;
    try {
      const page = known ?? (await this.#page());
      if (visit === this.#visit) this.#showPage(page);
    } catch (fault) {
      if (visit !== this.#visit) return;
      this.#showPage(EMPTY);
      this.#note(faultLine(fault), "Try again", () => this.open(name));
    }
    this.#changed();
  }

  /** Says something; false while Munshi is still answering. */
  say(message) {
    if (this.#turn) return false;
    const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const ask = { message, conversation_id: this.name, timezone };
    const unsent = { user: this.#user, key: randomName("say-"), ask };
    keepUnsent([...keptUnsent(), unsent]);
    this.#hold(unsent, this.#add(said("user", message)));
    return true;
  }

  async #hold(unsent, asked) {
    const turn = new AbortController();
    const reply = new Reply();
    this.#hear(turn);
    asked.after(reply.element);
    this.#settleView(true);
    try {
      await this.#listen(unsent, reply, turn.signal);
    } catch (fault) {
      if (!turn.signal.aborted) await this.#fail(fault, unsent, asked, reply);
    }
    if (this.#turn === turn) this.#hear(null);
    this.#changed();
  }

  /** The one turn that this page hears, null for none: a message waits in the box meanwhile. */
  #hear(turn) {
    this.#turn = turn;
    part("send").setAttribute("aria-disabled", String(turn !== null));
  }

  /** Hears a turn to its end; one that still runs under the same key is asked for again until it has ended. */
  async #listen(unsent, reply, signal) {
    for (;;) {
      try {
        for await (const [event, body] of this.#api.turn(unsent.ask, unsent.key, signal)) {
          if (event === "turn") dropUnsent(unsent);
          reply.hear(event, body);
          this.#settleView();
        }
        return;
      } catch (fault) {
        if (fault.code !== "turn_in_progress") throw fault;
        await pause(Math.max(WATCH_MS, fault.retryAfter * 1000));
        signal.throwIfAborted();
      }
    }
  }

  /** A turn that ended without an answer is said anew; one whose end is unknown again under its own key. */
  async #fail(fault, unsent, asked, reply) {
    reply.element.remove();
    if (fault.ended && (await this.#showRecord())) {
      this.#note(faultLine(fault), "Send again", () => this.say(unsent.ask.message));
    } else {
      this.#offerAgain(faultLine(fault), unsent, asked);
    }
  }

  #offerAgain(sentence, unsent, asked) {
    asked.classList.add("unsent");
    const again = () => {
      asked.classList.remove("unsent");
      this.#hold(unsent, asked);
    };
    this.#note(sentence, "Send again", again, asked);
  }

  /** Shows what the server recorded of a turn that failed; false when that can't be read, or it is still open. */
  async #showRecord() {
    try {
      const page = await this.#page();
      if (page.messages.at(-1)?.status !== "failed") return false;
      this.#hear(null);
      this.#showPage(page);
      return true;
    } catch {
      return false;
    }
  }

  async #page(cursor = "") {
    const path = `conversations/${encodeURIComponent(this.name)}/messages?limit=${PAGE}`;
    try {
      return await this.#api.ask(cursor ? `${path}&cursor=${encodeURIComponent(cursor)}` : path);
    } catch (fault) {
      if (fault.status !== 404) throw fault;
      if (typeof this.name === "number") kept.write("conversation", randomName(OWN));
      return EMPTY;
    }
  }

  #showPage({ messages, next_cursor: cursor }) {
    const unsent = keptUnsent().filter((one) => one.user === this.#user && one.ask.conversation_id === this.name);
    silently(() => part("log").replaceChildren(...messages.map(recorded)));
    this.#offerEarlier(cursor);
    for (const one of unsent) {
      this.#offerAgain("This message did not reach Munshi.", one, this.#add(said("user", one.ask.message)));
    }
    this.#settleView(true);
    if (messages.at(-1)?.status === "in_progress") this.#watch();
  }

  /** Waits for the end of a turn that this page does not hear. */
  async #watch() {
    const visit = this.#visit;
    await pause(WATCH_MS);
    if (visit !== this.#visit || this.#turn) return;
    await this.open(this.name);
  }

  async #showEarlier() {
    const visit = this.#visit;
    const page = await this.#page(part("earlier").value).catch(() => null);
    if (!page || visit !== this.#visit) return;
    const fromEnd = part("scroll").scrollHeight;
    silently(() => part("log").prepend(...page.messages.map(recorded)));
    this.#offerEarlier(page.next_cursor);
    part("scroll").scrollTop += part("scroll").scrollHeight - fromEnd;
  }

  #offerEarlier(cursor) {
    part("earlier").hidden = !cursor;
    part("earlier").value = cursor ?? "";
  }

  #add(element) {
    part("log").append(element);
    return element;
  }

  /** A sentence in the log with one thing to do about it; it goes when that is done. */
  #note(sentence, label, act, after = null) {
    const note = make("div", "note");
    const button = make("button", "", label);
    button.type = "button";
    button.addEventListener("click", () => {
      if (this.#turn) return;
      note.remove();
      part("box").focus();
      act();
    });
    note.append(make("span", "", sentence), button);
    if (after) after.after(note);
    else this.#add(note);
    this.#settleView(true);
  }

  /** Keeps the newest in sight for who is reading there, and the starters for an empty conversation. */
  #settleView(always = false) {
    part("starters").hidden = part("log").childElementCount > 0;
    if (always || this.#low) part("scroll").scrollTop = part("scroll").scrollHeight;
  }
}

function isLow() {
  const { scrollHeight, scrollTop, clientHeight } = part("scroll");
  return scrollHeight - scrollTop - clientHeight < LOW;
}

/** A reply as it comes in: tool lines first, then the text. */
class Reply {
  #tools = make("ul", "tools");
  #text = make("div", "text");
  #calls = [];

  constructor() {
    this.element = make("div", "message assistant busy");
    this.element.setAttribute("aria-busy", "true");
    this.element.append(make("span", "unseen", "Munshi:"), this.#tools, this.#text);
  }

  hear(event, body) {
    if (event === "delta") this.#write(this.#text.textContent + body.text);
    if (event === "tool_call") this.#calls.push(body);
    if (event === "tool_result") Object.assign(this.#calls.at(-1), body);
    if (event === "done") this.settle(body.response, body.tool_calls);
    if (event.startsWith("tool_")) this.#tools.replaceChildren(...this.#calls.map(toolItem));
  }

  settle(text, calls) {
    this.#write(text);
    this.#tools.replaceChildren(...calls.map(toolItem));
    this.element.classList.remove("busy");
    this.element.removeAttribute("aria-busy");
    return this;
  }

  /** The whole reply, with its tool lines, stands on the side where its text begins. */
  #write(text) {
    this.element.dir = write(this.#text, text).lang === "ur" ? "rtl" : "ltr";
  }
}

function recorded({ role, text, status, tool_calls: calls }) {
  if (role === "user") return said(role, text);
  return status === "in_progress" ? new Reply().element : new Reply().settle(text, calls).element;
}

function said(role, text) {
  const element = make("div", `message ${role}`);
  element.append(make("span", "unseen", "You:"), write(make("div", "text"), text));
  return element;
}

function toolItem(call) {
  return make("li", call.error ? "failed" : "", toolLine(call));
}

/** Changes the log without reading all of it aloud. */
function silently(change) {
  part("log").setAttribute("aria-live", "off");
  change();
  setTimeout(() => part("log").setAttribute("aria-live", "polite"), 300);
}

function keptUnsent() {
  return kept.read("unsent") ?? [];
}

function keepUnsent(all) {
  kept.write("unsent", all);
}

function dropUnsent({ key }) {
  keepUnsent(keptUnsent().filter((one) => one.key !== key));
}
