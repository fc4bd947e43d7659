// lsmscope as measured stores: the engine for programs (feature `db`), without a tracer, with RocksDB's defaults.

// @ts-ignore: run.mjs puts the build beside the bundle
import init, { Db } from "./lsmscope.js";

import { OURS } from "./table.mjs";

/** @typedef {import("./peers.mjs").Contestant} Contestant */
/** @typedef {import("./peers.mjs").Opener} Opener */
/** @typedef {any} Database The class `Db` of the build; its types are in there. */
/** @typedef {Record<string, unknown>} OpenConfig */

/**
 * lsmscope called from JavaScript, in memory and on IndexedDB; and `inside`: a whole workload of `entries` entries that
 * runs within the engine and returns its rates.
 * @returns {Promise<{
 *   memory: Record<string, Opener>,
 *   indexedDb: Record<string, Opener>,
 *   inside: Record<string, (entries: number) => Promise<Record<string, number>>>,
 * }>}
 */
export async function ours() {
  await init();
  return {
    memory: { [OURS]: () => open({ backend: "memory", preset: "rocksdb", options: { wal_sync: "never" } }) },
    indexedDb: { [OURS]: (name) => open({ backend: "indexeddb", name, durability: "strict", preset: "rocksdb" }) },
    inside: { [OURS]: inside },
  };
}

/** @param {OpenConfig} config @returns {Promise<Contestant>} */
async function open(config) {
  /** @type {Database} */
  const db = await Db.open(config);
  return {
    put: ({ key, value }) => db.put(key.bytes, value.bytes),
    batch: (entries) => db.batch(entries.map(({ key, value }) => [key.bytes, value.bytes])),
    settle: () => db.flush(),
    get: ({ key }) => db.get(key.bytes),
    scan: async () => (await db.scan(undefined, undefined)).length,
    close: async () => {
      await db.close();
      db.free();
    },
  };
}

/** @param {number} count */
async function inside(count) {
  /** @type {Database} */
  const db = await Db.open({ backend: "memory", preset: "rocksdb", options: { wal_sync: "never" } });
  /** @type {Record<string, number>} */
  const rates = {};
  for (const operations of /** @type {const} */ (["put", "get", "scan"])) {
    const start = performance.now();
    const done = await db.run_workload({ operations, count, seed: 1, value_size: 100 });
    rates[operations] = count / ((performance.now() - start) / 1000);
    const expected = { put: done.operations, get: done.found, scan: done.operations }[operations];
    if (expected !== count) throw new Error(`${operations}: ${expected} of ${count} entries`);
  }
  await db.close();
  db.free();
  return rates;
}
