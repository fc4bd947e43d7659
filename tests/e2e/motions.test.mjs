// The grammar of the figure on the frames that the page draws: of each motion what goes where, event by event. The
// painter's own tests hold it to the scene (tests/figure.rs); these hold the page to the painter.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, leaveConsole, length, ready, region } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */
/**
 * The middle of a part, how opaque, how turned.
 * @typedef {{ x: number, y: number, alpha: number, turn: number }} Seen
 */
/** @typedef {Map<string, Seen>} Parts by identity */

const STILL = /** @type {const} */ ({
  reducedMotion: "reduce",
  site: "modules",
  viewport: { width: 1280, height: 900 },
});
const MOMENTS = [0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1];

/**
 * Keeps the figure that the page draws, so that it can be asked for its frames.
 * @param {Page} page
 */
async function watchFigures(page) {
  await page.evaluate(async () => {
    const { Figure } = await import(new URL("./lsmscope.js", document.baseURI).href);
    const { frame, strings } = Figure.prototype;
    /** @type {WeakMap<object, string[]>} */
    const known = new WeakMap();
    Figure.prototype.frame = function (/** @type {number} */ progress) {
      /** @type {any} */ (globalThis).drawn = this;
      return frame.call(this, progress);
    };
    Figure.prototype.strings = function () {
      const fresh = strings.call(this);
      known.set(this, [...(known.get(this) ?? []), ...fresh]);
      return fresh;
    };
    /** @type {any} */ (globalThis).stringsOf = (/** @type {object} */ figure) => known.get(figure) ?? [];
  });
}

/**
 * The frames of the event that has just happened: the parts at each of MOMENTS.
 * @param {Page} page
 * @returns {Promise<Parts[]>}
 */
async function frames(page) {
  const found = await page.evaluate((moments) => {
    const { drawn, stringsOf } = /** @type {any} */ (globalThis);
    // The numbers in each kind of record; a path has as many as it says (figure/buffer.rs).
    const lengths = [6, 1, 9, 8, 0, 8];
    return moments.map((moment) => {
      const records = drawn.frame(moment);
      drawn.strings();
      const strings = stringsOf(drawn);
      const parts = [];
      for (let at = 0; at < records.length;) {
        const kind = records[at];
        if (kind === 0) {
          const [id, alpha, turn, x, y] = records.subarray(at + 1, at + 6);
          parts.push([strings[id], { x, y, alpha, turn }]);
        }
        at += kind === 4 ? 4 + 2 * records[at + 1] : lengths[kind];
      }
      return parts;
    });
  }, MOMENTS);
  return found.map((parts) => new Map(/** @type {[string, Seen][]} */ (parts)));
}

/**
 * Runs commands.
 * @param {Page} page
 * @param {string[]} lines
 */
async function run(page, lines) {
  await ready(page);
  await emptyQueue(page);
  await watchFigures(page);
  for (const line of lines) await command(page, line);
  await leaveConsole(page);
}

/**
 * Goes to the last event whose story begins like this.
 * @param {Page} page
 * @param {string} story
 */
async function backTo(page, story) {
  for (let at = await length(page); at > 0; at -= 1) {
    await page.getByRole("slider", { name: "Position" }).fill(String(at));
    await page.locator(`canvas.figure[data-at="${at}"]`).waitFor();
    if ((await region(page, "Story")).replace(/^Story /i, "").startsWith(story)) return at;
  }
  return assert.fail(`no event is told as ${story}`);
}

/**
 * Goes some events further.
 * @param {Page} page
 * @param {number} [by]
 */
async function forward(page, by = 1) {
  const slider = page.getByRole("slider", { name: "Position" });
  const at = Number(await slider.inputValue()) + by;
  await slider.fill(String(at));
  await page.locator(`canvas.figure[data-at="${at}"]`).waitFor();
}

/**
 * A part goes one way along the axis, to the right or down.
 * @param {Parts[]} all
 * @param {string} id
 * @param {"x" | "y"} axis
 */
function goes(all, id, axis) {
  const places = all.flatMap((parts) => parts.get(id)?.[axis] ?? []);
  assert.ok(places.length >= MOMENTS.length - 2, `${id} is in ${places.length} frames`);
  for (let i = 1; i < places.length; i += 1) {
    assert.ok(places[i] - places[i - 1] >= -0.01, `${id} goes from ${places[i - 1]} to ${places[i]}`);
  }
  assert.ok(Math.abs(places[places.length - 1] - places[0]) > 5, `${id} stays at ${places[0]}`);
}

