/**
 * Shows one question at a time. How sure somebody is belongs to the question before it, and has the
 * number keys with Shift there; it comes by itself where that question needs those keys.
 *
 *   <div class="desk-questions"> <fieldset data-question="…"> … </fieldset> … </div>
 */
const SLIP_MS = 150; // A key that is pressed twice does not answer two questions.

export class Steps {
  index = 0;
  since = 0;

  /** `moved` is called after another question came up. */
  constructor(questions, moved) {
    this.moved = moved;
    this.all = [...questions.querySelectorAll("[data-question]")];
    this.groups = [];
    for (const fieldset of this.all) {
      fieldset.tabIndex = -1;
      const rides = canRide(fieldset, this.groups.at(-1));
      fieldset.toggleAttribute("data-rides", rides);
      if (rides) this.groups.at(-1).push(fieldset);
      else this.groups.push([fieldset]);
    }
  }

  /** Whether there is a choice that completes the last question. */
  get endByChoice() {
    return this.groups.at(-1).some((fieldset) => widgetOf(fieldset).endsByChoice);
  }

  get size() {
    return this.groups.length;
  }

  get isLast() {
    return this.index >= this.size - 1;
  }

  /** The elements that take the answers to the questions now shown. */
  get current() {
    return this.groups[this.index].map(widgetOf);
  }

  /** The rows of help on the keys of the questions now shown. */
  get keyRows() {
    return this.groups[this.index].flatMap(keyRowsOf);
  }

  go(index, { focus = true } = {}) {
    this.index = Math.max(0, Math.min(index, this.size - 1));
    this.since = performance.now();
    for (const [i, group] of this.groups.entries()) for (const fieldset of group) fieldset.hidden = i !== this.index;
    if (focus) this.groups[this.index][0].focus({ preventScroll: true });
    this.moved();
  }

  shown(what) {
    for (const fieldset of this.all) widgetOf(fieldset).shown?.(what);
  }

  get value() {
    return Object.fromEntries(this.all.map((fieldset) => [fieldset.dataset.question, widgetOf(fieldset).value ?? null]));
  }

  set value(answers) {
    for (const fieldset of this.all) widgetOf(fieldset).value = answers?.[fieldset.dataset.question] ?? null;
  }

  /** Return what keeps the questions up to `last` from being sent: {index, problem}, problem "" where an answer lacks. */
  flaw(isRequired, last = this.size - 1) {
    for (let index = 0; index <= last; index += 1) {
      for (const fieldset of this.groups[index]) {
        const { value, problem } = widgetOf(fieldset);
        if (problem) return { index, problem };
        if ((value ?? null) === null && isRequired(fieldset)) return { index, problem: "" };
      }
    }
    return null;
  }

  /** Whether a gesture that decided `question` also ends the step. */
  endsWith(question) {
    const group = this.groups[this.index];
    return group.some(({ dataset }) => dataset.question === question) && group.every((one) => (widgetOf(one).value ?? null) !== null);
  }

  /** Lend a key to the question that is shown; with Shift to the one that rides along, if there is one. */
  press(stroke) {
    const own = stroke.place >= 0 && performance.now() - this.since < SLIP_MS && this.index > 0;
    if (own) return true;
    const widgets = this.current;
    return Boolean((stroke.shift && stroke.place >= 0 ? widgets.at(-1) : widgets[0]).press?.(stroke));
  }

  release(stroke) {
    return this.current.some((widget) => widget.release?.(stroke));
  }
}

/** What a template says of its keys; Shift only where how sure somebody is rides along. */
function keyRowsOf(fieldset) {
  const rows = fieldset.querySelector("template[data-keys]").content.cloneNode(true);
  if (!fieldset.hasAttribute("data-rides")) for (const shift of rows.querySelectorAll("[data-riding]")) shift.remove();
  return [...rows.children];
}

function canRide({ dataset }, group) {
  if (dataset.instrument !== "confidence" || group?.length !== 1) return false;
  return group[0].dataset.instrument !== "confidence" && !widgetOf(group[0]).takesShift;
}

/** Instruments that have no element yet are read as never touched. */
function widgetOf(fieldset) {
  return [...fieldset.querySelectorAll("*")].find(({ localName }) => localName.startsWith("answer-")) ?? fieldset;
}
