/**
 * The labelling page: shows the clips in hand one after the other and brings the answers away.
 *
 *   <label-desk data-batch="/api/…/batch/" data-store="…" data-csrf-cookie="…"> … </label-desk>
 *
 * An answer is kept in the browser before the page goes on, under an id made once, until the server
 * confirms that id. Without scripts the form inside is an ordinary one.
 */
import { prepare } from "./clip-player.js";
import { newId, valueOf } from "./desk/answer.js";
import { Exchange } from "./desk/exchange.js";
import { Keys } from "./desk/keys.js";
import { Lease } from "./desk/lease.js";
import { Outbox } from "./desk/outbox.js";
import { StateLine } from "./desk/state-line.js";
import { Stopwatch } from "./desk/stopwatch.js";
import "./instruments/index.js";

const TOO_SOON_MS = 250; // A second press of a key is not an answer to the next clip.

class LabelDesk extends HTMLElement {
  connectedCallback() {
    this.slots = Object.fromEntries([...this.querySelectorAll("[data-slot]")].map((e) => [e.dataset.slot, e]));
    this.player = this.querySelector("clip-player");
    this.state = new StateLine(this.slots.state);
    this.form = this.slots.work;
    this.hand = [];
    this.outbox = new Outbox(this.dataset.store);
    this.exchange = new Exchange({
      address: this.dataset.batch,
      csrfCookie: this.dataset.csrfCookie,
      outbox: this.outbox,
    });
    this.listen();
    this.adopt();
    this.exchange.run();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.keys);
    this.lease.stop();
  }

  listen() {
    const { exchange, form } = this;
    exchange.addEventListener("sending", ({ detail }) => detail.answers && this.state.say("saving"));
    exchange.addEventListener("exchanged", ({ detail }) => this.received(detail));
    exchange.addEventListener("failing", () => this.failing());
    exchange.addEventListener("signed-out", () => this.signedOut());
    exchange.addEventListener("refused", ({ detail }) => this.refuse(detail.sentence));
    form.addEventListener("submit", (event) => this.submitted(event));
    form.addEventListener("change", (event) => this.chosen(event));
    this.addEventListener("stale", () => this.refresh());
    this.keys = new Keys(this);
    document.addEventListener("keydown", this.keys);
    for (const type of ["online", "focus"]) addEventListener(type, () => this.isConnected && exchange.run());
    this.lease = new Lease(this, () => exchange.run());
  }

  /** Take over the clip that the server drew. */
  adopt() {
    const assignment = Number(this.form.elements.assignment.value);
    if (!assignment) return;
    if (this.outbox.holds(assignment)) this.next(); // It was answered; only the server does not know yet.
    else this.start({ assignment, clip: { kind: this.player.dataset.kind } }, this.form.elements.client_id.value);
  }

  start(task, clientId) {
    this.current = task;
    this.clientId = clientId;
    this.changes = {};
    this.watch = new Stopwatch();
    this.form.elements.assignment.value = task.assignment;
    this.form.elements.client_id.value = clientId;
    this.form.hidden = false;
    this.slots.empty.hidden = true;
  }

  received({ results, assignments, progress, reason, retry_after: seconds }) {
    this.slots["signed-out"].hidden = true;
    for (const { detail } of results.filter((result) => result.detail)) this.refuse(detail);
    if (results.length) this.state.say(this.outbox.size ? "saving" : "saved");
    else if (!this.outbox.size) this.state.settle();
    this.slots.labelled.textContent = progress.labelled;
    this.slots.progress.value = progress.labelled;
    this.slots.progress.max = progress.total;
    this.take(assignments);
    if (!this.current) this.empty(reason, seconds);
  }

  /** Make `assignments` what is in hand; what was shown before stays, if it is among them. */
  take(assignments) {
    const known = new Map(this.hand.map((task) => [task.assignment, task]));
    const now = Date.now();
    this.hand = assignments
      .filter(({ assignment }) => !this.outbox.holds(assignment))
      .map((task) => ({ ...task, element: known.get(task.assignment)?.element, duration: Date.parse(task.lease_expires_at) - now }));
    this.dataset.hand = this.hand.length;
    const shown = this.hand.find((task) => task.assignment === this.current?.assignment);
    if (shown) this.current = shown;
    else this.next();
    for (const task of this.hand) {
      if (task !== this.current) task.element ??= prepare(task.clip, this.player.dataset.alt);
    }
  }

  next() {
    const task = this.hand.find(({ assignment }) => assignment !== this.current?.assignment && !this.outbox.holds(assignment));
    this.form.reset();
    if (!task) {
      this.current = null;
      this.form.hidden = true;
      this.player.clear();
      this.empty("fetching");
      return;
    }
    this.start(task, newId());
    this.slots.context.hidden = !task.context;
    this.slots.context.textContent = task.context ?? "";
    this.player.show(task.clip, task.element ?? prepare(task.clip, this.player.dataset.alt));
    this.slots.stage.setAttribute("aria-label", this.state.text("clip", task.position));
    this.slots.stage.focus({ preventScroll: true });
  }

  chosen({ target }) {
    if (target === this.slots.quick) return;
    this.watch?.touch();
    this.changes[target.name] = (this.changes[target.name] ?? -1) + 1;
    const decides = target.closest("[data-instrument=single-choice]");
    if (decides && this.slots.quick.checked) this.send();
  }

  send() {
    this.form.requestSubmit(this.slots.send);
    return true;
  }

  submitted(event) {
    event.preventDefault();
    const skip = event.submitter?.name === "skip" ? event.submitter.value : "";
    if (!this.current || (!skip && this.watch.total < TOO_SOON_MS)) return;
    this.outbox.add({ ...this.answer(), ...(skip ? { skip } : { value: valueOf(this.form) }) });
    if (this.slots.skip.matches(":popover-open")) this.slots.skip.hidePopover();
    this.slots.refused.hidden = true;
    this.next();
    this.state.say("saving");
    this.exchange.run();
  }

  answer() {
    return {
      client_id: this.clientId,
      assignment: this.current.assignment,
      latency_ms: this.watch.firstTouch,
      active_ms: this.watch.active,
      changes: Object.values(this.changes).reduce((sum, n) => sum + n, 0),
      playback: this.player.record(),
      shown: { modality: this.current.clip.kind, layers: [], viewport: [innerWidth, innerHeight] },
    };
  }

  askWhySkip() {
    this.slots.skip.showPopover();
    this.slots.skip.querySelector("button").focus();
    return true;
  }

  empty(reason, seconds) {
    this.slots.empty.hidden = false;
    const known = [...this.slots.empty.children].some((part) => part.dataset.reason === reason);
    for (const part of this.slots.empty.children) part.hidden = part.dataset.reason !== (known ? reason : "waiting");
    clearTimeout(this.askTimer);
    if (seconds) this.askTimer = setTimeout(() => this.exchange.run(), seconds * 1000);
  }

  /** Ask for a fresh address of the clip that did not load. */
  async refresh() {
    await this.exchange.run();
    const { clip } = this.current ?? {};
    if (clip?.media_url) this.player.show(clip, prepare(clip, this.player.dataset.alt));
  }

  failing() {
    if (!this.current) this.empty("offline");
    this.state.waiting(this.outbox.size);
  }

  signedOut() {
    this.slots["signed-out"].hidden = false;
    this.state.waiting(this.outbox.size);
  }

  refuse(sentence) {
    this.slots.refusal.textContent = sentence;
    this.slots.refused.hidden = false;
  }
}

customElements.define("label-desk", LabelDesk);
