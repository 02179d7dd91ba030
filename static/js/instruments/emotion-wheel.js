/**
 * One family of emotions and how strong it is, on a wheel; near the rim is strongest.
 *
 *   <answer-emotion-wheel data-strength="%n of 5" data-nothing=… data-how-strong=… data-take=…
 *       data-which=… data-unsaid=…>
 *     <div data-drawn></div> here the wheel is drawn from the radio buttons
 *     <label><input type="radio" name="felt.emotion" value="joy" data-text="Joy" [data-way-out data-key-place="9"]> Joy</label> …
 *     <p data-said></p>
 *     <label><input type="radio" name="felt.intensity" value="1"> 1</label> …
 *   </answer-emotion-wheel>
 *
 * Left and right go round, up and down in and out, Enter chooses what was gone to. A number says how
 * strong; data-key-place says which key a way out has; it has no intensity.
 */
import { across, along } from "./walking.js";
import { drawWheel, meantBy } from "./wheel-drawing.js";
import { AnswerWidget } from "./widget.js";

const IN_THE_MIDDLE = 2;

class AnswerEmotionWheel extends AnswerWidget {
  /** What the arrow keys went to, and what the pointer is over, and nobody has chosen yet: {value, step}. */
  aimed = null;
  hovered = null;

  connectedCallback() {
    const all = this.inputs("emotion").map((radio) => ({ value: radio.value, text: radio.dataset.text, radio }));
    this.families = all.filter(({ radio }) => !isWayOut(radio));
    this.waysOut = all.filter(({ radio }) => isWayOut(radio));
    this.steps = this.inputs("intensity").length;
    this.layOut();
    this.addEventListener("change", ({ target }) => this.chosen(target));
    this.addEventListener("keydown", ({ key }) => (this.walking = key.startsWith("Arrow")));
    this.addEventListener("keyup", () => (this.walking = false));
    this.addEventListener("focusin", () => this.draw());
    this.addEventListener("focusout", () => queueMicrotask(() => this.draw()));
    this.draw();
  }

