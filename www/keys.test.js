// Which keys type a sign, and so can be switched off.

import assert from "node:assert/strict";
import { test } from "node:test";

import { typesSign } from "./keys.js";

test("letters, digits and signs are keys that can be switched off; Space, arrows and combinations are not", () => {
  const key = (/** @type {string} */ name, with_ = {}) =>
    typesSign({ key: name, ctrlKey: false, altKey: false, metaKey: false, ...with_ });
  assert.deepEqual(
    ["s", "?", "/", "+", "0", "ü", " ", "Enter", "ArrowLeft", "F1", "Escape"].filter((name) => key(name)),
    ["s", "?", "/", "+", "0", "ü"],
  );
  assert.equal(key("z", { ctrlKey: true }), false);
  assert.equal(key("ArrowLeft", { altKey: true }), false);
});
