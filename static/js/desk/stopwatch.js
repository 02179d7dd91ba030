/** Measures how long a clip was before the annotator: in all, to the first touch, and in sight. */
export class Stopwatch {
  /** `earlier` is what `state` returned before the page was loaded anew. */
  constructor(earlier) {
    this.earlier = earlier ?? { total: 0, active: 0 };
    this.begun = performance.now();
    this.firstTouch = earlier?.firstTouch ?? null;
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

  stop() {
    document.removeEventListener("visibilitychange", this);
  }

  /** Time since the clip came, without what came before a reload. */
  get sinceShown() {
    return performance.now() - this.begun;
  }

  get total() {
    return this.earlier.total + this.sinceShown;
  }

  get active() {
    const hidden = this.hiddenSince === null ? 0 : performance.now() - this.hiddenSince;
    return Math.max(Math.round(this.earlier.active + this.sinceShown - this.hiddenFor - hidden), 0);
  }

  get state() {
    return { firstTouch: this.firstTouch, total: Math.round(this.total), active: this.active };
  }
}
