import { test } from "node:test";
import assert from "node:assert/strict";

import { ofDatabase } from "./dropped.js";
import { ofDirectory, sortHistory } from "./history-files.js";

const LINE = "2026/11/28-16:32:32.441791 42 RocksDB version: 9.8.4\n";
const names = (/** @type {readonly { name: string }[]} */ files) => files.map(({ name }) => name);

test("a LOG alone has no history, but a film; a MANIFEST may come later, and the LOG stays", async () => {
  const alone = await sortHistory([new File([LINE], "LOG.old.7"), new File([LINE], "LOG")], null);
  assert.deepEqual([alone.name, alone.bytes, names(alone.logs)], ["LOG", null, ["LOG.old.7", "LOG"]]);
  const both = await sortHistory([new File(["manifest"], "MANIFEST-000005")], alone);
  assert.deepEqual([both.name, names(both.logs)], ["MANIFEST-000005", ["LOG.old.7", "LOG"]]);
  const another = await sortHistory([new File(["other"], "MANIFEST-000009")], both);
  assert.deepEqual([another.name, another.logs], ["MANIFEST-000009", []], "another history is another database");
});

test("LevelDB's LOG.old was written before its LOG", async () => {
  const { logs } = await sortHistory([new File([LINE], "LOG"), new File([LINE], "LOG.old")], null);
  assert.deepEqual(names(logs), ["LOG.old", "LOG"]);
});

test("a packed LOG is known by what is in it, and is not unpacked here", async () => {
  const packed = new Blob([LINE.repeat(9000)]).stream().pipeThrough(new CompressionStream("gzip"));
  const file = new File([await new Response(packed).blob()], "LOG.gz");
  const { name, logs } = await sortHistory([file], null);
  assert.deepEqual([name, logs], ["LOG", [{ name: "LOG", file }]]);
});

test("of a database's directory, what is in force is taken, and no tables", async () => {
  const file = (/** @type {string} */ name, text = "") => new File([text], name);
  const all = [
    "000012.sst",
    "LOCK",
    "IDENTITY",
    "LOG",
    "LOG.old.17",
    "MANIFEST-000004",
    "MANIFEST-000011",
    "OPTIONS-999999",
    "OPTIONS-1000002",
    "000008.log",
  ].map((name) => file(name));
  const taken = await ofDirectory([...ofDatabase(all), file("CURRENT", "MANIFEST-000004\n")]);
  assert.deepEqual(names(taken), ["MANIFEST-000004", "OPTIONS-1000002", "LOG", "LOG.old.17"]);
  assert.deepEqual(names(ofDatabase([file("notes.txt"), file("srv_db_LOG.old.3.gz")])), ["srv_db_LOG.old.3.gz"]);
});

test("a log counts once beside its packed copy, and two logs of one name are those of two databases", async () => {
  const packed = new Blob([LINE]).stream().pipeThrough(new CompressionStream("gzip"));
  const plain = new File([LINE], "LOG");
  const { logs } = await sortHistory([new File([await new Response(packed).blob()], "LOG.gz"), plain], null);
  assert.deepEqual(logs, [{ name: "LOG", file: plain }]);
  await assert.rejects(sortHistory([plain, new File([LINE], "LOG")], null), /LOG is one too many/);
});
