/**
 * Brings answers to the server until they are stored, and the clips in hand back.
 *
 * Events: `sending`; `exchanged` with the server's document; `failing` until it works again;
 * `signed-out`; `someone-else`, where another person signed in; `unwanted` with a sentence.
 */
import { cookie, signedInAs } from "./identity.js";

const MOST_AT_ONCE = 50;
const PATIENCE_MS = 20_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const SIGNED_OUT_PAUSE_MS = 30_000;
const LONGEST_FAREWELL = 60_000; // Characters; browsers allow 64 KB to a page that goes.
const MOST_ERRORS = 20;

export class Exchange extends EventTarget {
  failures = 0;
  notBefore = 0;
  atOnce = MOST_AT_ONCE;

  /** `want` returns how many clips to have in hand; `page` is where it stands who is signed in. */
  constructor({ address, csrfCookie, outbox, want, page }) {
    super();
    Object.assign(this, { address, csrfCookie, outbox, want, page });
    this.token = cookie(csrfCookie);
  }

  /** Make one round trip now; a call during one makes another after it. */
  run() {
    this.again = true;
    this.running ??= this.loop().finally(() => (this.running = null));
    return this.running;
  }

  async loop() {
    clearTimeout(this.timer);
    while (this.again) {
      this.again = false;
      if (Date.now() < this.notBefore) this.later(this.notBefore - Date.now());
      else await alone(`attune.send.${this.address}`, () => this.roundTrip());
    }
  }

  async roundTrip() {
    try {
      if (await this.isSomebodyElse()) return;
      await this.outbox.reload();
      const entries = this.outbox.entries.slice(0, this.atOnce);
      this.tell("sending", { answers: entries.length });
      await this.outbox.mark(entries);
      const response = await this.post(entries, { signal: AbortSignal.timeout(PATIENCE_MS) });
      await this.judge(response, entries, await response.json());
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError)) throw error;
      this.retry();
    }
  }

  post(entries, options) {
    return fetch(this.address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": cookie(this.csrfCookie) },
      body: JSON.stringify({ answers: entries.map(({ answer }) => answer), want: this.want() }),
      ...options,
    });
  }

  judge(response, entries, body) {
    if (response.ok) return this.arrived(body, entries, Date.parse(response.headers.get("Date")));
    if (response.status === 401) return this.signedOut();
    if (response.status >= 500) return this.troubled(response, entries);
    if ([403, 408, 429].includes(response.status)) return this.retry(response);
    return this.unwanted(entries, body);
  }

  async arrived(body, entries, serverTime) {
    const bad = new Map(body.results.filter(({ status }) => status === "invalid").map((one) => [one.client_id, one]));
    const good = body.results.filter(({ status }) => status !== "invalid");
    const refusals = entries
      .filter(({ client_id }) => bad.has(client_id))
      .map((entry) => ({ entry, reason: sentence(bad.get(entry.client_id)) }));
    if (refusals.length) await this.outbox.refuse(refusals);
    if (good.length) await this.outbox.remove(good.map(({ client_id }) => client_id));
    Object.assign(this, { failures: 0, notBefore: 0, atOnce: MOST_AT_ONCE });
    this.again ||= this.outbox.size > 0;
    this.tell("exchanged", { ...body, serverTime });
  }

  /** The request as a whole was bad: find the answer that is to blame, and set only that aside. */
  async unwanted(entries, body) {
    if (entries.length === 1) await this.outbox.refuse([{ entry: entries[0], reason: body.detail ?? "" }]);
    if (!entries.length) return this.tell("unwanted", { sentence: body.detail ?? "" });
    this.atOnce = 1;
    this.again = true;
  }

  /** The server failed. If it fails on the same single answer for ever, the others must get through. */
  async troubled(response, entries) {
    if (response.status === 500) this.atOnce = 1;
    if (response.status !== 500 || !entries.length || this.failures < MOST_ERRORS) return this.retry(response);
    this.failures = 0;
    await this.outbox.refuse([{ entry: entries[0], reason: `HTTP ${response.status}` }]);
    this.again = true;
  }

  retry(response) {
    this.failures += 1;
    const wished = Number(response?.headers.get("Retry-After") ?? 0) * 1000;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (this.failures - 1), LONGEST_PAUSE_MS);
    if (wished) this.notBefore = Date.now() + wished;
    this.again = false;
    this.later(Math.max(wished, pause * (0.5 + Math.random() / 2)));
    this.tell("failing");
  }

  signedOut() {
    this.again = false;
    this.later(SIGNED_OUT_PAUSE_MS);
    this.tell("signed-out");
  }

  /** Signing in changes the token: make sure that the answers do not go out in another's name. */
  async isSomebodyElse() {
    const token = cookie(this.csrfCookie);
    if (token === this.token) return false;
    const name = await signedInAs(this.page);
    if (name === this.outbox.name) this.token = cookie(this.csrfCookie);
    else if (name) this.tell("someone-else");
    else this.signedOut();
    return name !== this.outbox.name;
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(), pause);
  }

  /** The page goes: try once more; what does not arrive is sent by the next page. */
  farewell() {
    const { entries } = this.outbox;
    if (cookie(this.csrfCookie) !== this.token) return; // Somebody else may have signed in meanwhile.
    if (entries.length && JSON.stringify(entries).length < LONGEST_FAREWELL) {
      this.post(entries, { keepalive: true }).catch(() => {});
    }
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** Two pages of one person do not send at once. Without locks the server knows each answer by its id. */
function alone(name, act) {
  return navigator.locks ? navigator.locks.request(name, act) : act();
}

function sentence({ detail = "", errors = {} }) {
  return [detail, ...Object.values(errors)].join(" ");
}
