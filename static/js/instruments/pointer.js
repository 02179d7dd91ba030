/** What a pointer does to answers that are more than one radio button. */

/**
 * A radio button that is pressed again is let go, so that a part of an answer can be untouched once
 * more. By keys there is another way; the space bar on a chosen one stays without effect.
 */
export function letGoWhenPressedAgain(element) {
  let held = null;
  element.addEventListener("pointerdown", ({ target }) => {
    held = target.closest("label")?.querySelector("input[type=radio]:checked") ?? null;
  });
  element.addEventListener("click", ({ target }) => {
    if (!held || target !== held) return;
    held.checked = false;
    held = null;
    target.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

/** A button that is clicked does not take the focus: Enter still sends the answer. */
export function keepFocusFromButtons(element) {
  element.addEventListener("mousedown", (event) => event.target.closest("button") && event.preventDefault());
}
