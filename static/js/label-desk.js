/**
 * The labelling page: shows the clips in hand one after the other and brings the answers away.
 *
 *   <label-desk data-batch="/api/…/batch/" data-store="…" data-csrf-cookie="…" data-alt="…">
 *     <script type="application/json"> the assignment that the server drew </script> … </label-desk>
 *
 * An answer is kept in the browser before the page goes on, under an id made once, until the server
 * confirms that id. Without scripts the form inside is an ordinary one. Buttons say in data-command
 * what they do; keys do the same by the same words.
 */
import "./clip-player.js";
import { Context } from "./desk/context.js";
import { Course } from "./desk/course.js";
import { Drafts } from "./desk/drafts.js";
import { Empty } from "./desk/empty.js";
import { Exchange } from "./desk/exchange.js";
import { Feedback } from "./desk/feedback.js";
import { Hand, keyOf } from "./desk/hand.js";
import "./desk/key-table.js";
import { Keys } from "./desk/keys.js";
import { Lease } from "./desk/lease.js";
import { Notices } from "./desk/notices.js";
import { Objections } from "./desk/objections.js";
import { Outbox } from "./desk/outbox.js";
import { Purpose } from "./desk/purpose.js";
import { Reception } from "./desk/reception.js";
import { Stage } from "./desk/stage.js";
import { StateLine } from "./desk/state-line.js";
import { Steps } from "./desk/steps.js";
import { Supply } from "./desk/supply.js";
import { Undo } from "./desk/undo.js";
import "./instruments/index.js";

const WHILE_SENDING = new Set(["send", "help", "another"]);

class LabelDesk extends HTMLElement {
  connectedCallback() {
    this.slots = Object.fromEntries([...this.querySelectorAll("[data-slot]")].map((e) => [e.dataset.slot, e]));
    this.form = this.slots.work;
    this.form.noValidate = true; // A question that is not shown could not say what it lacks.
    this.keep();
    this.seat();
    this.listen();
    this.begin();
  }

  disconnectedCallback() {
    this.keys.stop();
    this.lease.stop();
  }

  /** What is kept, and how it is exchanged with the server. */
  keep() {
    const { batch: address, csrfCookie, store, alt } = this.dataset;
    this.way = { address, csrfCookie, page: location.pathname };
    this.supply = new Supply();
    this.drafts = new Drafts(store);
    this.outbox = new Outbox(store);
    this.hand = new Hand(alt);
    this.exchange = new Exchange({ ...this.way, outbox: this.outbox, want: () => this.supply.want });
  }

  /** What is seen. */
  seat() {
    const { slots } = this;
    this.state = new StateLine(slots.state);
    this.stage = new Stage(slots.stage);
    this.steps = new Steps(slots.questions, () => this.stepped());
    slots.quick.closest("label").hidden = !this.steps.endByChoice;
    this.context = new Context(slots.context);
    this.purpose = new Purpose(slots.purpose, this.steps.all);
    this.undo = new Undo(slots.undo);
    this.empty = new Empty(slots.empty, () => this.exchange.run());
    this.notices = new Notices(slots, this.outbox);
    this.feedback = new Feedback(slots.feedback, this);
    this.objections = new Objections(this);
    this.course = new Course(this);
    this.reception = new Reception(this);
  }

