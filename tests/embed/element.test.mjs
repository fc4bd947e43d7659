// <lsm-scope> in a page of another origin: the poster, the frame and its address, the number of frames, and its end.
// Messages have a file of their own. What both hold, by the numbers in the names of tests:
//
//   1  The start has two steps: a poster, then a frame. None starts off the screen; two run at a time.
//   2  The state is in the fragment, settings are in the query.
//   3  The height is asked for: rounded up, at least 120 pixels, changed by two or more, once a frame, not in hiding.
//   4  Nothing is posted to a frame that has not spoken.
//   5  The wheel scrolls the page; keys are the frame's only while it has the focus, and Escape gives that back.
//   6  The frame has a title, and may do as little as possible.
//   7  A failure is readable.
//   8  Removal is silent.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";

import { transform } from "esbuild";

import { call, events, frames, heard, hears, hostTest, scope, SCRIPT, site, start } from "./hosts.mjs";

const SCRIPTED = `<lsm-scope>
  <script type="text/plain">
    # a comment
    put a 1

    put b "x y"
    flush
  </script>
</lsm-scope>`;

test("the script is at most 4 kB when it is minified and compressed", async () => {
  const { code } = await transform(await readFile(SCRIPT, "utf8"), { minify: true });
  const size = brotliCompressSync(code).length;
  assert.ok(size <= 4096, `${size} bytes`);
});

hostTest(
  "rule 1: there is a poster with a button, and no frame until it is pressed",
  "<lsm-scope></lsm-scope>",
  async (page) => {
    /** @type {string[]} */
    const requests = [];
    page.on("request", (request) => requests.push(request.url()));
    const { button, iframe } = scope(page);
    assert.match((await button.getAttribute("aria-label")) ?? "", /^Start – lsmscope: a storage engine/);
    assert.equal(await iframe.count(), 0);
    assert.equal(requests.length, 0);
    await start(page);
    assert.equal(requests.length, 1);
    assert.ok(requests[0].startsWith(`${site()}embed/?`), requests[0]);
    assert.equal(await button.isVisible(), false);
  },
);

for (const key of ["Enter", "Space"]) {
  hostTest(`rule 1: ${key} starts it, and the focus goes into the frame`, "<lsm-scope></lsm-scope>", async (page) => {
    await page.keyboard.press("Tab");
    const ready = await heard(page, "lsm-ready", () => page.keyboard.press(key));
    assert.deepEqual(ready, { version: "0.1.0", lessons: ["tour"], size: { width: 1, height: 2 } });
    const focused = await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.tagName);
    assert.equal(focused, "IFRAME");
  });
}

hostTest(
  "rule 1: thirty embeds make no frame until one is asked for",
  "<lsm-scope></lsm-scope>".repeat(30),
  async (page) => {
    /** @type {string[]} */
    const requests = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.mouse.move(300, 300);
    for (let i = 0; i < 20; i += 1) await page.mouse.wheel(0, 700);
    await page.waitForFunction(() => scrollY > 5000);
    assert.equal(await page.locator("lsm-scope iframe").count(), 0);
    assert.equal(requests.length, 0);
    await start(page, "lsm-scope:nth-of-type(30)");
    assert.equal(frames(page).length, 1);
  },
);

const FAR = '<div style="height: 3000px"></div>';

hostTest("rule 1: `view` starts what is on the screen", `${FAR}<lsm-scope start="view"></lsm-scope>`, async (page) => {
  assert.equal(await scope(page).iframe.count(), 0);
  await heard(page, "lsm-ready", () => page.evaluate(() => scrollTo(0, 3000)));
  assert.equal(frames(page).length, 1);
});

for (const [property, hidden, shown] of [
  ["visibility", "hidden", "visible"],
  ["opacity", "0", "1"],
]) {
  hostTest(
    `rule 1: what is invisible on the screen by ${property}, as another slide, starts when it is asked for`,
    `<style>section { position: absolute; inset: 0 } #other { ${property}: ${hidden} }</style>
     <section><lsm-scope start="view"></lsm-scope></section>
     <section id="other"><lsm-scope start="view"></lsm-scope></section>`,
    async (page) => {
      await scope(page, "section:not(#other) lsm-scope").iframe.waitFor();
      assert.equal(await scope(page, "#other lsm-scope").iframe.count(), 0);
      await heard(page, "lsm-ready", () =>
        page.locator("#other").evaluate(
          (other, [name, value]) => {
            /** @type {HTMLElement} */ (other).style.setProperty(name, value);
            other.querySelector("lsm-scope")?.play();
          },
          [property, shown],
        ),
      );
    },
  );
}

