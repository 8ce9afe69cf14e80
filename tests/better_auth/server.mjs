// Serves the Better Auth of a configuration (its file is the first argument) on a free port until stdin ends.
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import { toNodeHandler } from "better-auth/node";

let handle;
const server = createServer((request, response) => handle(request, response));
server.listen(0, "127.0.0.1", async () => {
  // The configuration reads its address, which is known only now.
  process.env.BETTER_AUTH_URL = `http://127.0.0.1:${server.address().port}`;
  const { auth } = await import(pathToFileURL(process.argv[2]));
  handle = toNodeHandler(auth);
  console.log(process.env.BETTER_AUTH_URL);
});
process.stdin.resume().on("end", () => process.exit());
