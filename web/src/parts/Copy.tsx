/** Copies a text; hidden where the browser does not let a page do that. */

import { useEffect, useState } from "react";
import { texts } from "../language";

const TOLD_MS = 2_000;

export function Copy({ text }: { text: string }) {
  const [isDone, setDone] = useState(false);

  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setDone(false), TOLD_MS);
    return () => clearTimeout(timer);
  }, [isDone]);

  if (!window.isSecureContext) return null;
  return (
    <button
      type="button"
      className="quiet small"
      onClick={() => void navigator.clipboard.writeText(text).then(() => setDone(true), () => {})}
    >
      {isDone ? texts.copied : texts.copy}
    </button>
  );
}
