/** Closes the account menu when Escape is pressed, or when something else is clicked or focused. */
function close({ type, key, target }) {
  if (type === "keydown" && key !== "Escape") return;
  const menu = document.querySelector("details.account[open]");
  if (!menu || (type !== "keydown" && menu.contains(target))) return;
  menu.open = false;
  if (type === "keydown") menu.querySelector("summary").focus();
}

for (const type of ["keydown", "click", "focusin"]) document.addEventListener(type, close);
