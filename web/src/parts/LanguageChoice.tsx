/** The choice of the page's own language, each by its own name. */

import { chooseLanguage, directionOf, language, LANGUAGES, texts } from "../language";
import { TEXTS, type Language } from "../texts";

export function LanguageChoice() {
  return (
    <label className="choice">
      {texts.language}{" "}
      <select value={language} onChange={(event) => chooseLanguage(event.target.value as Language)}>
        {LANGUAGES.map((each) => (
          <option key={each} value={each} lang={each} dir={directionOf(each)}>{TEXTS[each].name}</option>
        ))}
      </select>
    </label>
  );
}
