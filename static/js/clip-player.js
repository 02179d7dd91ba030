/**
 * Shows a clip: a picture, a sound with its waveform, or a film; keeps the record of its playing.
 *
 *   <clip-player data-kind="video" data-src="…"> .player-screen, .player-bar, .player-trouble </clip-player>
 *
 * A `stale` event asks for a fresh address after the clip did not load.
 */
import { drawWaveform } from "./desk/waveform.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Begin to load a clip and return the element that will show it. */
export function prepare({ kind, media_url, poster_url, width, height }, alt) {
  const element = kind === "image" ? new Image() : document.createElement(kind);
  if (kind === "image") element.alt = alt;
  else {
    Object.assign(element, { preload: "auto", playsInline: true });
    element.setAttribute("aria-label", alt);
  }
  if (kind === "video" && poster_url) element.poster = poster_url;
  if (kind !== "audio" && width && height) Object.assign(element, { width, height });
  element.src = media_url;
  return element;
}

class ClipPlayer extends HTMLElement {
  connectedCallback() {
    this.screen = this.querySelector(".player-screen");
    this.bar = this.querySelector(".player-bar");
    this.trouble = this.querySelector(".player-trouble");
    this.seek = this.querySelector(".player-seek");
    this.time = this.querySelector(".player-time");
    this.addEventListener("click", this.press);
    this.seek.addEventListener("input", () => this.seekTo(this.seek.value / 1000));
    const element = this.screen.firstElementChild;
    if (element) this.adopt(element, JSON.parse(this.dataset.waveform));
  }

  /** Show another clip; `element` is what `prepare` returned for it. */
  show(clip, element) {
    this.element?.pause?.();
    this.dataset.kind = clip.kind;
    this.screen.replaceChildren(element);
    this.adopt(element, clip.waveform ?? []);
  }

  clear() {
    this.element?.pause?.();
    this.element = null;
    this.screen.replaceChildren();
  }

  adopt(element, waveform) {
    this.element = element;
    const loaded = element.naturalWidth > 0 || element.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
    this.played = { plays: 0, seeks: 0, seconds: 0, ended: false, loaded };
    this.trouble.hidden = true;
    this.screen.hidden = false;
    element.removeAttribute("controls");
    this.follow(element);
    this.bar.hidden = !this.moves;
    this.wave = element.localName === "audio" ? drawWaveform(waveform) : null;
    if (this.wave) this.screen.append(this.wave.svg);
    if (this.moves) this.begin();
    this.draw();
    if (element.error || (element.complete && !element.naturalWidth && !this.moves)) this.fail(element);
  }

  follow(element) {
    const when = (type, act) => element.addEventListener(type, () => element === this.element && act());
    when("error", () => this.fail(element));
    when(element.localName === "img" ? "load" : "loadeddata", () => (this.played.loaded = true));
    when("play", () => (this.played.plays += 1));
    when("seeking", () => (this.played.seeks += 1));
    when("ended", () => (this.played.ended = true));
    for (const type of ["play", "pause", "timeupdate", "durationchange", "seeked"]) when(type, () => this.draw());
  }

  get moves() {
    return this.element instanceof HTMLMediaElement;
  }

  begin() {
    if (!calm.matches) this.element.play().catch(() => {}); // Not before the first touch of the page.
  }

  press({ target }) {
    const wish = target.closest("[data-do]")?.dataset.do;
    if (wish === "toggle" || target === this.element) this.toggle();
    if (wish === "replay") this.replay();
    if (wish === "retry") this.dispatchEvent(new Event("stale", { bubbles: true }));
  }

  /** Return whether there is something to play. */
  toggle() {
    if (!this.moves) return false;
    if (this.element.paused) this.element.play().catch(() => {});
    else this.element.pause();
    return true;
  }

  replay() {
    if (!this.moves) return false;
    this.element.currentTime = 0;
    this.element.play().catch(() => {});
    return true;
  }

  seekTo(share) {
    if (this.moves && this.element.duration) this.element.currentTime = share * this.element.duration;
  }

  fail(element) {
    if (element !== this.element) return;
    this.screen.hidden = true;
    this.bar.hidden = true;
    this.trouble.hidden = false;
  }

  draw() {
    if (!this.moves) return;
    const { currentTime, duration, paused } = this.element;
    const share = duration ? currentTime / duration : 0;
    this.seek.value = share * 1000;
    this.seek.setAttribute("aria-valuetext", clock(currentTime));
    this.time.textContent = duration ? `${clock(currentTime)} / ${clock(duration)}` : "";
    this.wave?.progress(share);
    this.querySelector("[data-when=paused]").hidden = !paused;
    this.querySelector("[data-when=playing]").hidden = paused;
  }

  /** What was played of the clip, for the label's record. */
  record() {
    if (!this.moves) return { loaded: this.played.loaded };
    const { played } = this.element;
    let seconds = 0;
    for (let i = 0; i < played.length; i += 1) seconds += played.end(i) - played.start(i);
    return { ...this.played, seconds: Math.round(seconds * 1000) / 1000 };
  }
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

customElements.define("clip-player", ClipPlayer);
