// A moment survives being a link; what is no moment, is damaged or asks for too much is refused by name.

import assert from "node:assert/strict";
import { test } from "node:test";

import { lines } from "./command-lines.js";
import { encode, readLink } from "./link.js";
import { MAX_FRAGMENT, MAX_INFLATED } from "./link/bounds.js";
import { deflate, inflate } from "./link/deflate.js";

/** @typedef {import("./link.js").Moment} Moment */

/**
 * A seeded generator (mulberry32): the same moments in every run.
 * @param {number} seed
 * @returns {(end: number) => number} a number below `end`
 */
function random(seed) {
  return (end) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % end;
  };
}

/** What text is made of: what means something in a URL or in the command language, and what is hard to encode. */
const ATOMS = [..."ab01 \"'\\;#@=&+%?/.,:ü€\u{1f4be}\u2028\0\t", "%0A", "%", "&v=2", "put k v", "\\x00", "script="];

/**
 * @param {(end: number) => number} below
 * @param {number} most
 * @param {string[]} atoms
 */
function text(below, most, atoms) {
  return Array.from({ length: below(most + 1) }, () => atoms[below(atoms.length)]).join("");
}

/** @type {Moment} */
const plain = {
  preset: "teaching",
  options: {},
  branches: [
    {
      title: "main",
      script: ["put a 1", 'put b "x & y = ü"', "flush"],
      next: ["get a"],
      at: "flush:1/version_installed",
      facts: "0 removed, 1 added",
    },
  ],
  shown: 0,
  pastOnly: false,
  stepInto: null,
  layout: null,
  zoom: null,
  selection: null,
};

/** @param {string} fragment */
async function moment(fragment) {
  const link = await readLink(fragment);
  assert.ok(link?.kind === "moment", `${fragment.slice(0, 200)}: ${JSON.stringify(link)}`);
  return link.moment;
}

/** @param {string} fragment */
async function reason(fragment) {
  const link = await readLink(fragment);
  assert.ok(link?.kind === "refused", `${fragment.slice(0, 200)} is refused`);
  return link.reason;
}

test("a moment comes back from its link as it was, with its branches and its view", async () => {
  const fork = { title: "from event 9", script: ["put a 1", "put c 3"], next: [], at: null, facts: "" };
  const end = { ...plain.branches[0], at: null, facts: "" };
  const whole = {
    ...plain,
    options: { write_buffer_entries: "8", compaction_style: "universal" },
    branches: [plain.branches[0], fork, { ...fork, title: "a & b", script: [] }],
    shown: 1,
    pastOnly: true,
    stepInto: false,
    layout: /** @type {const} */ ("panels"),
    zoom: { from: 0.25, to: 0.5 },
    selection: { file: "000008.sst", offset: 120 },
  };
  for (const one of [plain, whole, { ...plain, branches: [end] }, { ...plain, selection: { key: "file:x" } }])
    assert.deepEqual(await moment(await encode(one)), one);
});

test("a link of a teacher can be read, and typed", async () => {
  const link = "#v=2&script=put a 1%0Aflush&at=flush/table_finished&options=num_levels=4 nonsense&layout=x&zoom=2..1";
  const read = await moment(link);
  assert.deepEqual([read.preset, read.options, read.layout, read.zoom], ["teaching", { num_levels: "4" }, null, null]);
  assert.deepEqual(read.branches[0].script, ["put a 1", "flush"]);
  assert.equal(read.branches[0].at, "flush/table_finished");
});

