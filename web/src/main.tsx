/** The page: the form that asks who it is, or that person's conversation and tasks. */

import { createRoot } from "react-dom/client";
import { applyLanguage } from "./language";
import { DeskPart } from "./parts/DeskPart";
import { SignIn } from "./parts/SignIn";
import { readSession } from "./session";
import { Desk, DeskContext } from "./state/desk";
import { applyTheme } from "./theme";
import "./page.css";

applyLanguage();
applyTheme();
const session = readSession();
const root = createRoot(document.getElementById("page")!);
if (session) {
  root.render(
    <DeskContext value={new Desk(session)}>
      <DeskPart />
    </DeskContext>,
  );
} else {
  root.render(<SignIn />);
}
