// What is remembered; and that a frame in which storage throws still works.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { readPrefs, rememberOptions, writePrefs } from "./prefs.js";

const globals = /** @type {{ localStorage?: Storage }} */ (globalThis);
afterEach(() => {
  delete globals.localStorage;
});

/** @param {{ getItem: (k: string) => string | null, setItem: (k: string, v: string) => void }} storage */
function use(storage) {
  Object.defineProperty(globals, "localStorage", { value: storage, configurable: true });
}

test("what was written is read back, and nothing that is no preference is kept", () => {
  const map = new Map();
  use({ getItem: (k) => map.get(k) ?? null, setItem: (k, v) => map.set(k, v) });
  writePrefs({ theme: "dark" });
  const more = { stepInto: true, view: { large: true } };
  writePrefs(more);
  assert.equal(readPrefs().theme, "dark");
  assert.equal(readPrefs().stepInto, true);
  assert.ok(!("view" in readPrefs()));
});

test("an opaque origin, where storage throws, gets the defaults", () => {
  Object.defineProperty(globals, "localStorage", {
    configurable: true,
    get() {
      throw new DOMException("denied", "SecurityError");
    },
  });
  writePrefs({ theme: "dark" });
  assert.equal(readPrefs().theme, "");
});

test("what another version left behind, unreadable, is no obstacle", () => {
  use({ getItem: () => "{broken", setItem: () => {} });
  assert.equal(readPrefs().stepInto, false);
});

test("the options of a database are remembered by its name, for the last twenty", () => {
  const map = new Map();
  use({ getItem: (k) => map.get(k) ?? null, setItem: (k, v) => map.set(k, v) });
  for (let i = 0; i < 25; i += 1) rememberOptions(`db${i}`, { num_levels: String(i) });
  rememberOptions("db7", { num_levels: "9" });
  const { databases } = readPrefs();
  assert.deepEqual(databases.db24, { num_levels: "24" });
  assert.deepEqual(databases.db7, { num_levels: "9" });
  assert.equal(Object.keys(databases).length, 20);
  assert.ok(!("db4" in databases));
});
