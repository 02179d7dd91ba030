/**
 * A hundred points shared out among the options.
 *
 *   <answer-distribution data-total="100" data-left="%n points left" data-over=… data-given=…
 *       data-lacking=… data-excess=… data-broken=…>
 *     <div data-bar></div> <p data-rest></p>
 *     <div data-option="joy" data-text="Joy">
 *       <button data-by="-5">−</button> <input type="range"> <button data-by="5">+</button>
 *       <input type="number" name="felt.joy">
 *     </div> …
 *     <button data-even>Split evenly …</button> <button data-clear>Clear</button>
 *   </answer-distribution>
 *
 * The number fields are the answer; the sliders and buttons only write them, and never more than is
 * left. A number key gives its option ten points, with Shift takes ten; then left and right are five.
 */
import { drawBar } from "./distribution-bar.js";
import { keepFocusFromButtons } from "./pointer.js";
import { across, along } from "./walking.js";
import { AnswerWidget } from "./widget.js";

const BY_KEY = 10;
const BY_ARROW = 5;

class AnswerDistribution extends AnswerWidget {
  connectedCallback() {
    keepFocusFromButtons(this);
    this.addEventListener("input", ({ target }) => this.written(target));
    this.addEventListener("click", ({ target }) => this.clicked(target.closest("button")));
    this.addEventListener("keydown", (event) => this.typed(event));
    this.addEventListener("focusin", ({ target }) => this.mark(target.closest("[data-option]")));
    this.draw();
  }

  get value() {
    if (this.rows.every((row) => fieldOf(row).value === "" && !fieldOf(row).validity.badInput)) return null;
    return Object.fromEntries(this.rows.map((row) => [row.dataset.option, pointsOf(row)]));
  }

  set value(answer) {
    for (const row of this.rows) fieldOf(row).value = answer?.[row.dataset.option] || "";
    this.mark(null);
    this.draw();
  }

  get problem() {
    if (this.value === null) return "";
    if (this.rows.some((row) => !isWhole(row))) return this.text("broken");
    if (this.left > 0) return this.text("lacking", this.left);
    return this.left < 0 ? this.text("excess", -this.left) : "";
  }

  /** It takes points away with Shift. */
  get takesShift() {
    return true;
  }

  press({ key, place, shift }) {
    if (place >= 0) return this.give(this.rows[place], shift ? -BY_KEY : BY_KEY);
    if (across(key)) return this.mark(this.next(across(key)));
    return along(key, this) !== 0 && this.give(this.current, along(key, this) * BY_ARROW);
  }

  get rows() {
    return [...this.querySelectorAll("[data-option]")];
  }

  /** The row that the last key was for. */
  get current() {
    return this.querySelector("[data-current]");
  }

  get left() {
    return Number(this.dataset.total) - this.rows.reduce((sum, row) => sum + pointsOf(row), 0);
  }

  next(step) {
    const { rows, current } = this;
    return current ? (rows[rows.indexOf(current) + step] ?? current) : rows[0];
  }

  mark(current) {
    for (const row of this.rows) row.toggleAttribute("data-current", row === current);
    return Boolean(current);
  }

  /** Give points, or take them; never more than are left, nor below none. */
  give(row, points) {
    if (!row) return false;
    this.mark(row);
    fieldOf(row).value = Math.max(pointsOf(row) + Math.min(points, Math.max(this.left, 0)), 0) || "";
    this.draw();
    this.changed();
    return true;
  }

  written(target) {
    const row = target.closest("[data-option]");
    if (target.type === "range") fieldOf(row).value = Math.min(target.valueAsNumber, pointsOf(row) + Math.max(this.left, 0)) || "";
    this.draw();
    this.changed({ along: target });
  }

  clicked(button) {
    if (!button) return;
    const { by, even, clear } = button.dataset;
    if (by) this.give(button.closest("[data-option]"), Number(by));
    if (even !== undefined) this.splitEvenly();
    if (clear !== undefined) this.share([]);
  }

  /** In a field, up and down are five points. */
  typed(event) {
    const step = across(event.key);
    if (!step || !event.target.matches("[type=number]")) return;
    event.preventDefault();
    this.give(event.target.closest("[data-option]"), -step * BY_ARROW);
  }

  get chosen() {
    return this.rows.filter((row) => pointsOf(row) > 0);
  }

  splitEvenly() {
    this.share(this.chosen);
  }

  /** Share out everything among these rows; what cannot be divided goes to the first of them. */
  share(among) {
    const total = Number(this.dataset.total);
    for (const row of this.rows) {
      const place = among.indexOf(row);
      fieldOf(row).value = place < 0 ? "" : Math.floor(total / among.length) + (place < total % among.length ? 1 : 0);
    }
    this.draw();
    this.changed();
  }

  draw() {
    const { left, rows } = this;
    for (const row of rows) {
      const points = pointsOf(row);
      row.querySelector("[type=range]").value = points;
      row.toggleAttribute("data-untouched", points === 0);
      row.style.setProperty("--share", points);
    }
    drawBar(this.querySelector("[data-bar]"), rows.map((row) => ({ text: row.dataset.text, points: pointsOf(row) })));
    this.querySelector("[data-rest]").textContent = this.said(left);
    this.toggleAttribute("data-over", left < 0);
    this.toggleAttribute("data-whole", left === 0);
    this.querySelector("[data-even]").disabled = this.chosen.length < 2;
    this.querySelector("[data-clear]").disabled = this.value === null;
  }

  said(left) {
    if (left > 0) return this.text("left", left);
    return left < 0 ? this.text("over", -left) : this.text("given");
  }
}

function fieldOf(row) {
  return row.querySelector("[type=number]");
}

function pointsOf(row) {
  const points = fieldOf(row).valueAsNumber;
  return Number.isFinite(points) ? points : 0;
}

function isWhole(row) {
  const { value, validity } = fieldOf(row);
  return !validity.badInput && (value === "" || (Number.isInteger(Number(value)) && Number(value) >= 0));
}

customElements.define("answer-distribution", AnswerDistribution);
