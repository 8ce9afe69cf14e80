/** A real `munshi serve` for the tests, and an OpenAI-compatible model that speaks as slowly as a test wants. */

import { spawn, type ChildProcess } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PYTHON = process.env["PYTHON"] ?? "../.venv/bin/python";
const SECRET = "a secret of the browser tests, long enough";

export class Munshi {
  address = "";
  #process: ChildProcess | null = null;
  readonly #dataDir = mkdtempSync(join(tmpdir(), "munshi-page-"));

  constructor(readonly settings: Record<string, string> = {}) {}

  /** Starts it: at first on a free port, then always on the same. */
  async start(): Promise<void> {
    const kept = Object.entries(process.env).filter(([name]) => !/^(CHATKIT|OPENAI|JWT|JWKS|DATABASE|REDIS|CORS)_/.test(name));
    const env = {
      ...Object.fromEntries(kept),
      DATA_DIR: this.#dataDir,
      JWT_SECRET_KEY: SECRET,
      RATE_LIMIT: "100000/minute",
      ...this.settings,
    };
    const port = this.address ? new URL(this.address).port : "0";
    this.#process = spawn(PYTHON, ["-m", "entrypoints.cli", "serve", "--port", port], { env });
    for await (const line of createInterface(this.#process.stdout!)) {
      const [, address] = /^Munshi is ready: (http:\/\/[^/\s]+)/.exec(line) ?? [];
      if (!address) throw new Error(`Munshi said: ${line}`);
      this.address = address;
      return;
    }
    throw new Error("Munshi did not start.");
  }

  /** Ends it at once, as a machine that loses its power does. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process!.once("exit", resolve));
    this.#process!.kill("SIGKILL");
    await ended;
  }

  /** Somebody who was never here. */
  newcomer(): Person {
    return new Person(this, `user-${randomBytes(6).toString("hex")}`);
  }
}

/** One person, who also looks at Munshi past the page. */
export class Person {
  readonly token: string;

  constructor(
    readonly munshi: Munshi,
    readonly name: string,
  ) {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = { sub: name, exp: Math.floor(Date.now() / 1000) + 3600 };
    const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
    this.token = `${signed}.${createHmac("sha256", SECRET).update(signed).digest("base64url")}`;
  }

  get address(): string {
    return `${this.munshi.address}/#token=${this.token}`;
  }

  async ask<T>(path: string, method = "GET", body?: unknown): Promise<T> {
    const answer = await fetch(`${this.munshi.address}/api/${this.name}/${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async titles(): Promise<string[]> {
    const { tasks } = await this.ask<{ tasks: { title: string }[] }>("tasks");
    return tasks.map((task) => task.title);
  }

  chat(message: string, conversation: string): Promise<{ response: string }> {
    return this.ask("chat", "POST", { message, conversation_id: conversation });
  }
}

/**
 * Adds the task "slow milk", then says its words, the last ones when it is let go. Does not answer a "refuse", and after
 * a "fail after" only adds.
 */
export class SlowModel {
  readonly words = ["Theek ", "hai, ", "slow ", "milk ", "likh ", "liya."];
  #server: Server;
  #release: () => void = () => {};
  #released = new Promise<void>((resolve) => (this.#release = resolve));

  constructor() {
    this.#server = createServer((request, response) => {
      let body = "";
      request.on("data", (piece: Buffer) => (body += piece.toString()));
      request.on("end", () => {
        const hasActed = /"role": ?"tool"/.test(body);
        void this.#answer(body.includes("refuse") || (hasActed && body.includes("fail after")), hasActed, response);
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** Lets every answer go on to its end. */
  release(): void {
    this.#release();
  }

  hold(): void {
    this.#released = new Promise<void>((resolve) => (this.#release = resolve));
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(isRefused: boolean, hasActed: boolean, response: ServerResponse): Promise<void> {
    if (isRefused) return void response.writeHead(400, { "Content-Type": "application/json" }).end("{}");
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    const send = (delta: object, finish: string | null = null): boolean =>
      response.write(
        `data: ${JSON.stringify({
          id: "c", object: "chat.completion.chunk", created: 1, model: "slow",
          choices: [{ index: 0, delta, finish_reason: finish }],
        })}\n\n`,
      );
    if (!hasActed) {
      const call = { name: "add_task", arguments: JSON.stringify({ title: "slow milk" }) };
      send({ role: "assistant", tool_calls: [{ index: 0, id: `call_${Date.now()}`, type: "function", function: call }] });
      send({}, "tool_calls");
    } else {
      for (const [at, word] of this.words.entries()) {
        send({ role: "assistant", content: word });
        if (at === 2) await this.#released;
      }
      send({}, "stop");
    }
    response.end("data: [DONE]\n\n");
  }
}
