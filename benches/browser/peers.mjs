// The peers, each with its fastest interface, as a `Contestant`. Every round has a new `name` of a database.

import { BrowserLevel } from "browser-level";
import Dexie from "dexie";
import { MemoryLevel } from "memory-level";

/** @typedef {import("./workload.mjs").Entry} Entry */

/** @typedef {string | Uint8Array} Value */

/**
 * A measured store.
 * @typedef {object} Contestant
 * @property {(entry: Entry) => Promise<unknown> | unknown} put one entry; on IndexedDB durable when it resolves
 * @property {(entries: Entry[]) => Promise<unknown> | unknown} batch entries at once, all or none
 * @property {() => Promise<void> | void} [settle] makes all puts durable, so that a later visit finds them
 * @property {(entry: Entry) => Promise<Value | undefined> | Value | undefined} get
 * @property {() => Promise<number>} scan reads every entry in order, and returns their number
 * @property {() => Promise<unknown>} close closes it; its data may be deleted
 */

/** @typedef {(name: string) => Promise<Contestant>} Opener */

/** @type {Record<string, Opener>} */
export const memoryPeers = {
  // Keys and values are text: according to its documentation, it then stores them without transcoding.
  "memory-level": async () => {
    const db = new MemoryLevel({ storeEncoding: "utf8", keyEncoding: "utf8", valueEncoding: "utf8" });
    await db.open();
    return {
      put: ({ key, value }) => db.put(key.text, value.text),
      batch: (entries) =>
        db.batch(entries.map(({ key, value }) => ({ type: "put", key: key.text, value: value.text }))),
      get: ({ key }) => db.get(key.text),
      scan: async () => (await db.iterator().all()).length,
      close: () => db.close(),
    };
  },
};

/** @type {Record<string, Opener>} */
export const indexedDbPeers = {
  "browser-level": async (name) => {
    /** @type {BrowserLevel<Uint8Array, Uint8Array>} */
    const db = new BrowserLevel(name, { keyEncoding: "view", valueEncoding: "view" });
    await db.open();
    return {
      put: ({ key, value }) => db.put(key.bytes, value.bytes),
      batch: (entries) =>
        db.batch(entries.map(({ key, value }) => ({ type: "put", key: key.bytes, value: value.bytes }))),
      get: ({ key }) => db.get(key.bytes),
      scan: async () => (await db.iterator().all()).length,
      close: () => db.close(),
    };
  },

  Dexie: async (name) => {
    const db = new Dexie(name, { chromeTransactionDurability: "strict" });
    db.version(1).stores({ items: "" });
    await db.open();
    const items = db.table("items");
    return {
      put: ({ key, value }) => items.put(value.bytes, key.text),
      batch: (entries) =>
        items.bulkPut(
          entries.map(({ value }) => value.bytes),
          entries.map(({ key }) => key.text),
        ),
      get: ({ key }) => items.get(key.text),
      scan: async () => {
        const [keys, values] = await Promise.all([items.toCollection().primaryKeys(), items.toArray()]);
        if (keys.length !== values.length) throw new Error("Dexie: keys and values differ in number");
        return keys.length;
      },
      close: async () => db.close(),
    };
  },

  "raw IndexedDB": async (name) => {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("items");
    const db = await result(opening);
    /** @param {IDBTransactionMode} mode */
    const store = (mode) => db.transaction("items", mode, { durability: "strict" }).objectStore("items");
    return {
      put: ({ key, value }) => {
        const items = store("readwrite");
        items.put(value.bytes, key.text);
        return committed(items.transaction);
      },
      batch: (entries) => {
        const items = store("readwrite");
        for (const { key, value } of entries) items.put(value.bytes, key.text);
        return committed(items.transaction);
      },
      get: ({ key }) => result(store("readonly").get(key.text)),
      scan: async () => {
        const items = store("readonly");
        // @ts-expect-error: newer than TypeScript's list of the DOM
        if (items.getAllRecords) return (await result(items.getAllRecords())).length;
        const [keys, values] = await Promise.all([result(items.getAllKeys()), result(items.getAll())]);
        if (keys.length !== values.length) throw new Error("raw IndexedDB: keys and values differ in number");
        return keys.length;
      },
      close: async () => db.close(),
    };
  },
};

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBTransaction} transaction @returns {Promise<void>} */
function committed(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

/**
 * browser-level requests no durability, and browsers then promise none. For a fair durable put, every writing
 * transaction of the page is strict during `run`.
 * @template T
 * @param {() => Promise<T>} run
 */
export async function strictly(run) {
  const original = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (names, mode, options) {
    return original.call(this, names, mode, mode === "readwrite" ? { ...options, durability: "strict" } : options);
  };
  try {
    return await run();
  } finally {
    IDBDatabase.prototype.transaction = original;
  }
}
