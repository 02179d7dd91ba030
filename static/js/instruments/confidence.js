/**
 * How sure the annotator is, as a whole number.
 *
 *   <answer-confidence><label><input type="radio" name="sure" value="1"> 1</label> … </answer-confidence>
 */
import { RadioAnswer } from "./radio-answer.js";

class AnswerConfidence extends RadioAnswer {
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

customElements.define("answer-confidence", AnswerConfidence);
