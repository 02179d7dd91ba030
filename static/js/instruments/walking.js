/** Where the arrow keys lead, in either direction of writing. */

/** Return -1, 1 or 0 for an arrow along the line of writing. */
export function along(key, element) {
  const forward = getComputedStyle(element).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  if (key === forward) return 1;
  return key === "ArrowLeft" || key === "ArrowRight" ? -1 : 0;
}

/** Return -1, 1 or 0 for an arrow up or down. */
export function across(key) {
  return { ArrowUp: -1, ArrowDown: 1 }[key] ?? 0;
}

/** How many of `items`, which lie in rows from the first on, lie in its row. */
export function perRow(items) {
  const [first] = items;
  return Math.max(1, items.filter((item) => Math.abs(item.offsetTop - first.offsetTop) < 2).length);
}
