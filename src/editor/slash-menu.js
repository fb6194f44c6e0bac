// "/" at the beginning of an empty paragraph offers what can stand there; further letters choose among it. Esc leaves the sign as text.
import { Plugin } from "prosemirror-state";
import { actions } from "./commands.js";
import { make } from "./make.js";
import { schema } from "./schema.js";

const offered = ["heading", "bullets", "numbers", "quote"];

export class SlashMenu {
  constructor(words, id) {
    this.words = words;
    this.id = `${id}-meny`;
    this.element = make("ul", { class: "menu", id: this.id, role: "listbox", "aria-label": words.menu, hidden: "" });
    this.element.addEventListener("mousedown", event => {
      event.preventDefault();
      const name = event.target.closest("[role=option]")?.dataset.act;
      if (name) this.choose(name);
    });
  }

  plugin() {
    return new Plugin({
      view: view => {
        this.view = view;
        return { update: () => this.update() };
      },
      props: {
        handleKeyDown: (_, event) => this.key(event),
        handleDOMEvents: { blur: () => this.hide() },
      },
    });
  }

  get isOpen() {
    return !this.element.hidden;
  }

  update() {
    const typed = queryOf(this.view.state);
    if (typed === null) this.left = false;
    if (typed === null || this.left) return this.hide();
    const found = offered.filter(name => this.words[name].toLowerCase().split(" ").some(word => word.startsWith(typed)));
    if (!found.length) return this.hide();
    this.show(found);
  }

  show(found) {
    if (!found.includes(this.chosen)) this.chosen = found[0];
    this.found = found;
    this.element.replaceChildren(...found.map(name => make("li", {
      id: `${this.id}-${name}`, role: "option", "data-act": name, "aria-selected": name === this.chosen,
    }, [this.words[name]])));
    this.element.hidden = false;
    this.place();
    const { dom } = this.view;
    dom.setAttribute("aria-haspopup", "listbox");
    dom.setAttribute("aria-autocomplete", "list");
    dom.setAttribute("aria-controls", this.id);
    dom.setAttribute("aria-activedescendant", `${this.id}-${this.chosen}`);
  }

  hide() {
    if (!this.isOpen) return;
    this.element.hidden = true;
    this.chosen = null;
    for (const name of ["haspopup", "autocomplete", "controls", "activedescendant"]) this.view.dom.removeAttribute(`aria-${name}`);
  }

  // Beneath the line that is typed in.
  place() {
    const caret = this.view.coordsAtPos(this.view.state.selection.from);
    const frame = this.element.offsetParent?.getBoundingClientRect();
    if (frame) this.element.style.top = `${caret.bottom - frame.top + 4}px`;
  }

  key(event) {
    if (!this.isOpen || event.isComposing) return false;
    const at = this.found.indexOf(this.chosen);
    switch (event.key) {
      case "ArrowDown": return this.turn(at + 1);
      case "ArrowUp": return this.turn(at - 1);
      case "Enter": return this.choose(this.chosen);
      case "Escape":
        this.left = true;
        this.hide();
        return true;
      default: return false;
    }
  }

  turn(to) {
    this.chosen = this.found.at(to % this.found.length);
    this.show(this.found);
    return true;
  }

  choose(name) {
    const { state } = this.view;
    const { $from } = state.selection;
    this.view.dispatch(state.tr.delete($from.start(), $from.pos));
    actions[name].run(this.view.state, this.view.dispatch, this.view);
    this.view.focus();
    return true;
  }
}

// What stands behind the "/", in small letters; null: there is none.
function queryOf({ selection: { empty, $from } }) {
  if (!empty || $from.parent.type !== schema.nodes.paragraph || $from.parentOffset !== $from.parent.content.size) return null;
  return /^\/(\p{L}*)$/u.exec($from.parent.textContent)?.[1].toLowerCase() ?? null;
}
