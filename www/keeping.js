// What this browser lets the page keep, and for how long.
//
// Storage may be denied: by the sandbox of a frame, or by the browser's settings. In a frame of another site's page,
// browsers keep what is stored apart for each of these sites. An embed keeps no session: it tells its host each moment,
// so that the host can (see frame/frame.js).

import { isEmbed, isFramed } from "./site-address.js";
import { say } from "./words.js";

/** @type {Storage | null | undefined} Once it was tried, which costs as much as drawing a panel. */
let tried;

/** The tab's storage; null where the browser denies it. */
export function tabStorage() {
  if (tried !== undefined) return tried;
  const name = "lsmscope.test";
  try {
    sessionStorage.setItem(name, "");
    sessionStorage.removeItem(name);
    tried = sessionStorage;
  } catch {
    tried = null;
  }
  return tried;
}

/** Why the page can store nothing that outlives the tab; empty where it can. */
export function notStored() {
  try {
    // Denied storage throws here; a database would be refused as well, but only when it is opened.
    localStorage.getItem("lsmscope.test");
    if (indexedDB) return "";
  } catch {
    if (globalThis.origin === "null" && isFramed())
      return say("The page around this frame gives it no storage: its sandbox lacks allow-same-origin.");
  }
  return say("The browser's settings let this page store nothing.");
}

/** What becomes of a session in memory, in one sentence. */
export function sessionPromise() {
  if (isEmbed())
    return isFramed()
      ? say("A reload begins again, unless the page around this frame keeps the moment.")
      : say("A reload begins again.");
  return tabStorage()
    ? say("It is built again after a reload, and gone with the tab.")
    : say("It is gone with a reload: the browser lets this page keep nothing.");
}

/** For whom a stored database is kept apart; empty where it is this site's alone. */
export function keptApart() {
  if (!isFramed()) return "";
  // Not every browser names the pages around a frame.
  const around = location.ancestorOrigins;
  if (around && [...around].every((origin) => origin === globalThis.origin)) return "";
  return say(
    "In a frame, browsers keep it for this page and the site around it together: on another site it is not there.",
  );
}
