/**
 * Which row of an answer the next key is for: the one that was turned to, the one that has the focus,
 * else the first that lacks something. It carries data-current.
 */
export class CurrentRow {
  chosen = null;

  constructor(rows, lacks) {
    this.rows = rows;
    this.lacks = lacks;
    for (const row of rows) row.addEventListener("focusin", () => this.turnTo(row));
    this.draw();
  }

  get row() {
    return this.chosen ?? this.rows.find(this.lacks) ?? this.rows.at(-1);
  }

  turnTo(row) {
    this.chosen = row;
    this.draw();
    return true;
  }

  forget() {
    return this.turnTo(null);
  }

  /** Up or down; the focus goes along, if it was in a row. */
  move(step) {
    const next = this.rows[this.rows.indexOf(this.row) + step];
    return next ? this.turnTo(next) : false;
  }

  /** A row was answered: to the next one, or wherever something lacks. */
  after(row) {
    const next = this.rows[this.rows.indexOf(row) + 1];
    return this.turnTo(next && this.lacks(next) ? next : null);
  }

  draw() {
    for (const row of this.rows) row.toggleAttribute("data-current", row === this.row);
  }
}
