// How the text stands is said in one sentence, which counts what is listed.

import assert from "node:assert/strict";
import { test } from "node:test";

import { standing } from "./findings.js";

/** The sentence for `errors` and `warnings`. @param {number} errors @param {number} warnings */
function said(errors, warnings) {
  const severities = [...Array(errors).fill("error"), ...Array(warnings).fill("warning")];
  const findings = severities.map((severity) => ({ severity }));
  return standing(/** @type {any} */ ({ text: "x", findings, check: "done", variants: 1 }));
}

test("errors and warnings are both counted, as the list of problems counts them", () => {
  assert.equal(said(1, 2), "1 error, 2 warnings");
  assert.equal(said(2, 0), "2 errors");
  assert.equal(said(0, 1), "1 warning, no error");
  assert.equal(said(0, 0), "No errors.");
});
