/**
 * Remembers in this browser whether the box inside is ticked.
 *
 *   <remember-box name="attune.quick" value="off"><input type="checkbox"></remember-box>
 *
 * `value` is what counts before anybody has chosen.
 */
import { read, write } from "./preference.js";

class RememberBox extends HTMLElement {
  connectedCallback() {
    const name = this.getAttribute("name");
    const box = this.querySelector("input");
    // The form's reset goes back to this, too.
    box.defaultChecked = (read(name) ?? this.getAttribute("value")) === "on";
    box.addEventListener("change", () => {
      box.defaultChecked = box.checked;
      write(name, box.checked ? "on" : "off");
    });
  }
}

customElements.define("remember-box", RememberBox);
