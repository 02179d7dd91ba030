/** What has to be said of answers besides that they are saved. Words stand in the page. */
export class Notices {
  constructor(slots, outbox) {
    Object.assign(this, { slots, outbox });
    outbox.addEventListener("changed", () => this.drawRefused());
    outbox.addEventListener("memory", () => (slots.memory.hidden = false));
    slots.refused.addEventListener("click", ({ target }) => this.pressed(target));
    slots.notice.addEventListener("click", ({ target }) => target.closest("button") && (slots.notice.hidden = true));
  }

  /** Say something about an answer that is done with: it came late, or its clip was withdrawn. */
  say(sentence) {
    this.slots.notice.querySelector("[data-sentence]").textContent = sentence;
    this.slots.notice.hidden = !sentence;
  }

  drawRefused() {
    const { refused } = this.outbox;
    const { dataset } = this.slots.refusal;
    this.slots.refused.hidden = !refused.length;
    if (!refused.length) return;
    const many = refused.length === 1 ? dataset.one : dataset.many.replace("%n", refused.length);
    this.slots.refusal.textContent = `${many} ${[...new Set(refused.map(({ reason }) => reason))].join(" ")}`;
  }

  pressed(target) {
    if (target.closest("[data-download]")) this.download();
    if (target.closest("[data-dismiss]")) this.outbox.dismiss();
  }

  /** Hand the answers over as a file, with what was said against them. */
  download() {
    const answers = this.outbox.refused.map(({ answer, reason, way }) => ({ address: way.address, reason, answer }));
    const address = URL.createObjectURL(new Blob([JSON.stringify(answers, null, 2)], { type: "application/json" }));
    const link = Object.assign(document.createElement("a"), { href: address, download: "attune-answers.json" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }
}
