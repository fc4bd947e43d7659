// What of the state a link has.

import assert from "node:assert/strict";
import { test } from "node:test";

import { opened } from "../fake-sandbox.mjs";
import { momentOf } from "./moment.js";

test("a script that is followed comes along; the rest of one that was left, only where it is wanted", async () => {
  const { store, controller } = await opened();
  const next = (/** @type {boolean[]} */ ...withRest) =>
    momentOf(store.get(), controller.branches.all(), () => undefined, ...withRest).branches[0].next;
  controller.enqueue("put a 1\nput b 2", "Tour");
  await controller.forward("operation");
  assert.deepEqual(next(), ["put b 2"]);
  assert.deepEqual(next(false), []);
  await controller.run("put mine 1");
  assert.deepEqual(next(), []);
  assert.deepEqual(next(true), ["put b 2"]);
});
