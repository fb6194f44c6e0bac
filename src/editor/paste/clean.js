// The HTML of a clipboard → HTML that holds only what the schema knows. Read from attributes, since the pages' policy makes the browser
// forget inline styles. What a person ought to know is told in `notices`; `pictures` are the addresses of those that it showed.
import { inlineOf } from "./inline.js";
import { isFootnote, isLeftOut, isRealPicture } from "./leavings.js";
import { listItemOf } from "./word.js";
import { isDataTable, rowsOf } from "./tables.js";
import { Collector } from "./collector.js";

const block = new Set(("address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
  + "header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul").split(" "));

// `longest`: the most signs of text; null: it has more.
export function clean(html, longest = Infinity) {
  // With another name the browser neither applies styles nor reports them.
  const unstyled = html.replace(/<style[\s>][^]*?(?:<\/style\s*>|$)|<base\b[^>]*>/gi, "").replace(/(<[a-z][^<>]*?\s)style(?=\s*=)/gi, "$1data-style");
  const page = new DOMParser().parseFromString(unstyled, "text/html");
  if (page.body.textContent.length > longest) return null;
  const cleaner = new Cleaner(page);
  cleaner.children(page.body, {});
  return { html: cleaner.out.html(), notices: [...cleaner.notices], pictures: cleaner.pictures };
}

class Cleaner {
  constructor(page) {
    this.page = page;
    this.notices = new Set();
    this.pictures = [];
    this.out = new Collector(page, this.notices);
  }

  children(node, voice) {
    for (const child of node.childNodes) this.node(child, voice);
  }

  node(node, voice) {
    if (node.nodeType === Node.TEXT_NODE) return this.out.text(node.data, voice, this.isPre);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    if (isFootnote(node)) return void this.notices.add("footnotes");
    if (node.localName === "img") return this.picture(node, voice);
    if (isLeftOut(node)) return;
    if (node.localName === "br") return this.out.lineBreak();
    const within = inlineOf(node, voice);
    if (block.has(node.localName)) this.block(node, within);
    else this.children(node, within);
  }

  block(node, voice) {
    const item = listItemOf(node);
    if (item) {
      item.marker.remove();
      return this.out.item(item, () => this.children(node, voice));
    }
    switch (node.localName) {
      case "h1": case "h2": case "h3": case "h4": case "h5": case "h6": return this.out.block("h3", () => this.children(node, voice));
      case "blockquote": return this.out.quotation(() => this.children(node, voice));
      case "ul": case "ol": return this.out.list(node, () => this.children(node, voice));
      case "li": return this.out.listItem(node, () => this.children(node, voice));
      case "table": return this.table(node, voice);
      case "pre": return this.pre(node, voice);
      default: return this.out.block("p", () => this.children(node, voice));
    }
  }

  pre(node, voice) {
    this.isPre = true;
    this.out.block("p", () => this.children(node, voice));
    this.isPre = false;
  }

  // Tables that only place things are taken apart; one with data becomes a list, a row an item.
  table(node, voice) {
    if (!isDataTable(node)) return this.out.block("p", () => this.children(node, voice));
    this.notices.add("tables");
    this.out.around("ul", () => {
      for (const cells of rowsOf(node)) {
        this.out.around("li", () => this.out.block("p", () => cells.forEach((cell, i) => {
          if (i) this.out.text(cells.length === 2 ? ": " : " – ", {});
          this.out.inOneLine(() => this.children(cell, inlineOf(cell, voice)));
        })));
      }
    });
  }

  // A smiley that is a picture has itself as its alternative.
  picture(node, voice) {
    const alt = node.getAttribute("alt") ?? "";
    if (/^\p{Extended_Pictographic}/u.test(alt) && [...alt].length <= 8) this.out.text(alt, voice);
    else if (isRealPicture(node)) this.pictures.push(node.getAttribute("src") ?? "");
  }
}
