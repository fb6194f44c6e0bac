// Pictures that came with a pasted text (editor.js tells of them) are offered as the article's own: uploaded as any others, and asked what they
// show. Those that could not be had are named, so that nobody believes that they came along.
class PastedPictures extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.forget();
    this.hear = event => this.heard(event);
    this.form.addEventListener("pictures", this.hear);
    this.querySelector("[data-add]").onclick = () => this.add();
    this.querySelector("[data-drop]").onclick = () => this.forget();
  }

  disconnectedCallback() {
    this.form.removeEventListener("pictures", this.hear);
  }

  heard(event) {
    const { field, files, missing } = event.detail;
    if (field !== `${this.dataset.prefix}body`) return;
    event.preventDefault();
    this.files.push(...files);
    this.missing += missing;
    this.show();
  }

  forget() {
    [this.files, this.missing] = [[], 0];
    this.show();
  }

  async add() {
    const { files } = this;
    this.forget();
    const place = this.place();
    place.closest("details")?.setAttribute("open", "");
    await place.take(files);
  }

  // The first that holds no picture, or the last.
  place() {
    const start = `${this.dataset.prefix}pictures[`;
    const places = [...this.form.querySelectorAll("picture-field")].filter(place => place.dataset.name.startsWith(start));
    return places.find(place => !place.querySelector("select").value) ?? places.at(-1);
  }

  show() {
    const { one, many, missingOne, missingMany } = this.dataset;
    const counted = (count, single, several) => count === 0 ? "" : count === 1 ? single : several.replace("{0}", count);
    this.querySelector("[data-said]").textContent =
      `${counted(this.files.length, one, many)} ${counted(this.missing, missingOne, missingMany)}`.trim();
    this.querySelector("[data-offer]").hidden = !this.files.length;
  }
}

customElements.define("pasted-pictures", PastedPictures);
