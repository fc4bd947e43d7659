// What a person does on the page, and reads off it, by role and accessible name: the words of the end-to-end tests.

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {Page | import("playwright-core").BrowserContext} Routed */

/**
 * Waits until a database is open, and the page is whole: the console takes commands then.
 * @param {Page} page
 */
export async function ready(page) {
  await page.locator("#command:enabled").waitFor();
  await whole(page);
}

/**
 * Waits until nothing of the page is being loaded.
 * @param {Page} page
 */
export async function whole(page) {
  await page.waitForFunction(() => !document.querySelector(".shell, .loading"));
}

/** The engine of pages that are loaded from now on comes when the answer is called. @param {Routed} page */
export const heldEngine = (page) => held(page, /lsmscope_bg/);

/**
 * What is asked for from now on, and whose address is like `what`, comes when the answer is called.
 * @param {Routed} page
 * @param {RegExp} what
 */
export async function held(page, what) {
  let release = () => {};
  const released = new Promise((resolve) => (release = () => resolve(null)));
  await page.route(what, async (route) => {
    await released;
    // A test that is over waits for nothing.
    await route.continue().catch(() => {});
  });
  return release;
}

/**
 * Types a command into the console and waits for its answer.
 * @param {Page} page
 * @param {string} line
 * @returns {Promise<string>} all that the console says about it, the command itself left out
 */
export async function command(page, line) {
  const exchanges = page.getByRole("log").getByRole("group");
  const before = await exchanges.count();
  const box = page.getByRole("textbox", { name: "Command" });
  await box.fill(line);
  await box.press("Enter");
  return answer(page, before);
}

/**
 * The answer of the exchange that stands after `before` others.
 * @param {Page} page
 * @param {number} before
 */
export async function answer(page, before) {
  const exchange = page.getByRole("log").getByRole("group").nth(before);
  await page.locator(`.exchange:nth-child(${before + 1})[aria-busy="false"]`).waitFor();
  const text = await exchange.innerText();
  return text.split("\n").slice(1).join("\n").trim();
}

/**
 * The event at which the timeline stands.
 * @param {Page} page
 */
export async function position(page) {
  return Number(await page.getByRole("slider", { name: "Position" }).inputValue());
}

/**
 * Waits until the timeline stands at `wanted`.
 * @param {Page} page
 * @param {number} wanted
 */
export async function standsAt(page, wanted) {
  await page.waitForFunction(
    (n) => /** @type {HTMLInputElement} */ (document.querySelector('[aria-label="Position"]')).value === String(n),
    wanted,
  );
}

/**
 * How many events there are.
 * @param {Page} page
 */
export async function length(page) {
  return Number(await page.getByRole("slider", { name: "Position" }).getAttribute("max"));
}

/**
 * Everything that the stage says at this moment.
 * @param {Page} page
 */
export async function stage(page) {
  return page.evaluate(() =>
    [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".stage [role=region]"))]
      .map((region) => `${region.getAttribute("aria-label")}: ${region.innerText.replaceAll(/\s+/g, " ").trim()}`)
      .join("\n"),
  );
}

/**
 * The text of one region.
 * @param {Page} page
 * @param {string} name
 */
export async function region(page, name) {
  return (await page.getByRole("region", { name, exact: true }).innerText()).replaceAll(/\s+/g, " ").trim();
}

/**
 * Leaves the console, so that keys are shortcuts again.
 * @param {Page} page
 */
export async function leaveConsole(page) {
  await page.getByRole("textbox", { name: "Command" }).press("Escape");
}

/**
 * Takes the tour's script away, so that stepping past the end runs nothing.
 * @param {Page} page
 */
export async function emptyQueue(page) {
  await page.getByRole("button", { name: "Edit the script" }).click();
  await page.getByRole("textbox", { name: "Lines to run" }).fill("");
  await page.getByRole("button", { name: "Queue these lines" }).click();
}

/**
 * Drops a file onto the page.
 * @param {Page} page
 * @param {string} name
 * @param {string} text
 */
export async function drop(page, name, text) {
  await page.evaluate(
    ({ name, text }) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], name));
      document.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    },
    { name, text },
  );
}

/**
 * What of the elements is cut off, by its text: its own box is too small for it, or it sticks out of the page sideways.
 * What one scrolls to is not.
 * @param {Page} page
 * @param {string} selector
 */
export async function cutOff(page, selector) {
  return page.evaluate((wanted) => {
    const shown = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(wanted))].filter(
      (e) => e.checkVisibility() && e.clientWidth > 1,
    );
    const cut = shown.filter(
      (e) =>
        e.scrollWidth > e.clientWidth + 1 ||
        e.scrollHeight > e.clientHeight + 2 ||
        e.getBoundingClientRect().right > innerWidth + 1 ||
        e.getBoundingClientRect().left < -1,
    );
    return cut.map((e) => e.innerText || e.getAttribute("aria-label") || e.className);
  }, selector);
}

/**
 * Steps the figure to the end of the first flush.
 * @param {Page} page
 * @returns {Promise<number>} how many steps that took
 */
export async function toFlush(page) {
  for (let steps = 0; steps < 80; steps += 1) {
    if ((await page.locator(".sentence").innerText()).startsWith("Flush 1 is over")) return steps;
    await page.getByRole("button", { name: /^Step forward/ }).click();
  }
  throw new Error("no flush in 80 steps");
}

/**
 * Runs the simulator's experiment to its end.
 * @param {Page} page
 */
export async function simulated(page) {
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page
    .getByRole("status")
    .getByText(/^Done: /)
    .waitFor();
}