/**
 * Entries of a holder, as `key` and `sequence number`, with their looks.
 * @param {Parts} parts
 * @param {string} holder
 * @returns {Record<string, Seen>}
 */
function entries(parts, holder) {
  const own = [...parts].filter(([id]) => id.startsWith(`entry:${holder}:`));
  return Object.fromEntries(own.map(([id, seen]) => [id.split(":").slice(2).reverse().join("·"), seen]));
}

pageTest(
  "a put falls: from the command onto the tape, and from its frame to its key in the memtable",
  async (page) => {
    await run(page, ["put a 1", "put b 2"]);
    await backTo(page, "Frame appended: seq 2");
    const written = await frames(page);
    goes(written, "frame:2:29", "y");
    assert.ok(!written[0].has("entry:memtable-1:2:b"), "not in the memtable yet");
    await forward(page, 2);
    const inserted = await frames(page);
    const from = /** @type {Seen} */ (inserted[0].get("frame:2:29"));
    const first = /** @type {Seen} */ (inserted[1].get("entry:memtable-1:2:b"));
    const rests = /** @type {Seen} */ (inserted[MOMENTS.length - 1].get("entry:memtable-1:2:b"));
    assert.ok(Math.abs(first.y - from.y) < Math.abs(rests.y - from.y) / 3, "it comes from its frame");
    goes(inserted.slice(1), "entry:memtable-1:2:b", "y");
    assert.equal(rests.x, /** @type {Seen} */ (inserted[MOMENTS.length - 1].get("key-name:b")).x, "above its key");
  },
  STILL,
);

pageTest(
  "a flush is a sweep: left of the front ghosts, right of it whole entries, and below it what the events said so far",
  async (page) => {
    await run(page, ["put a 1", "put b 2", "put c 3", "flush"]);
    await backTo(page, "Kept b · 2");
    const all = await frames(page);
    const [before, after] = [all[0], all[MOMENTS.length - 1]];
    assert.deepEqual(Object.keys(entries(before, "table-3")), ["a·1"]);
    assert.deepEqual(Object.keys(entries(after, "table-3")), ["a·1", "b·2"]);
    const { "a·1": a, "b·2": b, "c·3": c } = entries(after, "memtable-1");
    assert.ok(a.alpha < 0.5 && b.alpha < 0.5 && c.alpha === 1, "ghosts up to the front, whole behind it");
    goes(all.slice(1), "entry:table-3:2:b", "y");
    goes(all, "front:1", "x");
  },
  STILL,
);

pageTest(
  "a compaction is the same sweep: what is hidden is struck and falls, inputs go at the install, nothing moves upwards",
  async (page) => {
    await run(page, ["put a 1", "put b 2", "put c 3", "put d 4", "put b 5", "delete c", "flush", "compact"]);
    const began = await backTo(page, "Kept a · 1");
    /** @type {Parts[]} */
    const sweep = await frames(page);
    // Up to its end: past the install, and as long as it is the last that happens.
    for (let at = began; at < (await length(page)); at += 1) {
      await forward(page);
      sweep.push(...(await frames(page)));
    }
    assert.match(await region(page, "Level 1"), /1 table/);
    const places = /** @type {Map<string, number>} */ (new Map());
    for (const parts of sweep) {
      for (const [id, { y, alpha }] of parts) {
        if (!/^(entry|tray):/.test(id) || alpha === 0) continue;
        assert.ok(y >= (places.get(id) ?? y) - 0.01, `${id} moves upwards`);
        places.set(id, y);
      }
      // What is gone may come again elsewhere.
      for (const id of places.keys()) if (!parts.has(id)) places.delete(id);
    }
    await page.getByRole("slider", { name: "Position" }).fill(String(began + 2));
    await page.locator(`canvas.figure[data-at="${began + 2}"]`).waitFor();
    const half = await frames(page);
    const now = half[MOMENTS.length - 1];
    assert.match(await region(page, "Story"), /Dropped b · 2/);
    assert.deepEqual(Object.keys(entries(now, "table-6")), ["a·1", "b·5"], "what the events said so far");
    const older = entries(now, "table-3");
    assert.ok(older["a·1"].alpha < 0.5 && !older["b·2"], "left of the front: a ghost, and nothing of what is dropped");
    assert.ok(older["c·3"].alpha === 1 && older["d·4"].alpha === 1, "right of it: whole");
    const falls = half.flatMap((parts) => entries(parts, "table-3")["b·2"] ?? []);
    assert.ok(falls[falls.length - 1].y > falls[0].y && falls[falls.length - 1].alpha < 1, "what is hidden falls");
    await backTo(page, "New version: +1 −2 tables");
    const install = await frames(page);
    assert.ok(install[0].has("tray:table-3") && install[0].has("tray:table-5"), "inputs are there until the install");
    const done = install[MOMENTS.length - 1];
    assert.ok(!done.has("tray:table-3") && !done.has("tray:table-5") && done.has("tray:table-6"));
  },
  STILL,
);

