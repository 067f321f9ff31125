import type { KvNumbers } from "./contract.ts";
import { damaged } from "./errors.ts";
import type { KvBlock } from "./kv-block.ts";
import type { KvRunReader, RunPlace } from "./kv-run-reader.ts";

/** A place between two keys of the whole index: one in each run, and what is before it in all of them. */
export type KvPlace = {
  readonly runs: readonly RunPlace[];
  readonly keysBefore: number;
  readonly valueBytesBefore: number;
};

/** Keys `start` to `end` of a block, all of them next in order. */
export type KvSlice = { readonly block: KvBlock; readonly start: number; readonly end: number };

/** All runs as one sequence in byte order; keys that stand there more than once by their offset in state.bin. */
export type KvSequence = {
  readonly locate: (key: Uint8Array | null) => Promise<KvPlace>;
  /** The key at a place; undefined at the end. A view into the cache: copy it to keep it. */
  readonly keyAt: (place: KvPlace) => Promise<Uint8Array | undefined>;
  /** Everything from a place on, in order. Stopping early costs nothing. */
  readonly slices: (from: KvPlace) => AsyncGenerator<KvSlice, void, undefined>;
};

/** @param runs at least one; more only for archives that no Consul server wrote */
export function createKvSequence(runs: readonly KvRunReader[]): KvSequence {
  const locate = async (key: Uint8Array | null): Promise<KvPlace> => {
    const places: RunPlace[] = [];
    let keysBefore = 0;
    let valueBytesBefore = 0;
    for (const run of runs) {
      const place = await run.locate(key);
      places.push(place);
      keysBefore += place.keysBefore;
      valueBytesBefore += place.valueBytesBefore;
    }
    return { runs: places, keysBefore, valueBytesBefore };
  };
  const heads = async (place: KvPlace): Promise<Head[]> => {
    const all: Head[] = [];
    for (const [number, run] of runs.entries()) {
      const head = await toHead(run, place.runs[number]);
      if (head !== undefined) all.push(head);
    }
    return all;
  };
  const keyAt = async (place: KvPlace) => {
    const head = first(await heads(place));
    return head?.block.key(head.index);
  };
  const slices = async function* (from: KvPlace) {
    const open = await heads(from);
    while (open.length > 1) {
      const head = first(open);
      if (head === undefined) return;
      yield { block: head.block, start: head.index, end: head.index + 1 };
      if (!(await advance(head, 1))) open.splice(open.indexOf(head), 1);
    }
    const last = open[0];
    while (last !== undefined) {
      yield { block: last.block, start: last.index, end: last.block.count };
      if (!(await advance(last, last.block.count - last.index))) return;
    }
  };
  return { locate, keyAt, slices };
}

/** Where reading stands in one run. */
type Head = { readonly run: KvRunReader; number: number; block: KvBlock; index: number };

async function toHead(run: KvRunReader, place: RunPlace | undefined): Promise<Head | undefined> {
  if (place === undefined) return undefined;
  const block = await run.block(place.block);
  if (block === undefined) return undefined;
  if (place.index >= block.count) throw damaged("a block is empty");
  return { run, number: place.block, block, index: place.index };
}

/** False at the run's end. */
async function advance(head: Head, by: number): Promise<boolean> {
  head.index += by;
  if (head.index < head.block.count) return true;
  const next = await head.run.block(head.number + 1);
  if (next === undefined) return false;
  if (next.count === 0) throw damaged("a block is empty");
  head.number += 1;
  head.block = next;
  head.index = 0;
  return true;
}

function first(heads: readonly Head[]): Head | undefined {
  let least = heads[0];
  if (least === undefined || heads.length === 1) return least;
  for (const head of heads) if (isBefore(head, least)) least = head;
  return least;
}

function isBefore(a: Head, b: Head): boolean {
  const order = Buffer.compare(a.block.key(a.index), b.block.key(b.index));
  return order === 0 ? numbersOf(a).offset < numbersOf(b).offset : order < 0;
}

function numbersOf(head: Head): KvNumbers {
  return head.block.numbers(head.index);
}
