// What a learning platform is told, call by call: against an API that keeps what it is given, and one that fails.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createScorm, findApi, timespan } from "./scorm.js";

/** The names of the codes that are used here, as in the standard. @type {Record<string, string>} */
const ERRORS = { 0: "No error", 101: "General exception", 401: "Not implemented error", 405: "Incorrect data type" };

/**
 * A platform's API. It notes its calls, except those that ask for errors, as `name element=value`.
 * @param {Record<string, string>} [values] What it has.
 * @param {(call: string) => string} [refuses] The code of an error.
 */
function platform(values = {}, refuses = () => "0") {
  /** @type {string[]} */
  const calls = [];
  let code = "0";
  const called = (/** @type {string} */ call, /** @type {() => string} */ done) => {
    calls.push(call);
    code = refuses(call);
    return code === "0" ? done() : "";
  };
  /** @type {Record<string, (...values: any[]) => string>} */
  const api = {
    LMSInitialize: () => called("LMSInitialize", () => "true"),
    LMSGetValue: (element) => called(`LMSGetValue ${element}`, () => values[element] ?? ""),
    LMSSetValue: (element, value) => {
      assert.equal(typeof value, "string", element);
      return called(`LMSSetValue ${element}=${value}`, () => {
        values[element] = value;
        return "true";
      });
    },
    LMSCommit: () => called("LMSCommit", () => "true"),
    LMSFinish: () => called("LMSFinish", () => "true"),
    LMSGetLastError: () => code,
    LMSGetErrorString: (of) => ERRORS[of],
  };
  return { api, calls, values };
}

/**
 * A window in which a visit is, with the platform's in the one above.
 * @param {Record<string, unknown>} api
 */
function visited(api) {
  const document = Object.assign(new EventTarget(), { hidden: false });
  const top = /** @type {any} */ ({ API: api });
  top.parent = top;
  const self = /** @type {any} */ (Object.assign(new EventTarget(), { parent: top, opener: null, document }));
  /** @type {string[]} */
  const listened = [];
  for (const target of [self, document]) {
    const listen = target.addEventListener.bind(target);
    target.addEventListener = (/** @type {string} */ type, /** @type {any} */ listener) => {
      listened.push(type);
      listen(type, listener);
    };
  }
  let time = 1000;
  /** @type {string[]} */
  const troubles = [];
  const scorm = createScorm({ self, now: () => time, trouble: (text) => troubles.push(text) });
  assert.ok(scorm);
  return {
    scorm,
    listened,
    troubles,
    pass: (/** @type {number} */ millis) => (time += millis),
    hide: () => {
      document.hidden = true;
      document.dispatchEvent(new Event("visibilitychange"));
    },
    show: () => {
      document.hidden = false;
      document.dispatchEvent(new Event("visibilitychange"));
    },
    leave: () => self.dispatchEvent(new Event("pagehide")),
    back: () => self.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true })),
  };
}

/** @param {string[]} calls */
const sets = (calls) =>
  calls.filter((call) => /Set|Commit|Finish/.test(call)).map((call) => call.replace("LMSSetValue ", ""));

test("a first visit is initialised, incomplete, and saved and finished when it ends", async () => {
  const { api, calls } = platform({ "cmi.core.entry": "ab-initio", "cmi.core.lesson_status": "not attempted" });
  const { scorm, pass, leave } = visited(api);
  assert.deepEqual(await scorm.started(), { answers: "", link: "" });
  assert.deepEqual(calls, [
    "LMSInitialize",
    "LMSGetValue cmi.core.entry",
    "LMSGetValue cmi.suspend_data",
    "LMSGetValue cmi.core.lesson_status",
    "LMSGetValue cmi.interactions._count",
    "LMSSetValue cmi.core.lesson_status=incomplete",
  ]);
  scorm.progress("v=2&next=put+a+1");
  pass(61_230);
  calls.length = 0;
  leave();
  assert.deepEqual(sets(calls), [
    "cmi.suspend_data=1;;v=2&next=put+a+1",
    "cmi.core.session_time=0000:01:01.23",
    "cmi.core.exit=suspend",
    "LMSCommit",
    "LMSFinish",
  ]);
});

test("content without questions is completed, and has no score", async () => {
  const { api, calls } = platform({ "cmi.core.lesson_status": "not attempted" });
  const { scorm } = visited(api);
  await scorm.started();
  calls.length = 0;
  scorm.complete();
  assert.equal(sets(calls)[0], "cmi.core.lesson_status=completed");
  assert.equal(sets(calls).at(-1), "LMSCommit");
  assert.ok(!calls.some((call) => call.includes("score")));
});

