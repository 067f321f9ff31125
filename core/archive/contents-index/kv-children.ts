import type { KvChild, KvChildrenPage, KvEntry } from "./contract.ts";
import { checkLimit, decodeCursor, encodeCursor } from "./cursor.ts";
import { ContentsQueryError, damaged } from "./errors.ts";
import { afterKey, afterPrefix, type KeyInput, startsWith, toKeyBytes, toKeyName } from "./key-bytes.ts";
import type { KvPlace, KvSequence } from "./kv-sequence.ts";

export type ChildrenQuery = {
  /** 1 to 1,000. */
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
  /** What ends a folder's name; "/" by default. Up to 16 bytes. */
  readonly separator?: string | undefined;
};

/**
 * The children of a prefix, in byte order: keys without a further separator, and folders with what is below them.
 * A page of n items reads at most n + 2 blocks, however many keys are below them: folders are stepped over.
 *
 * @throws ContentsQueryError; ContentsIndexError
 */
export async function listChildren(
  keys: KvSequence,
  entryIn: (from: KvPlace, to: KvPlace) => Promise<KvEntry>,
  prefixInput: KeyInput,
  query: ChildrenQuery,
): Promise<KvChildrenPage> {
  const limit = checkLimit(query.limit);
  const prefix = toKeyBytes(prefixInput);
  const separator = Buffer.from(query.separator ?? "/", "utf8");
  if (separator.length < 1 || separator.length > 16) {
    throw new ContentsQueryError("separator", "A separator has 1 to 16 bytes.");
  }
  const question = `children ${prefix.toString("hex")} ${separator.toString("hex")}`;
  const start = await keys.locate(prefix);
  const end = await keys.locate(afterPrefix(prefix));
  let at = start;
  if (query.after !== undefined) {
    at = await keys.locate(decodeCursor(question, query.after));
    if (at.keysBefore < start.keysBefore) throw new ContentsQueryError("after", "This place is no child.");
  }
  const items: KvChild[] = [];
  let resume: Uint8Array | null = null;
  while (items.length < limit && at.keysBefore < end.keysBefore) {
    const key = await keys.keyAt(at);
    if (key === undefined || !startsWith(key, prefix)) throw damaged("its keys are out of order");
    const { path, isFolder } = toChild(key, prefix, separator);
    resume = isFolder ? afterPrefix(path) : afterKey(path);
    const to: KvPlace = await keys.locate(resume);
    if (to.keysBefore <= at.keysBefore) throw damaged("its keys are out of order");
    items.push({
      name: toKeyName(path.subarray(prefix.length)).text,
      path: toKeyName(path),
      isFolder,
      keys: to.keysBefore - at.keysBefore,
      valueBytes: to.valueBytesBefore - at.valueBytesBefore,
      ...(isFolder ? {} : { entry: await entryIn(at, to) }),
    });
    at = to;
  }
  const isMore = at.keysBefore < end.keysBefore && resume !== null;
  return {
    items,
    totals: {
      keys: end.keysBefore - start.keysBefore,
      valueBytes: end.valueBytesBefore - start.valueBytesBefore,
    },
    next: isMore && resume !== null ? encodeCursor(question, resume) : null,
  };
}

/** A folder up to the first separator after the prefix, the separator included; the whole key where there is none. */
function toChild(key: Uint8Array, prefix: Uint8Array, separator: Uint8Array) {
  const bytes = Buffer.from(key);
  const found = bytes.indexOf(separator, prefix.length);
  if (found < 0) return { path: bytes, isFolder: false };
  return { path: bytes.subarray(0, found + separator.length), isFolder: true };
}
