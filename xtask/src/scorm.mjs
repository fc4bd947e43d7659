// Makes a SCORM 1.2 package: a zip with imsmanifest.xml and the page in one file, which shows one lesson or moment, or
// plays one script, and reports to the learning platform (www/frame/scorm.js).
// Usage: node scorm.mjs --check [--lesson LESSON | --script FILE | --link LINK] [--lang LANG] [--title TITLE]
//          --out FILE.zip
//        node scorm.mjs --built BUILD --site SITE …
//
// LESSON is the name of a lesson of the course, or a file. `--check` reads the arguments only, before a build that
// takes minutes. BUILD has the engine, which tries a script's lines and reads a lesson's file; SITE has lsmscope.html.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import { strToU8, zipSync } from "fflate";

import { lines } from "../../www/command-lines.js";
import { MAX_LINK } from "../../www/frame/scorm.js";
import { LANGUAGES } from "../../www/language.js";
import { encode, readLink } from "../../www/link.js";
import { scriptMoment } from "../../www/link/moment.js";

/** Where the lessons of the course are. */
const COURSE = resolve(import.meta.dirname, "../../www/lessons");
/** What an embed is called where nobody has named it. */
const TITLE = "lsmscope: a storage engine, step by step";
/** Characters of a title that platforms keep. */
const MAX_TITLE = 200;
/** Parameters of an embed that mean something in a package. */
const PARAMETERS = ["controls", "mode", "from", "to", "readonly", "theme", "lang"];

/** What is wrong with what was asked for. */
class Refused extends Error {
  /**
   * @param {string} message
   * @param {string} remedy
   */
  constructor(message, remedy) {
    super(message);
    this.remedy = remedy;
  }
}

/**
 * What a package shows.
 * @typedef {object} Content
 * @property {string} fragment of a link, with its `#`; empty for the first tour
 * @property {URLSearchParams} search
 * @property {string} title
 * @property {{ file: string, lines: string[] }} [script]
 * @property {{ file: string, text: string }} [lesson] Of a file: one of the course is in the page.
 */

/**
 * @param {{ lesson?: string, script?: string, link?: string, lang?: string, title?: string }} asked
 * @returns {Promise<Content>}
 */
async function contentOf({ lesson, script, link, lang = "", title }) {
  const search = new URLSearchParams({ report: "scorm" });
  if (lang && !Object.hasOwn(LANGUAGES, lang))
    throw new Refused(`--lang ${lang} is no language of the page`, `it has ${Object.keys(LANGUAGES).join(", ")}`);
  if (lang) search.set("lang", lang);
  if (title !== undefined && !new RegExp(`^[^\\p{Cc}]{1,${MAX_TITLE}}$`, "u").test(title))
    throw new Refused(
      `--title has ${title.length} characters: it is one line of 1 to ${MAX_TITLE}`,
      "shorten it: it stands in the platform's list of activities",
    );
  const named = (/** @type {string} */ other) => title ?? other;
  if (lesson !== undefined) return lessonContent(lesson, search, title);
  if (script !== undefined) {
    const own = readScript(script);
    const fragment = await encode(scriptMoment("teaching", [], own));
    await refuseLink(fragment, `${script} is too long for a package`, "split it into several scripts");
    return { fragment, search, title: named(basename(script, extname(script))), script: { file: script, lines: own } };
  }
  if (link !== undefined) return { ...(await readAddress(link, search)), title: named(TITLE) };
  return { fragment: "", search, title: named(TITLE) };
}

/**
 * A lesson of the course, or one of a file.
 * @param {string} lesson
 * @param {URLSearchParams} search
 * @param {string} [title]
 * @returns {Content}
 */