  listen() {
    const { exchange, form, course, slots } = this;
    form.addEventListener("submit", (event) => this.submitted(event));
    form.addEventListener("answer", ({ detail }) => this.answered(detail));
    this.addEventListener("click", ({ target }) => this.perform(target.closest("button[data-command]")?.dataset.command));
    this.addEventListener("stale", () => this.reception.refresh());
    this.addEventListener("seen", () => this.objections.withdraw());
    for (const type of ["change", "focusout"]) form.addEventListener(type, () => this.turn?.settle());
    slots.along.addEventListener("change", () => this.takeAlong());
    for (const type of ["online", "focus"]) addEventListener(type, () => this.isConnected && exchange.run());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && exchange.run());
    addEventListener("pagehide", () => this.leave());
    addEventListener("beforeunload", (event) => this.outbox.wouldBeLost && event.preventDefault());
    this.keys = new Keys(this);
    this.lease = new Lease(this, { renew: () => exchange.run(), lapsed: () => course.lapsed() });
  }

  /** Take over the clip that the server drew. */
  async begin() {
    await this.outbox.open();
    const drawn = JSON.parse(this.querySelector("script[type='application/json']")?.textContent ?? "null");
    if (drawn) this.hand.take([drawn], {});
    if (this.feedback.pending) await this.course.resume(this.feedback.pending);
    else if (drawn) {
      if (this.outbox.holds(keyOf(drawn))) this.course.next(); // It was answered; only the server does not know yet.
      else this.course.start(this.hand.tasks[0], { elements: this.stage.drawn(), clientId: this.form.elements.client_id.value });
    }
    this.exchange.run();
  }

  leave() {
    this.course.keepDraft();
    this.exchange.farewell();
  }

  get turn() {
    return this.course.turn;
  }

  /** Draw what stands around a clip that comes. */
  lay({ task, clientId, replaces }) {
    const { form, slots } = this;
    form.reset();
    form.elements.assignment.value = task.assignment;
    form.elements.client_id.value = clientId;
    form.hidden = false;
    this.empty.hide();
    this.context.draw(task);
    this.purpose.draw(task);
    slots.keep.hidden = !(task.previous || replaces);
    slots.taken.hidden = !replaces;
    slots.another.hidden = this.stage.players.length < 2;
    slots.stage.setAttribute("aria-label", this.state.text("clip", task.position));
  }

  clear(reason) {
    this.form.hidden = true;
    this.empty.show(reason);
  }

  /** Another question came up: show where one is, and which buttons there are. */
  stepped() {
    const { index, size, isLast } = this.steps;
    const { steps, previous, next, send, ownKeys } = this.slots;
    ownKeys.replaceChildren(...this.steps.keyRows);
    steps.hidden = size < 2;
    steps.textContent = steps.dataset.text.replace("%1", index + 1).replace("%2", size);
    previous.hidden = index === 0;
    next.hidden = isLast;
    send.hidden = !isLast;
    this.objections.withdraw();
  }

  answered({ question, decided, along }) {
    this.turn?.touch(question, along);
    this.objections.withdraw();
    this.course.keepDraft();
    const ends = this.steps.isLast ? this.isQuick : this.steps.endsWith(question);
    if (decided && ends) this.forward();
  }

  get isQuick() {
    return this.steps.endByChoice && this.slots.quick.checked;
  }

  submitted(event) {
    event.preventDefault();
    const { name, value } = event.submitter ?? {};
    if (name === "skip") this.course.send({ skip: value });
    else this.forward();
    if (this.slots.skip.matches(":popover-open")) this.slots.skip.hidePopover();
  }

  /** On to the next question, or away with the answer after the last. */
  forward() {
    if (!this.turn || this.objections.raise()) return true;
    if (this.steps.isLast) this.course.send({ value: this.steps.value });
    else this.steps.go(this.steps.index + 1);
    return true;
  }

  /** Do what a key or a button says; return whether there was anything to do. */
  perform(command) {
    if (!command) return false;
    const { slots, stage, steps, course, feedback } = this;
    if (course.isSending && !WHILE_SENDING.has(command)) return stage.player.perform(command);
    const deeds = {
      send: () => feedback.goOn() || this.forward(),
      previous: () => steps.index > 0 && done(steps.go(steps.index - 1)),
      keep: () => !slots.keep.hidden && done(course.keep()),
      undo: () => Boolean(this.undo.last) && done(course.takeBack()),
      skip: () => done(this.askWhySkip()),
      stop: () => Boolean(this.turn) && done(course.send({ skip: "stopped" })),
      see: () => done(stage.playUnseen()),
      another: () => stage.turnToNext(),
      help: () => done(slots.help.togglePopover()),
    };
    return deeds[command] ? deeds[command]() : stage.player.perform(command);
  }

  askWhySkip() {
    this.slots.skip.showPopover();
    this.slots.skip.querySelector("button").focus();
  }

  takeAlong() {
    this.supply.isAlong = this.slots.along.checked;
    this.exchange.run();
  }
}

function done(_nothing) {
  return true;
}

customElements.define("label-desk", LabelDesk);
