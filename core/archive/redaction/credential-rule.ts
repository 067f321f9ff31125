// Browser-safe: nothing here may import node: modules.
import {
  closedFileEndings,
  closedFolders,
  closedNames,
  closedUrlOwners,
  harmlessEndings,
  harmlessKeys,
  keyFolders,
  vaultNames,
  type WordRule,
  wordRules,
} from "./credential-rules.ts";
import { toWords } from "./words.ts";

/**
 * Why a KV key is closed by default: the pattern that its name falls under, like `*_key` or `secrets/*`; null when
 * nothing speaks for a credential. Upper and lower case are the same. It judges names alone, in whole words: a
 * credential under an innocent name stays open, and a harmless value under a telling one is closed.
 */
export function credentialRule(name: string): string | null {
  const segments = name.split("/").filter((segment) => segment !== "");
  return folderRule(segments.map((segment) => segment.toLowerCase())) ?? nameRule(segments.at(-1) ?? "");
}

/** The same for a single name that is no path: a field, a label, a header. */
export function nameRule(name: string): string | null {
  const lower = name.toLowerCase();
  if (closedNames.includes(lower)) return lower;
  const words = toWords(name);
  const ending = closedFileEndings.find((one) => lower.endsWith(`.${one}`));
  if (ending !== undefined) return words.some(isPublic) ? null : `*.${ending}`;
  if (harmlessEndings.includes(words.at(-1) ?? "")) return null;
  const isUrl = ["url", "uri"].includes(words.at(-1) ?? "") && closedUrlOwners.includes(words.at(-2) ?? "");
  if (isUrl) return `*${words.at(-2)}_${words.at(-1)}`;
  // Names with capitals are looked at twice, since nobody knows whether "APIkey" is two words or one.
  const together = toWords(lower);
  return wordRules.find((rule) => fits(rule, words) || fits(rule, together))?.glob ?? null;
}

/** @param segments of the path, in lower case, the last one being the key's own name */
function folderRule(segments: readonly string[]): string | null {
  if (segments.length < 2) return null;
  // Vault's storage backend: encrypted, but nothing that anybody reads, and the keys to it are among it.
  if (toWords(segments[0] ?? "").includes("vault")) return `${segments[0]}/*`;
  const folder = segments.slice(0, -1).find((segment) => closedFolders.includes(segment));
  if (folder !== undefined) return `${folder}/*`;
  const [parent = "", name = ""] = segments.slice(-2);
  if (name === "key" && keyFolders.includes(parent)) return `${parent}/key`;
  if (parent === "core" && vaultNames.includes(name)) return `core/${name}`;
  return null;
}

function fits(rule: WordRule, words: readonly string[]): boolean {
  if (isKeyRule(rule) && isHarmlessKey(words)) return false;
  const last = words.at(-1) ?? "";
  return (
    words.some((word) => rule.word?.includes(word) || rule.ending?.some((ending) => word.endsWith(ending))) ||
    (words.length > 1 && (rule.last?.includes(last) ?? false)) ||
    (rule.sequence?.some((sequence) => standsIn(sequence, words)) ?? false)
  );
}

function isKeyRule(rule: WordRule): boolean {
  return rule.glob.includes("key") && rule.glob !== "*keytab*";
}

/** "public_key", "cache_key"; but not "public_api_key_secret", which other rules see. */
function isHarmlessKey(words: readonly string[]): boolean {
  const at = words.findIndex((word) => word === "key" || word === "keys");
  return at > 0 && harmlessKeys.includes(words[at - 1] ?? "");
}

function isPublic(word: string): boolean {
  return word === "public" || word === "pub";
}

function standsIn(sequence: readonly string[], words: readonly string[]): boolean {
  let at = 0;
  for (const word of words) if (word === sequence[at]) at += 1;
  return at === sequence.length;
}