for (const [mastery, score, status] of /** @type {const} */ ([
  ["", 0.666_666, "completed"],
  ["70", 0.7, "passed"],
  ["70", 0.666_666, "failed"],
])) {
  test(`a lesson with score ${score} is ${status} where ${mastery || "nothing"} is asked for`, async () => {
    const { api, values } = platform({ "cmi.student_data.mastery_score": mastery });
    const { scorm } = visited(api);
    await scorm.started();
    scorm.complete(score);
    const { "cmi.core.score.raw": raw, "cmi.core.score.min": min, "cmi.core.score.max": max } = values;
    assert.deepEqual([raw, min, max], [score === 0.7 ? "70" : "66.67", "0", "100"]);
    assert.equal(values["cmi.core.lesson_status"], status);
  });
}

test("what has been decided stays: a later visit does not make it incomplete, nor a worse score failed", async () => {
  for (const status of ["completed", "passed", "failed"]) {
    const { api, values } = platform({ "cmi.core.lesson_status": status });
    const { scorm } = visited(api);
    await scorm.started();
    assert.equal(values["cmi.core.lesson_status"], status);
    scorm.complete();
    assert.equal(values["cmi.core.lesson_status"], status);
  }
  const { api, values } = platform({ "cmi.core.lesson_status": "passed", "cmi.student_data.mastery_score": "70" });
  const { scorm } = visited(api);
  await scorm.started();
  scorm.complete(0.1);
  assert.equal(values["cmi.core.lesson_status"], "passed");
});

test("what was kept is resumed; at a first visit what others left is not", async () => {
  const kept = { "cmi.suspend_data": "1;rw;v=2&script=put+a+1", "cmi.core.lesson_status": "incomplete" };
  const resumed = visited(platform({ ...kept, "cmi.core.entry": "resume" }).api);
  assert.deepEqual(await resumed.scorm.started(), { answers: "rw", link: "v=2&script=put+a+1" });
  const anew = visited(platform({ ...kept, "cmi.core.entry": "ab-initio" }).api);
  assert.deepEqual(await anew.scorm.started(), { answers: "", link: "" });
});

test("every graded answer is committed at once, with its result where the platform takes it", async () => {
  const { api, calls } = platform({ "cmi.interactions._count": "2" });
  const { scorm } = visited(api);
  await scorm.started();
  calls.length = 0;
  scorm.answered(0, "right");
  scorm.answered(1, "wrong");
  assert.deepEqual(sets(calls), [
    "cmi.interactions.2.id=question-1",
    "cmi.interactions.2.result=correct",
    "cmi.suspend_data=1;r;",
    "cmi.core.session_time=0000:00:00.00",
    "cmi.core.exit=suspend",
    "LMSCommit",
    "cmi.interactions.3.id=question-2",
    "cmi.interactions.3.result=wrong",
    "cmi.suspend_data=1;rw;",
    "cmi.core.session_time=0000:00:00.00",
    "cmi.core.exit=suspend",
    "LMSCommit",
  ]);
});

test("suspend_data is never longer than 4,096 characters, whatever the platform would take", async () => {
  const { api, values } = platform();
  const { scorm, hide } = visited(api);
  await scorm.started();
  scorm.answered(199, "right");
  scorm.progress("v".repeat(scorm.longest));
  hide();
  assert.equal(values["cmi.suspend_data"].length, 4096);
  scorm.progress("v".repeat(scorm.longest + 1));
  hide();
  assert.equal(values["cmi.suspend_data"].length, 203);
});

test("it is committed whenever the page is hidden, and finished once; after that nothing is called", async () => {
  const { api, calls } = platform();
  const { scorm, hide, show, leave } = visited(api);
  await scorm.started();
  const count = (/** @type {string} */ name) => calls.filter((call) => call === name).length;
  hide();
  show();
  hide();
  assert.deepEqual([count("LMSCommit"), count("LMSFinish")], [2, 0]);
  leave();
  leave();
  assert.equal(count("LMSFinish"), 1);
  const before = calls.length;
  hide();
  scorm.answered(0, "right");
  scorm.complete(1);
  assert.equal(calls.length, before);
});

