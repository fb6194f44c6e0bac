// Bundles what runs in the browser into files of the site, the same bytes each time: node build.mjs [FOLDER]
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2] ?? join(here, "../SmaKom.Mailer/wwwroot");

// What mammoth brings for browsers of its time, and those of ours do themselves: reading zip files and XML.
const native = {
  name: "native",
  setup(esbuild) {
    const inMammoth = (filter, file) => esbuild.onResolve({ filter }, ({ importer }) =>
      /[\\/]node_modules[\\/]mammoth[\\/]/.test(importer) ? { path: join(here, "word/mammoth", file) } : null);
    inMammoth(/^\.\/unzip$/, "unzip.js");
    inMammoth(/^\.\/xmldom$/, "xmldom.js");
    inMammoth(/^(jszip|base64-js|xmlbuilder)$/, "nothing.js");
  },
};

await bundle("editor.js", "element.js");
await bundle("word.js", "word/read.js", [native]);

async function bundle(name, entry, plugins = []) {
  const file = join(folder, name);
  const { metafile } = await build({
    absWorkingDir: here, entryPoints: [entry], outfile: file, plugins,
    bundle: true, minify: true, format: "esm", target: "es2022", charset: "utf8", legalComments: "none", metafile: true,
  });
  await writeFile(`${file}.LEGAL.txt`, await licences(name, metafile));
}

// Each package that went in, by name, with its licence as its authors wrote it.
async function licences(name, { inputs }) {
  const folders = Object.keys(inputs).map(input => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]).filter(Boolean);
  const texts = [];
  for (const name of [...new Set(folders)].sort()) {
    const folder = join(here, "node_modules", name);
    const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    texts.push(`${name} ${version}\n\n${(await licence(folder)).trim()}\n`);
  }
  return `Packages in ${name}, and their licences.\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

async function licence(folder) {
  for (const name of ["LICENSE", "license", "LICENSE.md", "LICENCE"]) {
    const text = await readFile(join(folder, name), "utf8").catch(() => null);
    if (text) return text.replace(/\r\n/g, "\n");
  }
  throw new Error(`${folder} has no licence`);
}
