// The file is open already (../zip.js).
export function openZip({ file }) {
  return Promise.resolve(file);
}
