/** What speaks against going on: an answer that lacks or is not whole, a clip not seen to its end. */
export class Objections {
  constructor(desk) {
    this.desk = desk;
  }

  /** Say calmly what is missing, if anything is; return whether. */
  raise() {
    const { steps, slots } = this.desk;
    const flaw = steps.flaw((fieldset) => this.isRequired(fieldset), steps.isLast ? undefined : steps.index);
    if (flaw) {
      if (flaw.index !== steps.index) steps.go(flaw.index);
      slots.problem.textContent = flaw.problem || slots.problem.dataset.missing;
      return true;
    }
    slots.unseen.hidden = !steps.isLast || !this.isUnseen;
    return !slots.unseen.hidden;
  }

  get isUnseen() {
    const { task, replaces } = this.desk.turn;
    return Boolean(task.full_view) && !task.step && !replaces && !this.desk.stage.isSeen;
  }

  isRequired({ dataset }) {
    const { questions } = this.desk.turn.task.scheme;
    return questions.find(({ name }) => name === dataset.question)?.required ?? false;
  }

  withdraw() {
    this.desk.slots.problem.textContent = "";
    this.desk.slots.unseen.hidden = true;
  }
}
