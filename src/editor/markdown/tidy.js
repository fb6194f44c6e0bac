// What is the same in every text, whether it was read, typed or pasted: no empty paragraphs, no breaks at an edge, one space for several,
// one list for two of a kind in a row.
import { schema } from "../schema.js";

export function emptyText() {
  return schema.node("paragraph");
}

// A no-break space is no white space here: "10 000 kr" stays on its line. A byte order mark and soft hyphens are left over from files.
export function collapse(inline) {
  const kept = [];
  let open = true;
  for (const node of inline) {
    if (!node.isText) {
      trimEnd(kept);
      if (kept.length) kept.push(node);
      open = true;
      continue;
    }
    let text = node.text.replace(/[\u00ad\ufeff]/g, "").replace(/[ \t\r\n\f\v]+/g, " ");
    if (open) text = text.replace(/^ /, "");
    if (!text) continue;
    open = text.endsWith(" ");
    kept.push(schema.text(text, node.marks));
  }
  while (kept.length && (!kept.at(-1).isText || kept.at(-1).text === " ")) kept.pop();
  trimEnd(kept);
  return joined(kept);
}

function trimEnd(kept) {
  const last = kept.at(-1);
  if (!last?.isText || !last.text.endsWith(" ")) return;
  kept.pop();
  if (last.text !== " ") kept.push(schema.text(last.text.slice(0, -1), last.marks));
}

function joined(inline) {
  return inline.reduce((done, node) => {
    const last = done.at(-1);
    if (last?.isText && node.isText && last.sameMarkup(node)) done[done.length - 1] = schema.text(last.text + node.text, node.marks);
    else done.push(node);
    return done;
  }, []);
}

export function mergeLists(blocks) {
  return blocks.reduce((done, block) => {
    const last = done.at(-1);
    if (last?.type === block.type && block.type.isInGroup("list")) {
      const attrs = { ...last.attrs, tight: last.attrs.tight && block.attrs.tight };
      done[done.length - 1] = last.type.create(attrs, last.content.append(block.content));
    } else {
      done.push(block);
    }
    return done;
  }, []);
}

// The whole document so; what is empty is gone.
export function tidy(doc) {
  return doc.type.create(null, blocksOf(doc));
}

function blocksOf(parent) {
  const blocks = [];
  parent.forEach(block => {
    if (block.isTextblock) {
      const nodes = [];
      block.forEach(node => nodes.push(node));
      const inline = collapse(nodes);
      if (inline.length) blocks.push(block.type.create(null, inline));
    } else {
      const children = blocksOf(block);
      if (children.length) blocks.push(block.type.create(block.attrs, children));
    }
  });
  return mergeLists(blocks);
}
