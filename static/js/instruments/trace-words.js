/** What a trace says: what is going on, which end the hand leans to, and how its track is read out. */
const LEAN = 0.4;
const ASIDE = new Set(["kept", "anew"]); // They are said beside what is going on.

export class Words {
  constructor(trace) {
    this.trace = trace;
    this.output = trace.querySelector("output");
  }

  draw() {
    const { trace } = this;
    const { state, position } = trace;
    for (const word of trace.querySelectorAll("[data-when]")) word.hidden = word.dataset.when !== state;
    trace.querySelector("[data-swap]").hidden = !trace.earlier || state !== "done";
    const near = endNear(position ?? 0);
    for (const end of trace.querySelectorAll("[data-end]")) end.toggleAttribute("data-near", end.dataset.end === near);
    trace.track.setAttribute("aria-valuenow", position ?? 0);
    trace.track.setAttribute("aria-valuetext", this.of(position));
    const said = this.said();
    if (this.output.textContent !== said) this.output.textContent = said; // It is read out.
  }

  /** A position in words. */
  of(position) {
    const { trace } = this;
    if (position === null) return trace.text("unset");
    if (position === 0) return trace.text(trace.isBounded ? "middle" : "start");
    return `${position < 0 ? trace.dataset.low : trace.dataset.high} ${Math.abs(position).toFixed(1)}`;
  }

  said() {
    const { trace } = this;
    const { state, message } = trace;
    if (state === "done" || state === "idle") return trace.text(message, trace.most);
    const aside = ASIDE.has(message) ? ` ${trace.text(message)}` : "";
    if (state === "paused") return trace.text("paused", trace.watch.now.toFixed(1)) + aside;
    return trace.text(trace.take.wasMoved ? "recording" : "still") + aside;
  }
}

function endNear(position) {
  if (Math.abs(position) < LEAN) return "";
  return position > 0 ? "high" : "low";
}
