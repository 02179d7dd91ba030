/**
 * One dimension followed while the clip plays: every movement with its media time and its clock.
 *
 *   <answer-trace data-range="bounded" data-most="20000" data-low="unpleasant" data-high="pleasant" data-idle=… …>
 *     <p data-end="high">pleasant</p>
 *     <div class="trace-track" role="slider" tabindex="0"> <svg><polyline/></svg> <span class="trace-point"></span> </div>
 *     <p data-end="low">unpleasant</p> <output></output>
 *     <button data-deed> a span data-when="idle", "recording", "paused", "done" </button> <button data-swap>…</button>
 *   </answer-trace>
 *
 * It records whenever the clip plays while the question is shown. Going back in the clip begins a new
 * take; a complete one stays the answer until another is complete. Values hold until the next event.
 */
import { keepFocusFromButtons } from "./pointer.js";
import { Drawing } from "./trace-drawing.js";
import { Hand } from "./trace-hand.js";
import { Take } from "./trace-take.js";
import { Watch } from "./trace-watch.js";
import { Words } from "./trace-words.js";
import { across } from "./walking.js";
import { AnswerWidget } from "./widget.js";

const BACK_SECONDS = 0.1; // Less is the jitter of a seek.

class AnswerTrace extends AnswerWidget {
  take = null;
  whole = null;
  earlier = null;
  position = null;
  message = "idle";

  connectedCallback() {
    this.isBounded = this.dataset.range === "bounded";
    this.most = Number(this.dataset.most);
    this.track = this.querySelector(".trace-track");
    this.drawing = new Drawing(this);
    this.words = new Words(this);
    this.hand = new Hand(this.track, {
      isBounded: this.isBounded,
      isLive: () => this.state === "recording",
      isCrowded: () => Boolean(this.take?.isCrowded),
      read: () => this.position ?? 0,
      moved: (value, clock) => this.moved(value, clock),
    });
    keepFocusFromButtons(this);
    this.querySelector("[data-deed]").addEventListener("click", () => this.perform());
    this.querySelector("[data-swap]").addEventListener("click", () => this.swap());
    this.clear();
  }

  disconnectedCallback() {
    this.watch?.stop();
  }

  get value() {
    return this.whole?.answer ?? null;
  }

  set value(answer) {
    this.clear();
    if (answer) this.whole = Take.of(answer, this.most);
    this.message = answer ? "whole" : "idle";
    this.draw();
  }

  get problem() {
    const flaw = this.whole ? "" : (this.take?.flaw ?? "");
    return flaw ? this.text(flaw, this.most) : "";
  }

  press({ key }) {
    return this.hand.hold(across(key));
  }

  release({ key }) {
    return Boolean(across(key)) && this.hand.letGo();
  }

  shown(what) {
    super.shown(what);
    this.watch?.stop();
    this.watch = new Watch(this.player, this);
    if (document.querySelector("[data-question]") === this.question) this.player.element?.pause?.(); // Not before the hand is ready.
    this.draw();
  }

  clear() {
    Object.assign(this, { take: null, whole: null, earlier: null, message: "idle" });
    this.rest();
    this.draw();
  }

  /** The hand is nowhere yet; a relative trace starts at 0. */
  rest() {
    this.position = this.isBounded ? null : 0;
    this.hand?.letGo();
  }

  get state() {
    if (!this.take || this.take.isEnded) return this.whole || this.take ? "done" : "idle";
    return this.watch?.isPlaying ? "recording" : "paused";
  }

  perform() {
    this.player?.perform(this.state === "recording" || this.state === "paused" ? "play" : "replay");
  }

  /** The hand moved; it is an event of the take if the clip plays. */
  moved(value, clock) {
    if (this.state === "done") return;
    this.position = value;
    if (this.state === "recording") {
      const wasMoved = this.take.wasMoved;
      this.take.wasMoved = true;
      this.take.add(this.watch.mediaAt(clock), clock, value);
      if (!wasMoved) this.changed();
    } else this.draw();
  }

  played() {
    if (!this.checkVisibility()) return;
    const { now } = this.watch;
    if (!this.take || this.take.isEnded || now < this.take.reached - BACK_SECONDS) this.begin(now);
    this.log("play");
    if (this.position !== null) this.take.add(now, performance.now(), this.position);
    this.run();
  }

  begin(from) {
    const wasBegun = this.take?.wasMoved && !this.take.isEnded;
    this.take = new Take({ from, most: this.most });
    this.message = wasBegun ? "anew" : "";
    if (this.whole) this.message = "kept";
  }

  sought() {
    if (!this.take || this.take.isEnded) return;
    const goesBack = this.watch.now < this.take.reached - BACK_SECONDS;
    if (goesBack && this.watch.isPlaying) this.played();
    else if (!goesBack) this.log("seek");
  }

  log(kind) {
    if (!this.take || this.take.isEnded) return;
    this.take.note(kind, this.watch.now, performance.now());
    this.draw();
  }

  ended() {
    if (!this.take || this.take.isEnded) return;
    this.log("ended");
    this.take.isEnded = true;
    const { flaw } = this.take;
    this.message = flaw || (this.whole ? "replaced" : "whole");
    if (!flaw) [this.whole, this.earlier] = [this.take, this.whole];
    this.rest();
    this.draw();
    this.changed();
  }

  swap() {
    [this.whole, this.earlier] = [this.earlier, this.whole];
    this.take = null;
    this.message = "whole";
    this.draw();
    this.changed();
  }

  /** Draw along while it plays. */
  run() {
    this.draw();
    if (this.state !== "recording" || !this.isConnected) return;
    cancelAnimationFrame(this.next);
    this.next = requestAnimationFrame(() => this.run());
  }

  draw() {
    const { state, take, whole, position } = this;
    const isWhole = state === "done";
    const events = (isWhole ? (take?.flaw ? take : whole) : take)?.events ?? [];
    this.dataset.state = state;
    this.toggleAttribute("data-untouched", position === null && !events.length);
    this.drawing.draw({ events, position: isWhole ? null : position, isWhole, now: this.watch?.now ?? 0, duration: this.watch?.duration ?? 1 });
    this.words.draw();
  }
}

customElements.define("answer-trace", AnswerTrace);
