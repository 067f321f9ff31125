import type { CanonicalFields, StoredRow } from "./canonical.ts";
import { type AuditEntry, actorKinds, auditOutcomes } from "./contract.ts";

/** Reads the text that `storedRowSql` makes. The database answers in this shape, whatever stands in its columns. */
export const parseStoredRow = (text: string): StoredRow => JSON.parse(text) as StoredRow;
export const parseStoredRows = (text: string): StoredRow[] => JSON.parse(text) as StoredRow[];

/** A row for people. What a row that was tampered with can't say is told as unknown; the chain says the rest. */
export function toEntry([fields, hash]: StoredRow): AuditEntry {
  const text = (index: number) => String(fields[index] ?? "");
  const maybe = (index: number) => (fields[index] === null ? null : text(index));
  return {
    entry: Number(fields[1]),
    at: toIso(text(2)),
    actorKind: actorKinds.find((known) => known === fields[3]) ?? "unknown",
    actorId: maybe(4),
    actorName: text(5),
    role: text(6),
    signedInWith: maybe(7),
    address: text(8),
    userAgent: maybe(9),
    door: text(10),
    action: text(11),
    target: text(12),
    targetId: maybe(13),
    snapshotId: maybe(14),
    clusterId: maybe(15),
    datacenter: maybe(16),
    reason: maybe(17),
    outcome: auditOutcomes.find((known) => known === fields[18]) ?? "unknown",
    detail: maybe(19),
    changes: toChanges(fields),
    requestId: text(21),
    correlationId: text(22),
    hash,
  };
}

/** As Prisma stores a time; text in this form is in the order of time. */
export const toStoredTime = (at: Date | string): string => new Date(at).toISOString().replace("Z", "+00:00");

export function toIso(stored: string): string {
  return stored.endsWith("+00:00") ? `${stored.slice(0, -"+00:00".length)}Z` : stored;
}

function toChanges(fields: CanonicalFields): AuditEntry["changes"] {
  try {
    const read: unknown = JSON.parse(String(fields[20] ?? "null"));
    if (typeof read !== "object" || read === null) return null;
    return { before: side(read, "before"), after: side(read, "after") };
  } catch {
    return null;
  }
}

function side(changes: object, name: "before" | "after"): Record<string, unknown> | null {
  const value: unknown = name in changes ? changes[name as keyof typeof changes] : null;
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
}
