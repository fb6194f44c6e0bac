// How a stretch of text is spoken: bold, italic, linked. Of an element's style only these two are read; the nearest word on each counts.
import { allowedAddress, untracked } from "../address.js";

export function inlineOf(element, voice) {
  const style = styleOf(element);
  const within = { ...voice };
  if (["b", "strong"].includes(element.localName)) within.strong = true;
  if (["i", "em", "cite", "dfn"].includes(element.localName)) within.em = true;
  if (element.localName === "th") within.strong = false;
  // Google's wrapper is <b style="font-weight:normal">.
  const weight = style.get("font-weight");
  if (weight) within.strong = weight === "bold" || weight === "bolder" || Number(weight) >= 600;
  const slant = style.get("font-style");
  if (slant) within.em = slant === "italic" || slant === "oblique";
  if (element.localName === "a" && element.hasAttribute("href")) within.href = addressOfLink(element);
  return within;
}

export function styleOf(element) {
  const found = new Map();
  for (const part of (element.getAttribute("data-style") ?? element.getAttribute("style") ?? "").split(";")) {
    const colon = part.indexOf(":");
    if (colon > 0) found.set(part.slice(0, colon).trim().toLowerCase(), part.slice(colon + 1).trim().toLowerCase());
  }
  return found;
}

// As it is written, and not as the browser would complete it; mail programs' and searchers' detours are taken out.
function addressOfLink(element) {
  const address = direct(element.getAttribute("href").trim());
  return allowedAddress(address) ? { to: untracked(address), tracked: untracked(address) !== address } : null;
}

function direct(address) {
  const wrapped = /^https:\/\/(?:[a-z0-9-]+\.safelinks\.protection\.outlook\.com\/|www\.google\.[a-z.]+\/url)\?(.*)$/i.exec(address);
  const target = wrapped && (new URLSearchParams(wrapped[1]).get("url") ?? new URLSearchParams(wrapped[1]).get("q"));
  return target && allowedAddress(target) ? target : address.replaceAll(" ", "%20");
}
