// What a part of the document refers to, by id: another part of the file, or something outside of it.
import { all, attribute } from "./xml.js";

export class Relations {
  constructor(xml, folder) {
    this.targets = new Map();
    for (const one of xml ? all(xml, "Relationship") : []) {
      const isOutside = attribute(one, "TargetMode") === "External";
      const target = attribute(one, "Target") ?? "";
      this.targets.set(attribute(one, "Id"), { isOutside, type: attribute(one, "Type") ?? "", path: isOutside ? null : within(folder, target) });
    }
  }

  get(id) {
    return this.targets.get(id);
  }

  // The first of a kind; its address ends the same in strict and in transitional documents.
  ofKind(kind) {
    return [...this.targets.values()].find(one => one.path && one.type.endsWith(`/${kind}`))?.path;
  }
}

function within(folder, target) {
  const path = [];
  for (const step of (target.startsWith("/") ? target : `${folder}/${target}`).split("/")) {
    if (step === "..") path.pop();
    else if (step && step !== ".") path.push(step);
  }
  return path.join("/");
}
