// What a frame tells a host of its height, and when: rule 3 of embeds, in each dialect.

import assert from "node:assert/strict";
import { test } from "node:test";

import { heightFor, tellHeight } from "./height.js";
import { settingsOf } from "./settings.js";

/** @typedef {import("./settings.js").Dialect} Dialect */

/**
 * A frame of some width in a host that notes what it is told.
 * @param {Dialect[]} dialects
 */
function framed(dialects) {
  /** @type {any[]} */
  const heard = [];
  const self = Object.assign(new EventTarget(), {
    innerWidth: 700,
    document: new EventTarget(),
    /** @type {(() => void)[]} */
    due: [],
    requestAnimationFrame: (/** @type {() => void} */ draw) => self.due.push(draw),
  });
  const host = { postMessage: (/** @type {unknown} */ message, /** @type {string} */ to) => heard.push([message, to]) };
  let wanted = 500;
  tellHeight({
    self: /** @type {any} */ (self),
    host: /** @type {any} */ (host),
    send: (message) => heard.push([message]),
    dialects,
    wanted: () => wanted,
  });
  return {
    self,
    heard,
    /** How many times it is drawn, and what the host hears then. */
    draw() {
      const { length } = heard;
      const due = self.due.splice(0);
      for (const each of due) each();
      return { times: due.length, heard: heard.slice(length) };
    },
    /** @param {number} height */
    want: (height) => void (wanted = height),
    /** @param {unknown} data @param {unknown} [source] */
    hears: (data, source = host) => self.dispatchEvent(Object.assign(new Event("message"), { data, source })),
  };
}

test("a height is whole and at least 120 pixels, at every width and with all controls", () => {
  for (let width = 1; width < 4000; width += 7.5) {
    for (const controls of /** @type {const} */ (["full", "player", "none"])) {
      const height = heightFor(width, controls);
      assert.ok(Number.isInteger(height) && height >= 120, `${height} at ${width}`);
    }
  }
});

test("it is told at most once a frame, and only if it has changed by two pixels", () => {
  const frame = framed(["own"]);
  for (let i = 0; i < 5; i += 1) frame.self.dispatchEvent(new Event("resize"));
  assert.deepEqual(frame.draw(), { times: 1, heard: [[{ type: "height", height: 500 }]] });
  const told = (/** @type {number} */ height) => {
    frame.want(height);
    frame.self.dispatchEvent(new Event("resize"));
    return frame.draw().heard.length;
  };
  assert.deepEqual([501, 499, 502, 500, 500].map(told), [0, 0, 1, 1, 0]);
});

test("a frame that is not seen asks for nothing; seen again, it tells", () => {
  const frame = framed(["own"]);
  frame.self.innerWidth = 0;
  frame.draw();
  assert.deepEqual(frame.heard, []);
  frame.self.innerWidth = 400;
  frame.self.document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(frame.draw().heard.length, 1);
});

test("Canvas is told as an object and as its text, by the window", () => {
  const message = { subject: "lti.frameResize", height: 500 };
  assert.deepEqual(framed(["lti"]).draw().heard, [
    [message, "*"],
    [JSON.stringify(message), "*"],
  ]);
  assert.deepEqual(framed(["plain"]).draw().heard, [[{ height: 500 }, "*"]]);
});

test("H5P is greeted, and told the height only after its answer", () => {
  const frame = framed(["h5p"]);
  const hello = { context: "h5p", action: "hello" };
  assert.deepEqual(frame.heard, [[hello, "*"]]);
  assert.deepEqual(frame.draw().heard, []);
  frame.hears(hello, {});
  assert.deepEqual(frame.draw().heard, [], "it was another window's");
  // Its script came later than the frame.
  frame.hears({ context: "h5p", action: "ready" });
  assert.deepEqual(frame.heard, [
    [hello, "*"],
    [hello, "*"],
  ]);
  frame.hears(hello);
  assert.deepEqual(frame.draw().heard, [[{ context: "h5p", action: "resize", scrollHeight: 500 }, "*"]]);
});

test("by default the height is told in our own dialect and in Canvas's; `fixed` tells none", () => {
  assert.deepEqual(settingsOf("").dialects, ["own", "lti"]);
  assert.deepEqual(settingsOf("?resize=h5p,plain,nothing").dialects, ["h5p", "plain"]);
  assert.equal(settingsOf("").tellsHeight, true);
  assert.equal(settingsOf("?height=fixed").tellsHeight, false);
});
