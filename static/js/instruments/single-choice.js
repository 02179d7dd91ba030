/**
 * One option out of several.
 *
 *   <answer-single-choice><label><input type="radio" name="emotion" value="joy"> Joy</label> … </answer-single-choice>
 */
import { RadioAnswer } from "./radio-answer.js";
import { optionOf } from "./widget.js";

class AnswerSingleChoice extends RadioAnswer {
  press(stroke) {
    return this.choose(optionOf(stroke));
  }
}

customElements.define("answer-single-choice", AnswerSingleChoice);
