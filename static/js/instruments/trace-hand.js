/**
 * The hand on a trace's track: mouse, finger, wheel and keys move a value up and down.
 *
 * A bounded track is the range from -1 to 1. A relative one has no ends: only how far the hand goes
 * counts, and it can let go, go back and take hold again.
 */
import { across } from "./walking.js";

const BY_FRAME_MS = 0.0007; // A held key crosses half of the track in about one and a half seconds.
const FIRST_STEP = 0.02;
const WHEEL = 1 / 600;

export class Hand {
  held = 0;
  lastY = 0;

  /** `moved` is called with each value and the clock of the event it came from. */
  constructor(track, { isBounded, isLive, read, moved, isCrowded }) {
    Object.assign(this, { track, isBounded, isLive, read, moved, isCrowded });
    track.addEventListener("pointerdown", (event) => this.takeHold(event));
    track.addEventListener("pointerenter", ({ clientY }) => (this.lastY = clientY));
    track.addEventListener("pointermove", (event) => this.follow(event));
    track.addEventListener("keydown", (event) => this.hold(across(event.key)) && event.preventDefault());
    track.addEventListener("keyup", ({ key }) => across(key) && this.letGo());
    track.addEventListener("blur", () => this.letGo());
    if (!isBounded) track.addEventListener("wheel", (event) => this.turn(event), { passive: false });
  }

  takeHold(event) {
    if (event.button !== 0) return;
    this.track.setPointerCapture(event.pointerId);
    this.track.focus({ preventScroll: true });
    this.lastY = event.clientY;
    if (this.isBounded) this.moved(this.valueAt(event.clientY), event.timeStamp);
  }

  /** A mouse need not be pressed while the clip plays; while it stands, it has to be. */
  follow(event) {
    if (!this.isLive() && !event.buttons) {
      this.lastY = event.clientY;
      return;
    }
    const all = this.isCrowded() ? [] : (event.getCoalescedEvents?.() ?? []);
    for (const { clientY, timeStamp } of all.length ? all : [event]) this.moved(this.valueAt(clientY), timeStamp);
  }

  valueAt(clientY) {
    const { top, height } = this.track.getBoundingClientRect();
    if (this.isBounded) return rounded(within(1 - (2 * (clientY - top)) / height));
    const value = this.read() + (2 * (this.lastY - clientY)) / height;
    this.lastY = clientY;
    return rounded(value);
  }

  turn(event) {
    event.preventDefault();
    this.moved(rounded(this.read() - event.deltaY * WHEEL), event.timeStamp);
  }

  /** A key was pressed: move for as long as it is held. */
  hold(down) {
    if (!down) return false;
    if (this.held !== -down) {
      this.held = -down;
      this.step(FIRST_STEP, performance.now());
      this.frame(performance.now(), this.held);
    }
    return true;
  }

  letGo() {
    const wasHeld = this.held !== 0;
    this.held = 0;
    return wasHeld;
  }

  frame(before, way) {
    requestAnimationFrame(() => {
      if (this.held !== way || !this.track.isConnected) return;
      const now = performance.now();
      this.step((now - before) * BY_FRAME_MS, now);
      this.frame(now, way);
    });
  }

  step(length, clock) {
    const value = this.read() + this.held * length;
    this.moved(rounded(this.isBounded ? within(value) : value), clock);
  }
}

function within(value) {
  return Math.max(-1, Math.min(value, 1));
}

function rounded(value) {
  return Math.round(value * 10000) / 10000 + 0;
}
