/** The last answer, for as long as it may be taken back. */
const SECONDS = 60;

export class Undo {
  last = null;

  constructor(button) {
    this.button = button;
  }

  /** Offer to take back an answer; `forgotten` is called with its assignment when that is over. */
  offer(last, forgotten) {
    this.drop();
    const seconds = last.task.undo_seconds ?? SECONDS;
    if (!seconds) return;
    this.last = last;
    this.forgotten = forgotten;
    this.button.hidden = false;
    this.timer = setTimeout(() => this.drop(), seconds * 1000);
  }

  /** What can be taken back, once. */
  take() {
    const { last } = this;
    this.last = null;
    this.hide();
    return last;
  }

  /** A later question about the same clip was asked: the earlier answer stands. */
  lockedBy(tasks) {
    if (tasks.some(({ assignment }) => assignment === this.last?.task.assignment)) this.drop();
  }

  drop() {
    const { last } = this;
    this.last = null;
    this.hide();
    if (last) this.forgotten(last.task.assignment);
  }

  hide() {
    clearTimeout(this.timer);
    this.button.hidden = true;
  }
}
