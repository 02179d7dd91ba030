import { keysAreOn } from "./keys-preference.js";

/**
 * Lets keys press, or put the focus on, what they are given to.
 *
 *   <shortcut-keys> <a data-key="j" href="…">Next</a> <textarea data-key="r"></textarea> </shortcut-keys>
 */
const FIELDS = "input:not([type=radio], [type=checkbox]), textarea, select";

class ShortcutKeys extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
  }

  handleEvent(event) {
    const { key, target, altKey, ctrlKey, metaKey } = event;
    if (altKey || ctrlKey || metaKey || target.matches(FIELDS) || !keysAreOn()) return;
    const wanted = this.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]`);
    if (!wanted) return;
    event.preventDefault();
    if (wanted.matches(FIELDS)) wanted.focus();
    else wanted.click();
  }
}

customElements.define("shortcut-keys", ShortcutKeys);
