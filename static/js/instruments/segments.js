/**
 * Stretches of the clip, each with a category, marked while it plays.
 *
 *   <answer-segments data-most="200" data-overlap data-open=… data-empty=… data-beyond=… data-twice=…>
 *     <div class="lane" data-category="joy"> <button aria-pressed="false">Joy</button> <div class="lane-track"></div> </div> …
 *     <div class="segments-head"></div> <output></output> <button data-undo hidden>Undo</button>
 *     <ol> rows of a plain form </ol> <template><li> select, two number fields, data-play, data-delete </li></template>
 *     <input type="checkbox" name="seen.nothing">
 *   </answer-segments>
 *
 * A category's key or button is pressed at the onset and once more at the offset, or held in between.
 * The rows of the list are the answer; data-overlap allows two of one category at a time.
 */
import { AnswerWidget, optionOf } from "./widget.js";
import { Lanes } from "./segment-lanes.js";
import { SegmentList } from "./segment-list.js";
import { SegmentPast } from "./segment-past.js";
import { flawOf, merged } from "./segment-rules.js";

const HELD_MS = 350; // Longer than a tap.

class AnswerSegments extends AnswerWidget {
  open = new Map();
  held = new Map();
  message = "";

  connectedCallback() {
    this.output = this.querySelector("output");
    this.nothing = this.querySelector("[type=checkbox]");
    this.undoButton = this.querySelector("[data-undo]");
    this.list = new SegmentList(this);
    this.past = new SegmentPast(this.list);
    this.lanes = new Lanes(this, { down: (category) => this.down(category), up: (category) => this.up(category), drop: (category) => this.drop(category) });
    this.addEventListener("input", ({ target }) => target.type === "number" && this.draw());
    this.addEventListener("change", ({ target }) => this.edited(target));
    this.addEventListener("click", ({ target }) => this.clicked(target));
    this.undoButton.addEventListener("mousedown", (event) => event.preventDefault());
    this.draw();
  }

  disconnectedCallback() {
    this.off?.abort();
  }

  get value() {
    const segments = this.list.value;
    if (segments.length) return segments;
    return this.nothing.checked ? [] : null;
  }

  set value(answer) {
    this.open.clear();
    this.list.value = answer ?? [];
    this.past.forget();
    this.nothing.checked = answer?.length === 0;
    this.message = "";
    this.draw();
  }

  get problem() {
    const [open] = this.open.keys();
    if (open) return this.text("open", this.lanes.textOf(open));
    const flaw = flawOf(this.list.value, { duration: this.duration, overlap: this.hasAttribute("data-overlap") });
    return flaw ? this.text(flaw.word, flaw.category ? this.lanes.textOf(flaw.category) : flaw.number) : "";
  }

  get options() {
    return this.lanes.categories;
  }

  press(stroke) {
    if (stroke.key.toLowerCase() === "z") return this.undo();
    const category = this.options[optionOf(stroke)];
    if (category === undefined) return false;
    this.held.set(stroke.code, category);
    this.down(category);
    return true;
  }

  /** Shift may have gone up before the key it was pressed with. */
  release({ code }) {
    const category = this.held.get(code);
    if (category !== undefined) this.up(category);
    return this.held.delete(code);
  }

  shown(what) {
    super.shown(what);
    this.off?.abort();
    this.off = new AbortController();
    const { element } = this.player;
    const when = (type, act) => element.addEventListener(type, act, { signal: this.off.signal });
    for (const type of ["timeupdate", "seeked", "durationchange"]) when(type, () => this.draw());
    when("play", () => this.follow());
    when("ended", () => this.closeAll());
    this.draw();
  }

  /** Let the line of time run along while it plays. */
  follow() {
    const { element } = this.player;
    if (!element || element.paused || !this.isConnected) return;
    if (this.checkVisibility()) this.lanes.advance(this.now, this.duration);
    requestAnimationFrame(() => this.follow());
  }

  get now() {
    return Math.min(rounded(this.player?.element?.currentTime ?? 0), this.duration);
  }

  get duration() {
    const known = this.player?.element?.duration;
    return Number.isFinite(known) ? known : (this.task?.clip?.duration ?? Infinity);
  }

  /** A category's key or button went down: its segment begins, or the one that is open ends. */
  down(category) {
    if (this.open.has(category)) return this.close(category);
    if (this.list.value.length >= Number(this.dataset.most)) return this.say("full", this.dataset.most);
    this.open.set(category, { start: this.now, since: performance.now() });
    this.nothing.checked = false;
    this.say("began", this.lanes.textOf(category));
    return this.changed();
  }

  /** It went up: the end, if it was held. */
  up(category) {
    const begun = this.open.get(category);
    if (begun && performance.now() - begun.since >= HELD_MS) this.close(category);
  }

  /** A touch turned out to be scrolling. */
  drop(category) {
    this.open.delete(category);
    this.message = "";
    this.draw();
  }

  close(category, at = this.now) {
    const { start } = this.open.get(category);
    const segment = { start: Math.min(start, at), end: Math.max(start, at), category };
    this.open.delete(category);
    if (segment.end - segment.start < 0.01) return this.say("short", this.lanes.textOf(category));
    this.past.remember();
    this.list.value = this.hasAttribute("data-overlap") ? [...this.list.value, segment] : merged([...this.list.value, segment]);
    this.nothing.checked = false;
    return this.told();
  }

  closeAll() {
    for (const category of [...this.open.keys()]) this.close(category, rounded(this.duration));
  }

  edited(target) {
    if (target === this.nothing) return this.changed({ decided: target.checked });
    this.past.settle();
    return this.told();
  }

  clicked(target) {
    const row = target.closest(".segment");
    if (target.closest("[data-undo]")) this.undo();
    else if (target.closest("[data-play]")) this.lanes.play(this.list.segmentOf(row));
    else if (target.closest("[data-delete]")) this.remove(row);
  }

  remove(row) {
    this.past.remember();
    this.list.remove(row);
    this.told();
  }

  undo() {
    if (!this.past.goBack()) return false;
    this.open.clear();
    this.told();
    return true;
  }

  told() {
    this.list.keep();
    this.message = "";
    this.draw();
    this.changed();
  }

  say(word, number) {
    this.message = this.text(word, number);
    this.draw();
  }

  draw() {
    const segments = this.list.value;
    this.lanes.draw({ segments, open: this.open, now: this.now, duration: this.duration });
    this.undoButton.hidden = !this.past.isAny;
    this.nothing.disabled = segments.length > 0 || this.open.size > 0;
    const said = this.message || (segments.length ? this.text("count", segments.length) : this.text("none"));
    if (this.output.textContent !== said) this.output.textContent = said; // It is read out.
  }
}

function rounded(seconds) {
  return Math.round(seconds * 100) / 100;
}

customElements.define("answer-segments", AnswerSegments);
