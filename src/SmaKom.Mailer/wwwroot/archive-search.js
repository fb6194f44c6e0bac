// Hits while somebody types: what the page behind the button has is put in the place of what stands here. Without this script the button does it.
const rest = 250;

class SearchAsYouType extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.field = this.querySelector("input");
    this.said = this.querySelector("[role=status]");
    this.place = document.getElementById("traffar");
    if (!this.place) return;
    this.before = [...this.place.childNodes];
    this.wanted = this.field.value.trim();
    this.field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(), rest);
    });
  }

  async search() {
    const typed = this.field.value.trim();
    if (typed === this.wanted) return;
    this.wanted = typed;
    // The page as it was when it came, a search of its own or the list of issues.
    if (typed === "" && location.pathname !== this.form.getAttribute("action")) {
      this.place.replaceChildren(...this.before);
      this.said.textContent = "";
      return;
    }
    const address = `${this.form.getAttribute("action")}?${new URLSearchParams({ [this.field.name]: typed })}`;
    let page;
    try {
      const answer = await fetch(address);
      if (!answer.ok) return;
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      return; // The button still works, and says what is wrong.
    }
    // What was typed meanwhile has been asked for, too.
    if (this.wanted !== typed) return;
    const hits = page.getElementById("traffar");
    if (!hits) return;
    this.place.replaceChildren(...hits.childNodes);
    this.said.textContent = this.place.querySelector("[data-said]")?.textContent ?? "";
    if (location.pathname === this.form.getAttribute("action")) {
      history.replaceState(null, "", address);
      document.title = page.title;
    }
  }
}

customElements.define("search-as-you-type", SearchAsYouType);
