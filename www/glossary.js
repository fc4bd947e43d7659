// The field's terms, each with its meaning in one or two sentences: RocksDB's own words where it has one (its wiki's
// "Terminology" page).
//
// In: a text in the language that is spoken. Out: the terms in it and where they stand (`termsIn`), or the term of a
// name (`termOf`).

import { COMPACTION } from "./glossary/compaction.js";
import { ON_DISK } from "./glossary/disk.js";
import { NUMBERS, ON_THIS_PAGE } from "./glossary/measures.js";
import { DURABILITY, READING } from "./glossary/reading.js";
import { WRITING } from "./glossary/writing.js";
import { say } from "./words.js";

/** @typedef {import("./glossary/group.js").Term} Term */
/** @typedef {import("./glossary/group.js").Group} Group */
/** @typedef {{ term: Term, from: number, to: number }} Mention */

export { ON_THIS_PAGE };

export const GLOSSARY = [WRITING, ON_DISK, COMPACTION, READING, DURABILITY, NUMBERS, ON_THIS_PAGE];

/** How texts write a version of a key: `a · 14`. It is among the words of the sequence number. */
const DOT = "· [0-9]+";

const BY_WORD = new Map(
  GLOSSARY.flatMap(({ terms }) =>
    terms.flatMap((term) => term.words.map((word) => /** @type {const} */ ([word, term]))),
  ),
);

/** What a word may end in besides. */
const ENDINGS = say("s; es||endings").split("; ");
/** Of two words that begin at the same place, the longer one is meant: "index block", not "index". */
const WORDS = longestFirst([...BY_WORD.keys()]);
const PATTERN = new RegExp(
  `(?<![\\p{L}\\p{N}_-])(?:${WORDS.join("|")})(?:${longestFirst(ENDINGS).join("|")})?(?![\\p{L}\\p{N}_-])`,
  "giu",
);

/** @param {string[]} words */
function longestFirst(words) {
  return [...words].sort((a, b) => b.length - a.length);
}

/** @param {string} found */
function termFor(found) {
  if (found.startsWith("·")) return BY_WORD.get(DOT);
  return [found.toLowerCase(), found]
    .flatMap((word) => [word, ...ENDINGS.filter((end) => word.endsWith(end)).map((end) => word.slice(0, -end.length))])
    .map((stem) => BY_WORD.get(stem))
    .find((term) => term !== undefined);
}

/**
 * The terms in a text, each where it first stands.
 * @param {string} text
 * @param {Set<Term>} [seen] Terms that need no mention any more; those of the text are added.
 */
export function termsIn(text, seen = new Set()) {
  /** @type {Mention[]} */
  const mentions = [];
  for (const { 0: found, index } of text.matchAll(PATTERN)) {
    const term = termFor(found);
    if (!term || seen.has(term)) continue;
    seen.add(term);
    mentions.push({ term, from: index, to: index + found.length });
  }
  return mentions;
}

/**
 * The term that is called `name`, if there is one.
 * @param {string} name
 */
export function termOf(name) {
  return termFor(name);
}
