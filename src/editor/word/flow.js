// The HTML that mammoth gives → what follows upon each other in it: headings, texts, pictures and their captions.
import { allowedAddress, untracked } from "../address.js";
import { isDataTable } from "../paste/tables.js";
import { mark } from "./figures.js";
import { itemMark } from "./prepare.js";

const [longestTitle, longestHeading, longestCaption, longestBold] = [150, 200, 500, 100];
// At their number.
const [raised, lowered] = ["⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"];

// Each of { title }, { subtitle }, { heading, level }, { text: element }, { picture: number }, { caption, element }.
export function flowOf(html, tally) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const list of body.querySelectorAll("ol")) start(list);
  for (const box of body.querySelectorAll("input")) box.replaceWith(box.hasAttribute("checked") ? "☑" : "☐");
  for (const text of body.querySelectorAll("sup, sub")) small(text, tally);
  for (const link of body.querySelectorAll("a")) linked(link, tally);
  tally.add("struck", body.querySelectorAll("s, u:not(a u)").length);
  tables(body, tally);
  return withHeadings([...body.children].flatMap(element => partsOf(element, tally)), tally);
}

// In a document without headings, short lines that are all bold stand for them.
function withHeadings(flow, tally) {
  if (flow.some(part => part.heading)) return flow;
  return flow.map((part, i) => {
    const next = flow[i + 1];
    if (!part.text || !isBold(part.text) || !next || next.text && isBold(next.text)) return part;
    tally.add("boldHeadings");
    return { heading: lineOf(part.text), level: 1 };
  });
}

function isBold(element) {
  const words = lineOf(element);
  const bold = [...element.querySelectorAll("strong")].map(part => part.textContent).join("");
  return element.localName === "p" && words.length <= longestBold && !/[.,;:!]$/.test(words) && bold.trim() === element.textContent.trim();
}

function partsOf(element, tally) {
  const pictures = [...element.querySelectorAll("img")].map(image => {
    image.remove();
    return { picture: Number(image.alt.slice(mark.length)) };
  });
  const words = lineOf(element);
  const level = /^h([1-6])$/.exec(element.localName)?.[1];
  if (!words) return pictures;
  if (element.className === "caption" && words.length <= longestCaption) return [...pictures, { caption: captionOf(words, element, tally), element }];
  if (!level && element.className !== "subtitle") return [{ text: element }, ...pictures];
  if (words.length > longestHeading) {
    tally.add("longHeadings");
    return [{ text: element }, ...pictures];
  }
  tally.add("links", element.querySelectorAll("a[href]").length);
  if (element.className === "title" && words.length <= longestTitle) return [{ title: words }, ...pictures];
  return [level ? { heading: words, level: Number(level) } : { subtitle: words, element }, ...pictures];
}

function lineOf(element) {
  const copy = element.cloneNode(true);
  for (const br of copy.querySelectorAll("br")) br.replaceWith(" ");
  return copy.textContent.replace(/[\u00ad\u200b\ufeff]/g, "").replace(/[ \t\r\n]+/g, " ").trim();
}

// "Bild 3: Plogbilen" is Word's own numbering.
function captionOf(words, element, tally) {
  tally.add("links", element.querySelectorAll("a[href]").length);
  const bare = words.replace(/^(bild|figur|foto|figure|picture|image|illustration)\s*\d+\s*[.:–-]?\s*/i, "");
  if (!bare || bare === words) return words;
  tally.add("captionNumbers");
  return bare;
}

// An item brings its number, and a list the first of its items'.
function start(list) {
  const numbers = [...list.children].map(item => [...item.children].find(one => one.id.startsWith(itemMark)));
  const first = Number(numbers[0]?.id.slice(itemMark.length));
  if (first >= 0) list.setAttribute("start", first);
}

function small(text, tally) {
  const signs = text.localName === "sup" ? raised : lowered;
  const written = [...text.textContent].map(sign => signs[sign]);
  if (written.every(Boolean)) text.replaceWith(written.join(""));
  // "1:a", "m.fl." and the like are read the same on the line.
  else tally.add("raised");
}

// Links within the document, and to files of the computer, lead nowhere in a letter: their words stay.
function linked(link, tally) {
  const address = link.getAttribute("href")?.trim();
  if (!address) return link.replaceWith(...link.childNodes);
  if (!allowedAddress(address.replaceAll(" ", "%20"))) {
    tally.add("links");
    return link.replaceWith(...link.childNodes);
  }
  if (untracked(address) !== address) tally.add("tracking");
}

// A table that only places things is taken apart, so that headings and pictures in it are what they are.
function tables(body, tally) {
  for (const table of body.querySelectorAll("table")) {
    tally.add("tables");
    if (isDataTable(table) && !table.querySelector("img")) continue;
    const cells = [...table.rows].flatMap(row => [...row.cells]);
    table.replaceWith(...cells.flatMap(cell => [...cell.childNodes]));
  }
}
