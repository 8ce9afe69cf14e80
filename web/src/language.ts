/** The language of the page's own words: as it was chosen in this browser, else as the browser speaks. */

import { TEXTS, type Language } from "./texts";

const KEY = "munshi.language";

export const LANGUAGES = Object.keys(TEXTS) as Language[];
export const language = readLanguage();
export const texts = TEXTS[language];
export const direction = directionOf(language);

export function directionOf(spoken: Language): "ltr" | "rtl" {
  return spoken === "ur" ? "rtl" : "ltr";
}

export function applyLanguage(): void {
  document.documentElement.lang = language;
  document.documentElement.dir = direction;
}

/** Takes another language; what is written, said and under way comes back with it. */
export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(KEY, chosen);
  location.reload();
}

function readLanguage(): Language {
  // Without a browser, in the tests of single functions, there is neither.
  const kept = globalThis.localStorage?.getItem(KEY) ?? "";
  if (kept in TEXTS) return kept as Language;
  const spoken = globalThis.navigator?.language ?? "";
  if (/^ur-latn\b/i.test(spoken)) return "ur-Latn";
  return /^ur\b/i.test(spoken) ? "ur" : "en";
}
