// The parts of a .docx: XML without document types, as the standard asks (ECMA-376 part 2 §8.1.4), so that there is no entity to expand.
import { WordFault } from "./fault.js";

export function parseXml(text) {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new WordFault("Unsafe");
  const page = new DOMParser().parseFromString(text.replace(/^\ufeff/, ""), "text/xml");
  if (page.getElementsByTagName("parsererror").length) throw new WordFault("Damaged");
  return page;
}

// By their local names, since strict and transitional documents differ in all others.
export function all(node, name) {
  return [...node.getElementsByTagNameNS("*", name)];
}

export function child(node, name) {
  return node && [...node.children].find(element => element.localName === name);
}

// Whatever prefix the attribute has.
export function attribute(node, name) {
  return node && [...node.attributes].find(one => one.localName === name)?.value;
}

export function value(node, name) {
  return attribute(child(node, name), "val");
}

// <w:b/> and <w:b w:val="1"/>, but not <w:b w:val="0"/>.
export function isOn(node) {
  return !!node && !["0", "false", "off", "none"].includes(attribute(node, "val"));
}
