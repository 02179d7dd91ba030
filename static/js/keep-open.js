/**
 * Keeps <details data-keep="name"> inside open when the content is fetched anew.
 *
 *   <keep-open> … <details data-keep="labels"> … </keep-open>
 */
const open = new Set();

class KeepOpen extends HTMLElement {
  connectedCallback() {
    this.addEventListener("toggle", this, { capture: true });
    for (const details of this.querySelectorAll("details[data-keep]")) {
      details.open ||= open.has(details.dataset.keep);
    }
  }

  handleEvent({ target }) {
    const { keep } = target.dataset;
    if (keep) open[target.open ? "add" : "delete"](keep);
  }
}

customElements.define("keep-open", KeepOpen);
