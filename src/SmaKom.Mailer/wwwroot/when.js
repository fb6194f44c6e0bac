// The time of an issue is written in words. This adds a calendar that writes the day into the field, and chooses what is being written in.
// Without it the field takes the same words.
class DayPicker extends HTMLElement {
  connectedCallback() {
    this.field = document.getElementById(this.dataset.field);
    this.choice = document.getElementById(this.dataset.choice);
    this.day = this.querySelector("input");
    this.hidden = false;
    this.querySelector("button").onclick = () => this.day.showPicker();
    this.day.onchange = () => this.write();
    this.field.addEventListener("input", () => this.choose());
    // Somebody may have begun to write before this was loaded.
    if (this.field.value !== this.field.defaultValue) this.choose();
  }

  // The clock time stays as it was written.
  write() {
    if (!this.day.value) return;
    const day = new Date(`${this.day.value}T12:00`).toLocaleDateString(document.documentElement.lang,
      { weekday: "long", day: "numeric", month: "long", year: "numeric" });
    const clock = /(?:(?:kl\.?|at)\s*[0-9.:]+|[0-9]{1,2}[.:][0-9]{2})\s*$/i.exec(this.field.value);
    this.field.value = clock ? `${day} ${clock[0].trim()}` : day;
    this.choose();
    this.field.focus();
  }

  choose() {
    this.choice.checked = true;
  }
}

customElements.define("day-picker", DayPicker);
