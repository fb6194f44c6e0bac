// Pictures from the computer: chosen, dropped or pasted, made the right size here (what the camera noted about the place goes with the
// old pixels), sent one by one, and put where they were dropped. Without this script a form of its own uploads them as they are.
const widest = 1200; // twice what a letter shows
const portrait = 432; // six times
const highest = 1800;
const quality = 0.82;
const heaviest = 30 << 20; // what the server takes
const drawn = 300 << 10; // a PNG of so many octets stays one: letters and lines are sharper in it
const told = 64 << 10; // enough of a file to see what it is

class PictureField extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("[data-upload]")) return;
    this.upload = document.createElement("div");
    this.upload.className = "upload";
    this.upload.dataset.upload = "";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.dataset.choose;
    const hint = document.createElement("span");
    hint.className = "meta";
    hint.textContent = this.dataset.drop;
    this.input = document.createElement("input");
    this.input.type = "file";
    this.input.multiple = true;
    this.input.hidden = true;
    // So that telephones hand over a JPEG.
    this.input.accept = "image/jpeg,image/png,image/gif,image/webp";
    this.state = document.createElement("p");
    this.state.setAttribute("role", "status");
    this.upload.append(button, hint, this.input, ...this.dataset.square ? [this.recut()] : [], this.state);
    this.querySelector("legend").after(this.upload);
    const select = this.querySelector("select");
    for (const way of ["change", "fill"]) select.addEventListener(way, () => this.look(select.value));
    button.onclick = () => this.input.click();
    this.input.onchange = () => { this.take([...this.input.files]); this.input.value = ""; };
    this.addEventListener("dragover", event => this.over(event));
    this.addEventListener("dragleave", () => this.classList.remove("over"));
    this.addEventListener("drop", event => this.over(event) && this.take([...event.dataTransfer.files]));
    this.addEventListener("paste", event => {
      const files = [...event.clipboardData.files];
      if (!files.length) return;
      event.preventDefault();
      this.take(files);
    });
  }

  recut() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = this.dataset.recut;
    const select = this.querySelector("select");
    const look = () => { button.hidden = !select.value; };
    for (const name of ["change", "fill"]) select.addEventListener(name, look);
    look();
    button.onclick = () => this.again();
    return button;
  }

  over(event) {
    if (!event.dataTransfer.types.includes("Files")) return false;
    event.preventDefault();
    this.classList.toggle("over", event.type === "dragover");
    return true;
  }

  get form() {
    return this.closest("form");
  }

  // A portrait that is chosen already is cut anew.
  async again() {
    const answer = await fetch("/bild/" + encodeURIComponent(this.querySelector("select").value)).catch(() => null);
    if (!answer?.ok) return this.show(this.dataset.offline, true);
    await this.take([await answer.blob()], true);
  }

  async take(files, again = false) {
    const faults = [];
    let [place, first, left] = [this, null, 0];
    for (const file of files) {
      const answer = await this.send(file, again);
      if (!answer.id) {
        faults.push(files.length > 1 ? `${file.name}: ${answer.fault}` : answer.fault);
        continue;
      }
      for (const field of this.form.querySelectorAll("picture-field")) field.know(answer);
      if (place) place.put(answer); else left++;
      first ??= place;
      place = place?.next();
    }
    this.show([first && (left ? this.dataset.more : this.dataset.done), ...faults].filter(Boolean).join(" "), faults.length > 0);
    first?.querySelector("input[name$='.alt']").focus();
  }

  async send(file, again) {
    const { square, crop: cutter } = this.dataset;
    const crop = square ? await (await import(cutter)).square(file, this, again) : null;
    this.show(this.dataset.shrinking.replace("{0}", file.name ?? ""));
    const picture = await shrink(file, crop, square ? portrait : widest) ?? file;
    if (picture.size > heaviest && /^image\/(jpeg|png|gif)$/.test(picture.type)) return { fault: this.dataset.large };
    this.show(this.dataset.sending.replace("{0}", file.name ?? ""));
    const body = new FormData();
    for (const own of ["__RequestVerificationToken", "del"]) if (this.form.elements[own]) body.append(own, this.form.elements[own].value);
    // What the browser cannot show is not taken either: its beginning tells the server what it is.
    const isForeign = picture === file && !/^image\/(jpeg|png|gif)$/.test(file.type);
    body.append("bild", isForeign && file.size > told ? file.slice(0, told) : picture, "bild");
    const answer = await fetch(this.form.getAttribute("action").replace(/spara$/, "bild"), {
      method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual",
    }).catch(() => null);
    if (answer?.type === "opaqueredirect" || answer?.status === 401) return { fault: this.dataset.login };
    if (answer?.status === 413) return { fault: this.dataset.large };
    if (!answer?.ok) return { fault: this.dataset.offline };
    return (await answer.json())[0];
  }

  // Among those to choose, first.
  know(picture) {
    const select = this.querySelector("select");
    if ([...select.options].some(option => option.value === picture.id)) return;
    select.options[0].after(new Option(`${picture.width} × ${picture.height}`, picture.id));
  }

  put(picture) {
    this.closest("details")?.setAttribute("open", "");
    const select = this.querySelector("select");
    select.value = picture.id;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    select.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // The picture that is chosen is seen at once.
  look(id) {
    const place = this.querySelector(".choose");
    place.querySelector("img")?.remove();
    if (!id) return;
    const picture = document.createElement("img");
    picture.src = "/bild/" + encodeURIComponent(id);
    picture.alt = "";
    place.prepend(picture);
  }

  // The place for one more, made if there is none: only lists have one.
  next() {
    const [, list, number] = this.dataset.name.match(/^(.*pictures)\[(\d+)\]$/) ?? [];
    if (!list) return null;
    const name = `${list}[${+number + 1}]`;
    const there = this.form.querySelector(`picture-field[data-name="${CSS.escape(name)}"]`);
    if (there) return there;
    const made = this.cloneNode(true);
    made.querySelector("[data-upload]").remove();
    made.querySelector("img")?.remove();
    made.dataset.name = name;
    const id = text => "falt-" + text.replace("[", "-").replace("]", "").replaceAll(".", "-");
    for (const part of made.querySelectorAll("*"))
      for (const { name: key, value } of [...part.attributes])
        part.setAttribute(key, value.replaceAll(this.dataset.name, name).replaceAll(id(this.dataset.name), id(name)));
    for (const field of made.querySelectorAll("input:not([type=hidden],[type=checkbox])")) field.value = "";
    for (const box of made.querySelectorAll("[type=checkbox]")) box.checked = false;
    made.querySelector(".error")?.remove();
    (this.closest("details") ?? this).after(made);
    return made;
  }

  show(words, bad = false) {
    this.state.textContent = words;
    this.state.classList.toggle("error", bad);
  }
}

