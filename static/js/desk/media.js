/**
 * The media of one assignment, loaded ahead into memory and nowhere else.
 *
 * Nothing of a clip is written to the device: who withdraws a consent is not to find the clip in a
 * cache. `release` forgets everything; the desk calls it when the clip was answered, when its lease
 * is over and when the server does not name it any more.
 */
import { arrival } from "./arrival.js";

const LARGEST_AHEAD = 64 * 1024 * 1024;

export class Media {
  addresses = [];
  isReady = false;

  constructor(task, alt) {
    this.clips = task.clips?.length ? task.clips : [task.clip];
    this.captions = task.captions_url ?? null;
    this.elements = this.clips.map((clip) => drawn(clip, alt));
    this.stop = new AbortController();
  }

  /** Load everything, the clips one after the other. */
  async load() {
    try {
      for (const [i, clip] of this.clips.entries()) await this.fill(this.elements[i], clip);
      if (this.captions) this.captions = await this.fetched(this.captions);
      this.isReady = true;
    } catch {
      // Away from the network, hung, or no longer allowed: the element's own address will say which.
    }
  }

  async fill(element, { media_url, poster_url }) {
    const poster = element.localName === "video" && poster_url ? await this.fetched(poster_url) : null;
    const address = await this.fetched(media_url);
    if (this.stop.signal.aborted || element.src) return;
    if (poster) element.poster = poster;
    element.src = address;
  }

  fetched(address) {
    return arrival(address, this.stop.signal, (response) => this.kept(response, address));
  }

  /** Take the file into memory, if it is not too large, and return where it can be had. */
  async kept(response, address) {
    if (!response.ok) throw new TypeError(response.statusText);
    if (Number(response.headers.get("Content-Length")) > LARGEST_AHEAD) {
      await response.body.cancel();
      return address; // The browser loads it piece by piece.
    }
    const kept = URL.createObjectURL(await response.blob());
    this.addresses.push(kept);
    if (this.stop.signal.aborted) this.forget();
    return kept;
  }

  /** The elements to show now; what was not loaded ahead comes from its address. */
  shown() {
    for (const [i, element] of this.elements.entries()) {
      if (element.src) continue;
      if (element.localName === "video" && this.clips[i].poster_url) element.poster = this.clips[i].poster_url;
      element.src = this.clips[i].media_url;
    }
    return this.elements;
  }

  release() {
    this.stop.abort();
    for (const element of this.elements) {
      element.pause?.();
      element.removeAttribute("src");
      element.load?.();
    }
    this.forget();
  }

  forget() {
    for (const address of this.addresses.splice(0)) URL.revokeObjectURL(address);
  }
}

function drawn({ kind, width, height }, alt) {
  const element = kind === "image" ? new Image() : document.createElement(kind);
  if (kind === "image") element.alt = alt;
  else {
    Object.assign(element, { preload: "auto", playsInline: true });
    element.setAttribute("aria-label", alt);
  }
  if (kind !== "audio" && width && height) Object.assign(element, { width, height });
  return element;
}
