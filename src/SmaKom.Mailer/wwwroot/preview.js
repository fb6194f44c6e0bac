// The letter beside the form that it is written in: it follows what is typed, shows the part that is open, and a click in it opens the part
// that was clicked. The letter comes from the server each time, as it will be sent. Without this script it follows what is saved.
const renderAfter = 150;

class LetterPreview extends HTMLElement {
  connectedCallback() {
    this.desk = this.closest("draft-desk");
    if (!this.desk) return;
    this.frame = this.querySelector("iframe");
    this.desk.addEventListener("input", () => this.soon());
    this.desk.addEventListener("change", () => this.soon());
    // Pictures that came, a save by another way.
    this.desk.addEventListener("saved", () => this.soon());
    if (!this.frame) return;
    this.frame.addEventListener("load", () => this.attach());
    if (this.frame.contentDocument?.readyState === "complete") this.attach();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.render(), renderAfter);
  }

  // One at a time; what was typed meanwhile is fetched after it.
  async render() {
    if (this.busy) return void (this.again = true);
    this.busy = true;
    const html = await this.fetch().catch(() => null);
    if (html !== null) this.show(html);
    this.busy = false;
    if (!this.again) return;
    this.again = false;
    this.render();
  }

  async fetch() {
    const form = this.desk.querySelector("draft-form form");
    const answer = form
      ? await fetch(this.dataset.typed + this.view, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" })
      : await fetch(this.dataset.source, { redirect: "manual" });
    return answer.ok ? await answer.text() : null;
  }

  show(html) {
    if (!this.frame) return void (this.querySelector("pre").textContent = html);
    const page = this.frame.contentDocument;
    if (!page?.body) return;
    // By the frame's own parser, under its own policy, into the document that is there: it stays where one was reading.
    const fresh = new this.frame.contentWindow.DOMParser().parseFromString(html, "text/html");
    if (page.head.innerHTML !== fresh.head.innerHTML) page.head.innerHTML = fresh.head.innerHTML;
    page.body.innerHTML = fresh.body.innerHTML;
    this.mark(page);
  }

  attach() {
    const page = this.frame.contentDocument;
    if (!page?.body) return;
    this.mark(page);
    if (!this.dataset.open) return;
    page.addEventListener("click", event => {
      const part = event.target.closest("[data-part]")?.dataset.part;
      const isHere = !part || part === this.dataset.part;
      // Whoever writes about a place may look at it: links of the open part open beside the composer.
      if (isHere && event.target.closest("a[target]")) return;
      event.preventDefault();
      if (isHere) return;
      const name = encodeURIComponent(part);
      location.assign(`${this.dataset.open.replace("%7Bpart%7D", name)}&${this.view.slice(1)}#rad-${name}`);
    });
  }

  // "?visa=dator"
  get view() {
    return new URL(this.dataset.source, location).search;
  }

  // The part that is being written is outlined, and within sight.
  mark(page) {
    const parts = [...page.querySelectorAll("[data-part]")];
    for (const part of parts) part.style.cursor = this.dataset.open ? "pointer" : "";
    const marked = parts.filter(part => part.dataset.part === this.dataset.part);
    for (const part of marked) {
      part.style.outline = "3px solid #c9821a";
      part.style.outlineOffset = part.matches("tr") ? "-3px" : "8px";
    }
    if (marked.length === 0) return;
    const [first, last] = [marked[0].getBoundingClientRect(), marked.at(-1).getBoundingClientRect()];
    const view = this.frame.contentWindow;
    if (first.top >= 0 && Math.min(last.bottom, first.top + view.innerHeight / 2) <= view.innerHeight) return;
    // Not into view by the element's own way: that would move the page around the frame, too.
    view.scrollTo(0, view.scrollY + first.top - 24);
  }
}

customElements.define("letter-preview", LetterPreview);
