// The results as tables: the rate of each store, the ratio of ours to the fastest peer's, and its budget.

/** @typedef {import("./page.mjs").Rates} Rates */

/** The name of lsmscope in the tables. */
export const OURS = "lsmscope";

const BUDGETS = {
  memory: { put: 1, get: 1 },
  inside: { put: 4, get: 3, scan: 3 },
  // The first get of a key finds its block on disk; the next one, in the cache.
  indexedDb: { "put, durable": 1, "put, batched": 10, "get, again": 25, scan: 10 },
};

/**
 * @param {{ memory: Rates, inside: Rates, indexedDb: Rates }} measured
 * @param {import("./page.mjs").Effort} effort
 * @param {string} version
 */
export function print({ memory, inside, indexedDb }, effort, version) {
  const many = (/** @type {number} */ n) => n.toLocaleString("en");
  console.log(`Chromium ${version}: 16-byte keys in random order, 100-byte values; medians of ${effort.rounds} rounds`);
  table(
    `in memory, called once per operation from JavaScript: ${many(effort.memoryEntries)} entries`,
    memory,
    BUDGETS.memory,
  );
  // The peers cannot run a workload inside, so their rates are those of calls from JavaScript.
  const peersToo = Object.fromEntries(
    Object.entries(inside).map(([operation, ours]) => [operation, { ...memory[operation], ...ours }]),
  );
  table(
    `in memory, the workload run inside the engine: ${many(effort.memoryEntries)} entries`,
    peersToo,
    BUDGETS.inside,
  );
  table(
    `IndexedDB, strict durability: ${many(effort.durablePuts)} single puts, ` +
      `then ${many(effort.indexedDbEntries)} in batches of ${many(effort.batchSize)}`,
    indexedDb,
    BUDGETS.indexedDb,
  );
}

/**
 * @param {string} title
 * @param {Rates} rates
 * @param {Record<string, number>} budgets
 */
function table(title, rates, budgets) {
  const names = Object.keys(Object.values(rates)[0] ?? {});
  if (names.length === 0) return;
  console.log(`\n${title}`);
  console.log(
    "operation".padEnd(14) + names.map((name) => name.padStart(17)).join("") + "ratio".padStart(10) + "   budget",
  );
  for (const [operation, byName] of Object.entries(rates)) {
    const cells = names.map((name) => `${Math.round(byName[name]).toLocaleString("en")}/s`.padStart(17)).join("");
    console.log(operation.padEnd(14) + cells + verdict(byName, budgets[operation]));
  }
}

/**
 * The ratio of ours to the fastest peer's, and whether it meets the budget.
 * @param {Record<string, number>} byName
 * @param {number | undefined} budget
 */
function verdict({ [OURS]: ours, ...peers }, budget) {
  if (ours === undefined) return "";
  const ratio = ours / Math.max(...Object.values(peers));
  const text = `${ratio.toFixed(2)}×`.padStart(10);
  return budget === undefined ? `${text}   none` : `${text}   ≥ ${budget}×: ${ratio >= budget ? "met" : "MISSED"}`;
}
