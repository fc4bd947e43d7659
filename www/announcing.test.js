// What is put into the live region, and when: by a clock of the test's own.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createAnnouncer, isSaidInPassing } from "./announcing.js";

/** An announcer, what it has put, and the way to let time pass. */
function setUp() {
  let time = 0;
  /** @type {{ at: number, act: () => void }[]} */
  let timers = [];
  /** @type {[number, string][]} */
  const put = [];
  const announcer = createAnnouncer({
    put: (text) => put.push([time, text]),
    now: () => time,
    later: (act, wait) => {
      const timer = { at: time + wait, act };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
  });
  /** @param {number} by */
  const pass = (by) => {
    const end = time + by;
    for (;;) {
      const [due] = timers.filter((one) => one.at <= end).toSorted((a, b) => a.at - b.at);
      if (!due) break;
      time = Math.max(time, due.at);
      timers = timers.filter((one) => one !== due);
      due.act();
    }
    time = end;
  };
  return { ...announcer, put, pass, texts: () => put.map(([, text]) => text) };
}

test("a hand that steps on is waited for: only where it rests is said", () => {
  const { tell, pass, texts } = setUp();
  for (const n of [1, 2, 3, 4, 5]) {
    tell("events", `Event ${n}`);
    pass(50);
  }
  pass(1000);
  assert.deepEqual(texts(), ["Event 5"]);
});

test("the end of a run is not said before its beginning is played", () => {
  const { tell, drop, pass, texts } = setUp();
  tell("events", "Event 11 of 11");
  pass(50);
  // Playing begins at the beginning of the run.
  drop("events");
  tell("events", "Event 4 of 11", { passing: true });
  pass(10_000);
  assert.deepEqual(texts(), ["Event 4 of 11"]);
});

test("while playing, sentences have the time to be read out, and newer ones replace those that wait", () => {
  const { tell, pass, put, texts } = setUp();
  for (let n = 1; n <= 30; n += 1) {
    tell("events", `Event ${n}: ${"word ".repeat(8)}`, { passing: true });
    pass(230);
  }
  pass(10_000);
  assert.ok(texts().length <= 5, `${texts().length} sentences in 7 seconds`);
  assert.match(texts()[0], /^Event 1:/);
  assert.match(texts().at(-1) ?? "", /^Event 30:/);
  const numbers = texts().map((text) => Number(/\d+/.exec(text)));
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => a - b),
  );
  for (const [at, [time]] of put.slice(1).entries())
    assert.ok(time - put[at][0] >= 1500, "one is over before the next");
});

test("a verdict is said although events follow it, and once", () => {
  const { tell, pass, texts } = setUp();
  tell("events", "Event 3", { passing: true });
  tell("verdict", "Right.");
  tell("events", "Event 4", { passing: true });
  tell("events", "Event 5", { passing: true });
  pass(10_000);
  assert.deepEqual(texts(), ["Right.", "Event 5"]);
});

test("a hand that steps three times a second, past long sentences, is heard where it begins and where it rests", () => {
  const { tell, pass, put, texts } = setUp();
  for (let n = 1; n <= 12; n += 1) {
    tell("events", `Event ${n}: ${"word ".repeat(16)}`);
    pass(330);
  }
  pass(10_000);
  assert.deepEqual(
    texts().map((text) => Number(/\d+/.exec(text))),
    [1, 12],
  );
  // It rests at 3,630 milliseconds, while the first sentence is read: its own comes a second later.
  assert.equal(put[1][0], 4630);
});

test("what came of a hand overtakes what plays, and what plays comes behind it", () => {
  const { tell, pass, put, texts } = setUp();
  const long = "word ".repeat(40);
  tell("figure 1", `One: ${long}`, { passing: true });
  tell("figure 2", `Two: ${long}`, { passing: true });
  pass(100);
  tell("verdict", "Right.");
  pass(20_000);
  assert.deepEqual(
    texts().map((text) => text.slice(0, 5)),
    ["One: ", "Right", "Two: "],
  );
  assert.equal(put[1][0], 1100, "a second after it was told");
  assert.ok(put[2][0] - put[1][0] >= 900, "the verdict has its time");
});

test("a sentence that begins while what came of a hand waits does not make it wait longer", () => {
  const { tell, pass, put } = setUp();
  tell("verdict", "Right.");
  pass(100);
  tell("verdict", "Not quite.");
  tell("figure 1", `One: ${"word ".repeat(40)}`, { passing: true });
  pass(50);
  tell("card", "Second of four");
  pass(20_000);
  assert.deepEqual(
    put.map(([time, text]) => [time, text.slice(0, 6)]),
    [
      [300, "Not qu"],
      [1150, "Second"],
      [2050, "One: w"],
    ],
  );
});

test("where playing stops is not said again if it was said in passing", () => {
  const { tell, pass, texts } = setUp();
  tell("events", "Event 9", { passing: true, once: true });
  pass(2000);
  tell("events", "Event 9", { once: true });
  pass(2000);
  assert.deepEqual(texts(), ["Event 9"]);
});

test("in passing, what operations come to and decisions are said, and nothing else", () => {
  const types = ["op_began", "wal_appended", "merge_kept", "compaction_picked", "flush_began", "op_ended"];
  assert.deepEqual(
    types.filter((type) => isSaidInPassing({ type })),
    ["compaction_picked", "flush_began", "op_ended"],
  );
  assert.equal(isSaidInPassing(null), false);
});
