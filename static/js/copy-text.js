/**
 * Copies the text of the field inside when the button inside is pressed.
 *
 *   <copy-text><input readonly value="…"><button data-done="Copied">Copy</button></copy-text>
 */
class CopyText extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
  }

  async handleEvent({ target }) {
    const field = this.querySelector("input");
    if (target === field) field.select();
    if (!target.matches("button")) return;
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // No clipboard outside HTTPS.
    }
    target.textContent = target.dataset.done;
  }
}

customElements.define("copy-text", CopyText);
