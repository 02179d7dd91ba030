/** Every element that takes an answer, one module each. */
import "./affect-grid.js";
import "./best-worst.js";
import "./confidence.js";
import "./dimensions.js";
import "./distribution.js";
import "./emotion-wheel.js";
import "./free-text.js";
import "./graded-choices.js";
import "./ordinal.js";
import "./pairwise.js";
import "./primary-secondary.js";
import "./segments.js";
import "./single-choice.js";
import "./trace.js";
import "./wish.js";
