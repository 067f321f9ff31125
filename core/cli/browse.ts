import { findArchive, unreadable } from "./archive-file.ts";
import { names, oneOf, parseArguments } from "./arguments.ts";
import { type ExitCode, UsageError } from "./exit.ts";
import type { CommandIo } from "./io.ts";
import { parseKind } from "./kinds.ts";

const flags = {
  format: { type: "string" },
  get: { type: "string" },
  "get-id": { type: "string" },
  search: { type: "string" },
  records: { type: "string" },
  reveal: { type: "boolean" },
} as const;

/** `snapkeep browse FILE`: the children of a prefix, one value, keys by a pattern, or records of a kind. */
export async function run(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const { values, positionals } = parseArguments(args, flags);
  const [name = "", prefix] = names(positionals, 1, 2, "FILE, and a PREFIX of keys if you like");
  const { get, "get-id": getId, search, records, reveal } = values;
  const asked = [prefix, get, getId, search, records].filter((each) => each !== undefined);
  if (asked.length > 1)
    throw new UsageError("PREFIX, --get, --get-id, --search and --records exclude each other.");
  if (reveal === true && records === undefined) throw new UsageError("--reveal goes with --records.");
  const key = get ?? (getId === undefined ? undefined : parseKeyId(getId));
  if (key !== undefined && values.format !== undefined) {
    throw new UsageError("--get writes the value as it is and has no --format.");
  }
  const format = oneOf("format", values.format, ["pretty", "json"], "pretty");
  const kind = records === undefined ? null : parseKind("records", records);
  const archive = await findArchive(name, io);
  try {
    if (key !== undefined) return await (await import("./browse-value.ts")).writeValue(archive, key, io);
    if (kind === "kv")
      throw new UsageError("Keys are listed without --records: snapkeep browse FILE [PREFIX].");
    if (kind !== null) {
      const { listRecords } = await import("./browse-records.ts");
      return await listRecords(archive, { kind, reveal: reveal === true, format }, io);
    }
    const { listChildren, listMatches } = await import("./browse-keys.ts");
    return await (search === undefined
      ? listChildren(archive, prefix ?? "", format, io)
      : listMatches(archive, search, format, io));
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** The `keyId` of our JSON: the key's bytes in base64url. */
function parseKeyId(id: string): Buffer {
  const bytes = Buffer.from(id, "base64url");
  if (bytes.toString("base64url") === id) return bytes;
  throw new UsageError("--get-id takes a keyId as --format json gives it.");
}
