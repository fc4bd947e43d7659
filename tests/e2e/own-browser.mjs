// Chromium as a person starts it, with a profile that stays and settings of its own. Playwright's own way has neither,
// and turns features off, the partitions of storage among them.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

import { QUIET, chromePath } from "./browser.mjs";
import { signal } from "./storage.mjs";

/**
 * Starts a browser of our own with `profile`, which outlives it.
 * @param {string} profile
 * @param {string[]} [more] Flags.
 */
export function start(profile, more = []) {
  const flags = [
    "--headless=new",
    "--no-sandbox",
    "--remote-debugging-port=0",
    "--hide-crash-restore-bubble",
    ...QUIET,
  ];
  return spawn(chromePath(), [...flags, ...more, `--user-data-dir=${profile}`, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
}

/**
 * Where a browser that was just started listens.
 * @param {import("node:child_process").ChildProcess} browserProcess
 */
export async function addressOf(browserProcess) {
  const listening = /** @type {typeof signal<string>} */ (signal)();
  let said = "";
  browserProcess.stderr?.on("data", (text) => {
    said += text;
    const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
    if (address) listening.resolve(address);
  });
  browserProcess.once("exit", () => listening.reject(new Error(`the browser ended: ${said}`)));
  return listening.promise;
}

/**
 * Starts a browser with a person's settings.
 * @param {object} preferences As in Chromium's own file of that name.
 * @param {string[]} [flags]
 */
export async function launchWith(preferences, flags) {
  const profile = await mkdtemp(join(tmpdir(), "lsmscope-profile-"));
  await mkdir(join(profile, "Default"));
  await writeFile(join(profile, "Default/Preferences"), JSON.stringify(preferences));
  const browserProcess = start(profile, flags);
  const browser = await chromium.connectOverCDP(await addressOf(browserProcess));
  const close = async () => {
    const ended = once(browserProcess, "exit");
    browserProcess.kill();
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 10 });
  };
  return { context: browser.contexts()[0], close };
}
