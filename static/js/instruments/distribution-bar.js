/** Draws the points given so far as one bar, each option a piece with its name. */

/** `shares` are {text, points}, in the order of the rows. */
export function drawBar(bar, shares) {
  const pieces = shares.map((share, i) => bar.children[i] ?? bar.appendChild(piece()));
  for (const [i, { text, points }] of shares.entries()) {
    pieces[i].hidden = points <= 0;
    pieces[i].firstChild.textContent = text;
    pieces[i].style.setProperty("--points", Math.max(points, 0));
  }
}

function piece() {
  const element = document.createElement("span");
  element.className = "shared-piece";
  element.append(document.createElement("bdi"));
  return element;
}
