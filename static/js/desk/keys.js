/**
 * What keys do on the labelling page: digits and whatever a question wants go to the question that is
 * shown, the others are commands. Codes are places on the keyboard, in any layout.
 */
import { keysAreOn } from "../keys-preference.js";
import { commandOf } from "./key-map.js";

const PLACES = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"]
  .map((digit) => `Digit${digit}`)
  .concat("Minus", "Equal");
const NUMBER_PAD = PLACES.map((code) => code.replace("Digit", "Numpad"));
const TYPED_INTO = "input:not([type=radio], [type=checkbox], [type=range]), textarea, select";
const WALKED = "input[type=radio], input[type=range]";
const WALKS = /^(Arrow|Home|End|Page)/;
const PRESSED = "button, a, summary";
const TYPES = ["keydown", "keyup", "pointerdown", "focusin"];
const FIRST = new Set(["help", "stop"]); // No question takes these away.

export class Keys {
  constructor(desk) {
    this.desk = desk;
    this.used = new Set();
    this.pointed = null;
    for (const type of TYPES) document.addEventListener(type, this);
  }

  stop() {
    for (const type of TYPES) document.removeEventListener(type, this);
  }

  handleEvent(event) {
    if (event.type === "keyup") return this.ended(event);
    if (event.type !== "keydown") return this.pointAt(event);
    if (event.repeat) return this.used.has(event.code) && event.preventDefault();
    this.used.delete(event.code);
    if (!this.isOurs(event)) return undefined;
    if (!this.press(event)) return undefined;
    this.used.add(event.code);
    return event.preventDefault();
  }

  /** A button that was clicked is done with: Enter and Space are not for it, as they are for one walked to. */
  pointAt({ type, target }) {
    if (type === "pointerdown") this.pointed = target.closest(PRESSED);
    else if (target !== this.pointed) this.pointed = null;
  }

  wouldPress({ key, target }) {
    return (key === " " || key === "Enter") && target.matches(PRESSED) && target !== this.pointed;
  }

  ended(event) {
    if (this.used.delete(event.code)) event.preventDefault(); // Some browsers press a button only now.
    if (this.desk.turn) this.desk.steps.release(strokeOf(event));
  }

  isOurs({ altKey, ctrlKey, metaKey, key, target }) {
    if (key === "Enter" && (ctrlKey || metaKey)) return true;
    if (altKey || ctrlKey || metaKey || !(target instanceof Element)) return false;
    if (target.matches(TYPED_INTO)) return key === "Enter" && target.matches("input"); // Not the browser's own sending.
    return keysAreOn();
  }

  /** Return whether the key did something. */
  press(event) {
    const { skip, help } = this.desk.slots;
    const stroke = strokeOf(event);
    if (skip.matches(":popover-open")) return click(skip.querySelectorAll("[name=skip]")[stroke.place]);
    const command = event.target.matches(TYPED_INTO) || event.ctrlKey || event.metaKey ? "send" : commandOf(event.key);
    if (help.matches(":popover-open")) return command === "help" && this.desk.perform(command);
    if (FIRST.has(command)) return this.desk.perform(command);
    if (!this.desk.turn) return command === "undo" && this.desk.perform(command);
    const isAnswered = this.desk.course.isSending; // What was said stands; no key is lent to its question.
    return (!isAnswered && this.lend(stroke)) || this.obey(command, event);
  }

  lend(stroke) {
    const { target, key } = stroke.event;
    if (this.wouldPress(stroke.event)) return false;
    if (target.matches(TYPED_INTO)) return false;
    if (WALKS.test(key) && target.matches(WALKED)) return false; // The browser walks through them.
    return this.desk.steps.press(stroke);
  }

  obey(command, event) {
    const { key, target } = event;
    if (!command || this.wouldPress(event)) return false;
    if (key === " " && target.matches("input:not(:checked), input[type=checkbox]")) return false;
    return this.desk.perform(command);
  }
}

function strokeOf(event) {
  const { key, code, shiftKey: shift } = event;
  const place = Math.max(PLACES.indexOf(code), NUMBER_PAD.indexOf(code));
  return { key, code, shift, event, place };
}

function click(element) {
  element?.click();
  return Boolean(element);
}
