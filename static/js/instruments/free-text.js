/**
 * The annotator's own words. Empty is null. Ctrl+Enter, with which the page sends, works inside, too.
 *
 *   <answer-free-text data-longest="1000" data-excess="These are %n characters too many. …">
 *     <textarea name="why" maxlength="1000"></textarea> <span data-count>0</span>
 *   </answer-free-text>
 *
 * Where scripts run nothing that is pasted gets cut off: what is too long is said, and stays.
 */
import { AnswerWidget } from "./widget.js";

class AnswerFreeText extends AnswerWidget {
  connectedCallback() {
    this.field.removeAttribute("maxlength");
    this.addEventListener("input", () => this.written());
    this.count();
  }

  get value() {
    return this.field.value.trim() || null;
  }

  set value(answer) {
    this.field.value = answer ?? "";
    this.count();
  }

  get problem() {
    const over = this.length - Number(this.dataset.longest);
    return over > 0 ? this.text("excess", over) : "";
  }

  get field() {
    return this.querySelector("textarea");
  }

  /** In characters, not in their halves. */
  get length() {
    return [...this.field.value.trim()].length;
  }

  written() {
    this.count();
    this.changed({ along: this.field });
  }

  count() {
    this.querySelector("[data-count]").textContent = this.length;
    this.toggleAttribute("data-over", this.problem !== "");
  }
}

customElements.define("answer-free-text", AnswerFreeText);