  layOut() {
    const { families, steps } = this;
    const waysOut = this.waysOut.length > IN_THE_MIDDLE ? [] : this.waysOut;
    this.toggleAttribute("data-ways-out-beside", waysOut.length < this.waysOut.length);
    this.svg = drawWheel({ families, waysOut, steps });
    this.querySelector("[data-drawn]").replaceChildren(this.svg);
    this.svg.addEventListener("click", (event) => this.take(meantBy(event, this.svg, this)));
    this.svg.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.hover(meantBy(event, this.svg, this)));
    this.svg.addEventListener("pointerleave", () => this.hover(null));
    for (const [i, label] of this.families.map(({ radio }) => radio.closest("label")).entries()) {
      label.style.setProperty("--turn", Math.round(((i + 0.5) * 360) / families.length));
    }
  }

  get value() {
    const [emotion, intensity] = [this.emotion?.value ?? null, this.intensity];
    return emotion === null && intensity === null ? null : { emotion, intensity };
  }

  set value(answer) {
    this.aimed = null;
    this.write(answer?.emotion ?? null, answer?.intensity ?? null);
  }

  get problem() {
    if (this.value === null) return "";
    if (!this.emotion) return this.text("which");
    return this.isWhole ? "" : this.text("unsaid");
  }

  get endsByChoice() {
    return true;
  }

  press({ key, place, shift }) {
    if (key === "Enter") return this.aimed !== null && this.take(this.aimed);
    if (across(key) || along(key, this)) return this.go(along(key, this), -across(key));
    if (place < 0 || shift) return false;
    const wayOut = this.waysOut.find(({ radio }) => Number(radio.dataset.keyPlace) === place);
    if (wayOut) return this.take({ value: wayOut.value, step: null });
    return place < this.steps && this.strengthen(place + 1);
  }

  get emotion() {
    return this.inputs("emotion").find((radio) => radio.checked);
  }

  get intensity() {
    const chosen = this.inputs("intensity").find((radio) => radio.checked);
    return chosen ? Number(chosen.value) : null;
  }

  get isWhole() {
    return Boolean(this.emotion) && (isWayOut(this.emotion) || this.intensity !== null);
  }

  write(emotion, intensity) {
    for (const radio of this.inputs("emotion")) radio.checked = radio.value === emotion;
    for (const radio of this.inputs("intensity")) radio.checked = intensity !== null && radio.value === String(intensity);
    this.draw();
  }

  /** Choose what was pointed at; a name keeps the intensity there is. */
  take(meant) {
    if (!meant) return false;
    const isOut = this.waysOut.some(({ value }) => value === meant.value);
    this.aimed = null;
    this.write(meant.value, isOut ? null : (meant.step ?? this.intensity));
    this.changed({ decided: this.isWhole });
    return true;
  }

  aim(meant) {
    this.aimed = meant;
    this.draw();
    return true;
  }

  hover(meant) {
    this.hovered = meant;
    this.draw();
  }

  /** Go round by `turn` families and out by `out` circles, from where one is; at first to the first. */
  go(turn, out) {
    const from = this.aimed ?? { value: this.emotion?.value, step: this.intensity };
    const at = this.families.findIndex(({ value }) => value === from.value);
    const n = this.families.length;
    const step = Math.max(1, Math.min((from.step ?? Math.ceil(this.steps / 2)) + (at < 0 ? 0 : out), this.steps));
    return this.aim({ value: this.families[at < 0 ? (turn < 0 ? n - 1 : 0) : (at + turn + n) % n].value, step });
  }

  strengthen(step) {
    const value = this.aimed?.value ?? this.emotion?.value;
    return this.families.some((family) => family.value === value) && this.take({ value, step });
  }

  /** A radio button was chosen. */
  chosen(radio) {
    this.aimed = null;
    if (this.emotion && isWayOut(this.emotion)) {
      if (radio.name.endsWith(".emotion")) this.write(this.emotion.value, null);
      else this.write(null, this.intensity);
    }
    this.draw();
    if (this.emotion && !this.isWhole) this.inputs("intensity")[0].closest("[role=radiogroup]").scrollIntoView({ block: "nearest" });
    this.changed({ decided: this.isWhole && !this.walking });
  }

  draw() {
    const value = this.emotion?.value;
    const aimed = this.hovered ?? this.aimed;
    const focused = this.inputs("emotion").find((radio) => radio.matches(":focus-visible"))?.value;
    for (const spoke of this.svg.children) {
      const own = spoke.dataset.value;
      spoke.toggleAttribute("data-chosen", own === value);
      spoke.toggleAttribute("data-aimed", own === (aimed?.value ?? focused));
      if (spoke.matches(".wheel-spoke")) this.fill(spoke, own === value ? (this.intensity ?? 0) : 0, own === aimed?.value ? aimed.step : 0);
    }
    this.say();
  }

  fill(spoke, chosen, aimed) {
    for (const [i, circle] of [...spoke.querySelectorAll("circle")].entries()) {
      circle.toggleAttribute("data-below", i + 1 < chosen);
      circle.toggleAttribute("data-chosen", i + 1 === chosen);
      circle.toggleAttribute("data-aimed", i + 1 === aimed);
    }
  }

  say() {
    const said = this.querySelector("[data-said]");
    const { aimed } = this;
    said.toggleAttribute("data-chosen", !aimed && this.isWhole);
    if (aimed) said.textContent = `${this.words(aimed.value, aimed.step)} – ${this.text("take")}`;
    else said.textContent = this.words(this.emotion?.value, this.intensity);
  }

  words(value, step) {
    const found = this.inputs("emotion").find((radio) => radio.value === value);
    if (!found) return this.text("nothing");
    if (isWayOut(found)) return found.dataset.text;
    return `${found.dataset.text} · ${step ? this.text("strength", step) : this.text("howStrong")}`;
  }
}

function isWayOut(radio) {
  return "wayOut" in radio.dataset;
}

customElements.define("answer-emotion-wheel", AnswerEmotionWheel);
