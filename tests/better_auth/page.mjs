// A page of the README's client code (its file is the first argument), in a browser that is fetch and a cookie jar.
import { pathToFileURL } from "node:url";

const jar = new Map();
const browse = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const { origin } = new URL(request.url);
  if (origin === process.env.BETTER_AUTH_URL) {
    request.headers.set("Origin", origin);
    request.headers.set("Cookie", [...jar].map((pair) => pair.join("=")).join("; "));
  }
  const answer = await browse(request);
  for (const cookie of answer.headers.getSetCookie()) {
    const [name, value] = cookie.split(";", 1)[0].split(/=(.*)/s);
    jar.set(name, value);
  }
  return answer;
};

const { authClient, ask } = await import(pathToFileURL(process.argv[2]));
const [, , , email, password, message] = process.argv;
await authClient.signUp.email({ email, password, name: "Ali" });
await authClient.signOut();
const signedIn = await authClient.signIn.email({ email, password });
const answer = await ask(message);
console.log(JSON.stringify({ user: signedIn.data.user.id, status: answer.status, turn: await answer.json() }));
