/** Munshi's HTTP API as one signed-in person sees it: answers, problems, and a turn as it happens. */

const SILENCE_MS = 45_000; // three heartbeats of the server

/** The server said no, and why (RFC 9457). `ended`: said within a turn, which is recorded as failed. */
export class Problem extends Error {
  constructor(body, { retryAfter = 0, ended = false } = {}) {
    super(body.detail || body.title || "Something went wrong.");
    Object.assign(this, { code: body.code, status: body.status, retryAfter, ended });
  }
}

/** Nothing came back, or it stopped coming: what the server did is unknown. */
export class Lost extends Error {}

export class Api {
  #base;
  #token;
  #refused;

  /** `refused` is called when the server does not take the token (any more). */
  constructor(token, user, refused) {
    this.#base = `/api/${encodeURIComponent(user)}/`;
    this.#token = token;
    this.#refused = refused;
  }

  /** The JSON of an answer, null when it has none. Throws Problem or Lost. */
  async ask(path, method = "GET", body = undefined) {
    const response = await this.#fetch(path, { method, body });
    return response.status === 204 ? null : reading(response.json());
  }

  /** The events of one turn as [name, data], to its `done`. Throws Problem or Lost. */
  async *turn(ask, key, signal) {
    const headers = { "Idempotency-Key": key, Accept: "text/event-stream" };
    const response = await this.#fetch("chat/stream", { method: "POST", body: ask, headers, signal });
    for await (const { event, data } of serverSentEvents(response.body)) {
      const body = JSON.parse(data);
      if (event === "error") throw new Problem(body, { ended: true });
      yield [event, body];
      if (event === "done") return;
    }
    throw new Lost("The stream ended early.");
  }

  async #fetch(path, { method, body, headers = {}, signal }) {
    const asked = { method, signal, headers: { ...headers, Authorization: `Bearer ${this.#token}` } };
    if (body !== undefined) {
      asked.headers["Content-Type"] = "application/json";
      asked.body = JSON.stringify(body);
    }
    const response = await reading(fetch(this.#base + path, asked));
    if (response.ok) return response;
    const told = await response.json().catch(() => ({ status: response.status, title: response.statusText }));
    const problem = new Problem(told, { retryAfter: Number(response.headers.get("Retry-After")) || 0 });
    if (response.status === 401) this.#refused(problem);
    throw problem;
  }
}

/** Server-Sent Events from bytes: blocks end with a blank line, data may span lines, comments are skipped. */
export async function* serverSentEvents(bytes) {
  const reader = bytes.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await soon(reading(reader.read()));
      if (done) return;
      const blocks = (rest + value).split(/\r\n\r\n|\n\n|\r\r/);
      rest = blocks.pop();
      for (const block of blocks) {
        const event = eventOf(block);
        if (event.data !== undefined) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function eventOf(block) {
  const found = { event: "message", data: undefined };
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line);
    if (name === "event") found.event = value;
    if (name === "data") found.data = found.data === undefined ? value : `${found.data}\n${value}`;
  }
  return found;
}

/** A network failure is told as Lost; a listener that left stays an AbortError. */
async function reading(promise) {
  try {
    return await promise;
  } catch (fault) {
    throw fault.name === "AbortError" ? fault : new Lost(fault.message);
  }
}

function soon(promise) {
  let timer;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Lost("Nothing was heard for too long.")), SILENCE_MS);
  });
  return Promise.race([promise, silence]).finally(() => clearTimeout(timer));
}
