// Which messages a frame takes: of its host alone, of a known type, bounded; and how it answers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ASKED, MAX_CHARS, createChannel, messageOf } from "./messages.js";

test("known types are taken, and nothing else", () => {
  for (const type of [...ASKED, "hello"]) assert.ok(messageOf({ lsmscope: 1, type }), type);
  const cycle = /** @type {any} */ ({ lsmscope: 1, type: "seek" });
  cycle.self = cycle;
  for (const odd of [
    null,
    "seek",
    7,
    [],
    {},
    { type: "seek" },
    { lsmscope: 2, type: "seek" },
    { lsmscope: "1", type: "seek" },
    { lsmscope: 1, type: "constructor" },
    { lsmscope: 1, type: "toString" },
    { lsmscope: 1, type: ["seek"] },
    { lsmscope: 1, type: "seek", id: {} },
    { lsmscope: 1, type: "seek", id: "x".repeat(100) },
    { lsmscope: 1, type: "seek", big: 1n },
    cycle,
  ])
    assert.equal(messageOf(odd), null);
});

test("64 KiB is the longest message", () => {
  const around = JSON.stringify({ lsmscope: 1, type: "load", state: "" }).length;
  const message = (/** @type {number} */ chars) => ({ lsmscope: 1, type: "load", state: "x".repeat(chars - around) });
  assert.equal(MAX_CHARS, 65_536);
  assert.ok(messageOf(message(MAX_CHARS)));
  assert.equal(messageOf(message(MAX_CHARS + 1)), null);
});

/** A frame's side of the channel, and its host. */
function channel(act = /** @type {(message: any) => unknown} */ (() => ({}))) {
  const self = new EventTarget();
  /** @type {any[]} */
  const heard = [];
  const host = { postMessage: (/** @type {unknown} */ message, /** @type {string} */ to) => heard.push([message, to]) };
  const { send } = createChannel({ self: /** @type {any} */ (self), host: /** @type {any} */ (host), act });
  /** @param {unknown} data */
  const says = (data, source = /** @type {unknown} */ (host), ports = /** @type {unknown[]} */ ([])) =>
    self.dispatchEvent(Object.assign(new Event("message"), { data, source, ports }));
  return { heard, send, says };
}

test("each reply has its call's type and id; a refusal is an error with the same id", async () => {
  /** @type {unknown[]} */
  const acted = [];
  const { heard, says } = channel(({ type }) => {
    acted.push(type);
    if (type === "answer") throw new Error("<b>there is no lesson</b>");
    return { done: type };
  });
  for (const [i, type] of ASKED.entries()) says({ lsmscope: 1, type, id: i });
  says({ lsmscope: 1, type: "play" });
  says({ lsmscope: 1, type: "seek", id: 99 }, {});
  await new Promise((done) => setTimeout(done));
  assert.deepEqual(acted, [...ASKED, "play"], "another window's is not taken");
  const replies = heard.map(([message]) => message);
  assert.equal(replies.length, ASKED.length, "without an id there is no reply");
  for (const [i, type] of ASKED.entries()) {
    const text = "<b>there is no lesson</b>";
    const expected = type === "answer" ? { type: "error", code: "refused", text } : { done: type, type };
    assert.deepEqual(
      replies.find(({ id }) => id === i),
      { lsmscope: 1, id: i, ...expected },
    );
  }
});

test("before there is a port, the window is told with any target; then the port alone", async () => {
  const { heard, send, says } = channel();
  send({ type: "ready" });
  assert.deepEqual(heard, [[{ lsmscope: 1, type: "ready" }, "*"]]);
  const port = { heard: /** @type {any[]} */ ([]), postMessage: (/** @type {any} */ one) => port.heard.push(one) };
  says({ lsmscope: 1, type: "hello" }, {}, [port]);
  send({ type: "step" });
  assert.equal(heard.length, 2, "another window's port is not taken");
  says({ lsmscope: 1, type: "hello" }, undefined, [port]);
  send({ type: "step" });
  assert.equal(heard.length, 2);
  assert.deepEqual(port.heard, [{ lsmscope: 1, type: "step" }]);
});
