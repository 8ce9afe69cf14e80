/** A piece of state that components look at; it changes by being replaced. */

import { useSyncExternalStore } from "react";

export abstract class Store<State extends object> {
  #state: State;
  readonly #listeners = new Set<() => void>();

  constructor(start: State) {
    this.#state = start;
  }

  get state(): State {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): State => this.#state;

  protected set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

export function useStore<State extends object>(store: Store<State>): State {
  return useSyncExternalStore(store.subscribe, store.snapshot);
}
