// The editor's document → Markdown. The same document always gives the same text, and Markdig reads in it what the editor shows.
import { toMarkdown } from "mdast-util-to-markdown";
import { phrasing } from "./phrasing.js";
import { tidy } from "./tidy.js";

// Signs that mean nothing in our dialect need no backslash; "&" needs one only before what would be read as one sign.
const harmless = new Set(["<", "`", "~", "="]);
const options = {
  bullet: "-", listItemIndent: "one", emphasis: "*", strong: "*", resourceLink: true,
  handlers: { root: (node, _, state, info) => written(node, state, info) },
};

export function write(doc) {
  return toMarkdown({ type: "root", children: blocks(tidy(doc)) }, options).replace(/\n+$/, "");
}

function written(node, state, info) {
  state.unsafe = state.unsafe.filter(pattern => !harmless.has(pattern.character) && pattern.character !== "&");
  state.unsafe.push({ character: "&", after: "#?[A-Za-z0-9]+;", inConstruct: "phrasing" });
  return state.containerFlow(node, info);
}

function blocks(parent) {
  const nodes = [];
  parent.forEach(block => nodes.push(node(block)));
  return nodes;
}

function node(block) {
  switch (block.type.name) {
    case "heading": return { type: "heading", depth: 3, children: phrasing(block) };
    case "blockquote": return { type: "blockquote", children: blocks(block) };
    case "bullet_list": return list(block, false);
    case "ordered_list": return list(block, true);
    default: return { type: "paragraph", children: phrasing(block) };
  }
}

function list(block, ordered) {
  const items = [];
  block.forEach(item => items.push(blocks(item)));
  const spread = !block.attrs.tight || items.some(needsAir);
  return {
    type: "list", ordered, start: ordered ? block.attrs.order : null, spread,
    children: items.map(children => ({ type: "listItem", spread, children })),
  };
}

// Without a blank line the second of two would be read as a part of the first.
function needsAir(children) {
  return children.some((right, i) => {
    const left = children[i - 1];
    if (!left) return false;
    if (left.type === "blockquote" && right.type === "blockquote") return true;
    const runsOn = right.type === "paragraph" || right.type === "list" && right.ordered && right.start !== 1;
    return runsOn && endsInParagraph(left);
  });
}

function endsInParagraph(node) {
  return node.type === "paragraph" || node.type !== "heading" && endsInParagraph(node.children.at(-1));
}
