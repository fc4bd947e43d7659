// The messages of <lsm-scope> and its frame, whose origin is another one, and opaque unless a test says otherwise:
// calls and replies, events, heights, keys and themes; and those that are not taken. Rules as in element.test.mjs.

import assert from "node:assert/strict";

import { call, events, heard, hears, hostTest, say, scope, settled, site, start } from "./hosts.mjs";

/** @typedef {import("playwright-core").Page} Page */

const ONE = '<lsm-scope state="v=2&script=put+a+1"></lsm-scope>';

/** @param {Page} page */
const height = (page) => scope(page).iframe.evaluate((frame) => frame.getBoundingClientRect().height);

hostTest("an opaque origin is answered through the port, and asked there", ONE, async (page) => {
  const frame = await start(page);
  assert.equal(await frame.evaluate(() => self.origin), "null");
  assert.equal((await hears(frame, "hello")).length, 1);
  assert.deepEqual(await call(page, "step"), { position: 1, length: 9, moment: "step:1" });
  assert.deepEqual(await call(page, "step", { how: "job", backwards: true }), {
    ...{ position: 0, length: 9, moment: "step:0" },
  });
  assert.deepEqual(await call(page, "seek", 7), { position: 7, length: 9, moment: "step:7" });
  assert.deepEqual(await call(page, "play"), {});
  assert.deepEqual(await call(page, "pause"), {});
  assert.equal(await call(page, "state"), "v=2&script=put+a+1&at=7");
  const [, back] = await hears(frame, "step");
  assert.deepEqual(back, { lsmscope: 1, type: "step", id: back.id, how: "job", backwards: true, via: "port" });
  for (const type of ["play", "pause", "seek", "state"]) {
    const [{ via, id }] = await hears(frame, type);
    assert.equal(via, "port");
    assert.equal(typeof id, "number");
  }
});

hostTest("what the frame says before it has the port counts", ONE, async (page) => {
  await start(page);
  await settled(page);
  const noted = await events(page);
  assert.equal(noted[0].type, "lsm-ready");
  assert.ok(noted.some(({ type, detail }) => type === "lsm-step" && detail.title === "ready"));
  assert.ok(noted.some(({ type, detail }) => type === "lsm-height" && detail.height === 300));
});

hostTest("rule 4: nothing is posted to a frame that has not said that it is ready", ONE, async (page) => {
  await scope(page).element.evaluate((node, base) => node.setAttribute("base", base), `${site()}embed/?mute`);
  const state = call(page, "step");
  const handle = await scope(page).iframe.elementHandle();
  const frame = await handle?.contentFrame();
  assert.ok(frame);
  await frame.waitForFunction(() => "fake" in self);
  // What the host had posted before would be heard before.
  await scope(page).iframe.evaluate((iframe) => {
    const { contentWindow } = /** @type {HTMLIFrameElement} */ (iframe);
    contentWindow?.postMessage({ lsmscope: 1, type: "marker" }, "*");
  });
  await frame.waitForFunction(() => /** @type {any} */ (self).fake.heard.length > 0);
  assert.equal((await frame.evaluate(() => /** @type {any} */ (self).fake.heard))[0].type, "marker");
  await frame.evaluate(() => /** @type {any} */ (self).fake.begin());
  assert.equal((await state).position, 1);
});

hostTest("a call is rejected by the frame's error, which is an event as well", ONE, async (page) => {
  await start(page);
  const { element } = scope(page);
  const failed = await element.evaluate((node) =>
    /** @type {any} */ (node).answer(3).catch((/** @type {any} */ error) => [error.message, error.code]),
  );
  assert.deepEqual(failed, ["Nothing is asked.", "refused"]);
  assert.deepEqual((await events(page)).at(-1), {
    ...{ type: "lsm-error", detail: { code: "refused", text: "Nothing is asked." } },
  });
});

