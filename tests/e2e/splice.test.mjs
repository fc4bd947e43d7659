// An embed with `report=splice`, in a host's page of another origin that speaks SPLICE: what it is told, what it gives
// back to a later visit, and a host that does not answer.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { PUBLISHED, launch, watch } from "./browser.mjs";
import { toEnd } from "./learner.mjs";
import { serve } from "./server.mjs";

/** A host by the specification (cssplice.org): it keeps the last state of its one activity, if `answers`. */
const HOST = `<!doctype html><html lang="en"><title>a course</title><body><script>
  window.heard = [];
  window.answers = true;
  let state = null;
  addEventListener("message", ({ data, source }) => {
    if (source !== document.querySelector("iframe")?.contentWindow || !data.subject?.startsWith("SPLICE.")) return;
    heard.push(data);
    if (data.subject === "SPLICE.reportScoreAndState") state = data.state;
    if (data.subject !== "SPLICE.getState" || !answers) return;
    const { message_id } = data;
    source.postMessage({ subject: "SPLICE.getState.response", message_id, state }, "*");
  });
  window.visit = (src) => {
    document.querySelector("iframe")?.remove();
    heard.length = 0;
    const frame = document.createElement("iframe");
    Object.assign(frame, { src, width: 720, height: 560, title: "lsmscope" });
    frame.setAttribute("sandbox", "allow-scripts");
    document.body.append(frame);
  };
</script></body></html>`;

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serve>>} */
let site;
/** @type {import("node:http").Server} */
let host;
before(async () => {
  site = await serve(PUBLISHED, { headers: { "access-control-allow-origin": "*" } });
  host = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end(HOST));
  await new Promise((listening) => host.listen(0, "127.0.0.1", () => listening(null)));
  browser = await launch();
});
after(async () => {
  host.close();
  host.closeAllConnections();
  await Promise.all([browser.close(), site.close()]);
});

/** @param {(page: import("playwright-core").Page) => Promise<void>} run */
async function inCourse(run) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
  const complaints = watch(context);
  const page = await context.newPage();
  const address = /** @type {import("node:net").AddressInfo} */ (host.address());
  await page.goto(`http://127.0.0.1:${address.port}/`);
  try {
    await run(page);
    assert.deepEqual(
      complaints.filter((complaint) => !/favicon/.test(complaint)),
      [],
    );
  } finally {
    await context.close();
  }
}

/**
 * Opens the activity in the host's page.
 * @param {import("playwright-core").Page} page
 * @param {string} query
 * @param {string} [fragment]
 */
async function visit(page, query, fragment = `v=2&next=${encodeURIComponent("put a 1\nput b 2")}`) {
  await page.evaluate(
    (src) => /** @type {any} */ (globalThis).visit(src),
    `${site.url}embed/index.html?${query}#${fragment}`,
  );
  const frame = page.frameLocator("iframe");
  await frame.locator("canvas.figure").waitFor();
  return frame;
}

/**
 * Waits for a message of a subject that has these fields, and gives it.
 * @param {import("playwright-core").Page} page
 * @param {string} subject
 * @param {Record<string, unknown>} [fields]
 */
const heard = (page, subject, fields = {}) =>
  page
    .waitForFunction(
      ([subject, fields]) =>
        /** @type {any} */ (globalThis).heard.findLast(
          (/** @type {any} */ message) =>
            message.subject === `SPLICE.${subject}` &&
            Object.entries(fields).every(([name, value]) => message[name] === value),
        ),
      /** @type {const} */ ([subject, fields]),
    )
    .then((found) => found.jsonValue());

test("a host is told of the state and the end, and a later visit goes on where the one before ended", async () => {
  await inCourse(async (page) => {
    const first = await visit(page, "start=now&report=splice");
    const { message_id } = await heard(page, "getState");
    assert.match(message_id, /^lsmscope-\d+-\d+-1$/);
    await heard(page, "sendEvent", { name: "started" });
    const sentence = first.locator(".sentence");
    await sentence.press("Shift+ArrowRight");
    const { score, state } = await heard(page, "reportScoreAndState", { score: 0 });
    assert.equal(score, 0);
    assert.match(state.kept, /^1;;v=2&/);
    await sentence.press("Shift+ArrowRight");
    const complete = await heard(page, "sendEvent", { name: "complete" });
    assert.deepEqual(complete.data, { score: 1 });
    await heard(page, "reportScoreAndState", { score: 1 });
    await sentence.press("ArrowLeft");
    const position = await first.getByRole("slider", { name: "Position" }).inputValue();
    await page.waitForFunction(() => /at=/.test(/** @type {any} */ (globalThis).heard.at(-1)?.state?.kept), null);
    const ids = await page.evaluate(() =>
      /** @type {any} */ (globalThis).heard.map((/** @type {any} */ m) => m.message_id),
    );
    assert.equal(new Set(ids).size, ids.length);

    const second = await visit(page, "start=now&report=splice");
    assert.equal(await second.getByRole("slider", { name: "Position" }).inputValue(), position);
    await second.locator(".sentence").press("ArrowLeft");
    assert.equal((await heard(page, "reportScoreAndState")).score, 1, "what was reached stays so");
  });
});

test("a lesson's answers and score are reported, and a later visit goes on where the one before ended", async () => {
  await inCourse(async (page) => {
    const query = "start=now&report=splice&lesson=write";
    const first = await visit(page, query, "");
    await first.getByRole("button", { name: /^2 of 6/ }).click();
    const frames = first.getByRole("textbox", { name: "A number of frames" });
    await frames.fill("3");
    await frames.press("Enter");
    const { data } = await heard(page, "sendEvent", { name: "answered" });
    assert.deepEqual(data, { question: 1, result: "wrong" });
    const { state } = await heard(page, "reportScoreAndState");
    assert.match(state.kept, /^1;-w;progress=[\w-]+$/, "what is reported with an answer has the answer");

    const second = await visit(page, query, "");
    await second.locator('.beat[data-phase="told"]').waitFor();
    assert.equal(await second.getByRole("textbox", { name: "A number of frames" }).inputValue(), "3");
    await toEnd(second);
    assert.deepEqual((await heard(page, "sendEvent", { name: "complete" })).data, { score: 0 });
  });
});

test("a host that does not answer shows the activity all the same", async () => {
  await inCourse(async (page) => {
    await page.evaluate(() => {
      /** @type {any} */ (globalThis).answers = false;
    });
    const frame = await visit(page, "start=now&report=splice");
    await frame.locator(".sentence").press("Shift+ArrowRight");
    await heard(page, "reportScoreAndState", { score: 0 });
  });
});

test("an embed that was not asked to says nothing of SPLICE", async () => {
  await inCourse(async (page) => {
    const frame = await visit(page, "start=now");
    await frame.locator(".sentence").press("Shift+ArrowRight");
    assert.deepEqual(await page.evaluate(() => /** @type {any} */ (globalThis).heard), []);
  });
});
