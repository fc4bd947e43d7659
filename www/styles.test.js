// The front page links every style sheet of the page, and none that is gone.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const index = readFileSync(new URL("../index.html", import.meta.url), "utf8");

test("every style sheet is linked", () => {
  const sheets = readdirSync(new URL("styles", import.meta.url)).filter((name) => name.endsWith(".css"));
  const linked = [...index.matchAll(/rel="stylesheet" href="\.\/www\/styles\/([^"]+)"/g)].map(([, name]) => name);
  assert.deepEqual(linked.sort(), sheets.sort());
});
