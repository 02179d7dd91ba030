/**
 * Several options, each with its own intensity; what was not touched stays null, which is not "not at all".
 *
 *   <answer-graded-choices>
 *     <div role="radiogroup" aria-label="Joy" data-option="joy">
 *       <label><input type="radio" name="felt.joy" value="0"> not at all</label> … up to the most
 *     </div> …
 *     <button data-rest>All others: not at all</button>
 *   </answer-graded-choices>
 *
 * A number goes to its row, and again raises its level. Left and right go through the levels, up and
 * down through the rows; Delete leaves a row untouched again.
 */
import { keepFocusFromButtons, letGoWhenPressedAgain } from "./pointer.js";
import { across, along } from "./walking.js";
import { AnswerWidget, optionOf } from "./widget.js";

class AnswerGradedChoices extends AnswerWidget {
  connectedCallback() {
    letGoWhenPressedAgain(this);
    keepFocusFromButtons(this);
    this.addEventListener("change", () => this.changed());
    this.addEventListener("keydown", (event) => this.row && this.walk(event.key) && event.preventDefault());
    this.addEventListener("click", ({ target }) => target.closest("[data-rest]") && this.denyTheRest());
  }

  get value() {
    const levels = this.rows.map((row) => [row.dataset.option, levelOf(row)]);
    return levels.some(([, level]) => level !== null) ? Object.fromEntries(levels) : null;
  }

  set value(answer) {
    for (const row of this.rows) setLevel(row, answer?.[row.dataset.option] ?? null);
  }

  get options() {
    return this.rows;
  }

  press(stroke) {
    const { key, place, event } = stroke;
    if (event.defaultPrevented) return true; // It was walked with.
    if (place >= 0) return this.raise(this.rows[optionOf(stroke)]);
    return !this.row && (across(key) || along(key, this)) !== 0 && enter(this.rows[0]);
  }

  get rows() {
    return [...this.querySelectorAll("[data-option]")];
  }

  /** The row that has the focus. */
  get row() {
    return document.activeElement.closest("[data-option]");
  }

  /** Go to the row; from there up by one level, from the highest to the lowest. */
  raise(row) {
    if (!row) return false;
    if (row !== this.row) return enter(row);
    choose(row, ((levelOf(row) ?? 0) + 1) % radios(row).length);
    return true;
  }

  walk(key) {
    const { row, rows } = this;
    if (across(key)) return enter(rows[rows.indexOf(row) + across(key)] ?? row);
    if (key === "Delete") return this.leave(row);
    const step = along(key, this);
    if (!step) return false;
    const level = (levelOf(row) ?? -1) + step;
    choose(row, Math.max(0, Math.min(level, radios(row).length - 1)));
    return true;
  }

  leave(row) {
    setLevel(row, null);
    this.changed();
    return true;
  }

  denyTheRest() {
    for (const row of this.rows) if (levelOf(row) === null) setLevel(row, 0);
    this.changed();
  }
}

function radios(row) {
  return [...row.querySelectorAll("input")];
}

function levelOf(row) {
  const chosen = row.querySelector(":checked");
  return chosen ? Number(chosen.value) : null;
}

function setLevel(row, level) {
  for (const radio of radios(row)) radio.checked = level !== null && radio.value === String(level);
}

function choose(row, level) {
  const radio = radios(row)[level];
  radio.focus();
  radio.click();
}

function enter(row) {
  const [first] = radios(row);
  (row.querySelector(":checked") ?? first).focus();
  return true;
}

customElements.define("answer-graded-choices", AnswerGradedChoices);
