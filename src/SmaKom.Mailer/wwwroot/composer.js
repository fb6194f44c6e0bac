// The composer with script: a part saves by itself, and no key is lost. What is typed lies in the browser within half a second; it is
// sent three seconds after the last key, ten at the latest, one save at a time, again and again until the server has it. Without this
// script the same form is saved by its button.
const keepAfter = 500;
const saveAfter = 3000;
const saveAtLatest = 10000;
const waits = [2000, 4000, 8000, 15000, 30000];

// What fields say, whoever has trimmed them, and however many empty places for one more picture or link the form has.
function said(fields) {
  return JSON.stringify(Object.entries(fields).map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
}

class DraftForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.state = this.querySelector("[data-state]");
    this.help = this.querySelector("[data-help]");
    this.saved = this.text();
    this.failures = 0;
    this.form.addEventListener("input", () => this.typed());
    // The button's own way: what is sent is saved or shown again.
    this.form.addEventListener("submit", () => { this.keep(); this.sent = true; });
    this.offer();
    this.leave = () => this.flush();
    this.online = () => { if (this.dirty) this.save(); };
    addEventListener("pagehide", this.leave);
    addEventListener("online", this.online);
    addEventListener("focus", this.online);
  }

  disconnectedCallback() {
    removeEventListener("pagehide", this.leave);
    removeEventListener("online", this.online);
    removeEventListener("focus", this.online);
    clearTimeout(this.keeping);
    clearTimeout(this.saving);
  }

  // The part's fields, without what belongs to the form.
  fields() {
    const fields = {};
    for (const [name, value] of new FormData(this.form)) if (!name.startsWith("__") && name !== "utgava") fields[name] = value;
    return fields;
  }

  text() {
    return JSON.stringify(this.fields());
  }

  get dirty() {
    return this.text() !== this.saved;
  }

  typed() {
    if (!this.dirty) return this.settle();
    this.since ??= Date.now();
    this.show(this.dataset.kept);
    this.keeping ??= setTimeout(() => this.keep(), keepAfter);
    this.plan(Math.max(0, Math.min(saveAfter, this.since + saveAtLatest - Date.now())));
  }

  plan(wait) {
    if (this.stopped) return;
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.save(), wait);
  }

  keep() {
    clearTimeout(this.keeping);
    this.keeping = null;
    try {
      if (this.dirty) localStorage.setItem(this.dataset.key, JSON.stringify({ version: this.form.elements.utgava.value, fields: this.fields() }));
    } catch {
      // No room, or none allowed: the server's copy is what there is.
    }
  }

  async save() {
    clearTimeout(this.saving);
    if (this.busy || this.stopped || !this.dirty) return;
    this.keep();
    this.busy = true;
    this.show(this.dataset.saving);
    const text = this.text();
    const wait = await this.send(text);
    this.busy = false;
    this.since = null;
    if (wait !== null && this.dirty) {
      this.since = Date.now();
      this.plan(wait);
    }
  }

  // Gives the time to wait until the next try; null: there is to be none.
  async send(text) {
    let answer;
    try {
      answer = await fetch(this.form.action, {
        method: "POST", body: new URLSearchParams(new FormData(this.form)), headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout(20000),
      });
    } catch {
      return this.again(this.dataset.offline);
    }
    if (answer.type === "opaqueredirect" || answer.status === 401) return this.again(this.dataset.login, "login");
    if (answer.status >= 500 || answer.status === 429) return this.again(this.dataset.offline);
    if (answer.status === 413) return this.stay(this.dataset.large);
    const news = answer.headers.get("content-type")?.startsWith("application/json") ? await answer.json() : null;
    // The form's token belongs to the login before: a new one is fetched.
    if (!news && answer.status === 400) return await this.renew() ? 0 : this.again(this.dataset.login, "login");
    switch (news?.state) {
      case "Done": return this.done(text, news);
      case "Fault": return this.stay(this.dataset.fault);
      case "Conflict": return this.stop(this.dataset.conflict);
      case "NoSuchPart": return this.stop(this.dataset.gone);
      default: return this.stop(this.dataset.closed, false);
    }
  }

  done(text, news) {
    this.failures = 0;
    this.saved = text;
    this.form.elements.utgava.value = news.version;
    if (this.dirty) this.keep();
    else this.settle();
    this.show(this.dirty ? this.dataset.kept : this.dataset.saved.replace("{0}", news.at));
    this.dispatchEvent(new CustomEvent("saved", { bubbles: true }));
    return saveAfter;
  }

  settle() {
    clearTimeout(this.keeping);
    clearTimeout(this.saving);
    this.keeping = null;
    this.since = null;
    localStorage.removeItem(this.dataset.key);
  }

  again(words, help) {
    this.show(words, true, help);
    return waits[Math.min(this.failures++, waits.length - 1)];
  }

  // Another key may mend it.
  stay(words) {
    this.show(words, true);
    return null;
  }

  // Only a person can decide now.
  stop(words, both = true) {
    this.stopped = true;
    this.show(words, true, both ? "both" : null);
    return null;
  }

  async renew() {
    if (this.renewed) return false;
    this.renewed = true;
    const answer = await fetch(location.pathname + location.search, { redirect: "manual" }).catch(() => null);
    if (!answer?.ok) return false;
    const token = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("input[name=__RequestVerificationToken]");
    if (!token) return false;
    for (const old of document.querySelectorAll("input[name=__RequestVerificationToken]")) old.value = token.value;
    return true;
  }

  // The page goes: what is typed lies in the browser, and is sent along if there is still a way.
  flush() {
    if (this.sent || this.stopped || !this.dirty) return;
    this.keep();
    fetch(this.form.action, { method: "POST", body: new URLSearchParams(new FormData(this.form)), headers: { Accept: "application/json" }, redirect: "manual", keepalive: true })
      .then(answer => { if (answer.ok) localStorage.removeItem(this.dataset.key); })
      .catch(() => {});
  }

  // Text of an earlier visit that never reached the server.
  offer() {
    let kept;
    try {
      kept = JSON.parse(localStorage.getItem(this.dataset.key));
    } catch {
      return;
    }
    if (!kept?.fields || said(kept.fields) === said(this.fields())) return localStorage.removeItem(this.dataset.key);
    const found = this.querySelector("[data-found]");
    found.hidden = false;
    found.querySelector("[data-drop]").onclick = () => {
      localStorage.removeItem(this.dataset.key);
      found.hidden = true;
    };
    found.querySelector("[data-use]").onclick = () => {
      found.hidden = true;
      this.fill(kept.fields);
      // As it was when it was typed: whoever has changed the part since is not overwritten.
      this.form.elements.utgava.value = kept.version;
      this.typed();
      this.save();
    };
  }

  fill(fields) {
    for (const field of this.form.elements) {
      if (!field.name || field.type === "hidden" || !(field.name in fields)) continue;
      if (field.type === "select-one" && ![...field.options].some(option => option.value === fields[field.name])) field.add(new Option(fields[field.name], fields[field.name]));
      if (field.type === "checkbox") field.checked = fields[field.name] === field.value;
      else field.value = fields[field.name];
      // Whoever shows the field in another way follows (editor.js).
      field.dispatchEvent(new Event("fill"));
      field.closest("details")?.setAttribute("open", "");
    }
  }

  show(words, bad = false, help = null) {
    if (this.state.textContent !== words) this.state.textContent = words;
    this.state.classList.toggle("bad", bad);
    this.help.hidden = !help;
    for (const way of this.help.children) way.hidden = !way.classList.contains(help);
  }
}

