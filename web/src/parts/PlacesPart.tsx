/** Past conversations: searched, opened, renamed, deleted; and who is signed in. */

import { useState } from "react";
import { texts } from "../language";
import { signOut } from "../session";
import { OWN } from "../state/conversation";
import { useDesk } from "../state/desk";
import { useStore } from "../state/store";
import { applyTheme, readTheme, type Theme } from "../theme";
import type { Place } from "../wire";
import { LanguageChoice } from "./LanguageChoice";
import { PlaceRow } from "./PlaceRow";

/** `opened` is called when one was chosen. */
export function PlacesPart({ opened }: { opened: () => void }) {
  const { places: store, conversation, user } = useDesk();
  const { places, cursor, search, told } = useStore(store);
  const { name } = useStore(conversation);
  const sought = search.trim().toLocaleLowerCase();
  const shown = places.filter((place) => place.title.toLocaleLowerCase().includes(sought));

  function open(place: Place): void {
    document.getElementById("places")?.hidePopover();
    void conversation.open(place.key.startsWith(OWN) ? place.key : place.id);
    opened();
  }

  async function remove(place: Place): Promise<void> {
    const isOpen = [place.id, place.key].includes(name);
    if ((await store.remove(place)) && isOpen) await conversation.begin();
  }

  return (
    <nav className="places" id="places" popover="auto" aria-label={texts.conversations}>
      <label htmlFor="search-places" className="unseen">{texts.searchConversations}</label>
      <input
        id="search-places"
        type="search"
        placeholder={texts.searchConversations}
        dir="auto"
        value={search}
        onChange={(event) => store.search(event.target.value)}
      />
      <p className="hint" role="status">{told || (shown.length ? "" : texts.noConversations)}</p>
      <ul className="list">
        {shown.map((place) => (
          <PlaceRow
            key={place.id}
            place={place}
            isOpen={[place.id, place.key].includes(name)}
            open={() => open(place)}
            rename={(title) => store.rename(place, title)}
            remove={() => remove(place)}
          />
        ))}
      </ul>
      {cursor && <button type="button" className="quiet" onClick={() => void store.more()}>{texts.more}</button>}
      <div className="places-foot">
        <LanguageChoice />
        <ThemeChoice />
        <button type="button" className="quiet" onClick={signOut}>{texts.signOut} <bdi>{user}</bdi></button>
      </div>
    </nav>
  );
}

function ThemeChoice() {
  const [theme, setTheme] = useState(readTheme);
  function choose(chosen: Theme): void {
    applyTheme(chosen);
    setTheme(chosen);
  }
  return (
    <label className="choice">
      {texts.colours}{" "}
      <select value={theme} onChange={(event) => choose(event.target.value as Theme)}>
        {Object.entries(texts.themes).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
      </select>
    </label>
  );
}
