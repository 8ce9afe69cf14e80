/** The form that asks for a token. */

import { useState, type FormEvent } from "react";
import { kept } from "../kept";
import { texts } from "../language";
import { signIn } from "../session";
import { LanguageChoice } from "./LanguageChoice";
import { Mark } from "./Mark";

export function SignIn() {
  const [fault, setFault] = useState(() => kept.read("fault") ?? "");
  const [token, setToken] = useState("");

  function submit(event: FormEvent): void {
    event.preventDefault();
    kept.drop("fault");
    if (!signIn(token)) setFault(texts.tokenUnreadable);
  }

  return (
    <main className="sheet">
      <h1><Mark /> Munshi</h1>
      <h2>{texts.signIn}</h2>
      {fault && <p role="alert" className="fault" id="sign-in-fault">{fault}</p>}
      <p>{texts.signInByAddress}</p>
      <p>{texts.signInByToken[0]} <code dir="ltr">munshi token NAME</code> {texts.signInByToken[1]}</p>
      <form onSubmit={submit}>
        <label htmlFor="token">{texts.token}</label>
        <input
          id="token"
          type="password"
          autoComplete="off"
          spellCheck={false}
          required
          autoFocus
          aria-describedby={fault ? "sign-in-fault" : undefined}
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
        <button type="submit" className="main">{texts.signIn}</button>
      </form>
      <LanguageChoice />
    </main>
  );
}
