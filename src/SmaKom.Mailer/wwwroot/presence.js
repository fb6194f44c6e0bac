// Says that the draft is open here, and shows who else has it open (Presence.cs). The stream tells of each change; a page that nobody sees
// has none, and goes on to say that it is there. Without this script the page says it when it is loaded.
const pace = 20000;

class DraftPresence extends HTMLElement {
  connectedCallback() {
    this.view ??= Array.from(crypto.getRandomValues(new Uint8Array(8)), octet => octet.toString(16).padStart(2, "0")).join("");
    this.key = `narvaro:${this.dataset.address}`;
    this.look = () => document.hidden ? this.close() : this.open();
    this.leave = () => { this.close(); this.tell({ lamnar: "ja" }); };
    document.addEventListener("visibilitychange", this.look);
    addEventListener("pagehide", this.leave);
    // Back from where the browser keeps pages.
    this.back = event => { if (event.persisted) this.open(); };
    addEventListener("pageshow", this.back);
    this.timer = setInterval(() => this.tell(), pace);
    this.look();
    if (document.hidden) this.tell();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.look);
    removeEventListener("pagehide", this.leave);
    removeEventListener("pageshow", this.back);
    clearInterval(this.timer);
    this.close();
  }

  close() {
    this.source?.close();
    this.source = null;
  }

  async open() {
    await this.tell();
    // One that a login's end has closed is begun anew.
    if (document.hidden || this.source && this.source.readyState !== EventSource.CLOSED) return;
    this.source = new EventSource(`${this.dataset.address}?vy=${this.view}`);
    this.source.onmessage = event => this.show(JSON.parse(event.data));
  }

  tell(more = {}) {
    const token = document.querySelector("input[name=__RequestVerificationToken]")?.value ?? "";
    const body = new URLSearchParams({ __RequestVerificationToken: token, vy: this.view, del: this.dataset.part ?? "", ...more });
    return fetch(this.dataset.address, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => null);
  }

  // Read out once, also for whoever goes from one part to the next.
  show({ values, says }) {
    const line = this.querySelector("[data-others]");
    if (line.textContent !== values.others) line.textContent = values.others;
    line.hidden = !values.others;
    const told = JSON.parse(sessionStorage.getItem(this.key) ?? "[]");
    const news = says.filter(sentence => !told.includes(sentence)).join(" ");
    if (news) this.querySelector("[data-news]").textContent = news;
    sessionStorage.setItem(this.key, JSON.stringify(says));
  }
}

customElements.define("draft-presence", DraftPresence);
