/**
 * The drawing of an emotion wheel: a spoke of growing circles for each family, its name beyond them,
 * the ways out in the middle. It is for the eye and the pointer only; the answer is in radio buttons.
 */
const SVG = "http://www.w3.org/2000/svg";
const MIDDLE = 23; // Ways out are nearer than this, circles from FIRST to RIM, names beyond.
const FIRST = 25.5;
const RIM = 96;
const NAMES = 102;
const GROWTH = 2.5; // How much larger the outermost circle is than the innermost.
const LETTER = 4; // How wide one is, about.
const LINE = 8;
const LONGEST_LINE = 15;

/** Return an <svg> for {value, text} families and ways out, with `steps` circles on each spoke. */
export function drawWheel({ families, waysOut, steps }) {
  const names = families.map(({ text }) => linesOf(text));
  const reach = NAMES + Math.max(...names.flat().map((line) => line.length)) * LETTER + 2;
  const svg = make("svg", { viewBox: `${-reach} -114 ${2 * reach} 228`, "aria-hidden": "true" });
  const rings = ringsOf(steps, families.length);
  svg.append(...families.map((family, i) => spoke(family, names[i], turnOf(i, families.length), rings)));
  svg.append(...waysOut.map((way, i) => wayOut(way, i, waysOut.length)));
  return svg;
}

/** Return what is meant by a pointer: {value, step}, step null for a name or a way out; null for nothing. */
export function meantBy({ clientX, clientY, target }, svg, { families, steps }) {
  const { value } = target.closest("[data-way-out], .wheel-name")?.closest("[data-value]").dataset ?? {};
  if (value) return { value, step: null };
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
  const far = Math.hypot(x, y);
  if (far < MIDDLE || far > RIM + 2) return null;
  const share = (Math.atan2(x, -y) / (2 * Math.PI) + 1) % 1;
  const ring = ringsOf(steps, families.length).findIndex(({ end }) => far <= end);
  return { value: families[Math.floor(share * families.length)].value, step: ring < 0 ? steps : ring + 1 };
}

/** Rings from the middle to the rim, each wider than the last: where its circles lie and how large they are. */
function ringsOf(steps, n) {
  const widths = Array.from({ length: steps }, (_, i) => 1 + ((GROWTH - 1) * i) / (steps - 1));
  const unit = (RIM - FIRST) / widths.reduce((sum, width) => sum + width, 0);
  let start = FIRST;
  return widths.map((width) => {
    const far = start + (width * unit) / 2;
    start += width * unit;
    return { far, end: start, size: 0.46 * Math.min(width * unit, 2 * far * Math.sin(Math.PI / n)) };
  });
}

function turnOf(place, n) {
  return ((place + 0.5) / n) * 2 * Math.PI;
}

function spoke({ value }, lines, turn, rings) {
  const [x, y] = [Math.sin(turn), -Math.cos(turn)];
  const group = make("g", { class: "wheel-spoke", "data-value": value });
  group.style.setProperty("--turn", Math.round((turn * 180) / Math.PI));
  group.append(...rings.map(({ far, size }) => make("circle", { cx: far * x, cy: far * y, r: size })));
  group.append(written(lines, { x: NAMES * x, y: NAMES * y, anchor: anchorOf(x), class: "wheel-name" }));
  return group;
}

/** The first way out has the upper half, the second the lower; one alone has all of it. */
function wayOut({ value, text }, place, n) {
  const lines = text.split(" ").slice(0, 3);
  const group = make("g", { class: "wheel-way-out", "data-value": value, "data-way-out": "" });
  const below = place === 0 ? 0 : 1;
  const half = make("path", { d: `M-${MIDDLE - 1} 0A${MIDDLE - 1} ${MIDDLE - 1} 0 0 ${1 - below} ${MIDDLE - 1} 0Z` });
  const whole = make("circle", { r: MIDDLE - 1 });
  const y = n === 1 ? 0 : below ? 8.5 : -8.5;
  group.append(n === 1 ? whole : half, written(lines, { x: 0, y, anchor: "middle", class: "wheel-way-out-name" }));
  return group;
}

function anchorOf(x) {
  if (Math.abs(x) < 0.1) return "middle";
  return x > 0 ? "start" : "end";
}

function written(lines, { x, y, anchor, ...rest }) {
  const text = make("text", { "text-anchor": anchor, ...rest });
  const line = rest.class === "wheel-name" ? LINE : 6.6;
  const first = y + line * 0.33 - ((lines.length - 1) * line) / 2;
  for (const [i, words] of lines.entries()) {
    const span = make("tspan", { x, y: first + i * line });
    span.textContent = words;
    text.append(span);
  }
  return text;
}

/** A long name takes two lines, as even as its words allow. */
function linesOf(text) {
  const words = text.split(" ");
  if (text.length <= LONGEST_LINE || words.length < 2) return [text];
  const splits = words.slice(1).map((_, i) => [words.slice(0, i + 1).join(" "), words.slice(i + 1).join(" ")]);
  return splits.sort((a, b) => longer(a) - longer(b))[0];
}

function longer([first, second]) {
  return Math.max(first.length, second.length);
}

function make(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, typeof value === "number" ? value.toFixed(2) : value);
  }
  return element;
}
