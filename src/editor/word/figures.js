// Pictures, text boxes and drawings. Word has four ways to write them, and two of them at once for old programs: each is put in the one
// form that mammoth reads, and what is none of them is counted.
import { all, attribute, child } from "./xml.js";

const spaces = {
  w: "http://schemas.openxmlformats.org/wordprocessingml/2006/main", a: "http://schemas.openxmlformats.org/drawingml/2006/main",
  r: "http://schemas.openxmlformats.org/officeDocument/2006/relationships", pic: "http://schemas.openxmlformats.org/drawingml/2006/picture",
  wp: "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
};
// Said by Word when it has described a picture itself.
const byMachine = new RegExp("automatiskt genererad beskrivning|ai-genererat innehåll kan vara felaktigt|description automatically generated"
  + "|ai-generated content may be incorrect", "i");

const drawn = new Set(["wsp", "cxnSp", "rect", "shape", "line", "oval", "roundrect"]);
const longestAlt = 500;
const said = ["pic", "txbxContent", "imagedata"];

// How mammoth hands on which picture it is.
export const mark = "smakom-picture-";

export class Figures {
  constructor({ relations, zip, tally }) {
    Object.assign(this, { relations, zip, tally });
    this.pictures = [];
  }

  // What stands in the place of this element instead; the text boxes among it are still to be prepared.
  replacements(node) {
    const found = this.found(node);
    return found.map(one => one.box ? pictOf(one.box) : drawingOf(node.ownerDocument, one.picture, this.pictures.push(one.picture) - 1));
  }

  // In its order. The form for old programs counts where the new one says nothing that is known here.
  found(node) {
    if (node.localName !== "AlternateContent") return this.parts(node);
    const choice = child(node, "Choice");
    const old = child(node, "Fallback");
    const isKnown = branch => branch && [...said, "relIds", "chart", "AlternateContent"].some(name => all(branch, name).length);
    return isKnown(choice) || !old ? this.parts(choice ?? node) : this.parts(old);
  }

  parts(node) {
    const [parts, seen] = [[], {}];
    if (node.localName === "object") this.tell("objects", seen);
    else this.collect(node, parts, seen);
    if (seen.isDrawn || !parts.length && !seen.isTold) this.tally.add("shapes");
    return parts;
  }

  collect(node, parts, seen) {
    for (const element of [...node.children]) {
      switch (element.localName) {
        case "AlternateContent": parts.push(...this.found(element)); seen.isTold = true; break;
        case "txbxContent": this.box(element, parts, seen); break;
        case "pic": this.picture(pictureOf(element), parts, seen); break;
        case "imagedata": this.picture(oldPictureOf(element), parts, seen); break;
        case "object": this.tell("objects", seen); break;
        case "relIds": this.tell("smartArt", seen); break;
        case "chart": this.tell("charts", seen); break;
        default:
          if (drawn.has(element.localName) && !said.some(name => all(element, name).length)) seen.isDrawn = true;
          else this.collect(element, parts, seen);
      }
    }
  }

  tell(kind, seen) {
    seen.isTold = true;
    this.tally.add(kind);
  }

  box(element, parts, seen) {
    if (!element.textContent.trim() && !said.some(name => all(element, name).length)) return void (seen.isDrawn = true);
    this.tell("textBoxes", seen);
    parts.push({ box: element });
  }

  picture({ embedded, linked, ...about }, parts, seen) {
    const target = this.relations.get(embedded ?? linked);
    seen.isTold = true;
    // One that only fills a space.
    if (about.width <= 3 || about.height <= 3) return;
    if (!embedded || target?.isOutside) return this.tally.add("linkedPictures");
    if (!target || !this.zip.has(target.path)) return this.tally.add("lostPictures");
    if (/\.(emf|wmf|emz|wmz)$/i.test(target.path)) return this.tally.add("metafiles");
    if (about.isLink) this.tally.add("links");
    if (about.alt.length > longestAlt) {
      this.tally.add("longAlt");
      about.alt = `${about.alt.slice(0, longestAlt - 2)} …`;
    }
    parts.push({ picture: { ...about, path: target.path, relation: embedded } });
  }
}

function pictureOf(pic) {
  const fill = child(pic, "blipFill");
  const blip = child(fill, "blip");
  const frame = ancestor(pic, ["inline", "anchor"]);
  const [outer, inner] = [child(frame, "docPr"), all(pic, "cNvPr")[0]];
  const isAlone = frame && all(frame, "pic").length === 1;
  const about = isAlone ? outer : inner;
  const crop = child(fill, "srcRect");
  const part = side => Math.min(1, Math.max(0, Number(attribute(crop, side) ?? 0) / 100_000)) || 0;
  // In EMU, 9,525 for a pixel.
  const size = side => Number(attribute(child(frame, "extent"), side) ?? Infinity) / 9525;
  return {
    embedded: attribute(blip, "embed"), linked: attribute(blip, "link"), alt: described(attribute(about, "descr") || attribute(about, "title")),
    decorative: !!frame && all(frame, "decorative").some(one => attribute(one, "val") === "1"),
    crop: crop ? { left: part("l"), top: part("t"), right: part("r"), bottom: part("b") } : null,
    isLink: !!frame && all(frame, "hlinkClick").length > 0, width: size("cx"), height: size("cy"),
  };
}

// VML: its lengths are fractions, or of 65,536 with an f.
function oldPictureOf(image) {
  const part = side => {
    const [, number, of] = /^(-?[\d.]+)(f?)$/.exec(attribute(image, `crop${side}`) ?? "") ?? [0, 0, ""];
    return Math.min(1, Math.max(0, Number(number) / (of ? 65_536 : 1))) || 0;
  };
  const crop = { left: part("left"), top: part("top"), right: part("right"), bottom: part("bottom") };
  return {
    embedded: attribute(image, "id"), alt: described(attribute(image.parentElement, "alt") || attribute(image, "title")), decorative: false,
    crop: Object.values(crop).some(Boolean) ? crop : null, isLink: !!attribute(image.parentElement, "href"), width: Infinity, height: Infinity,
  };
}

// A file's name describes nothing, and what a machine has guessed is asked for again.
function described(text) {
  const words = (text ?? "").replace(/\s+/g, " ").trim();
  return byMachine.test(words) || /^\S+\.(jpe?g|png|gif|tiff?|bmp|heic|webp)$/i.test(words) ? "" : words;
}

function ancestor(node, names) {
  while (node && !names.includes(node.localName)) node = node.parentElement;
  return node;
}

function pictOf(box) {
  const pict = box.ownerDocument.createElementNS(spaces.w, "w:pict");
  pict.append(box);
  return pict;
}

function drawingOf(page, { relation }, number) {
  const made = (name, ...children) => {
    const element = page.createElementNS(spaces[name.split(":")[0]], name);
    element.append(...children);
    return element;
  };
  const [blip, about] = [made("a:blip"), made("wp:docPr")];
  blip.setAttributeNS(spaces.r, "r:embed", relation);
  about.setAttribute("descr", mark + number);
  const graphic = made("a:graphic", made("a:graphicData", made("pic:pic", made("pic:blipFill", blip))));
  return made("w:drawing", made("wp:inline", about, graphic));
}
