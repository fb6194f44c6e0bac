// Live numbers of an issue. Without this script the page's "Uppdatera" link does the same, a click at a time.
const steps = [25, 50, 75];
const over = ["Sent", "Cancelled", "Draft"];

class IssueProgress extends HTMLElement {
  connectedCallback() {
    if (over.includes(this.dataset.state)) return;
    this.said = this.querySelector("progress")?.value ?? 0;
    this.source = new EventSource(this.getAttribute("src"));
    this.source.onmessage = event => this.show(JSON.parse(event.data));
  }

  disconnectedCallback() {
    this.source?.close();
  }

  async show(news) {
    if (over.includes(news.state)) this.source.close();
    if (news.state !== this.dataset.state) await this.changeTo(news);
    for (const [name, text] of Object.entries(news.counts)) {
      const cell = this.querySelector(`[data-count="${name}"]`);
      if (cell) cell.textContent = text;
    }
    if (news.details > (this.details ?? 0)) await this.renew("details");
    this.details = news.details;
    const bar = this.querySelector("progress");
    if (!bar) return;
    bar.value = news.percent;
    this.querySelector("[data-sentence]").textContent = news.sentence;
    this.querySelector("[data-left]").textContent = news.left;
    this.sayAtSteps(news);
  }

  // Tables come from the server. Who reads one with the keyboard is not thrown out of it: it waits for the next change.
  async renew(name) {
    const old = this.querySelector(`[data-swap="${name}"]`);
    if (!old || old.contains(document.activeElement)) return;
    const fresh = (await this.fetchPage()).querySelector(`[data-swap="${name}"]`);
    if (fresh) old.replaceWith(fresh);
  }

  async fetchPage() {
    return new DOMParser().parseFromString(await (await fetch(location.pathname + location.search)).text(), "text/html");
  }

  // The buttons of another state come from the server, as they would on a new page.
  async changeTo(news) {
    const was = this.dataset.state;
    this.dataset.state = news.state;
    const page = await this.fetchPage();
    for (const old of this.querySelectorAll("[data-swap]")) {
      const fresh = page.querySelector(`[data-swap="${old.dataset.swap}"]`);
      const focused = old.contains(document.activeElement);
      if (!fresh) continue;
      old.replaceWith(fresh);
      if (focused) fresh.querySelector("a, button")?.focus();
    }
    if (news.state === "Sending" && was === "Queued") this.say(this.dataset.began);
    else if (news.state === "Sent") this.say(`${this.dataset.ended} ${news.sentence}`);
    else this.say(this.querySelector(".state")?.textContent ?? "");
  }

  sayAtSteps(news) {
    const passed = steps.findLast(step => news.percent >= step) ?? 0;
    if (news.alarm && news.alarm !== this.alarm) this.say(news.alarm);
    else if (passed > this.said) this.say(news.sentence);
    this.alarm = news.alarm;
    this.said = Math.max(this.said, passed);
  }

  say(text) {
    this.querySelector("[data-said]").textContent = text;
  }
}

customElements.define("issue-progress", IssueProgress);
