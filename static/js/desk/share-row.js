/** A row that says how many see something: the word, a bar, the number. Its pattern stands in the page. */
export function shareRow(pattern, text, share) {
  const row = pattern.content.firstElementChild.cloneNode(true);
  row.querySelector("[data-text]").textContent = text;
  row.querySelector("[data-share]").textContent = share.toLocaleString(document.documentElement.lang, { style: "percent" });
  Object.assign(row.querySelector("progress"), { value: share, ariaLabel: text });
  return row;
}
