import type { NamedCounts, NameList } from "./contract.ts";

/** Counts things by name, in bounded memory: a name that comes when there are too many already only adds to `more`. */
export class BoundedCounts {
  readonly #counts = new Map<string, number>();
  readonly #namesMax: number;
  readonly #nameCharactersMax: number;
  #nameCharacters = 0;
  #more = 0;

  constructor(namesMax: number, nameCharactersMax = namesMax * 64) {
    this.#namesMax = namesMax;
    this.#nameCharactersMax = nameCharactersMax;
  }

  add(name: string, count = 1): void {
    const before = this.#counts.get(name);
    if (before !== undefined) {
      this.#counts.set(name, before + count);
      return;
    }
    const hasRoom =
      this.#counts.size < this.#namesMax && this.#nameCharacters + name.length <= this.#nameCharactersMax;
    if (hasRoom) {
      this.#counts.set(name, count);
      this.#nameCharacters += name.length;
    } else {
      this.#more += count;
    }
  }

  get size(): number {
    return this.#counts.size;
  }

  counts(): NamedCounts {
    const names = Array.from(this.#counts, ([name, count]) => ({ name, count }));
    names.sort((a, b) => b.count - a.count || compareText(a.name, b.name));
    return { names, more: this.#more };
  }

  list(): NameList {
    return { names: [...this.#counts.keys()].sort(compareText), hasMore: this.#more > 0 };
  }
}

/** By the bytes of UTF-8, as Go compares; JavaScript's own order differs beyond U+FFFF. */
export function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
