/** What outlives a reload, in this tab only: the token, the conversation, what is unsent. */

import type { Unsent } from "./state/unsent";

interface Kept {
  token: string;
  user: string;
  fault: string;
  conversation: string | number;
  unsent: Unsent[];
  draft: string;
}

const named = (key: keyof Kept): string => `munshi.${key}`;

export const kept = {
  read<Key extends keyof Kept>(key: Key): Kept[Key] | null {
    return JSON.parse(sessionStorage.getItem(named(key)) ?? "null") as Kept[Key] | null;
  },
  write<Key extends keyof Kept>(key: Key, value: Kept[Key]): void {
    try {
      sessionStorage.setItem(named(key), JSON.stringify(value));
    } catch {
      // A text of many megabytes does not fit: then it is only in the box.
    }
  },
  drop(...keys: (keyof Kept)[]): void {
    for (const key of keys) sessionStorage.removeItem(named(key));
  },
};
