export const PLACES = 12; // Of number keys, from 1 to =.

/** Which of many options a number key means: with Shift those after the twelfth. */
export function optionOf({ place, shift }) {
  return place < 0 ? -1 : place + (shift ? PLACES : 0);
}

/**
 * What the page asks of every answer. The element of an instrument extends this class.
 *
 *   <fieldset class="question" data-question="emotion" data-instrument="single-choice">
 *     <legend>What does the person feel?</legend>
 *     <answer-single-choice> real inputs, named "emotion" or "emotion.part" </answer-single-choice>
 *   </fieldset>
 *
 * A class has at least `get value` and `set value`, and calls `changed` whenever the person did
 * something. Setting `value` is the page's doing (a draft, an undo, the next clip): it never calls
 * `changed`. What a person reads comes from data- attributes of the template, by `text`.
 */
export class AnswerWidget extends HTMLElement {
  /** The clip before the annotator: the assignment's document, and the <clip-player>. */
  task = null;
  player = null;

  /** The answer as it is sent; null where the question was not touched. */
  get value() {
    return null;
  }

  /** Restore an answer; null clears. */
  set value(_answer) {}

  /** Why an answer that was begun cannot be sent yet, as a sentence; "" where it can. */
  get problem() {
    return "";
  }

  /** Whether one choice can be all of the answer, so that the page may go on at once. */
  get endsByChoice() {
    return false;
  }

  /** Whether number keys with Shift are its own; how sure somebody is then has to be asked after it. */
  get takesShift() {
    return this.options.length > PLACES;
  }

  /** What number keys choose among. */
  get options() {
    return [];
  }

  /** Take a key: {key, code, place, shift, event}, place 0 for "1" … 11 for "=", else -1. True if used. */
  press(_stroke) {
    return false;
  }

  /** Take the end of a key that is held. */
  release(_stroke) {
    return false;
  }

  /** A clip came before the annotator. Call super.shown(…) when overriding. */
  shown({ task, player }) {
    this.task = task;
    this.player = player;
  }

  /**
   * Tell the page what the person did; `decided` when one gesture completed the answer, `along` the
   * field that is still typed into or dragged.
   */
  changed({ decided = false, along = null } = {}) {
    const detail = { question: this.name, decided, along };
    this.dispatchEvent(new CustomEvent("answer", { bubbles: true, detail }));
  }

  get question() {
    return this.closest("[data-question]");
  }

  get name() {
    return this.question.dataset.question;
  }

  /** The inputs inside of this name: the question's own, or those of one part of it. */
  inputs(part = "") {
    const name = part ? `${this.name}.${part}` : this.name;
    return [...this.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  }

  /** The words of data-WORD, with %n replaced. */
  text(word, number = "") {
    return (this.dataset[word] ?? "").replace("%n", number);
  }
}
