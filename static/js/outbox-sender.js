/**
 * Sends the answers that wait in this browser for whoever is signed in, from any page.
 *
 *   <outbox-sender data-user="7" hidden></outbox-sender>
 *
 * The labelling page sends those of its own campaign itself, and shows what became of them.
 */
import { Exchange } from "./desk/exchange.js";
import { Outbox } from "./desk/outbox.js";
import { openStore } from "./desk/store.js";

class OutboxSender extends HTMLElement {
  async connectedCallback() {
    const store = await openStore();
    const own = document.querySelector("[data-store]")?.dataset.store;
    const mine = (await store.all("answers")).filter(({ name }) => name.startsWith(`attune.${this.dataset.user}.`));
    const ways = new Map(mine.map(({ name, way }) => [name, way]));
    ways.delete(own);
    for (const [name, way] of ways) this.send(name, way);
  }

  async send(name, way) {
    const outbox = await new Outbox(name).open();
    const exchange = new Exchange({ ...way, outbox, want: () => 0 });
    addEventListener("online", () => exchange.run());
    exchange.run();
  }
}

customElements.define("outbox-sender", OutboxSender);
