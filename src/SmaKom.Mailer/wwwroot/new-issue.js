// A new issue from a Word document: the file is read here (word.js, fetched once one is chosen), what it becomes is shown, and only when
// somebody makes the draft is anything sent. Without this script the choice is not there.
const formats = "application/vnd.openxmlformats-officedocument.wordprocessingml.document,.docx,.docm,.doc,.odt,.rtf";
const lost = ["footnotes", "comments", "smartArt", "charts", "shapes", "objects", "metafiles", "linkedPictures", "lostPictures", "otherPictures",
  "tooManyPictures", "refusedPictures", "margins", "contents", "hidden", "symbols", "other"];
const changed = ["boldHeadings", "tables", "textBoxes", "changes", "links", "tracking", "headingNumbers", "captionNumbers", "longHeadings", "longAlt", "formulas",
  "raised", "struck"];

const shownHeight = 56; // in CSS pixels

class WordDocument extends HTMLElement {
  connectedCallback() {
    if (this.words) return;
    this.words = JSON.parse(this.dataset.words);
    this.form = this.closest("form");
    this.choice = this.querySelector("input[type=radio]");
    this.input = this.querySelector("input[type=file]");
    this.state = this.querySelector("[role=status]");
    this.summary = this.querySelector("[data-summary]");
    this.subject = this.querySelector("[data-subject] input");
    this.hidden = false;
    this.input.accept = formats;
    this.querySelector("button").onclick = () => this.input.click();
    this.input.onchange = () => { this.take(this.input.files[0]); this.input.value = ""; };
    this.form.addEventListener("change", () => this.opened());
    this.form.addEventListener("submit", event => this.submitted(event));
    this.addEventListener("dragover", event => this.over(event));
    this.addEventListener("dragleave", () => this.classList.remove("over"));
    this.addEventListener("drop", event => this.over(event) && this.take(event.dataTransfer.files[0]));
    this.opened();
  }

  over(event) {
    if (!event.dataTransfer.types.includes("Files")) return false;
    event.preventDefault();
    this.classList.toggle("over", event.type === "dragover");
    return true;
  }

  opened() {
    this.querySelector(".beneath").hidden = !this.choice.checked;
  }

  async take(file) {
    if (!file) return;
    this.choice.checked = true;
    this.opened();
    this.document = null;
    this.summary.hidden = true;
    const turn = this.turn = {};
    const say = (words, bad) => { if (turn === this.turn) this.say(words, bad); };
    say(this.told("Reading", file.name));
    let found;
    try {
      const [{ read }, { shrink }] = await Promise.all([import(this.dataset.reader), import(this.dataset.pictures)]);
      found = await read(file, { shrink, say: (at, of) => say(this.told("Picture", at, of)) });
    } catch (fault) {
      return say(this.words[`Fault.${fault.key}`] ?? this.words["Fault.Offline"], true);
    }
    if (turn !== this.turn) return;
    this.document = found;
    this.subject.value = found.subject || file.name.replace(/\.\w+$/, "").slice(0, this.subject.maxLength);
    say(this.counted(found, file.name));
    this.show(found);
  }

  counted(found, name) {
    const { sections } = found;
    const articles = sections.flatMap(section => section.articles);
    const number = (one, many, count) => count === 1 ? this.words[one] : this.told(many, count);
    return this.told("Became", name, number("Section", "Sections", sections.length), number("Article", "Articles", articles.length),
      number("OnePicture", "Pictures", picturesOf(found).length));
  }

  show(found) {
    const { lead, sections, counts } = found;
    const articles = sections.flatMap(section => section.articles);
    const pictures = picturesOf(found);
    this.list("outline", [...lead ? [made("li", {}, [made("strong", {}, [this.words.Lead]), ...seen([lead])])] : [], ...sections.map(section => {
      const items = section.articles.map(article => made("li", {}, [
        article.heading || made("em", {}, [this.words.NoHeading]),
        ...article.pictures.length ? [made("span", { class: "meta" }, [` ${this.pictured(article.pictures.length)}`])] : [],
        ...seen(article.pictures),
      ]));
      return made("li", {}, [made("strong", {}, [section.heading || this.dataset.usual]), made("ul", {}, items)]);
    })]);
    const line = (key, count) => count ? [made("li", {}, [this.told(key, count)])] : [];
    this.list("todo", [
      ...line("Todo.Headings", articles.filter(article => !article.heading).length),
      ...line("Todo.Alt", pictures.filter(picture => !picture.alt && !picture.decorative).length),
      ...line("Todo.Text", articles.filter(article => !article.body).length),
    ]);
    this.list("changed", changed.flatMap(kind => line(`Changed.${kind}`, counts[kind])));
    this.list("lost", lost.flatMap(kind => line(`Lost.${kind}`, counts[kind])));
    this.querySelector("[data-all]").hidden = [...lost, ...changed].some(kind => counts[kind]);
    this.summary.hidden = false;
  }

