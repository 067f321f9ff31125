import { z } from "zod";
import { recordKinds } from "#core/archive/contract.ts";

// A drill restores an archive into a Consul that was started for it and is thrown away, and compares what came out.

/**
 * - `passed`: everything that people keep came back.
 * - `differs`: Consul took it, and something is not as in the archive.
 * - `failed`: Consul did not take it, or could not be started; the text says which.
 */
export const drillStates = ["running", "passed", "differs", "failed", "cancelled"] as const;
export type DrillState = (typeof drillStates)[number];
export const drillPhases = ["starting", "restoring", "comparing", "removing", "done"] as const;
export type DrillPhase = (typeof drillPhases)[number];

const identityCounts = {
  wanted: z.number(),
  found: z.number(),
  equal: z.number(),
  /** What Consul adds or drops by itself; in a drill its own node, sessions, checks. */
  moved: z.number(),
  writtenSince: z.number(),
  unexplained: z.number(),
};
/** A Consul compared with an archive: see core/archive/identity. */
export const identityView = z.object({
  matches: z.boolean(),
  isExact: z.boolean(),
  ...identityCounts,
  kinds: z.array(z.object({ kind: z.enum(recordKinds), typeName: z.string(), ...identityCounts })),
  /** Up to ten of what differs, by kind and name. */
  examples: z.array(z.string()),
});
export const drillReport = identityView.extend({
  /** Keys whose value was read back from the throwaway Consul's KV API and compared with the archive's bytes. */
  sampledKeys: z.number(),
  sampledEqual: z.number(),
  /** Milliseconds of each part. */
  startMs: z.number(),
  restoreMs: z.number(),
  compareMs: z.number(),
});
export type DrillReport = z.infer<typeof drillReport>;

export const drillRow = z.object({
  id: z.string(),
  state: z.enum(drillStates),
  phase: z.enum(drillPhases),
  snapshotId: z.string(),
  clusterId: z.string().nullable(),
  clusterName: z.string(),
  datacenter: z.string().nullable(),
  trigger: z.enum(["manual", "schedule"]),
  byName: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  durationMs: z.number().nullable(),
  /** The version that the drill ran on. */
  consulVersion: z.string().nullable(),
  /** The version that took the snapshot, where known. */
  snapshotVersion: z.string().nullable(),
  /** False when both are known and differ; null when one is not known. */
  sameVersion: z.boolean().nullable(),
  report: drillReport.nullable(),
  /** One sentence, in Consul's words where it spoke. */
  outcomeText: z.string().nullable(),
  cancellable: z.boolean(),
  correlationId: z.string(),
});
export type DrillRow = z.infer<typeof drillRow>;
export const drillPage = z.object({ rows: z.array(drillRow), nextCursor: z.string().nullable() });
export type DrillPage = z.infer<typeof drillPage>;

/** Whether a drill can run here at all: which consul was found, or where it was looked for. */
export const drillAbility = z.object({
  able: z.boolean(),
  consulVersion: z.string().nullable(),
  /** Why not, and what to do. Empty when able. */
  problem: z.string(),
});
export type DrillAbility = z.infer<typeof drillAbility>;

export const drillRef = z.object({ id: z.string().min(1).max(60) });
export const startDrillInput = z.object({ snapshotId: z.string().min(1).max(60) });
export const drillListInput = z.object({
  snapshotId: z.string().max(60).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type DrillListInput = z.input<typeof drillListInput>;

export const drillSchedule = z.object({
  id: z.string(),
  clusterId: z.string(),
  clusterName: z.string(),
  datacenter: z.string(),
  /** Five fields, UTC. */
  cron: z.string(),
  enabled: z.boolean(),
  byName: z.string(),
  updatedAt: z.string(),
  /** Null while it is off. */
  nextAt: z.string().nullable(),
  lastSlotAt: z.string().nullable(),
  lastDrill: drillRow.nullable(),
});
export type DrillSchedule = z.infer<typeof drillSchedule>;
export const drillScheduleList = z.object({ schedules: z.array(drillSchedule) });
/** One per datacenter: saving again changes it. */
export const saveDrillScheduleInput = z.object({
  clusterId: z.string().min(1).max(60),
  datacenter: z.string().trim().min(1).max(200),
  cron: z.string().trim().min(9, "Five fields, like 0 4 * * 1").max(100),
  enabled: z.boolean().default(true),
});

export const drillKeys = {
  all: ["drills"] as const,
  list: (input: DrillListInput) => ["drills", "list", input] as const,
  detail: (id: string) => ["drills", "detail", id] as const,
  schedules: ["drills", "schedules"] as const,
  ability: ["drills", "ability"] as const,
};
