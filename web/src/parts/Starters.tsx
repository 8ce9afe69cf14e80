/** Things to begin with, in the three ways of writing. */

import { useDesk } from "../state/desk";

export function Starters() {
  const { conversation } = useDesk();
  const starter = (text: string, lang: string) => (
    <li>
      <button type="button" lang={lang} dir={lang === "ur" ? "rtl" : "ltr"} onClick={() => conversation.say(text)}>
        {text}
      </button>
    </li>
  );
  return (
    <section className="starters" aria-labelledby="starters-title">
      <h2 id="starters-title"><span lang="ur" dir="rtl">السلام علیکم!</span> What is to be done?</h2>
      <p>Write as you speak: Roman Urdu, Urdu or English.</p>
      <ul>
        {starter("Kal subah 9 baje doctor ka task add karo", "ur-Latn")}
        {starter("میرے کام دکھاؤ", "ur")}
        {starter("Add a task to buy milk", "en")}
        {starter("Mere tasks dikhao", "ur-Latn")}
        {starter("جمعے کو بجلی کا بل جمع کرانا ہے", "ur")}
      </ul>
    </section>
  );
}
