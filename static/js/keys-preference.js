/**
 * Whether single keys do things: some people's aids press them by accident.
 *
 *   <keys-switch><input type="checkbox"></keys-switch>
 */
import { read, write } from "./preference.js";

const NAME = "attune.single-keys";

export function keysAreOn() {
  return read(NAME) !== "off";
}

class KeysSwitch extends HTMLElement {
  connectedCallback() {
    const box = this.querySelector("input");
    box.checked = keysAreOn();
    box.addEventListener("change", () => write(NAME, box.checked ? "on" : "off"));
  }
}

customElements.define("keys-switch", KeysSwitch);
