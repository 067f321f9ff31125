import { z } from "zod";

export const auditOutcomes = ["intent", "ok", "denied", "failed", "unknown"] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

/** One row of the log, as it was written. Rows are never changed. */
export const auditEntry = z.object({
  /** Counts up by one; the order of writing. */
  entry: z.number(),
  at: z.string(),
  actorKind: z.enum(["person", "system", "unknown"]),
  actorName: z.string(),
  role: z.string(),
  address: z.string(),
  userAgent: z.string().nullable(),
  door: z.string(),
  action: z.string(),
  target: z.string(),
  targetId: z.string().nullable(),
  reason: z.string().nullable(),
  outcome: z.enum(auditOutcomes),
  /** A few words beside the outcome: "209.9 MB", "No cluster leader". */
  detail: z.string().nullable(),
  requestId: z.string(),
  correlationId: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

export const auditListInput = z.object({
  q: z.string().trim().max(200).optional(),
  action: z.string().max(60).optional(),
  outcome: z.enum(auditOutcomes).optional(),
  /** Rows with a smaller entry number than this. */
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
export type AuditListInput = z.input<typeof auditListInput>;
export const auditPage = z.object({
  rows: z.array(auditEntry),
  total: z.number(),
  nextBefore: z.number().nullable(),
});
export type AuditPage = z.infer<typeof auditPage>;

export const auditKeys = { list: (input: AuditListInput) => ["audit", "list", input] as const };
