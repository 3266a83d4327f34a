/** What is due, the earliest first: a binary heap. */
export class Agenda<T> {
  readonly #entries: { readonly atMs: number; readonly what: T }[] = [];

  add(atMs: number, what: T): void {
    const entries = this.#entries;
    let at = entries.push({ atMs, what }) - 1;
    for (let above = (at - 1) >> 1; at > 0 && this.#time(above) > atMs; above = (at - 1) >> 1) {
      this.#swap(at, above);
      at = above;
    }
  }

  /** When the next is due; Infinity: nothing is. */
  get nextMs(): number {
    return this.#entries[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  take(): T {
    const [first] = this.#entries;
    const last = this.#entries.pop();
    if (first === undefined || last === undefined) throw new Error("nothing is due");
    if (this.#entries.length > 0) this.#sink(last);
    return first.what;
  }

  #sink(entry: { readonly atMs: number; readonly what: T }): void {
    this.#entries[0] = entry;
    let at = 0;
    for (;;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const least = this.#time(right) < this.#time(left) ? right : left;
      if (this.#time(least) >= entry.atMs) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #time(at: number): number {
    return this.#entries[at]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const entries = this.#entries;
    [entries[a], entries[b]] = [entries[b] as (typeof entries)[0], entries[a] as (typeof entries)[0]];
  }
}
