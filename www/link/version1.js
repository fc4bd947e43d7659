// Reads links of version 1, which were made until 2026-11-29: `at` is a number of events, and there are no branches.
//
//   #v=1&preset=teaching&script=put%20a%201%0Aflush&next=get%20a&at=12

import { lines } from "../command-lines.js";
import { say } from "../words.js";

/**
 * @param {URLSearchParams} fields
 * @returns {{ moment: import("./version2.js").Moment } | { reason: string }}
 */
export function read(fields) {
  if (fields.has("room")) return { reason: say("The link is of another part of the page, which there is not.") };
  const at = Number.parseInt(fields.get("at") ?? "", 10);
  const moment = {
    preset: fields.get("preset") || "teaching",
    options: {},
    branches: [
      {
        title: "main",
        script: lines(fields.get("script") ?? ""),
        next: lines(fields.get("next") ?? ""),
        at: Number.isSafeInteger(at) && at >= 0 ? String(at) : null,
        facts: "",
      },
    ],
    shown: 0,
    pastOnly: fields.get("past") === "only",
    stepInto: null,
    layout: null,
    zoom: null,
    selection: null,
  };
  return { moment };
}
