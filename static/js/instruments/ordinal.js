/**
 * One step of an ordered scale, as a number from 1 for the lowest.
 *
 *   <answer-ordinal><label><input type="radio" name="how_much" value="1"> Never</label> … </answer-ordinal>
 */
import { RadioAnswer } from "./radio-answer.js";

class AnswerOrdinal extends RadioAnswer {
  get value() {
    const said = super.value;
    return said === null ? null : Number(said);
  }

  set value(answer) {
    super.value = answer;
  }

  press({ place }) {
    return place >= 0 && this.choose(place);
  }
}

customElements.define("answer-ordinal", AnswerOrdinal);
