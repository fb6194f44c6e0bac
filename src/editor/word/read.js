// A Word document → what the composer makes an issue of. Nothing of it is sent anywhere, fetched or run: it is unpacked, and read as text.
import mammoth from "mammoth";
import { Figures } from "./figures.js";
import { WordFault } from "./fault.js";
import { flowOf } from "./flow.js";
import { checkKind } from "./kind.js";
import { Numbering } from "./numbering.js";
import { Outline } from "./outline.js";
import { Preparation, roleMark } from "./prepare.js";
import { Relations } from "./relations.js";
import { Styles } from "./styles.js";
import { Tally } from "./tally.js";
import { parseXml } from "./xml.js";
import { Zip } from "./zip.js";

const largestFile = 60 << 20;
const largestXml = 24 << 20;
const largestPicture = 60 << 20;
const [mostParts, longestBody] = [200, 40_000]; // what the server takes (WordDocument.cs)
const roles = ["h1", "h2", "h3", "h4", "h5", "h6", "title", "subtitle", "caption", "quote"];
const tags = { title: "h1.title", subtitle: "p.subtitle", caption: "p.caption", quote: "blockquote > p" };
const styleMap = roles.map(role => `p.${roleMark}${role} => ${tags[role] ?? role}:fresh`).concat("u => u");

// What mammoth passes over without a loss.
const harmless = /^(w:(tblPrEx|perm(Start|End)|customXml\w*Range\w+|customXmlPr|pgNum|separator|continuationSeparator)|office-word:\w+|wordml:\w+)$/;

// `shrink` makes a picture of a Blob the right size (pictures.js), null if the browser cannot show it; `say` is told which picture it is at.
export async function read(file, { shrink, say = () => {} }) {
  if (file.size > largestFile) throw new WordFault("TooLarge");
  const buffer = await file.arrayBuffer().catch(() => { throw new WordFault("Gone"); });
  checkKind(buffer);
  try {
    return await new Document(new Zip(buffer)).read(shrink, say);
  } catch (fault) {
    // Nested too deeply, or not what it says that it is.
    throw fault instanceof WordFault ? fault : new WordFault("Damaged");
  }
}

class Document {
  constructor(zip) {
    this.zip = zip;
    this.tally = new Tally();
  }

  async read(shrink, say) {
    await this.open();
    const outline = Outline.of(flowOf(await this.html(), this.tally), this.tally);
    const articles = outline.sections.flatMap(section => section.articles);
    if (!outline.sections.length) throw new WordFault("NoText");
    if (outline.sections.length + articles.length > mostParts) throw new WordFault("TooLong");
    if (articles.some(article => article.body.length > longestBody)) throw new WordFault("TooLong");
    await this.pictures(outline, shrink, say);
    await this.margins();
    const { subject, preheader, lead, sections } = outline;
    return { subject, preheader, lead, sections, counts: this.tally.counts };
  }

  async open() {
    this.main = new Relations(await this.xml("_rels/.rels"), "").ofKind("officeDocument") ?? "word/document.xml";
    if (!/document\d*\.xml$/i.test(this.main) || !this.zip.has(this.main)) throw new WordFault("NotWord");
    const [, folder, name] = /^(?:(.*)\/)?([^/]+)$/.exec(this.main);
    this.relations = new Relations(await this.xml(`${folder ? `${folder}/` : ""}_rels/${name}.rels`), folder ?? "");
    const part = async kind => this.xml(this.relations.ofKind(kind) ?? `word/${kind}.xml`);
    const { zip, tally, relations } = this;
    this.figures = new Figures({ zip, tally, relations });
    const page = await this.xml(this.main);
    new Preparation({ styles: new Styles(await part("styles")), numbering: new Numbering(await part("numbering")), figures: this.figures, tally })
      .children(page);
    this.prepared = new TextEncoder().encode(new XMLSerializer().serializeToString(page));
  }

  async html() {
    const { value, messages } = await mammoth.convertToHtml({ file: this.file() }, {
      styleMap, includeEmbeddedStyleMap: false, convertImage: mammoth.images.imgElement(() => ({ src: "" })),
    });
    for (const { message } of messages) this.hear(message);
    return value;
  }

  // As mammoth asks for it. Footnotes and comments are counted, not read.
  file() {
    return {
      exists: name => this.zip.has(name) && !/(footnotes|endnotes|comments)\.xml$/i.test(name),
      read: async (name, encoding) => {
        const bytes = name === this.main ? this.prepared : await this.zip.read(name, largestXml);
        return encoding ? new TextDecoder().decode(bytes) : bytes;
      },
    };
  }

  hear(message) {
    const name = /^An unrecognised element was ignored: (.+)$/.exec(message)?.[1];
    if (name && !harmless.test(name)) this.tally.add("other");
    if (message.startsWith("A w:sym element")) this.tally.add("symbols");
  }

  async xml(name) {
    return this.zip.has(name) ? parseXml(await this.zip.text(name, largestXml)) : null;
  }

  // Those that the browser can show, each as it will be sent.
  async pictures(outline, shrink, say) {
    const articles = outline.sections.flatMap(section => section.articles);
    const found = [outline.lead, ...articles.flatMap(article => article.pictures)].filter(Boolean);
    const shown = new Map();
    for (const [i, picture] of found.entries()) {
      say(i + 1, found.length);
      const { path, crop, alt, decorative } = this.figures.pictures[picture.number];
      const blob = await shrink(new Blob([await this.zip.read(path, largestPicture)], { type: typeOf(path) }), crop);
      if (blob) shown.set(picture, { blob, caption: picture.caption, alt, decorative: decorative && !alt });
      else this.tally.add("otherPictures");
    }
    outline.lead = shown.get(outline.lead) ?? null;
    for (const article of articles) article.pictures = article.pictures.map(picture => shown.get(picture)).filter(Boolean);
  }

  // A letter has a head and a foot of its own.
  async margins() {
    for (const name of this.zip.names.filter(name => /^word\/(header|footer)\d*\.xml$/.test(name))) {
      const words = (await this.xml(name)).documentElement.textContent.replace(/\b(sida|sid|s|av|page|of)\b|NUMPAGES|PAGE|MERGEFORMAT/gi, "");
      if (/\p{L}{2}/u.test(words)) this.tally.add("margins");
    }
  }
}

function typeOf(path) {
  const ending = /\.(\w+)$/.exec(path)?.[1].toLowerCase();
  return { jpg: "image/jpeg", jpe: "image/jpeg", jfif: "image/jpeg", svg: "image/svg+xml" }[ending] ?? `image/${ending}`;
}

