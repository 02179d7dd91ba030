/**
 * The list of keys, in which each can be changed; shows the keys in all <kbd data-key="command">.
 *
 *   <key-table data-ask="Press the new key" data-taken="… %n …"> <tr data-command="play"> … <button data-change> … </key-table>
 */
import { assign, commandOf, isFree, keys, reset } from "./key-map.js";

class KeyTable extends HTMLElement {
  connectedCallback() {
    this.said = this.querySelector("[data-said]");
    this.addEventListener("click", this);
    document.addEventListener("keys-changed", this);
    this.draw();
  }

  disconnectedCallback() {
    document.removeEventListener("keys-changed", this);
    this.forget();
  }

  handleEvent(event) {
    if (event.type === "keydown") return this.caught(event);
    if (event.type === "keys-changed") return this.draw();
    const button = event.target.closest("[data-change]");
    if (button) this.ask(button.closest("[data-command]"));
    else if (event.target.closest("[data-reset]")) reset();
  }

  ask(row) {
    this.forget();
    this.row = row;
    row.setAttribute("data-asking", "");
    this.say("ask", this.words(row));
    addEventListener("keydown", this, { capture: true });
  }

  /** The next key is the new one; Escape and Tab leave all as it was. */
  caught(event) {
    const { key } = event;
    if (["Shift", "Control", "Alt", "Meta", "AltGraph"].includes(key)) return;
    const { row } = this;
    if (key === "Tab") return this.forget();
    event.preventDefault();
    event.stopImmediatePropagation();
    if (key === "Escape") return this.forget();
    const other = commandOf(key);
    if (!isFree(key)) return this.say("reserved", this.name(key));
    if (other && other !== row.dataset.command) return this.say("taken", this.name(key), this.words(this.rowOf(other)));
    this.forget();
    assign(row.dataset.command, key);
    this.say("done", this.words(row), this.name(key));
  }

  forget() {
    removeEventListener("keydown", this, { capture: true });
    this.row?.removeAttribute("data-asking");
    this.row = null;
    this.said.textContent = "";
  }

  draw() {
    const own = keys();
    for (const kbd of document.querySelectorAll("kbd[data-key]")) kbd.textContent = this.name(own[kbd.dataset.key]);
  }

  name(key) {
    const words = { " ": this.dataset.space, enter: this.dataset.enter, backspace: this.dataset.backspace };
    return words[key.toLowerCase()] ?? (key.length === 1 ? key.toUpperCase() : key);
  }

  rowOf(command) {
    return this.querySelector(`[data-command="${CSS.escape(command)}"]`);
  }

  words(row) {
    return row?.querySelector("[data-words]").textContent.trim() ?? "";
  }

  say(word, first, second = "") {
    this.said.textContent = this.dataset[word].replace("%1", first).replace("%2", second);
  }
}

customElements.define("key-table", KeyTable);
