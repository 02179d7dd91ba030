/**
 * An answer that is one radio button out of a row.
 *
 * A choice by pointer, by the space bar or by its own key decides; one that the arrow keys merely
 * pass over does not, or nobody could walk to the last option.
 */
import { AnswerWidget } from "./widget.js";

export class RadioAnswer extends AnswerWidget {
  connectedCallback() {
    this.addEventListener("keydown", ({ key }) => (this.walking = key.startsWith("Arrow")));
    this.addEventListener("keyup", () => (this.walking = false));
    this.addEventListener("change", () => this.changed({ decided: !this.walking }));
  }

  get value() {
    return this.inputs().find((radio) => radio.checked)?.value ?? null;
  }

  set value(answer) {
    for (const radio of this.inputs()) radio.checked = answer !== null && radio.value === String(answer);
  }

  get endsByChoice() {
    return true;
  }

  get options() {
    return this.inputs();
  }

  /** Choose the option at `place`; pressing the key of the chosen one again decides, too. */
  choose(place) {
    const radio = this.inputs()[place];
    if (!radio) return false;
    this.walking = false;
    if (radio.checked) this.changed({ decided: true });
    else radio.click();
    return true;
  }
}
