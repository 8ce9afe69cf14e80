/** Light, dark, or as the device is set; kept for this browser. */

import { texts } from "./language";

export type Theme = keyof typeof texts.themes;

const KEY = "munshi.theme";

export function readTheme(): Theme {
  const kept = localStorage.getItem(KEY) ?? "";
  return kept in texts.themes ? (kept as Theme) : "light dark";
}

export function isDark(): boolean {
  const theme = readTheme();
  return theme === "light dark" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
}

export function applyTheme(theme = readTheme()): void {
  localStorage.setItem(KEY, theme);
  document.documentElement.style.colorScheme = theme;
}
