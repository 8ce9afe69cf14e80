/** The conversations of the user: listed, searched by title, renamed, deleted. */

import type { Api } from "../api";
import { texts } from "../language";
import type { Place, PlacePage } from "../wire";
import { faultLine } from "../words";
import { Store } from "./store";

const PAGE = 50;
const SEARCHED_PAGE = 100;
const SEARCHED_MAX = 1_000;

export interface PlacesState {
  places: readonly Place[];
  cursor: string | null;
  search: string;
  told: string;
}

export class Places extends Store<PlacesState> {
  readonly #api: Api;
  #asked = 0;

  constructor(api: Api) {
    super({ places: [], cursor: null, search: "", told: "" });
    this.#api = api;
  }

  /** Reads the list anew, as far as it was read. */
  async refresh(): Promise<void> {
    const asked = ++this.#asked;
    const wanted = Math.max(PAGE, this.state.search ? SEARCHED_MAX : this.state.places.length);
    try {
      let page = await this.#page(null, wanted);
      const places = [...page.conversations];
      while (page.next_cursor && places.length < wanted) {
        page = await this.#page(page.next_cursor, wanted);
        places.push(...page.conversations);
      }
      if (asked === this.#asked) this.set({ places, cursor: page.next_cursor, told: "" });
    } catch {
      if (asked === this.#asked) this.set({ told: texts.conversationsUnread });
    }
  }

  async more(): Promise<void> {
    const page = await this.#page(this.state.cursor, PAGE).catch(() => null);
    if (page) this.set({ places: [...this.state.places, ...page.conversations], cursor: page.next_cursor });
  }

  /** Narrows the list to titles that hold the text; the whole list is read for that. */
  search(text: string): void {
    const isNew = !this.state.search && text;
    this.set({ search: text });
    if (isNew && this.state.cursor) void this.refresh();
  }

  /** Gives a conversation another title; false, and told why, where that could not be. */
  rename(place: Place, title: string): Promise<boolean> {
    return this.#act(this.#api.ask(`conversations/${place.id}`, "PATCH", { title }));
  }

  remove(place: Place): Promise<boolean> {
    return this.#act(this.#api.ask(`conversations/${place.id}`, "DELETE"));
  }

  async #act(asked: Promise<unknown>): Promise<boolean> {
    try {
      await asked;
    } catch (fault) {
      this.set({ told: faultLine(fault) });
      return false;
    }
    await this.refresh();
    return true;
  }

  #page(cursor: string | null, wanted: number): Promise<PlacePage> {
    const path = `conversations?limit=${wanted > PAGE ? SEARCHED_PAGE : PAGE}`;
    return this.#api.ask<PlacePage>(cursor ? `${path}&cursor=${encodeURIComponent(cursor)}` : path);
  }
}
