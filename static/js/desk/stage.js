/**
 * Where the clip is shown; two or four side by side, numbered as they stand, where they are compared.
 * Keys act on one of them: the one that played last, else the first.
 */
const PLACES = ["first", "second", "third", "fourth"];

export class Stage {
  constructor(element) {
    this.element = element;
    this.row = element.querySelector(".stage-clips");
    this.players = [...this.row.children];
    this.pattern = this.players[0].cloneNode(true);
    this.pattern.querySelector(".player-screen").replaceChildren();
    element.addEventListener("play", ({ target }) => target.paused || this.playsAlone(target), { capture: true });
    element.addEventListener("focusin", ({ target }) => this.take(target.closest("clip-player")));
  }

  /** The player that keys act on. */
  get player() {
    return this.chosen ?? this.players[0];
  }

  /** Show a task in `elements`, one for each of its clips; `earlier` is what `state` returned. */
  show(task, elements, { captions, earlier = [] } = {}) {
    const clips = task.clips?.length ? task.clips : [task.clip];
    this.order = orderOf(task, clips.length);
    this.setOut(clips.length);
    for (const [i, player] of this.players.entries()) {
      const place = this.order[i];
      const begins = clips.length === 1 && !task.step;
      player.show(clips[place], elements[place], { task, captions, earlier: earlier[place], begins });
    }
  }

  setOut(n) {
    this.chosen = null;
    while (this.players.length > n) this.players.pop().remove();
    while (this.players.length < n) {
      const player = this.pattern.cloneNode(true);
      this.row.append(player);
      this.players.push(player);
    }
    this.row.dataset.n = n;
    for (const [i, player] of this.players.entries()) {
      const number = player.querySelector(".player-number");
      number.hidden = n === 1;
      number.textContent = i + 1;
      player.toggleAttribute("data-chosen", n > 1 && i === 0);
    }
  }

  /** What the server drew already. */
  drawn() {
    return this.players.map((player) => player.querySelector(".player-screen").firstElementChild);
  }

  take(player) {
    if (!player || this.players.length < 2) return;
    this.chosen = player;
    for (const other of this.players) other.toggleAttribute("data-chosen", other === player);
  }

  playsAlone(element) {
    for (const player of this.players) {
      if (player.element === element) this.take(player);
      else player.element?.pause?.();
    }
  }

  /** Play the next of the clips side by side. */
  turnToNext() {
    if (this.players.length < 2) return false;
    this.take(this.players[(this.players.indexOf(this.player) + 1) % this.players.length]);
    this.playsAlone(this.player.element);
    this.player.perform("replay");
    return true;
  }

  get isSeen() {
    return this.players.every((player) => player.isSeen);
  }

  /** Play what was not seen yet. */
  playUnseen() {
    this.take(this.players.find((player) => !player.isSeen));
    this.player.perform("replay");
  }

  /** The record of the playing; of a comparison, one for each clip in the task's order. */
  record() {
    const all = this.inTaskOrder((player) => player.record());
    return all.length === 1 ? all[0] : { ...together(all), clips: all };
  }

  get state() {
    return this.inTaskOrder((player) => player.state);
  }

  inTaskOrder(read) {
    const all = [];
    for (const [i, player] of this.players.entries()) all[this.order?.[i] ?? i] = read(player);
    return all;
  }

  /** Call `act` once what is shown could be played, or seen. */
  whenPlayable(act) {
    const { element, moves } = this.player;
    if (!element) return;
    if (moves ? element.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA : element.complete) act();
    else element.addEventListener(moves ? "canplay" : "load", act, { once: true });
  }

  clear() {
    for (const player of this.players) player.clear();
  }
}

/** Which clip of the task stands where: the order of a comparison's options is that of its clips. */
function orderOf({ options_order: orders = {} }, n) {
  const drawn = Object.values(orders).find((order) => order.length === n && order.every((word) => PLACES.includes(word)));
  return drawn && n > 1 ? drawn.map((word) => PLACES.indexOf(word)) : [...Array(n).keys()];
}

function together(records) {
  const sum = (key) => records.reduce((total, record) => total + (record[key] ?? 0), 0);
  const every = (key) => records.every((record) => record[key]);
  return { loaded: every("loaded"), ended: every("ended"), plays: sum("plays"), seeks: sum("seeks"), stalls: sum("stalls"), stall_seconds: sum("stall_seconds"), seconds: sum("seconds") };
}
