// What a paragraph is by its style. Word's own styles have English names whatever language it speaks, and ids in that language (Rubrik1);
// other programs write what they show. A style that builds on another is what that one is.
import { all, attribute, child, isOn, value } from "./xml.js";

const named = [
  [/^(title|rubrik|titel)$/, "title"],
  [/^(subtitle|underrubrik|undertitel)$/, "subtitle"],
  [/^(?:heading|rubrik) ?([1-9])$/, level => `h${Math.min(level, 6)}`],
  [/^heading$/, "h1"],
  [/^(caption|beskrivning|bildtext|illustration|figure)$/, "caption"],
  [/^(intense quote|quote|quotations|citat|starkt citat)$/, "quote"],
  [/^(toc|innehåll|contents) ?(\d|heading)$|^(toc heading|innehållsförteckningsrubrik)$/, "contents"],
];
const longestChain = 20;

export class Styles {
  constructor(xml) {
    this.styles = new Map();
    for (const style of xml ? all(xml, "style") : []) this.styles.set(attribute(style, "styleId"), style);
  }

  // "title", "subtitle", "h1" to "h6", "caption", "quote" or "contents"; null: plain text.
  roleOf(id) {
    return this.first(id, (style, isOwn) => {
      const names = [value(style, "name"), attribute(style, "styleId")].map(name => (name ?? "").toLowerCase().trim());
      for (const [pattern, role] of named) {
        const match = names.map(name => pattern.exec(name)).find(Boolean);
        // LibreOffice's "Heading" is what its titles build on.
        if (match && (isOwn || pattern.source !== "^heading$")) return typeof role === "string" ? role : role(match[1]);
      }
      return roleOfLevel(value(child(style, "pPr"), "outlineLvl"));
    });
  }

  numberingOf(id) {
    return this.first(id, style => child(child(style, "pPr"), "numPr"));
  }

  isHidden(id) {
    return !!this.first(id, style => isOn(child(child(style, "rPr"), "vanish")));
  }

  first(id, ask) {
    for (let step = 0; id && step < longestChain; step++) {
      const style = this.styles.get(id);
      // A document may name a style that it does not bring.
      const answer = style ? ask(style, step === 0) : ask(nameless(id), true);
      if (answer) return answer;
      id = value(style, "basedOn");
    }
    return null;
  }
}

// An outline level, from 0; 9 is body text.
export function roleOfLevel(level) {
  return /^[0-8]$/.test(level ?? "") ? `h${Math.min(Number(level) + 1, 6)}` : null;
}

function nameless(id) {
  const style = document.implementation.createDocument(null, "style").documentElement;
  style.setAttribute("styleId", id);
  return style;
}
