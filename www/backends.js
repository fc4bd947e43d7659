// Descriptions of a backend: where it stores the bytes, and what a sync means there.

import { sessionPromise } from "./keeping.js";
import { say } from "./words.js";

/** @param {ReturnType<import("./sandbox.js").Sandbox["backend"]>} backend */
export function describe(backend) {
  return backend.kind === "memory" ? say("Memory") : `IndexedDB · ${backend.durability}`;
}

/**
 * What a sync that returned means on that backend, in one sentence.
 * @param {{ kind: "memory" | "indexeddb", durability?: "strict" | "relaxed" }} backend
 */
export function promise({ kind, durability }) {
  if (kind === "memory") return sessionPromise();
  if (durability === "strict")
    return say(
      "What is synced survives a crash of the tab or the browser, and a power cut if the disk keeps its word.",
    );
  return say("What is synced survives a crash of the tab or the browser; a power cut may take the last of it.");
}
