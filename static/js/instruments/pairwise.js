/**
 * One of two clips, or no difference.
 *
 *   <answer-pairwise>
 *     <input type="radio" name="more" value="second" data-place> <input type="radio" name="more" value="first" data-place>
 *     <input type="radio" name="more" value="tie">
 *     <template><div> <button data-pick aria-pressed="false">This one <kbd data-number></kbd></button> </div></template>
 *   </answer-pairwise>
 *
 * The template's button is put under each clip. Keys: 1 and 2 as the clips stand, 3 for no difference.
 */
import { Picks, placesOf, rename } from "./places.js";
import { RadioAnswer } from "./radio-answer.js";

class AnswerPairwise extends RadioAnswer {
  connectedCallback() {
    super.connectedCallback();
    this.picks = new Picks(this.querySelector("template"), (_part, i) => this.choose(i));
    this.addEventListener("change", () => this.draw());
  }

  get value() {
    return super.value;
  }

  set value(answer) {
    super.value = answer;
    this.draw();
  }

  press({ place }) {
    return place >= 0 && this.choose(place);
  }

  shown({ players, ...what }) {
    super.shown(what);
    const radios = [...this.querySelectorAll("[data-place]")];
    rename(radios, placesOf(this.task, this.name, radios.length));
    this.picks.seat(players ?? []);
    this.draw();
  }

  draw() {
    this.picks?.draw((_part, i) => this.inputs()[i].checked);
  }
}

customElements.define("answer-pairwise", AnswerPairwise);