hostTest(
  "a call is rejected after 5 s without a reply",
  ONE,
  async (page) => {
    const frame = await start(page);
    await frame.evaluate(() => /** @type {any} */ (self).fake.deaf.push("step"));
    // From here on no time passes by itself.
    await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 10_000);
    await scope(page).element.evaluate((node) => {
      const { step } = /** @type {any} */ (node);
      const note = (/** @type {Error} */ error) => Object.assign(self, { failure: error.message });
      step.call(node).catch(note);
    });
    await page.clock.fastForward(4_900);
    assert.equal(await page.evaluate(() => "failure" in self), false);
    await page.clock.fastForward(100);
    assert.equal(await page.evaluate(() => Reflect.get(self, "failure")), "lsm-scope: no reply to step");
  },
  { clock: true },
);

hostTest("without a frame, there is a state and nothing to pause", ONE, async (page) => {
  assert.equal(await call(page, "state"), "v=2&script=put+a+1");
  assert.equal(await call(page, "pause"), undefined);
  assert.equal(await scope(page).iframe.count(), 0);
});

hostTest("another state is loaded by the frame that runs", ONE, async (page) => {
  const frame = await start(page);
  const load = (/** @type {object} */ fields) =>
    scope(page).element.evaluate((node, given) => void Object.assign(node, given), fields);
  await load({ initialState: "#v=2&script=flush" });
  assert.equal(await call(page, "state"), "v=2&script=flush&at=0");
  // With the range of a figure.
  await load({ from: "op:1", to: "flush:1/flush_ended", initialState: "#v=2&script=put+a+1%0Aflush" });
  await settled(page);
  const [first, second] = await hears(frame, "load");
  assert.deepEqual([first.state, first.from, first.to], ["v=2&script=flush", "", ""]);
  assert.deepEqual([second.from, second.to], ["op:1", "flush:1/flush_ended"]);
});

hostTest("the frame's news are events, and its last state is kept", ONE, async (page) => {
  const frame = await start(page);
  for (const [type, detail] of /** @type {[string, object][]} */ ([
    ["answered", { question: "q1", right: true }],
    ["complete", { score: 1 }],
    ["state", { state: "v=2&script=flush" }],
    ["error", { code: "panicked", text: "<b>it stopped</b>" }],
  ]))
    assert.deepEqual(await heard(page, `lsm-${type}`, () => say(frame, { type, ...detail })), detail);
  await scope(page).element.evaluate((node) => {
    const { parentElement } = node;
    node.remove();
    parentElement?.append(node);
  });
  assert.equal(await call(page, "state"), "v=2&script=flush");
});

hostTest("a frame that loads itself again is greeted again", ONE, async (page) => {
  const frame = await start(page);
  await heard(page, "lsm-ready", () => frame.evaluate(() => location.reload()));
  assert.equal((await call(page, "step")).position, 1);
});

hostTest(
  "messages of other windows, and what is none, are ignored",
  `${ONE}<iframe id="other"></iframe>`,
  async (page) => {
    const frame = await start(page);
    await settled(page);
    const before = await events(page);
    await page.evaluate(() => {
      const other = /** @type {HTMLIFrameElement} */ (document.querySelector("#other")).contentWindow;
      const forged = [
        { lsmscope: 1, type: "height", height: 900 },
        { lsmscope: 1, type: "ready", version: "9", lessons: [], size: {} },
        { lsmscope: 1, type: "error", code: "load", text: "forged" },
        { lsmscope: 1, type: "state", state: "v=2&script=forged" },
      ];
      for (const message of forged) {
        postMessage(message, "*");
        const script = `parent.postMessage(${JSON.stringify(message)}, "*")`;
        /** @type {any} */ (other).eval(script);
      }
    });
    const odd = [
      null,
      "height",
      { type: "height", height: 900 },
      { lsmscope: 2, type: "height", height: 900 },
      { lsmscope: 1, type: "constructor" },
      { lsmscope: 1, type: "key", key: "constructor" },
      { lsmscope: 1, type: "height", height: "900" },
      { lsmscope: 1, type: "height", height: -1 },
      { lsmscope: 1, type: "answered", text: "x".repeat(70_000) },
    ];
    await frame.evaluate((messages) => {
      for (const message of messages) parent.postMessage(message, "*");
      const cycle = { lsmscope: 1, type: "answered", self: {} };
      cycle.self = cycle;
      for (const message of [
        cycle,
        { lsmscope: 1, type: "answered", big: 1n },
        { lsmscope: 1, type: "height", height: NaN },
      ])
        parent.postMessage(message, "*");
    }, odd);
    await settled(page);
    assert.deepEqual(await events(page), before);
    assert.equal(await height(page), 300);
    assert.equal((await hears(frame, "hello")).length, 1);
  },
);

