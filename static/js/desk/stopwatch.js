/** Measures how long a clip was before the annotator: in all, to the first touch, and in sight. */
export class Stopwatch {
  constructor() {
    this.begun = performance.now();
    this.firstTouch = null;
    this.hiddenFor = 0;
    this.hiddenSince = document.hidden ? this.begun : null;
    document.addEventListener("visibilitychange", this);
  }

  handleEvent() {
    const now = performance.now();
    if (document.hidden) this.hiddenSince = now;
    else if (this.hiddenSince !== null) {
      this.hiddenFor += now - this.hiddenSince;
      this.hiddenSince = null;
    }
  }

  touch() {
    this.firstTouch ??= Math.round(this.total);
  }

  get total() {
    return performance.now() - this.begun;
  }

  get active() {
    const hidden = this.hiddenSince === null ? 0 : performance.now() - this.hiddenSince;
    document.removeEventListener("visibilitychange", this);
    return Math.max(Math.round(this.total - this.hiddenFor - hidden), 0);
  }
}
