/**
 * One take of a trace: every movement as it was, and what the player did meanwhile.
 *
 * Nothing is resampled. Where there is no room left, events go whose value is that of both
 * neighbours, which changes nothing of the line.
 */
const FROM_THE_START = 0.5; // Seconds that a browser may skip at the beginning.

export class Take {
  events = [];
  log = [];
  isEnded = false;
  wasMoved = false;
  isFull = false;

  constructor({ from, most }) {
    this.from = from;
    this.most = most;
  }

  /** What an answer holds, to go on from. */
  static of({ events, log }, most) {
    return Object.assign(new Take({ from: 0, most }), { events, log, isEnded: true, wasMoved: true });
  }

  /** How far into the clip it has come. */
  get reached() {
    return this.events.at(-1)?.[0] ?? this.from;
  }

  get answer() {
    return { events: this.events, log: this.log };
  }

  get isCrowded() {
    return this.events.length > this.most / 2;
  }

  /** The word for what keeps it from being an answer; "" for nothing. */
  get flaw() {
    if (!this.isEnded) return this.wasMoved ? "unfinished" : "";
    if (!this.wasMoved) return "unmoved";
    if (this.from > FROM_THE_START) return "late";
    if (this.isFull) return "full";
    return this.events.every(([, , value]) => value === this.events[0][2]) ? "flat" : "";
  }

  note(kind, media, clock) {
    this.log.push([kind, tenths(clock), thousandths(media)]);
  }

  add(media, clock, value) {
    if (this.events.length >= this.most) this.thin();
    this.isFull ||= this.events.length >= this.most;
    if (this.isFull) return;
    const [lastMedia, lastClock] = this.events.at(-1) ?? [0, 0];
    // An event that waited for its turn may bear a time just before that of one already taken.
    this.events.push([Math.max(thousandths(media), lastMedia), Math.max(tenths(clock), lastClock), value]);
  }

  thin() {
    const { events } = this;
    this.events = events.filter(([, , value], i) => value !== events[i - 1]?.[2] || value !== events[i + 1]?.[2]);
  }
}

function tenths(milliseconds) {
  return Math.round(milliseconds * 10) / 10;
}

function thousandths(seconds) {
  return Math.round(seconds * 1000) / 1000;
}
