import type { SnapshotMeta, SnapshotServer } from "../contract.ts";
import { ArchiveFormatError } from "../format-error.ts";
import { listJsonMembers } from "./json-members.ts";

/**
 * Reads meta.json as raft.SnapshotMeta, as strictly as Go's decoder and a little more: the fields that identify a
 * snapshot must be there, integers must be exact, none of their keys may come twice. Fields we don't know are allowed, and so
 * are blanks around the value. `Peers`, `Configuration` and its servers may be null or absent, as Go writes an empty
 * slice as null and raft's version 0 has no configuration.
 *
 * @throws ArchiveFormatError META_INVALID
 */
export function parseSnapshotMeta(text: string): SnapshotMeta {
  const meta = parseObject(text);
  checkSpelling(text);
  const version = integer(meta, "Version");
  if (version !== 0 && version !== 1) {
    throw invalid(`Version is ${version}; raft restores versions 0 to 1.`);
  }
  const configuration = optional(meta, "Configuration");
  if (configuration !== null && !isObject(configuration)) {
    throw invalid("Configuration is no object.");
  }
  return {
    version,
    id: string(meta, "ID"),
    index: integer(meta, "Index"),
    term: integer(meta, "Term"),
    peersBase64: peers(meta),
    servers: configuration === null ? [] : servers(configuration),
    configurationIndex:
      optional(meta, "ConfigurationIndex") === null ? 0 : integer(meta, "ConfigurationIndex"),
    sizeBytes: integer(meta, "Size"),
  };
}

/** The text of meta.json's bytes, or null where they are not UTF-8. */
export function decodeMetaText(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

type JsonObject = { readonly [key: string]: unknown };

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(error instanceof Error ? `${error.message}.` : "It is no JSON.");
  }
  if (!isObject(value)) {
    throw invalid("It is no JSON object.");
  }
  return value;
}

const integerKeys = new Set(["Version", "Index", "Term", "ConfigurationIndex", "Size", "Suffrage"]);
const otherKeys = ["ID", "Peers", "Configuration", "Servers", "Address"];
const foldedKeys = new Set([...integerKeys, ...otherKeys].map((key) => key.toLowerCase()));

function checkSpelling(text: string): void {
  const { scalars, repeatedKeys } = listJsonMembers(text);
  const repeated = repeatedKeys.find((key) => foldedKeys.has(key.toLowerCase()));
  if (repeated !== undefined) {
    throw invalid(`The key ${JSON.stringify(repeated)} comes twice.`);
  }
  for (const { key, literal } of scalars) {
    if (integerKeys.has(key) && /^-?\d/.test(literal) && !/^\d+$/.test(literal)) {
      throw invalid(`${key} is ${literal}, which is no whole number.`);
    }
  }
}

function optional(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? (object[key] ?? null) : null;
}

function integer(object: JsonObject, key: string): number {
  const value = optional(object, key);
  if (typeof value !== "number") {
    throw invalid(value === null ? `${key} is missing.` : `${key} is no number.`);
  }
  if (!Number.isSafeInteger(value) || value < 0) {
    throw invalid(`${key} is ${value}, which no raft index, term or size can be.`);
  }
  return value;
}

function string(object: JsonObject, key: string): string {
  const value = optional(object, key);
  if (typeof value !== "string") {
    throw invalid(value === null ? `${key} is missing.` : `${key} is no string.`);
  }
  return value;
}

function peers(meta: JsonObject): string | null {
  if (optional(meta, "Peers") === null) {
    return null;
  }
  const text = string(meta, "Peers");
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    throw invalid("Peers is not base64.");
  }
  return text;
}

const suffrages = ["voter", "nonvoter", "staging"] as const;

function servers(configuration: JsonObject): SnapshotServer[] {
  const list = optional(configuration, "Servers") ?? [];
  if (!Array.isArray(list)) {
    throw invalid("Configuration.Servers is no array.");
  }
  return list.map((server: unknown) => {
    if (!isObject(server)) {
      throw invalid("A server of the configuration is no object.");
    }
    const suffrage = suffrages[integer(server, "Suffrage")];
    if (suffrage === undefined) {
      throw invalid("A server's Suffrage is not 0, 1 or 2.");
    }
    return { suffrage, id: string(server, "ID"), address: string(server, "Address") };
  });
}

function invalid(reason: string): ArchiveFormatError {
  const text = `failed to decode snapshot metadata: ${reason}`;
  return new ArchiveFormatError("META_INVALID", text, { member: "meta.json" });
}
