/** Keeps the lease of the clip that is shown for as long as somebody is there. */
const CHECK_MS = 15_000;
const AWAY_MS = 10 * 60_000;
const RENEWED_AT = 0.4;

export class Lease {
  /** `renew` asks the server; `lapsed` is called when the lease is over without an answer. */
  constructor(desk, { renew, lapsed }) {
    Object.assign(this, { desk, renew, lapsed, seenAt: Date.now() });
    for (const type of ["keydown", "pointerdown"]) desk.addEventListener(type, () => (this.seenAt = Date.now()));
    this.timer = setInterval(() => this.keep(), CHECK_MS);
  }

  async keep() {
    const here = document.visibilityState === "visible" && Date.now() - this.seenAt < AWAY_MS;
    const { endsAt, duration } = this.desk.turn?.task ?? {};
    if (here && endsAt - Date.now() < duration * RENEWED_AT) await this.renew();
    this.desk.hand.releaseLapsed(this.desk.turn?.task.assignment);
    if (this.desk.turn?.task.endsAt <= Date.now()) this.lapsed();
  }

  stop() {
    clearInterval(this.timer);
  }
}