for (const how of ["now", "view"]) {
  hostTest(
    `rule 1: \`${how}\` starts two of three, and the third when one of them has left the screen`,
    `<style>lsm-scope { display: block; margin-bottom: 40px }</style>
     ${[1, 2, 3].map((i) => `<lsm-scope id="s${i}" start="${how}" height="180"></lsm-scope>`).join("")}${FAR}`,
    async (page) => {
      await page.waitForFunction(() => document.querySelectorAll("lsm-scope").length === 3);
      await scope(page, "#s1").iframe.waitFor();
      await scope(page, "#s2").iframe.waitFor();
      assert.equal(await scope(page, "#s3").iframe.count(), 0);
      await page.evaluate(() => scrollTo(0, 260));
      await scope(page, "#s3").iframe.waitFor();
      assert.equal(await scope(page, "#s1").iframe.count(), 0);
      assert.equal(await scope(page, "#s2").iframe.count(), 1);
    },
  );
}

hostTest(
  "rule 1: off the screen, nothing starts, whoever asks",
  `${FAR}<lsm-scope start="now"></lsm-scope>`,
  async (page) => {
    await page.evaluate(() => {
      const sought = document.querySelector("lsm-scope")?.seek(4);
      Object.assign(self, { sought });
    });
    assert.equal(await scope(page).iframe.count(), 0);
    await page.evaluate(() => scrollTo(0, 3000));
    const { position } = await page.evaluate(() => Reflect.get(self, "sought"));
    assert.equal(position, 4);
  },
);

hostTest("rule 1: what leaves the screen is paused", `<lsm-scope></lsm-scope>${FAR}`, async (page) => {
  const frame = await start(page);
  const paused = await heard(page, "lsm-step", () => page.evaluate(() => scrollTo(0, 2000)));
  assert.equal(paused.title, "pause");
  assert.equal((await hears(frame, "pause")).length, 1);
});

/**
 * Starts an element, and marks the document in its frame.
 * @param {import("./hosts.mjs").Page} page
 * @param {string} selector
 */
async function startMarked(page, selector) {
  const frame = await start(page, selector);
  await frame.evaluate((mark) => void Object.assign(self, { mark }), selector);
  return { frame };
}

hostTest(
  "rule 1: two run at a time; the least recently used one gives way with its state, and goes on there",
  [1, 2, 3].map((i) => `<lsm-scope id="s${i}" height="200" state="v=2&script=put+a+${i}"></lsm-scope>`).join(""),
  async (page) => {
    await start(page, "#s1");
    await start(page, "#s2");
    await call(page, "step", undefined, "#s1");
    await call(page, "step", undefined, "#s2");
    await call(page, "step", undefined, "#s1");
    await start(page, "#s3");
    assert.equal(frames(page).length, 2);
    assert.equal(await scope(page, "#s2").label.innerText(), "Continue");
    assert.equal(await call(page, "state", undefined, "#s2"), "v=2&script=put+a+2&at=1");
    // It needs a place itself: the one used least recently is the first now.
    const frame = await start(page, "#s2");
    assert.equal((await hears(frame, "restart")).at(-1).state, "v=2&script=put+a+2&at=1");
    assert.equal(await call(page, "state", undefined, "#s1"), "v=2&script=put+a+1&at=2");
    assert.equal(await scope(page, "#s1").iframe.count(), 0);
  },
);