test("a long script is deflated, and never longer than it was", async () => {
  const script = Array.from({ length: 400 }, (_, i) => `put user:${i % 37} value-${i}`);
  const long = { ...plain, branches: [{ ...plain.branches[0], script }] };
  const link = await encode(long);
  assert.match(link, /^#v=2&z=[\w-]+$/);
  assert.ok(link.length < 3000, `${link.length} characters`);
  assert.deepEqual(await moment(link), long);
  assert.ok(!(await encode(plain)).includes("z="), "a short one can be read");
  assert.ok((await encode({ ...plain, pastOnly: true })).includes("z="), "not what is hidden");
});

test("a fragment that is no link is passed over", async () => {
  for (const none of ["", "#", "#top", "#v=x&script=flush", "#v=0&script=flush", "#script=flush", "#preset=teaching"])
    assert.equal(await readLink(none), null, none);
  for (const one of ["#v=1&room=simulate", "#room=simulate"])
    assert.deepEqual(await readLink(one), { kind: "experiment" }, one);
});

test("a link of a newer version is told from all others, whatever it would open", async () => {
  for (const version of ["3", "10", "9".repeat(400)])
    for (const rest of ["preset=teaching&script=put+a+1", "room=simulate&spec=preset+rocksdb", "z=AA", ""]) {
      const told = await reason(`#v=${version}&${rest}`);
      assert.ok(
        told.startsWith(`The link has version ${version.slice(0, 20)}; this page reads versions 1 to 2.`),
        told,
      );
    }
});

test("a link that asks for too much is refused, and says what is too much", async () => {
  const script = (/** @type {string[]} */ all) =>
    encode({ ...plain, branches: [{ ...plain.branches[0], script: all }] });
  const many = Array.from({ length: 5001 }, () => "flush");
  assert.equal(await reason(await script(many)), "The link has 5,002 commands; no more than 5,000 are run.");
  assert.equal(
    await reason(await script([`put a ${"x".repeat(400_000)}`])),
    "The link's commands are longer than 400,000 characters.",
  );
  const branches = Array.from({ length: 7 }, () => plain.branches[0]);
  assert.match(await reason(await encode({ ...plain, branches })), /^The link has 7 branches; no more than 6/);
  assert.match(await reason(`#v=2&at=${"a/".repeat(200)}`), /^The link has a name of 400 characters: a\/a/);
  assert.match(await reason(`#v=2&script=${"a".repeat(MAX_FRAGMENT)}`), /^The link has 1,048,5.. characters; no more/);
  assert.match(
    await reason("#v=2&script=flush&branch=title%3Dx%26fork%3D2"),
    /^The link's branch "x" begins at a line/,
  );
  assert.match(await reason("#v=2&room=simulate&spec=preset+rocksdb"), /the simulator, whose links have version 1/);
});

test("a small link that inflates to a large one is cut off where it is too long", async () => {
  const bomb = await deflate("script=" + "flush%0A".repeat(8_000_000));
  assert.ok(bomb.length < MAX_FRAGMENT / 4, `${bomb.length} characters for 64 MB`);
  const before = process.memoryUsage().arrayBuffers;
  assert.equal(await reason(`#v=2&z=${bomb}`), "The link is longer than 1,048,576 bytes when it is inflated.");
  assert.ok(process.memoryUsage().arrayBuffers - before < 16 * MAX_INFLATED, "not all of it was in memory");
});

test("a damaged link says so", async () => {
  const good = await encode({ ...plain, branches: [{ ...plain.branches[0], script: Array(400).fill("put k v") }] });
  for (const bad of [good.slice(0, -9), good.replace("z=", "z=____"), "#v=2&z=", "#v=2&z=A", "#v=2&z=AA"])
    assert.match(await reason(bad), /^The link is damaged: /, bad);
  assert.match(await reason("#v=2&z=ab.cd"), /has a character that is none of it/);
});

test("any moment comes back from its link as it was", async () => {
  const below = random(1);
  const script = () => lines(Array.from({ length: below(6) }, () => text(below, 12, ATOMS)).join("\n"));
  const branch = (/** @type {string} */ title) => {
    const at = below(3) === 0 ? null : text(below, 6, ATOMS) || "0";
    return { title, script: script(), next: script(), at, facts: at === null ? "" : text(below, 4, ATOMS) };
  };
  for (let n = 0; n < 500; n++) {
    const others = Array.from({ length: below(3) }, (_, i) => branch(text(below, 4, ATOMS) || `branch ${i + 1}`));
    const branches = [branch("main"), ...others];
    const one = { ...plain, preset: text(below, 4, ATOMS) || "teaching", branches, shown: below(branches.length) };
    assert.deepEqual(await moment(await encode(one)), one);
  }
});

test("no fragment is too broken to be read, and none is read as more than it may ask for", async () => {
  const below = random(2);
  // Halves of characters, broken escapes, and fields twice, empty or without a name.
  const atoms = [
    ...ATOMS,
    ...[
      "\ud800",
      "\udc00",
      "%f",
      "%ff%fe",
      "v=1",
      "&at=",
      "&script=",
      "&next=",
      "&preset=",
      "9".repeat(400),
      "-",
      "1e3",
    ],
    ...["&branch=", "&branch=fork%3D", "&on=", "&zoom=0..", "&select=file:", "&options=__proto__=1", "&z=", "NaN"],
  ];
  const seeds = [await encode(plain), await encode({ ...plain, branches: [plain.branches[0], plain.branches[0]] })];
  const long = { ...plain.branches[0], script: Array.from({ length: 300 }, (_, i) => `put k${i} v`) };
  seeds.push(await encode({ ...plain, branches: [long] }));
  let moments = 0;
  for (let n = 0; n < 5000; n++) {
    const seed = seeds[below(seeds.length)];
    const at = below(seed.length);
    const mutated = seed.slice(0, at) + text(below, 3, atoms) + seed.slice(at + below(3));
    const built = `#v=${1 + below(2)}&${text(below, 20, atoms)}`;
    const link = await readLink(below(2) ? mutated : built);
    if (link?.kind === "refused") assert.match(link.reason, /^The link.*[.…]$/s);
    if (link?.kind !== "moment") continue;
    moments += 1;
    const { preset, branches, shown } = link.moment;
    assert.ok(preset !== "" && branches.length >= 1 && shown >= 0 && shown < branches.length);
    for (const line of branches.flatMap(({ script, next }) => [...script, ...next]))
      assert.ok(line !== "" && !line.includes("\n"));
    // What was read can be shared again, and is the same moment.
    assert.deepEqual(await moment(await encode(link.moment)), link.moment);
  }
  assert.ok(moments > 1000, `${moments} of them were moments`);
  await assert.rejects(inflate("!"), /^Error: The link is damaged/);
});
