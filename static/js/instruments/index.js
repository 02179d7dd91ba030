/** Every element that takes an answer, one module each. */
import "./confidence.js";
import "./single-choice.js";
