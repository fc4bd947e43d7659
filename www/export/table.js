// Everything charted, as comma-separated values.

/** @typedef {import("../sim/series.js").Samples} Samples */

/**
 * Comma-separated values (RFC 4180): a head, then a row for each place. What is not a number is empty.
 * @param {{ name: string, values: ArrayLike<number> }[]} columns
 */
export function csv(columns) {
  const quoted = (/** @type {string} */ name) => (/[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
  const rows = columns.reduce((most, { values }) => Math.max(most, values.length), 0);
  const lines = [columns.map(({ name }) => quoted(name)).join(",")];
  for (let row = 0; row < rows; row += 1) {
    lines.push(columns.map(({ values }) => (Number.isFinite(values[row]) ? String(values[row]) : "")).join(","));
  }
  return `${lines.join("\n")}\n`;
}

/**
 * The samples of a sandbox: a row for each event after which something was counted.
 * @param {NonNullable<import("../state.js").Shown["samples"]>} samples
 */
export function sampled({ events, level_tables: tables, level_bytes: bytes, ...columns }) {
  return [
    { name: "event", values: events },
    ...Object.entries(columns).map(([name, values]) => ({ name, values })),
    ...levels("tables", tables),
    ...levels("bytes", bytes),
  ];
}

/**
 * The samples of a simulation: a row for each moment. Of two that are compared, the names end with their letters.
 * @param {Samples[]} runs
 */
export function simulated(runs) {
  const compared = runs.length > 1;
  return runs.flatMap(({ columns: { at, ...columns }, tables, bytes }, run) => {
    const suffix = compared ? ` ${"AB"[run]}` : "";
    const all = [
      { name: "seconds", values: at },
      ...Object.entries(columns).map(([name, values]) => ({ name, values })),
      ...levels("tables", tables),
      ...levels("bytes", bytes),
    ];
    return all.map(({ name, values }) => ({ name: `${name}${suffix}`, values }));
  });
}

/**
 * @param {string} what
 * @param {ArrayLike<number>[]} values
 */
function levels(what, values) {
  return values.map((column, level) => ({ name: `${what}_l${level}`, values: column }));
}
