/** Captions of what is said, off at first; under a sound the words stand in a line of their own. */
let areWanted = false;

export class Captions {
  constructor(player, line) {
    Object.assign(this, { player, line, track: null, wereShown: false });
    this.button = player.querySelector("[data-do=captions]");
  }

  adopt(element, address) {
    element.querySelector?.("track")?.remove();
    this.track = null;
    this.wereShown = false;
    this.button.hidden = !address;
    this.line.hidden = true;
    if (!address || !(element instanceof HTMLMediaElement)) return;
    const node = document.createElement("track");
    Object.assign(node, { kind: "captions", src: address, srclang: document.documentElement.lang, label: this.button.textContent.trim() });
    element.append(node);
    this.track = node.track;
    this.track.addEventListener("cuechange", () => this.say());
    this.apply();
  }

  toggle() {
    areWanted = !areWanted;
    this.apply();
  }

  apply() {
    if (!this.track) return;
    const isSound = this.player.dataset.kind === "audio";
    this.track.mode = areWanted ? (isSound ? "hidden" : "showing") : "disabled";
    this.wereShown ||= areWanted;
    this.line.hidden = !(areWanted && isSound);
    this.button.setAttribute("aria-pressed", areWanted);
  }

  say() {
    this.line.textContent = [...(this.track.activeCues ?? [])].map((cue) => cue.text.replace(/<[^>]*>/g, "")).join("\n");
  }
}
