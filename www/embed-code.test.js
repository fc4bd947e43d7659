// What *Embed* writes: the frame's address, quoted for HTML, with the rules of a frame in each of them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { HOSTS, embedCode, frameAddress, isElement } from "./embed-code.js";

const SITE = "https://example.org/lsm/";
const FRAGMENT = "v=2&script=put+a+%22x%22";
const CHOICE = /** @type {const} */ ({ controls: "player", isFigure: false, width: 720, height: 480 });

test("a frame's address has the moment behind #, and asks for nothing that is the default", () => {
  assert.equal(frameAddress(SITE, FRAGMENT, CHOICE), `${SITE}embed/#${FRAGMENT}`);
  assert.equal(frameAddress(SITE, "v=2", { ...CHOICE, controls: "none" }), `${SITE}embed/?controls=none#v=2`);
  assert.match(frameAddress(SITE, "v=2", { ...CHOICE, isFigure: true }), /\?mode=figure#v=2$/);
});

test("each host's lines have a title, a sandbox and the address, quoted", () => {
  for (const { host } of HOSTS) {
    const code = embedCode(SITE, FRAGMENT, { ...CHOICE, host });
    assert.ok(code.includes("v=2&amp;script=put+a+%22x%22"), host);
    assert.ok(!/[^&]&(?!amp;|quot;|lt;)/.test(code), host);
    if (isElement(host)) continue;
    const allow = 'allow="clipboard-write; fullscreen"';
    for (const rule of ["title=", 'sandbox="allow-scripts"', 'loading="lazy"', allow])
      assert.ok(code.includes(rule), `${host}: ${rule}`);
    // MDX, in which Docusaurus reads Markdown, takes neither.
    for (const rule of ["referrerpolicy=", "style="]) assert.equal(code.includes(rule), host !== "mdbook", host);
  }
});

test("a deck's element passes its keys on; a learning platform is told the height, which is the default", () => {
  const deck = embedCode(SITE, FRAGMENT, { ...CHOICE, host: "reveal" });
  assert.match(deck, /<lsm-scope keys="deck" height="560" state=/);
  assert.match(deck, /reveal-plugin\.js"><\/script>\n<script>\n {2}Reveal\.initialize\(.*LsmScopeReveal/);
  assert.ok(!embedCode(SITE, FRAGMENT, { ...CHOICE, host: "lms" }).includes("height=fixed"));
});
