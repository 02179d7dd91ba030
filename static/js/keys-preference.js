/** Whether single keys do things: some people's aids press them by accident. */
import { read } from "./preference.js";

export function keysAreOn() {
  return read("attune.single-keys") !== "off";
}
