// When the page has come to rest: by a clock of the test's own.

import assert from "node:assert/strict";
import { test } from "node:test";

import { comesToRest, nextTurn } from "./turns.js";

/** A page that loads at 100 milliseconds and has long tasks at the given times. @param {number[]} long */
async function restsAt(long) {
  let time = 0;
  /** @type {{ at: number, act: () => void }[]} */
  const timers = [];
  const later = (/** @type {() => void} */ act, /** @type {number} */ wait) => timers.push({ at: time + wait, act });
  /** @type {number | null} */
  let rests = null;
  void comesToRest({
    loaded: new Promise((resolve) => later(() => resolve(null), 100)),
    watch: (tell) => {
      for (const at of long) later(tell, at);
      return () => {};
    },
    now: () => time,
    later,
  }).then(() => (rests = time));
  for (; rests === null && time < 20_000; time += 10) {
    for (const { act } of timers.filter(({ at }) => at === time)) act();
    await nextTurn();
  }
  return rests;
}

test("a page is at rest a while after it has loaded, or after its last long task", async () => {
  assert.equal(await restsAt([]), 2600);
  assert.equal(await restsAt([50]), 2600);
  assert.equal(await restsAt([300, 900]), 3400);
  assert.equal(await restsAt([300, 2900]), 2800, "what comes later finds it at rest");
});

test("a page that never rests is waited for five seconds", async () => {
  assert.equal(await restsAt(Array.from({ length: 100 }, (_, n) => n * 200)), 5100);
});

test("a turn lets what waits in between", async () => {
  /** @type {string[]} */
  const order = [];
  setImmediate(() => order.push("between"));
  await nextTurn();
  await nextTurn();
  order.push("after");
  assert.deepEqual(order, ["between", "after"]);
});
