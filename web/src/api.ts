/** Munshi's HTTP API as one signed-in person sees it: answers, problems, and a turn as it happens. */

import { serverSentEvents } from "./sse";
import type { Ask, ProblemBody, TurnEvent } from "./wire";

const SILENCE_MS = 45_000; // three heartbeats of the server

/** The server said no, and why (RFC 9457). `ended`: said within a turn, which is recorded as failed. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly errors: { field: string; message: string }[];

  constructor(
    body: ProblemBody,
    readonly retryAfter = 0,
    readonly ended = false,
  ) {
    super(body.detail || body.title || "Something went wrong.");
    this.code = body.code ?? "";
    this.status = body.status;
    this.errors = body.errors ?? [];
  }
}

/** Nothing came back, or it stopped coming: what the server did is unknown. */
export class Lost extends Error {}

interface Request {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export class Api {
  readonly #base: string;
  readonly #token: string;
  readonly #refused: (problem: Problem) => void;

  /** `refused` is called when the server does not take the token (any more). */
  constructor(token: string, user: string, refused: (problem: Problem) => void) {
    this.#base = `/api/${encodeURIComponent(user)}/`;
    this.#token = token;
    this.#refused = refused;
  }

  /** The JSON of an answer. Throws Problem or Lost. */
  async ask<T>(path: string, method = "GET", body?: unknown): Promise<T> {
    const response = await this.#fetch(path, { method, body });
    return (response.status === 204 ? null : await reading(response.json())) as T;
  }

  /** The events of one turn, to its `done`. Throws Problem or Lost. */
  turn(ask: Ask, key: string, signal: AbortSignal): AsyncGenerator<TurnEvent> {
    return this.#events("chat/stream", { method: "POST", body: ask, headers: { "Idempotency-Key": key }, signal });
  }

  /** The newest turn of a conversation again, from the event after the one heard last. Throws Problem or Lost. */
  turnAgain(conversation: string | number, after: string, signal: AbortSignal): AsyncGenerator<TurnEvent> {
    const headers = { "Last-Event-ID": after };
    return this.#events(`conversations/${encodeURIComponent(conversation)}/stream`, { headers, signal });
  }

  /** Whether anything answers there. */
  async reaches(): Promise<boolean> {
    return fetch("/api/health").then(
      (response) => response.ok,
      () => false,
    );
  }

  /** The whole address of one of the person's routes. */
  address(path: string): string {
    return new URL(this.#base + path, location.origin).href;
  }

  /** `fetch` for a component with a protocol of its own: the token goes to this person's routes, and nowhere else. */
  readonly fetchAsPerson: typeof fetch = async (input, init) => {
    const asked = new Request(input, init);
    if (!asked.url.startsWith(this.address(""))) throw new TypeError("This address is not Munshi's.");
    asked.headers.set("Authorization", `Bearer ${this.#token}`);
    const response = await fetch(asked);
    if (response.status === 401) this.#refused(new Problem(await response.clone().json() as ProblemBody));
    return response;
  };

  async *#events(path: string, asked: Request): AsyncGenerator<TurnEvent> {
    const response = await this.#fetch(path, { ...asked, headers: { ...asked.headers, Accept: "text/event-stream" } });
    if (!response.body) throw new Lost("The answer is empty.");
    for await (const { id, event, data } of serverSentEvents(response.body, (promise) => soon(reading(promise)))) {
      const body: unknown = JSON.parse(data);
      if (event === "error") throw new Problem(body as ProblemBody, 0, true);
      yield [event, body, id] as TurnEvent;
      if (event === "done") return;
    }
    throw new Lost("The stream ended early.");
  }

  async #fetch(path: string, { method = "GET", body, headers = {}, signal }: Request): Promise<Response> {
    const asked: RequestInit = { method, headers: { ...headers, Authorization: `Bearer ${this.#token}` } };
    if (signal) asked.signal = signal;
    if (body !== undefined) {
      asked.headers = { ...asked.headers, "Content-Type": "application/json" };
      asked.body = JSON.stringify(body);
    }
    const response = await reading(fetch(this.#base + path, asked));
    if (response.ok) return response;
    const unread: ProblemBody = { status: response.status, title: response.statusText };
    const told = await response.json().catch(() => unread) as ProblemBody;
    const problem = new Problem(told, Number(response.headers.get("Retry-After")) || 0);
    if (response.status === 401) this.#refused(problem);
    throw problem;
  }
}

/** A network failure is told as Lost; a listener that left stays an AbortError. */
async function reading<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (fault) {
    if (fault instanceof Error && fault.name === "AbortError") throw fault;
    throw new Lost(fault instanceof Error ? fault.message : String(fault));
  }
}

function soon<T>(promise: Promise<T>): Promise<T> {
  let timer: number | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = window.setTimeout(() => reject(new Lost("Nothing was heard for too long.")), SILENCE_MS);
  });
  return Promise.race([promise, silence]).finally(() => clearTimeout(timer));
}
