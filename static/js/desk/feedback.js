/**
 * After a practice clip: how many see what in it, until the annotator goes on.
 *
 * What others see comes with the answer's result. A page that was loaded anew before it was read
 * finds the practice among the drafts, and sends the same answer again: the server knows its id.
 */
import { shareRow } from "./share-row.js";

const KEPT_AS = "practice";
const TOO_SOON_MS = 250; // A second press of a key does not put away what was not read yet.
const LEAST = 0.005; // What would be shown as no percent at all is left out.

export class Feedback {
  constructor(element, { exchange, drafts, notices }) {
    Object.assign(this, { element, exchange, drafts, notices });
    for (const part of ["summary", "rows", "explanation"]) this[part] = element.querySelector(`[data-${part}]`);
    this.pattern = element.querySelector("template");
    this.button = element.querySelector("button");
    addEventListener("pagehide", () => (this.isLeaving = true));
    addEventListener("pageshow", () => (this.isLeaving = false));
  }

  /** What was answered and not read about yet: {task, answer}. */
  get pending() {
    return this.drafts.get(KEPT_AS);
  }

  /** Bring the answer away and show what comes back; done when the annotator goes on, or nothing came. */
  async follow(task, answer) {
    const form = this.element.closest("form");
    this.drafts.keep(KEPT_AS, { task, answer });
    form.inert = true; // What was said stands.
    const result = await this.fetch(answer.client_id);
    form.inert = false;
    if (result?.feedback) await this.show(result.feedback);
    else if (!result) this.notices.say(this.element.dataset.missing);
    if (!this.isLeaving) this.drafts.drop(KEPT_AS); // A page that goes ends its own requests.
  }

  async fetch(clientId) {
    let found;
    const hear = ({ detail }) => (found ??= detail.results.find(({ client_id }) => client_id === clientId));
    this.exchange.addEventListener("exchanged", hear);
    await this.exchange.run();
    this.exchange.removeEventListener("exchanged", hear);
    return found;
  }

  async show({ summary, shares, said, explanation }) {
    const isMine = ({ value }) => value === said?.value;
    this.summary.textContent = summary;
    this.explanation.textContent = explanation;
    this.explanation.hidden = !explanation;
    this.rows.replaceChildren(
      ...shares
        .filter((reading) => reading.share >= LEAST || isMine(reading))
        .map((reading) => {
          const row = shareRow(this.pattern, reading.text, reading.share);
          row.querySelector("[data-mine]").hidden = !isMine(reading);
          return row;
        }),
    );
    this.element.hidden = false;
    this.button.focus({ preventScroll: true });
    this.since = performance.now();
    await new Promise((resolve) => (this.away = resolve));
    this.element.hidden = true;
  }

  /** Put it away; return whether it was there. */
  goOn() {
    if (this.element.hidden) return false;
    if (performance.now() - this.since > TOO_SOON_MS) this.away();
    return true;
  }
}
