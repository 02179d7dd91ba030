/**
 * Draws a trace: the last seconds while it runs, all of it once it is complete.
 *
 * Who wishes for less motion sees the line grow over the width of the clip in place of one that runs.
 */
const SHOWN_SECONDS = 8;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Drawing {
  constructor(host) {
    this.svg = host.querySelector("svg");
    this.line = host.querySelector("polyline");
    this.point = host.querySelector(".trace-point");
  }

  /** Draw events up to `now`; `position` is where the hand is, null for nowhere. */
  draw({ events, now, duration, position, isWhole }) {
    const [low, high] = heights(events, position);
    const isStill = isWhole || calm.matches;
    const from = isStill ? 0 : now - SHOWN_SECONDS;
    const span = isStill ? duration || 1 : SHOWN_SECONDS;
    const x = (media) => (media - from) / span;
    this.svg.setAttribute("viewBox", `0 ${-high} 1 ${high - low}`);
    this.line.setAttribute("points", this.points(events, { from, x, end: isWhole ? duration : now }));
    this.point.hidden = position === null;
    this.point.style.setProperty("--x", isStill ? Math.min(x(now), 1) : 1);
    this.point.style.setProperty("--y", (high - (position ?? 0)) / (high - low));
  }

  /** Each value holds until the next event. */
  points(events, { from, x, end }) {
    const first = Math.max(0, events.findLastIndex(([media]) => media < from));
    const drawn = [];
    for (let i = first; i < events.length; i += 1) {
      const [media, , value] = events[i];
      if (i > first) drawn.push(`${plain(x(media))},${-events[i - 1][2]}`);
      drawn.push(`${plain(x(media))},${-value}`);
    }
    if (events.length) drawn.push(`${plain(x(Math.max(end, events.at(-1)[0])))},${-events.at(-1)[2]}`);
    return drawn.join(" ");
  }
}

/** The range that is seen: from -1 to 1, and farther where a relative trace went. */
function heights(events, position) {
  let [low, high] = [-1, 1];
  for (const value of [...events.map(([, , one]) => one), position ?? 0]) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

function plain(number) {
  return Math.round(number * 10000) / 10000;
}
