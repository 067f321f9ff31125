import type { KvRecord } from "../records/visitor.ts";
import type { KvInspection } from "./contract.ts";

/** With names of 200 bytes these take some 30 MiB. */
const prefixesMax = 100_000;
const prefixBytesMax = 16 * 1024 * 1024;
const slash = 0x2f;

type Tally = { count: number; bytes: number };

/**
 * Sums up keys by their first parts, as `consul snapshot inspect -kvdetails` does. Keys come in order, so most have
 * the prefix of the one before, and only its bytes are compared.
 */
export class KvPrefixes {
  readonly #depth: number;
  readonly #filter: Buffer;
  /** By the prefix in latin1: one character for each byte, so that no two are the same that differ. */
  readonly #tallies = new Map<string, Tally>();
  readonly #unlisted: Tally = { count: 0, bytes: 0 };
  #prefixBytes = 0;
  #last: Tally | null = null;
  #lastPrefix = Buffer.alloc(0);
  #count = 0;
  #valueBytes = 0;
  #largestValueBytes = 0;
  #locked = 0;

  constructor(depth: number, filter: string) {
    this.#depth = depth;
    this.#filter = Buffer.from(filter);
  }

  /** @param extraBytes what Consul counts into this record besides: the header, for the first */
  add(record: KvRecord, extraBytes: number): void {
    this.#count += 1;
    this.#valueBytes += record.valueBytes;
    this.#largestValueBytes = Math.max(this.#largestValueBytes, record.valueBytes);
    this.#locked += record.session === "" ? 0 : 1;
    if (!beginsWith(record.key, this.#filter)) {
      return;
    }
    const tally = this.#tallyOf(record.key);
    tally.count += 1;
    tally.bytes += record.bytes + extraBytes;
  }

  result(): KvInspection {
    const prefixes = Array.from(this.#tallies, ([latin1, tally]) => ({ latin1, ...tally }));
    prefixes.sort((a, b) => b.bytes - a.bytes || (a.latin1 < b.latin1 ? -1 : 1));
    return {
      count: this.#count,
      valueBytes: this.#valueBytes,
      largestValueBytes: this.#largestValueBytes,
      locked: this.#locked,
      depth: this.#depth,
      filter: this.#filter.toString(),
      prefixes: prefixes.map(({ latin1, count, bytes }) => ({
        prefix: Buffer.from(latin1, "latin1").toString(),
        count,
        bytes,
      })),
      unlisted: { ...this.#unlisted },
    };
  }

  #tallyOf(key: Uint8Array): Tally {
    const length = prefixLength(key, this.#depth);
    if (this.#last !== null && length === this.#lastPrefix.length && beginsWith(key, this.#lastPrefix)) {
      return this.#last;
    }
    const prefix = Buffer.from(key.subarray(0, length));
    const tally = this.#tallies.get(prefix.toString("latin1")) ?? this.#add(prefix);
    this.#last = tally;
    this.#lastPrefix = prefix;
    return tally;
  }

  #add(prefix: Buffer): Tally {
    if (this.#tallies.size >= prefixesMax || this.#prefixBytes + prefix.length > prefixBytesMax) {
      return this.#unlisted;
    }
    const tally = { count: 0, bytes: 0 };
    this.#tallies.set(prefix.toString("latin1"), tally);
    this.#prefixBytes += prefix.length;
    return tally;
  }
}

function beginsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  if (bytes.length < start.length) {
    return false;
  }
  // From the end: neighbouring keys differ there.
  for (let at = start.length - 1; at >= 0; at--) {
    if (bytes[at] !== start[at]) {
      return false;
    }
  }
  return true;
}

/** Bytes before the slash that ends the `depth`th part: all of them where there are fewer parts. */
function prefixLength(key: Uint8Array, depth: number): number {
  let partsLeft = depth;
  for (let at = 0; at < key.length && partsLeft > 0; at++) {
    if (key[at] === slash) {
      partsLeft -= 1;
      if (partsLeft === 0) {
        return at;
      }
    }
  }
  return depth === 0 ? 0 : key.length;
}