function lessonContent(lesson, search, title) {
  const isFile = /\.(md|markdown)$/i.test(lesson);
  const lang = search.get("lang");
  const ours = [`${lesson}.${lang}.md`, `${lesson}.md`].map((name) => join(COURSE, name)).find(existsSync);
  if (!isFile && (!ours || !/^[a-z0-9-]+$/.test(lesson)))
    throw new Refused(
      `--lesson ${lesson} is no lesson of the course`,
      `it has ${course()}; or name a file that ends in .md`,
    );
  const text = readText(
    isFile ? lesson : (ours ?? ""),
    "--lesson names a file of a lesson, as docs/authoring.md writes one",
  );
  const [, own = lesson] = /^title: *"?(.*?)"? *$/m.exec(text) ?? [];
  search.set("lesson", isFile ? "" : lesson);
  return { fragment: "", search, title: title ?? own, ...(isFile ? { lesson: { file: lesson, text } } : {}) };
}

/** The names of the course's lessons. */
const course = () =>
  readdirSync(COURSE)
    .flatMap((name) => /^([a-z0-9-]+)\.md$/.exec(name)?.[1] ?? [])
    .join(", ");

/**
 * @param {string} file
 * @param {string} remedy
 */
function readText(file, remedy) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new Refused(`${file} can not be read: ${code === "ENOENT" ? "there is no such file" : message}`, remedy);
  }
}

/** @param {string} file */
function readScript(file) {
  const remedy = "--script names a file of commands, one a line, such as tests/scripts/talk.lsm";
  const own = lines(readText(file, remedy));
  if (own.length === 0) throw new Refused(`${file} has no commands, only blank lines and comments`, remedy);
  return own;
}

/**
 * A link's fragment, a link, or the address of an embed, whose parameters hold in the package as well.
 * @param {string} link
 * @param {URLSearchParams} search
 */
