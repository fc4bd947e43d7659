// Files that the page gives to the browser to keep; among them the samples of a workload.

/**
 * Gives `parts` to the browser as a file to keep.
 * @param {string} name
 * @param {string} type
 * @param {...BlobPart} parts
 */
export function save(name, type, ...parts) {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  // The download has its own hold on the bytes by the time that this task is over.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}

/**
 * The samples of the last workload, named as the command line's report names them.
 * @param {import("../controller.js").Controller} controller
 */
export async function saveSamples(controller) {
  const csv = await controller.runCsv();
  if (csv !== undefined) save("lsm_metrics.csv", "text/csv", csv);
}
