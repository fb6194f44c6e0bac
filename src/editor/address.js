// Addresses of links: which ones a letter takes (templates/Markup/LinkTarget.cs says the same), and what people write instead of them.

// Beyond these a filter and a browser may read an address differently.
const strange = /[\s\p{Cc}"<>\\]/u;
const mailbox = /^[^\s@,;:<>()"\\/]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u;
const host = /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*\.\p{L}{2,}([/?#:]\S*)?$/u;
const phone = /^\+?[0-9][0-9 ()\u00a0–-]{5,}[0-9]$/;
const tracking = new RegExp("^(utm_.+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|twclid|yclid|igshid|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|vero_id"
  + "|oly_enc_id|oly_anon_id)$", "i");

export function allowedAddress(address) {
  if (!address || strange.test(address)) return false;
  if (/^https?:\/\/[^/?#]/i.test(address)) return parses(address);
  return /^(mailto|tel):./i.test(address);
}

function parses(address) {
  try {
    return new URL(address).host !== "";
  } catch {
    return false;
  }
}

// "www.example.org", "anna@example.org" and "0999-123 45" as addresses; null: it is none.
export function addressOf(words) {
  const text = words.trim();
  if (allowedAddress(text)) return text;
  if (mailbox.test(text)) return "mailto:" + text;
  if (phone.test(text)) return "tel:" + text.replace("(0)", "").replace(/[^0-9+]/g, "");
  const web = "https://" + text;
  return host.test(text) && allowedAddress(web) ? web : null;
}

// As addressOf, but only for what nobody writes by chance: "t.ex." is no address.
export function plainAddressOf(words) {
  return /^(https?:\/\/|www\.|mailto:|[^@/]+@)/i.test(words) ? addressOf(words) : null;
}

// Each bare address in a text, without the full stop that ends its sentence. A mailbox begins where its word does: to look from each of its
// letters anew would take a long word's length squared.
export function addressesIn(text) {
  const found = [];
  for (const match of text.matchAll(/(?:https?:\/\/|www\.)[^\s<>"”“]+|(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu)) {
    const words = unpunctuated(match[0]);
    const href = plainAddressOf(words);
    if (href) found.push({ at: match.index, words, href });
  }
  return found;
}

const ending = new Set(".,;:!?'’*_");

function unpunctuated(words) {
  let [end, unopened] = [words.length, count(words, ")") - count(words, "(")];
  while (ending.has(words[end - 1]) || words[end - 1] === ")" && unopened-- > 0) end--;
  return words.slice(0, end);
}

function count(text, sign) {
  return text.split(sign).length - 1;
}

// The address without what tells a third party who clicked: the parameters' names are removed, the rest stays as it was written.
export function untracked(address) {
  const at = address.indexOf("?");
  if (at < 0 || !/^https?:/i.test(address)) return address;
  const [query, ...fragment] = address.slice(at + 1).split("#");
  const kept = query.split("&").filter(pair => !tracking.test(pair.split("=")[0]));
  if (kept.length === query.split("&").length) return address;
  return address.slice(0, at) + (kept.length ? "?" + kept.join("&") : "") + (fragment.length ? "#" + fragment.join("#") : "");
}
