// Numbers of lists, counted as Word counts them: a list goes on behind a paragraph or a picture that stands between its items.
import { all, attribute, value } from "./xml.js";

export class Numbering {
  constructor(xml) {
    this.lists = new Map();
    this.levels = new Map();
    this.counted = new Map();
    if (!xml) return;
    for (const list of all(xml, "abstractNum"))
      for (const level of all(list, "lvl"))
        this.levels.set(`${attribute(list, "abstractNumId")}/${attribute(level, "ilvl") ?? 0}`,
          { format: value(level, "numFmt") ?? "decimal", start: Number(value(level, "start") ?? 1) });
    for (const list of all(xml, "num")) {
      const overrides = Object.fromEntries(all(list, "lvlOverride").map(one => [attribute(one, "ilvl"), value(one, "startOverride")]));
      this.lists.set(attribute(list, "numId"), { of: value(list, "abstractNumId"), overrides });
    }
  }

  // "bullet", "decimal", "none" …; null: no list.
  formatOf(list, level) {
    return this.levels.get(`${this.lists.get(list)?.of}/${level}`)?.format ?? null;
  }

  // The number of an item that comes now.
  next(list, level) {
    const { of, overrides } = this.lists.get(list);
    // Lists of one kind count together, unless one says where it starts.
    const own = overrides[level] === undefined ? of : `${of}:${list}`;
    const counts = this.counted.get(own) ?? [];
    this.counted.set(own, counts);
    counts.length = Math.min(counts.length, Number(level) + 1);
    const first = Number(overrides[level] ?? this.levels.get(`${of}/${level}`).start);
    return counts[level] = counts[level] === undefined ? first : counts[level] + 1;
  }
}

// { list, level } of a paragraph's or a style's <w:numPr>; null: it is in none.
export function placeOf(numPr) {
  const list = value(numPr, "numId");
  return list && list !== "0" ? { list, level: value(numPr, "ilvl") ?? "0" } : null;
}

