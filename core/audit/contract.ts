import { z } from "zod";

export const auditOutcomes = ["intent", "ok", "denied", "failed", "unknown"] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

export const actorKinds = ["person", "token", "system", "unknown"] as const;

/** Counting what a filter matches stops here: "10,000+". */
export const countMax = 10_000;
/** How many rows lie in one archive file. */
export const segmentEntries = 10_000;
/** What stands before the first entry: 64 zeros. */
export const firstPreviousHash = "0".repeat(64);

const fields = z.record(z.string(), z.unknown()).nullable();
const entryNumber = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/** One row of the log, as it was written. Rows are never changed. */
export const auditEntry = z.object({
  /** Counts up by one without a gap; the order of writing, whatever the clock did. */
  entry: z.number(),
  at: z.string(),
  actorKind: z.enum(actorKinds),
  /** The person's or the API token's id; null for Snapkeep itself and for who was not signed in. */
  actorId: z.string().nullable(),
  actorName: z.string(),
  /** The strongest role at that moment. */
  role: z.string(),
  /** "password", "passkey", "Okta" …; null for what signs in to nothing. */
  signedInWith: z.string().nullable(),
  address: z.string(),
  userAgent: z.string().nullable(),
  door: z.string(),
  action: z.string(),
  target: z.string(),
  targetId: z.string().nullable(),
  /** The snapshot that this touched, when the target is something else. */
  snapshotId: z.string().nullable(),
  clusterId: z.string().nullable(),
  datacenter: z.string().nullable(),
  reason: z.string().nullable(),
  outcome: z.enum(auditOutcomes),
  /** A few words beside the outcome: "209.9 MB", "No cluster leader". */
  detail: z.string().nullable(),
  /** The fields that changed and those beside them, before and after. */
  changes: z.object({ before: fields, after: fields }).nullable(),
  requestId: z.string(),
  correlationId: z.string(),
  /** SHA-256 over the row and the hash before, hex; null only for a row from before the upgrade, until the next start. */
  hash: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

/** Filters as they stand in the URL. Empty means any. */
export const auditFilter = z.object({
  /** Beginnings of words of target, ids, actor, address, request, reason or detail: one phrase. */
  q: z.string().trim().max(200).optional(),
  /** The exact name. */
  actor: z.string().max(200).optional(),
  /** `snapshot.take`, or everything that begins with `snapshot.`. */
  action: z.string().max(60).optional(),
  outcome: z.enum(auditOutcomes).optional(),
  /** ISO times; from inclusive, to exclusive. */
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  correlationId: z.string().max(100).optional(),
  targetId: z.string().max(200).optional(),
  /** Rows that touch this snapshot while their target is something else. */
  snapshotId: z.string().max(100).optional(),
});

export const auditListInput = auditFilter.extend({
  /** The `nextCursor` of another page: the rows after it, which are older. */
  before: z.string().max(200).optional(),
  /** The `previousCursor` of another page: the rows in front of it, which are newer. */
  newer: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
export type AuditListInput = z.input<typeof auditListInput>;

export const auditPage = z.object({
  /** Newest first. */
  rows: z.array(auditEntry),
  /** How many rows the filter matches; "at least" where it isn't exact, which may be less than `countMax`. */
  total: z.number(),
  totalIsExact: z.boolean(),
  /** How many rows of the filter come before this page: "Rows 101 to 200 of 312"; stops at `countMax`. */
  offset: z.number(),
  /** Entries in the log, without the filter and without what was archived. */
  all: z.number(),
  nextCursor: z.string().nullable(),
  previousCursor: z.string().nullable(),
});
export type AuditPage = z.infer<typeof auditPage>;

export const auditEntryInput = z.object({ entry: entryNumber });
export const auditEntryDetail = auditEntry.extend({
  /** What stands before the first entry when this is the first; null when the row has no hash yet. */
  previousHash: z.string().nullable(),
  /** null at the head of the chain. */
  nextHash: z.string().nullable(),
  /** The entry numbers beside it in the whole log; null at its ends and where the row before was archived. */
  neighbours: z.object({ previous: z.number().nullable(), next: z.number().nullable() }),
  /** The rows with the same correlation id, this one among them, oldest first; at most 100. */
  correlated: z.array(auditEntry),
});
export type AuditEntryDetail = z.infer<typeof auditEntryDetail>;

export const auditFacets = z.object({ actors: z.array(z.string()), actions: z.array(z.string()) });
export type AuditFacets = z.infer<typeof auditFacets>;

export const chainBreaks = [
  "changed",
  "missing",
  "inserted",
  "reordered",
  "forged",
  "tail-cut",
  "head",
  "anchor",
  "archive",
] as const;

export const brokenEntry = z.object({
  /** The first entry that isn't as it was written. */
  entry: z.number(),
  kind: z.enum(chainBreaks),
  words: z.string(),
});
export type BrokenEntry = z.infer<typeof brokenEntry>;

export const chainReport = z.object({
  state: z.enum(["intact", "broken", "empty"]),
  checkedAt: z.string(),
  /** How many entries were checked, without those in archive files. */
  entries: z.number(),
  firstEntry: z.number().nullable(),
  lastEntry: z.number().nullable(),
  /** The hash that the head row holds. */
  head: z.string().nullable(),
  /** The last entry that lies in an archive file instead. */
  archivedThrough: z.number().nullable(),
  anchors: z.object({ checked: z.number(), lastEntry: z.number().nullable() }),
  broken: brokenEntry.nullable(),
  durationMs: z.number(),
});
export type ChainReport = z.infer<typeof chainReport>;

/** What the last check found; null until the first one, some seconds after a start. */
export const lastChainReport = z.object({ report: chainReport.nullable() });
export type LastChainReport = z.infer<typeof lastChainReport>;

export const custodyInput = z.object({ id: z.string().min(1).max(60) });
export const custodyEvent = auditEntry.pick({
  entry: true,
  at: true,
  action: true,
  outcome: true,
  actorName: true,
  actorKind: true,
  detail: true,
  target: true,
  requestId: true,
  address: true,
});
export type CustodyEvent = z.infer<typeof custodyEvent>;
/** What happened to one snapshot, newest first, at most 100. */
export const custody = z.object({ events: z.array(custodyEvent), more: z.boolean() });
export type Custody = z.infer<typeof custody>;

export const exportFormats = ["csv", "jsonl"] as const;
export type ExportFormat = (typeof exportFormats)[number];
export const exportInput = auditFilter.extend({ format: z.enum(exportFormats) });
export type ExportInput = z.input<typeof exportInput>;
/** Opens the export's stream once, within its time, for whoever asked. */
export const exportTicket = z.object({ url: z.string(), expiresAt: z.string() });

/** A sealed run of entries that lies in an archive file, or is about to. */
export const auditSegment = z.object({
  firstEntry: z.number(),
  lastEntry: z.number(),
  firstAt: z.string(),
  lastAt: z.string(),
  file: z.string(),
  fileBytes: z.number(),
  fileSha256: z.string(),
  lastHash: z.string(),
  /** null while the file hasn't been read back. */
  archivedAt: z.string().nullable(),
});
export type AuditSegment = z.infer<typeof auditSegment>;
export const auditSegments = z.object({ segments: z.array(auditSegment) });

export const archiveInput = z.object({
  /** Entries of the last so many days stay. */
  keepDays: z.coerce.number().int().min(1).max(36_500),
});
export const archiveReport = z.object({
  /** The segments of this run. */
  archived: z.array(auditSegment),
  removedEntries: z.number(),
  /** The last entry that now lies in a file; null when none does. */
  archivedThrough: z.number().nullable(),
});
export type ArchiveReport = z.infer<typeof archiveReport>;

export const auditKeys = {
  all: ["audit"] as const,
  list: (input: AuditListInput) => ["audit", "list", input] as const,
  entry: (entry: number) => ["audit", "entry", entry] as const,
  facets: ["audit", "facets"] as const,
  chain: ["audit", "chain"] as const,
  custody: (snapshotId: string) => ["audit", "custody", snapshotId] as const,
  segments: ["audit", "segments"] as const,
};