hostTest(
  "rule 1: the third takes over the frame that runs, and is told what is different",
  `<lsm-scope id="s1" state="v=2&script=put+a+1" title="first" from="op:1" theme="light"></lsm-scope>
   <lsm-scope id="s2" state="v=2&script=put+a+2" height="150"></lsm-scope>
   <lsm-scope id="s3" state="v=2&script=put+a+3" title="third" theme="dark" to="op:2"></lsm-scope>`,
  async (page) => {
    const { frame } = await startMarked(page, "#s1");
    await start(page, "#s2");
    await call(page, "step", undefined, "#s2");
    /** @type {string[]} */
    const requests = [];
    page.on("request", (request) => requests.push(request.url()));
    assert.equal((await start(page, "#s3")) === frame, true);
    assert.equal(await frame.evaluate(() => Reflect.get(self, "mark")), "#s1");
    assert.deepEqual(requests, []);
    const [{ via, lsmscope: _, type: __, ...told }] = await hears(frame, "restart");
    assert.deepEqual(told, { state: "v=2&script=put+a+3", theme: "dark", from: "", to: "op:2" });
    assert.equal(via, "window");
    assert.equal(await scope(page, "#s3").iframe.getAttribute("title"), "third");
    const focused = await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.tagName);
    assert.equal(focused, "IFRAME");
    // What it was about to say of the first is nobody's.
    assert.equal(await call(page, "state", undefined, "#s3"), "v=2&script=put+a+3&at=0");
    assert.equal(await call(page, "state", undefined, "#s1"), "v=2&script=put+a+1&at=0");
    await call(page, "step", undefined, "#s3");
    assert.equal(await scope(page, "#s1").label.innerText(), "Continue");
    assert.equal(await scope(page, "#s3").iframe.evaluate((element) => element.clientHeight), 300);
  },
);

for (const [what, attribute, value] of [
  ["controls", "controls", "full"],
  ["what it may do", "sandbox", "allow-downloads"],
  ["a link that is longer than a message may be", "state", `v=2&script=${"x".repeat(40_000)}`],
]) {
  hostTest(
    `rule 1: with other settings, the third has a frame of its own: ${what}`,
    [1, 2, 3].map((i) => `<lsm-scope id="s${i}" height="200" state="v=2&script=put+a+${i}"></lsm-scope>`).join(""),
    async (page) => {
      await startMarked(page, "#s1");
      await start(page, "#s2");
      await page.locator("#s3").evaluate((element, [name, set]) => element.setAttribute(name, set), [attribute, value]);
      const frame = await start(page, "#s3");
      assert.equal(await frame.evaluate(() => Reflect.get(self, "mark")), undefined);
      assert.equal(frames(page).length, 2);
    },
  );
}

hostTest(
  "rule 1: two that are asked for at once take the place of two",
  [1, 2, 3, 4].map((i) => `<lsm-scope id="s${i}" height="150" state="v=2&script=put+a+${i}"></lsm-scope>`).join(""),
  async (page) => {
    const { frame: first } = await startMarked(page, "#s1");
    const { frame: second } = await startMarked(page, "#s2");
    await page.evaluate(() =>
      Promise.all(["#s3", "#s4"].map((id) => /** @type {any} */ (document.querySelector(id)).play())),
    );
    assert.deepEqual(new Set(frames(page)), new Set([first, second]));
    for (const id of ["#s3", "#s4"]) assert.equal(await scope(page, id).iframe.count(), 1);
    const states = await Promise.all(["#s3", "#s4"].map((id) => call(page, "state", undefined, id)));
    assert.deepEqual(states, ["v=2&script=put+a+3&at=0", "v=2&script=put+a+4&at=0"]);
  },
);

hostTest(
  "rule 8: one that is gone before it has taken over a frame leaves none behind",
  [1, 2, 3].map((i) => `<lsm-scope id="s${i}" height="200" state="v=2&script=put+a+${i}"></lsm-scope>`).join(""),
  async (page) => {
    await start(page, "#s1");
    await start(page, "#s2");
    await page.evaluate(async () => {
      const third = /** @type {any} */ (document.querySelector("#s3"));
      third.play();
      third.remove();
    });
    await page.waitForFunction(() => document.querySelector("#s1")?.shadowRoot?.querySelector("iframe") === null);
    assert.equal(frames(page).length, 1);
    await start(page, "#s1");
  },
);

hostTest(
  "rule 1: one that says nothing any more gives way as well",
  [1, 2, 3].map((i) => `<lsm-scope id="s${i}" height="200" state="v=2&script=put+a+${i}"></lsm-scope>`).join(""),
  async (page) => {
    const frame = await start(page, "#s1");
    await frame.evaluate(() => /** @type {any} */ (self).fake.deaf.push("state"));
    await start(page, "#s2");
    await scope(page, "#s3").button.click();
    await page.waitForFunction(() => document.querySelector("#s1")?.shadowRoot?.querySelector("iframe") === null);
    await page.clock.fastForward(1000);
    await scope(page, "#s3").iframe.waitFor();
    assert.equal(await call(page, "state", undefined, "#s1"), "v=2&script=put+a+1");
  },
  { clock: true },
);

