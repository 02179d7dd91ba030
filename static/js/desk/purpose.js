/**
 * Says above the question what a clip is for, where that is said: it is practice, or tells what to choose.
 *
 *   <div role="status" data-slot="purpose"> [data-practice] [data-instruction] with [data-asked] </div>
 */
export class Purpose {
  /** `questions` are described by the instruction as long as there is one, for who does not see it. */
  constructor(element, questions) {
    for (const part of ["practice", "instruction", "asked"]) this[part] = element.querySelector(`[data-${part}]`);
    this.questions = questions;
  }

  draw({ training, instruction }) {
    this.practice.hidden = !training;
    this.asked.textContent = instruction?.text ?? "";
    this.instruction.hidden = !instruction;
    for (const fieldset of this.questions) {
      if (instruction) fieldset.setAttribute("aria-describedby", this.instruction.id);
      else fieldset.removeAttribute("aria-describedby");
    }
  }
}
