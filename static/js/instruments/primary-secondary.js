/**
 * The main option and, where there is one, a second beside it.
 *
 *   <answer-primary-secondary data-first="the main one" data-second="the second one">
 *     <label><input type="checkbox" value="joy" [data-alone]> <b data-place></b> Joy <i data-said></i></label> …
 *     <select name="felt.primary"> … </select> <select name="felt.secondary"> … </select>
 *   </answer-primary-secondary>
 *
 * The answer is in the two lists; where scripts run, the boxes stand for them. Pressing one again
 * takes it away, and the second moves up. An option with data-alone has no other beside it.
 */
import { across, along, perRow } from "./walking.js";
import { AnswerWidget, optionOf } from "./widget.js";

class AnswerPrimarySecondary extends AnswerWidget {
  connectedCallback() {
    this.addEventListener("change", ({ target }) => target.matches("[type=checkbox]") && this.take(target));
    this.addEventListener("keydown", (event) => this.walk(event.key) && event.preventDefault());
  }

  get value() {
    const [primary, secondary] = this.lists.map((list) => list.value || null);
    return primary || secondary ? { primary, secondary } : null;
  }

  set value(answer) {
    this.write([answer?.primary, answer?.secondary]);
  }

  get endsByChoice() {
    return true;
  }

  get options() {
    return this.boxes;
  }

  press(stroke) {
    const { key, place, event } = stroke;
    if (event.defaultPrevented) return true; // It was walked with.
    if (place < 0) return (across(key) || along(key, this)) !== 0 && this.enter(this.boxes[0]);
    const box = this.boxes[optionOf(stroke)];
    box?.click();
    return Boolean(box);
  }

  get lists() {
    return [...this.inputs("primary"), ...this.inputs("secondary")];
  }

  get boxes() {
    return [...this.querySelectorAll("[type=checkbox]")];
  }

  take(box) {
    const chosen = this.lists.map((list) => list.value).filter(Boolean);
    if (!box.checked) this.write(chosen.filter((value) => value !== box.value));
    else this.write([...(this.standsAlone(box, chosen[0]) ? [] : chosen.slice(0, 1)), box.value]);
    this.changed({ decided: box.checked && (Boolean(this.lists[1].value) || "alone" in box.dataset) });
  }

  /** Whether the box, or what was chosen before it, takes no other beside it. */
  standsAlone(box, before) {
    const earlier = this.boxes.find(({ value }) => value === before);
    return [box, earlier].some((one) => one && "alone" in one.dataset);
  }

  write(values) {
    for (const [i, list] of this.lists.entries()) list.value = values[i] ?? "";
    for (const box of this.boxes) this.mark(box, values.indexOf(box.value));
  }

  mark(box, place) {
    const label = box.closest("label");
    box.checked = place >= 0;
    label.dataset.at = place + 1;
    label.querySelector("[data-place]").textContent = place >= 0 ? place + 1 : "";
    label.querySelector("[data-said]").textContent = this.text(["first", "second"][place]);
  }

  walk(key) {
    const { boxes } = this;
    const at = boxes.indexOf(document.activeElement);
    const step = along(key, this) || across(key) * perRow(boxes.map((box) => box.closest("label")));
    return at >= 0 && step !== 0 && this.enter(boxes[at + step] ?? boxes[at]);
  }

  enter(box) {
    box.focus();
    return true;
  }
}

customElements.define("answer-primary-secondary", AnswerPrimarySecondary);