// Null: the browser cannot show it. `crop` says how much of each side is cut away, from 0 to 1; `wide` the most pixels from side to side.
export async function shrink(file, crop, wide = widest) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  const { left, top, width, height } = shown(bitmap, crop);
  const scale = Math.min(1, wide / width, highest / height);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const brush = canvas.getContext("2d");
  brush.imageSmoothingQuality = "high";
  brush.drawImage(bitmap, left, top, width, height, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const coded = (type, how) => new Promise(done => canvas.toBlob(done, type, how));
  if (file.type !== "image/jpeg") {
    const png = await coded("image/png");
    if (png && (png.size <= drawn || isClear(brush, canvas))) return png;
  }
  return coded("image/jpeg", quality);
}

function shown({ width, height }, crop) {
  const { left = 0, top = 0, right = 0, bottom = 0 } = crop ?? {};
  if (left + right >= 1 || top + bottom >= 1) return { left: 0, top: 0, width, height };
  return { left: left * width, top: top * height, width: (1 - left - right) * width, height: (1 - top - bottom) * height };
}

function isClear(brush, { width, height }) {
  const { data } = brush.getImageData(0, 0, width, height);
  for (let at = 3; at < data.length; at += 4) if (data[at] < 255) return true;
  return false;
}

customElements.define("picture-field", PictureField);
