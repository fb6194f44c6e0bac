// <copy-code done="Kopierat">: a text field whose whole text a button copies. Without script the text is there to be marked.
customElements.define("copy-code", class extends HTMLElement {
  connectedCallback() {
    const text = this.querySelector("textarea"), button = this.querySelector("button"), status = this.querySelector("[role=status]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.value);
      } catch {
        // Not over http, or not allowed: marked, so that Ctrl-C copies it.
        text.select();
        if (!document.execCommand("copy")) return;
      }
      status.textContent = this.getAttribute("done");
    });
  }
});
