/** Messages that never got through, kept over a reload under the key that lets them run only once. */

import { kept } from "../kept";
import type { Ask } from "../wire";

export interface Unsent {
  user: string;
  key: string;
  ask: Ask;
}

export const unsent = {
  keep(one: Unsent): void {
    kept.write("unsent", [...all(), one]);
  },
  drop({ key }: Unsent): void {
    kept.write("unsent", all().filter((one) => one.key !== key));
  },
  /** Those of this user in this conversation. */
  of(user: string, conversation: string | number): Unsent[] {
    return all().filter((one) => one.user === user && one.ask.conversation_id === conversation);
  },
};

function all(): Unsent[] {
  return kept.read("unsent") ?? [];
}
