/**
 * A lane for each category: its button, and the time of the clip with the segments as bars.
 *
 * A button is held by a pointer, or clicked by a key. Time runs from left to right in any language.
 */
export class Lanes {
  /** `deeds` are down, up and drop, each called with the category. */
  constructor(host, deeds) {
    this.host = host;
    this.lanes = [...host.querySelectorAll(".lane")];
    this.head = host.querySelector(".segments-head");
    for (const lane of this.lanes) this.listen(lane, deeds);
  }

  get categories() {
    return this.lanes.map(({ dataset }) => dataset.category);
  }

  textOf(category) {
    return this.laneOf(category).querySelector(".lane-name").textContent;
  }

  laneOf(category) {
    return this.lanes.find(({ dataset }) => dataset.category === category);
  }

  listen(lane, { down, up, drop }) {
    const { category } = lane.dataset;
    const button = lane.querySelector("button");
    button.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      button.setPointerCapture(event.pointerId);
      down(category);
    });
    button.addEventListener("pointerup", () => up(category));
    button.addEventListener("pointercancel", () => drop(category));
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    button.addEventListener("click", ({ detail, pointerType }) => detail === 0 && !pointerType && down(category));
    lane.querySelector(".lane-track").addEventListener("click", (event) => this.seek(event));
  }

  draw({ segments, open, now, duration }) {
    const span = spanOf(now, duration);
    for (const lane of this.lanes) {
      const { category } = lane.dataset;
      const bars = segments.filter((one) => one.category === category);
      const begun = open.get(category);
      lane.querySelector("button").setAttribute("aria-pressed", String(Boolean(begun)));
      const running = begun ? [{ start: Math.min(begun.start, now), end: Math.max(begun.start, now), isOpen: true }] : [];
      lane.querySelector(".lane-track").replaceChildren(...[...bars, ...running].map((bar) => drawn(bar, span)));
    }
    this.head.style.setProperty("--at", now / span);
  }

  /** Draw only what moves along with the time. */
  advance(now, duration) {
    const share = now / spanOf(now, duration);
    this.head.style.setProperty("--at", share);
    for (const bar of this.host.querySelectorAll(".lane-bar[data-open]")) bar.style.setProperty("--to", share);
  }

  seek({ offsetX, currentTarget, target }) {
    const { player } = this.host;
    const within = target === currentTarget ? offsetX : target.offsetLeft + offsetX;
    player?.seekTo(within / currentTarget.clientWidth);
  }

  /** Play one segment and stop at its end. */
  play({ start, end }) {
    const { player, off } = this.host;
    if (!player?.moves) return;
    const { element } = player;
    player.play(start);
    const stop = new AbortController();
    const watch = () => {
      if (element.currentTime < end && element.currentTime >= start - 0.1) return;
      if (element.currentTime >= end) element.pause();
      stop.abort();
    };
    element.addEventListener("timeupdate", watch, { signal: AbortSignal.any([off.signal, stop.signal]) });
  }
}

function spanOf(now, duration) {
  return Number.isFinite(duration) && duration > 0 ? duration : Math.max(now, 1);
}

function drawn({ start, end, isOpen = false }, span) {
  const bar = document.createElement("span");
  bar.className = "lane-bar";
  bar.toggleAttribute("data-open", isOpen);
  bar.style.setProperty("--from", start / span);
  bar.style.setProperty("--to", end / span);
  bar.textContent = `${(end - start).toFixed(1)} s`;
  return bar;
}
