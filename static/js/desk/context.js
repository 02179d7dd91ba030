/**
 * Shows what is told of a clip after the first answer: context, a layer at a time, and last what a
 * model would say. The pattern of each stands in a <template> of the page.
 */
import { shareRow } from "./share-row.js";

export class Context {
  constructor(element) {
    this.element = element;
    this.patterns = Object.fromEntries([...element.querySelectorAll("template")].map((t) => [t.dataset.pattern, t]));
    this.list = element.querySelector("[data-layers]");
  }

  /** Draw the layers and the suggestion of a task; return whether there are any. */
  draw({ context, suggestion, scheme }) {
    const parts = (context?.layers ?? []).map((layer) => this.layer(layer, layer.name === context.latest && !suggestion));
    if (suggestion) parts.push(this.suggestion(suggestion.distribution, scheme.questions));
    this.list.replaceChildren(...parts);
    this.element.hidden = !parts.length;
    return parts.length > 0;
  }

  layer({ title, text, media_url: address, kind }, isNew) {
    const part = this.pattern("layer");
    part.querySelector("[data-title]").textContent = title;
    part.querySelector("[data-new]").hidden = !isNew;
    part.toggleAttribute("data-latest", isNew);
    part.querySelector("[data-text]").textContent = text ?? "";
    part.querySelector("[data-text]").hidden = !text;
    if (address) part.append(small(kind, address, title));
    return part;
  }

  suggestion(distribution, questions) {
    const part = this.pattern("suggestion");
    const words = new Map(questions.flatMap(({ options = [] }) => options.map(({ value, text }) => [value, text])));
    const rows = Object.entries(distribution)
      .sort(([, a], [, b]) => b - a)
      .map(([value, share]) => shareRow(this.patterns.share, words.get(value) ?? value, share));
    part.querySelector("[data-rows]").replaceChildren(...rows);
    return part;
  }

  pattern(name) {
    return this.patterns[name].content.firstElementChild.cloneNode(true);
  }
}

/** A second, small player: the person's neutral baseline, say. */
function small(kind, address, title) {
  const element = kind === "image" ? new Image() : document.createElement(kind);
  if (kind === "image") element.alt = title;
  else {
    Object.assign(element, { controls: true, preload: "auto", playsInline: true });
    element.setAttribute("aria-label", title);
  }
  element.src = address;
  return element;
}
