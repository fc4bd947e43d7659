// The axis of time: labels are as many as have room.

import assert from "node:assert/strict";
import { test } from "node:test";

import { VIRTUAL, ticksIn } from "./over-time.js";

test("labels of an axis keep apart, however narrow it is", () => {
  const clock = { ...VIRTUAL, tick: () => "15:51:10" };
  for (const width of [900, 260, 120]) {
    const { ticks, share } = ticksIn({ from: 3, to: 50 }, clock, width);
    for (let i = 1; i < ticks.length; i += 1) assert.ok((ticks[i].at - ticks[i - 1].at) * width >= 60, `at ${width}`);
    assert.ok(ticks.length > 0 && share * width >= 60, `${ticks.length} at ${width}`);
  }
  assert.deepEqual(ticksIn({ from: 0, to: 1 }, VIRTUAL, 0).ticks, []);
});
