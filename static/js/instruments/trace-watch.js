/** Follows the player for a trace, and tells the media time of anything that happened. */
export class Watch {
  constructor(player, trace) {
    this.player = player;
    this.off = new AbortController();
    const { element } = player;
    const when = (type, act) => element?.addEventListener(type, act, { signal: this.off.signal });
    when("play", () => trace.played());
    when("pause", () => element.ended || trace.log("pause"));
    when("seeking", () => trace.sought());
    when("ratechange", () => trace.log("rate"));
    when("waiting", () => element.seeking || trace.log("stall"));
    when("ended", () => trace.ended());
  }

  stop() {
    this.off.abort();
  }

  get isPlaying() {
    const { element } = this.player;
    return Boolean(element) && element.paused === false && !element.ended;
  }

  get now() {
    return this.player.element?.currentTime ?? 0;
  }

  get duration() {
    return this.player.element?.duration || 0;
  }

  /** The media time at an event's clock: events come a moment after they happened. */
  mediaAt(clock) {
    const { playbackRate = 1, seeking } = this.player.element;
    const late = seeking ? 0 : Math.max(0, performance.now() - clock) / 1000;
    return Math.max(0, this.now - late * playbackRate);
  }
}
