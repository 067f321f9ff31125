import { keyBytesOfId } from "#core/archive/contents-index/index.ts";
import { AppError } from "#core/kernel/errors.ts";
import type { RecoverableKind, Selection } from "./contract.ts";

/** Keys as text of one character per byte: a map holds them, and their order is that of the bytes. */
export const nameOfKey = (key: Uint8Array): string => Buffer.from(key).toString("latin1");
export const keyOfName = (name: string): Buffer => Buffer.from(name, "latin1");

export type Choice = {
  /** None lies within another one. */
  prefixes: readonly string[];
  /** Keys that lie under none of the prefixes. */
  keys: ReadonlySet<string>;
  hasKeys: boolean;
  wantsKey: (name: string) => boolean;
  wantsRecord: (kind: string, identity: string) => boolean;
  records: readonly { kind: RecoverableKind; identity: string }[];
};

/** What was chosen, each key once. @throws AppError `invalid_input` for what is no key id. */
export function toChoice(selections: readonly Selection[]): Choice {
  const wanted = selections.flatMap((one) => ("prefix" in one ? [nameOfKey(Buffer.from(one.prefix))] : []));
  const prefixes = [...new Set(wanted)].filter(
    (prefix) => !wanted.some((other) => other !== prefix && prefix.startsWith(other)),
  );
  const isBelow = (name: string) => prefixes.some((prefix) => name.startsWith(prefix));
  const named = selections.flatMap((one) => ("keyId" in one ? [nameOfKey(toKey(one.keyId))] : []));
  const keys = new Set(named.filter((name) => !isBelow(name)));
  const records = selections.flatMap((one) => ("kind" in one ? [one] : []));
  const recordNames = new Set(records.map(({ kind, identity }) => `${kind}:${identity}`));
  return {
    prefixes,
    keys,
    hasKeys: prefixes.length + keys.size > 0,
    wantsKey: (name) => keys.has(name) || isBelow(name),
    wantsRecord: (kind, identity) => recordNames.has(`${kind}:${identity}`),
    records: records.filter(
      (one, at) => records.findIndex((o) => o.kind === one.kind && o.identity === one.identity) === at,
    ),
  };
}

function toKey(keyId: string): Buffer {
  try {
    return keyBytesOfId(keyId);
  } catch (cause) {
    const userMessage = "This is not the id of a key.";
    throw new AppError({ code: "invalid_input", field: "selections", userMessage, cause });
  }
}
