/** The conversation: what was said, what is being said, and what did not get through. */

import { Lost, Problem, type Api } from "../api";
import { kept } from "../kept";
import { texts } from "../language";
import { faultLine } from "../words";
import type { MessagePage, TurnEvent } from "../wire";
import { merged, pendingEntries, recorded, reply, said, type Entry } from "./entries";
import { Listening } from "./listening";
import { Store } from "./store";
import { unsent, type Unsent } from "./unsent";

export const OWN = "page-"; // how the names that this page gives begin
const EMPTY: MessagePage = { messages: [], next_cursor: null };
const PAGE = 40;
const EARLIER = 60;
const WATCH_MS = 1_500;
const RETURN_MS = 2_000;
const QUIET_MS = 300;

export interface Talk {
  /** The number of the conversation, or the name that this page gave it. */
  name: string | number;
  entries: readonly Entry[];
  /** Leads to earlier messages; null where there are none. */
  cursor: string | null;
  /** A reply is being heard: the next message waits in the box. */
  hearing: boolean;
  /** That reply was asked to end; what was said until then stays. */
  stopping: boolean;
  opening: boolean;
  /** Why it could not be opened. */
  fault: string;
  /** What changes now was said before: it is not to be read aloud. */
  quiet: boolean;
}

export class Conversation extends Store<Talk> {
  readonly #api: Api;
  readonly #user: string;
  readonly #changed: () => void;
  #turn: AbortController | null = null;
  #listening: Listening | null = null;
  #visit = 0;
  #watched = -1;
  #lost: Unsent[] = [];
  #isReturning = false;
  /** Something was said in it: before that the server does not know it. */
  #hasBegun = false;

  /** `changed` is called when a turn opened, did something, or ended. */
  constructor(api: Api, user: string, changed: () => void) {
    super({ name: randomName(OWN), entries: [], cursor: null, hearing: false, stopping: false, opening: false, fault: "", quiet: false });
    this.#api = api;
    this.#user = user;
    this.#changed = changed;
  }

  /** Shows the conversation of before the reload, or begins one. */
  resume(): Promise<void> {
    const name = kept.read("conversation");
    return name === null ? this.begin() : this.open(name);
  }

  /** Begins a conversation; for the server it exists from its first message. */
  begin(): Promise<void> {
    return this.open(randomName(OWN), EMPTY);
  }

