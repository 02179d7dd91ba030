/**
 * The one of four clips that is most so, and the one that is least.
 *
 *   <answer-best-worst data-lacking="Still to choose: %n.">
 *     <div role="group" aria-label="Most" data-part="best"> <input type="radio" name="angry.best" value="third" data-place> … </div>
 *     <div role="group" aria-label="Least" data-part="worst"> … </div>
 *     <template><div> <button data-pick="best">Most</button> <button data-pick="worst">Least</button> </div></template>
 *   </answer-best-worst>
 *
 * The template's buttons are put under each clip. Keys 1 to 4 choose in the row that is marked, first
 * the most and then the least; up and down mark the other. No clip can be both.
 */
import { CurrentRow } from "./current-row.js";
import { Picks, placesOf, rename } from "./places.js";
import { across } from "./walking.js";
import { AnswerWidget } from "./widget.js";

class AnswerBestWorst extends AnswerWidget {
  connectedCallback() {
    this.rows = [...this.querySelectorAll("[data-part]")];
    this.current = new CurrentRow(this.rows, (row) => !chosenIn(row));
    this.picks = new Picks(this.querySelector("template"), (part, i) => this.choose(this.rowOf(part), i));
    this.addEventListener("keydown", ({ key }) => (this.walking = key.startsWith("Arrow")));
    this.addEventListener("keyup", () => (this.walking = false));
    this.addEventListener("change", ({ target }) => this.chose(target.closest("[data-part]")));
    this.draw();
  }

  get value() {
    if (this.rows.every((row) => !chosenIn(row))) return null;
    return Object.fromEntries(this.rows.map((row) => [row.dataset.part, chosenIn(row)?.value ?? null]));
  }

  set value(answer) {
    for (const row of this.rows) {
      for (const radio of radiosOf(row)) radio.checked = radio.value === answer?.[row.dataset.part];
    }
    this.current.forget();
    this.draw();
  }

  get problem() {
    const lacking = this.rows.filter((row) => !chosenIn(row));
    return lacking.length === 1 ? this.text("lacking", lacking[0].getAttribute("aria-label")) : "";
  }

  get endsByChoice() {
    return true;
  }

  press({ key, place }) {
    if (across(key)) return this.current.move(across(key));
    return place >= 0 && place < radiosOf(this.rows[0]).length && this.choose(this.current.row, place);
  }

  shown({ players, ...what }) {
    super.shown(what);
    for (const row of this.rows) {
      const radios = radiosOf(row);
      rename(radios, placesOf(this.task, this.name, radios.length));
    }
    this.picks.seat(players ?? []);
    this.draw();
  }

  rowOf(part) {
    return this.rows.find(({ dataset }) => dataset.part === part);
  }

  choose(row, i) {
    this.walking = false;
    radiosOf(row)[i].checked = true;
    this.chose(row);
    return true;
  }

  /** A clip that becomes the one is no longer the other. */
  chose(row) {
    const { value } = chosenIn(row);
    for (const other of this.rows) if (other !== row && chosenIn(other)?.value === value) chosenIn(other).checked = false;
    if (!this.walking) this.current.after(row);
    this.draw();
    this.changed({ decided: !this.walking && this.rows.every(chosenIn) });
  }

  draw() {
    this.current.draw();
    this.picks.draw((part, i) => radiosOf(this.rowOf(part))[i].checked);
  }
}

function radiosOf(row) {
  return [...row.querySelectorAll("[data-place]")];
}

function chosenIn(row) {
  return row.querySelector(":checked");
}

customElements.define("answer-best-worst", AnswerBestWorst);
