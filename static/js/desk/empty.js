/**
 * What stands in the place of a clip where there is none, and why.
 *
 *   <section data-slot="empty"> <div data-reason="done"> … <div data-reason="break"> [data-why] [data-left] …
 */
const MINUTE_MS = 60_000;

export class Empty {
  /** `again` is called when it is time to ask once more. */
  constructor(element, again) {
    Object.assign(this, { element, again });
  }

  /** Say why; `seconds` until the next question to the server, `why` of a break. */
  show(reason, { seconds, why } = {}) {
    const isNews = this.element.hidden || this.shown !== reason;
    this.shown = reason;
    this.element.hidden = false;
    const known = [...this.element.children].some((part) => part.dataset.reason === reason);
    for (const part of this.element.children) part.hidden = part.dataset.reason !== (known ? reason : "waiting");
    this.stop();
    if (seconds) this.wait(seconds);
    for (const part of this.element.querySelectorAll("[data-why]")) part.hidden = part.dataset.why !== why;
    if (isNews) this.element.querySelector(`[data-reason="${reason}"] h2[tabindex]`)?.focus();
  }

  wait(seconds) {
    const until = Date.now() + seconds * 1000;
    this.asking = setTimeout(() => this.again(), Math.min(seconds * 1000, 30 * MINUTE_MS));
    this.tellLeft(until);
    this.counting = setInterval(() => this.tellLeft(until), MINUTE_MS / 2);
  }

  /** In whole minutes: a break is no race. */
  tellLeft(until) {
    const minutes = Math.max(1, Math.ceil((until - Date.now()) / MINUTE_MS));
    const unit = minutes < 90 ? "minute" : "hour";
    const number = unit === "minute" ? minutes : Math.round(minutes / 60);
    const format = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "long" });
    this.element.querySelector("[data-left]").textContent = format.format(number);
  }

  hide() {
    this.stop();
    this.element.hidden = true;
    this.shown = null;
  }

  stop() {
    clearTimeout(this.asking);
    clearInterval(this.counting);
  }
}
