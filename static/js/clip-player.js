/**
 * Shows a clip: a picture, a sound with its waveform, or a film; plays it as buttons and keys say.
 *
 *   <clip-player data-kind="video"> .player-screen, .player-veil, .player-bar, .player-trouble </clip-player>
 *
 * What buttons do stands in their data-do; keys call `perform` with the same words. A `stale` event
 * asks for a fresh address after the clip did not load, `seen` tells that it was played to its end.
 * Words are in data- attributes.
 */
import { Captions } from "./desk/captions.js";
import { Playback } from "./desk/playback.js";
import { Sound } from "./desk/sound.js";
import { Veil } from "./desk/veil.js";
import { Waiting } from "./desk/waiting.js";
import { drawWaveform } from "./desk/waveform.js";

const STEP_SECONDS = 0.5;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

class ClipPlayer extends HTMLElement {
  connectedCallback() {
    const find = (name) => this.querySelector(`.player-${name}`);
    for (const part of ["screen", "bar", "trouble", "seek", "time"]) this[part] = find(part);
    this.sound = new Sound(this, find("said"));
    this.veil = new Veil(this, find("veil"));
    this.captions = new Captions(this, find("captions"));
    this.waiting = new Waiting(find("wait"), {
      tookLong: () => this.offer("slow"),
      over: () => (this.trouble.hidden = !this.screen.hidden),
    });
    this.addEventListener("click", this.pressed);
    this.seek.addEventListener("input", () => this.seekTo(this.seek.value / 1000));
  }

  /** Show a clip in `element`; it begins to play by itself if `begins` and nothing speaks against it. */
  show(clip, element, { task = {}, captions = null, earlier, begins = true } = {}) {
    this.leave();
    this.dataset.kind = clip.kind;
    if (this.screen.firstElementChild !== element) this.screen.replaceChildren(element);
    this.element = element;
    this.playback = new Playback(element, earlier);
    this.trouble.hidden = true;
    this.screen.hidden = false;
    element.removeAttribute("controls");
    this.sound.adopt(element);
    this.veil.draw(task, Boolean(earlier?.revealed));
    this.captions.adopt(element, captions);
    this.wave = this.moves ? drawWaveform(clip.waveform ?? []) : null;
    if (this.wave) this.screen.append(this.wave.svg);
    this.follow(element);
    this.bar.hidden = !this.moves;
    if (this.moves && begins && !calm.matches) element.play().catch(() => {}); // Not before the first touch of the page.
    this.draw();
    if (element.error || (element.complete && element.src && !element.naturalWidth && !this.moves)) this.fail();
  }

  follow(element) {
    this.off = new AbortController();
    const when = (type, act) => element.addEventListener(type, act, { signal: this.off.signal });
    when("error", () => this.fail());
    when("ended", () => this.playback.isSeen && this.dispatchEvent(new Event("seen", { bubbles: true })));
    for (const type of ["play", "pause", "timeupdate", "durationchange", "seeked"]) when(type, () => this.draw());
    this.waiting.follow(element, this.off.signal);
  }

  leave() {
    this.off?.abort();
    this.playback?.stop();
    this.element?.pause?.();
    this.waiting.end();
  }

  clear() {
    this.leave();
    this.element = null;
    this.screen.replaceChildren();
  }

  get moves() {
    return this.element instanceof HTMLMediaElement;
  }

  get isSeen() {
    return this.playback?.isSeen ?? true;
  }

  pressed({ target }) {
    const wish = target.closest("[data-do]")?.dataset.do ?? (target === this.element ? "play" : "");
    if (wish === "retry") this.retry();
    else if (wish) this.perform(wish);
  }

  retry() {
    this.trouble.hidden = true;
    this.waiting.begin(0);
    this.dispatchEvent(new Event("stale", { bubbles: true }));
  }

  /** Do what the word says; return whether there was anything to do it with. */
  perform(wish) {
    if (wish === "reveal") return this.veil.reveal();
    if (!this.moves) return false;
    const { element } = this;
    const deeds = {
      play: () => (element.paused ? this.play() : element.pause()),
      replay: () => this.play(0),
      back: () => this.moveTo(element.currentTime - STEP_SECONDS),
      forward: () => this.moveTo(element.currentTime + STEP_SECONDS),
      captions: () => this.captions.toggle(),
    };
    const deed = deeds[wish] ?? this.sound.deed(wish);
    if (!deed) return false;
    deed();
    return true;
  }

  play(from) {
    if (from !== undefined) this.element.currentTime = from;
    this.element.play().catch(() => {});
  }

  moveTo(seconds) {
    this.element.currentTime = Math.max(0, Math.min(seconds, this.element.duration || 0));
  }

  seekTo(share) {
    if (this.moves && this.element.duration) this.moveTo(share * this.element.duration);
  }

  fail() {
    this.screen.hidden = true;
    this.bar.hidden = true;
    this.offer("failed");
  }

  /** Offer a way on, and say why: the clip "failed", or is "slow". */
  offer(why) {
    for (const line of this.trouble.querySelectorAll("[data-why]")) line.hidden = line.dataset.why !== why;
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
    return this.playback ? { ...this.playback.record(), ...this.manner() } : {};
  }

  /** The same for a draft, from which `show` can go on. */
  get state() {
    return this.playback ? { ...this.playback.state, ...this.manner() } : {};
  }

  manner() {
    const revealed = this.veil.kind ? { revealed: this.veil.isRevealed } : {};
    return this.captions.wereShown ? { ...revealed, captions: true } : revealed;
  }
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

customElements.define("clip-player", ClipPlayer);
