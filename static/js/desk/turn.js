/**
 * One clip before the annotator, from its coming to its answer: what the label says of how it came about.
 *
 * `changes` counts what the person did to an answer after first giving it. A run of typing in one
 * field, or a slider that is dragged, is one, however many letters or positions it went through.
 */
import { newId } from "./new-id.js";
import { keyOf } from "./hand.js";
import { Stopwatch } from "./stopwatch.js";

export class Turn {
  /** `draft` is what `state` returned earlier; `replaces` an answer that is taken back. */
  constructor(task, { draft, clientId, replaces } = {}) {
    this.task = task;
    this.clientId = draft?.clientId ?? clientId ?? newId();
    this.changes = draft?.changes ?? {};
    this.replaces = replaces ?? draft?.replaces;
    this.watch = new Stopwatch(draft?.watch);
  }

  get key() {
    return keyOf(this.task);
  }

  /** The person did something; `along` is the field that is still typed into or dragged. */
  touch(question, along = null) {
    this.watch.touch();
    if (along && along === this.along) return;
    this.along = along;
    this.changes[question] = (this.changes[question] ?? -1) + 1;
  }

  /** What was typed or dragged is done with: the next is another change. */
  settle() {
    this.along = null;
  }

  get wasTouched() {
    return this.watch.firstTouch !== null || Boolean(this.replaces);
  }

  get state() {
    const { clientId, changes, replaces, watch } = this;
    return { clientId, changes, replaces, watch: watch.state };
  }

  /** The answer as it is sent; `said` is {value} or {skip}. */
  answer(said, playback) {
    const { task, watch } = this;
    return {
      client_id: this.clientId,
      assignment: task.assignment,
      latency_ms: watch.firstTouch,
      active_ms: watch.active,
      changes: Object.values(this.changes).reduce((sum, n) => sum + n, 0),
      playback,
      shown: {
        modality: task.clip.kind,
        layers: (task.context?.layers ?? []).map(({ name }) => name),
        viewport: [innerWidth, innerHeight],
      },
      // Only a server that asks more than once knows these.
      ...("step" in task ? { stage: task.stage, step: task.step } : {}),
      ...(this.replaces && !said.skip ? { supersedes: this.replaces } : {}),
      ...said,
    };
  }
}
