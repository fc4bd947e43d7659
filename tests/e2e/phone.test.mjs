// A phone has the same page: what its top bar has no room for is one tap away, and what covers the figure goes again.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { region } from "./page.mjs";

const PHONE = { width: 390, height: 844 };

/** @param {import("playwright-core").Page} page */
const more = (page) => page.getByRole("button", { name: "More", exact: true });

pageTest(
  "on a phone, the simulator and an export are in the menu, and the simulator has its whole width",
  async (page) => {
    await more(page).click();
    await page.getByRole("button", { name: "Export", exact: true }).click();
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await more(page).click();
    await page.getByRole("button", { name: "Simulate", exact: true }).click();
    const panes = page.getByRole("navigation", { name: "Panes" });
    const simulator = page.getByRole("main", { name: "Simulator" });
    for (const [pane, first] of /** @type {const} */ ([
      ["Setup", simulator.getByRole("combobox").first()],
      ["Run", simulator.getByText("Not run yet.")],
      ["Summary", simulator.getByText("Press Run. The results are explained here.")],
    ])) {
      await panes.getByRole("button", { name: pane, exact: true }).click();
      const shown = await first.boundingBox();
      assert.ok(shown && shown.y > 40 && shown.y < 200, `${pane} begins at ${shown?.y}`);
    }
    await more(page).click();
    await page.getByRole("button", { name: "Sandbox", exact: true }).first().click();
    await page.locator("canvas.figure[data-at]").waitFor();
  },
  { viewport: PHONE, layout: "figure" },
);

pageTest(
  "on a phone, the inspector names files to open, and goes by its own button",
  async (page) => {
    await page.getByRole("button", { name: "Inspect", exact: true }).click();
    await page.getByRole("button", { name: "MANIFEST-000001", exact: true }).click();
    await page.getByText(/fields$/).waitFor();
    assert.match(await region(page, "Inspector"), /MANIFEST-000001/);
    await page.getByRole("button", { name: "Fold in: explanations" }).click();
    assert.equal(
      await page.getByRole("button", { name: "Inspect", exact: true }).getAttribute("aria-pressed"),
      "false",
    );
    assert.ok(await page.locator("canvas.figure").isVisible());
  },
  { viewport: PHONE, layout: "figure" },
);
