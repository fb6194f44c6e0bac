// Markdown as people type it, with what they meant put so that its readers see it (templates/Markup/TypedMarkdown.cs does the same).
import { addressOf } from "../address.js";

const linkWithBlank = /(?<!\\)\[((?:\\.|[^[\]\\\n])+)\]\(([^()<>"\n \t\u00a0]*[ \t\u00a0][^()<>"\n]*)\)/g;
const address = /(?:https?:\/\/|www\.)[^\s<>"”“\])]+/gi;
const signInAddress = /(?<=[\p{L}\p{N}/=&?.-])[*_](?=[\p{L}\p{N}/=&?.%-])/gu;
const product = /(?<![\p{L}\p{N}*_\\])[0-9]+(?:\*[0-9]+)+(?![\p{L}\p{N}*_])/gu;

export function meant(markdown) {
  return markdown
    .replace(linkWithBlank, (typed, words, url) => addressOf(url) ? `[${words}](<${addressOf(url)}>)` : typed)
    .replace(address, typed => typed.replace(signInAddress, "\\$&"))
    .replace(product, typed => typed.replaceAll("*", "\\*"));
}
