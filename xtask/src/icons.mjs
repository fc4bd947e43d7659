// Draws the page's icon for those that take no SVG: site/apple-touch-icon.png, site/favicon.ico with the same in 32 and
// 16 pixels, and the icons of the installed page, which site/manifest.webmanifest names. They are in git: run this when
// site/favicon.svg has changed. It needs Chrome or Chromium: see `CHROME` in tests/e2e/browser.mjs.
// Usage: node xtask/src/icons.mjs

import { readFileSync, writeFileSync } from "node:fs";

import { launch } from "../../tests/e2e/browser.mjs";

const site = new URL("../../site/", import.meta.url);
const svg = readFileSync(new URL("favicon.svg", site), "utf8");
const browser = await launch();

/** The colour of the icon's own ground. */
const GROUND = "#191d26";
/** How large the drawing is in a maskable icon: its corners stay in the circle of 80 % that no mask cuts. */
const MASKABLE = 0.85;

/**
 * The icon as a PNG.
 * @param {number} side
 * @param {string} background Where the icon has none.
 * @param {number} [scale] Of the drawing, in the middle of the picture.
 */
async function drawn(side, background, scale = 1) {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  const style = `body{margin:0;background:${background}}svg{display:block;transform:scale(${scale})}`;
  await page.setContent(`<style>${style}</style>${svg}`);
  const png = await page.screenshot({ omitBackground: true });
  await page.close();
  return png;
}

/**
 * An .ico: a header, 16 bytes for each image, the images, which may be PNG.
 * @param {{ side: number, png: Buffer }[]} images
 */
function ico(images) {
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let offset = head.length;
  for (const [i, { side, png }] of images.entries()) {
    const entry = 6 + 16 * i;
    head.writeUInt8(side, entry);
    head.writeUInt8(side, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(png.length, entry + 8);
    head.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  }
  return Buffer.concat([head, ...images.map(({ png }) => png)]);
}

const images = [];
for (const side of [32, 16]) images.push({ side, png: await drawn(side, "transparent") });
writeFileSync(new URL("favicon.ico", site), ico(images));
// iOS rounds the corners itself, and shows what is transparent black.
writeFileSync(new URL("apple-touch-icon.png", site), await drawn(180, GROUND));
for (const side of [192, 512]) {
  writeFileSync(new URL(`icon-${side}.png`, site), await drawn(side, "transparent"));
  writeFileSync(new URL(`icon-maskable-${side}.png`, site), await drawn(side, GROUND, MASKABLE));
}
await browser.close();
