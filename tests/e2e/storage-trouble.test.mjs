// The browser's storage fails under a page that is open: it is full, cleared, deleted, taken, or of a newer format.
// Each time the page says what happened and what helps, the buttons do it, and nothing that was typed is lost.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { pageTest } from "./browser.mjs";
import { answer, command, length, ready, region } from "./page.mjs";
import { openIndexedDb } from "./storage.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page */
const trouble = (page) => page.getByRole("alert", { name: "Trouble" });

/**
 * A page with an open IndexedDB database: `put a 1` was run, two lines are queued, a third stands in the box.
 * @param {Page} page
 */
async function typedInto(page) {
  await ready(page);
  await openIndexedDb(page);
  await command(page, "put a 1");
  await page.getByRole("button", { name: "Edit the script" }).click();
  await page.getByRole("textbox", { name: "Lines to run" }).fill("put q1 1\nput q2 2");
  await page.getByRole("button", { name: "Queue these lines" }).click();
  await page.getByRole("textbox", { name: "Command" }).fill("put half typ");
}

/**
 * Asserts that all of it is still there.
 * @param {Page} page
 * @param {{ next?: string }} [now] The queue's next line.
 */
async function assertKept(page, { next = "put q1 1" } = {}) {
  assert.equal(await page.getByRole("textbox", { name: "Command" }).inputValue(), "put half typ");
  assert.equal(await page.locator(".next-line").innerText(), next);
  assert.match(await page.getByRole("log").innerText(), /put a 1\s+ok {2}seq 1/);
}

/**
 * Asks the browser for something that DevTools can do: until the page is closed.
 * @param {Page} page
 * @param {Parameters<import("playwright-core").CDPSession["send"]>[0]} method
 * @param {object} [parameters]
 */
async function devtools(page, method, parameters = {}) {
  const session = await page.context().newCDPSession(page);
  const ask = (/** @type {object} */ more) => session.send(method, { origin: new URL(page.url()).origin, ...more });
  await ask(parameters);
  return ask;
}

/**
 * Does something to the browser's databases from another tab of the same site.
 * @template T
 * @param {Page} page
 * @param {() => T} act
 */
async function elsewhere(page, act) {
  const other = await page.context().newPage();
  // A page of the site that opens no database by itself.
  await other.route("**/elsewhere.html", (route) =>
    route.fulfill({ contentType: "text/html", body: "<link rel=icon href=data:,>" }),
  );
  await other.goto(new URL("elsewhere.html", page.url()).href);
  const answer = await other.evaluate(act);
  return { other, answer };
}

/**
 * Types a line into the console over what stands there, and gives back what stood there.
 * @param {Page} page
 * @param {string} line
 */
async function aside(page, line) {
  const box = page.getByRole("textbox", { name: "Command" });
  const draft = await box.inputValue();
  const said = await command(page, line);
  await box.fill(draft);
  return said;
}

