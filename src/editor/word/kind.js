// What a file is that is no .docx, by its first octets: each has a way to become one.
import { WordFault } from "./fault.js";

const compound = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

export function checkKind(buffer) {
  const bytes = new Uint8Array(buffer);
  const beginning = String.fromCharCode(...bytes.subarray(0, 4096));
  if (!bytes.length) throw new WordFault("Empty");
  if (compound.every((octet, i) => bytes[i] === octet)) throw new WordFault(compoundKind(bytes));
  if (/^\s*\{\\rtf/.test(beginning)) throw new WordFault("Rtf");
  if (beginning.startsWith("%PDF")) throw new WordFault("Pdf");
  if (/^PK\u0003\u0004.{26}mimetypeapplication\/vnd\.oasis\.opendocument/s.test(beginning)) throw new WordFault("OpenDocument");
  if (/<html|^MIME-Version:|<w:wordDocument/i.test(beginning)) throw new WordFault("WebPage");
  if (!beginning.startsWith("PK")) throw new WordFault("NotWord");
}

// Names in the directory of a compound file ([MS-CFB] §2.6) are UTF-16, each at the beginning of 128 octets.
function compoundKind(bytes) {
  const found = name => {
    const wanted = [...name].flatMap(sign => [sign.charCodeAt(0), 0]);
    for (let at = 512; at + 128 <= bytes.length; at += 128) if (wanted.every((octet, i) => bytes[at + i] === octet)) return true;
    return false;
  };
  if (found("EncryptedPackage")) return "Locked";
  return found("WordDocument") ? "OldWord" : "NotWord";
}
