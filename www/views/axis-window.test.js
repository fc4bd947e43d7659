// Zooming and moving along an axis: what one points at stays where it is, and the window stays on the axis.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ALL, around, keyed, panned, wheeled, windowOf, zoomed } from "./axis-window.js";

test("zooming keeps what is pointed at where it is, down to a millionth and up to the whole", () => {
  let window = ALL;
  for (let i = 0; i < 5; i += 1) window = zoomed(window, 0.5, 0.25);
  assert.equal(window.to - window.from, 1 / 32);
  assert.ok(Math.abs(window.from + 0.25 / 32 - 0.25) < 1e-12);
  for (let i = 0; i < 30; i += 1) window = zoomed(window, 0.5);
  assert.ok(Math.abs(window.to - window.from - 1e-6) < 1e-12);
  for (let i = 0; i < 40; i += 1) window = zoomed(window, 2);
  assert.equal(window, ALL);
});

test("moving stops at the ends of the axis", () => {
  const window = zoomed(ALL, 0.5);
  assert.deepEqual(panned(window, 9), { from: 0.5, to: 1 });
  assert.deepEqual(panned(window, -9), { from: 0, to: 0.5 });
  assert.equal(panned(ALL, 0.3), ALL);
});

test("what is zoomed to is in view with room at both sides", () => {
  const { from, to } = around({ from: 0.2, to: 0.6 }, 0.5, 0.6);
  assert.ok(from < 0.4 && to > 0.44 && Math.abs(to - from - 0.05) < 1e-12);
});

test("keys and the wheel with Ctrl zoom; the wheel alone does nothing but sideways", () => {
  assert.deepEqual(keyed("+")?.(ALL), { from: 0.25, to: 0.75 });
  assert.equal(keyed("x"), undefined);
  const wheel = (/** @type {Partial<WheelEvent>} */ more) =>
    wheeled(/** @type {WheelEvent} */ ({ deltaX: 0, deltaY: 0, ...more }), 0.5, 100);
  assert.equal(wheel({ deltaY: -100 }), undefined);
  assert.ok((wheel({ deltaY: -100, ctrlKey: true })?.(ALL).from ?? 0) > 0);
  assert.deepEqual(wheel({ deltaX: 25 })?.({ from: 0, to: 0.5 }), { from: 0.125, to: 0.625 });
});

test("a range of events stays the same events while the timeline grows, and is all where it has none of them", () => {
  assert.deepEqual(windowOf({ from: 10, to: 20 }, 40), { from: 0.25, to: 0.5 });
  assert.deepEqual(windowOf({ from: 10, to: 20 }, 80), { from: 0.125, to: 0.25 });
  assert.deepEqual(windowOf({ from: 10, to: 20 }, 16), { from: 0.625, to: 1 });
  assert.equal(windowOf({ from: 10, to: 20 }, 10), ALL);
  assert.equal(windowOf(null, 10), ALL);
});
