// Lists of Word and of mail that Word made: they are paragraphs, and only "mso-list:l0 level2 lfo1" and the printed sign tell of them.
import { styleOf } from "./inline.js";

export function listItemOf(element) {
  const list = /(?:^|\s)level(\d)/.exec(styleOf(element).get("mso-list") ?? "");
  if (!list) return null;
  const marker = [...element.querySelectorAll("[data-style], [style]")].find(part => styleOf(part).get("mso-list") === "ignore");
  if (!marker) return null;
  const sign = marker.textContent.trim();
  return { level: Number(list[1]), marker, ordered: isOrdered(sign), start: startOf(sign) };
}

// "1." "2)" "a." "iv)"; the bullets are ·, o, § and whatever a symbol font makes of them.
function isOrdered(sign) {
  return /^\(?(\d+(\.\d+)*|[a-zåäö]{1,2}|[ivxlc]+)[.)]$/i.test(sign) || /^\d+$/.test(sign);
}

function startOf(sign) {
  const number = /(\d+)\D*$/.exec(sign);
  return number ? Number(number[1]) : 1;
}
