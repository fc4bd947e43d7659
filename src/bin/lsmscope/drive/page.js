const data = JSON.parse(document.getElementById("data").textContent);
const charts = document.getElementById("charts");
const svg = charts.querySelector("svg");
const reading = document.getElementById("reading");
const [left, right] = data.plot;

// The drawing has a size in pixels; as a picture in a page it takes the width there is.
svg.setAttribute("viewBox", `0 0 ${data.size[0]} ${data.size[1]}`);

const pointer = document.createElementNS(svg.namespaceURI, "line");
pointer.id = "pointer";
pointer.setAttribute("y1", "44");
pointer.setAttribute("y2", String(data.size[1] - 24));
pointer.setAttribute("visibility", "hidden");
svg.append(pointer);

const grouped = (n) => n.toLocaleString("en");

/** The sample that holds at `seconds`: the first that is not before it. */
function sampleAt(seconds) {
  let low = 0;
  let high = data.times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (data.times[middle] / 1000 < seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

function show(index) {
  const s = data.read[index];
  const since = index > 0 ? data.times[index - 1] : 0;
  const span = Math.max(1, data.times[index] - since) / 1000;
  const lines = [`${(data.times[index] / 1000).toFixed(2)} s`];
  for (const kind of ["put", "get", "scan", "delete"]) {
    if (s[kind] > 0) lines.push(`${kind}s  ${grouped(Math.round(s[kind] / span))}/s`);
  }
  lines.push(`memtable  ${grouped(s.memtable)} B`);
  s.tables.forEach((tables, level) => {
    if (tables > 0) lines.push(`L${level}  ${grouped(tables)} tables, ${grouped(s.bytes[level])} B`);
  });
  reading.textContent = lines.join("\n");
}

charts.addEventListener("pointermove", (event) => {
  if (data.times.length === 0) return;
  const box = svg.getBoundingClientRect();
  const scale = data.size[0] / box.width;
  const x = Math.min(right, Math.max(left, (event.clientX - box.left) * scale));
  const index = sampleAt(((x - left) / (right - left)) * data.seconds);
  const at = left + (data.times[index] / 1000 / data.seconds) * (right - left);
  pointer.setAttribute("x1", String(at));
  pointer.setAttribute("x2", String(at));
  pointer.setAttribute("visibility", "visible");
  show(index);
  reading.hidden = false;
  const room = box.width - at / scale > reading.offsetWidth + 24;
  reading.style.left = `${at / scale + (room ? 12 : -reading.offsetWidth - 12)}px`;
});
charts.addEventListener("pointerleave", () => {
  reading.hidden = true;
  pointer.setAttribute("visibility", "hidden");
});

const save = document.getElementById("save");
save.hidden = false;
save.addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([data.csv], { type: "text/csv" }));
  link.download = "lsm_metrics.csv";
  link.click();
  URL.revokeObjectURL(link.href);
});
