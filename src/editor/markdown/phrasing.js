// The text of a paragraph as Markdown's tree. Bold and italic begin and end where every reader of Markdown sees that they do.

// Links stand outermost; within and between them bold and italic.
export function phrasing(textblock) {
  const pieces = [];
  textblock.forEach(node => pieces.push(piece(node)));
  return runs(pieces, piece => piece.href).flatMap(run => run[0].href ? link(run) : emphasised(run, outside(pieces, run)));
}

function piece(node) {
  if (!node.isText) return { break: true };
  const mark = name => node.marks.find(mark => mark.type.name === name);
  return { text: node.text, href: mark("link")?.attrs.href, voice: mark("strong") ? "strong" : mark("em") ? "emphasis" : null };
}

// What stands before and behind some pieces in the source: a bracket where a link is.
function outside(pieces, run) {
  const [before, after] = [pieces[pieces.indexOf(run[0]) - 1], pieces[pieces.indexOf(run.at(-1)) + 1]];
  return { before: before?.href ? ")" : " ", after: after?.href ? "[" : " " };
}

function link(run) {
  const [before, inner, after] = trimmed(run);
  if (!inner.length) return emphasised(before.concat(after), { before: " ", after: " " });
  const children = emphasised(inner, { before: "[", after: "]" });
  return [...texts(before), { type: "link", url: run[0].href, children }, ...texts(after)];
}

// Spaces at a link's edges stand beside it.
function trimmed(run) {
  const pieces = run.map(piece => ({ ...piece }));
  const before = take(pieces, 0, /^\s+/);
  const after = take(pieces, -1, /\s+$/);
  return [before, pieces, after];
}

function take(pieces, at, pattern) {
  const taken = [];
  while (pieces.length) {
    const piece = pieces.at(at);
    const space = piece.text?.match(pattern)?.[0];
    if (!piece.break && space === undefined) break;
    if (piece.break || space === piece.text) {
      taken.push({ ...piece, voice: null });
      pieces.splice(at, 1);
      continue;
    }
    piece.text = at === 0 ? piece.text.slice(space.length) : piece.text.slice(0, -space.length);
    taken.push({ text: space, voice: null });
    break;
  }
  return at === 0 ? taken : taken.reverse();
}

function emphasised(pieces, edge) {
  const spoken = voiced(pieces, edge);
  // 5*3*2 is a product (typed.js).
  spoken.forEach((piece, i) => {
    if (piece.voice !== "emphasis" || !/^[0-9]+$/.test(piece.text)) return;
    if (/[0-9]$/.test(spoken[i - 1]?.text) && /^[0-9]/.test(spoken[i + 1]?.text)) piece.voice = null;
  });
  return runs(spoken, piece => piece.voice).flatMap(run => run[0].voice ? [{ type: run[0].voice, children: texts(run) }] : texts(run));
}

// Edges of bold and italic moved inwards, past spaces, breaks, and signs that would touch a letter outside.
function voiced(pieces, edge) {
  const signs = pieces.flatMap(piece => piece.break
    ? [{ sign: "\n", break: true }]
    : [...piece.text].map(sign => ({ sign, voice: piece.voice })));
  const at = i => i < 0 ? edge.before : signs[i]?.sign ?? edge.after;
  for (let i = 0; i < signs.length; i++) {
    if (signs[i].voice && signs[i].voice !== signs[i - 1]?.voice && !mayStand(signs[i].sign, at(i - 1))) signs[i].voice = null;
  }
  for (let i = signs.length - 1; i >= 0; i--) {
    if (signs[i].voice && signs[i].voice !== signs[i + 1]?.voice && !mayStand(signs[i].sign, at(i + 1))) signs[i].voice = null;
  }
  return signs.reduce((done, sign) => {
    const last = done.at(-1);
    if (sign.break) done.push({ break: true });
    else if (last && !last.break && last.voice === sign.voice) last.text += sign.sign;
    else done.push({ text: sign.sign, voice: sign.voice });
    return done;
  }, []);
}

// Whether ** may stand between them. Signs of which readers differ whether they are letters (emoji) are taken for the worse of the two.
function mayStand(inner, outer) {
  if (/\s/.test(inner)) return false;
  if (/[\p{L}\p{M}\p{N}]/u.test(inner)) return true;
  return /\s/.test(outer) || /[!-/:-@[-`{-~\p{P}]/u.test(outer);
}

function runs(pieces, key) {
  const done = [];
  for (const piece of pieces) {
    const last = done.at(-1);
    if (last && !piece.break && !last[0].break && key(last[0]) === key(piece)) last.push(piece);
    else done.push([piece]);
  }
  return done;
}

function texts(pieces) {
  return pieces.map(piece => piece.break ? { type: "break" } : { type: "text", value: piece.text });
}
