// Keys, and Markdown as it is typed: "## ", "- ", "1. ", "> ", "**x**" and "*x*". Backspace takes the last of these back, and so does undo.
import { baseKeymap, chainCommands } from "prosemirror-commands";
import { closeHistory, redo } from "prosemirror-history";
import { InputRule, inputRules, textblockTypeInputRule, undoInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { liftListItem, splitListItem } from "prosemirror-schema-list";
import { actions, deeper, lineBreak, shallower, unhead } from "./commands.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;

// `more` are keys of other parts: they come first. Tab is not among them: it leads on, as in any form.
export function keys(more) {
  const own = {
    Enter: splitListItem(nodes.list_item),
    "Shift-Enter": lineBreak,
    Backspace: chainCommands(undoInputRule, unhead),
    "Mod-]": deeper,
    "Mod-[": shallower,
    "Mod-Shift-z": redo,
  };
  for (const { keys, run } of Object.values(actions)) if (run) own[keys] = run;
  return [keymap(more), keymap(own), keymap({ ...baseKeymap, Backspace: chainCommands(liftFirst, baseKeymap.Backspace) })];
}

// At the beginning of an item, Backspace takes it out of its list.
function liftFirst(state, dispatch, view) {
  const { empty, $from } = state.selection;
  if (!empty || $from.parentOffset > 0 || $from.depth < 2 || $from.node(-1).type !== nodes.list_item || $from.index(-1) > 0) return false;
  return liftListItem(nodes.list_item)(state, dispatch, view);
}

export function markdownRules() {
  return inputRules({
    rules: [
      textblockTypeInputRule(/^#{1,6}\s$/, nodes.heading),
      wrappingInputRule(/^\s*[-+*]\s$/, nodes.bullet_list),
      wrappingInputRule(/^\s*(\d{1,3})\.\s$/, nodes.ordered_list, match => ({ order: Number(match[1]) }),
        (match, list) => list.childCount + list.attrs.order === Number(match[1])),
      wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
      marked(/(?:^|[\s("”“])(\*\*([^*\s](?:[^*]*[^*\s])?)\*\*)$/, marks.strong),
      marked(/(?:^|[\s("”“])(\*([^*\s](?:[^*]*[^*\s])?)\*)$/, marks.em),
    ],
  });
}

function marked(pattern, type) {
  return new InputRule(pattern, (state, match, start, end) => {
    const [, whole, words] = match;
    const from = start + match[0].length - whole.length;
    const sign = (whole.length - words.length) / 2;
    // The last sign is not in the text yet.
    const tr = closeHistory(state.tr).delete(from + sign + words.length, end).delete(from, from + sign);
    return tr.addMark(from, from + words.length, type.create()).removeStoredMark(type);
  });
}
