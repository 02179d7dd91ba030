/** Speed and volume, the same from clip to clip while the page is open, and said when they change. */
const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2];
const LOUDER = 0.1;
const chosen = { rate: 1, volume: 1, muted: false };

export class Sound {
  constructor(player, said) {
    Object.assign(this, { player, said });
  }

  adopt(element) {
    this.element = element;
    this.said.textContent = "";
    this.apply();
  }

  apply() {
    const { element, player } = this;
    if (!(element instanceof HTMLMediaElement)) return;
    Object.assign(element, { volume: chosen.volume, muted: chosen.muted || player.veil.mutes });
    element.defaultPlaybackRate = chosen.rate; // Loading resets the rate to this one.
    element.playbackRate = chosen.rate;
    for (const [name, text] of [["rate", times(chosen.rate)], ["volume", percent(chosen.volume)]]) {
      player.querySelector(`[data-now=${name}]`).textContent = text;
    }
    player.querySelector("[data-do=mute]").setAttribute("aria-pressed", element.muted);
  }

  /** Return the function that does what the word says, if it is one of ours. */
  deed(wish) {
    return {
      slower: () => this.changeRate(-1),
      faster: () => this.changeRate(1),
      quieter: () => this.changeVolume(-LOUDER),
      louder: () => this.changeVolume(LOUDER),
      mute: () => this.mute(!this.element.muted),
    }[wish];
  }

  changeRate(by) {
    const place = RATES.indexOf(chosen.rate) + by;
    chosen.rate = RATES[Math.max(0, Math.min(place, RATES.length - 1))];
    this.apply();
    this.say("rate", times(chosen.rate));
  }

  changeVolume(by) {
    chosen.volume = Math.round(Math.max(0, Math.min(chosen.volume + by, 1)) * 10) / 10;
    if (by > 0) chosen.muted = false;
    this.apply();
    this.say("volume", percent(chosen.volume));
  }

  mute(muted) {
    chosen.muted = muted;
    if (!muted) this.player.veil.unmute();
    this.apply();
    this.say(muted ? "muted" : "heard", "");
  }

  say(word, value) {
    this.said.textContent = this.player.dataset[word].replace("%n", value);
  }
}

function times(rate) {
  return `${rate.toLocaleString(document.documentElement.lang)}×`;
}

function percent(volume) {
  return volume.toLocaleString(document.documentElement.lang, { style: "percent" });
}
