// A zip file (APPNOTE 6.3), read by the browser's own inflating. What a file declares is checked first, what comes of it as it comes, so
// that a small file cannot become an endless one.
import { WordFault } from "./fault.js";

const mostEntries = 5000;
const mostInAll = 200 << 20;
const [endSignature, entrySignature, localSignature] = [0x06054b50, 0x02014b50, 0x04034b50];
const [isEncrypted, stored, deflated] = [1, 0, 8];

export class Zip {
  constructor(buffer) {
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
    this.entries = new Map();
    this.left = mostInAll;
    this.list();
  }

  get names() {
    return [...this.entries.keys()];
  }

  has(name) {
    return this.entries.has(name);
  }

  // The octets of an entry, if they are no more than `most`.
  async read(name, most) {
    const entry = this.entries.get(name);
    const { at, packed, size, method, flags } = entry;
    if (flags & isEncrypted) throw new WordFault("Locked");
    if (size > most) throw new WordFault("TooMuch");
    const { view } = this;
    if (at + 30 > view.byteLength || view.getUint32(at, true) !== localSignature) throw new WordFault("Damaged");
    const from = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
    const data = this.bytes.subarray(from, from + packed);
    if (data.length < packed) throw new WordFault("Damaged");
    if (method === stored) return data;
    if (method !== deflated) throw new WordFault("Damaged");
    return inflate(data, Math.min(size, most));
  }

  async text(name, most) {
    return new TextDecoder().decode(await this.read(name, most));
  }

  // From the directory at the end of the file.
  list() {
    const { view } = this;
    const end = this.end();
    const count = view.getUint16(end + 10, true);
    if (count > mostEntries) throw new WordFault("TooMuch");
    let at = view.getUint32(end + 16, true);
    for (let i = 0; i < count; i++) {
      if (at + 46 > view.byteLength || view.getUint32(at, true) !== entrySignature) throw new WordFault("Damaged");
      const [name, extra, comment] = [28, 30, 32].map(offset => view.getUint16(at + offset, true));
      const entry = {
        flags: view.getUint16(at + 8, true), method: view.getUint16(at + 10, true),
        packed: view.getUint32(at + 20, true), size: view.getUint32(at + 24, true), at: view.getUint32(at + 42, true),
      };
      if ((this.left -= entry.size) < 0) throw new WordFault("TooMuch");
      this.entries.set(new TextDecoder().decode(this.bytes.subarray(at + 46, at + 46 + name)).replaceAll("\\", "/"), entry);
      at += 46 + name + extra + comment;
    }
  }

  end() {
    for (let at = this.view.byteLength - 22; at >= 0 && at >= this.view.byteLength - 22 - 0xffff; at--)
      if (this.view.getUint32(at, true) === endSignature) return at;
    throw new WordFault("Damaged");
  }
}

// Stops where more comes than was declared.
async function inflate(data, size) {
  const reader = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const made = new Uint8Array(size);
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (length + value.length > size) throw new WordFault("TooMuch");
      made.set(value, length);
      length += value.length;
    }
  } catch (fault) {
    await reader.cancel().catch(() => {});
    throw fault instanceof WordFault ? fault : new WordFault("Damaged");
  }
  return made.subarray(0, length);
}
