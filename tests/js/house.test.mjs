// Rules of the front end's house that no linter knows.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";

const STATIC = fileURLToPath(new URL("../../static/", import.meta.url));
// The one style sheet for browsers that know no layers.
const OLD_BROWSERS = "css/old-browsers.css";
// Modules that a page loads by name, or that are no modules: they act at once.
const ENTRIES =
  /^js\/(pages\/.*|bookings\/choose-slot|lib\/(copy-button|reload-if-broken)|pickup\/(legacy-reload|worker)|lane\/decode-worker)\.js$/;

/** [path, text] of all our files with this ending. */
function sources(ending) {
  return readdirSync(STATIC, { recursive: true })
    .filter((path) => path.endsWith(ending) && !path.startsWith("vendor"))
    .map((path) => [path, readFileSync(`${STATIC}/${path}`, "utf8")]);
}

// Third-party modules may look at the page: they are loaded before it becomes a trap.
await import(`${STATIC}/vendor/socket.io-client/socket.io.esm.min.js`);
await import(`${STATIC}/vendor/signature_pad/signature_pad.min.js`);

test("modules other than entry modules read and write nothing when they are imported", async () => {
  for (const name of ["document", "localStorage", "sessionStorage", "addEventListener", "navigator", "fetch"])
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get() {
        throw new Error(`${name} is used at import`);
      },
    });
  for (const [path] of sources(".js")) {
    if (ENTRIES.test(path)) continue;
    await assert.doesNotReject(() => import(`${STATIC}/${path}`), path);
  }
});

test("colours are declared in tokens.css and nowhere else", () => {
  const COLOUR =
    /#[0-9a-f]{3,8}\b|\b(rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(|[:,\s](white|black|red|green|blue)\s*[;,)]/i;
  const offenders = sources(".css")
    .filter(([path]) => path !== "css/tokens.css" && path !== OLD_BROWSERS)
    .flatMap(([path, css]) =>
      css
        .replace(/\/\*.*?\*\//gs, (comment) => comment.replace(/[^\n]/g, ""))
        .split("\n")
        .flatMap((line, i) =>
          COLOUR.test(line.replace(/^\s*[^:{]*\{$/, "")) ? [`${path}:${i + 1}: ${line.trim()}`] : [],
        ),
    );
  assert.deepEqual(offenders, []);
});

test("every rule is in one of the layers that tokens.css declares", () => {
  const [, tokens] = sources(".css").find(([path]) => path === "css/tokens.css");
  const layers = /@layer ([\w, ]+);/.exec(tokens)[1].split(", ");
  for (const [path, css] of sources(".css").filter(([path]) => path !== OLD_BROWSERS)) {
    const bare = css.replace(/\/\*.*?\*\//gs, "").replace(/@layer [\w, ]+;/, "");
    const outside = bare.split("\n").filter((line) => line && !/^(\s|})/.test(line));
    for (const line of outside) assert.ok(layers.includes(/^@layer (\w+) \{$/.exec(line)?.[1]), `${path}: ${line}`);
  }
});

test("the lock file pins every package by its hash and names no registry", () => {
  const lock = readFileSync(new URL("../../scripts/front-end/package-lock.json", import.meta.url), "utf8");
  assert.ok(!/https?:/.test(lock));
  for (const [name, { integrity }] of Object.entries(JSON.parse(lock).packages))
    if (name) assert.match(integrity, /^sha512-/, name);
});
