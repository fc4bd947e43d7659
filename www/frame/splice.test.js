// What a host's page is told by SPLICE, and what it answers: with a host that is only a window, and time in hand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createSplice } from "./splice.js";

/** A host, and a visit in a frame of it. */
function visited() {
  /** @type {any[]} */
  const messages = [];
  const host = /** @type {any} */ ({
    postMessage: (/** @type {unknown} */ message, /** @type {unknown} */ target) => {
      assert.equal(target, "*");
      messages.push(structuredClone(message));
    },
  });
  const document = Object.assign(new EventTarget(), { hidden: false });
  const self = /** @type {any} */ (Object.assign(new EventTarget(), { document }));
  /** @type {{ go: () => void, ms: number }[]} */
  const timers = [];
  /** @type {string[]} */
  const troubles = [];
  const splice = createSplice({
    self,
    host,
    name: "frame",
    after: (go, ms) => timers.push({ go, ms }),
    trouble: (text) => troubles.push(text),
  });
  return {
    splice,
    messages,
    troubles,
    timers,
    of: (/** @type {string} */ subject) => messages.filter((message) => message.subject === `SPLICE.${subject}`),
    hear: (/** @type {unknown} */ data, source = host) =>
      self.dispatchEvent(Object.assign(new Event("message"), { source, data })),
    hide: () => {
      document.hidden = true;
      document.dispatchEvent(new Event("visibilitychange"));
    },
    leave: () => self.dispatchEvent(new Event("pagehide")),
  };
}

/** @param {string} message_id @param {unknown} state */
const answer = (message_id, state) => ({ subject: "SPLICE.getState.response", message_id, state });

/** A visit that has begun, with what the host has kept. @param {unknown} state */
async function begun(state = null) {
  const visit = visited();
  const started = visit.splice.started();
  visit.hear(answer("frame-1", state));
  return { ...visit, kept: await started };
}

test("it asks for what was kept, and takes only the answer to that", async () => {
  const { splice, messages, hear } = visited();
  const started = splice.started();
  assert.deepEqual(messages, [{ subject: "SPLICE.getState", message_id: "frame-1" }]);
  const state = (/** @type {string} */ answers) => ({ kept: `1;${answers};v=2&next=put+a+1`, score: 0.5 });
  hear(answer("frame-2", state("w")));
  hear({ ...answer("frame-1", state("w")), subject: "SPLICE.getState" });
  hear(answer("frame-1", state("w")), /** @type {any} */ ({}));
  hear("SPLICE");
  hear(null);
  hear(answer("frame-1", state("r")));
  hear(answer("frame-1", state("w")));
  assert.deepEqual(await started, { answers: "r", link: "v=2&next=put+a+1" });
});

test("a host that does not answer has five seconds", async () => {
  const { splice, timers, hear, of } = visited();
  const started = splice.started();
  assert.deepEqual(
    timers.map(({ ms }) => ms),
    [5000],
  );
  timers[0].go();
  assert.deepEqual(await started, { answers: "", link: "" });
  hear(answer("frame-1", { kept: "1;r;", score: 1 }));
  splice.answered(0, "wrong");
  assert.equal(of("reportScoreAndState")[0].state.kept, "1;w;");
});

test("what no visit has left is as if nothing were kept, and an error is told", async () => {
  for (const state of [null, 7, "x", { kept: 7 }, { kept: "2;r;" }, { kept: `1;;${"v".repeat(40_000)}` }]) {
    const { kept, splice, of } = await begun(state);
    assert.deepEqual(kept, { answers: "", link: "" });
    splice.answered(0, "right");
    assert.equal(of("reportScoreAndState")[0].score, 0);
  }
  const { splice, hear, troubles } = visited();
  const started = splice.started();
  hear({ ...answer("frame-1", null), error: { code: "timeout", message: "the server is away" } });
  assert.deepEqual(await started, { answers: "", link: "" });
  assert.match(troubles[0], /could not give back what was done here before: the server is away\./);
});

test("answers and the end are events, and are reported with the score and what to keep", async () => {
  const { splice, messages } = await begun();
  splice.answered(1, "right");
  splice.complete(0.75);
  const ids = messages.map(({ message_id }) => message_id);
  assert.equal(new Set(ids).size, ids.length, "each message has an id of its own");
  assert.deepEqual(
    messages.slice(1).map(({ message_id: _, ...message }) => message),
    [
      { subject: "SPLICE.sendEvent", name: "started", data: {} },
      { subject: "SPLICE.sendEvent", name: "answered", data: { question: 1, result: "right" } },
      { subject: "SPLICE.reportScoreAndState", score: 0, state: { kept: "1;-r;", score: 0 } },
      { subject: "SPLICE.sendEvent", name: "complete", data: { score: 0.75 } },
      { subject: "SPLICE.reportScoreAndState", score: 0.75, state: { kept: "1;-r;", score: 0.75 } },
    ],
  );
});

test("of content without questions, the score is whether its end was reached; a later visit keeps it", async () => {
  const first = await begun();
  first.splice.complete();
  const [{ score, state }] = first.of("reportScoreAndState");
  assert.equal(score, 1);
  const second = await begun({ ...state, kept: "1;;v=2&next=put+a+1" });
  second.splice.progress("v=2&script=put+a+1");
  second.leave();
  assert.equal(second.of("reportScoreAndState")[0].score, 1);
});

test("where the player stands is reported once a second, and at once when the page is hidden or goes", async () => {
  const { splice, of, timers, hide, leave } = await begun();
  const states = () => of("reportScoreAndState").map(({ state }) => state.kept);
  splice.progress("v=2&at=1");
  splice.progress("v=2&at=2");
  splice.progress("");
  assert.deepEqual(states(), []);
  assert.equal(timers.length, 2);
  assert.equal(timers[1].ms, 1000);
  timers[1].go();
  assert.deepEqual(states(), ["1;;v=2&at=2"]);
  splice.progress("v=2&at=2");
  hide();
  leave();
  assert.equal(states().length, 1, "nothing has changed");
  splice.progress("v=2&at=3");
  hide();
  splice.progress("v=2&at=4");
  leave();
  timers.at(-1)?.go();
  assert.deepEqual(states().slice(1), ["1;;v=2&at=3", "1;;v=2&at=4"]);
});