pageTest(
  "a full quota: writes stop and say why, reads go on; with room again, Reopen goes on where it stopped",
  async (page) => {
    // The browser asks for the quota only where it might not be enough: from before the first write on, it has to.
    const setQuota = await devtools(page, "Storage.overrideQuotaForOrigin", { quotaSize: 1 << 20 });
    await typedInto(page);
    const refused = await aside(page, `put big ${"x".repeat(2 << 20)}`);
    assert.match(refused, /cannot .* in the browser's storage: QuotaExceededError.*\n.*Free some space, and reopen/);
    await trouble(page).getByText("The storage is full").waitFor();
    await assertKept(page);
    assert.match(await aside(page, "get a"), /^1\b/, "reads go on");
    const before = await length(page);
    assert.match(await aside(page, "put b 2"), /writes are stopped[\s\S]*Reopen/);
    assert.ok((await length(page)) > before, "the timeline goes on");

    // A queued line that is refused is not used up.
    await page.locator(".next-line").click();
    await page.locator('.exchange:last-child[aria-busy="false"]').getByText("writes are stopped").waitFor();
    await assertKept(page);

    // As long as there is no room, this helps nothing, and says so.
    const exchanges = await page.getByRole("log").getByRole("group").count();
    await trouble(page).getByRole("button", { name: "Reopen" }).click();
    assert.match(await answer(page, exchanges), /QuotaExceededError[\s\S]*Free some space/);
    await trouble(page).getByText("The storage is full").waitFor();
    await setQuota({});
    await trouble(page).getByRole("button", { name: "Reopen" }).click();
    await trouble(page).waitFor({ state: "detached" });
    assert.match(await aside(page, "put c 3"), /ok/);
    await assertKept(page);
    await page.reload();
    await ready(page);
    assert.match(await command(page, "get a"), /^1\b/);
    assert.match(await command(page, "get c"), /^3\b/, "the reload finds what was written after the space ran out");
  },
);

pageTest("no room when a database is opened: the page says so, and goes on in memory", async (page) => {
  await typedInto(page);
  await page.evaluate(() => {
    // What the browser says when not even an empty database has room; it is too generous to be brought to it.
    IDBFactory.prototype.open = () => {
      throw new DOMException("Quota exceeded.", "QuotaExceededError");
    };
  });
  await page.getByRole("button", { name: /^Backend/ }).click();
  await page.getByRole("textbox", { name: "Database name" }).fill("another");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  const alert = page.getByRole("alert");
  await alert.getByText("The browser's storage is full").waitFor();
  await alert.getByText("Free some space").waitFor();
  await alert.getByRole("button", { name: "Open in memory" }).click();
  await page.getByRole("button", { name: "Backend: Memory" }).waitFor();
  assert.match(await command(page, "put a 1"), /ok/);
});

pageTest(
  "what the browser discarded because its own files were damaged: the page says so, and opens it again",
  async (page) => {
    await typedInto(page);
    await page.evaluate(() => {
      // As Chromium says it, to the first opening after it found its LevelDB damaged.
      indexedDB.deleteDatabase("another");
      const told = { dataLoss: "total", dataLossMessage: "IndexedDB (database was corrupt): checksum mismatch" };
      for (const [name, value] of Object.entries(told))
        Object.defineProperty(IDBVersionChangeEvent.prototype, name, { configurable: true, value });
    });
    await page.getByRole("button", { name: /^Backend/ }).click();
    await page.getByRole("textbox", { name: "Database name" }).fill("another");
    await page.getByRole("button", { name: "Open", exact: true }).click();
    const alert = page.getByRole("alert");
    await alert
      .getByText(/discarded everything that this site had stored, the database "another" included: .*checksum/)
      .waitFor();
    await alert.getByText("Open it again.").waitFor();
    await page.evaluate(() => {
      for (const name of ["dataLoss", "dataLossMessage"]) Reflect.deleteProperty(IDBVersionChangeEvent.prototype, name);
    });
    await alert.getByRole("button", { name: "Try again" }).click();
    await ready(page);
    assert.match(await command(page, "get a"), /not found/);
    assert.match(await command(page, "put a 1"), /ok/);
  },
);

pageTest(
  "storage cleared under the page: it says so at once, keeps the timeline, and opens it again, empty",
  async (page) => {
    await typedInto(page);
    const events = await length(page);
    await devtools(page, "Storage.clearDataForOrigin", { storageTypes: "indexeddb" });
    await trouble(page).getByText("The browser closed the database").waitFor();
    await assertKept(page);
    assert.equal(await length(page), events);
    await page.getByRole("button", { name: "Step back", exact: true }).click();
    await page.getByRole("button", { name: "Step forward", exact: true }).click();
    assert.match(await aside(page, "get a"), /^1\b/, "what is in the memtable can be read");
    assert.match(await aside(page, "put b 2"), /the browser closed the database[\s\S]*Open it again/);
    await trouble(page).getByRole("button", { name: "Open it again" }).click();
    await page.getByText("A new database is opened").first().waitFor({ state: "attached" });
    await trouble(page).waitFor({ state: "detached" });
    await assertKept(page);
    assert.match(await aside(page, "get a"), /not found/);
    assert.match(await aside(page, "put b 2"), /ok/);
  },
);

pageTest(
  "cleared under the page, it can go on in memory: what was run is queued, to be run again there",
  async (page) => {
    await typedInto(page);
    await devtools(page, "Storage.clearDataForOrigin", { storageTypes: "indexeddb" });
    await trouble(page).getByRole("button", { name: "Open in memory" }).click();
    await page.getByRole("button", { name: "Backend: Memory" }).waitFor();
    await ready(page);
    await assertKept(page, { next: "put a 1" });
    for (const key of ["a", "q1", "q2"]) {
      await page.locator(".next-line").click();
      await page
        .getByRole("region", { name: "Memtable" })
        .getByRole("button", { name: new RegExp(`^${key}`) })
        .waitFor();
    }
  },
);

pageTest("the script of a database that was lost can be saved", async (page) => {
  await typedInto(page);
  await devtools(page, "Storage.clearDataForOrigin", { storageTypes: "indexeddb" });
  const save = trouble(page).getByRole("button", { name: "Save the script" });
  const [script] = await Promise.all([page.waitForEvent("download"), save.click()]);
  assert.equal(await readFile(await script.path(), "utf8"), "put a 1\nput q1 1\nput q2 2\n");
});

pageTest("another tab raises the database's version: the page lets go at once, and can take it back", async (page) => {
  await typedInto(page);
  const { other, answer } = await elsewhere(page, () => {
    return new Promise((done) => {
      const request = indexedDB.open("lsmscope", 1_000_000);
      request.onsuccess = () => done(request.result.version);
      request.onerror = () => done(request.error?.name);
    });
  });
  assert.equal(answer, 1_000_000, "the page did not stand in its way");
  await trouble(page).getByText("Another tab took over").waitFor();
  await assertKept(page);
  assert.match(await aside(page, "put b 2"), /another tab took over/);
  await other.close();
  await trouble(page).getByRole("button", { name: "Take it back" }).click();
  await trouble(page).waitFor({ state: "detached" });
  await ready(page);
  await assertKept(page);
  assert.match(await aside(page, "get a"), /^1\b/);
  assert.match(await aside(page, "put b 2"), /ok/);
});

pageTest(
  "a tab that holds the database and does not let go: the page says that it waits, and goes on in memory",
  async (page) => {
    await typedInto(page);
    const { other } = await elsewhere(page, () => {
      return new Promise((done) => {
        // Ignores requests to close it.
        const request = indexedDB.open("lsmscope", 1_000_000);
        request.onsuccess = () => done(Object.assign(globalThis, { held: request.result }) && "held");
      });
    });
    await trouble(page).getByRole("button", { name: "Take it back" }).click();
    await page.getByRole("alert").getByText("does not answer").waitFor();
    await page.getByRole("button", { name: "Open in memory" }).click();
    await page.getByRole("button", { name: "Backend: Memory" }).waitFor();
    await ready(page);
    await assertKept(page, { next: "put a 1" });
    // The opening that was given up ends some time: it must not come in between.
    await other.close();
    await page.waitForFunction(
      async () => !(await navigator.locks.query()).held?.some((lock) => lock.name === "lsmscope:lsmscope"),
    );
    await page.getByRole("button", { name: "Backend: Memory" }).waitFor();
  },
);

pageTest("another tab deletes the database: the page says so, and begins anew on request", async (page) => {
  await typedInto(page);
  const { answer } = await elsewhere(page, () => {
    return new Promise((done) => {
      const request = indexedDB.deleteDatabase("lsmscope");
      request.onsuccess = () => done("deleted");
      request.onerror = () => done(request.error?.name);
    });
  });
  assert.equal(answer, "deleted");
  await trouble(page).getByText('The database "lsmscope" was deleted').waitFor();
  await assertKept(page);
  await trouble(page).getByRole("button", { name: "Open it again" }).click();
  await trouble(page).waitFor({ state: "detached" });
  await ready(page);
  await assertKept(page);
  assert.match(await region(page, "Memtable"), /^0 of \d+ entries/);
});

pageTest("a database of a newer format is refused unchanged, with what can be done", async (page) => {
  await ready(page);
  await openIndexedDb(page);
  await command(page, "put a 1");
  /** @param {number} format */
  const stamp = (format) =>
    page.evaluate(
      (format) =>
        new Promise((done) => {
          const request = indexedDB.open("lsmscope");
          request.onsuccess = () => {
            const transaction = request.result.transaction("meta", "readwrite");
            transaction.objectStore("meta").put(format, "format");
            transaction.oncomplete = () => {
              request.result.close();
              done(undefined);
            };
          };
        }),
      format,
    );
  await stamp(2);
  await page.reload();
  const alert = page.getByRole("alert");
  await alert.getByText("This version cannot read the database").waitFor();
  await alert.getByText('The database "lsmscope" has format 2, but this version reads format 1.').waitFor();
  await alert.getByText("Open it with the version that wrote it").waitFor();
  await alert.getByRole("button", { name: "Try again" }).click();
  await alert.getByText("has format 2").waitFor();
  await alert.getByRole("button", { name: "Choose another database" }).click();
  await page.getByRole("textbox", { name: "Database name" }).fill("fresh");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await ready(page);
  assert.match(await command(page, "get a"), /not found/);
  await stamp(1);
  await openIndexedDb(page);
  assert.match(await command(page, "get a"), /^1\b/, "it was left as it was");
});

pageTest("an aborted transaction stops writes with its reason, and Reopen helps", async (page) => {
  await typedInto(page);
  await page.evaluate(() => {
    const { commit } = IDBTransaction.prototype;
    IDBTransaction.prototype.commit = function () {
      IDBTransaction.prototype.commit = commit;
      this.abort();
    };
  });
  const exchanges = await page.getByRole("log").getByRole("group").count();
  await page.getByRole("textbox", { name: "Command" }).fill("put b 2");
  await page.getByRole("textbox", { name: "Command" }).press("Enter");
  assert.match(await answer(page, exchanges), /cannot sync .*: the transaction was aborted/);
  assert.equal(
    await page.getByRole("textbox", { name: "Command" }).inputValue(),
    "put b 2",
    "the refused line stays in the box",
  );
  await trouble(page).getByText("Writes are stopped").waitFor();
  await trouble(page).getByRole("button", { name: "Reopen" }).click();
  await trouble(page).waitFor({ state: "detached" });
  await page.getByRole("textbox", { name: "Command" }).press("Enter");
  assert.match(await answer(page, exchanges + 2), /ok/);
});
