/** What the desk makes of what the server says, and of its silence. */
import { keyOf } from "./hand.js";

export class Reception {
  constructor(desk) {
    this.desk = desk;
    const { exchange, notices, outbox } = desk;
    const on = (type, act) => exchange.addEventListener(type, ({ detail }) => act(detail));
    on("sending", ({ answers }) => answers && desk.state.say("saving"));
    on("exchanged", (document_) => this.received(document_));
    on("failing", () => this.failing());
    on("signed-out", () => this.signedOut());
    on("someone-else", () => location.reload());
    on("unwanted", ({ sentence }) => notices.say(sentence));
    outbox.addEventListener("changed", () => this.answeredElsewhere());
  }

  received(said) {
    const { slots, state, outbox, notices, course, empty } = this.desk;
    const { results, progress } = said;
    slots["signed-out"].hidden = true;
    const news = results.filter(({ status, detail }) => detail && status !== "invalid");
    if (news.length) notices.say(news.at(-1).detail);
    if (results.length) state.say(outbox.size ? "saving" : "saved");
    else if (!outbox.size) state.settle();
    slots.labelled.textContent = progress.labelled;
    slots.progress.value = progress.labelled;
    slots.progress.max = progress.total;
    this.take(said);
    if (!course.turn && !course.isSending) empty.show(said.standing ?? said.reason, { seconds: said.retry_after, why: said.break?.kind });
  }

  /** Make `assignments` what is in hand; what was shown before stays, if it is among them. */
  take({ assignments, serverTime }) {
    const { hand, outbox, undo, course, dataset } = this.desk;
    const free = assignments.filter((task) => !outbox.holds(keyOf(task)));
    hand.take(free, { serverTime, keep: [course.turn?.task.assignment, undo.last?.task.assignment] });
    undo.lockedBy(free);
    dataset.hand = hand.size;
    if (!course.isSending) this.show();
    hand.loadAhead(course.turn?.task.assignment, () => this.loaded());
    this.loaded();
  }

  show() {
    const { hand, course } = this.desk;
    const { turn } = course;
    const shown = turn && hand.find(turn.key);
    if (shown) turn.task = shown; // With a longer lease and fresh addresses.
    else if (!turn?.replaces) course.next();
    if (turn && !shown && !turn.replaces) hand.release(turn.task.assignment);
  }

  loaded() {
    const { slots, hand, supply, course } = this.desk;
    const here = hand.ready + (course.turn ? 1 : 0);
    slots["along-ready"].textContent = supply.isAlong ? slots["along-ready"].dataset.text.replace("%n", Math.min(here, hand.size)) : "";
  }

  /** Another page of the same person answered the clip that is shown here. */
  answeredElsewhere() {
    const { course, outbox } = this.desk;
    if (course.turn && !course.isSending && !course.turn.replaces && outbox.holds(course.turn.key)) course.next();
  }

  failing() {
    const { course, empty, state, outbox, supply } = this.desk;
    supply.lost();
    if (!course.turn && !course.isSending) empty.show("offline");
    state.waiting(outbox.size);
  }

  signedOut() {
    this.desk.slots["signed-out"].hidden = false;
    this.desk.state.waiting(this.desk.outbox.size);
  }

  /** Ask for a fresh address of the clip that did not load. */
  async refresh() {
    const { exchange, course } = this.desk;
    course.keepDraft();
    await exchange.run();
    course.again();
  }
}
