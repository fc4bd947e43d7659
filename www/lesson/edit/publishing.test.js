// The link to a lesson that is published, and its frame.

import assert from "node:assert/strict";
import { test } from "node:test";

import { frameOf, linkOf, otherHostOf, presentLinkOf } from "./publishing.js";

test("the address of a lesson is one value of the link", () => {
  const link = linkOf("https://site/", "https://host/a.md?b=1&c=2");
  assert.equal(new URL(link).searchParams.get("lesson"), "https://host/a.md?b=1&c=2");
});

test("the link for a class presents the same lesson", () => {
  const { searchParams } = new URL(presentLinkOf("https://site/", "https://host/a.md?b=1&c=2"));
  assert.equal(searchParams.get("lesson"), "https://host/a.md?b=1&c=2");
  assert.equal(searchParams.get("present"), "");
});

test("a host is another one unless it serves the site as well", () => {
  assert.equal(otherHostOf("https://site/lsm/", "https://host:8443/a.md?b=1"), "https://host:8443");
  assert.equal(otherHostOf("https://site/lsm/", "https://site/course/a.md"), "");
  assert.equal(otherHostOf("https://site/lsm/", "course/a.md"), "", "what is no whole address has no host");
});

test("a title in quotes does not end its attribute", () => {
  const frame = frameOf("https://site/", "https://host/a.md", 'Say "a" & <b>');
  assert.match(frame, /title="Say &quot;a&quot; &amp; &lt;b>"/);
  assert.match(frame, /src="https:\/\/site\/embed\/\?lesson=https%3A%2F%2Fhost%2Fa\.md"/);
});