/** @type {[string, string, string][]} */
const STATES = [
  [
    "a link's fragment",
    '<lsm-scope state="v=2&preset=rocksdb&script=put+a+1"></lsm-scope>',
    "#v=2&preset=rocksdb&script=put+a+1",
  ],
  ["a whole link", '<lsm-scope state="https://example.org/#v=1&script=a"></lsm-scope>', "#v=1&script=a"],
  ["a deflated one", '<lsm-scope state="z=eJw_-a"></lsm-scope>', "#v=2&z=eJw_-a"],
  ["a script", SCRIPTED, "#v=2&script=put+a+1%0Aput+b+%22x+y%22%0Aflush"],
  ["a <pre>", "<lsm-scope><p>Without scripts:</p><pre>put a 1\nflush</pre></lsm-scope>", "#v=2&script=put+a+1%0Aflush"],
  ["text", "<lsm-scope>put é 1</lsm-scope>", "#v=2&script=put+%C3%A9+1"],
  ["nothing", "<lsm-scope> </lsm-scope>", ""],
];
for (const [name, body, hash] of STATES) {
  hostTest(`rule 2: the state is in the fragment: ${name}`, body, async (page) => {
    const frame = await start(page);
    assert.equal(new URL(frame.url()).hash, hash);
    assert.ok(!new URL(frame.url()).search.includes("script"));
  });
}

hostTest(
  "rule 2: settings are in the query; properties are the attributes",
  '<lsm-scope controls="full" theme="dark" step="3" height="300"></lsm-scope>',
  async (page) => {
    await scope(page).element.evaluate((element) => {
      const properties = {
        mode: "figure",
        readonly: true,
        resize: "own,h5p",
        keys: "deck",
        lesson: "tour",
        from: "flush:1",
        lang: "de",
      };
      Object.assign(element, properties);
    });
    const frame = await start(page);
    assert.deepEqual(Object.fromEntries(new URL(frame.url()).searchParams), {
      ...{ controls: "full", theme: "dark", step: "3", height: "fixed", start: "now" },
      ...{
        mode: "figure",
        from: "flush:1",
        readonly: "1",
        resize: "own,h5p",
        keys: "deck",
        lesson: "tour",
        lang: "de",
      },
    });
    const read = await scope(page).element.evaluate((element) => {
      const { start: starts, controls, initialStep, readonly, poster } = /** @type {any} */ (element);
      return { starts, controls, initialStep, readonly, poster };
    });
    assert.deepEqual(read, { starts: "click", controls: "full", initialStep: "3", readonly: true, poster: "" });
  },
);

hostTest(
  "a property that was set before the script had loaded counts",
  "<lsm-scope></lsm-scope><script>document.querySelector('lsm-scope').lesson = 'tour'</script>",
  async (page) => {
    const frame = await start(page);
    assert.equal(new URL(frame.url()).searchParams.get("lesson"), "tour");
  },
  { module: true },
);

hostTest("rule 6: what the frame may do, and what it is called", "<lsm-scope></lsm-scope>", async (page) => {
  const frame = await start(page);
  const { iframe } = scope(page);
  const attributes = ["title", "loading", "allow", "referrerpolicy", "sandbox"];
  assert.deepEqual(await Promise.all(attributes.map((name) => iframe.getAttribute(name))), [
    "lsmscope: a storage engine, step by step",
    "lazy",
    "clipboard-write; fullscreen",
    "no-referrer",
    "allow-scripts",
  ]);
  assert.equal(await frame.evaluate(() => self.origin), "null");
});

hostTest(
  "rule 6: the host may allow more, and name it",
  '<lsm-scope title="A flush" sandbox="allow-same-origin allow-popups"></lsm-scope>',
  async (page) => {
    const frame = await start(page);
    assert.equal(await scope(page).iframe.getAttribute("sandbox"), "allow-scripts allow-same-origin allow-popups");
    assert.equal(await scope(page).iframe.getAttribute("title"), "A flush");
    assert.equal(`${await frame.evaluate(() => self.origin)}/`, site());
  },
);

