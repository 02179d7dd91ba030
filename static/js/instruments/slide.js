/** A slider from -1 to 1 that has no thumb and no value until it is touched. */
import { across, along } from "./walking.js";

const BY_ARROW = 0.05;
const BY_PAGE = 0.25;

/** Make a number field a slider. */
export function asSlider(field) {
  field.type = "range";
  set(field, null);
  field.addEventListener("input", () => touch(field));
  field.addEventListener("pointerup", () => isUntouched(field) && moveTo(field, field.valueAsNumber));
  field.addEventListener("keydown", (event) => walk(event));
}

/** Give it a value, null for none. */
export function set(slider, value) {
  slider.value = value ?? 0;
  slider.toggleAttribute("data-untouched", value === null);
}

function isUntouched(slider) {
  return slider.hasAttribute("data-untouched");
}

function touch(slider) {
  slider.removeAttribute("data-untouched");
}

/** The person's own move, even to where it would stand already. */
function moveTo(slider, value) {
  slider.value = value;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}

function walk(event) {
  const { key, target, shiftKey } = event;
  const pages = { PageUp: 1, PageDown: -1 }[key] ?? 0;
  const steps = along(key, target) - across(key);
  if (!pages && !steps) return;
  event.preventDefault();
  moveTo(target, target.valueAsNumber + pages * BY_PAGE + steps * (shiftKey ? BY_ARROW / 5 : BY_ARROW));
}
