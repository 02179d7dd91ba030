/**
 * Says that a clip waits for the network, and offers a way on where that takes long.
 *
 * A network that hangs is no error to a media element, which waits for ever. When bytes come after
 * all, the clip goes on by itself and the offer is withdrawn.
 */
const SHORT_MS = 500; // To the end of most seeks there is nothing to be said.
const LONG_MS = 10_000;
const GOES_ON = ["playing", "canplay", "seeked", "pause", "ended", "error", "emptied"];

export class Waiting {
  /** `tookLong` is called when the wait was long, `over` when it ends. */
  constructor(line, { tookLong, over }) {
    Object.assign(this, { line, tookLong, over });
  }

  follow(element, signal) {
    const when = (type, act) => element.addEventListener(type, act, { signal });
    when("waiting", () => this.begin(element.seeking ? SHORT_MS : 0));
    when("seeking", () => this.begin(SHORT_MS));
    for (const type of [...GOES_ON, "load"]) when(type, () => this.end());
    if (!isHere(element)) this.long ??= setTimeout(() => isComing(element) && this.tookLong(), LONG_MS);
  }

  /** The clip waits; say so, if it still does after so many milliseconds. */
  begin(after) {
    if (!after) this.line.hidden = false;
    else this.short ??= setTimeout(() => (this.line.hidden = false), after);
    this.long ??= setTimeout(this.tookLong, LONG_MS);
  }

  end() {
    clearTimeout(this.short);
    clearTimeout(this.long);
    this.short = this.long = undefined;
    this.line.hidden = true;
    this.over();
  }
}

function isHere(element) {
  return element instanceof HTMLMediaElement ? element.readyState > HTMLMediaElement.HAVE_METADATA : element.complete;
}

/** Some devices fetch nothing of a film before it is played: that is not waiting. */
function isComing(element) {
  return !(element instanceof HTMLMediaElement) || element.networkState === HTMLMediaElement.NETWORK_LOADING;
}
