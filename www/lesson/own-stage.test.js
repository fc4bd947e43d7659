import assert from "node:assert/strict";
import test from "node:test";
import { openOwnStage } from "./own-stage.js";

/** A database of 20 events, of which one opens it; moments are called by their positions: `m12`. */
function sandbox() {
  let length = 1;
  const life = [{ event: 3 }, { event: 8 }, { event: 14 }, { event: 19 }];
  return /** @type {any} */ ({
    setWary: () => {},
    length: () => length,
    run: async () => (length = 20),
    openMoment: (/** @type {string} */ name) =>
      name.startsWith("m") ? { position: Number(name.slice(1)), differs: null } : { differs: `${name} is no moment` },
    keyLife: () => life,
    close: async () => {},
  });
}

const figure = { opening: { preset: "teaching", options: {} }, lines: ["put a 1"] };
const opened = (/** @type {object} */ wanted) => openOwnStage(async () => sandbox(), { ...figure, ...wanted });

test("a figure halts at the moments that lie between its ends", async () => {
  const { from, to, halts } = await opened({ from: "m5", to: "m15", via: ["m5", "m9", "12", "m15", "m18"] });
  assert.deepEqual([from, to, halts], [5, 15, [9, 12]]);
  assert.deepEqual((await opened({})).halts, []);
  await assert.rejects(opened({ via: ["never"] }), /never is no moment/);
});

test("the way of a key goes as far as the figure does", async () => {
  const { way } = await opened({ from: "m5", to: "m15", key: "a" });
  assert.deepEqual(
    way.map(({ position }) => position),
    [4, 9, 15],
  );
  assert.deepEqual((await opened({ from: "m5" })).way, []);
});
