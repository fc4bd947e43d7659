// Sentences in other languages: the right one is said, and the tables have what the page says, no less and no more.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, test } from "node:test";
import { fileURLToPath } from "node:url";

import { parseAst } from "rollup/parseAst";

import { bytes, count, list, ratio } from "./format.js";
import { LANGUAGES, languageOf, withoutLanguage } from "./language.js";
import { number, ofEngine, ofLessons, retellBy, retold, say, sayCount, sayParts, speak } from "./words.js";

const WWW = dirname(fileURLToPath(import.meta.url));

afterEach(() => speak("en", {}));

test("without a table, a sentence is said as it stands, with its values", () => {
  assert.equal(say("Run after {command}", { command: "put a 1" }), "Run after put a 1");
  assert.equal(say("Open||a file"), "Open");
  assert.deepEqual(sayParts("Press {key} to go on", { key: ["p"] }), ["Press ", ["p"], " to go on"]);
  assert.deepEqual(
    [1, 2, 1200].map((n) => count(n, "entry", "entries")),
    ["1 entry", "2 entries", "1,200 entries"],
  );
  assert.equal(say("{a} and {b}", { a: "{b}", b: "c" }), "{b} and c");
});

test("with a table, its sentence is said, in its own order, with its own numbers", () => {
  speak("de", {
    "Run after {command}": "{command}: danach ausgeführt",
    "{n} entry|{n} entries": "{n} Eintrag|{n} Einträge",
    "Open||a file": "Öffnen",
    "{a} and {b}": "{a} und {b}",
    ".": ",",
  });
  assert.equal(say("Run after {command}", { command: "put a 1" }), "put a 1: danach ausgeführt");
  assert.equal(say("Not in the table"), "Not in the table");
  assert.equal(say("Open||a file"), "Öffnen");
  assert.deepEqual(
    [0, 1, 1200].map((n) => count(n, "entry", "entries")),
    ["0 Einträge", "1 Eintrag", "1.200 Einträge"],
  );
  assert.deepEqual([bytes(1740), ratio(1.5), number(1234567)], ["1,7 KB", "1,50", "1.234.567"]);
  assert.equal(list(["a", "b"]), "a und b");
});

test("a count has the form that its language wants", () => {
  speak("pl", { "{n} table|{n} tables": "{n} tabela|{n} tabele|{n} tabel|{n} tabeli" });
  const said = [1, 2, 5, 22].map((n) => sayCount(n, "{n} table", "{n} tables"));
  assert.deepEqual(said, ["1 tabela", "2 tabele", "5 tabel", "22 tabele"]);
});

test("what the engine wrote is said by the engine, which has its own part of the table", () => {
  assert.equal(retold("the disk is gone"), "the disk is gone");
  speak(
    "de",
    { "the disk is gone": "die Platte ist weg", Help: "Hilfe" },
    { "the disk is gone": "die Platte ist weg" },
  );
  assert.deepEqual(ofEngine(), ["the disk is gone", "die Platte ist weg"]);
  retellBy((what) => say(what));
  assert.equal(retold("the disk is gone"), "die Platte ist weg");
  retellBy((what) => what);
});

test("where lessons are, the engine has what it says of them, and does without if that does not come", async () => {
  const engine = { "the disk is gone": "die Platte ist weg" };
  speak("de", engine, engine, async () => ({ lesson: { "Write one.": "Schreib einen." } }));
  assert.deepEqual(await ofLessons(), ["the disk is gone", "die Platte ist weg", "Write one.", "Schreib einen."]);
  speak("de", engine, engine, () => Promise.reject(new Error("no network")));
  assert.deepEqual(await ofLessons(), ["the disk is gone", "die Platte ist weg"]);
});

test("the address says which language, else the choice on the page, else it is English", () => {
  assert.equal(languageOf("?lang=de", ""), "de");
  assert.equal(languageOf("?lang=de-CH", "en"), "de");
  assert.equal(languageOf("?lang=xx", "de"), "de");
  assert.equal(languageOf("", ""), "en");
  assert.equal(languageOf("?lang=constructor", ""), "en");
});