  pictured(count) {
    return count === 1 ? this.words.OnePicture : this.told("Pictures", count);
  }

  list(name, items) {
    const part = this.querySelector(`[data-list=${name}]`);
    part.querySelector("ul").replaceChildren(...items);
    part.hidden = !items.length;
  }

  // The form's own button, where this is what is chosen.
  async submitted(event) {
    if (!this.choice.checked) return;
    event.preventDefault();
    if (this.busy) return;
    if (!this.document) {
      this.say(this.words.First, true);
      return this.querySelector("button").focus();
    }
    this.busy = true;
    const fault = await this.make(this.document).catch(fault => fault.words ?? this.words["Fault.Offline"]);
    this.busy = false;
    if (fault) this.say(fault, true);
  }

  // Gives what went wrong, if anything did. What has arrived is not sent again.
  async make(found) {
    const pictures = picturesOf(found);
    const refused = [];
    for (const [i, picture] of pictures.entries()) {
      if (picture.id || picture.refused) continue;
      this.say(this.told("Sending", i + 1, pictures.length));
      const [answer] = await this.post(this.dataset.upload, { bild: picture.blob });
      if (answer.fault) refused.push(picture.refused = answer.fault);
      else picture.id = answer.id;
    }
    if (refused.length) {
      this.drop(found);
      return this.told("Refused", refused.length, [...new Set(refused)].join(" "));
    }
    this.say(this.words.Making);
    const { address } = await this.post(this.dataset.create, { innehall: this.content(found), manad: this.form.elements.manad.value });
    location.assign(address);
    return null;
  }

  // Without those that the server does not take: somebody has been told.
  drop(found) {
    found.counts.refusedPictures = (found.counts.refusedPictures ?? 0) + picturesOf(found).filter(picture => picture.refused).length;
    if (found.lead?.refused) found.lead = null;
    for (const article of found.sections.flatMap(section => section.articles)) article.pictures = article.pictures.filter(picture => picture.id);
    this.show(found);
  }

  content({ preheader, lead, sections }) {
    const named = ({ id, alt, caption, decorative }) => ({ id, alt, caption, decorative });
    return JSON.stringify({
      subject: this.subject.value.trim(), preheader, lead: lead && named(lead),
      sections: sections.map(({ heading, articles }) => ({
        heading, articles: articles.map(({ heading, body, pictures }) => ({ heading, body, pictures: pictures.map(named) })),
      })),
    });
  }

  async post(address, fields, again = true) {
    const body = new FormData();
    body.append("__RequestVerificationToken", this.form.elements.__RequestVerificationToken.value);
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
    if (answer.ok && answer.headers.get("content-type")?.startsWith("application/json")) return answer.json();
    // After a new login the page's token is the old one's.
    if (answer.status === 400 && again && await this.renew()) return this.post(address, fields, false);
    const isOut = answer.type === "opaqueredirect" || answer.status === 401;
    const key = isOut ? "Fault.LoginOver" : answer.status === 413 ? "Fault.TooLong" : answer.status === 400 ? "Fault.Refused" : "Fault.Offline";
    throw Object.assign(new Error(key), { words: this.words[key] });
  }

  async renew() {
    const answer = await fetch(location.pathname, { redirect: "manual" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("word-document")?.closest("form").elements.__RequestVerificationToken.value;
    if (token) this.form.elements.__RequestVerificationToken.value = token;
    return !!token;
  }

  told(key, ...values) {
    return values.reduce((words, value, i) => words.replace(`{${i}}`, () => value), this.words[key]);
  }

  say(words, bad = false) {
    this.state.textContent = words;
    this.state.classList.toggle("error", bad);
  }
}

function picturesOf({ lead, sections }) {
  return [...lead ? [lead] : [], ...sections.flatMap(section => section.articles).flatMap(article => article.pictures)];
}

// Small, as they will be sent. The page's policy shows no picture from elsewhere than the site, but what is drawn is its own.
function seen(pictures) {
  if (!pictures.length) return [];
  const canvases = pictures.map(({ blob }) => {
    const canvas = made("canvas", { height: 0 }, []);
    createImageBitmap(blob).then(bitmap => {
      canvas.height = 2 * shownHeight;
      canvas.width = Math.max(1, Math.round(bitmap.width * canvas.height / bitmap.height));
      canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      bitmap.close();
    }).catch(() => canvas.remove());
    return canvas;
  });
  return [made("span", { class: "seen", "aria-hidden": "true" }, canvases)];
}

function made(name, attributes, children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

customElements.define("word-document", WordDocument);