// Around the composer: what a button did is read out, and what hangs on a save is fetched anew.
class DraftDesk extends HTMLElement {
  connectedCallback() {
    const says = this.querySelector("[data-says] p")?.textContent;
    if (says) setTimeout(() => { this.querySelector("[data-said]").textContent = says; }, 200);
    this.addEventListener("saved", () => this.refresh());
    this.addEventListener("click", event => {
      const forget = event.target.closest("[data-forget]");
      if (forget) localStorage.removeItem(forget.dataset.forget);
    });
    this.watch();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  async refresh() {
    const asked = this.asked = (this.asked ?? 0) + 1;
    const answer = await fetch(location.pathname + location.search, { redirect: "manual" }).catch(() => null);
    const text = answer?.ok ? await answer.text() : null;
    // An answer that was overtaken would bring back what has changed since.
    if (asked !== this.asked) return;
    if (text === null) return this.watch();
    const page = new DOMParser().parseFromString(text, "text/html");
    for (const old of document.querySelectorAll("[data-swap]")) {
      const fresh = page.querySelector(`[data-swap="${old.dataset.swap}"]`);
      // What somebody has unfolded stays so.
      if (old.querySelector("details.more[open]")) fresh?.querySelectorAll("details.more").forEach((part) => part.setAttribute("open", ""));
      if (!fresh || fresh.innerHTML === old.innerHTML || old.contains(document.activeElement) && old !== document.activeElement) continue;
      old.innerHTML = fresh.innerHTML;
      if (fresh.dataset.busy) old.dataset.busy = fresh.dataset.busy; else delete old.dataset.busy;
    }
    this.watch();
  }

  // A test letter is on its way: its answer comes by itself.
  watch() {
    clearTimeout(this.timer);
    if (this.querySelector("[data-busy]")) this.timer = setTimeout(() => this.refresh(), 2000);
  }
}

// Somebody who is kept fills in who signs, or whom to turn to, as soon as chosen.
class PersonPick extends HTMLElement {
  connectedCallback() {
    const select = this.querySelector("select[name^='person:']");
    if (!select) return;
    // The way without script: a button, which asks whom.
    select.removeAttribute("name");
    select.nextElementSibling.remove();
    // Before the form hears of it, which then saves what is filled in.
    select.addEventListener("input", () => this.fill(select.selectedOptions[0]));
  }

  fill(person) {
    if (!person.value) return;
    this.closest("draft-form").fill(JSON.parse(person.dataset.fields));
    this.querySelector(":scope > [role=status]").textContent = this.dataset.filled.replace("{0}", person.text);
  }
}

// First, so that the form sees only fields of the part.
customElements.define("person-pick", PersonPick);
customElements.define("draft-form", DraftForm);
customElements.define("draft-desk", DraftDesk);
