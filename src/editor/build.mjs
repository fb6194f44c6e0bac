// Bundles the editor into one file of the site, the same bytes each time: node build.mjs [FILE]
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const file = process.argv[2] ?? join(here, "../SmaKom.Mailer/wwwroot/editor.js");

const { metafile } = await build({
  absWorkingDir: here, entryPoints: ["element.js"], outfile: file,
  bundle: true, minify: true, format: "esm", target: "es2022", charset: "utf8", legalComments: "none", metafile: true,
});
await writeFile(`${file}.LEGAL.txt`, await licences(metafile));

// Each package that went in, by name, with its licence as its authors wrote it.
async function licences({ inputs }) {
  const folders = Object.keys(inputs).map(input => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]).filter(Boolean);
  const texts = [];
  for (const name of [...new Set(folders)].sort()) {
    const folder = join(here, "node_modules", name);
    const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    texts.push(`${name} ${version}\n\n${(await licence(folder)).trim()}\n`);
  }
  return `Packages in editor.js, and their licences.\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

async function licence(folder) {
  for (const name of ["LICENSE", "license", "LICENSE.md", "LICENCE"]) {
    const text = await readFile(join(folder, name), "utf8").catch(() => null);
    if (text) return text.replace(/\r\n/g, "\n");
  }
  throw new Error(`${folder} has no licence`);
}
