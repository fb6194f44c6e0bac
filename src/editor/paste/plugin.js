// What is pasted or dropped goes through the cleaner; an address over selected words becomes their link.
import { Fragment, Slice } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import { addressesIn, plainAddressOf, untracked } from "../address.js";
import { setLink } from "../commands.js";
import { schema } from "../schema.js";
import { clean } from "./clean.js";
import { picturesOf } from "./pictures.js";
import { blocksOf } from "./plain.js";

// Signs: more than twice what an article can be saved with is no article, and would hold up the browser.
const longest = 100_000;

// What no editor of ours puts on a clipboard: whoever writes its mark may not be one.
const foreign = /<(?!\/?(?:p|h3|blockquote|ul|ol|li|a|strong|em|br|meta)\b|!--)[a-z!?/]|\s(?:style|on\w+)\s*=/i;

// `say` is told what became of the text besides being pasted; [] if nothing. `offer` gets the pictures that came with it.
export function pasting(say, offer) {
  // Of the HTML that is being pasted; null: it is none.
  let sources = null;
  const offered = data => {
    const { files, missing } = picturesOf(sources, data);
    sources = null;
    if (files.length || missing) offer(files, missing);
  };
  const tooLong = nothing => {
    say(["long"]);
    return nothing;
  };
  return new Plugin({
    props: {
      transformPastedHTML(html) {
        const cleaned = clean(html, longest);
        if (!cleaned) return tooLong("");
        sources = cleaned.pictures;
        // From an editor of ours, as it was there.
        if (/\sdata-pm-slice=/.test(html) && !foreign.test(html)) return html;
        say(cleaned.notices);
        return cleaned.html;
      },
      clipboardTextParser(text, _, plain) {
        if (text.length > longest) return tooLong(Slice.empty);
        const notices = [];
        const slice = sliceOf(text, plain, notices);
        say(notices);
        return slice;
      },
      handlePaste(view, event) {
        offered(event.clipboardData);
        return hasOnlyFiles(event.clipboardData) || linksSelection(view, event, say);
      },
      handleDrop(_, event) {
        offered(event.dataTransfer);
        return hasOnlyFiles(event.dataTransfer);
      },
    },
  });
}

function hasOnlyFiles(data) {
  return !!data?.files.length && !data.getData("text/html") && !data.getData("text/plain");
}

function linksSelection(view, event, say) {
  const text = event.clipboardData?.getData("text/plain").trim() ?? "";
  const address = /\s/.test(text) ? null : plainAddressOf(text);
  const { empty, $from, $to } = view.state.selection;
  if (!address || empty || !$from.sameParent($to)) return false;
  setLink(untracked(address))(view.state, view.dispatch);
  say(untracked(address) === address ? [] : ["tracking"]);
  return true;
}

// Paragraphs and lists of a plain text, its addresses linked; exactly as it is with Ctrl-Shift-V.
function sliceOf(text, plain, notices) {
  const blocks = plain ? text.split(/\r?\n/).filter(line => line.trim()).map(words => ({ kind: "text", words })) : blocksOf(text);
  const nodes = [];
  for (const { kind, words, start } of blocks) {
    const paragraph = schema.node("paragraph", null, plain ? schema.text(words) : linked(words, notices));
    const type = kind === "bullet" ? schema.nodes.bullet_list : kind === "number" ? schema.nodes.ordered_list : null;
    const last = nodes.at(-1);
    if (!type) nodes.push(paragraph);
    else if (last?.type === type) nodes[nodes.length - 1] = last.copy(last.content.addToEnd(schema.node("list_item", null, paragraph)));
    else nodes.push(type.create(start === undefined ? null : { order: start }, schema.node("list_item", null, paragraph)));
  }
  return Slice.maxOpen(Fragment.from(nodes));
}

function linked(words, notices) {
  const nodes = [];
  let done = 0;
  for (const found of addressesIn(words)) {
    if (found.at > done) nodes.push(schema.text(words.slice(done, found.at)));
    const href = untracked(found.href);
    if (href !== found.href && !notices.includes("tracking")) notices.push("tracking");
    nodes.push(schema.text(untracked(found.words), [schema.marks.link.create({ href })]));
    done = found.at + found.words.length;
  }
  if (done < words.length) nodes.push(schema.text(words.slice(done)));
  return nodes;
}
