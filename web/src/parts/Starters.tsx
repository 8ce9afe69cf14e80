/** Things to begin with, in the three ways of writing. */

import { texts } from "../language";
import { useDesk } from "../state/desk";

export const STARTERS = [
  { text: "Kal subah 9 baje doctor ka task add karo", lang: "ur-Latn" },
  { text: "میرے کام دکھاؤ", lang: "ur" },
  { text: "Add a task to buy milk", lang: "en" },
  { text: "Mere tasks dikhao", lang: "ur-Latn" },
  { text: "جمعے کو بجلی کا بل جمع کرانا ہے", lang: "ur" },
];

export function Starters() {
  const { conversation } = useDesk();
  return (
    <section className="starters" aria-labelledby="starters-title">
      <h2 id="starters-title"><span lang="ur" dir="rtl">السلام علیکم!</span> {texts.starters}</h2>
      <p>{texts.startersHint}</p>
      <ul>
        {STARTERS.map(({ text, lang }) => (
          <li key={text}>
            <button type="button" lang={lang} dir={lang === "ur" ? "rtl" : "ltr"} onClick={() => conversation.say(text)}>
              {text}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
