/** Draws a sound's peaks as bars, the part that was played in another colour. */
const NAMESPACE = "http://www.w3.org/2000/svg";
const HEIGHT = 100;
let drawn = 0;

export function drawWaveform(peaks) {
  if (!peaks.length) return null;
  const svg = make("svg", {
    class: "waveform",
    viewBox: `0 0 ${peaks.length} ${HEIGHT}`,
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  const path = outline(peaks);
  const window_ = make("rect", { x: 0, y: 0, width: 0, height: HEIGHT });
  const id = `waveform-${(drawn += 1)}`; // Several clips may stand side by side.
  const clip = make("clipPath", { id });
  clip.append(window_);
  svg.append(
    clip,
    make("path", { class: "waveform-whole", d: path }),
    make("path", { class: "waveform-played", d: path, "clip-path": `url(#${id})` }),
  );
  return { svg, progress: (share) => window_.setAttribute("width", share * peaks.length) };
}

function outline(peaks) {
  const loudest = Math.max(...peaks, 0.05);
  return peaks
    .map((peak, i) => {
      const half = Math.max((peak / loudest) * 0.48 * HEIGHT, 1);
      return `M${i + 0.2} ${HEIGHT / 2 - half}h0.6v${2 * half}h-0.6z`;
    })
    .join("");
}

function make(name, attributes) {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
