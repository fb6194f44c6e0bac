// Addresses of links: which ones a letter takes (templates/Markup/LinkTarget.cs says the same), and what people write instead of them.

// Beyond these a filter and a browser may read an address differently.
const strange = /[\s\p{Cc}"<>\\]/u;
const mailbox = /^[^\s@,;:<>()"\\/]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u;
const host = /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*\.\p{L}{2,}([/?#:]\S*)?$/u;
// "protokoll.pdf" is a file of somebody's, not a place of that name.
const file = /^[^/?#:]*\.(docx?|xlsx?|pptx?|od[tsp]|pdf|rtf|txt|csv|ics|zip|html?|jpe?g|png|gif|svg|webp)$/i;
// "2026-11-30" is none.
const phone = /^(\+[0-9]|0)[0-9 ()\u00a0–-]{5,}[0-9]$/;
const anyPhone = /^\+?[0-9][0-9 ()\u00a0–-]{5,}[0-9]$/;
const mail = /^mailto:\s*([^\s?]+)\s*(\?.*)?$/is;
const web = /^((?:https?:\/\/)?[^\s/?#]+)([/?#].*)$/is;
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

// "www.example.org", "anna@example.org", "0999-123 45" and "https://example.org/min fil.pdf" as addresses (templates/Markup/TypedAddress.cs reads
// the same); null: nobody can tell where it leads.
export function addressOf(words) {
  const text = words.trim();
  if (allowedAddress(text)) return text;
  if (mailbox.test(text)) return "mailto:" + text;
  const number = numberIn(text);
  if (number) return "tel:" + number.replace("(0)", "").replace(/[^0-9+]/g, "");
  const whole = closed(text);
  if (allowedAddress(whole)) return whole;
  const address = "https://" + whole;
  return host.test(whole) && !file.test(whole) && allowedAddress(address) ? address : null;
}

function numberIn(text) {
  const marked = /^tel:(.*)$/is.exec(text)?.[1];
  if (marked !== undefined && anyPhone.test(marked)) return marked;
  return phone.test(text) ? text : null;
}

// A blank in a host is no slip of the hand, and is left.
function closed(text) {
  const [, to, query] = mail.exec(text) ?? [];
  if (to) return "mailto:" + to + coded(query ?? "");
  const [, start, rest] = web.exec(text) ?? [];
  return start ? start + coded(rest) : text;
}

function coded(text) {
  return text.replace(/[ \t\u00a0]/g, "%20");
}

// As addressOf, but only for what nobody writes by chance: "t.ex." is no address.
export function plainAddressOf(words) {
  return /^(https?:\/\/|www\.|mailto:|[^@/]+@)/i.test(words) ? addressOf(words) : null;
}

// Each bare address in a text, without the full stop that ends its sentence. A mailbox begins where its word does: to look from each of its
// letters anew would take a long word's length squared.
const bare = /(?<![\p{L}\p{N}])(?:https?:\/\/|www\.)[^\s<>"”“]+|(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu;

export function addressesIn(text) {
  const found = [];
  for (const match of text.matchAll(bare)) {
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
