/** The list of segments, each a row with its category and its two times: the answer itself. */
import { ordered } from "./segment-rules.js";

export class SegmentList {
  /** What it was before the person's last change. */
  before = [];

  constructor(host) {
    this.host = host;
    this.element = host.querySelector("ol");
    this.pattern = host.querySelector("template").content.firstElementChild;
    this.element.replaceChildren();
  }

  get rows() {
    return [...this.element.children];
  }

  get value() {
    return this.rows.map((row) => this.segmentOf(row));
  }

  set value(segments) {
    const rows = ordered(segments).map((segment) => this.drawn(segment));
    this.element.replaceChildren(...rows);
    this.keep();
  }

  keep() {
    this.before = this.value;
  }

  get wasEdited() {
    return JSON.stringify(this.value) !== JSON.stringify(this.before);
  }

  segmentOf(row) {
    const [start, end] = row.querySelectorAll("[type=number]");
    return { start: start.valueAsNumber, end: end.valueAsNumber, category: row.querySelector("select").value };
  }

  /** Take a row out; the focus goes to the one that stands there now. */
  remove(row) {
    const place = this.rows.indexOf(row);
    row.remove();
    const next = this.rows[place] ?? this.rows.at(-1);
    (next?.querySelector("[data-delete]") ?? this.host.question).focus({ preventScroll: true });
  }

  drawn({ start, end, category }) {
    const row = this.pattern.cloneNode(true);
    const [from, to] = row.querySelectorAll("[type=number]");
    Object.assign(from, { value: start });
    Object.assign(to, { value: end });
    row.querySelector("select").value = category;
    return row;
  }
}