hostTest("rule 3: the height follows the frame, up and down, without a loop", ONE, async (page) => {
  const frame = await start(page);
  const { element } = scope(page);
  const resize = (/** @type {string} */ to) =>
    frame.evaluate((value) => {
      const content = /** @type {HTMLElement} */ (document.querySelector("#content"));
      content.style.height = value;
    }, to);
  assert.equal((await heard(page, "lsm-height", () => resize("500px"))).height, 500);
  assert.equal(await height(page), 500);
  assert.equal((await heard(page, "lsm-height", () => resize("200px"))).height, 200);
  assert.equal((await element.boundingBox())?.height, 200);
  assert.equal((await heard(page, "lsm-height", () => say(frame, { type: "height", height: 210.2 }))).height, 211);
  assert.equal((await heard(page, "lsm-height", () => say(frame, { type: "height", height: 3 }))).height, 120);
  assert.equal((await heard(page, "lsm-height", () => say(frame, { type: "height", height: 1e9 }))).height, 20_000);
  assert.equal((await heard(page, "lsm-height", () => resize("400px"))).height, 400);
  // Less than two pixels; and of several in one frame, the last.
  const before = (await events(page)).length;
  await say(frame, { type: "height", height: 401 });
  await settled(page);
  await frame.evaluate(() => {
    for (const each of [600, 700, 399.5]) /** @type {any} */ (self).fake.say({ type: "height", height: each });
  });
  await settled(page);
  const changes = (await events(page)).slice(before).filter(({ type }) => type === "lsm-height");
  assert.deepEqual(changes, []);
  assert.equal(await height(page), 400);
});

hostTest("rule 3: in a tab that is hidden, the height stays", `<main>${ONE}</main>`, async (page) => {
  const frame = await start(page);
  const show = (/** @type {boolean} */ isShown) =>
    page.locator("main").evaluate((main, shown) => main.toggleAttribute("hidden", !shown), isShown);
  await heard(page, "lsm-height", () => say(frame, { type: "height", height: 350 }));
  await show(false);
  await say(frame, { type: "height", height: 0 });
  await say(frame, { type: "height", height: 130 });
  await settled(page);
  await show(true);
  assert.equal(await height(page), 350);
  assert.equal((await heard(page, "lsm-height", () => say(frame, { type: "height", height: 360 }))).height, 360);
});

for (const [name, expected] of [
  ["fixed", 480],
  ["260", 260],
]) {
  hostTest(`rule 3: height=${name} does not follow`, `<lsm-scope height="${name}"></lsm-scope>`, async (page) => {
    const frame = await start(page);
    await say(frame, { type: "height", height: 700 });
    await settled(page);
    assert.equal(await height(page), expected);
    assert.equal(new URL(frame.url()).searchParams.get("height"), "fixed");
    await scope(page).element.evaluate((node) => node.setAttribute("height", "300"));
    assert.equal(await height(page), 300);
  });
}

const KEYS = "<script>self.keys = []; addEventListener('keydown', (event) => keys.push(event))</script>";

