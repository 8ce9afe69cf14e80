/** The form that asks for a token. */

import { useState, type FormEvent } from "react";
import { kept } from "../kept";
import { signIn, UNREADABLE } from "../session";
import { Mark } from "./Mark";

export function SignIn() {
  const [fault, setFault] = useState(() => kept.read("fault") ?? "");
  const [token, setToken] = useState("");

  function submit(event: FormEvent): void {
    event.preventDefault();
    kept.drop("fault");
    if (!signIn(token)) setFault(UNREADABLE);
  }

  return (
    <main className="sheet">
      <h1><Mark /> Munshi</h1>
      <h2>Sign in</h2>
      {fault && <p role="alert" className="fault" id="sign-in-fault">{fault}</p>}
      <p>Munshi prints an address that signs you in when it starts: open that one.</p>
      <p>
        Or paste a token here. Run <code>munshi token NAME</code> where Munshi is installed, with your own name, and copy
        the long line that it prints. A Munshi with a sign-in service of its own takes the token of that service.
      </p>
      <form onSubmit={submit}>
        <label htmlFor="token">Token</label>
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
        <button type="submit" className="main">Sign in</button>
      </form>
    </main>
  );
}
