// What stays behind when a text moves: scripts, drawings, comments, what nobody saw, and the marks of footnotes.
import { styleOf } from "./inline.js";

const never = new Set(("script style noscript template svg math canvas video audio iframe object embed input button select textarea meta link title "
  + "head map progress del v:shape w:sdtpr xml").split(" "));

export function isLeftOut(element) {
  const style = styleOf(element);
  return never.has(element.localName) || element.localName === "o:p" && !element.textContent.trim() || element.hidden
    || style.get("display") === "none" || style.get("mso-hide") === "all" || style.get("visibility") === "hidden"
    || element.classList.contains("MsoCommentReference") || style.get("mso-element") === "comment-list" || style.has("mso-comment-reference");
}

// A mark, in Word's, LibreOffice's, Google's and web pages' way, or the notes themselves at the end.
export function isFootnote(element) {
  const style = styleOf(element);
  if (style.has("mso-footnote-id") || style.has("mso-endnote-id")) return true;
  if (/^(footnote|endnote)-list$/.test(style.get("mso-element") ?? "")) return true;
  if (/\b(MsoFootnoteReference|MsoEndnoteReference|sdfootnoteanc|sdfootnotesym|sdendnoteanc|sdendnotesym)\b/.test(element.className)) return true;
  if (/^(sdfootnote|sdendnote|_?ftn|_?edn)\d+$/.test(element.id)) return true;
  if (["doc-noteref", "doc-endnotes", "doc-footnote"].includes(element.getAttribute("role"))) return true;
  if (element.localName === "div" && element.querySelector(":scope > p > a[href^='#ftnt_ref'], :scope > p > a[href^='#cmnt_ref']")) return true;
  if (element.localName !== "sup") return false;
  return /^\[?\d{1,3}\]?$/.test(element.textContent.trim()) && !!(element.querySelector("a[href*='#']") ?? element.closest("a[href*='#']"));
}

// One to look at, and not one that counts readers or fills a space.
export function isRealPicture(image) {
  const size = side => parseInt(image.getAttribute(side) ?? styleOf(image).get(side) ?? "100", 10);
  return size("width") > 3 && size("height") > 3;
}
