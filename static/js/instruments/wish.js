/**
 * Whether somebody wants to be left alone: by whom, how much, the decision itself, and why.
 *
 *   <answer-wish data-no-addressee="…" data-no-wish="…">
 *     <div data-part="addressee"> radio buttons "alone.addressee" </div>
 *     <div data-part="level"> "alone.level" </div> <div data-part="wish"> "alone.wish" </div>
 *     <div data-part="reasons"> checkboxes "alone.reasons" </div>
 *   </answer-wish>
 *
 * Numbers choose in the part that is current, marked data-current: the one that has the focus, or the
 * first that is open. A choice by key goes on to the next part. Up and down go through the parts.
 */
import { letGoWhenPressedAgain } from "./pointer.js";
import { across, along } from "./walking.js";
import { AnswerWidget, optionOf, PLACES } from "./widget.js";

class AnswerWish extends AnswerWidget {
  connectedCallback() {
    letGoWhenPressedAgain(this);
    this.addEventListener("change", () => this.chosen());
    this.addEventListener("keydown", (event) => this.walk(event) && event.preventDefault());
    this.addEventListener("focusin", () => this.mark());
    this.addEventListener("focusout", () => queueMicrotask(() => this.mark()));
    this.mark();
  }

  get value() {
    const [level, wish, addressee] = ["level", "wish", "addressee"].map((part) => this.one(part));
    const reasons = this.inputs("reasons").filter((box) => box.checked).map((box) => box.value);
    const isTouched = level ?? wish ?? this.one("addressee", ":not([data-only])") ?? reasons[0];
    if (isTouched === undefined || isTouched === null) return null;
    return { level: level === null ? null : Number(level), wish, addressee, reasons };
  }

  set value(answer) {
    for (const part of ["level", "wish", "addressee"]) {
      for (const radio of this.inputs(part)) radio.checked = radio.value === String(answer?.[part]) || isGiven(radio);
    }
    for (const box of this.inputs("reasons")) box.checked = Boolean(answer?.reasons?.includes(box.value));
    this.mark();
  }

  get problem() {
    const said = this.value;
    if (said === null) return "";
    if (!said.addressee) return this.text("noAddressee");
    return said.wish ? "" : this.text("noWish");
  }

  get takesShift() {
    return this.parts.some((part) => inputsIn(part).length > PLACES);
  }

  press(stroke) {
    const { key, place, event } = stroke;
    if (event.defaultPrevented) return true; // It was walked with.
    const part = this.current;
    if (place < 0) return (across(key) || along(key, this)) !== 0 && enter(part);
    const input = inputsIn(part)[optionOf(stroke)];
    if (!input) return false;
    input.focus();
    input.click();
    if (input.type === "radio") enter(this.next(part, 1));
    return true;
  }

  one(part, which = "") {
    return this.inputs(part).find((radio) => radio.checked && radio.matches(`input${which}`))?.value ?? null;
  }

  get parts() {
    return [...this.querySelectorAll("[data-part]")];
  }

  get current() {
    const focused = document.activeElement.closest("[data-part]");
    if (focused && this.contains(focused)) return focused;
    return this.parts.find((part) => !part.querySelector(":checked")) ?? this.parts.at(-1);
  }

  mark() {
    const { current } = this;
    for (const part of this.parts) part.toggleAttribute("data-current", part === current);
  }

  next(part, step) {
    const { parts } = this;
    return parts[parts.indexOf(part) + step] ?? part;
  }

  chosen() {
    this.mark();
    this.changed();
  }

  /** Up and down lead from part to part; among the boxes, left and right from one to the next. */
  walk({ key, target }) {
    const part = target.closest("[data-part]");
    if (!part) return false;
    if (across(key)) return enter(this.next(part, across(key)));
    if (!target.matches("[type=checkbox]") || !along(key, this)) return false;
    const boxes = inputsIn(part);
    boxes[boxes.indexOf(target) + along(key, this)]?.focus();
    return true;
  }
}

/** The only addressee there is counts from the start, and is no touch. */
function isGiven(radio) {
  return "only" in radio.dataset;
}

function inputsIn(part) {
  return [...part.querySelectorAll("input")];
}

function enter(part) {
  const [first] = inputsIn(part);
  (part.querySelector("[type=radio]:checked") ?? first).focus();
  return true;
}

customElements.define("answer-wish", AnswerWish);
