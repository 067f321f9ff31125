import { z } from "zod";
import { recordKinds } from "#core/archive/contract.ts";
import { datacenterHealth } from "#core/clusters/contract.ts";
import { identityView } from "#core/drills/contract.ts";

/**
 * How a restore stands.
 * - `waiting`: for the second person. `declined` and `expired`: nobody said yes, nothing was sent.
 * - `interrupted`: it was cut off after the first byte, and what the datacenter holds is being looked at.
 * - `succeeded`: a fresh snapshot of the datacenter was compared and holds what was restored. Never without.
 * - `refused`, `failed`, `cancelled`: nothing was replaced, because nothing was sent or because it was compared.
 * - `unknown`: bytes had gone, and what the datacenter holds could not be told, or is neither of the two.
 */
export const restoreStates = [
  "waiting",
  "running",
  "interrupted",
  "succeeded",
  "refused",
  "failed",
  "unknown",
  "cancelled",
  "declined",
  "expired",
] as const;
export type RestoreState = (typeof restoreStates)[number];
/** `watching` goes on after the state says `succeeded`. */
export const restorePhases = [
  "waiting",
  "checking",
  "safety",
  "sending",
  "applying",
  "comparing",
  "watching",
  "done",
] as const;
export type RestorePhase = (typeof restorePhases)[number];

export const reasonCharsMax = 500;
export const withoutSafetyReasonCharsMin = 10;
/** A preflight older than this has to be run again before a restore. */
export const preflightValidMs = 30 * 60_000;
/** How long a request waits for the second person. */
export const approvalValidMs = 60 * 60_000;

// Preflight

/** One name per line; a name never changes, since what was ticked is stored by it. */
export const preflightNames = [
  "archive",
  "edition",
  "version",
  "target",
  "servers",
  "token",
  "administrators",
  "same_cluster",
  "age",
  "impact",
  "vault",
  "sessions",
  "nodes",
  "others",
  "room",
  "drill",
] as const;
export type PreflightName = (typeof preflightNames)[number];
export const preflightLine = z.object({
  name: z.enum(preflightNames),
  result: z.enum(["pass", "warning", "block"]),
  /** A sentence without a full stop: "Your token disappears after the restore". */
  title: z.string(),
  /** Why, with numbers and names; may be empty. */
  detail: z.string(),
  /** For a warning or a block: what to do. Empty for a pass. */
  todo: z.string(),
  /** For a warning: what is ticked, in the first person ("I can still sign in to Consul with a token …"). */
  accept: z.string(),
});
export type PreflightLine = z.infer<typeof preflightLine>;

const counts = { comesBack: z.number(), reverts: z.number(), disappears: z.number() };
/** Groups of the table "What changes", in their order. */
export const impactGroups = ["kv", "catalog", "acl", "sessions", "config", "queries", "other"] as const;
export type ImpactGroup = (typeof impactGroups)[number];
export const impactChanges = ["comes_back", "reverts", "disappears"] as const;
export const impactKey = z.object({
  /** The key's text; not UTF-8 shows as replacement characters. */
  label: z.string(),
  change: z.enum(impactChanges),
  /** The value's bytes now, and in the snapshot; null where the key isn't there. */
  liveBytes: z.number().nullable(),
  snapshotBytes: z.number().nullable(),
  /** Looks like a credential by its name. */
  closed: z.boolean(),
});
export const impact = z.object({
  /** ISO time at which the live state was read. */
  readAt: z.string(),
  total: z.object(counts),
  groups: z.array(z.object({ group: z.enum(impactGroups), ...counts })),
  kinds: z.array(z.object({ kind: z.enum(recordKinds), typeName: z.string(), ...counts })),
  /** The first keys by name; the rest are in the comparison. */
  keys: z.array(impactKey),
  keysTotal: z.number(),
  /** `/compare/<id>` shows everything, as long as this process keeps it. */
  comparisonId: z.string(),
});
export type Impact = z.infer<typeof impact>;

