/** The lists of segments as they were, to go back to one after the other. */
export class SegmentPast {
  lists = [];

  constructor(list) {
    this.list = list;
  }

  get isAny() {
    return this.lists.length > 0 || this.list.wasEdited;
  }

  /** Keep the list as it is, before something is done to it. */
  remember() {
    this.settle();
    this.lists.push(this.list.value);
  }

  /** What was typed since the last change is one step to take back. */
  settle() {
    if (this.list.wasEdited) this.lists.push(this.list.before);
    this.list.keep();
  }

  /** Return whether there was anything to take back. */
  goBack() {
    this.settle();
    if (!this.lists.length) return false;
    this.list.value = this.lists.pop();
    return true;
  }

  forget() {
    this.lists = [];
  }
}
