// The course: the list of lessons, the article, lessons of other authors.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFileSync } from "node:fs";

import { pageTest } from "./browser.mjs";
import { answer, begin } from "./learner.mjs";
import { command, drop, heldEngine, ready } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LESSONS = new URL("../../www/lessons/", import.meta.url);
const WRITE = readFileSync(new URL("write.md", LESSONS), "utf8");

/**
 * Serves texts on another origin.
 * @param {Record<string, string>} files
 * @param {(origin: string) => Promise<void>} run
 * @param {Record<string, string>} [headers]
 */
async function serving(files, run, headers = { "access-control-allow-origin": "*" }) {
  const server = createServer((request, response) => {
    const text = files[request.url?.slice(1) ?? ""];
    response.writeHead(text === undefined ? 404 : 200, { "content-type": "text/markdown", ...headers }).end(text);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  try {
    await run(`http://127.0.0.1:${port}/`);
  } finally {
    server.close();
  }
}

/** The name of a wasm, without its hash. @param {string} address */
const wasmOf = (address) => /\/(\w+)_bg[^/]*\.wasm$/.exec(address)?.[1];

/** @param {Page} page @param {string} address */
const open = (page, address) => page.goto(new URL(`?lesson=${encodeURIComponent(address)}`, page.url()).href);

pageTest(
  "a first visit leads to the course, which lists lessons with their goals and minutes, and how far one is",
  async (page) => {
    await page.getByRole("link", { name: "take the course" }).click();
    await page.getByRole("heading", { name: "Lessons" }).waitFor();
    assert.equal(await page.title(), "Course · lsmscope");
    const write = page.getByRole("link", { name: /^The way of a put/ });
    assert.match(await write.innerText(), /Name the stations of a write[^]*12 minutes/);
    assert.doesNotMatch(await write.innerText(), /done/);
    await write.click();
    await page.locator('.beat[data-phase="asking"]').waitFor();
    assert.equal(await page.title(), "The way of a put · lsmscope");
    await answer(page, "write", "right");
    await page.getByRole("navigation", { name: "Rooms" }).getByRole("link", { name: "Course" }).click();
    await page.getByText("1 of 8 done").waitFor();
  },
  { layout: "figure", reducedMotion: "reduce" },
);

pageTest("the start page leads to the article, the sandbox, the simulator and one's own database", async (page) => {
  const door = (/** @type {string} */ name) => page.locator(".door", { hasText: name });
  const open = async (/** @type {string} */ name) => {
    await page.goto(new URL("?lesson", page.url()).href);
    await door(name).click();
  };
  await open("Read");
  await page.locator(".article .own-figure").first().waitFor();
  await open("Try");
  await ready(page);
  await open("Simulate");
  await page.getByRole("button", { name: "Run", exact: true }).first().waitFor();
  await open("Your own database");
  await page.getByRole("dialog").getByText("MANIFEST").first().waitFor();
});

pageTest("what was in the sandbox is there again after a lesson", async (page) => {
  await ready(page);
  await command(page, "put of-my-own 1");
  await page.getByRole("link", { name: "Course" }).click();
  await page.getByRole("link", { name: /^The way of a put/ }).click();
  await page.locator('.beat[data-phase="asking"]').waitFor();
  await page.getByRole("link", { name: "Sandbox" }).click();
  await ready(page);
  await page.getByText("of-my-own").first().waitFor();
});

pageTest(
  "the article: its figures play when they are seen, can be scrubbed and changed, and its questions answered",
  async (page) => {
    await page.goto(new URL("?lesson=how-an-lsm-tree-works", page.url()).href);
    await page.locator(".article-end").waitFor();
    const figure = page.locator(".own-figure").first();
    const slider = figure.getByRole("slider", { name: "Position" });
    await figure.scrollIntoViewIfNeeded();
    await figure.locator("canvas").waitFor();
    const begins = await slider.getAttribute("min");
    await page.waitForFunction(
      (start) =>
        /** @type {HTMLInputElement | null} */ (document.querySelector(".own-figure input[type=range]"))?.value !==
        start,
      begins,
    );
    await slider.press("Home");
    assert.equal(await slider.inputValue(), begins);
    await figure.getByText("Change what it runs").click();
    await figure.getByRole("textbox", { name: "Commands of this figure" }).fill("put quince 9");
    await figure.getByRole("button", { name: "Run", exact: true }).click();
    await slider.press("End");
    await figure.getByText("quince").first().waitFor();
    const question = page.locator(".asked").first();
    await question.getByRole("button", { name: "Check" }).click();
    await question.locator(".outcome").waitFor();
    await page.reload();
    await page.locator(".article .outcome").waitFor();
  },
);

pageTest(
  "a figure of the article tells the way of a key, leads to each of its steps, and halts on its way",
  async (page) => {
    await page.goto(new URL("?lesson=how-an-lsm-tree-works", page.url()).href);
    await page.locator(".article-end").waitFor();
    const figure = page.locator(".own-figure", { hasText: "The inputs are deleted last" });
    await figure.scrollIntoViewIfNeeded();
    const slider = figure.getByRole("slider", { name: "Position" });
    const dropped = figure.getByRole("button", { name: "a tombstone with nothing to hide" });
    await dropped.click();
    assert.match((await figure.locator('.way [aria-current="step"]').textContent()) ?? "", /nothing to hide/);
    const then = Number(await slider.inputValue());
    assert.ok(then > Number(await slider.getAttribute("min")), "the step lies within the figure");
    // The author lets it halt at the next event, where the value goes as well.
    await figure.getByRole("button", { name: "Play", exact: true }).click();
    await figure.locator('.way [aria-current="step"]', { hasText: "hidden by" }).waitFor();
    await figure.getByRole("button", { name: "Play", exact: true }).waitFor();
    assert.equal(await slider.inputValue(), String(then + 1));
  },
);

pageTest(
  "a lesson of another site opens by its address; its progress is not that of ours",
  async (page) => {
    await begin(page, "write");
    await serving(
      { "my.md": WRITE.replace("title: The way of a put", "title: A lesson from elsewhere") },
      async (origin) => {
        await open(page, `${origin}my.md`);
        await page.locator('.beat[data-phase="asking"]').waitFor();
        assert.equal(await page.title(), "A lesson from elsewhere · lsmscope");
        await page.getByRole("button", { name: "Show me" }).click();
        await page.locator('.beat[data-phase="told"]').waitFor();
      },
    );
    await begin(page, "write");
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "a lesson with faults is refused, fault by fault, with line and column; nothing of it becomes HTML",
  async (page) => {
    const bad =
      "---\nid: bad\ntitle: Bad\n---\n\n## A beat\n\n<img src=x onerror=\"document.title='hacked'\">\n\n" +
      "```predct choice id=a\n```\n";
    await serving({ "bad.md": bad }, async (origin) => {
      await open(page, `${origin}bad.md`);
      await page.getByRole("heading", { name: "This lesson cannot begin" }).waitFor();
      const faults = await page.locator(".faults li").allInnerTexts();
      assert.match(faults[0], /^Line 8, column 1: /);
      assert.ok(
        faults.some((one) => /^Line 10, column \d+: /.test(one)),
        faults.join("\n"),
      );
      assert.equal(await page.locator("main img").count(), 0);
      assert.doesNotMatch(await page.title(), /hacked/);
    });
  },
);

pageTest("text of a foreign lesson stays text", async (page) => {
  const text = WRITE.replace(
    "A write has to be kept safe",
    "A `<b>write</b>` &lt;script&gt;alert(1)&lt;/script&gt; has",
  );
  await serving({ "text.md": text }, async (origin) => {
    await open(page, `${origin}text.md`);
    await page.getByText("<script>alert(1)</script> has").waitFor();
    assert.equal(await page.locator(".lesson-panel :is(b b, script)").count(), 0);
  });
});

pageTest(
  "a lesson that is too long, that is not there, or that is no address is refused in words",
  async (page) => {
    await serving({ "long.md": `${WRITE}${"x".repeat(300_000)}` }, async (origin) => {
      await open(page, `${origin}long.md`);
      await page.getByText("longer than 256 KiB").waitFor();
      await open(page, `${origin}none.md`);
      await page.getByText("none.md could not be loaded: 404").waitFor();
    });
    await open(page, "javascript:alert(1)");
    await page.getByText("is neither the name of a lesson nor an address").waitFor();
    await open(page, "no-such-lesson");
    await page.getByText("There is no lesson “no-such-lesson” yet.").waitFor();
  },
  { complains: /404|none\.md/ },
);

pageTest(
  "a site that lets no other read it: said, with a remedy",
  async (page) => {
    await serving(
      { "my.md": WRITE },
      async (origin) => {
        await open(page, `${origin}my.md`);
        await page.getByText("does its host allow other sites to read it").waitFor();
      },
      {},
    );
  },
  { complains: /CORS|ERR_FAILED/ },
);

pageTest(
  "a dropped file is a lesson, and what was in the sandbox is not lost",
  async (page) => {
    await ready(page);
    await command(page, "put of-my-own 1");
    await drop(page, "mine.md", WRITE.replace("title: The way of a put", "title: From a file"));
    await page.getByRole("heading", { name: "One put, step by step" }).waitFor();
    assert.equal(await page.title(), "From a file · lsmscope");
    await drop(page, "broken.md", "no lesson at all");
    await page.getByRole("heading", { name: "This lesson cannot begin" }).waitFor();
    await page.getByRole("link", { name: "Sandbox" }).click();
    await ready(page);
    await page.getByText("of-my-own").first().waitFor();
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "a lesson's text is there before the engine, which follows what grades it; its figure plays once the page rests",
  async (page) => {
    /** @type {string[]} */
    const asked = [];
    const site = page.url();
    // What the front page still loads is none of a lesson's.
    await page.goto("about:blank");
    page.on("request", (request) => asked.push(wasmOf(request.url()) ?? ""));
    const release = await heldEngine(page);
    await page.goto(new URL("?lesson=deletes", site).href);
    await page.locator(".beat .lesson-step p").first().waitFor();
    await page.getByRole("status").getByText("The engine gets there…").waitFor();
    assert.equal(await page.getByRole("button", { name: "Check" }).count(), 0);
    assert.deepEqual(asked.filter(Boolean), ["lsmscope_lesson", "lsmscope"]);
    release();
    await page.locator('.beat[data-phase="asking"]').waitFor();
    assert.equal(await page.getByText("The engine gets there…").count(), 0);
    const slider = page.getByRole("slider", { name: "Position" });
    const begins = Number(await slider.inputValue());
    assert.ok(begins < Number(await slider.getAttribute("max")), "it is at its first event, not at its last");
    await page.waitForFunction(
      (at) => Number(/** @type {any} */ (document.querySelector("[aria-label=Position]")).value) > at,
      begins,
    );
  },
);

pageTest("a beat with knobs is there before the engine, which its options wait for", async (page) => {
  const release = await heldEngine(page);
  await page.goto(new URL("?lesson=cost&step=7", page.url()).href);
  await page.locator(".beat-control").getByText("Loading the options…").waitFor();
  assert.equal(await page.locator(".beat .lesson-step p").first().isVisible(), true);
  release();
  await page.locator('.lesson-knobs [data-knob="bloom_bits_per_key"]').waitFor();
});

pageTest("the list of lessons asks for what a lesson needs only once it is there and rests", async (page) => {
  const address = new URL("?lesson=", page.url()).href;
  // What the front page still loads is none of the list's.
  await page.goto("about:blank");
  const asked = new Promise((tell) =>
    page.route("**/*.wasm", async (route) => {
      tell([wasmOf(route.request().url()), await page.locator(".course-list").count()]);
      await route.continue();
    }),
  );
  await page.goto(address);
  assert.deepEqual(await asked, ["lsmscope_lesson", 1]);
});

pageTest(
  "without the engine, a lesson has its text, and says what is missing and what helps",
  async (page) => {
    await page.route(/lsmscope_bg/, (route) => route.abort());
    await open(page, "deletes");
    await page.locator(".beat .lesson-step p").first().waitFor();
    const alert = page.locator(".beat").getByRole("alert");
    await alert.getByText("The engine could not be loaded").waitFor();
    assert.match(await alert.innerText(), /Check the connection, then reload the page\.$/);
    assert.equal(await page.getByText("The engine gets there…").count(), 0);
  },
  { complains: /./ },
);
