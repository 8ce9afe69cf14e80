/** The page: who is signed in, and the conversation and the tasks of that person put together. */

import { Api } from "./api.js";
import { Conversation, OWN } from "./conversation.js";
import { kept } from "./kept.js";
import { Tasks } from "./tasks.js";
import { make, whenLine, write } from "./words.js";

const PAST_SHOWN = 50;
const part = (id) => document.getElementById(id);

takeTokenFromAddress();
addEventListener("hashchange", () => takeTokenFromAddress() && location.reload());
const token = kept.read("token");
const user = token && subjectOf(token);
if (user) start();
else askForToken();

/** Takes `#token=…` out of the address into this tab's storage; true when there was one. */
function takeTokenFromAddress() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given === null) return false;
  kept.write("token", given);
  history.replaceState(null, "", location.pathname + location.search);
  return true;
}

/** The user that a token names, null for what is no token. The server checks it; this only reads it. */
function subjectOf(text) {
  try {
    const payload = text.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(payload), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)).sub || null;
  } catch {
    return null;
  }
}

function askForToken() {
  part("sign-in").hidden = false;
  const tell = (sentence) => {
    part("sign-in-fault").textContent = sentence;
    part("sign-in-fault").hidden = !sentence;
  };
  const unreadable = "This is not a token. It is one long line of three parts with dots between them.";
  tell(kept.read("fault") ?? (token ? unreadable : ""));
  kept.drop("fault", "token");
  part("token").focus();
  part("token-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const pasted = part("token").value.trim().replace(/^.*#token=/, "");
    if (!subjectOf(pasted)) return tell(unreadable);
    kept.write("token", pasted);
    location.reload();
  });
}

/** Back to the form: with a fault what was written is kept, on a plain sign-out nothing is. */
function leave(fault = null) {
  kept.drop("token");
  kept.write("fault", fault);
  if (!fault) {
    kept.drop("user", "conversation", "unsent");
    part("box").value = "";
  }
  location.reload();
}

function start() {
  if (kept.read("user") !== user) kept.drop("conversation");
  kept.write("user", user);
  const refused = (problem) => leave(`Munshi did not take the token: ${problem.message} Please sign in again.`);
  const api = new Api(token, user, refused);
  const tasks = new Tasks(api);
  const conversation = new Conversation(api, user, () => tasks.refresh());
  wireBar(api, conversation);
  wireComposer(conversation);
  part("bar").hidden = part("desk").hidden = false;
  if (conversation.name === null) conversation.begin();
  else conversation.open(conversation.name);
  part("box").focus();
}

function wireBar(api, conversation) {
  for (const button of document.querySelectorAll("[data-sign-out]")) {
    button.textContent = `Sign out ${user}`;
    button.addEventListener("click", () => leave());
  }
  part("new").addEventListener("click", () => {
    conversation.begin();
    part("box").focus();
  });
  part("past").addEventListener("toggle", (event) => event.newState === "open" && listPast(api, conversation));
}

async function listPast(api, conversation) {
  try {
    const { conversations } = await api.ask(`conversations?limit=${PAST_SHOWN}`);
    part("past-list").replaceChildren(...conversations.map((place) => pastItem(place, conversation)));
    part("past-told").textContent = conversations.length ? "" : "No conversations yet.";
  } catch {
    part("past-told").textContent = "The conversations could not be read just now.";
  }
}

function pastItem(place, conversation) {
  const item = make("li");
  const button = make("button", "quiet");
  button.type = "button";
  button.append(write(make("span"), place.title), make("time", "", whenLine(place.updated_at)));
  if ([place.id, place.key].includes(conversation.name)) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => {
    part("past").hidePopover();
    conversation.open(place.key.startsWith(OWN) ? place.key : place.id);
    part("box").focus();
  });
  item.append(button);
  return item;
}

function wireComposer(conversation) {
  const box = part("box");
  const say = (text) => {
    if (text.trim() && conversation.say(text) && text === box.value) box.value = "";
    box.focus();
  };
  box.value = kept.read("draft") ?? "";
  addEventListener("pagehide", () => kept.write("draft", box.value));
  part("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    say(box.value);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    say(box.value);
  });
  for (const starter of part("starters").querySelectorAll("button")) {
    starter.addEventListener("click", () => say(starter.textContent));
  }
}
