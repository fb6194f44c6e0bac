// What buttons, keys and the menu do.
import { lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { liftListItem, sinkListItem, wrapInList } from "prosemirror-schema-list";
import { AllSelection, TextSelection } from "prosemirror-state";
import { schema } from "./schema.js";

const { nodes, marks } = schema;

// Each with its command, and whether it holds where the cursor is (none: it does not hold, it acts).
export const actions = {
  bold: { run: toggleMark(marks.strong), holds: state => markHolds(state, marks.strong), keys: "Mod-b" },
  italic: { run: toggleMark(marks.em), holds: state => markHolds(state, marks.em), keys: "Mod-i" },
  link: { holds: state => !!linkAround(state), keys: "Mod-k" },
  heading: { run: toggleHeading, holds: state => state.selection.$from.parent.type === nodes.heading, keys: "Mod-Alt-3" },
  bullets: { run: toggleList(nodes.bullet_list), holds: state => listAround(state)?.type === nodes.bullet_list, keys: "Mod-Shift-8" },
  numbers: { run: toggleList(nodes.ordered_list), holds: state => listAround(state)?.type === nodes.ordered_list, keys: "Mod-Shift-7" },
  quote: { run: toggleQuote, holds: state => !!around(state, nodes.blockquote), keys: "Mod-Shift-9" },
  undo: { run: undo, keys: "Mod-z" },
  redo: { run: redo, keys: "Mod-y" },
};

for (const action of Object.values(actions)) if (action.run && action.holds) action.run = inText(action.run);

// Ctrl-A selects the document, which stands in no paragraph, list or quote: what is meant are all of its texts.
export function textSelected(state) {
  const { doc, selection, tr } = state;
  if (!(selection instanceof AllSelection)) return state;
  return state.apply(tr.setSelection(TextSelection.between(doc.resolve(0), doc.resolve(doc.content.size))));
}

function inText(command) {
  return (state, dispatch, view) => command(textSelected(state), dispatch, view);
}

function markHolds(state, type) {
  const { empty, $from, from, to } = state.selection;
  return empty ? !!type.isInSet(state.storedMarks ?? $from.marks()) : state.doc.rangeHasMark(from, to, type);
}

function around(state, ...types) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) if (types.includes($from.node(depth).type)) return { node: $from.node(depth), depth };
  return null;
}

function listAround(state) {
  return around(state, nodes.bullet_list, nodes.ordered_list)?.node;
}

function toggleHeading(state, dispatch) {
  const isHeading = actions.heading.holds(state);
  return setBlockType(isHeading ? nodes.paragraph : nodes.heading)(state, dispatch);
}

function toggleQuote(state, dispatch) {
  return around(state, nodes.blockquote) ? liftOut(nodes.blockquote)(state, dispatch) : wrapIn(nodes.blockquote)(state, dispatch);
}

// A list of the other kind becomes one of this kind; a heading becomes an item's text.
function toggleList(type) {
  return (state, dispatch, view) => {
    const list = around(state, nodes.bullet_list, nodes.ordered_list);
    if (list?.node.type === type) return liftListItem(nodes.list_item)(state, dispatch, view);
    if (list) {
      dispatch?.(state.tr.setNodeMarkup(state.selection.$from.before(list.depth), type, { tight: list.node.attrs.tight }));
      return true;
    }
    return wrapInList(type)(state, dispatch);
  };
}

function liftOut(type) {
  return (state, dispatch) => {
    const { $from, $to } = state.selection;
    const range = $from.blockRange($to, node => node.type === type);
    if (!range) return lift(state, dispatch);
    dispatch?.(state.tr.lift(range, range.depth - 1).scrollIntoView());
    return true;
  };
}

export const deeper = sinkListItem(nodes.list_item);
export const shallower = liftListItem(nodes.list_item);

export function lineBreak(state, dispatch) {
  if (state.selection.$from.parent.type === nodes.heading) return false;
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
}

// Backspace at the beginning of a heading leaves its text.
export function unhead(state, dispatch) {
  const { empty, $from } = state.selection;
  if (!empty || $from.parentOffset > 0 || $from.parent.type !== nodes.heading) return false;
  return setBlockType(nodes.paragraph)(state, dispatch);
}

// The link that the selection stands in, at or begins with: its address and its ends.
export function linkAround(state) {
  const { $from, from, to, empty } = state.selection;
  const near = [$from.marks(), $from.nodeAfter?.marks ?? [], empty && $from.nodeBefore?.marks || []];
  const mark = near.map(set => marks.link.isInSet(set)).find(Boolean);
  if (!mark) return null;
  const start = $from.start();
  let [first, last] = [from, to];
  $from.parent.forEach((node, offset) => {
    if (!mark.isInSet(node.marks)) return;
    const [begins, ends] = [start + offset, start + offset + node.nodeSize];
    if (ends >= first && begins <= last) [first, last] = [Math.min(first, begins), Math.max(last, ends)];
  });
  return { href: mark.attrs.href, from: first, to: last };
}

// Links what is selected, the link around the cursor, or, where there is neither, the address itself.
export function setLink(href) {
  return (state, dispatch) => {
    const { empty, from, to } = state.selection;
    const mark = marks.link.create({ href });
    const link = linkAround(state);
    const tr = state.tr;
    if (link && empty) tr.removeMark(link.from, link.to, marks.link).addMark(link.from, link.to, mark);
    else if (!empty) tr.removeMark(from, to, marks.link).addMark(from, to, mark).setSelection(TextSelection.create(tr.doc, to));
    else tr.insert(from, schema.text(href.replace(/^(https?:\/\/|mailto:|tel:)/, ""), [mark])).removeStoredMark(marks.link);
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

export function unlink(state, dispatch) {
  const link = linkAround(state);
  if (!link) return false;
  dispatch?.(state.tr.removeMark(link.from, link.to, marks.link));
  return true;
}
