// A page of one's own: the element, and a plain iframe, which needs no script.

import { fits, hasTheme, seen, start, steps } from "./frames.mjs";
import { host } from "./hosts.mjs";

const test = host("plain", {});

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(
    `the element steps, fits, and is ${colorScheme} as the reader's system`,
    async (page, { open }) => {
      await open();
      const frame = await start(page);
      await steps(frame);
      await hasTheme(frame, colorScheme);
      await fits(page);
    },
    { colorScheme },
  );
}

test("a plain iframe steps", async (page, { open }) => {
  await open();
  await steps(await seen(page, "body > iframe"));
});
