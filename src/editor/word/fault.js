// Why a file cannot be read: each key has a sentence among the page's words.
export class WordFault extends Error {
  constructor(key) {
    super(key);
    this.key = key;
  }
}
