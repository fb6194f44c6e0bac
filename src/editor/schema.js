// What a text may hold: what the letter's Markdown can say (templates/Markup), and no more.
import { Schema } from "prosemirror-model";
import { allowedAddress } from "./address.js";

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { group: "block", content: "inline*", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    // One line, as ATX headings are; whatever level it came with, it is one below the article's own heading.
    heading: {
      group: "block", content: "text*", defining: true,
      parseDOM: ["h1", "h2", "h3", "h4", "h5", "h6"].map(tag => ({ tag })),
      toDOM: () => ["h3", 0],
    },
    blockquote: { group: "block", content: "block+", defining: true, parseDOM: [{ tag: "blockquote" }], toDOM: () => ["blockquote", 0] },
    bullet_list: {
      group: "block list", content: "list_item+", attrs: { tight: { default: true } },
      parseDOM: [{ tag: "ul", getAttrs: tightness }],
      toDOM: node => ["ul", marksOf(node), 0],
    },
    ordered_list: {
      group: "block list", content: "list_item+", attrs: { order: { default: 1 }, tight: { default: true } },
      parseDOM: [{ tag: "ol", getAttrs: dom => ({ order: startOf(dom), ...tightness(dom) }) }],
      toDOM: node => ["ol", { ...marksOf(node), ...(node.attrs.order === 1 ? {} : { start: node.attrs.order }) }, 0],
    },
    list_item: { content: "block+", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
    text: { group: "inline" },
    hard_break: { group: "inline", inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
  },
  marks: {
    link: {
      attrs: { href: {} }, inclusive: false,
      parseDOM: [{ tag: "a[href]", getAttrs: dom => allowedAddress(dom.getAttribute("href")) && { href: dom.getAttribute("href") } }],
      toDOM: mark => ["a", allowedAddress(mark.attrs.href) ? { href: mark.attrs.href, rel: "noopener" } : { class: "nowhere" }, 0],
    },
    // Bold italic is a third voice that no letter needs, and the one place where two readers of Markdown differ.
    strong: { excludes: "strong em", parseDOM: [{ tag: "strong" }, { tag: "b" }], toDOM: () => ["strong", 0] },
    em: { excludes: "strong em", parseDOM: [{ tag: "em" }, { tag: "i" }], toDOM: () => ["em", 0] },
  },
});

// A list with air between its items is copied as one.
function tightness(dom) {
  return { tight: !dom.hasAttribute("data-loose") };
}

function marksOf(list) {
  return list.attrs.tight ? {} : { "data-loose": "" };
}

function startOf(dom) {
  const start = parseInt(dom.getAttribute("start") ?? "1", 10);
  return start >= 0 && start <= 999999999 ? start : 1;
}