hostTest(
  "rule 7: without `ready` for 10 s, the poster says so and leads to the full page",
  '<lsm-scope state="v=2&script=flush"></lsm-scope>',
  async (page) => {
    const { element, button, label, iframe, note } = scope(page);
    await element.evaluate((node, base) => node.setAttribute("base", base), `${site()}embed/?mute`);
    await button.click();
    await iframe.waitFor();
    await page.clock.fastForward(9_000);
    assert.equal(await iframe.count(), 1);
    await page.clock.fastForward(1_000);
    const [failed, ...others] = await events(page);
    assert.deepEqual(others, []);
    assert.deepEqual(failed.detail, { code: "patience", text: "This part could not be loaded." });
    assert.equal(await iframe.count(), 0);
    assert.equal(await label.innerText(), "Try again");
    assert.match(await note.innerText(), /^This part could not be loaded\. Open the full page$/);
    const link = note.getByRole("link");
    assert.equal(await link.getAttribute("href"), `${site()}#v=2&script=flush`);
    assert.equal(await link.getAttribute("target"), "_blank");
    await element.evaluate((node) => node.removeAttribute("base"));
    await start(page);
  },
  { clock: true },
);

hostTest(
  "rule 7: an address that is none is said at once",
  '<lsm-scope base="javascript:alert(1)"></lsm-scope>',
  async (page) => {
    const failed = await heard(page, "lsm-error", () => scope(page).button.click());
    assert.equal(failed.code, "base");
    assert.match(await scope(page).note.innerText(), /base is no page: javascript:/);
  },
);

hostTest("rule 8: removal is silent at any time", "<main></main>", async (page) => {
  await page.evaluate(() => {
    addEventListener("unhandledrejection", ({ reason }) => console.error(`unhandled: ${reason}`));
    addEventListener("beforeunload", () => console.error("asked before leaving"));
  });
  const listeners = async () => {
    const session = await page.context().newCDPSession(page);
    const counts = [];
    for (const expression of ["window", "document"]) {
      const { result } = await session.send("Runtime.evaluate", { expression });
      const { listeners: found } = await session.send("DOMDebugger.getEventListeners", {
        objectId: result.objectId ?? "",
      });
      counts.push(found.length);
    }
    await session.detach();
    return counts;
  };
  const before = await listeners();
  await page.evaluate(async () => {
    const main = /** @type {HTMLElement} */ (document.querySelector("main"));
    const add = () => main.appendChild(document.createElement("lsm-scope"));
    add().remove();
    // In the middle of loading.
    const loading = add();
    loading.play();
    while (!loading.shadowRoot?.querySelector("iframe")) await new Promise(requestAnimationFrame);
    loading.remove();
    // In the middle of a call.
    const live = add();
    await live.play();
    const calls = [live.step(), live.state(), live.answer(1)];
    live.remove();
    const ends = await Promise.allSettled(calls);
    const names = ends.map((end) => (end.status === "rejected" ? end.reason.name : "done"));
    if (String(names) !== "AbortError,AbortError,AbortError") throw new Error(String(names));
    // Moved by taking it out and putting it in again, it is a poster.
    main.append(live);
    if (live.shadowRoot?.querySelector("iframe")) throw new Error("a frame");
    live.play();
    live.remove();
  });
  assert.equal(await page.evaluate(() => window.length), 0);
  assert.deepEqual(await listeners(), before);
  assert.ok(!/beforeunload|onunload/.test(await readFile(SCRIPT, "utf8")));
});

for (const module of [false, true]) {
  hostTest(
    `as a ${module ? "module" : "classic script"} that is loaded twice, it knows where it lies`,
    "<lsm-scope></lsm-scope>",
    async (page) => {
      await page.addScriptTag({ url: `${site()}lsm-scope.js?again`, type: module ? "module" : "" });
      const frame = await start(page);
      assert.ok(frame.url().startsWith(`${site()}embed/?`));
    },
    { module },
  );
}

hostTest(
  "a strict policy of the host that names the site is enough",
  "<lsm-scope></lsm-scope>",
  async (page) => {
    await start(page);
    const { backgroundColor } = await scope(page).iframe.evaluate((frame) =>
      getComputedStyle(frame.parentElement ?? frame),
    );
    assert.equal(backgroundColor, "rgb(251, 250, 247)");
  },
  {
    head: () => {
      const policy = `default-src 'none'; img-src data:; script-src ${site()}; frame-src ${site()}`;
      return `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
    },
  },
);
