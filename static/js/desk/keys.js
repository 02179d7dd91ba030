/** What single keys do on the labelling page. Codes are places on the keyboard, in any layout. */
import { keysAreOn } from "../keys-preference.js";

const PLACES = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"]
  .map((digit) => `Digit${digit}`)
  .concat("Minus", "Equal");
const NUMBER_PAD = PLACES.map((code) => code.replace("Digit", "Numpad"));
const TYPED_INTO = "input:not([type=radio], [type=checkbox], [type=range]), textarea, select";

export class Keys {
  constructor(desk) {
    this.desk = desk;
  }

  handleEvent(event) {
    const { altKey, ctrlKey, metaKey, target, repeat } = event;
    if (altKey || ctrlKey || metaKey || repeat || target.matches(TYPED_INTO) || !keysAreOn()) return;
    if (this.press(event)) event.preventDefault();
  }

  /** Return whether the key did something. */
  press(event) {
    const { skip, help } = this.desk.slots;
    const place = Math.max(PLACES.indexOf(event.code), NUMBER_PAD.indexOf(event.code));
    if (skip.matches(":popover-open")) return place >= 0 && click(skip.querySelectorAll("[name=skip]")[place]);
    if (event.key === "?") return help.togglePopover(), true;
    if (help.matches(":popover-open") || !this.desk.current) return false;
    if (place >= 0) return click(this.radios(event.shiftKey)[place]);
    return this.command(event);
  }

  radios(shifted) {
    const instrument = shifted ? "confidence" : "single-choice";
    return this.desk.querySelectorAll(`[data-instrument=${instrument}] input`);
  }

  command({ key, target }) {
    switch (key.toLowerCase()) {
      case " ":
        return !target.matches("button, a, summary, input:not(:checked)") && this.desk.player.toggle();
      case "enter":
        return !target.matches("button, a, summary") && this.desk.send();
      case "r":
        return this.desk.player.replay();
      case "s":
        return this.desk.askWhySkip();
      default:
        return false;
    }
  }
}

function click(element) {
  element?.click();
  return Boolean(element);
}
