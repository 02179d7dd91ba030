/**
 * Veils a clip that carries a warning until the person chooses to see or hear it as it is.
 * The blur itself is the style sheet's work, by data-veil of the player.
 */
export class Veil {
  constructor(player, panel) {
    Object.assign(this, { player, panel, kind: "", isRevealed: false });
  }

  draw({ veil = "", flags = [] }, isRevealed) {
    this.kind = veil;
    this.isRevealed = isRevealed;
    this.player.dataset.veil = isRevealed ? "" : veil;
    this.panel.hidden = !veil && !flags.length;
    this.panel.querySelector("[data-do=reveal]").hidden = !veil || isRevealed;
    this.panel.querySelector("[data-flags]").textContent = flags.map((flag) => this.word(flag)).join(", ");
    for (const how of this.panel.querySelectorAll("[data-how]")) how.hidden = isRevealed || how.dataset.how !== veil;
    this.player.sound.apply();
  }

  /** A flag in words; one that the page has no word for, as it is written. */
  word(flag) {
    return this.panel.querySelector(`[data-flag="${CSS.escape(flag)}"]`)?.textContent ?? flag.replaceAll("-", " ");
  }

  get mutes() {
    return this.kind === "mute" && !this.isRevealed;
  }

  reveal() {
    if (!this.kind || this.isRevealed) return false;
    this.isRevealed = true;
    this.player.dataset.veil = "";
    this.panel.querySelector("[data-do=reveal]").hidden = true;
    for (const how of this.panel.querySelectorAll("[data-how]")) how.hidden = true;
    this.player.sound.apply();
    return true;
  }

  unmute() {
    if (this.mutes) this.reveal();
  }
}
