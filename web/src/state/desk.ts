/** Everything of one signed-in person, put together; what changes here is told to the other tabs. */

import { createContext, useContext } from "react";
import { Api } from "../api";
import { refused, type Session } from "../session";
import { Conversation } from "./conversation";
import { Places } from "./places";
import { Tasks } from "./tasks";

export class Desk {
  readonly user: string;
  readonly tasks: Tasks;
  readonly places: Places;
  readonly conversation: Conversation;
  /** Where the ChatKit protocol is spoken, and how it is fetched as this person. */
  readonly chatkit: { url: string; fetch: typeof fetch };
  readonly #news = new BroadcastChannel("munshi");

  constructor({ token, user }: Session) {
    const api = new Api(token, user, refused);
    this.user = user;
    this.chatkit = { url: api.address("chatkit"), fetch: api.fetchAsPerson };
    this.places = new Places(api);
    this.tasks = new Tasks(api, () => this.#tell());
    this.conversation = new Conversation(api, user, () => {
      this.read();
      this.#tell();
    });
    this.#news.addEventListener("message", (event: MessageEvent<{ user: string; conversation: unknown }>) => {
      if (event.data.user === user) this.#hearNews(event.data.conversation);
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#hearNews(this.conversation.state.name);
    });
    this.read();
    void this.conversation.resume();
  }

  /** Reads the tasks and the conversations anew. */
  read(): void {
    this.tasks.reread();
    void this.places.refresh();
  }

  #hearNews(conversation: unknown): void {
    this.read();
    if (conversation === this.conversation.state.name) void this.conversation.follow();
  }

  #tell(): void {
    this.#news.postMessage({ user: this.user, conversation: this.conversation.state.name });
  }
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("There is no desk around this part.");
  return desk;
}
