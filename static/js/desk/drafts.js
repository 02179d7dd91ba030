/**
 * What was begun and not sent, by clip, for as long as the tab is open.
 * Where storage is refused, a draft lives as long as the page.
 */
export class Drafts {
  constructor(name) {
    this.name = `${name}.drafts`;
    this.all = this.read();
  }

  get(key) {
    return this.all[key];
  }

  keep(key, draft) {
    this.all[key] = draft;
    this.write();
  }

  drop(key) {
    delete this.all[key];
    this.write();
  }

  read() {
    try {
      return JSON.parse(sessionStorage.getItem(this.name)) ?? {};
    } catch {
      return {};
    }
  }

  write() {
    try {
      sessionStorage.setItem(this.name, JSON.stringify(this.all));
    } catch {
      // Refused, or too much: what is in the page stays there.
    }
  }
}
