// Files that are dropped anywhere on the page: of a folder, those of a database that tell its history.

/** What is taken of a folder: a database's has thousands of tables. */
const TAKEN = /^(CURRENT|(MANIFEST|OPTIONS)-\d+(\.gz)?|.*LOG(\.old(\.\d+)?)?(\.gz)?)$/;

/**
 * @param {(files: File[]) => void} open
 * @param {(over: boolean) => void} hover
 * @param {(folder: string) => void} refuse A folder has none of them.
 */
export function bindDrop(open, hover, refuse) {
  const carries = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  document.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    hover(true);
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) hover(false);
  });
  document.addEventListener("drop", async (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    hover(false);
    const { items, files } = /** @type {DataTransfer} */ (event.dataTransfer);
    // Both are empty once the event is over.
    const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
    const plain = [...files];
    const folder = entries.find(({ isDirectory }) => isDirectory);
    // A folder may be gone, or not be read: then it has nothing.
    const all = folder ? await filesOf(entries).catch(() => []) : plain;
    if (all.length > 0) open(all);
    else if (folder) refuse(folder.name);
  });
}

/** @param {readonly FileSystemEntry[]} entries */
async function filesOf(entries) {
  /** @type {File[]} */
  const files = [];
  for (const entry of entries) {
    const inside = entry.isDirectory ? await list(/** @type {FileSystemDirectoryEntry} */ (entry)) : [entry];
    for (const one of inside) if (one.isFile) files.push(await file(/** @type {FileSystemFileEntry} */ (one)));
  }
  return files;
}

/** @param {FileSystemDirectoryEntry} directory @returns {Promise<FileSystemEntry[]>} */
async function list(directory) {
  const reader = directory.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return ofDatabase(all);
    all.push(...some);
  }
}

/**
 * What is taken of a folder.
 * @template {{ name: string }} F
 * @param {readonly F[]} files
 */
export const ofDatabase = (files) => files.filter(({ name }) => TAKEN.test(name));

/** @param {FileSystemFileEntry} entry @returns {Promise<File>} */
const file = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));
