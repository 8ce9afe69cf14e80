/** Which language a message is in, told as the server tells it: by its script, and by the small words of `talk.toml`. */

import talk from "../../src/domain/urdu/talk.toml?raw";
import type { Language } from "./texts";

const ROMAN = wordsOf("roman");
const ENGLISH = wordsOf("english");
const SHARED = wordsOf("shared"); // English words that everybody uses tell English only where nothing tells Roman Urdu

export function tongueOf(text: string): Language {
  const count = (letters: RegExp): number => text.match(letters)?.length ?? 0;
  if (count(/\p{Script=Arabic}/gu) * 2 > count(/[a-z]/gi)) return "ur";
  const words = text.toLowerCase().replaceAll("’", "'").match(/[\p{L}']+/gu) ?? [];
  const among = (known: Set<string>): number => words.filter((word) => known.has(word)).length;
  const english = among(ENGLISH) || (words.some((word) => SHARED.has(word)) ? 1 : 0);
  return english > among(ROMAN) ? "en" : "ur-Latn";
}

/** A language's list in the file: one string, with a comma between its words. */
function wordsOf(tongue: string): Set<string> {
  const [, list] = new RegExp(`^\\[tongue\\][^]*?^${tongue} = "([^"]*)"`, "m").exec(talk)!;
  return new Set(list!.split(","));
}
