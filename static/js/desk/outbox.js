/**
 * The answers of one person to one campaign that the server has not confirmed, and those it refused.
 *
 * They are kept in the browser's database and outlive the page. `entries` is what this page knows of
 * them; other pages of the same person tell of their changes. Events: `changed`; `memory`, where
 * the browser refuses to keep anything.
 */
import { MemoryStore, openStore } from "./store.js";

export class Outbox extends EventTarget {
  entries = [];
  refused = [];

  constructor(name) {
    super();
    this.name = name;
    this.channel = new BroadcastChannel("attune.outbox");
    this.channel.onmessage = ({ data }) => data === name && this.reload();
  }

  async open() {
    this.store = await openStore();
    await this.reload();
    if (!this.store.isKept) this.dispatchEvent(new Event("memory"));
    return this;
  }

  get size() {
    return this.entries.length;
  }

  /** Whether answers would go with the page. */
  get wouldBeLost() {
    return this.size > 0 && !this.store?.isKept;
  }

  holds(key) {
    return this.entries.some((entry) => entry.key === key);
  }

  /** Read what is kept, in the order of its making. */
  async reload() {
    const mine = (all) => all.filter(({ name }) => name === this.name).sort((a, b) => a.at - b.at);
    this.entries = mine(await this.store.all("answers"));
    this.refused = mine(await this.store.all("refused"));
    this.dispatchEvent(new Event("changed"));
  }

  /** Keep an answer to the clip that `key` names, and its way to the server; in place of `instead` if given. */
  async add(answer, { key, way, instead }) {
    const at = performance.timeOrigin + performance.now();
    const entry = { client_id: answer.client_id, name: this.name, key, way, at, tried: false, answer };
    await this.write([{ shelf: "answers", put: [entry], remove: instead ? [instead] : [] }]);
  }

  /** Note that these may have reached the server: from now on they cannot be taken back here. */
  async mark(entries) {
    const put = entries.filter(({ tried }) => !tried).map((entry) => ({ ...entry, tried: true }));
    if (put.length) await this.write([{ shelf: "answers", put }]);
  }

  remove(clientIds) {
    return this.write([{ shelf: "answers", remove: clientIds }]);
  }

  /** Set aside answers that the server does not take, with its reasons. */
  refuse(refusals) {
    const put = refusals.map(({ entry, reason }) => ({ ...entry, reason }));
    return this.write([{ shelf: "refused", put }, { shelf: "answers", remove: put.map((one) => one.client_id) }]);
  }

  dismiss() {
    return this.write([{ shelf: "refused", remove: this.refused.map((one) => one.client_id) }]);
  }

  async write(changes) {
    try {
      await this.store.write(changes);
    } catch {
      await this.carryOnInMemory(changes);
    }
    await this.reload();
    this.channel.postMessage(this.name);
  }

  async carryOnInMemory(changes) {
    this.store = new MemoryStore();
    await this.store.write([{ shelf: "answers", put: this.entries }, { shelf: "refused", put: this.refused }, ...changes]);
    this.dispatchEvent(new Event("memory"));
  }
}
