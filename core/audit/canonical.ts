import { createHmac, createSecretKey, hash } from "node:crypto";

/**
 * The fields that the hash covers, in the order of their columns in the canonical form. The order is for good:
 * another one needs another version.
 */
export const hashedColumns = [
  "entry",
  "at",
  "actorKind",
  "actorId",
  "actorName",
  "role",
  "signedInWith",
  "address",
  "userAgent",
  "door",
  "action",
  "target",
  "targetId",
  "snapshotId",
  "clusterId",
  "datacenter",
  "reason",
  "outcome",
  "detail",
  "changesJson",
  "requestId",
  "correlationId",
] as const;

type Column = (typeof hashedColumns)[number];
/** A row's columns as they are stored; `at` is ISO 8601 with ms, as Prisma writes it. */
export type Columns = Record<Exclude<Column, "entry">, string | null> & { entry: number };
/** The version, then the hashed columns. */
export type CanonicalFields = readonly (string | number | null)[];
/** A row as it is read and archived: what is hashed, the hash, the seal. Both are null before the first chaining. */
export type StoredRow = readonly [fields: CanonicalFields, hash: string | null, seal: string | null];
export type Link = { entry: number; hash: string };
/** What a segment's seal covers. In the file's own header there is no `fileSha256`, which it can't know. */
export type SegmentFacts = {
  firstEntry: number;
  lastEntry: number;
  previousHash: string;
  lastHash: string;
  fileSha256: string | null;
};

export const canonicalVersion = "snapkeep-audit-1";

const canonicalSql = `json_array('${canonicalVersion}', ${hashedColumns.map((column) => `"${column}"`).join(", ")})`;
/** SQL that makes of a row the text of a StoredRow. */
export const storedRowSql = `json_array(${canonicalSql}, "hash", "seal")`;
/** SQL that makes of a row one line: hash, seal, canonical form. JSON has no line breaks. */
export const chainLineSql = `"hash" || "seal" || ${canonicalSql}`;

export const toFields = (row: Columns): CanonicalFields => [
  canonicalVersion,
  ...hashedColumns.map((column) => row[column]),
];

/** The bytes that are hashed are the UTF-8 of this text. */
export const canonicalOf = (fields: CanonicalFields): string => JSON.stringify(fields);

export const entryOf = ([fields]: StoredRow): number => Number(fields[1]);

/**
 * SQLite stores UTF-8. A lone half of a surrogate pair has no UTF-8, would come back as something else, and with
 * that one text whoever may write a reason could break the chain.
 */
export const storable = (text: string): string =>
  /[\ud800-\udfff]/.test(text) ? Buffer.from(text, "utf8").toString("utf8") : text;

/** SHA-256 over the hash before, a newline and the canonical form; hex. */
export const chainHash = (previousHash: string, canonical: string): string =>
  hash("sha256", `${previousHash}\n${canonical}`, "hex");

export type Seals = ReturnType<typeof createSeals>;

/** HMAC-SHA-256 under the log's key. Each kind of seal begins with its own word, so that none passes for another. */
export function createSeals(chainKey: string) {
  const key = createSecretKey(chainKey, "utf8");
  const seal = (text: string) => createHmac("sha256", key).update(text).digest("hex");
  return {
    row: (entry: number, rowHash: string) => seal(`entry\n${entry}\n${rowHash}`),
    head: (entry: number, headHash: string) => seal(`head\n${entry}\n${headHash}`),
    segment: (facts: SegmentFacts) =>
      seal(
        [
          "segment",
          facts.firstEntry,
          facts.lastEntry,
          facts.previousHash,
          facts.lastHash,
          facts.fileSha256 ?? "",
        ].join("\n"),
      ),
  };
}
