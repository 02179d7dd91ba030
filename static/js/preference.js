/** What a person prefers, kept in this browser; forgotten with the page where storage is refused. */
const memory = new Map();

export function read(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return memory.get(name) ?? null;
  }
}

export function write(name, value) {
  memory.set(name, value);
  try {
    localStorage.setItem(name, value);
  } catch {
    // The memory above serves while the page is open.
  }
}
