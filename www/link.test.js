// A moment survives being a link.

import assert from "node:assert/strict";
import { test } from "node:test";

import { lines } from "./command-lines.js";
import { decode, encode, linkKind, refusal } from "./link.js";

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

const moment = { preset: "teaching", script: ["put a 1", 'put b "x & y = ü"', "flush"], next: ["get a"], at: 12 };

test("a moment comes back from its link as it was", () => {
  assert.deepEqual(decode(encode(moment)), moment);
  assert.deepEqual(decode(encode({ ...moment, next: [], at: null })), { ...moment, next: [], at: null });
  assert.deepEqual(decode(encode({ ...moment, pastOnly: true })), { ...moment, pastOnly: true });
});

test("a fragment that is no moment is passed over", () => {
  for (const fragment of ["", "#", "#top", "#v=2&script=put+a+1"]) assert.equal(decode(fragment), null);
});

test("a link of a newer version is told from all others, whatever it would open", () => {
  for (const version of ["2", "10", "9".repeat(400)]) {
    for (const rest of ["preset=teaching&script=put+a+1", "room=simulate&spec=preset+rocksdb", ""]) {
      const link = `#v=${version}&${rest}`;
      assert.equal(linkKind(link), "newer", link);
      assert.ok(refusal(link).startsWith(`The link has version ${version}; this page reads version 1.`), refusal(link));
    }
  }
  assert.equal(linkKind(encode(moment)), "moment");
  assert.equal(linkKind("#v=1&room=simulate"), "experiment");
  assert.equal(linkKind("#room=simulate"), "experiment", "the plain one");
  for (const none of ["", "#top", "#v=x&script=flush", "#v=0&script=flush"]) assert.equal(linkKind(none), null, none);
});

test("a damaged position is left out, the rest is kept", () => {
  assert.equal(decode("#v=1&script=flush&at=x1")?.at, null);
  assert.equal(decode("#v=1&script=flush&at=-3")?.at, null);
  assert.deepEqual(decode("#v=1&script=flush")?.script, ["flush"]);
});

test("any moment comes back from its link as it was", () => {
  const below = random(1);
  const script = () => lines(Array.from({ length: below(6) }, () => text(below, 12, ATOMS)).join("\n"));
  for (let n = 0; n < 2000; n++) {
    const preset = text(below, 4, ATOMS) || "teaching";
    const at = below(3) === 0 ? null : below(2 ** 31) * 2 ** below(22);
    const moment = { preset, script: script(), next: script(), at };
    assert.deepEqual(decode(encode(moment)), moment);
  }
});

test("no fragment is too broken to be read", () => {
  const below = random(2);
  // Halves of characters, broken escapes, and fields twice, empty or without a name.
  const atoms = [
    ...ATOMS,
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
    "NaN",
  ];
  let moments = 0;
  for (let n = 0; n < 5000; n++) {
    const read = decode((below(2) ? "#v=1&" : "") + text(below, 20, atoms));
    if (read === null) continue;
    moments += 1;
    assert.ok(read.preset !== "" && (read.at === null || (Number.isSafeInteger(read.at) && read.at >= 0)));
    for (const line of [...read.script, ...read.next]) assert.ok(line !== "" && !line.includes("\n"));
    // What was read can be shared again, and is the same moment.
    assert.deepEqual(decode(encode(read)), read);
  }
  assert.ok(moments > 1000, `${moments} of them were moments`);
});
