import type { KvDifference } from "./contract.ts";
import { compareKeys, differingParts, type KvEntry, toKvDifference } from "./kv-entry.ts";

/** Takes each key's difference, or null where nothing differs. A promise is waited for before the next. */
export type TakeKey = (difference: KvDifference | null, entry: KvEntry) => Promise<void> | undefined;

export type MergeSide = {
  /** The key whose turn it is; null when none waits now. */
  readonly head: () => KvEntry | null;
  readonly shift: () => void;
  /** False once the keys do not stand in order. */
  readonly inOrder: () => boolean;
  /** The archive's verdict; null while it is being read. */
  readonly verified: () => boolean | null;
};

export type KeysMerge = {
  /** Merges what waits. To be called whenever a key came or an archive ended; it may be called at any time. */
  readonly advance: () => void;
  /**
   * Resolves with true when all keys of both are merged, and with false as soon as one side is no longer to be
   * merged: its archive did not verify, or its keys do not stand in order. Rejects with what `take` throws.
   */
  readonly done: Promise<boolean>;
};

/** Merges the keys of two archives as they come, so that few of them ever wait. */
export function createKeysMerge(a: MergeSide, b: MergeSide, take: TakeKey, onTaken: () => void): KeysMerge {
  let settle: (merged: boolean) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const done = new Promise<boolean>((resolve, reject) => {
    settle = resolve;
    fail = reject;
  });
  let busy = false;

  /** Returns a promise to wait for, if there is one. */
  const mergeWaiting = (): Promise<void> | undefined => {
    for (;;) {
      if (isLost(a) || isLost(b)) {
        settle(false);
        return undefined;
      }
      const before = a.head();
      const after = b.head();
      if ((before === null && a.verified() === null) || (after === null && b.verified() === null)) {
        return undefined;
      }
      if (before === null && after === null) {
        settle(true);
        return undefined;
      }
      const wait = mergeOne(a, b, before, after, take);
      if (wait !== undefined) {
        return wait;
      }
    }
  };
  const advance = (): void => {
    if (busy) {
      return;
    }
    try {
      const wait = mergeWaiting();
      if (wait !== undefined) {
        busy = true;
        wait.then(() => {
          busy = false;
          advance();
        }, fail);
      }
    } catch (error) {
      busy = true;
      fail(error);
    }
    onTaken();
  };
  return { advance, done };
}

function isLost(side: MergeSide): boolean {
  return side.verified() === false || !side.inOrder();
}

function mergeOne(
  a: MergeSide,
  b: MergeSide,
  before: KvEntry | null,
  after: KvEntry | null,
  take: TakeKey,
): Promise<void> | undefined {
  const order = before === null ? 1 : after === null ? -1 : compareKeys(before, after);
  if (order <= 0) {
    a.shift();
  }
  if (order >= 0) {
    b.shift();
  }
  return takePair(order <= 0 ? before : null, order >= 0 ? after : null, take);
}

/** Tells what became of one key. At least one side is there. */
function takePair(before: KvEntry | null, after: KvEntry | null, take: TakeKey): Promise<void> | undefined {
  if (before === null || after === null) {
    const only = after ?? before;
    return only === null
      ? undefined
      : take(toKvDifference(before === null ? "added" : "removed", before, after), only);
  }
  const parts = differingParts(before, after);
  if (parts.length > 0) {
    return take(toKvDifference("changed", before, after, parts), after);
  }
  const same = before.modifyIndex === after.modifyIndex;
  return take(same ? null : toKvDifference("touched", before, after), after);
}

/** Keys in memory, for archives whose keys do not stand in order. Of a key that comes twice, the last counts. */
export type KeyMap = ReadonlyMap<string, KvEntry>;

/** Compares the keys of two archives that were read whole, in the order of their bytes. */
export async function compareKeyMaps(a: KeyMap, b: KeyMap, take: TakeKey): Promise<void> {
  const added = [...b.keys()].filter((key) => !a.has(key));
  for (const key of [...a.keys(), ...added].sort(byCodeUnits)) {
    await takePair(a.get(key) ?? null, b.get(key) ?? null, take);
  }
}

/** Keys are Latin-1 text here, so this is the order of their bytes. */
function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