pageTest(
  "a trivial move slides: the same table, one level further down, and nothing is rewritten",
  async (page) => {
    const puts = [..."abcdefghijkl"].map((key, i) => `put ${key} ${i + 1}`);
    await run(page, ["options max_bytes_for_level_base=1200 target_file_size_base=300", ...puts]);
    await backTo(page, "New version: +1 −1 tables");
    const all = await frames(page);
    const tray = [...all[0].keys()].find((id) => {
      const [y, now] = [all[0].get(id)?.y ?? 0, all[MOMENTS.length - 1].get(id)?.y ?? 0];
      return id.startsWith("tray:table-") && now - y > 20;
    });
    assert.ok(tray, "a tray goes down");
    goes(all, tray, "y");
    const holder = tray.replace("tray:", "");
    assert.deepEqual(Object.keys(entries(all[0], holder)), Object.keys(entries(all[MOMENTS.length - 1], holder)));
  },
  STILL,
);

pageTest(
  "a get is a plumb line at its key that stops at each thing it asks",
  async (page) => {
    await run(page, ["put a 1", "put b 2", "flush", "put c 3", "get b"]);
    await backTo(page, "Get b begins");
    const key = /** @type {Seen} */ ((await frames(page))[MOMENTS.length - 1].get("key-name:b"));
    /** @type {number[]} */
    const depths = [];
    for (const asked of ["Memtable 2: not there", "000003: in its range", "000003's filter: maybe"]) {
      await forward(page);
      assert.match(await region(page, "Story"), new RegExp(asked));
      const line = /** @type {Seen} */ ((await frames(page))[MOMENTS.length - 1].get("plumb"));
      assert.equal(line.x, key.x, "at its key");
      depths.push(line.y);
    }
    assert.ok(depths[1] > depths[0] && depths[2] === depths[1], `the line goes to ${depths}`);
    await backTo(page, "Found b");
    const found = (await frames(page))[MOMENTS.length - 1];
    assert.ok(found.has("probe:memtable-2") && found.has("probe:table-3"));
  },
  STILL,
);

pageTest(
  "a scan is a band with a cursor for each source, and its rows run out at the bottom",
  async (page) => {
    await run(page, ["put a 1", "put b 2", "flush", "put b 3", "scan"]);
    await backTo(page, "Returned b · 3");
    const all = await frames(page);
    assert.ok(all.every((parts) => parts.has("band")));
    assert.ok(all[MOMENTS.length - 1].has("cursor:table-3") && all[MOMENTS.length - 1].has("cursor:memtable-2"));
    const row = [...all[4].keys()].find((id) => id.startsWith("scan-row:"));
    assert.ok(row, "a row is on its way");
    goes(all.slice(1, -1), row, "y");
  },
  STILL,
);

pageTest(
  "a power cut takes what is not durable, and recovery reads the tape again",
  async (page) => {
    await run(page, ["put a 1", "options wal_sync=never", "put b 2", "crash", "reopen"]);
    await backTo(page, "The power is cut");
    const cut = await frames(page);
    const frame = (/** @type {Parts} */ parts, /** @type {string} */ log) =>
      [...parts].find(([id]) => id.startsWith(`frame:${log}:`));
    const [lost] = frame(cut[0], "3") ?? [];
    assert.ok(lost, "the frame that is not durable is there before");
    goes(cut, lost, "y");
    assert.ok((cut[MOMENTS.length - 1].get(lost)?.turn ?? 0) > 0, "it falls off");
    assert.ok(!cut[MOMENTS.length - 1].has("entry:memtable-2:2:b"), "memory is gone");
    const kept = frame(cut[MOMENTS.length - 1], "2");
    assert.equal(kept?.[1].turn, 0, "what is durable stays");
    await backTo(page, "Frame replayed: seq 1");
    const read = await frames(page);
    assert.ok(frame(read[0], "2"), "the tape is there before it is read");
    const head = [...read[MOMENTS.length - 1].keys()].find((id) => id.startsWith("read-head:"));
    assert.ok(head, "a head reads it");
  },
  STILL,
);