async function readAddress(link, search) {
  const [address, text = ""] = link.includes("#") ? link.split(/#(.*)/s) : ["", link];
  const fragment = `#${text.startsWith("z=") ? `v=2&${text}` : text}`;
  await refuseLink(
    fragment,
    "--link is no link to a moment",
    "copy it on the page: Share, or the src of Embed; and put it between quotes, for it has the letter &",
  );
  const asked = new URLSearchParams(address.split(/\?(.*)/s)[1] ?? "");
  for (const name of PARAMETERS) if (asked.has(name) && !search.has(name)) search.set(name, asked.get(name) ?? "");
  return { fragment, search };
}

/**
 * Refuses a link that the page would not open.
 * @param {string} fragment
 * @param {string} message
 * @param {string} remedy
 */
async function refuseLink(fragment, message, remedy) {
  const read = await readLink(fragment);
  if (read?.kind === "moment") return;
  if (read?.kind === "experiment")
    throw new Refused(
      "--link is of the simulator, which has no end that a platform could be told of",
      "share a moment of the sandbox",
    );
  throw new Refused(read ? `${message}: ${read.reason}` : message, remedy);
}

/**
 * Runs a script's lines in the engine: those that it refuses for what stands in them would be refused before a class.
 * @param {{ file: string, lines: string[] }} script
 * @param {string} built
 */
async function tryLines({ file, lines: own }, built) {
  const engine = await import(pathToFileURL(resolve(built, "lsmscope.js")).href);
  await engine.default({ module_or_path: readFileSync(join(built, "lsmscope_bg.wasm")) });
  const sandbox = await engine.Sandbox.open({ backend: "memory", preset: "teaching" });
  const numbers = numbersOf(readFileSync(file, "utf8"));
  for (const [i, line] of own.entries()) {
    const { ok, error, first, last } = await sandbox.run(line);
    // A line that has begun and failed, as a write while the power is cut, is part of the story.
    if (!ok && last === first)
      throw new Refused(`${file}:${numbers[i]}: ${line}: ${error?.message}`, error?.remedy || "mend the line");
  }
  await sandbox.close();
}

/**
 * Reads a lesson's file: one with faults would show them to a class.
 * @param {{ file: string, text: string }} lesson
 * @param {string} built
 */
async function tryLesson({ file, text }, built) {
  const lessons = await import(pathToFileURL(resolve(built, "lsmscope_lesson.js")).href);
  await lessons.default({ module_or_path: readFileSync(join(built, "lsmscope_lesson_bg.wasm")) });
  const { lesson, findings } = lessons.Lesson.read(text);
  const [first] = findings;
  if (!lesson) throw new Refused(`${file}:${first.line}:${first.column}: ${first.message}`, first.remedy || "mend it");
}

/** The numbers of the lines that are commands. @param {string} text */
function numbersOf(text) {
  return text.split(/\r?\n/).flatMap((line, i) => (lines(line).length > 0 ? [i + 1] : []));
}

/** @param {string} text */
const escaped = (text) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/**
 * The page in one file, of this content.
 * @param {string} single
 * @param {Content} content
 */
function pageOf(single, { fragment, search, lesson }) {
  if (!single.includes("<html data-single ")) throw new Error("lsmscope.html is not as xtask/src/bundle.mjs makes it");
  const own = lesson ? ` data-lesson="${escaped(lesson.text)}"` : "";
  const data = `data-frame data-search="?${escaped(String(search))}" data-link="${escaped(fragment)}"${own}`;
  return (
    single
      .replace("<html data-single ", () => `<html data-single ${data} `)
      // The preview of a link: its picture is not in the package.
      .replace(/\s*<meta\s+(property="og:|name="twitter:)[^>]*>/g, "")
  );
}

/**
 * The manifest: one organization with one item, a SCO of one file. (ADL, SCORM 1.2 Content Aggregation Model, 2.3.)
 * @param {Content} content
 */
function manifestOf({ title, fragment, search, lesson }) {
  const what = [title, search, fragment, ...(lesson ? [lesson.text] : [])];
  const id = createHash("sha256").update(what.join("\n")).digest("hex").slice(0, 16);
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="lsmscope-${id}" version="1.0"
  xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.imsproject.org/xsd/imscp_rootv1p1p2 imscp_rootv1p1p2.xsd
    http://www.adlnet.org/xsd/adlcp_rootv1p2 adlcp_rootv1p2.xsd">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
  </metadata>
  <organizations default="organization">
    <organization identifier="organization">
      <title>${escaped(title)}</title>
      <item identifier="item" identifierref="page" isvisible="true">
        <title>${escaped(title)}</title>
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="page" type="webcontent" adlcp:scormtype="sco" href="index.html">
      <file href="index.html"/>
    </resource>
  </resources>
</manifest>
`;
}

/** @param {string} out */
function refuseOut(out) {
  if (extname(out) !== ".zip") throw new Refused(`--out ${out} is no .zip`, "platforms take packages by that ending");
  const folder = dirname(resolve(out));
  if (!existsSync(folder)) throw new Refused(`--out: there is no folder ${folder}`, "make it first");
}

async function main() {
  const text = /** @type {const} */ ({ type: "string" });
  const { values } = parseArgs({
    options: {
      ...{ lesson: text, script: text, link: text, lang: text, title: text },
      ...{ out: text, built: text, site: text, check: { type: "boolean" } },
    },
  });
  const { out = "", built = "", site = "" } = values;
  refuseOut(out);
  const content = await contentOf(values);
  if (values.check) return;
  if (content.script) await tryLines(content.script, built);
  if (content.lesson) await tryLesson(content.lesson, built);
  const page = pageOf(readFileSync(join(site, "lsmscope.html"), "utf8"), content);
  // The same content makes the same bytes.
  const how = { level: /** @type {const} */ (9), mtime: new Date(1980, 0, 1) };
  const files = { "imsmanifest.xml": strToU8(manifestOf(content)), "index.html": strToU8(page) };
  const bytes = zipSync(files, how);
  writeFileSync(out, bytes);
  console.error(`${out}: ${(bytes.length / 1e6).toFixed(1)} MB, "${content.title}"`);
  if (content.fragment.length > MAX_LINK)
    console.error("  The script is so long that platforms can not keep where a learner stops: a visit begins anew.");
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.error(`error: ${error.message}\n  remedy: ${error.remedy}`);
  process.exitCode = 1;
}
