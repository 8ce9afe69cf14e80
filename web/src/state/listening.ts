/** What was heard of a turn; written into its reply as it comes in, at most once per frame. */

import type { TurnEvent } from "../wire";
import type { Entry } from "./entries";

export class Listening {
  /** The turn, what it said so far, and the id of its last event: a broken line is taken up after that. */
  turn: string | null = null;
  after = "";
  text = "";
  #isDue = false;

  constructor(
    readonly replyKey: string,
    readonly edit: (change: (entry: Entry) => Entry) => void,
  ) {}

  hear([event, body, id]: TurnEvent): void {
    this.after = id;
    if (event === "turn") this.#begin(body.turn_id);
    if (event === "delta") this.#add(body.text);
    if (event === "tool_call") this.edit((entry) => ({ ...entry, calls: [...entry.calls, body] }));
    if (event === "tool_result") {
      this.edit((entry) => ({ ...entry, calls: [...entry.calls.slice(0, -1), { ...entry.calls.at(-1), ...body }] }));
    }
    if (event === "done") {
      this.edit((entry) => ({ ...entry, text: body.response, calls: body.tool_calls, state: "done", fault: "" }));
    }
  }

  /** A turn that is heard from its beginning says everything anew. */
  #begin(turn: string): void {
    this.turn = turn;
    this.text = "";
    this.edit((entry) => ({ ...entry, turn, calls: [] }));
  }

  #add(text: string): void {
    this.text += text;
    if (!this.#isDue) requestAnimationFrame(() => this.#write());
    this.#isDue = true;
  }

  #write(): void {
    this.#isDue = false;
    this.edit((entry) => (entry.state === "live" ? { ...entry, text: this.text } : entry));
  }
}