/** @param {Page} page */
const pressed = (page) =>
  page.evaluate(() => {
    const { keys } = /** @type {any} */ (self);
    return keys.map((/** @type {KeyboardEvent} */ { key, keyCode, target }) => [key, keyCode, target === document]);
  });

hostTest("rule 5: in a deck, three keys are the deck's", `<lsm-scope keys="deck"></lsm-scope>${KEYS}`, async (page) => {
  const frame = await start(page);
  for (const key of ["PageUp", "PageDown", "b", "a", "Escape", "toString"]) await say(frame, { type: "key", key });
  await settled(page);
  assert.deepEqual(await pressed(page), [
    ["PageUp", 33, true],
    ["PageDown", 34, true],
    ["b", 66, true],
  ]);
});

hostTest("rule 5: elsewhere, none is", ONE + KEYS, async (page) => {
  const frame = await start(page);
  await say(frame, { type: "key", key: "b" });
  await settled(page);
  assert.deepEqual(await pressed(page), []);
});

hostTest("rule 5: `release` gives the focus back, so that the host's keys work", ONE + KEYS, async (page) => {
  const frame = await start(page);
  await frame.locator("button").click();
  await page.keyboard.press("ArrowRight");
  assert.deepEqual(await pressed(page), []);
  await say(frame, { type: "release" });
  await settled(page);
  assert.equal(await page.evaluate(() => document.activeElement?.localName), "lsm-scope");
  await page.keyboard.press("ArrowRight");
  assert.deepEqual(await pressed(page), [["ArrowRight", 39, false]]);
});

hostTest(
  "rule 5: over a poster, the wheel scrolls the page",
  `${ONE}<div style="height: 3000px"></div>`,
  async (page) => {
    await scope(page).button.hover();
    await page.mouse.wheel(0, 300);
    await page.waitForFunction(() => scrollY === 300);
  },
);

/** @type {[string, string, "light" | "dark", string][]} */
const THEMES = [
  ["mdBook's class", 'class="navy js"', "light", "dark"],
  ["mdBook's light class", 'class="light"', "dark", "light"],
  ["Docusaurus", 'data-theme="dark"', "light", "dark"],
  ["VitePress", 'class="dark"', "light", "dark"],
  ["VitePress's light one, which has no mark", 'class="constructor"', "dark", "light"],
  ["a page's color scheme", 'style="color-scheme: dark"', "light", "dark"],
  ["the reader's system, where the page has both", 'style="color-scheme: light dark"', "dark", "dark"],
  ["the reader's light system", 'style="color-scheme: light dark"', "light", "light"],
];
for (const [name, html, colorScheme, theme] of THEMES) {
  hostTest(
    `the theme is the host's: ${name}`,
    ONE,
    async (page) => {
      const frame = await start(page);
      assert.equal(new URL(frame.url()).searchParams.get("theme"), theme);
      await page.evaluate(() => void (document.documentElement.dataset.theme = "dark"));
      await page.evaluate(() => void (document.documentElement.dataset.theme = "light"));
      await settled(page);
      assert.equal((await hears(frame, "theme")).at(-1)?.theme ?? theme, "light");
    },
    { html, colorScheme },
  );
}

hostTest(
  "a theme that the element names wins; it may change while the frame loads",
  '<lsm-scope theme="light"></lsm-scope>',
  async (page) => {
    await scope(page).element.evaluate((node) => {
      node.addEventListener("lsm-ready", () => Object.assign(node, { lang: "fr" }));
    });
    const frame = await start(page);
    assert.equal(new URL(frame.url()).searchParams.get("theme"), "light");
    await scope(page).element.evaluate((node) => node.setAttribute("theme", "dark"));
    await settled(page);
    assert.equal((await hears(frame, "theme"))[0].theme, "dark");
    assert.equal((await hears(frame, "lang"))[0].lang, "fr");
  },
  { html: 'data-theme="dark"' },
);
