// Pictures of a paste. A text holds none (the article does), so they are offered: those that came along as files, and those that can only be
// asked for, since they lie in another program's folder, in a mail or on the web.
const told = /^data:(image\/(?:png|jpeg|gif|webp|bmp));base64,([a-z0-9+/=\s]+)$/i;

// `sources`: addresses in the HTML; null: there was none. Gives the files, and how many more there were.
export function picturesOf(sources, data) {
  const carried = sources?.map(fileOf) ?? [];
  const files = [...data?.files ?? []].filter(file => file.type.startsWith("image/"));
  const named = carried.filter(file => !file).length;
  // What the text only names may lie beside it. A program that copies a text as a picture, too, means the text.
  const beside = sources ? files.slice(0, named) : files;
  return { files: [...carried.filter(Boolean), ...beside], missing: named - (sources ? beside.length : 0) };
}

function fileOf(source) {
  const [, type, octets] = told.exec(source) ?? [];
  if (!type) return null;
  try {
    return new File([Uint8Array.from(atob(octets.replace(/\s/g, "")), sign => sign.charCodeAt(0))], "bild", { type: type.toLowerCase() });
  } catch {
    return null;
  }
}
