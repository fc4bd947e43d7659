// lsmscope's own contestants.

/** @typedef {import("./peers.mjs").Opener} Opener */

/**
 * What ours enters the contest with: called from JavaScript in memory and on IndexedDB, and (`inside`) a whole
 * workload of so many entries run within the engine, which says its own rates.
 * @returns {Promise<{ memory: Record<string, Opener>, indexedDb: Record<string, Opener>, inside: Record<string, (entries: number) => Promise<Record<string, number>>> }>}
 */
export async function ours() {
  return { memory: {}, indexedDb: {}, inside: {} };
}