const snapshotFacts = z.object({
  id: z.string(),
  takenAt: z.string(),
  datacenter: z.string().nullable(),
  clusterName: z.string(),
  note: z.string(),
  raftIndex: z.number().nullable(),
  archiveBytes: z.number().nullable(),
  state: z.string(),
  consulVersion: z.string().nullable(),
});
/** Whether a restore may go on without a safety snapshot, and the sentence that says why or why not. */
const withoutSafety = z.object({ allowed: z.boolean(), why: z.string() });
export type WithoutSafety = z.infer<typeof withoutSafety>;
const targetHealth = datacenterHealth.pick({
  clusterId: true,
  clusterName: true,
  datacenter: true,
  state: true,
  leader: true,
  problem: true,
  consulVersion: true,
  serversTotal: true,
  serversHealthy: true,
  raftIndex: true,
});
/** The target as it answered at that moment; asked anew with every look. */
const targetFacts = targetHealth.extend({
  /** Whether somebody else has to agree before a restore into it starts. */
  needsApproval: z.boolean(),
  /** Size and duration of the last snapshot of it, for what the safety snapshot will be like; null: there is none. */
  lastSnapshotBytes: z.number().nullable(),
  lastSnapshotMs: z.number().nullable(),
  /** From the first byte to the end of the comparison, as long as the last restore of it took; null: there was none. */
  expectedMs: z.number().nullable(),
  withoutSafety,
});
export const preflight = z.object({
  id: z.string(),
  state: z.enum(["running", "ready", "failed"]),
  /** What is being done: `target`, `comparing`; `done` at the end. */
  phase: z.enum(["target", "taking", "comparing", "done"]),
  /** 0 to 1 where known. */
  progress: z.number().nullable(),
  snapshot: snapshotFacts,
  target: targetFacts,
  byName: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  /** After this it has to be run again. Null until it is ready. */
  validUntil: z.string().nullable(),
  /** Blocks first, then warnings, then what passes. Grows while it runs. */
  lines: z.array(preflightLine),
  /** Null until ready, and when the live state could not be read (a block says why). */
  impact: impact.nullable(),
  failureText: z.string().nullable(),
});
export type Preflight = z.infer<typeof preflight>;

const target = {
  snapshotId: z.string().min(1).max(60),
  clusterId: z.string().min(1).max(60),
  datacenter: z.string().trim().min(1).max(200),
};
const oneTimeToken = z.string().trim().max(4096).optional();
export const startPreflightInput = z.object({
  ...target,
  /** The token that the restore will use instead of the cluster's; never stored. */
  token: oneTimeToken,
});
export type StartPreflightInput = z.input<typeof startPreflightInput>;
export const restoreRef = z.object({ id: z.string().min(1).max(60) });

/** Is this token in the snapshot, and does it manage? For "Check token"; the token is looked up and forgotten. */
export const checkTokenInput = z.object({
  id: z.string().min(1).max(60),
  token: z.string().trim().min(1).max(4096),
});
export const tokenCheck = z.object({
  inSnapshot: z.boolean(),
  /** Null where it isn't in the snapshot. */
  accessorId: z.string().nullable(),
  isManagement: z.boolean(),
  /** One sentence. */
  text: z.string(),
});
export type TokenCheck = z.infer<typeof tokenCheck>;

// Start, approve, return

const reason = z.string().trim().min(3, "A reason is needed").max(reasonCharsMax);
const withoutSafetyReason = z
  .string()
  .trim()
  .min(withoutSafetyReasonCharsMin, "Say why there is no safety snapshot, in ten characters or more")
  .max(reasonCharsMax)
  .optional();

export const startRestoreInput = z
  .object({
    ...target,
    /** The preflight that this restore is bound to: of this snapshot and this target, without a block. */
    preflightId: z.string().min(1).max(60),
    /** The names of all its warnings, ticked. */
    accepted: z.array(z.enum(preflightNames)).max(preflightNames.length).default([]),
    /** What was typed; must equal the datacenter's name. */
    confirmDatacenter: z.string().trim(),
    reason,
    /** Only with this does a restore go on without a safety snapshot, and only where none can be taken. */
    withoutSafetyReason,
    /** A token for this one act; never stored. */
    token: oneTimeToken,
    /** A token that is in the snapshot, for the check after it; never stored. Without: the cluster's, then `token`. */
    tokenAfter: oneTimeToken,
  })
  .refine((input) => input.confirmDatacenter === input.datacenter, {
    path: ["confirmDatacenter"],
    message: "This is not the datacenter's name",
  });
export type StartRestoreInput = z.input<typeof startRestoreInput>;

export const declineInput = restoreRef.extend({ reason });
/** Compares once more what the datacenter holds; for a run whose outcome is not known. */
export const checkAgainInput = restoreRef.extend({ token: oneTimeToken });
/** One act: restores the safety snapshot of that restore into the same datacenter. */
export const returnInput = restoreRef.extend({
  confirmDatacenter: z.string().trim(),
  reason,
  withoutSafetyReason,
  token: oneTimeToken,
  tokenAfter: oneTimeToken,
});
export type ReturnInput = z.input<typeof returnInput>;

