// One line beneath the buttons: the link's address. Enter links, Esc leaves things as they were; both lead back to the text.
import { addressOf, untracked } from "./address.js";
import { linkAround, setLink, unlink } from "./commands.js";
import { make } from "./make.js";

export class LinkForm {
  constructor(words, id, view) {
    this.view = view;
    this.words = words;
    this.field = make("input", {
      id: `${id}-lank`, type: "text", inputmode: "url", autocomplete: "off", spellcheck: "false", "aria-describedby": `${id}-lank-fel`,
    });
    this.fault = make("span", { class: "error", id: `${id}-lank-fel`, hidden: "" });
    this.remove = this.button(words.unlink, () => this.close(unlink));
    this.element = make("div", { class: "link", role: "group", "aria-label": words.link, hidden: "" }, [
      make("label", { for: this.field.id }, [words.address]),
      this.fault,
      make("div", { class: "with-button" }, [
        this.field, this.button(words.set, () => this.apply()), this.remove, this.button(words.cancel, () => this.close()),
      ]),
    ]);
    this.element.addEventListener("keydown", event => this.key(event));
    // It is no field of the form: nothing is to be saved yet.
    for (const name of ["input", "change"]) this.element.addEventListener(name, event => event.stopPropagation());
  }

  open() {
    const link = linkAround(this.view.state);
    this.say(null);
    this.field.value = link?.href ?? "";
    this.remove.hidden = !link;
    this.element.hidden = false;
    this.field.focus();
    this.field.select();
  }

  key(event) {
    if (event.isComposing || event.key !== "Enter" && event.key !== "Escape") return;
    if (event.key === "Enter" && event.target !== this.field) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Enter") this.apply();
    else this.close();
  }

  apply() {
    if (!this.field.value.trim() && !this.remove.hidden) return this.close(unlink);
    const address = addressOf(this.field.value);
    if (address) return this.close(setLink(untracked(address)));
    this.say(this.words.addressFault);
    this.field.focus();
  }

  close(command) {
    this.element.hidden = true;
    command?.(this.view.state, this.view.dispatch);
    this.view.focus();
  }

  say(fault) {
    this.fault.textContent = fault ?? "";
    this.fault.hidden = !fault;
    if (fault) this.field.setAttribute("aria-invalid", "true");
    else this.field.removeAttribute("aria-invalid");
  }

  button(words, act) {
    const button = make("button", { type: "button" }, [words]);
    button.addEventListener("click", act);
    return button;
  }
}
