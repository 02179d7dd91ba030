/** Which key does what; what a person changed is kept in this browser. */
import { read, write } from "../preference.js";

const NAME = "attune.keys";
const DEFAULTS = {
  send: "enter",
  previous: "backspace",
  keep: "k",
  undo: "u",
  skip: "s",
  stop: "x",
  play: " ",
  replay: "r",
  back: "j",
  forward: "l",
  slower: ",",
  faster: ".",
  quieter: "q",
  louder: "w",
  mute: "m",
  captions: "c",
  reveal: "v",
  another: "n",
  help: "?",
};
const TAKEN = /^([0-9=-]|tab|escape|shift|control|alt|altgraph|meta|capslock|dead|process|unidentified|arrow.*|home|end|page.*|delete|z)$/;

/** The key of each command. */
export function keys() {
  try {
    return { ...DEFAULTS, ...JSON.parse(read(NAME)) };
  } catch {
    return { ...DEFAULTS };
  }
}

export function commandOf(key) {
  const wanted = key.toLowerCase();
  return Object.entries(keys()).find(([, own]) => own === wanted)?.[0];
}

/** Whether a key may be given to a command at all: answers have the digits, the browser some others. */
export function isFree(key) {
  return !TAKEN.test(key.toLowerCase());
}

export function assign(command, key) {
  write(NAME, JSON.stringify({ ...keys(), [command]: key.toLowerCase() }));
  document.dispatchEvent(new Event("keys-changed"));
}

export function reset() {
  write(NAME, "{}");
  document.dispatchEvent(new Event("keys-changed"));
}
