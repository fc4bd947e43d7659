// Brings the tools of hosts into target/hosts/, once: npm packages, a Python environment, mdBook.
//
// Versions are pinned; what npm's packages need in turn is as it was on a day. Out: the path of a tool. Errors:
// `Missing` where this machine lacks something (Python, a network), with a remedy: the host's tests are skipped. Any
// other failure fails them.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");

/** Where the tools are, and the pages that are built with them. */
export const HOSTS = resolve(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "hosts");

/** npm takes no version that is younger. */
const BEFORE = "2026-11-15";
const MDBOOK = "0.5.4";
const WINDOWS = process.platform === "win32";
const NO_NETWORK = new RegExp(
  [
    "ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT",
    "name resolution|resolve host|Couldn't connect|[Ff]ailed to connect|Failed to establish a new connection",
    "[Nn]etwork is unreachable|Connection refused|timed out",
  ].join("|"),
);

/** What a machine lacks. */
export class Missing extends Error {
  /**
   * @param {string} what
   * @param {string} remedy
   */
  constructor(what, remedy) {
    super(`${what}; remedy: ${remedy}`);
  }
}

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string> }} [how]
 * @returns {Promise<string>} what it printed
 */
export function run(program, args, { cwd = ROOT, env = {} } = {}) {
  return new Promise((done, failed) => {
    // npm is a batch file on Windows.
    const shell = WINDOWS && program === "npm";
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      shell,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => {
        printed += text;
      });
    child.on("error", failed);
    child.on("close", (code) => {
      if (code === 0) done(printed);
      else failed(Error(`\`${program} ${args.join(" ")}\` ended with ${code}:\n${printed.slice(-4000)}`));
    });
  });
}

/**
 * Makes a folder once: `make` fills it, and a stamp says from what.
 * @param {string} name below target/hosts
 * @param {string} stamp
 * @param {(dir: string) => Promise<unknown>} make
 */
async function once(name, stamp, make) {
  const dir = join(HOSTS, name);
  const mark = join(dir, ".made-from");
  if ((await readFile(mark, "utf8").catch(() => "")) === stamp) return dir;
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  console.error(`bringing ${name}, once: ${stamp}`);
  try {
    await make(dir);
  } catch (error) {
    const text = String(error);
    if (!NO_NETWORK.test(text)) throw error;
    const line = text.split("\n").find((one) => NO_NETWORK.test(one)) ?? text;
    throw new Missing(
      `${stamp} cannot be fetched: ${line.trim().slice(0, 160)}`,
      "connect this machine with the package registries",
    );
  }
  await writeFile(mark, stamp);
  return dir;
}

/**
 * @param {string} host
 * @param {Record<string, string>} packages with their versions
 * @returns {Promise<string>} the folder whose node_modules has them
 */
export function npm(host, packages) {
  const wanted = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  return once(`${host}-npm`, wanted.join(" "), async (dir) => {
    await writeFile(join(dir, "package.json"), '{ "private": true, "type": "module" }\n');
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts", "--fetch-retries=1"];
    await run("npm", ["install", ...quiet, `--before=${BEFORE}`, ...wanted], { cwd: dir });
  });
}

/**
 * @param {string} host
 * @param {Record<string, string>} packages with their versions
 * @returns {Promise<(program: string) => string>} the path of a program in the environment
 */
export async function python(host, packages) {
  const interpreter = await pythonInterpreter();
  const wanted = Object.entries(packages).map(([name, version]) => `${name}==${version}`);
  const bin = WINDOWS ? "Scripts" : "bin";
  const dir = await once(`${host}-python`, wanted.join(" "), async (dir) => {
    await run(interpreter, ["-m", "venv", dir]).catch((error) => {
      if (!/ensurepip|No module named venv/.test(String(error))) throw error;
      throw new Missing("Python's venv is missing", "install it (Debian: `apt install python3-venv`)");
    });
    const quiet = ["--quiet", "--disable-pip-version-check", "--retries=1", "--no-compile"];
    await run(join(dir, bin, "python"), ["-m", "pip", "install", ...quiet, ...wanted]);
  });
  return (program) => join(dir, bin, WINDOWS ? `${program}.exe` : program);
}

async function pythonInterpreter() {
  for (const name of ["python3", "python"]) {
    const version = await run(name, ["--version"]).catch(() => "");
    const [, major, minor] = /^Python (\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
    if (major === 3 && minor >= 10) return name;
  }
  throw new Missing("Python is missing", "install Python 3.10 or later with pip (Debian: `apt install python3-venv`)");
}

/**
 * mdBook: that of the PATH if it has the version; else a build that others have made, by cargo-binstall; else compiled.
 * @returns {Promise<string>} the program
 */
export async function mdbook() {
  const found = await run("mdbook", ["--version"]).catch(() => "");
  if (found.trim() === `mdbook v${MDBOOK}`) return "mdbook";
  const name = WINDOWS ? "mdbook.exe" : "mdbook";
  const dir = await once("mdbook-cargo", `mdbook@${MDBOOK}`, async (root) => {
    const wanted = ["--locked", "--root", root, `mdbook@${MDBOOK}`];
    if (hasBinstall() && (await run("cargo", ["binstall", "--no-confirm", ...wanted]).catch(() => null)) !== null)
      return;
    // Without its server and its search; not optimised, it is there in half the time, and renders two pages as fast.
    const quick = ["--debug", "--no-default-features", "--quiet"];
    // A folder of its own: this repository's cargo settings and its target directory are not meant for it.
    const env = { CARGO_PROFILE_DEV_DEBUG: "0", CARGO_TARGET_DIR: join(root, "target"), RUSTFLAGS: "" };
    await run("cargo", ["install", ...quick, ...wanted], { cwd: root, env });
    await rm(join(root, "target"), { recursive: true, force: true });
  });
  return join(dir, "bin", name);
}

function hasBinstall() {
  const home = process.env.CARGO_HOME ?? join(process.env.HOME ?? process.env.USERPROFILE ?? "", ".cargo");
  const dirs = [...(process.env.PATH ?? "").split(delimiter), join(home, "bin")];
  return dirs.some((dir) => existsSync(join(dir, WINDOWS ? "cargo-binstall.exe" : "cargo-binstall")));
}
