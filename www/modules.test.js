// No module of the page needs another that needs it in turn, for its types neither: each can be read after those that
// it names. eslint finds such cycles of imports only.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const WWW = dirname(fileURLToPath(import.meta.url));

/** Every module, with those that it names in imports and in `import("…")` of a type. */
function modules() {
  const names = readdirSync(WWW, { recursive: true, encoding: "utf8" }).filter((name) => /(?<!\.test)\.js$/.test(name));
  return new Map(names.map((name) => [name, named(name)]));
}

/** @param {string} name */
function named(name) {
  const text = readFileSync(join(WWW, name), "utf8");
  const paths = [...text.matchAll(/(?:from |import |import\()"(\.[^"]*)"/g)].map(([, path]) =>
    join(WWW, name, "..", path),
  );
  return paths.filter((path) => existsSync(path)).map((path) => relative(WWW, path));
}

/**
 * A cycle that begins at `name`, if there is one.
 * @param {Map<string, string[]>} graph
 * @param {string[]} path
 * @param {Set<string>} done Those from which no cycle can be reached.
 * @returns {string[] | null}
 */
function cycle(graph, path, done) {
  const last = path[path.length - 1];
  for (const next of graph.get(last) ?? []) {
    const at = path.indexOf(next);
    if (at >= 0) return [...path.slice(at), next];
    const found = done.has(next) ? null : cycle(graph, [...path, next], done);
    if (found) return found;
  }
  done.add(last);
  return null;
}

test("no cycle of modules, their types included", () => {
  const [graph, done] = [modules(), new Set()];
  assert.ok(graph.get("page.js")?.includes("sandbox.js"), "the graph has the page's modules");
  for (const name of graph.keys()) {
    const found = done.has(name) ? null : cycle(graph, [name], done);
    assert.equal(found, null, found?.join(" -> "));
  }
});