test("once a language is chosen, the address names none; what else it asks for stays as it is", () => {
  assert.equal(withoutLanguage("?lang=de"), "");
  assert.equal(withoutLanguage("?lesson&lang=de&theme=dark"), "?lesson&theme=dark");
  assert.equal(withoutLanguage("?lesson=merge&language=x"), "?lesson=merge&language=x");
  assert.equal(withoutLanguage(""), "");
});

/** The functions that say something, and which of their arguments are keys. */
const SAYING = new Set(["say", "sayParts", "sayCount", "count"]);

/**
 * The keys in a module: what the calls there say. Other than literals would not be found here, and not in a table.
 * @param {string} name
 */
function keysOf(name) {
  /** @type {string[]} */
  const keys = [];
  /** @type {(node: any) => string[]} */
  const literal = (node) => {
    if (node?.type === "ConditionalExpression") return [...literal(node.consequent), ...literal(node.alternate)];
    if (node?.type === "BinaryExpression" && node.operator === "+")
      return [literal(node.left)[0] + literal(node.right)[0]];
    const isText = node?.type === "Literal" && typeof node.value === "string";
    assert.ok(isText, `${name}: what is said is no literal, so that no table can have it`);
    return [node.value];
  };
  const visit = (/** @type {any} */ node) => {
    if (node === null || typeof node !== "object") return;
    if (Array.isArray(node)) return node.forEach(visit);
    if (node.type === "CallExpression" && SAYING.has(node.callee.name)) {
      const [first, second, third] = node.arguments;
      if (node.callee.name === "count") {
        const [one] = literal(second);
        const [many] = third ? literal(third) : [`${one}s`];
        keys.push(`{n} ${one}|{n} ${many}`);
      } else if (node.callee.name === "sayCount") keys.push(`${literal(second)[0]}|${literal(third)[0]}`);
      else keys.push(...literal(first));
    }
    for (const [field, value] of Object.entries(node)) if (field !== "type") visit(value);
  };
  visit(parseAst(readFileSync(join(WWW, name), "utf8")));
  return keys;
}

const placesIn = (/** @type {string} */ text) => [...new Set(text.match(/\{\w+\}/g))].sort();

/** What words.js and format.js say. */
const OWN = [".", "{a} and {b}", "{n} more|{n} more", "a few seconds", "about {time}"];

for (const code of Object.keys(LANGUAGES).filter((one) => one !== "en")) {
  const folder = join(WWW, "languages", code);
  const named = readdirSync(folder).map((name) => ({
    isOfPage: !name.startsWith("engine"),
    table: /** @type {Record<string, string>} */ (JSON.parse(readFileSync(join(folder, name), "utf8"))),
  }));
  const tables = named.map(({ table }) => table);
  const ofPage = named.filter(({ isOfPage }) => isOfPage).flatMap(({ table }) => Object.keys(table));
  const modules = readdirSync(WWW, { recursive: true, encoding: "utf8" }).filter((name) =>
    /(?<!\.test)\.js$/.test(name),
  );
  // What words.js and format.js say is said by others, with other words.
  const said = new Set(modules.filter((name) => !/^(words|format)\.js$/.test(name)).flatMap(keysOf));
  for (const own of OWN) said.add(own);

  test(`the tables of ${code} have each sentence of the page once, and no other`, () => {
    const keys = tables.flatMap((table) => Object.keys(table));
    assert.deepEqual(
      keys.filter((key, at) => keys.indexOf(key) !== at),
      [],
    );
    assert.deepEqual(
      [...said].filter((key) => !keys.includes(key)),
      [],
      "missing",
    );
    assert.deepEqual(
      ofPage.filter((key) => !said.has(key)),
      [],
      "not said anywhere",
    );
  });

  test(`a sentence of ${code} has the places of the English one`, () => {
    for (const [key, text] of tables.flatMap((table) => Object.entries(table))) {
      const [english] = key.split("||");
      if (!english.includes("|")) assert.deepEqual(placesIn(text), placesIn(english), key);
      else {
        const forms = text.split("|");
        assert.equal(forms.length, new Intl.PluralRules(code).resolvedOptions().pluralCategories.length, key);
        for (const form of forms) assert.deepEqual(placesIn(form), placesIn(english), key);
      }
    }
  });
}
