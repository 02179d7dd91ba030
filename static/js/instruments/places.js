/**
 * The clips of a comparison: which one stands where, and the buttons under each of them.
 *
 * An answer names a clip by its place in the task; radio buttons and keys go by where it stands on
 * the screen, in the order that the server drew for this annotator and this task.
 */
const PLACES = ["first", "second", "third", "fourth"];

/** Return the places as they stand on the screen. */
export function placesOf(task, question, n) {
  const known = PLACES.slice(0, n);
  const drawn = task?.options_order?.[question] ?? [];
  return drawn.length === n && known.every((place) => drawn.includes(place)) ? drawn : known;
}

/** Let radio buttons, in the order of the screen, stand for these places; what was chosen stays so. */
export function rename(radios, places) {
  const chosen = radios.find(({ checked }) => checked)?.value;
  for (const [i, radio] of radios.entries()) radio.value = places[i];
  for (const radio of radios) radio.checked = radio.value === chosen;
}

/** Puts buttons under the clips; `picked` is called with the button's part and the clip's number. */
export class Picks {
  constructor(pattern, picked) {
    this.pattern = pattern;
    this.picked = picked;
  }

  seat(players) {
    for (const row of this.rows ?? []) row.remove();
    this.rows = players.map((player, i) => this.row(player, i));
  }

  row(player, i) {
    const row = this.pattern.content.firstElementChild.cloneNode(true);
    for (const number of row.querySelectorAll("[data-number]")) number.textContent = i + 1;
    row.addEventListener("mousedown", (event) => event.preventDefault()); // Enter still sends.
    row.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-pick]");
      if (button) this.picked(button.dataset.pick, i);
    });
    player.append(row);
    return row;
  }

  /** `isChosen` says of a part and a number whether it is the answer; hidden while it is not asked. */
  draw(isChosen) {
    for (const [i, row] of (this.rows ?? []).entries()) {
      for (const button of row.querySelectorAll("[data-pick]")) {
        button.setAttribute("aria-pressed", String(isChosen(button.dataset.pick, i)));
      }
    }
  }
}
