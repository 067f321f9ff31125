import { z } from "zod";

/**
 * How a restore stands. `unknown`: Consul got the archive but did not answer 200, or Snapkeep was stopped
 * after the first byte had gone: the data may have been replaced, so it is never called failed.
 */
export const restoreStates = ["running", "succeeded", "refused", "failed", "unknown", "cancelled"] as const;
export type RestoreState = (typeof restoreStates)[number];
export const restorePhases = ["checking", "sending", "applying", "done"] as const;
export type RestorePhase = (typeof restorePhases)[number];

export const reasonCharsMax = 500;

export const startRestoreInput = z
  .object({
    snapshotId: z.string().min(1),
    clusterId: z.string().min(1),
    datacenter: z.string().trim().min(1).max(200),
    /** What the person typed; must equal the datacenter's name. */
    confirmDatacenter: z.string().trim(),
    reason: z.string().trim().min(3, "A reason is needed").max(reasonCharsMax),
    /** A token for this one act; never stored. */
    token: z.string().trim().max(4096).optional(),
  })
  .refine((input) => input.confirmDatacenter === input.datacenter, {
    path: ["confirmDatacenter"],
    message: "This is not the datacenter's name",
  });
export type StartRestoreInput = z.input<typeof startRestoreInput>;

export const restoreRow = z.object({
  id: z.string(),
  state: z.enum(restoreStates),
  phase: z.enum(restorePhases),
  snapshotId: z.string(),
  snapshotTakenAt: z.string().nullable(),
  snapshotDatacenter: z.string().nullable(),
  clusterId: z.string().nullable(),
  clusterName: z.string(),
  datacenter: z.string(),
  reason: z.string(),
  byName: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  bytesSent: z.number(),
  bytesTotal: z.number(),
  /** The answer of `PUT /v1/snapshot`; null when none came. */
  consulStatus: z.number().nullable(),
  /** One sentence that says what happened, in Consul's words where it spoke. */
  outcomeText: z.string().nullable(),
  /** Until the first byte of the archive goes to Consul. */
  cancellable: z.boolean(),
  correlationId: z.string(),
});
export type RestoreRow = z.infer<typeof restoreRow>;
export const restorePage = z.object({ rows: z.array(restoreRow), nextCursor: z.string().nullable() });
export type RestorePage = z.infer<typeof restorePage>;

/** What a restore would replace: the live target beside the snapshot. */
export const restoreReview = z.object({
  snapshotId: z.string(),
  clusterId: z.string(),
  clusterName: z.string(),
  datacenter: z.string(),
  leader: z.string().nullable(),
  problem: z.string().nullable(),
  consulVersion: z.string().nullable(),
  serversTotal: z.number().nullable(),
  serversHealthy: z.number().nullable(),
  liveIndex: z.number().nullable(),
  snapshotIndex: z.number().nullable(),
  /** Raft entries that the live state has and the snapshot has not; negative when the snapshot is ahead. */
  entriesBehind: z.number().nullable(),
  snapshotAgeMs: z.number(),
  sameDatacenter: z.boolean(),
});
export type RestoreReview = z.infer<typeof restoreReview>;

export const restoreRef = z.object({ id: z.string().min(1).max(60) });
export const reviewInput = z.object({
  snapshotId: z.string().min(1),
  clusterId: z.string().min(1),
  datacenter: z.string().min(1),
});
export const restoreListInput = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const restoreKeys = {
  all: ["restores"] as const,
  list: (cursor: string | undefined) => ["restores", "list", cursor ?? ""] as const,
  detail: (id: string) => ["restores", "detail", id] as const,
  review: (snapshotId: string, clusterId: string, datacenter: string) =>
    ["restores", "review", snapshotId, clusterId, datacenter] as const,
};
