// Collects blocks and words in the order in which the clipboard has them, and closes, opens and nests so that the result is clean:
// no empty paragraphs, none without its block, lists as deep as their level says.
import { addressesIn, untracked } from "../address.js";

// Levels of lists and of quotations. Word has nine; whoever says a million means harm.
const deepest = 9;

export class Collector {
  constructor(page, notices) {
    this.page = page;
    this.notices = notices;
    this.root = page.createElement("div");
    this.place = this.root;
    this.line = null;
    this.stack = [];
    [this.lists, this.quotations] = [0, 0];
  }

  html() {
    this.close();
    this.root.normalize();
    for (const line of this.root.querySelectorAll("p, h3")) tidyLine(line, this);
    for (const part of [...this.root.querySelectorAll("li, ul, ol, blockquote")].reverse()) if (!part.textContent.trim()) part.remove();
    return this.root.innerHTML;
  }

  text(text, voice, pre = false) {
    const words = text.replace(/[\u00ad\ufeff\u200b]/g, "").replace(/[\u2028\u000b]/g, "\n");
    if (!words || !this.line && !/[^ \t\r\n]/.test(words)) return;
    if (pre) return words.split("\n").forEach((part, i) => {
      if (i) this.lineBreak();
      if (part) this.append(part, voice);
    });
    this.append(words.replace(/[ \t\r\n]+/g, " "), voice);
  }

  append(words, voice) {
    this.open("p");
    let node = this.page.createTextNode(words);
    if (voice.strong && this.line.localName !== "h3") node = around(this.page, "strong", node);
    else if (voice.em && this.line.localName !== "h3") node = around(this.page, "em", node);
    if (voice.href) {
      if (voice.href.tracked) this.notices.add("tracking");
      node = around(this.page, "a", node);
      node.setAttribute("href", voice.href.to);
    }
    this.line.append(node);
  }

  // Two in a row begin a paragraph; in one line it is a space.
  lineBreak() {
    if (!this.line) return;
    if (this.single || this.line.localName === "h3") return void this.line.append(" ");
    if (!endsInBreak(this.line)) return void this.line.append(this.page.createElement("br"));
    const name = this.line.localName;
    this.close();
    this.next = name;
  }

  block(name, content) {
    if (this.single) {
      if (this.single.blocks++) this.line?.append(" ");
      return content();
    }
    this.close();
    this.next = name;
    content();
    this.close();
    this.next = null;
  }

  around(name, content) {
    this.close();
    this.endWordLists();
    const [outer, next] = [this.place, this.next];
    this.place = outer.appendChild(this.page.createElement(name));
    this.next = null;
    content();
    this.close();
    this.endWordLists();
    this.place = outer;
    this.next = next;
  }

  quotation(content) {
    if (this.quotations === deepest) return this.block("p", content);
    this.quotations++;
    this.around("blockquote", content);
    this.quotations--;
  }

  // A list right in a list belongs to the item before it, as Google's and old editors' do.
  list(element, content) {
    if ([...element.children].every(item => item.hasAttribute("data-aria-level"))) return content();
    const outer = this.place;
    if (this.lists === deepest) return this.itemsOf(outer.closest("ul, ol"), content);
    this.lists++;
    if (isList(outer) && outer.lastElementChild?.localName === "li") this.place = outer.lastElementChild;
    this.around(element.localName, () => {
      const start = parseInt(element.getAttribute("start"), 10);
      if (element.localName === "ol" && start >= 0 && start !== 1) this.place.setAttribute("start", start);
      content();
    });
    this.lists--;
    this.close();
    this.place = outer;
  }

  // What is deeper than the deepest list are items of that list.
  itemsOf(list, content) {
    const outer = this.place;
    this.close();
    this.place = list;
    content();
    this.close();
    this.place = outer;
  }

  // Each item of Word on the web lies in a list of its own and says how deep it is.
  listItem(element, content) {
    const level = Number(element.getAttribute("data-aria-level"));
    const list = element.parentElement;
    if (level) this.item({ level, ordered: list.localName === "ol", start: parseInt(list.getAttribute("start"), 10) || 1 }, content);
    else if (isList(this.place)) this.around("li", content);
    else this.around("ul", () => this.around("li", content));
  }

  // A paragraph that is an item: the lists above it are opened and closed by its level.
  item({ level: said, ordered, start }, content) {
    const level = Math.min(said, deepest);
    this.close();
    const name = ordered ? "ol" : "ul";
    const outer = this.place;
    while (this.stack.length > level) this.stack.pop();
    if (this.stack.length === level && this.stack.at(-1).localName !== name) this.stack.pop();
    while (this.stack.length < level) this.stack.push(this.deeper(name, this.stack.length + 1 === level ? start : 1));
    const item = this.stack.at(-1).appendChild(this.page.createElement("li"));
    this.place = item;
    this.next = "p";
    const stack = this.stack;
    this.stack = [];
    content();
    this.close();
    this.stack = stack;
    this.place = outer;
    this.next = null;
  }

  deeper(name, start) {
    const list = this.page.createElement(name);
    if (name === "ol" && start !== 1) list.setAttribute("start", start);
    const above = this.stack.at(-1);
    if (above) (above.lastElementChild ?? above.appendChild(this.page.createElement("li"))).append(list);
    else this.place.append(list);
    return list;
  }

  endWordLists() {
    this.stack = [];
  }

  inOneLine(content) {
    const before = this.single;
    this.single = { blocks: 0 };
    content();
    this.single = before;
  }

  open(name) {
    if (this.line) return;
    this.endWordLists();
    if (isList(this.place)) this.place = this.place.lastElementChild ?? this.place.appendChild(this.page.createElement("li"));
    this.line = this.place.appendChild(this.page.createElement(this.next ?? name));
  }

  close() {
    this.line = null;
  }
}

function around(page, name, node) {
  const element = page.createElement(name);
  element.append(node);
  return element;
}

function isList(element) {
  return element.localName === "ul" || element.localName === "ol";
}

function endsInBreak(line) {
  const last = line.lastChild;
  return last?.localName === "br" || last?.nodeType === Node.TEXT_NODE && !last.data.trim() && last.previousSibling?.localName === "br";
}

// Words that are an address become its link; breaks and spaces at the edges go, and the line too if nothing is left of it.
function tidyLine(line, { page, notices }) {
  while (isBlank(line.firstChild)) line.firstChild.remove();
  while (isBlank(line.lastChild)) line.lastChild.remove();
  if (!line.textContent.trim()) return void line.remove();
  const walker = page.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  texts[0].data = texts[0].data.trimStart();
  texts.at(-1).data = texts.at(-1).data.trimEnd();
  for (const text of texts) if (!text.parentElement.closest("a")) linkAddresses(text, page, notices);
}

function isBlank(node) {
  return !!node && (node.localName === "br" || !node.textContent.trim());
}

function linkAddresses(text, page, notices) {
  for (const { at, words, href } of addressesIn(text.data).reverse()) {
    text.splitText(at + words.length);
    const shown = text.splitText(at);
    const link = page.createElement("a");
    link.setAttribute("href", untracked(href));
    if (untracked(href) !== href) notices.add("tracking");
    link.textContent = untracked(words);
    shown.replaceWith(link);
  }
}
