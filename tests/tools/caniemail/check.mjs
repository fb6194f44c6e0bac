// node check.mjs PROGRAM FILE…: what of these letters the mail program does not draw ("none") or draws in part, a line each, sorted.
import { caniemail } from "caniemail";
import { readFileSync } from "node:fs";

const [program, ...files] = process.argv.slice(2);
const found = new Set();
for (const file of files) {
  const { issues } = caniemail({ clients: [program], html: readFileSync(file, "utf8") });
  for (const list of [issues.errors, issues.warnings]) {
    for (const features of list.values()) for (const { support, title } of features) found.add(`${support} ${title}`);
  }
}
console.log([...found].sort().join("\n"));