// A restore as it is shown

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
  /** What the datacenter was found to hold; null until it was compared. */
  verdict: z.enum(["snapshot", "safety", "both", "neither"]).nullable(),
  /** The restore that this one takes back; null for others. */
  returnOf: z.string().nullable(),
  watchUntil: z.string().nullable(),
  /** Until the first byte of the archive goes to Consul. */
  cancellable: z.boolean(),
  correlationId: z.string(),
});
export type RestoreRow = z.infer<typeof restoreRow>;
export const restorePage = z.object({ rows: z.array(restoreRow), nextCursor: z.string().nullable() });
export type RestorePage = z.infer<typeof restorePage>;

/** The steps of a run, in their order. A run that skips one has no event of it, or one that says why. */
export const restoreSteps = [
  "approval",
  "preflight",
  "safety",
  "sent",
  "applied",
  "leader",
  "compared",
  "token",
  "watch",
] as const;
export type RestoreStep = (typeof restoreSteps)[number];
export const restoreStepView = z.object({
  step: z.enum(restoreSteps),
  state: z.enum(["running", "done", "failed", "skipped"]),
  /** "Safety snapshot taken". */
  title: z.string(),
  /** Facts of it, one line; may be empty. */
  text: z.string(),
  at: z.string(),
  tookMs: z.number().nullable(),
});
export type RestoreStepView = z.infer<typeof restoreStepView>;

export type IdentityView = z.infer<typeof identityView>;

export const restoreSample = z.object({
  at: z.string(),
  leader: z.string().nullable(),
  serversTotal: z.number().nullable(),
  serversHealthy: z.number().nullable(),
  checksTotal: z.number().nullable(),
  checksPassing: z.number().nullable(),
  raftIndex: z.number().nullable(),
  /** Consul's words when it did not answer. */
  problem: z.string().nullable(),
});
export type RestoreSample = z.infer<typeof restoreSample>;

export const restoreDetail = restoreRow.extend({
  steps: z.array(restoreStepView),
  /** The newest 200 lines, oldest first. */
  log: z.array(z.object({ at: z.string(), text: z.string() })),
  logTotal: z.number(),
  safetySnapshot: z
    .object({
      id: z.string(),
      takenAt: z.string(),
      archiveBytes: z.number().nullable(),
      raftIndex: z.number().nullable(),
      pinned: z.boolean(),
      /** verified, or why it can't be returned to. */
      state: z.string(),
    })
    .nullable(),
  withoutSafetyReason: z.string().nullable(),
  /** The same for its way back. */
  withoutSafety,
  approval: z
    .object({
      state: z.enum(["waiting", "approved", "declined", "expired"]),
      expiresAt: z.string().nullable(),
      byName: z.string().nullable(),
      at: z.string().nullable(),
      /** Whether the viewer may say yes: holds restore.approve there and is not the requester. */
      mayApprove: z.boolean(),
      whyNot: z.string().nullable(),
    })
    .nullable(),
  accepted: z.array(z.enum(preflightNames)),
  preflightId: z.string().nullable(),
  againstSnapshot: identityView.nullable(),
  againstSafety: identityView.nullable(),
  checkedAt: z.string().nullable(),
  /** While a cut-off run is looked at: when the next look is, and what the last one said. */
  samples: z.array(restoreSample),
  leaderChanges: z.number(),
  /** steady: leader and servers are as before. unsettled: something is not. null: not watched. */
  watch: z.enum(["steady", "unsettled"]).nullable(),
  /** What to do next, in sentences: agent tokens, Vault, node-id conflicts, a token that is gone. */
  nextSteps: z.array(z.object({ title: z.string(), text: z.string(), command: z.string().nullable() })),
  canReturn: z.boolean(),
  /** Why it can't, for the disabled button. */
  whyNoReturn: z.string().nullable(),
  /** Restores that took this one back. */
  returnedBy: z.array(z.string()),
  canCheckAgain: z.boolean(),
});
export type RestoreDetail = z.infer<typeof restoreDetail>;

export const restoreListInput = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const restoreKeys = {
  all: ["restores"] as const,
  list: (cursor: string | undefined) => ["restores", "list", cursor ?? ""] as const,
  detail: (id: string) => ["restores", "detail", id] as const,
  preflight: (id: string) => ["restores", "preflight", id] as const,
};
