/**
 * The answers that the server has not confirmed, kept in the browser until it does.
 * They outlive the page; where storage is refused they live as long as the page.
 */
export class Outbox {
  constructor(name) {
    this.name = name;
    this.memory = [];
  }

  all() {
    try {
      return JSON.parse(localStorage.getItem(this.name)) ?? [];
    } catch {
      return this.memory;
    }
  }

  get size() {
    return this.all().length;
  }

  add(answer) {
    this.keep([...this.all(), answer]);
  }

  remove(clientIds) {
    this.keep(this.all().filter((answer) => !clientIds.includes(answer.client_id)));
  }

  holds(assignment) {
    return this.all().some((answer) => answer.assignment === assignment);
  }

  keep(answers) {
    this.memory = answers;
    try {
      localStorage.setItem(this.name, JSON.stringify(answers));
    } catch {
      // Private windows may refuse; the memory above then serves while the page is open.
    }
  }
}
