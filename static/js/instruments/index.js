/** Every element that takes an answer, one module each. */
import "./confidence.js";
import "./distribution.js";
import "./emotion-wheel.js";
import "./free-text.js";
import "./graded-choices.js";
import "./ordinal.js";
import "./primary-secondary.js";
import "./single-choice.js";
import "./wish.js";
