import { createHash } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { z } from "zod";
import { createSeals, entryOf, type Seals, type StoredRow } from "./canonical.ts";
import { isIntact } from "./chain-check.ts";
import { parseStoredRow } from "./rows.ts";

const packed = promisify(gzip);
const unpacked = promisify(gunzip);
/** A segment is some MB; more than this is no file of ours. */
const textBytesMax = 512 * 1024 * 1024;
const format = "snapkeep-audit-segment-1";

const header = z.object({
  format: z.literal(format),
  firstEntry: z.number().int(),
  lastEntry: z.number().int(),
  previousHash: z.string(),
  lastHash: z.string(),
  seal: z.string(),
});
export type ArchiveHeader = z.infer<typeof header>;
export type ArchiveCheck = {
  ok: boolean;
  header: ArchiveHeader | null;
  /** What is wrong first; `entry` is null when it is the file as a whole. */
  broken: { entry: number | null; words: string } | null;
};

/** How the file of a segment is named in the archive folder. */
export const archiveName = (firstEntry: number, lastEntry: number): string =>
  `audit-${firstEntry}-${lastEntry}.jsonl.gz`;

/** Writes the file under another name first, so that one with the right name is whole. */
export async function writeArchive(
  file: string,
  rows: readonly StoredRow[],
  facts: Omit<ArchiveHeader, "format" | "seal">,
  seals: Seals,
): Promise<{ fileBytes: number; fileSha256: string }> {
  const first: ArchiveHeader = { format, ...facts, seal: seals.segment({ ...facts, fileSha256: null }) };
  const text = [first, ...rows].map((line) => `${JSON.stringify(line)}\n`).join("");
  const bytes = await packed(text);
  const partial = `${file}.partial`;
  const handle = await open(partial, "w", 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, file);
  const folder = await open(path.dirname(file), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  return { fileBytes: bytes.length, fileSha256: sha256(bytes) };
}

export const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** @throws Error when the file can't be read, or is no archive of an audit log. */
export async function readArchive(
  file: string,
): Promise<{ header: ArchiveHeader; rows: StoredRow[]; fileSha256: string }> {
  const bytes = await readFile(file);
  const text = (await unpacked(bytes, { maxOutputLength: textBytesMax })).toString("utf8");
  const [first = "", ...lines] = text.trimEnd().split("\n");
  return {
    header: header.parse(JSON.parse(first)),
    rows: lines.map(parseStoredRow),
    fileSha256: sha256(bytes),
  };
}

/** Verifies one file alone, without a database. @param chainKey the log's key. */
export async function verifyArchive(file: string, chainKey: string): Promise<ArchiveCheck> {
  const seals = createSeals(chainKey);
  try {
    const { header: facts, rows } = await readArchive(file);
    return { header: facts, ...checkArchive(facts, rows, seals) };
  } catch (error) {
    const words = `The file can't be read: ${error instanceof Error ? error.message : String(error)}`;
    return { ok: false, header: null, broken: { entry: null, words } };
  }
}

export function checkArchive(
  facts: ArchiveHeader,
  rows: readonly StoredRow[],
  seals: Seals,
): Pick<ArchiveCheck, "ok" | "broken"> {
  const bad = (entry: number | null, words: string) => ({ ok: false, broken: { entry, words } });
  if (facts.seal !== seals.segment({ ...facts, fileSha256: null }))
    return bad(null, "The file's header was not sealed with this log's key.");
  let { previousHash } = facts;
  let entry = facts.firstEntry;
  for (const row of rows) {
    if (!isIntact(row, entry, previousHash, seals))
      return bad(entry, `Line ${entry - facts.firstEntry + 2} isn't entry ${entry} as it was written.`);
    previousHash = row[1] ?? "";
    entry = entryOf(row) + 1;
  }
  if (entry !== facts.lastEntry + 1) return bad(entry, `The file ends before entry ${facts.lastEntry}.`);
  if (previousHash !== facts.lastHash)
    return bad(facts.lastEntry, "The last hash isn't the one that the header names.");
  return { ok: true, broken: null };
}
