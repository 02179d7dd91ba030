/**
 * One option out of several.
 *
 *   <answer-single-choice><label><input type="radio" name="emotion" value="joy"> Joy</label> … </answer-single-choice>
 */
import { RadioAnswer } from "./radio-answer.js";

const KEYS = 12; // With Shift they reach the options after the twelfth.

class AnswerSingleChoice extends RadioAnswer {
  press({ place, shift }) {
    return place >= 0 && this.choose(place + (shift ? KEYS : 0));
  }
}

customElements.define("answer-single-choice", AnswerSingleChoice);