test("a page that the browser brings back says that its visit is over", async () => {
  const { scorm, troubles, leave, back } = visited(platform().api);
  await scorm.started();
  leave();
  back();
  assert.match(troubles.at(-1) ?? "", /This visit has ended: .* Open it again from the course\./);
});

test("nothing waits for unload", async () => {
  const { scorm, listened } = visited(platform().api);
  await scorm.started();
  assert.deepEqual(listened.sort(), ["pagehide", "pageshow", "visibilitychange"]);
});

test("a platform that can not begin a visit says why, and is not called any more", async () => {
  const { api, calls } = platform({}, () => "101");
  const { scorm, troubles, hide, leave } = visited(api);
  assert.deepEqual(await scorm.started(), { answers: "", link: "" });
  assert.match(
    troubles.at(-1) ?? "",
    /may not record this visit: LMSInitialize failed \(General exception, error 101\)/,
  );
  assert.match(troubles.at(-1) ?? "", /Open it again from the course/);
  scorm.answered(0, "right");
  scorm.complete(1);
  hide();
  leave();
  assert.deepEqual(calls, ["LMSInitialize"]);
});

test("what a platform does not take is named, and forgotten when it has taken it", async () => {
  let code = "405";
  const { api } = platform({}, (call) => (call.includes("suspend_data=") ? code : "0"));
  const { scorm, troubles } = visited(api);
  await scorm.started();
  assert.equal(troubles.at(-1), "");
  scorm.answered(0, "right");
  assert.match(troubles.at(-1) ?? "", /LMSSetValue of cmi\.suspend_data failed \(Incorrect data type, error 405\)/);
  code = "0";
  scorm.answered(1, "right");
  assert.equal(troubles.at(-1), "");
});

test("a call that throws, or that answers false without an error, has failed as well", async () => {
  for (const [commit, why] of /** @type {const} */ ([
    [
      () => {
        throw new Error("the session is gone");
      },
      /LMSCommit failed \(the session is gone\)/,
    ],
    [() => "false", /LMSCommit failed\./],
    [() => false, /LMSCommit failed\./],
  ])) {
    const { api } = platform();
    const { scorm, troubles } = visited({ ...api, LMSCommit: commit });
    await scorm.started();
    scorm.complete();
    assert.match(troubles.at(-1) ?? "", why);
  }
});

test("what a platform need not have is not missed", async () => {
  const { api } = platform({}, (call) => (/interactions|student_data/.test(call) ? "401" : "0"));
  const { scorm, troubles } = visited(api);
  await scorm.started();
  scorm.answered(0, "wrong");
  scorm.complete(0.5);
  assert.ok(troubles.every((text) => text === ""));
});

/**
 * A window below others.
 * @param {number} depth How many are above it.
 * @param {number} at Which has the API, counted from it; -1: none.
 */
function nested(depth, at) {
  const api = { LMSInitialize: () => "true" };
  const windows = Array.from(
    { length: depth + 1 },
    (_, i) => /** @type {any} */ ({ opener: null, API: i === at ? api : undefined }),
  );
  for (const [i, window] of windows.entries()) window.parent = windows[i + 1] ?? window;
  return windows;
}

test("the API is looked for in seven windows above, and in the opener and above it", () => {
  for (const at of [0, 1, 7]) assert.ok(findApi(nested(9, at)[0]), `${at} above`);
  assert.equal(findApi(nested(9, 8)[0]), null);
  assert.equal(findApi(nested(3, -1)[0]), null);
  const [self] = nested(2, -1);
  for (const at of [0, 2]) {
    [self.opener] = nested(3, at);
    assert.ok(findApi(self), `${at} above the opener`);
  }
});

test("a window of another origin is passed over, and so is what is no API", () => {
  const windows = nested(2, 2);
  Object.defineProperty(windows[1], "API", {
    get: () => {
      throw new DOMException("Blocked a frame", "SecurityError");
    },
  });
  assert.ok(findApi(windows[0]));
  windows[0].API = { LMSInitialize: "no function" };
  assert.equal(findApi(windows[0]), windows[2].API);
});

test("a time has the form HHHH:MM:SS.SS", () => {
  for (const [millis, text] of /** @type {const} */ ([
    [0, "0000:00:00.00"],
    [1005, "0000:00:01.01"],
    [59_999, "0000:01:00.00"],
    [3_600_000 * 27 + 61_500, "0027:01:01.50"],
    [-5, "0000:00:00.00"],
    [1e15, "9999:59:59.99"],
  ]))
    assert.equal(timespan(millis), text);
});
