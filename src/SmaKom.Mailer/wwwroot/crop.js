// A portrait is shown square: here somebody chooses which part of a picture that is. By the sliders, that is also by the arrow keys, or by
// dragging; pictures.js cuts it. Without this script a picture is taken as it is.
const shown = 240; // CSS pixels
const isSquare = 0.02; // sides that differ by less

// Resolves to how much of each side is cut away, from 0 to 1 (null: nothing), once somebody has chosen. `place` holds the words, and the panel.
export async function square(file, place, always) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  if (!always && Math.abs(bitmap.width - bitmap.height) <= isSquare * bitmap.width) return null;
  const panel = new Panel(bitmap, place.dataset);
  place.querySelector(".crop")?.remove();
  place.querySelector("[data-upload]").after(panel.element);
  panel.draw();
  panel.sliders[0].focus();
  const crop = await panel.chosen;
  panel.element.remove();
  bitmap.close();
  return crop;
}

class Panel {
  constructor(bitmap, words) {
    this.bitmap = bitmap;
    this.canvas = made("canvas", { width: 2 * shown, height: 2 * shown, "aria-hidden": "true" });
    // Faces are rather in the upper half.
    this.sliders = [[50, 0, 100], [33, 0, 100], [100, 100, 400]].map(([value, min, max]) =>
      made("input", { type: "range", min, max, step: 1, value }));
    const labels = [words.cropAcross, words.cropDown, words.cropNear].map((text, i) => made("label", {}, text, this.sliders[i]));
    const use = made("button", { type: "button", class: "primary" }, words.cropUse);
    const whole = made("button", { type: "button" }, words.cropWhole);
    this.element = made("div", { class: "crop", role: "group", "aria-label": words.square }, this.canvas,
      made("div", {}, made("p", { class: "hint" }, words.square), ...labels, made("div", { class: "cluster" }, use, whole)));
    this.chosen = new Promise(done => {
      use.onclick = () => done(this.crop);
      whole.onclick = () => done(null);
    });
    // What is moved here is no field of the part.
    for (const name of ["input", "change"]) this.element.addEventListener(name, event => { event.stopPropagation(); this.draw(); });
    this.canvas.onpointerdown = event => this.canvas.setPointerCapture(event.pointerId);
    this.canvas.onpointermove = event => { if (this.canvas.hasPointerCapture(event.pointerId)) this.drag(event.movementX, event.movementY); };
  }

  get side() {
    return Math.min(this.bitmap.width, this.bitmap.height) * 100 / this.sliders[2].value;
  }

  get rest() {
    return [this.bitmap.width - this.side, this.bitmap.height - this.side];
  }

  get corner() {
    return this.rest.map((rest, i) => rest * this.sliders[i].value / 100);
  }

  get crop() {
    const { bitmap: { width, height }, corner: [left, top], side } = this;
    return { left: left / width, top: top / height, right: 1 - (left + side) / width, bottom: 1 - (top + side) / height };
  }

  drag(...moved) {
    const scale = this.side / this.canvas.clientWidth;
    this.rest.forEach((rest, i) => { if (rest) this.sliders[i].value = +this.sliders[i].value - moved[i] * scale / rest * 100; });
    this.draw();
  }

  draw() {
    const [left, top] = this.corner;
    this.canvas.getContext("2d").drawImage(this.bitmap, left, top, this.side, this.side, 0, 0, 2 * shown, 2 * shown);
  }
}

function made(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}
