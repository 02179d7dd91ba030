/** Keeps the lease of the clip that is shown for as long as somebody is there. */
const CHECK_MS = 15_000;
const AWAY_MS = 10 * 60_000;
const RENEWED_AT = 0.4;

export class Lease {
  constructor(desk, renew) {
    Object.assign(this, { desk, renew, seenAt: Date.now() });
    for (const type of ["keydown", "pointerdown"]) desk.addEventListener(type, () => (this.seenAt = Date.now()));
    this.timer = setInterval(() => this.keep(), CHECK_MS);
  }

  keep() {
    const { lease_expires_at: end, duration } = this.desk.current ?? {};
    const here = document.visibilityState === "visible" && Date.now() - this.seenAt < AWAY_MS;
    if (here && Date.parse(end) - Date.now() < duration * RENEWED_AT) this.renew();
  }

  stop() {
    clearInterval(this.timer);
  }
}
