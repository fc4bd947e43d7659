// The front page asks for every module of the page, and every style sheet, by name: none is forgotten, none is gone.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const index = readFileSync(new URL("../index.html", import.meta.url), "utf8");
const files = readdirSync(new URL(".", import.meta.url), { recursive: true }).map(
  (name) => `./www/${String(name).replaceAll("\\", "/")}`,
);

/** @param {RegExp} link */
const named = (link) =>
  [...index.matchAll(link)]
    .map(([, name]) => name)
    .filter((name) => name.startsWith("./www/"))
    .sort();

/** Loaded when the simulator or a history is first opened. */
const LATER = /^\.\/www\/((views\/)?sim\/|history\.js$)/;

test("every module is preloaded, but what is loaded when it is first needed", () => {
  const modules = files.filter(
    (name) => name.endsWith(".js") && !name.endsWith(".test.js") && name !== "./www/main.js" && !LATER.test(name),
  );
  assert.deepEqual(named(/rel="modulepreload" href="([^"]+)"/g), modules.sort());
});

test("every style sheet is linked", () => {
  assert.deepEqual(named(/rel="stylesheet" href="([^"]+)"/g), files.filter((name) => name.endsWith(".css")).sort());
});
