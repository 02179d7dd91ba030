/** The line that says whether what was sent is saved; its words stand in the data of the element. */
export class StateLine {
  constructor(element) {
    this.element = element;
  }

  say(word, number) {
    this.element.dataset.now = word;
    this.element.textContent = word && this.text(word, number);
  }

  waiting(number) {
    if (number) this.say("waiting", number);
  }

  /** Nothing is on its way any more; that the last answer was saved stays to be read. */
  settle() {
    if (this.element.dataset.now !== "saved") this.say("");
  }

  text(word, number) {
    return this.element.dataset[word].replace("%n", number);
  }
}
