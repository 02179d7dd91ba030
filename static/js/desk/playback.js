/** Keeps the record of a clip's playing, for the label: what was seen of it, and how. */
const WHOLE = 0.95; // What a player skips at the very ends is not held against anybody.
const ENDS_SECONDS = 0.3;

export class Playback {
  /** `earlier` is the record from before the page was loaded anew. */
  constructor(element, earlier = {}) {
    this.element = element;
    this.earlier = earlier;
    this.moves = element instanceof HTMLMediaElement;
    this.stalledSince = null;
    const has = element.naturalWidth > 0 || element.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
    const { whole: _whole, seconds: _seconds, ...counted } = earlier;
    this.counts = { plays: 0, seeks: 0, stalls: 0, stall_seconds: 0, focus_lost: 0, rate: 1, muted: false, ended: false, ...counted };
    this.counts.loaded = has || Boolean(earlier.loaded);
    this.follow();
  }

  follow() {
    this.off = new AbortController();
    const when = (type, act) => this.element.addEventListener(type, act, { signal: this.off.signal });
    when(this.moves ? "loadeddata" : "load", () => (this.counts.loaded = true));
    when("play", () => (this.counts.plays += 1));
    when("seeking", () => (this.counts.seeks += 1));
    when("ended", () => (this.counts.ended = true));
    when("waiting", () => this.stalled());
    for (const type of ["playing", "pause", "ended", "emptied"]) when(type, () => this.resumed());
    for (const type of ["playing", "volumechange", "ratechange"]) when(type, () => this.note());
    const away = () => document.visibilityState === "hidden" || !document.hasFocus();
    const lost = () => away() && (this.counts.focus_lost += 1);
    addEventListener("blur", lost, { signal: this.off.signal });
  }

  /** The fastest and the quietest it was while it played is what counts. */
  note() {
    if (!this.moves || this.element.paused) return;
    this.counts.muted ||= this.element.muted || this.element.volume === 0;
    this.counts.rate = Math.max(this.counts.rate, this.element.playbackRate);
  }

  stalled() {
    if (this.stalledSince !== null || this.element.seeking) return;
    this.stalledSince = performance.now();
    this.counts.stalls += 1;
  }

  resumed() {
    if (this.stalledSince === null) return;
    this.counts.stall_seconds = this.stallSeconds;
    this.stalledSince = null;
  }

  /** How long it stood still in all, up to now where it still does. */
  get stallSeconds() {
    const now = performance.now();
    return this.counts.stall_seconds + (now - (this.stalledSince ?? now)) / 1000;
  }

  /** Whether everything of it was played at some time. */
  get isSeen() {
    const { duration } = this.element;
    if (!this.moves || this.earlier.whole) return true;
    if (!Number.isFinite(duration)) return this.counts.ended;
    return this.seconds >= Math.min(duration * WHOLE, duration - ENDS_SECONDS);
  }

  get seconds() {
    const { played } = this.element;
    let sum = 0;
    for (let i = 0; i < (played?.length ?? 0); i += 1) sum += played.end(i) - played.start(i);
    return sum;
  }

  record() {
    const { loaded, focus_lost: lost } = this.counts;
    if (!this.moves) return lost ? { loaded, focus_lost: lost } : { loaded };
    const seconds = Math.max(this.seconds, this.earlier.seconds ?? 0);
    return { ...this.counts, stall_seconds: thousandths(this.stallSeconds), seconds: thousandths(seconds) };
  }

  /** The record, and what else a draft has to remember. */
  get state() {
    return { ...this.record(), whole: this.isSeen };
  }

  stop() {
    this.off.abort();
  }
}

function thousandths(seconds) {
  return Math.round(seconds * 1000) / 1000;
}
