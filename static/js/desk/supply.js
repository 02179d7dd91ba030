/**
 * How many clips to have in hand. Each is reserved and lacks others, so there are few: more for who is
 * quick, more while the connection is poor, and as many as there may be for who asked to take some along.
 */
const FEW = 2;
const QUICK = 4;
const POOR = 6;
const ALONG = 10;
const QUICK_MS = 6_000;
const POOR_FOR_MS = 30 * 60_000;

export class Supply {
  isAlong = false;
  lostAt = -Infinity;
  pace = Infinity;

  answeredIn(milliseconds) {
    this.pace = Number.isFinite(this.pace) ? this.pace * 0.7 + milliseconds * 0.3 : milliseconds;
  }

  lost() {
    this.lostAt = performance.now();
  }

  get want() {
    if (this.isAlong) return ALONG;
    if (performance.now() - this.lostAt < POOR_FOR_MS) return POOR;
    return this.pace < QUICK_MS ? QUICK : FEW;
  }
}
