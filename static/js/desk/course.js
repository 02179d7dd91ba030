/** The way of a clip over the desk: it comes, is answered or put aside, and the next one comes. */
import { keyOf } from "./hand.js";
import { Turn } from "./turn.js";

const TOO_SOON_MS = 250; // A second press of a key is not an answer to the next clip.

export class Course {
  turn = null;
  isSending = false;

  constructor(desk) {
    this.desk = desk;
  }

  /** Put a clip before the annotator, as it was left when there is a draft of it. */
  start(task, { elements, clientId, replaces, draft = this.desk.drafts.get(keyOf(task)) } = {}) {
    const { desk } = this;
    const media = desk.hand.mediaOf(task);
    if (elements?.length === media.elements.length && elements.every(Boolean)) media.elements = elements;
    this.turn?.watch.stop();
    this.turn = new Turn(task, { draft, clientId, replaces });
    desk.stage.show(task, media.shown(), { captions: media.captions, earlier: draft?.playback });
    desk.lay(this.turn);
    desk.steps.value = draft?.value ?? task.previous;
    desk.steps.shown({ task, player: desk.stage.player, players: desk.stage.players });
    desk.steps.go(draft?.step ?? 0, { focus: false });
  }

  next() {
    const { hand, outbox, stage } = this.desk;
    const task = hand.next((one) => keyOf(one) !== this.turn?.key && !outbox.holds(keyOf(one)));
    if (task) {
      this.start(task);
      stage.element.focus({ preventScroll: true });
      return;
    }
    this.turn?.watch.stop();
    this.turn = null;
    stage.clear();
    this.desk.clear("fetching");
  }

  /** Keep what was begun, for a page that is loaded anew. */
  keepDraft() {
    const { turn } = this;
    if (turn?.wasTouched && !this.isSending) this.desk.drafts.keep(turn.key, this.draft);
  }

  get draft() {
    const { steps, stage } = this.desk;
    return { ...this.turn.state, value: steps.value, step: steps.index, playback: stage.state };
  }

  /** Load the clip anew; what was said of it, and how it played so far, stays. */
  again() {
    const { turn, isSending } = this;
    if (!turn || isSending) return;
    const { draft } = this;
    this.desk.hand.release(turn.task.assignment);
    this.start(turn.task, { draft });
  }

  /** Keep the answer in the browser, go on, and bring it away; `said` is {value} or {skip}. */
  async send(said) {
    const { turn } = this;
    const { stage, supply, exchange, outbox, state } = this.desk;
    if (!turn || this.isSending || (!said.skip && turn.watch.sinceShown < TOO_SOON_MS)) return;
    performance.clearMarks("attune:sent");
    performance.mark("attune:sent");
    this.isSending = true;
    supply.answeredIn(turn.watch.sinceShown);
    const answer = turn.answer(said, stage.record());
    const left = { task: turn.task, answer, state: { ...turn.state, value: said.value, playback: stage.state } };
    if (said.skip) stage.clear(); // It is out of sight at once.
    try {
      await this.put(answer, turn);
      await this.leave(left);
    } finally {
      this.isSending = false;
    }
    this.next();
    stage.whenPlayable(() => performance.measure("attune:playable", "attune:sent"));
    if (this.desk.undo.last?.task !== turn.task) this.forget(turn.task.assignment);
    if (outbox.size) state.say("saving");
    exchange.run();
  }

  /** In place of an answer that is taken back and has not left the browser; else to supersede it. */
  async put(answer, turn) {
    const { outbox, drafts, hand, way } = this.desk;
    const earlier = outbox.entries.find(({ client_id }) => client_id === turn.replaces);
    const instead = earlier && !earlier.tried ? earlier : undefined;
    if (instead) answer.supersedes = instead.answer.supersedes;
    await outbox.add(answer, { key: turn.key, way, instead: instead?.client_id });
    drafts.drop(turn.key);
    hand.remove(turn.key);
  }

  async leave(left) {
    const { exchange, undo, form, feedback } = this.desk;
    const { task, answer } = left;
    const goesOn = !answer.skip && task.step + 1 < task.steps;
    if (goesOn) {
      form.inert = true; // The same clip is asked about once more: its next question is worth the wait.
      await exchange.run();
      form.inert = false;
    }
    if (answer.skip || goesOn || task.training) undo.drop();
    else undo.offer(left, (assignment) => this.forget(assignment));
    if (task.training && !answer.skip && !goesOn) await feedback.follow(task, answer);
  }

  /** The page was loaded anew before the annotator had read about a practice clip: show it once more. */
  async resume({ task, answer }) {
    const { outbox, feedback, way, hand } = this.desk;
    this.start(task, { draft: { value: answer.value } });
    this.isSending = true;
    try {
      await outbox.add(answer, { key: keyOf(task), way });
      await feedback.follow(task, answer);
    } finally {
      this.isSending = false;
    }
    hand.remove(keyOf(task));
    this.next();
    this.forget(task.assignment);
  }

  /** Drop the media of a clip that is done with. */
  forget(assignment) {
    const { hand } = this.desk;
    const isInHand = hand.tasks.some((task) => task.assignment === assignment);
    if (!isInHand && this.turn?.task.assignment !== assignment) hand.release(assignment);
  }

  /** Bring back the last clip with its answer. */
  takeBack() {
    this.keepDraft();
    const { task, answer, state } = this.desk.undo.take();
    this.start(task, { replaces: answer.client_id, draft: { ...state, clientId: undefined } });
    this.desk.stage.element.focus({ preventScroll: true });
  }

  /** Leave the answer as it was: the one taken back, or the one given before there was context. */
  keep() {
    const { turn } = this;
    if (!turn.replaces) return this.send({ value: turn.task.previous });
    this.desk.drafts.drop(turn.key);
    this.next();
    this.forget(turn.task.assignment);
    return undefined;
  }

  /** Its lease is over and the server did not renew it: it is not shown any longer. */
  lapsed() {
    if (this.turn.replaces || this.isSending) return;
    const { assignment } = this.turn.task;
    this.keepDraft();
    this.next();
    this.desk.hand.release(assignment);
  }
}
