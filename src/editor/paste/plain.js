// Plain text, as terminals, notes and readers of PDF give it: blank lines part paragraphs, signs begin items, and lines that a page was too
// narrow for become one again.
const bullet = /^\s*[•·‣▪●○◦*–-]\s+(?=\S)/;
const number = /^\s*(\d{1,3})[.)]\s+(?=\S)/;

export function blocksOf(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/[\u00ad\ufeff\u200b]/g, "").replace(/\f/g, "\n\n").split("\n").map(line => line.trimEnd());
  const width = Math.max(...lines.map(line => line.length));
  const isWrapped = wrapped(lines, width);
  const blocks = [];
  let open = false;
  for (const line of lines) {
    const words = line.trim();
    const last = blocks.at(-1);
    if (!words) {
      open = false;
    } else if (bullet.test(line)) {
      blocks.push({ kind: "bullet", words: line.replace(bullet, "") });
      open = true;
    } else if (number.test(line)) {
      blocks.push({ kind: "number", start: Number(number.exec(line)[1]), words: line.replace(number, "") });
      open = true;
    } else if (open && isWrapped) {
      last.words = continued(last.words, words);
    } else {
      blocks.push({ kind: "text", words });
      open = true;
    }
    // A short line that ends a sentence ends its paragraph too.
    if (words && isWrapped && line.length < width * 0.7 && /[.!?:”"]$/.test(words)) open = false;
  }
  return blocks;
}

// Most lines are about as long as the longest: a page, not a person, broke them.
function wrapped(lines, width) {
  const full = lines.filter(line => line.trim());
  return full.length >= 3 && width >= 45 && width <= 140 && full.filter(line => line.length >= width * 0.7).length >= full.length / 2;
}

// "kommu-" and "nen" are one word; "kommun-" and "och" are not.
function continued(before, words) {
  if (/\p{Ll}-$/u.test(before) && /^\p{Ll}/u.test(words) && !/^(och|eller|samt|and|or)\b/.test(words)) return before.slice(0, -1) + words;
  return before + " " + words;
}
