// What could not be kept as it was, by kind: nothing is lost in silence.
export class Tally {
  counts = {};

  add(kind, count = 1) {
    if (count > 0) this.counts[kind] = (this.counts[kind] ?? 0) + count;
  }
}
