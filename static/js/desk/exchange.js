/**
 * Brings answers to the server until they are stored, and the clips in hand back.
 *
 * Events: `sending`; `exchanged` with the server's document; `failing` until it works again;
 * `signed-out`; `refused` with a sentence.
 */
const WANT = 2;
const MOST_AT_ONCE = 50;
const PATIENCE_MS = 20_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export class Exchange extends EventTarget {
  constructor({ address, csrfCookie, outbox }) {
    super();
    Object.assign(this, { address, csrfCookie, outbox, failures: 0, running: false, again: false });
  }

  /** Make one round trip now; a call during one makes another after it. */
  async run() {
    this.again = true;
    if (this.running) return;
    this.running = true;
    clearTimeout(this.timer);
    while (this.again) {
      this.again = false;
      await this.roundTrip();
    }
    this.running = false;
  }

  async roundTrip() {
    const answers = this.outbox.all().slice(0, MOST_AT_ONCE);
    this.tell("sending", { answers: answers.length });
    let response, body;
    try {
      response = await this.post({ answers, want: WANT });
      body = await response.json();
    } catch {
      return this.retry();
    }
    if (response.ok) return this.arrived(body);
    if (response.status === 401) return this.tell("signed-out");
    if (response.status >= 500 || [403, 408, 429].includes(response.status)) return this.retry(response);
    this.refused(answers, body);
  }

  post(body) {
    return fetch(this.address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": cookie(this.csrfCookie) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  }

  arrived(body) {
    this.failures = 0;
    this.outbox.remove(body.results.map((result) => result.client_id));
    this.again ||= this.outbox.size > 0;
    this.tell("exchanged", body);
  }

  /** The request as a whole was bad: set its first answer aside, so that the others get through. */
  refused(answers, body) {
    if (answers.length) {
      this.outbox.remove([answers[0].client_id]);
      this.again = true;
    }
    this.tell("refused", { sentence: body.detail ?? "" });
  }

  retry(response) {
    this.failures += 1;
    const wished = Number(response?.headers.get("Retry-After") ?? 0) * 1000;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (this.failures - 1), LONGEST_PAUSE_MS);
    const jittered = Math.max(wished, pause * (0.5 + Math.random()));
    this.again = false;
    this.timer = setTimeout(() => this.run(), jittered);
    this.tell("failing");
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** The token is read each time: signing in again changes it. */
function cookie(name) {
  const pairs = document.cookie.split("; ").map((pair) => pair.split("="));
  return pairs.find(([key]) => key === name)?.[1] ?? "";
}
