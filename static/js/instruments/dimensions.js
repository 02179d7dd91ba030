/**
 * Dimensions of affect, each on points or on a slider. What was not touched has no value.
 *
 *   <answer-dimensions data-lacking="Still to answer: %n." data-middle="in the middle" data-unset="not set yet">
 *     <div role="group" aria-label="Valence" data-part="valence" data-low="unpleasant" data-high="pleasant" data-untouched>
 *       <output></output> <button data-clear>Clear</button>
 *       <input type="radio" name="felt.valence" value="1"> …   or   <input type="number" name="felt.valence">
 *     </div> …
 *   </answer-dimensions>
 *
 * A number field becomes a slider, without a thumb until it is moved. A digit answers the row that is
 * marked and goes on to the next one; up and down mark another.
 */
import { CurrentRow } from "./current-row.js";
import { keepFocusFromButtons } from "./pointer.js";
import { asSlider, set } from "./slide.js";
import { across } from "./walking.js";
import { AnswerWidget } from "./widget.js";

class AnswerDimensions extends AnswerWidget {
  connectedCallback() {
    this.rows = [...this.querySelectorAll("[data-part]")];
    this.current = new CurrentRow(this.rows, (row) => valueOf(row) === null);
    for (const slider of this.querySelectorAll("input[type=number]")) asSlider(slider);
    keepFocusFromButtons(this);
    this.addEventListener("keydown", ({ key }) => (this.walking = key.startsWith("Arrow")));
    this.addEventListener("keyup", () => (this.walking = false));
    this.addEventListener("input", ({ target }) => target.type === "range" && this.said(rowOf(target), target));
    this.addEventListener("change", ({ target }) => target.type === "radio" && this.said(rowOf(target)));
    this.addEventListener("click", ({ target }) => target.closest("[data-clear]") && this.clear(rowOf(target)));
    this.draw();
  }

  get value() {
    if (this.rows.every((row) => valueOf(row) === null)) return null;
    return Object.fromEntries(this.rows.map((row) => [row.dataset.part, valueOf(row)]));
  }

  set value(answer) {
    for (const row of this.rows) give(row, answer?.[row.dataset.part] ?? null);
    this.current.forget();
    this.draw();
  }

  get problem() {
    const lacking = this.rows.filter((row) => valueOf(row) === null);
    if (!this.isRequired || !lacking.length || lacking.length === this.rows.length) return "";
    return this.text("lacking", lacking.map((row) => row.getAttribute("aria-label")).join(", "));
  }

  get isRequired() {
    return !this.question.querySelector("legend .optional");
  }

  get endsByChoice() {
    return this.rows.every((row) => row.querySelector("[type=radio]"));
  }

  press({ key, place }) {
    const row = this.current.row;
    if (across(key)) return this.current.move(across(key));
    const points = row.querySelectorAll("[type=radio]");
    const wanted = points.length ? place + 1 : (place - 4) / 4;
    if (place < 0 || place > 8 || (points.length && !points[place])) return false;
    this.walking = false;
    give(row, wanted);
    this.said(row);
    return true;
  }

  said(row, along = null) {
    this.draw();
    const isPoints = Boolean(row.querySelector("[type=radio]"));
    const isFinal = isPoints && !this.walking;
    if (isFinal) this.current.after(row);
    this.changed({ decided: isFinal && this.rows.every((one) => valueOf(one) !== null), along });
  }

  clear(row) {
    give(row, null);
    this.draw();
    this.changed();
  }

  draw() {
    for (const row of this.rows) {
      const value = valueOf(row);
      row.toggleAttribute("data-untouched", value === null);
      const slider = row.querySelector("[type=range]");
      if (slider) this.tell(row, slider, value);
    }
    this.current.draw();
  }

  tell(row, slider, value) {
    const words = this.words(row, value);
    row.querySelector("output").textContent = words;
    slider.setAttribute("aria-valuetext", words);
  }

  words({ dataset }, value) {
    if (value === null) return this.text("unset");
    if (value === 0) return this.text("middle");
    return `${value < 0 ? dataset.low : dataset.high} ${Math.abs(value).toFixed(2)}`;
  }
}

function rowOf(target) {
  return target.closest("[data-part]");
}

function valueOf(row) {
  const input = row.querySelector("input[type=radio]:checked, input:not([type=radio], [data-untouched])");
  return input && input.value !== "" ? Number(input.value) : null;
}

function give(row, value) {
  const [first] = row.querySelectorAll("input");
  if (first.type !== "radio") set(first, value);
  else for (const radio of row.querySelectorAll("input")) radio.checked = value !== null && Number(radio.value) === value;
}

customElements.define("answer-dimensions", AnswerDimensions);
