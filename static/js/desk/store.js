/**
 * The browser's own database in promises: answers that wait, and answers that were refused.
 * Where the browser refuses it (a private window, a full disk) a Map stands in for the page's life.
 */
const NAME = "attune";
const VERSION = 1;
const SHELVES = ["answers", "refused"];

/** Return the database, or what stands in for it; `isKept` says which. */
export async function openStore() {
  try {
    return new Store(await opened());
  } catch {
    return new MemoryStore();
  }
}

class Store {
  isKept = true;

  constructor(database) {
    this.database = database;
    database.onversionchange = () => database.close();
  }

  all(shelf) {
    return settled(this.database.transaction(shelf).objectStore(shelf).getAll());
  }

  /** Make all `changes` or none: {shelf, put: [item]} and {shelf, remove: [key]}. */
  write(changes) {
    // Strict: what was said to be kept on this device outlives a battery that is pulled out.
    const transaction = this.database.transaction(SHELVES, "readwrite", { durability: "strict" });
    for (const { shelf, put = [], remove = [] } of changes) {
      for (const item of put) transaction.objectStore(shelf).put(item);
      for (const key of remove) transaction.objectStore(shelf).delete(key);
    }
    return new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }
}

export class MemoryStore {
  isKept = false;

  constructor() {
    this.shelves = Object.fromEntries(SHELVES.map((shelf) => [shelf, new Map()]));
  }

  async all(shelf) {
    return [...this.shelves[shelf].values()];
  }

  async write(changes) {
    for (const { shelf, put = [], remove = [] } of changes) {
      for (const item of put) this.shelves[shelf].set(item.client_id, item);
      for (const key of remove) this.shelves[shelf].delete(key);
    }
  }
}

function opened() {
  const asked = indexedDB.open(NAME, VERSION);
  asked.onupgradeneeded = () => {
    for (const shelf of SHELVES) asked.result.createObjectStore(shelf, { keyPath: "client_id" });
  };
  return settled(asked);
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error);
  });
}
