/**
 * Valence and arousal by one square of a grid, valence from low to high along the line of writing,
 * arousal from bottom to top.
 *
 *   <answer-affect-grid data-size="9" data-unset="Nothing chosen yet." data-half="Pleasantness %n of 9. Now the energy.">
 *     <input type="radio" name="affect" value="1,9" aria-label="Pleasantness 1 of 9, energy 9 of 9"> … row by row
 *     <output></output>
 *   </answer-affect-grid>
 *
 * One touch chooses. Arrow keys go from square to square, from the middle at first; two digits after
 * each other are valence and arousal.
 */
import { across, along } from "./walking.js";
import { AnswerWidget } from "./widget.js";

class AnswerAffectGrid extends AnswerWidget {
  half = null;

  connectedCallback() {
    this.size = Number(this.dataset.size);
    this.addEventListener("keydown", (event) => this.typed(event));
    this.addEventListener("change", () => this.chose({ decided: true }));
    this.draw();
  }

  get value() {
    const { chosen } = this;
    if (!chosen) return null;
    const [valence, arousal] = chosen.value.split(",").map(Number);
    return { valence, arousal };
  }

  set value(answer) {
    const wanted = answer ? `${answer.valence},${answer.arousal}` : null;
    for (const square of this.inputs()) square.checked = square.value === wanted;
    this.half = null;
    this.draw();
  }

  get chosen() {
    return this.inputs().find((square) => square.checked);
  }

  get endsByChoice() {
    return true;
  }

  press({ key, place }) {
    if (place >= 0) return place < this.size && this.dictate(place + 1);
    return this.walk(key);
  }

  /** The first digit is valence, the second arousal. */
  dictate(digit) {
    if (this.half === null) {
      this.half = digit;
      this.draw();
      return true;
    }
    const square = this.square(this.half, digit);
    square.checked = true;
    this.chose({ decided: true });
    return true;
  }

  typed(event) {
    if (event.target.type === "radio" && this.walk(event.key)) event.preventDefault();
  }

  walk(key) {
    const right = along(key, this);
    const up = -across(key);
    if (!right && !up) return false;
    const middle = (this.size + 1) / 2;
    const { valence, arousal } = this.value ?? { valence: middle, arousal: middle };
    const square = this.square(valence + right, arousal + up) ?? this.chosen;
    square.checked = true;
    square.focus({ preventScroll: true });
    this.chose({ decided: false });
    return true;
  }

  square(valence, arousal) {
    return this.inputs().find(({ value }) => value === `${valence},${arousal}`);
  }

  chose({ decided }) {
    this.half = null;
    this.draw();
    this.changed({ decided });
  }

  /** Say the choice in words; the Tab key reaches the chosen square, else the middle one. */
  draw() {
    const { chosen } = this;
    const middle = (this.size + 1) / 2;
    const reached = chosen ?? this.square(middle, middle);
    for (const square of this.inputs()) square.tabIndex = square === reached ? 0 : -1;
    const words = chosen ? `${chosen.ariaLabel}.` : this.text("unset");
    this.querySelector("output").textContent = this.half === null ? words : this.text("half", this.half);
    this.toggleAttribute("data-untouched", !chosen);
  }
}

customElements.define("answer-affect-grid", AnswerAffectGrid);
