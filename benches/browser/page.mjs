// Runs in the page: measures every store in alternating rounds, and returns the median rates of each.

import { ours } from "./ours.mjs";
import { indexedDbPeers, memoryPeers, strictly } from "./peers.mjs";
import { entries, shuffled } from "./workload.mjs";

/** @typedef {import("./peers.mjs").Contestant} Contestant */
/** @typedef {import("./peers.mjs").Opener} Opener */
/** @typedef {import("./workload.mjs").Entry} Entry */
/** @typedef {Record<string, Record<string, number>>} Rates operation, then contestant: entries a second */

/**
 * The size of a measurement.
 * @typedef {object} Effort
 * @property {number} rounds
 * @property {number} memoryEntries
 * @property {number} indexedDbEntries put in batches, then scanned
 * @property {number} indexedDbGets got one by one
 * @property {number} durablePuts put one by one
 * @property {number} batchSize
 */

/** @param {Effort} effort @returns {Promise<{ memory: Rates, inside: Rates, indexedDb: Rates }>} */
export async function measure(effort) {
  const engine = await ours();
  const memory = await rounds(effort, { ...engine.memory, ...memoryPeers }, memoryRound);
  const inside = await rounds(effort, engine.inside, (open) => open(effort.memoryEntries));
  const indexedDb = await strictly(() => rounds(effort, { ...engine.indexedDb, ...indexedDbPeers }, indexedDbRound));
  return { memory, inside, indexedDb };
}

/** @param {Opener} open @param {Effort} effort @param {string} name */
async function memoryRound(open, { memoryEntries }, name) {
  const all = entries(memoryEntries, 1);
  const db = await open(name);
  const put = await rate(all.length, () => each(all, db.put));
  const wanted = shuffled(all, 2);
  const get = await rate(wanted.length, () => each(wanted, (entry) => found(db, entry)));
  const scan = await rate(all.length, () => whole(db, all.length));
  await db.close();
  return { put, get, scan };
}

/** @param {Opener} open @param {Effort} effort @param {string} name */
async function indexedDbRound(open, { indexedDbEntries, indexedDbGets, durablePuts, batchSize }, name) {
  const all = entries(indexedDbEntries + durablePuts, 3);
  const [single, batched] = [all.slice(0, durablePuts), all.slice(durablePuts)];
  const db = await open(name);
  const put = await rate(single.length, () => each(single, db.put));
  const batch = await rate(batched.length, async () => {
    for (let i = 0; i < batched.length; i += batchSize) await db.batch(batched.slice(i, i + batchSize));
  });
  await db.settle?.();
  const wanted = shuffled(all, 4).slice(0, indexedDbGets);
  const gets = () => rate(wanted.length, () => each(wanted, (entry) => found(db, entry)));
  const [first, again] = [await gets(), await gets()];
  const scan = await rate(all.length, () => whole(db, all.length));
  await db.close();
  return { "put, durable": put, "put, batched": batch, "get, first": first, "get, again": again, scan };
}

/**
 * Runs alternating rounds, so that other load on the machine affects every store, and returns the medians.
 * @template T
 * @param {Effort} effort
 * @param {Record<string, T>} contestants
 * @param {(contestant: T, effort: Effort, name: string) => Promise<Record<string, number>>} round
 */
async function rounds(effort, contestants, round) {
  /** @type {Record<string, Record<string, number[]>>} */
  const samples = {};
  for (let n = 0; n < effort.rounds; n++) {
    for (const [name, contestant] of Object.entries(contestants)) {
      const database = `bench ${name} ${n}`;
      const rates = await round(contestant, effort, database);
      for (const [operation, rate] of Object.entries(rates)) ((samples[operation] ??= {})[name] ??= []).push(rate);
      await dropDatabases(database);
    }
  }
  /** @type {Rates} */
  const medians = {};
  for (const [operation, byName] of Object.entries(samples)) {
    medians[operation] = Object.fromEntries(Object.entries(byName).map(([name, rates]) => [name, median(rates)]));
  }
  return medians;
}

/**
 * @param {Entry[]} all
 * @param {(entry: Entry) => unknown} call
 */
async function each(all, call) {
  for (const entry of all) await call(entry);
}

/** @param {Contestant} db @param {Entry} entry */
async function found(db, entry) {
  const value = await db.get(entry);
  if (value?.length !== entry.value.text.length) throw new Error(`${entry.key.text} was put and is not found`);
}

/** @param {Contestant} db @param {number} expected */
async function whole(db, expected) {
  const count = await db.scan();
  if (count !== expected) throw new Error(`the scan found ${count} of ${expected} entries`);
}

/** Entries a second. @param {number} count @param {() => Promise<unknown>} run */
async function rate(count, run) {
  const start = performance.now();
  await run();
  return count / ((performance.now() - start) / 1000);
}

/** @param {number[]} numbers */
function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** Deletes a round's database, so that it does not slow down the next round. @param {string} name */
async function dropDatabases(name) {
  for (const database of await indexedDB.databases()) {
    if (!database.name?.includes(name)) continue;
    const dropping = indexedDB.deleteDatabase(database.name);
    await new Promise((resolve, reject) => {
      dropping.onsuccess = resolve;
      dropping.onerror = () => reject(dropping.error);
      dropping.onblocked = () => reject(new Error(`${database.name} is still open`));
    });
  }
}