  /** Shows a conversation, with the messages that never got through. A turn under way elsewhere goes on unheard. */
  async open(name: string | number, known: MessagePage | null = null): Promise<void> {
    this.#leave();
    const visit = this.#visit;
    this.#hasBegun = known === null;
    if (this.#hasBegun) kept.write("conversation", name);
    else kept.drop("conversation");
    this.set({ name, entries: [], cursor: null, opening: !known, fault: "" });
    try {
      const page = known ?? (await this.#read());
      if (visit === this.#visit) this.#show(page, [], true);
    } catch (fault) {
      if (visit === this.#visit) this.set({ opening: false, fault: faultLine(fault) });
    }
  }

  /** Reads anew what is recorded, here or in another tab, and hears a turn that is under way. */
  async follow(): Promise<void> {
    await this.#refresh();
    await this.#takeUp();
  }

  /** Shows what is recorded, unless a reply is being heard. */
  async #refresh(): Promise<void> {
    const visit = this.#visit;
    if (this.#turn || this.state.opening) return;
    const before = this.state.entries;
    const page = await this.#read().catch(() => null);
    if (page && visit === this.#visit && !this.#turn) this.#show(page, before);
  }

  /** Shows earlier messages; `before` is called right before they come in. */
  async earlier(before: () => void): Promise<void> {
    const visit = this.#visit;
    const { cursor } = this.state;
    const page = cursor && (await this.#read(cursor, EARLIER).catch(() => null));
    if (!page || visit !== this.#visit || cursor !== this.state.cursor) return;
    before();
    const older = page.messages.map((message) => recorded(message));
    this.#quietly({ entries: [...older, ...this.state.entries], cursor: page.next_cursor });
  }

  /** Says something; false while Munshi is still answering. */
  say(message: string): boolean {
    if (this.#turn) return false;
    const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const one: Unsent = {
      user: this.#user,
      key: randomName("say-"),
      ask: { message, conversation_id: this.state.name, timezone },
    };
    this.#hasBegun = true;
    kept.write("conversation", this.state.name);
    unsent.keep(one);
    this.set({ entries: [...this.state.entries, said(one.key, message)] });
    void this.#hold(one);
    return true;
  }

  /** Sends an unsent message again, under its own key: it runs once, however often it is sent. */
  sendAgain(key: string): void {
    const kept = [...this.#lost, ...unsent.of(this.#user, this.state.name)];
    const one = kept.find((each) => each.key === key);
    if (one && !this.#turn) void this.#hold(one);
  }

  /** Says anew what a reply answered: another turn, with a key of its own. */
  sayAgain(replyKey: string): void {
    const { entries } = this.state;
    const at = entries.findIndex((entry) => entry.key === replyKey);
    const asked = entries.slice(0, at).findLast((entry) => entry.role === "user");
    if (asked) this.say(asked.text);
  }

  /** Takes an unsent message out of the log. */
  discard(key: string): void {
    for (const one of unsent.of(this.#user, this.state.name)) if (one.key === key) unsent.drop(one);
    this.#lost = this.#lost.filter((one) => one.key !== key);
    this.set({ entries: this.state.entries.filter((entry) => entry.key !== key) });
  }

  /** Asks the server to end the turn that is heard; what it says until then is heard as ever. */
  stop(): void {
    if (!this.#turn || this.state.stopping) return;
    this.set({ stopping: true });
    // Before the turn has opened there is nothing to be stopped: it is asked for when it has.
    if (this.#listening?.turn) void this.#sendStop();
  }

  async #sendStop(): Promise<void> {
    const path = `conversations/${encodeURIComponent(this.state.name)}/stop`;
    await this.#api.ask(path, "POST").catch(() => this.set({ stopping: false }));
  }

  async #hold(one: Unsent): Promise<void> {
    const turn = new AbortController();
    const listening = this.#listen(`${one.key}-reply`);
    this.#lost = this.#lost.filter(({ key }) => key !== one.key);
    this.#hear(turn);
    const entries = this.state.entries.filter(({ key }) => key !== listening.replyKey).flatMap((entry) =>
      entry.key === one.key ? [{ ...entry, state: "done" as const, fault: "" }, reply(listening.replyKey)] : [entry],
    );
    this.set({ entries });
    try {
      await this.#send(one, listening, turn.signal);
    } catch (fault) {
      if (turn.signal.aborted) return;
      if (listening.turn) await this.#breakOff(fault, listening, turn);
      else await this.#fail(fault, one, listening, turn);
    }
    await this.#rest(turn);
  }

  /** Sends a message and hears its turn; one that still runs under the same key is asked for again until it has ended. */
  async #send(one: Unsent, listening: Listening, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        for await (const event of this.#api.turn(one.ask, one.key, signal)) {
          if (event[0] === "turn") unsent.drop(one);
          this.#heard(event, listening);
        }
        return;
      } catch (fault) {
        if (!(fault instanceof Problem && fault.code === "turn_in_progress")) throw fault;
        await pause(Math.max(WATCH_MS, fault.retryAfter * 1000));
        signal.throwIfAborted();
      }
    }
  }

  /** Hears the turn that the record shows as running: from where this page lost it, or from its beginning. */
  async #takeUp(): Promise<void> {
    const running = this.state.entries.findLast((entry) => entry.state === "waiting");
    if (this.#turn || !running) return;
    const isKnown = running.turn !== null && running.turn === this.#listening?.turn;
    const listening = isKnown ? this.#listening! : this.#listen(running.key);
    const turn = new AbortController();
    this.#hear(turn);
    listening.edit((entry) => ({ ...entry, state: "live", fault: "" }));
    try {
      for await (const event of this.#api.turnAgain(this.state.name, listening.after, turn.signal)) {
        this.#heard(event, listening);
      }
    } catch (fault) {
      if (turn.signal.aborted) return;
      await this.#breakOff(fault, listening, turn);
    }
    await this.#rest(turn);
  }

  #listen(replyKey: string): Listening {
    this.#listening = new Listening(replyKey, (change) => this.#edit(replyKey, change));
    return this.#listening;
  }

  #heard(event: TurnEvent, listening: Listening): void {
    listening.hear(event);
    if (event[0] === "turn" && this.state.stopping) void this.#sendStop();
    if (event[0] === "turn" || event[0] === "tool_result") this.#changed();
  }

  /** What a turn came to is in the record; a turn that goes on unheard is taken up again. */
  async #rest(turn: AbortController): Promise<void> {
    if (this.#turn !== turn) return;
    this.#hear(null);
    this.#changed();
    await this.#refresh();
    if (this.#isWaiting) void this.#watch();
  }

  /** A turn whose line broke goes on at the server; one that ended without an answer is recorded so. */
  async #breakOff(fault: unknown, { edit, text }: Listening, turn: AbortController): Promise<void> {
    const hasEnded = fault instanceof Problem && fault.ended;
    const line = `${faultLine(fault)} ${hasEnded ? "" : texts.answerGoesOn}`.trim();
    const page = hasEnded ? await this.#read().catch(() => EMPTY) : EMPTY;
    if (this.#turn !== turn) return;
    edit((entry) => ({ ...entry, text, state: "waiting", fault: line }));
    if (page.messages.length) this.#show(page, this.state.entries);
  }

  /** A message that the server did not take is kept; one that may not have come through is sent again under its key. */
  async #fail(fault: unknown, one: Unsent, { replyKey }: Listening, turn: AbortController): Promise<void> {
    const isLost = fault instanceof Lost;
    const line = `${faultLine(fault)} ${isLost ? texts.messageComes : ""}`.trim();
    if (this.#turn !== turn) return;
    this.set({ entries: this.state.entries.filter(({ key }) => key !== replyKey) });
    this.#edit(one.key, (entry) => ({ ...entry, state: "unsent", fault: line }));
    if (!isLost) return;
    this.#lost.push(one);
    void this.#awaitReturn();
  }

  /** Sends what was lost again, in its order, as soon as the server answers. */
  async #awaitReturn(): Promise<void> {
    if (this.#isReturning) return;
    this.#isReturning = true;
    while (this.#lost.length) {
      await Promise.race([pause(RETURN_MS), isOnline()]);
      if (this.#turn || !this.#lost.length || !(await this.#api.reaches())) continue;
      const [next] = this.#lost;
      if (next && !this.#turn) await this.#hold(next);
    }
    this.#isReturning = false;
  }

  /** Takes a turn that runs unheard up again, as soon as the server answers. */
  async #watch(): Promise<void> {
    if (this.#watched === this.#visit) return;
    const visit = (this.#watched = this.#visit);
    await Promise.race([pause(WATCH_MS), isOnline()]);
    this.#watched = -1;
    if (visit !== this.#visit || this.#turn) return;
    const isThere = await this.#api.reaches();
    if (isThere) await this.#refresh();
    if (visit !== this.#visit || this.#turn) return;
    if (!this.#isWaiting) this.#changed();
    else if (isThere) await this.#takeUp();
    else void this.#watch();
  }

  get #isWaiting(): boolean {
    return this.state.entries.some((entry) => entry.state === "waiting");
  }

  async #read(cursor: string | null = null, limit = PAGE): Promise<MessagePage> {
    if (!this.#hasBegun) return EMPTY;
    const path = `conversations/${encodeURIComponent(this.state.name)}/messages?limit=${limit}`;
    try {
      return await this.#api.ask<MessagePage>(cursor ? `${path}&cursor=${encodeURIComponent(cursor)}` : path);
    } catch (fault) {
      if (!(fault instanceof Problem && fault.status === 404)) throw fault;
      return EMPTY;
    }
  }

  /** Shows a page; `before` was shown when it was asked for: what was said since may not be in it. */
  #show(page: MessagePage, before: readonly Entry[], isOpening = false): void {
    const since = this.state.entries.filter((entry) => !before.some(({ key }) => key === entry.key));
    const kept = unsent.of(this.#user, this.state.name).filter((one) => !since.some(({ key }) => key === one.key));
    const pending = pendingEntries(kept, this.state.entries);
    const { entries, joined } = merged(this.state.entries, page, [...pending, ...since]);
    const cursor = joined ? this.state.cursor : page.next_cursor;
    if (!isOpening) return this.set({ entries, cursor });
    this.#quietly({ entries, cursor, opening: false, fault: "" });
    void this.#takeUp();
  }

  #leave(): void {
    this.#visit += 1;
    this.#listening = null;
    this.#lost = [];
    this.#hear(null);
  }

  /** The one turn that this page hears, null for none. */
  #hear(turn: AbortController | null): void {
    if (turn === null) this.#turn?.abort();
    this.#turn = turn;
    this.set({ hearing: turn !== null, stopping: false });
  }

  #edit(key: string, change: (entry: Entry) => Entry): void {
    this.#change((entry) => (entry.key === key ? change(entry) : entry));
  }

  #change(change: (entry: Entry, isLast: boolean) => Entry): void {
    const { entries } = this.state;
    this.set({ entries: entries.map((entry, at) => change(entry, at === entries.length - 1)) });
  }

  #quietly(change: Partial<Talk>): void {
    this.set({ ...change, quiet: true });
    setTimeout(() => this.set({ quiet: false }), QUIET_MS);
  }
}

function randomName(kind: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return kind + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function isOnline(): Promise<void> {
  return new Promise((resolve) => addEventListener("online", () => resolve(), { once: true }));
}
