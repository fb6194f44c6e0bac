// Markdown → the editor's document, by the dialect of templates/Markup/MarkdownText.cs: raw HTML, code and setext headings are text, bare addresses
// are links.
import { fromMarkdown } from "mdast-util-from-markdown";
import { thematicBreak } from "micromark-core-commonmark";
import { addressesIn, addressOf } from "../address.js";
import { schema } from "../schema.js";
import { collapse, emptyText, mergeLists } from "./tidy.js";
import { meant } from "./typed.js";

const off = ["htmlFlow", "htmlText", "codeIndented", "codeFenced", "codeText", "autolink", "setextUnderline"];

// Markdig's list parser sees a rule in "---", "***" and "___", even where rules are off; but dashes right beneath a text, in the same quote
// or item, belong to it, since they could be a setext heading's.
const { tokenize } = thematicBreak;
thematicBreak.tokenize = function (effects, ok, nok) {
  const isText = () => this.interrupt && !this.parser.lazy[this.now().line] && /^-+$/.test(this.sliceSerialize(this.events.at(-1)[1]).trim());
  return tokenize.call(this, effects, code => isText() ? nok(code) : ok(code), nok);
};

export function read(markdown) {
  const source = meant(markdown.replace(/\r\n?/g, "\n"));
  const tree = fromMarkdown(source, { extensions: [{ disable: { null: off } }] });
  const reader = new Reader(source, definitionsOf(tree));
  const blocks = reader.blocks(tree.children);
  return schema.node("doc", null, blocks.length ? blocks : [emptyText()]);
}

class Reader {
  constructor(source, definitions) {
    this.source = source;
    this.definitions = definitions;
  }

  blocks(nodes) {
    return mergeLists(nodes.flatMap(node => this.block(node)));
  }

  block(node) {
    switch (node.type) {
      case "paragraph": return this.text(schema.nodes.paragraph, node);
      case "heading": return this.text(schema.nodes.heading, node);
      case "blockquote": return around(schema.nodes.blockquote, null, this.blocks(node.children));
      case "list": return this.list(node);
      // It stays what was typed.
      case "thematicBreak": return [schema.node("paragraph", null, [schema.text(this.typed(node))])];
      default: return [];
    }
  }

  list(node) {
    const tight = !hasAir(node.children) && !node.children.some(item => hasAir(item.children));
    const items = node.children.flatMap(item => around(schema.nodes.list_item, null, this.blocks(item.children)));
    return node.ordered
      ? around(schema.nodes.ordered_list, { order: node.start ?? 1, tight }, items)
      : around(schema.nodes.bullet_list, { tight }, items);
  }

  text(type, node) {
    const inline = collapse(this.inline(node.children, [])).flatMap(withLinks);
    return inline.length ? [type.create(null, inline)] : [];
  }

  inline(nodes, marks) {
    return nodes.flatMap(node => {
      switch (node.type) {
        case "text": return node.value ? [schema.text(node.value, marks)] : [];
        case "break": return [schema.node("hard_break")];
        case "strong": return this.inline(node.children, schema.marks.strong.create().addToSet(marks));
        case "emphasis": return this.inline(node.children, schema.marks.em.create().addToSet(marks));
        case "link": return this.inline(node.children, linked(node.url, marks));
        case "linkReference": return this.inline(node.children, linked(this.definitions.get(node.identifier), marks));
        // A picture belongs beneath Bild: its words stay.
        case "image": case "imageReference": return node.alt ? [schema.text(node.alt, marks)] : [];
        default: return [];
      }
    });
  }

  typed(node) {
    return this.source.slice(node.position.start.offset, node.position.end.offset).trim();
  }
}

// A blank line between two of them. The parser's own word on it is wrong for lists in quotes.
function hasAir(nodes) {
  return nodes.some((node, i) => i > 0 && node.position.start.line - lastLine(nodes[i - 1]) > 1);
}

function lastLine(node) {
  if (node.type !== "list" && node.type !== "listItem") return node.position.end.line;
  return node.children.length ? lastLine(node.children.at(-1)) : node.position.start.line;
}

// A link that leads nowhere keeps its address: the checks name it until somebody has mended it.
function linked(address, marks) {
  return address ? schema.marks.link.create({ href: addressOf(address) ?? address }).addToSet(marks) : marks;
}

// The bare addresses of a text are links.
function withLinks(node) {
  if (!node.isText || schema.marks.link.isInSet(node.marks)) return [node];
  const { text, marks } = node;
  const nodes = [];
  let at = 0;
  for (const { at: start, words, href } of addressesIn(text)) {
    const end = start + words.length;
    // <https://example.org>: the signs around it are Markdown's, and no text.
    const enclosed = start > at && text[start - 1] === "<" && text[end] === ">" ? 1 : 0;
    if (start - enclosed > at) nodes.push(schema.text(text.slice(at, start - enclosed), marks));
    nodes.push(schema.text(words, schema.marks.link.create({ href }).addToSet(marks)));
    at = end + enclosed;
  }
  if (at < text.length) nodes.push(schema.text(text.slice(at), marks));
  return nodes;
}

function around(type, attrs, children) {
  return children.length ? [type.create(attrs, children)] : [];
}

// The first of a name counts.
function definitionsOf(tree, found = new Map()) {
  for (const node of tree.children ?? []) {
    if (node.type === "definition" && !found.has(node.identifier)) found.set(node.identifier, node.url);
    definitionsOf(node, found);
  }
  return found;
}
