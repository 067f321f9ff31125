import type { KeyChild, KeyEntry } from "#core/contents/contract.ts";
import type { RecoverableKind } from "#core/recoveries/contract.ts";
import { kindWords } from "../../restores/parts/_lib/recovery-words.ts";
import type { Chosen } from "./recover-store.ts";

const prefixCharsMax = 2_000;

/** What one can choose in the tree, or why not. */
export type Choice = { chosen: Chosen } | { reason: string };

export function keyChoice({ keyId, text }: Pick<KeyEntry, "keyId" | "text">): Choice {
  return { chosen: { id: `key:${keyId}`, selection: { keyId }, words: text } };
}

/** A folder is chosen by its text, so one whose name is none can't be. */
export function folderChoice({ path }: Pick<KeyChild, "path">): Choice {
  if (!path.isUtf8) return { reason: "Its name is not UTF-8; choose its keys one by one" };
  return prefixChoice(path.text);
}

export function prefixChoice(prefix: string): Choice {
  if (prefix.length > prefixCharsMax) return { reason: "Its name is too long; choose its keys one by one" };
  const words = prefix === "" ? "All keys" : `${prefix}…`;
  return { chosen: { id: `prefix:${prefix}`, selection: { prefix }, words } };
}

/** The prefix that a search looks for; null for a pattern that finds something else than a prefix. */
export function prefixOfPattern(pattern: string): string | null {
  const prefix = pattern.replace(/\*+$/, "");
  return /[*?]/.test(prefix) ? null : prefix;
}

/** @param name what people call it, where its identity is only an id. */
export function recordChoice(kind: RecoverableKind, identity: string, name: string): Chosen {
  return { id: `${kind}:${identity}`, selection: { kind, identity }, words: `${kindWords[kind]} ${name}` };
}
