// <rich-text> around a <textarea> of Markdown: the text as it will look, with buttons. The textarea stays the form's field and holds the
// truth; without script it is what one writes in. All words come from the element's data.
import { history } from "prosemirror-history";
import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { actions } from "./commands.js";
import { LinkForm } from "./link-form.js";
import { make } from "./make.js";
import { read } from "./markdown/read.js";
import { write } from "./markdown/write.js";
import { pasting } from "./paste/plugin.js";
import { keys, markdownRules } from "./shortcuts.js";
import { SlashMenu } from "./slash-menu.js";
import { Toolbar } from "./toolbar.js";
import { typography } from "./typography.js";

class RichText extends HTMLElement {
  connectedCallback() {
    if (this.view) return;
    this.field = this.querySelector("textarea");
    const page = make("div", { class: "text" });
    const id = this.takePlace(page);
    this.menu = new SlashMenu(this.dataset, id);
    this.toolbar = new Toolbar(this.dataset, id, (name, byKey) => this.act(name, byKey));
    this.view = new EditorView({ mount: page }, {
      state: this.begin(),
      dispatchTransaction: tr => this.apply(tr),
    });
    this.link = new LinkForm(this.dataset, id, this.view);
    this.status = make("p", { class: "notices", role: "status" });
    this.append(this.toolbar.element, this.link.element, page, this.menu.element, this.status);
    this.toolbar.update(this.view.state);
    // Of all that is typed here, the form hears of what reaches its field.
    for (const name of ["input", "change"]) page.addEventListener(name, event => event.stopPropagation());
    // Somebody else has filled the field: the text follows.
    this.field.addEventListener("fill", () => this.follow());
    if (location.hash === `#${id}`) page.scrollIntoView();
  }

  // The page is what the label and the checks' links mean from now on.
  takePlace(page) {
    const { field } = this;
    const id = field.id;
    const label = field.labels[0];
    const hint = document.getElementById(`${id}-hjalp`);
    if (hint) hint.textContent = this.dataset.hint;
    page.id = id;
    field.id = `${id}-markdown`;
    field.hidden = true;
    page.setAttribute("role", "textbox");
    page.setAttribute("aria-multiline", "true");
    page.setAttribute("spellcheck", "true");
    if (field.getAttribute("aria-describedby")) page.setAttribute("aria-describedby", field.getAttribute("aria-describedby"));
    page.style.setProperty("--rows", field.rows);
    if (label) {
      label.id ||= `${id}-etikett`;
      label.removeAttribute("for");
      label.addEventListener("click", () => this.view.focus());
      page.setAttribute("aria-labelledby", label.id);
    }
    return id;
  }

  begin() {
    const openLink = () => {
      this.link.open();
      return true;
    };
    return EditorState.create({
      doc: read(this.field.value),
      plugins: [
        this.menu.plugin(), markdownRules(), typography(this.closest("[lang]")?.lang), ...keys({ "Mod-k": openLink }), history(),
        pasting(notices => this.say(notices), (files, missing) => this.offer(files, missing)),
      ],
    });
  }

  apply(tr) {
    const state = this.view.state.apply(tr);
    this.view.updateState(state);
    this.toolbar.update(state);
    if (tr.docChanged) this.put(write(state.doc));
  }

  put(markdown) {
    if (this.field.value === markdown) return;
    this.field.value = markdown;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  follow() {
    this.view.updateState(this.begin());
    this.toolbar.update(this.view.state);
  }

  act(name, byKey) {
    if (name === "link") return this.link.open();
    actions[name].run(this.view.state, this.view.dispatch, this.view);
    // Undo is pressed several times.
    if (!byKey || actions[name].holds) this.view.focus();
  }

  say(notices) {
    this.status.textContent = notices.map(notice => this.dataset[`paste${notice[0].toUpperCase()}${notice.slice(1)}`]).join(" ");
  }

  // Whoever has a place for pictures takes them (pasted-pictures.js); else it is said that they stay behind.
  offer(files, missing) {
    const event = new CustomEvent("pictures", { bubbles: true, cancelable: true, detail: { field: this.field.name, files, missing } });
    if (this.dispatchEvent(event)) this.status.textContent = `${this.status.textContent} ${this.dataset.pastePictures}`.trim();
  }

  // For tests: what becomes of a Markdown text that is opened and saved.
  static roundTrip(markdown) {
    return write(read(markdown));
  }
}

customElements.define("rich-text", RichText);
