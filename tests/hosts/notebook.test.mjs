// A notebook in JupyterLab, by anywidget: Python holds the script and the moment, both ways.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";

import { hasTheme, start, steps } from "./frames.mjs";
import { host } from "./hosts.mjs";
import { python } from "./tools.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @type {import("node:child_process").ChildProcess | undefined} */
let lab;

const test = host("notebook", {
  bring: () => python("notebook", { jupyterlab: "4.6.6", anywidget: "0.11.0" }),
  async build({ dir, tool }) {
    const port = await freePort();
    const options = [`--ServerApp.port=${port}`, "--ServerApp.port_retries=0", `--ServerApp.root_dir=${dir}`];
    options.push("--IdentityProvider.token=", "--ServerApp.allow_root=True", "--LabApp.extension_manager=readonly");
    // What it keeps is kept beside the notebook.
    const places = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"];
    places.push("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR");
    const own = Object.fromEntries(places.map((name) => [name, join(dir, ".jupyter", name.toLowerCase())]));
    lab = spawn(tool("jupyter-lab"), ["--no-browser", "--ip=127.0.0.1", ...options], {
      env: { ...process.env, ...own },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const url = `http://127.0.0.1:${port}/`;
    await running(lab, url);
    return url;
  },
  async end() {
    if (!lab || lab.exitCode !== null) return;
    lab.kill();
    await once(lab, "close");
  },
  // JupyterLab's own remarks.
  complains: /\/(api|lab|lsp|static)\//,
});

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Waits until a server says that it runs.
 * @param {import("node:child_process").ChildProcess} server
 * @param {string} url
 */
async function running(server, url) {
  let said = "";
  for await (const text of server.stderr ?? []) {
    said += text;
    if (said.includes(url)) break;
  }
  if (!said.includes(url)) throw new Error(`JupyterLab does not run:\n${said.slice(-4000)}`);
}

/**
 * Opens the notebook, and runs its cells.
 * @param {Page} page
 * @param {(path?: string) => Promise<void>} open
 */
async function runAll(page, open) {
  await open("lab/tree/flush.ipynb?reset");
  await page.getByText(/^Python 3 .*Idle$/).waitFor();
  await page.getByRole("menuitem", { name: "Run", exact: true }).click();
  await page.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();
  await page.locator("lsm-scope").waitFor();
}

/**
 * Runs the last cell, which says where the reader is.
 * @param {Page} page
 * @param {string} [source] what it is before it is run
 */
async function lastCell(page, source) {
  const cell = page.locator(".jp-CodeCell").last();
  await cell.locator(".cm-content").click();
  if (source) {
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(source);
  }
  await page.keyboard.press("ControlOrMeta+Enter");
  return cell.locator(".jp-OutputArea-output").last();
}

test("the element steps in a cell, and Python has the moment, both ways", async (page, { open }) => {
  await runAll(page, open);
  const frame = await start(page);
  await steps(frame);
  const output = await lastCell(page);
  await output.getByText("'op:5/op_ended'").waitFor();
  await lastCell(page, "scope.moment = 'flush:1/flush_ended'");
  await frame.locator(".sentence").getByText(/flush/i).first().waitFor();
});

test("the element follows JupyterLab's theme", async (page, { open }) => {
  await runAll(page, open);
  const frame = await start(page);
  await hasTheme(frame, "light");
  await page.getByRole("menuitem", { name: "Settings", exact: true }).click();
  await page.getByText("Theme", { exact: true }).click();
  await page.getByText("JupyterLab Dark", { exact: true }).click();
  await hasTheme(frame, "dark");
});
