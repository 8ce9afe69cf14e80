/** One past conversation: opened, renamed in its place, deleted after a second press. */

import { useRef, useState, type FormEvent } from "react";
import { flushSync } from "react-dom";
import { texts } from "../language";
import type { Place } from "../wire";
import { langOf, quoted, whenLine } from "../words";

interface Props {
  place: Place;
  isOpen: boolean;
  open: () => void;
  rename: (title: string) => Promise<boolean>;
  remove: () => Promise<void>;
}

export function PlaceRow({ place, isOpen, open, rename, remove }: Props) {
  const [mode, setMode] = useState<"shown" | "renaming" | "deleting">("shown");
  const opener = useRef<HTMLButtonElement>(null);
  const leave = () => {
    flushSync(() => setMode("shown"));
    opener.current?.focus();
  };

  if (mode === "renaming") {
    return <li className="place"><Renaming place={place} rename={rename} leave={leave} /></li>;
  }
  return (
    <li className="place" aria-current={isOpen || undefined}>
      <button type="button" className="quiet open" ref={opener} aria-current={isOpen || undefined} onClick={open}>
        <span className="place-title" dir="auto" lang={langOf(place.title)}>{place.title}</span>
        <time dateTime={place.updated_at}>{whenLine(place.updated_at)}</time>
      </button>
      {mode === "deleting" ? (
        <div className="place-acts asked" role="group" aria-label={texts.deleteOf(quoted(place.title))}>
          <span>{texts.deleteAsked}</span>
          <button type="button" className="small danger" autoFocus onClick={() => void remove()}>{texts.delete}</button>
          <button type="button" className="quiet small" onClick={leave}>{texts.keep}</button>
        </div>
      ) : (
        <div className="place-acts">
          <button
            type="button"
            className="quiet small"
            aria-label={texts.renameOf(quoted(place.title))}
            onClick={() => setMode("renaming")}
          >
            {texts.rename}
          </button>
          <button
            type="button"
            className="quiet small"
            aria-label={texts.deleteOf(quoted(place.title))}
            onClick={() => setMode("deleting")}
          >
            {texts.delete}
          </button>
        </div>
      )}
    </li>
  );
}

function Renaming({ place, rename, leave }: Pick<Props, "place" | "rename"> & { leave: () => void }) {
  const [title, setTitle] = useState(place.title);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (title.trim() === place.title || (await rename(title.trim()))) leave();
  }

  return (
    <form
      className="renaming"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        leave();
      }}
    >
      <input
        aria-label={texts.conversationTitle}
        dir="auto"
        required
        autoFocus
        value={title}
        onChange={(event) => setTitle(event.target.value)}
      />
      <button type="submit" className="small">{texts.save}</button>
      <button type="button" className="quiet small" onClick={leave}>{texts.cancel}</button>
    </form>
  );
}
