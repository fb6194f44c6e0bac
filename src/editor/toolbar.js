// Buttons above the text: one stop for Tab, arrows among them. What holds where the cursor is, is pressed.
import { actions, textSelected } from "./commands.js";
import { icon } from "./icons.js";
import { make } from "./make.js";

export class Toolbar {
  // `words`: the element's data; `act`: what a button's name is given to.
  constructor(words, controls, act) {
    this.buttons = Object.entries(actions).map(([name, { keys, holds }]) => make("button", {
      type: "button", tabindex: "-1", "data-act": name, title: `${words[name]} (${shown(keys)})`, "aria-label": words[name],
      "aria-keyshortcuts": spelled(keys), ...(holds ? { "aria-pressed": "false" } : { "aria-disabled": "true" }),
    }, [icon(name)]));
    this.element = make("div", { class: "bar", role: "toolbar", "aria-label": words.toolbar, "aria-controls": controls }, this.buttons);
    this.stop(this.buttons[0]);
    // The selection stays where it is.
    this.element.addEventListener("mousedown", event => event.preventDefault());
    this.element.addEventListener("click", event => {
      const button = event.target.closest("button");
      if (!button) return;
      this.stop(button);
      if (button.getAttribute("aria-disabled") !== "true") act(button.dataset.act, event.detail === 0);
    });
    this.element.addEventListener("keydown", event => this.move(event));
  }

  update(state) {
    const within = textSelected(state);
    for (const button of this.buttons) {
      const { holds, run } = actions[button.dataset.act];
      if (holds) set(button, "aria-pressed", holds(within));
      else set(button, "aria-disabled", !run(state));
    }
  }

  stop(chosen) {
    for (const button of this.buttons) button.tabIndex = button === chosen ? 0 : -1;
  }

  move(event) {
    const at = this.buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (at < 0 || to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const button = this.buttons.at(to % this.buttons.length);
    this.stop(button);
    button.focus();
  }
}

function set(button, name, value) {
  if (button.getAttribute(name) !== String(value)) button.setAttribute(name, value);
}

// Mod-Shift-8 → Ctrl+Shift+8, as keyboards here have it printed.
function shown(keys) {
  return keys.replace("Mod", "Ctrl").split("-").map(part => part.length === 1 ? part.toUpperCase() : part).join("+");
}

function spelled(keys) {
  return shown(keys).replace("Ctrl", "Control");
}
