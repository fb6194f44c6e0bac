// A page that follows what it shows. The server says when something has changed (LiveEvents.cs): texts and the progress bar change in
// place; when more has changed (the stamp), the page fetches itself anew and puts its parts (data-swap) in place of the old ones.
// Without this script a reload does the same.
const shortest = 2000;

class LivePage extends HTMLElement {
  connectedCallback() {
    if ("over" in this.dataset) return;
    this.known = this.says();
    this.stamp = this.dataset.stamp;
    this.told = (this.dataset.told ?? "").split("\n");
    this.look = () => document.hidden ? this.close() : this.open();
    document.addEventListener("visibilitychange", this.look);
    this.look();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.look);
    this.close();
  }

  // A tab that nobody sees holds no connection: a browser has few for one server.
  close() {
    this.source?.close();
    this.source = null;
    clearTimeout(this.timer);
    this.timer = null;
  }

  open() {
    if (this.source || this.over) return;
    this.source = new EventSource(this.getAttribute("src"));
    this.source.onmessage = event => this.show(JSON.parse(event.data));
  }

  show(news) {
    if (news.isLast) {
      this.over = true;
      this.source.close();
    }
    this.write(news);
    if (news.stamp !== this.stamp) this.later();
    this.stamp = news.stamp;
    for (const sentence of news.says) if (!this.told.includes(sentence)) this.say(sentence);
    this.told = news.says;
  }

  write(news) {
    this.news = news;
    for (const place of this.querySelectorAll("[data-value]")) place.textContent = news.values[place.dataset.value] ?? place.textContent;
    const bar = this.querySelector("progress");
    if (bar && news.percent !== null) bar.value = news.percent;
  }

  later() {
    if (this.timer) return;
    const rest = Math.max(0, shortest - (Date.now() - (this.fetched ?? 0)));
    this.timer = setTimeout(() => this.refresh(), rest);
  }

  async refresh() {
    this.timer = null;
    this.fetched = Date.now();
    const answer = await fetch(location.pathname + location.search);
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of this.querySelectorAll("[data-swap]")) {
      const fresh = page.querySelector(`[data-swap="${old.dataset.swap}"]`);
      if (fresh && fresh.textContent !== old.textContent) this.swap(old, fresh);
    }
    // What was told while the page was under way is newer than it.
    if (this.news) this.write(this.news);
    const now = this.says();
    if (now !== this.known) this.say(now);
    this.known = now;
  }

  // What is read out when it has become another: not every number, but what is wrong.
  says() {
    return this.querySelector("[data-says]")?.textContent.replace(/\s+/g, " ").trim() ?? "";
  }

  say(text) {
    this.querySelector("[data-said]").textContent = text;
  }

  // Whoever stands on a button goes on standing on it.
  swap(old, fresh) {
    const stops = part => [...part.querySelectorAll("a, button, input, select, summary")];
    const at = stops(old).indexOf(document.activeElement);
    const name = at < 0 ? null : this.nameOf(document.activeElement);
    old.replaceWith(fresh);
    if (at < 0) return;
    const there = stops(fresh);
    (there.find(stop => this.nameOf(stop) === name) ?? there[at] ?? there[0])?.focus();
  }

  nameOf(stop) {
    return stop.getAttribute("aria-label") ?? stop.getAttribute("href") ?? stop.textContent;
  }
}

customElements.define("live-page", LivePage);
