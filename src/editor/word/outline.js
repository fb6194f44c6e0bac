// What follows upon each other → an issue: subject, sections, articles with their pictures. The levels of the headings decide: of two, the
// upper makes sections and the lower articles; one alone makes articles.
import { DOMParser as Reader } from "prosemirror-model";
import { write } from "../markdown/write.js";
import { clean } from "../paste/clean.js";
import { schema } from "../schema.js";

const mostPictures = 20; // in an article, as the composer has them
const [longestSubject, longestPreheader] = [150, 130];

export class Outline {
  constructor(tally) {
    Object.assign(this, { tally, subject: "", preheader: "", lead: null, sections: [] });
  }

  static of(flow, tally) {
    const outline = new Outline(tally);
    const parts = outline.begun(flow);
    const [upper, lower] = levelsOf(parts);
    for (const [i, part] of parts.entries()) {
      if (part.level && lower && part.level === upper) outline.section(part.heading);
      else if (part.level && (part.level === (lower ?? upper) || !outline.article)) outline.begin(part.heading);
      else if (part.level) outline.text(subheading(part.heading));
      else if (part.picture !== undefined) outline.picture(part.picture);
      else if (part.caption) outline.caption(part, parts[i + 1]);
      else outline.text(part.text);
    }
    outline.close();
    outline.lead = outline.leading();
    return outline;
  }

  // A picture alone before all headings is the letter's.
  leading() {
    const [first, ...others] = this.sections.flatMap(section => section.articles);
    if (!others.length || first.heading || first.body || first.pictures.length !== 1) return null;
    const [section] = this.sections;
    section.articles.shift();
    if (!section.articles.length && !section.heading) this.sections.shift();
    return first.pictures[0];
  }

  // The title is the subject: one of that style, or a heading that stands alone above all others. Else the first heading is, and stays one.
  begun(flow) {
    const titles = flow.filter(part => part.title);
    this.subject = titles[0]?.title ?? "";
    // A second title is a heading above the others.
    let parts = flow.filter(part => part !== titles[0]).map(part => part.title ? { heading: part.title, level: 0.5 } : part);
    const headings = parts.filter(part => part.level);
    const top = headings.filter(part => part.level === levelsOf(parts)[0]);
    if (!this.subject && headings.length) {
      this.subject = top[0].heading.length <= longestSubject ? top[0].heading : "";
      if (this.subject && top.length === 1 && headings[0] === top[0] && headings.length > 1) parts = parts.filter(part => part !== top[0]);
    }
    return parts.map(part => this.subtitled(part));
  }

  // The line under the title is what an inbox shows after the subject.
  subtitled(part) {
    if (!part.subtitle) return part;
    if (this.preheader || part.subtitle.length > longestPreheader) return { text: part.element };
    this.preheader = part.subtitle;
    return { text: null };
  }

  section(heading) {
    this.close();
    this.article = null;
    this.last = null;
    this.sections.push({ heading, articles: [] });
  }

  begin(heading) {
    this.close();
    if (!this.sections.length) this.sections.push({ heading: "", articles: [] });
    this.article = { heading, body: "", pictures: [] };
    this.sections.at(-1).articles.push(this.article);
    this.texts = [];
    this.last = null;
  }

  text(element) {
    if (!element) return;
    if (!this.article) this.begin("");
    this.texts.push(element);
    this.last = null;
  }

  picture(number) {
    if (!this.article) this.begin("");
    if (this.article.pictures.length >= mostPictures) return this.tally.add("tooManyPictures");
    this.last = { number, caption: this.waiting ?? "" };
    this.waiting = null;
    this.article.pictures.push(this.last);
  }

  // Right beneath its picture, or right above it; elsewhere it is a text.
  caption({ caption, element }, next) {
    if (this.last && !this.last.caption) this.last.caption = caption;
    else if (next?.picture !== undefined) this.waiting = caption;
    else this.text(element);
  }

  close() {
    if (!this.article) return;
    this.article.body = this.markdown(this.texts.map(element => element.outerHTML).join(""));
  }

  markdown(html) {
    const cleaned = clean(html);
    const page = new DOMParser().parseFromString(cleaned.html, "text/html");
    return write(Reader.fromSchema(schema).parse(page.body));
  }
}

function levelsOf(parts) {
  return [...new Set(parts.map(part => part.level).filter(Boolean))].sort((one, other) => one - other);
}

function subheading(words) {
  const heading = document.implementation.createHTMLDocument("").createElement("h3");
  heading.textContent = words;
  return heading;
}
