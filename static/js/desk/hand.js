/** The assignments in the annotator's hand, in the server's order, and their media. */
import { Media } from "./media.js";

/** What an answer answers: the assignment, and where it is asked more than once, which time. */
export function keyOf({ assignment, step = 0 }) {
  return `${assignment}.${step ?? 0}`;
}

export class Hand {
  tasks = [];
  media = new Map();
  loading = Promise.resolve();

  constructor(alt) {
    this.alt = alt;
  }

  get size() {
    return this.tasks.length;
  }

  get ready() {
    return this.tasks.filter(({ assignment }) => this.media.get(assignment)?.isReady).length;
  }

  find(key) {
    return this.tasks.find((task) => keyOf(task) === key);
  }

  /** Make `tasks` all there is; `keep` names assignments whose media stay besides. */
  take(tasks, { serverTime, keep = [] }) {
    const ahead = Date.now() - (serverTime || Date.now());
    this.tasks = tasks.map((task) => {
      const endsAt = Date.parse(task.lease_expires_at) + ahead;
      return { ...task, endsAt, duration: endsAt - Date.now() };
    });
    const kept = new Set([...keep, ...this.tasks.map(({ assignment }) => assignment)]);
    for (const assignment of this.media.keys()) if (!kept.has(assignment)) this.release(assignment);
  }

  /** Begin to load what is not loaded, the nearest first; `loaded` is called after each. */
  loadAhead(except, loaded) {
    for (const task of this.tasks) {
      if (task.assignment === except || this.media.has(task.assignment)) continue;
      const media = this.mediaOf(task);
      this.loading = this.loading.then(() => media.stop.signal.aborted || media.load()).then(loaded);
    }
  }

  mediaOf(task) {
    if (!this.media.has(task.assignment)) this.media.set(task.assignment, new Media(task, this.alt));
    return this.media.get(task.assignment);
  }

  /** The next to be shown; a lease that is over is not begun any more. */
  next(isFree) {
    return this.tasks.find((task) => task.endsAt > Date.now() && isFree(task));
  }

  remove(key) {
    this.tasks = this.tasks.filter((task) => keyOf(task) !== key);
  }

  /** No media outlives its lease. */
  releaseLapsed(except) {
    for (const { assignment, endsAt } of this.tasks) {
      if (endsAt <= Date.now() && assignment !== except) this.release(assignment);
    }
  }

  release(assignment) {
    this.media.get(assignment)?.release();
    this.media.delete(assignment);
  }
}
