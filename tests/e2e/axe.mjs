// Axe on a page of a test: what is wrong with its access.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** @typedef {import("playwright-core").Page} Page */

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * What axe finds wrong with the page as it is: a line for each rule and element.
 * @param {Page} page
 * @param {string[]} [more] Rules that are off by themselves.
 * @returns {Promise<string[]>}
 */
export async function faults(page, more = []) {
  return page.evaluate(
    async ({ source, more }) => {
      const known = /** @type {{ axe?: any }} */ (globalThis);
      // A script element would need an exception in the page's content security policy, where a host sets one.
      if (!known.axe) (0, eval)(source);
      const { violations } = await known.axe.run(document, {
        rules: Object.fromEntries(more.map((rule) => [rule, { enabled: true }])),
        resultTypes: ["violations"],
      });
      return violations.flatMap((/** @type {any} */ violation) =>
        violation.nodes.map(
          (/** @type {any} */ node) =>
            `${violation.id}: ${node.html.slice(0, 160)} ${node.failureSummary.split("\n").slice(1).join(" ").trim()}`,
        ),
      );
    },
    { source: AXE, more },
  );
}
