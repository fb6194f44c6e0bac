// The document as Word wrote it → as mammoth reads all of it. What neither mammoth nor a letter knows is replaced by what comes nearest, or
// taken out; both are counted.
import { attribute, all, child, isOn, value } from "./xml.js";
import { placeOf } from "./numbering.js";
import { roleOfLevel } from "./styles.js";

const w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const deepestList = 4;

// How a paragraph says what it is, and an item its number.
export const roleMark = "smakom-";
export const itemMark = "smakom-item-";

export class Preparation {
  constructor(parts) {
    Object.assign(this, parts);
  }

  children(node) {
    for (const element of [...node.children]) this.element(element, node);
  }

  element(element, parent) {
    switch (element.localName) {
      case "p": return this.paragraph(element);
      case "r": return this.run(element);
      case "AlternateContent": case "drawing": case "pict": case "object": return this.figure(element);
      case "ins": case "moveTo": return this.change(element, parent);
      case "del": case "moveFrom": return this.removal(element, parent);
      case "footnoteReference": case "endnoteReference": return this.remove(element, "footnotes");
      case "commentReference": return this.remove(element, "comments");
      case "altChunk": case "subDoc": return this.remove(element, "objects");
      case "bookmarkStart": return element.remove();
      case "sdt": return this.control(element);
      case "fldSimple": case "dir": case "bdo": case "smartTag": return this.unwrap(element);
      case "ruby": return this.ruby(element);
      case "cr": return element.replaceWith(this.made(element, "br"));
      case "ptab": return element.replaceWith(this.made(element, "tab"));
      case "oMath": case "oMathPara": return this.formula(element);
      default: return this.children(element);
    }
  }

  paragraph(element) {
    const properties = child(element, "pPr");
    if (!["none", undefined].includes(attribute(child(properties, "framePr"), "dropCap"))) return this.dropCap(element);
    const style = value(properties, "pStyle");
    const hasWords = all(element, "t").some(text => text.textContent.trim());
    const role = hasWords ? roleOfLevel(value(properties, "outlineLvl")) ?? this.styles.roleOf(style) : null;
    if (role === "contents") return this.contents(element);
    const place = placeOf(child(properties, "numPr") ?? this.styles.numberingOf(style));
    this.children(element);
    if (role) this.mark(element, role, place);
    else if (place && hasWords) this.item(element, place);
  }

  // A large first letter is a paragraph of its own: its word begins the next one.
  dropCap(element) {
    const next = element.nextElementSibling;
    if (next?.localName !== "p") return this.children(element);
    const letters = [...element.children].filter(one => one.localName !== "pPr");
    this.propertiesOf(next).after(...letters);
    element.remove();
  }

  // Headings keep no number: sections and articles have none.
  mark(element, role, place) {
    const format = place && this.numbering.formatOf(place.list, place.level);
    if (/^h/.test(role) && format && format !== "none") this.tally.add("headingNumbers");
    const properties = this.propertiesOf(element);
    for (const name of ["pStyle", "numPr"]) child(properties, name)?.remove();
    properties.prepend(this.made(element, "pStyle", roleMark + role));
  }

  item(element, { list, level }) {
    const format = this.numbering.formatOf(list, level);
    const properties = this.propertiesOf(element);
    child(properties, "numPr")?.remove();
    if (!format || format === "none") return;
    const numPr = this.made(element, "numPr");
    numPr.append(this.made(element, "ilvl", Math.min(Number(level) || 0, deepestList)), this.made(element, "numId", list));
    properties.append(numPr);
    if (format === "bullet") return;
    const number = this.made(element, "bookmarkStart");
    number.setAttributeNS(w, "w:name", itemMark + this.numbering.next(list, level));
    properties.after(number);
  }

  run(element) {
    const properties = child(element, "rPr");
    const isHidden = child(properties, "vanish") ? isOn(child(properties, "vanish")) : this.styles.isHidden(value(properties, "rStyle"));
    if (!isHidden) return this.children(element);
    if (all(element, "t").some(text => text.textContent.trim())) this.tally.add("hidden");
    for (const text of all(element, "t")) text.remove();
  }

  figure(element) {
    const isFigure = element.localName !== "AlternateContent" || ["drawing", "pict", "object"].some(name => all(element, name).length);
    if (!isFigure) {
      const old = child(element, "Fallback") ?? child(element, "Choice");
      if (old) this.children(old);
      return element.replaceWith(...old?.childNodes ?? []);
    }
    const instead = this.figures.replacements(element);
    element.replaceWith(...instead);
    // A text box holds paragraphs, and pictures again.
    for (const made of instead) if (made.localName === "pict") this.children(made);
  }

  change(element, parent) {
    if (isMark(parent)) return;
    this.tally.add("changes");
    this.children(element);
  }

  removal(element, parent) {
    // A deleted paragraph's end, or a row: mammoth knows both.
    if (isMark(parent)) return;
    if (element.localName === "del") this.tally.add("changes");
    element.remove();
  }

  remove(element, kind) {
    this.tally.add(kind);
    element.remove();
  }

  control(element) {
    if (all(element, "docPartGallery").some(one => /table of contents/i.test(attribute(one, "val") ?? ""))) return this.contents(element);
    this.children(element);
  }

  contents(element) {
    this.tally.counts.contents = 1;
    element.remove();
  }

  unwrap(element) {
    this.children(element);
    element.replaceWith(...element.childNodes);
  }

  ruby(element) {
    this.tally.add("other");
    const base = child(element, "rubyBase");
    if (!base) return element.remove();
    this.children(base);
    element.replaceWith(...base.childNodes);
  }

  formula(element) {
    this.tally.add("formulas");
    const run = this.made(element, "r");
    const text = this.made(element, "t");
    text.textContent = all(element, "t").map(one => one.textContent).join("");
    run.append(text);
    element.replaceWith(run);
  }

  propertiesOf(element) {
    const there = child(element, "pPr");
    if (there) return there;
    const made = this.made(element, "pPr");
    element.prepend(made);
    return made;
  }

  made(near, name, val) {
    const element = near.ownerDocument.createElementNS(w, `w:${name}`);
    if (val !== undefined) element.setAttributeNS(w, "w:val", val);
    return element;
  }
}

// Of properties: what is said there is said of a paragraph's end or of a row.
function isMark(parent) {
  return ["rPr", "trPr", "tcPr", "numPr"].includes(parent.localName);
}
