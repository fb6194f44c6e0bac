// Signs as printers set them, put right while one types: ” for ", – for " - " and between numbers, a no-break space in 10 000 and before kr.
// Each is a step of its own in the history: one undo gives back what was typed, and nothing else.
import { closeHistory } from "prosemirror-history";
import { Plugin, PluginKey } from "prosemirror-state";

const space = "\u00a0";
const key = new PluginKey("typography");

// Of the text before the cursor, whose last sign was just typed: which part becomes what.
const rules = [
  { pattern: /(?:^|[\s(–\u00a0])(")$/d, to: language => language === "en" ? "“" : "”" },
  { pattern: /[^\s(](")$/d, to: () => "”" },
  { pattern: /[\p{L}\p{N}](')$/ud, to: () => "’" },
  { pattern: /\S (--?) $/d, to: () => "–" },
  { pattern: /(?:^|[^\d-])(?:[1-9]\d?|(?:19|20)\d\d)(-)(?:[1-9]\d?|(?:19|20)\d\d)[^\d-]$/d, to: () => "–" },
  { pattern: /(?:^|[^\d.,\u00a0])[1-9]\d{0,2}(?:\u00a0\d{3})*( )\d{3}$/d, to: () => space },
  { pattern: /\d( )%$/d, to: () => space },
  { pattern: /\d( )(?:kr|km|kg|mkr|tkr|m|st)[\s.,;:!?)]$/d, to: () => space },
];

export function typography(language) {
  return new Plugin({
    key,
    // Whether the last change was a correction: what is typed next is a step of its own, too.
    state: { init: () => false, apply: (tr, was) => tr.docChanged ? tr.getMeta(key) === true : was },
    props: {
      handleTextInput(view, from, to, text, typed) {
        if (text.length !== 1 || view.composing) return false;
        const tr = typed();
        const before = textBefore(tr.selection.$from);
        const found = correctionIn(before, language);
        if (!found) return afterCorrection(view, tr);
        view.dispatch(key.getState(view.state) ? closeHistory(tr) : tr);
        correct(view, view.state.selection.from - before.length, found);
        return true;
      },
      // What only the next sign would show is put right at the end of a line, too.
      handleKeyDown(view, event) {
        if (event.key !== "Enter" || !view.state.selection.empty) return false;
        const before = textBefore(view.state.selection.$from);
        const found = correctionIn(before + "\n", language);
        if (found && found.at < before.length) correct(view, view.state.selection.from - before.length, found);
        return false;
      },
    },
  });
}

function correctionIn(before, language) {
  for (const { pattern, to } of rules) {
    const match = pattern.exec(before);
    if (!match) continue;
    return { at: match.indices[1][0], length: match[1].length, sign: to(language) };
  }
  return null;
}

function textBefore({ parent, parentOffset }) {
  return parent.textBetween(Math.max(0, parentOffset - 80), parentOffset, null, "\n");
}

function afterCorrection(view, tr) {
  if (!key.getState(view.state)) return false;
  view.dispatch(closeHistory(tr));
  return true;
}

function correct(view, start, { at, length, sign }) {
  const tr = closeHistory(view.state.tr);
  view.dispatch(tr.insertText(sign, start + at, start + at + length).setMeta(key, true));
}
