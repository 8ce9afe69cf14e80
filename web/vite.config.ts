/** Builds the page into the folder that Munshi serves, each file also compressed. */

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const BUILT = fileURLToPath(new URL("../src/entrypoints/http/page/built/", import.meta.url));

/** Writes a `.gz` and a `.br` beside each file, so that the server never compresses. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    closeBundle() {
      for (const name of readdirSync(BUILT)) {
        const content = readFileSync(BUILT + name);
        writeFileSync(`${BUILT}${name}.gz`, gzipSync(content, { level: 9 }));
        writeFileSync(`${BUILT}${name}.br`, brotliCompressSync(content));
      }
    },
  };
}

export default defineConfig({
  base: "/page/",
  plugins: [react(), compressed()],
  build: {
    outDir: BUILT,
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ["chrome123", "firefox128", "safari17.5"],
  },
  // The words that tell one language from another are the server's own.
  server: { fs: { allow: [".", "../src/domain/urdu"] }, proxy: { "/api": process.env["MUNSHI"] ?? "http://127.0.0.1:8000" } },
});
