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

/** The sample that holds at `seconds`: the first that is not before it. */
const sampleAt = (seconds) => {
  let low = 0;
  let high = data.times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (data.times[middle] < seconds) low = middle + 1;
    else high = middle;
  }
  return low;
};

charts.addEventListener("pointermove", (event) => {
  if (data.times.length === 0) return;
  const box = svg.getBoundingClientRect();
  const scale = data.size[0] / box.width;
  const x = Math.min(right, Math.max(left, (event.clientX - box.left) * scale));
  const index = sampleAt(((x - left) / (right - left)) * data.seconds);
  const at = left + (data.times[index] / data.seconds) * (right - left);
  pointer.setAttribute("x1", String(at));
  pointer.setAttribute("x2", String(at));
  pointer.setAttribute("visibility", "visible");
  reading.textContent = data.read[index];
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
  link.download = data.name;
  link.click();
  URL.revokeObjectURL(link.href);
});
