// A title that a session or a link has kept is said in the reader's language; another stays as it is.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { titleSaid } from "./kept-titles.js";
import { speak } from "./words.js";

afterEach(() => speak("en", {}));

test("in English, titles are as they are kept", () => {
  for (const title of ["main", "from event 5", "power cut at event 12", "branch 2", "Shared script", "my own", ""])
    assert.equal(titleSaid(title), title);
});

test("in another language they are said, but for one that was given", () => {
  speak("de", { main: "Hauptzweig", "from event {event}": "ab Ereignis {event}" });
  const said = ["main", "from event 5", "from event x", "my own"].map(titleSaid);
  assert.deepEqual(said, ["Hauptzweig", "ab Ereignis 5", "from event x", "my own"]);
});
