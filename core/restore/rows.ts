import { evaluate } from "#core/access/contract.ts";
import type { IdentityReport } from "#core/archive/identity/index.ts";
import { identityView } from "#core/drills/contract.ts";
import type { Caller } from "#core/kernel/operation.ts";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import {
  type IdentityView,
  type RestoreDetail,
  type RestoreRow,
  type RestoreSample,
  type RestoreState,
  type RestoreStep,
  type RestoreStepView,
  restorePhases,
  restoreStates,
  restoreSteps,
  type WithoutSafety,
} from "./contract.ts";
import { elsewhereText } from "./elsewhere.ts";
import { nextStepsOf } from "./next-steps.ts";
import type { Live } from "./run/deps.ts";
import { acceptedOf } from "./run/outcome-words.ts";
import type { EventRecord, RestoreRecord, SampleRecord } from "./store.ts";

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;
const verdicts = ["snapshot", "safety", "both", "neither"] as const;

export function toRow(row: RestoreRecord, live: Live | null): RestoreRow {
  return {
    id: row.id,
    state: stateOf(row),
    phase: live?.phase ?? restorePhases.find((phase) => phase === row.phase) ?? "done",
    snapshotId: row.snapshotId,
    snapshotTakenAt: iso(row.snapshotTakenAt),
    snapshotDatacenter: row.snapshotDatacenter,
    clusterId: row.clusterId,
    clusterName: row.clusterName,
    datacenter: row.datacenter,
    reason: row.reason,
    byName: row.byName,
    startedAt: row.startedAt.toISOString(),
    finishedAt: iso(row.finishedAt),
    bytesSent: live !== null && live.bytesSent > 0 ? live.bytesSent : Number(row.bytesSent),
    bytesTotal: Number(row.bytesTotal),
    consulStatus: row.consulStatus,
    outcomeText: row.outcomeText,
    verdict: verdicts.find((verdict) => verdict === row.verdict) ?? null,
    returnOf: row.returnOf,
    watchUntil: row.phase === "watching" ? iso(row.watchUntil) : null,
    cancellable: row.state === "waiting" || (row.state === "running" && live !== null && !live.firstByteSent),
    correlationId: row.correlationId,
  };
}

function stateOf(row: RestoreRecord): RestoreState {
  return restoreStates.find((state) => state === row.state) ?? "unknown";
}

export type DetailParts = {
  steps: readonly EventRecord[];
  log: { lines: readonly EventRecord[]; total: number };
  samples: readonly SampleRecord[];
  safety: SnapshotDetail | null;
  returns: readonly { id: string }[];
  /** Another restore of the place has sent bytes since: what is there now is its doing. */
  isOverrun: boolean;
  /** The cluster has other addresses than those that this restore went to. */
  isElsewhere: boolean;
  withoutSafety: WithoutSafety;
  nowMs: number;
};

export function toDetail(
  row: RestoreRecord,
  live: Live | null,
  parts: DetailParts,
  viewer: Caller,
): RestoreDetail {
  const shown = toRow(row, live);
  const found = findingsOf(row);
  const samples = parts.samples.map(toSample);
  const whyNoReturn = noReturn(row, parts.safety, parts);
  return {
    ...shown,
    steps: parts.steps.flatMap(toStep),
    log: parts.log.lines.map(({ at, text }) => ({ at: at.toISOString(), text })),
    logTotal: parts.log.total,
    safetySnapshot: toSafety(parts.safety),
    withoutSafetyReason: row.withoutSafetyReason,
    withoutSafety: parts.withoutSafety,
    approval: toApproval(row, viewer),
    accepted: acceptedOf(row),
    preflightId: row.preflightId,
    againstSnapshot: found.snapshot,
    againstSafety: found.safety,
    checkedAt: iso(row.checkedAt),
    samples,
    leaderChanges: leaderChanges(samples),
    watch: watchOf(row, samples),
    nextSteps: nextStepsOf(shown, acceptedOf(row)),
    canReturn: whyNoReturn === null,
    whyNoReturn,
    returnedBy: parts.returns.map(({ id }) => id),
    canCheckAgain: noCheck(row, parts) === null,
  };
}

function findingsOf(row: RestoreRecord): { snapshot: IdentityView | null; safety: IdentityView | null } {
  if (row.verdictJson === null) return { snapshot: null, safety: null };
  const { snapshot, safety } = JSON.parse(row.verdictJson) as Record<
    "snapshot" | "safety",
    IdentityReport | null
  >;
  const toView = (report: IdentityReport | null) => (report === null ? null : identityView.parse(report));
  return { snapshot: toView(snapshot), safety: toView(safety) };
}

/** What each step is called, before and after. */
const titles: Record<RestoreStep, { running: string; done: string; failed: string; skipped: string }> = {
  approval: {
    running: "Waiting for a second person",
    done: "Approved by a second person",
    failed: "Not approved",
    skipped: "No second person asked",
  },
  preflight: {
    running: "Looking at the target once more",
    done: "Target looked at once more",
    failed: "The target has changed",
    skipped: "Target not looked at again",
  },
  safety: {
    running: "Taking the safety snapshot",
    done: "Safety snapshot taken",
    failed: "No safety snapshot",
    skipped: "Without a safety snapshot",
  },
  sent: {
    running: "Sending the archive",
    done: "Archive sent",
    failed: "Archive not sent",
    skipped: "Archive not sent",
  },
  applied: {
    running: "Consul applies it",
    done: "Consul applied it",
    failed: "Consul did not apply it",
    skipped: "Not applied",
  },
  leader: {
    running: "Waiting for a leader",
    done: "A leader is there",
    failed: "No leader",
    skipped: "Leader not looked at",
  },
  compared: {
    running: "Comparing contents with the snapshot",
    done: "Contents compared with the snapshot",
    failed: "Contents could not be compared",
    skipped: "Contents not compared",
  },
  token: {
    running: "Looking for a token",
    done: "Token replaced as announced",
    failed: "No token works",
    skipped: "Token stays",
  },
  watch: {
    running: "Watching leader, servers and checks",
    done: "Watched",
    failed: "Watch broken off",
    skipped: "Not watched",
  },
};

function toStep(event: EventRecord): RestoreStepView[] {
  const step = restoreSteps.find((each) => each === event.step);
  const state = (["running", "done", "failed", "skipped"] as const).find((each) => each === event.state);
  if (step === undefined || state === undefined) return [];
  return [
    {
      step,
      state,
      title: titles[step][state],
      text: event.text,
      at: event.at.toISOString(),
      tookMs: event.tookMs,
    },
  ];
}

function toSample(sample: SampleRecord): RestoreSample {
  const { at, raftIndex, restoreId: _, ...rest } = sample;
  return { ...rest, at: at.toISOString(), raftIndex: raftIndex === null ? null : Number(raftIndex) };
}

function leaderChanges(samples: readonly RestoreSample[]): number {
  const leaders = samples.map(({ leader }) => leader).filter((leader) => leader !== null);
  return leaders.filter((leader, at) => at > 0 && leader !== leaders[at - 1]).length;
}

/**
 * Steady as long as the newest look finds a leader, as many servers as before, every one healthy, and an index that
 * has not gone back: Consul goes on from the higher of the two. Null: not known.
 */
function watchOf(row: RestoreRecord, samples: readonly RestoreSample[]): RestoreDetail["watch"] {
  const last = samples.at(-1);
  if (row.state !== "succeeded" || last === undefined) return null;
  if (last.problem !== null) return "unsettled";
  if (last.serversTotal === null) return null;
  const firstIndex = samples.find(({ raftIndex }) => raftIndex !== null)?.raftIndex ?? 0;
  if (last.raftIndex !== null && last.raftIndex < firstIndex) return "unsettled";
  const before = samples.find(({ serversTotal }) => serversTotal !== null)?.serversTotal ?? 0;
  return last.serversHealthy === last.serversTotal && last.serversTotal >= before ? "steady" : "unsettled";
}

function toSafety(safety: SnapshotDetail | null): RestoreDetail["safetySnapshot"] {
  if (safety === null) return null;
  const { id, takenAt, archiveBytes, raftIndex, pinned, state } = safety;
  return { id, takenAt, archiveBytes, raftIndex, pinned, state };
}

type SinceThen = Pick<DetailParts, "isOverrun" | "isElsewhere" | "nowMs">;

/** Later than this, what people wrote since hides what a restore did. */
const checkForMs = 7 * 24 * 3_600_000;

/** Why it can't be compared again; null: it can. What was called failed after bytes had gone may have come late. */
export function noCheck(row: RestoreRecord, { isOverrun, isElsewhere, nowMs }: SinceThen): string | null {
  const isOpen = row.state === "unknown" || (row.state === "failed" && row.firstByteSentAt !== null);
  if (!isOpen || row.clusterId === null) return "There is nothing to find out.";
  if (isOverrun)
    return "Another restore has gone there since, so what is there now says nothing of this one.";
  if (isElsewhere) return `${elsewhereText}, so what is there says nothing of this restore.`;
  if (sinceSentMs(row, nowMs) > checkForMs)
    return "It was more than a week ago, so what is there now says nothing of it.";
  return null;
}

/** Counted from the first byte: a look or a comparison later must not make a restore young again. */
export function sinceSentMs({ firstByteSentAt }: RestoreRecord, nowMs: number): number {
  return firstByteSentAt === null ? 0 : Math.abs(nowMs - firstByteSentAt.getTime());
}

/** How long after its first byte a restore can be taken back as one act. Later a look at what would change comes first. */
const returnForMs = 24 * 3_600_000;

/** Why there is no way back as one act; null: there is. */
export function noReturn(
  row: RestoreRecord,
  safety: SnapshotDetail | null,
  { isOverrun, isElsewhere, nowMs }: SinceThen,
): string | null {
  if (row.firstByteSentAt === null) return "Nothing was sent, so there is nothing to take back.";
  if (["running", "interrupted", "waiting"].includes(row.state)) return "The restore has not ended yet.";
  if (row.withoutSafetyReason !== null) return "There is no safety snapshot of this restore.";
  if (safety === null) return "The safety snapshot is no longer in the history.";
  if (safety.state !== "verified") return `The safety snapshot is ${safety.state}.`;
  if (row.clusterId === null) return "The cluster is no longer known.";
  if (isOverrun)
    return "Another restore has gone there since. Restore the safety snapshot instead, and see what changes.";
  if (isElsewhere) return `${elsewhereText}. Restore the safety snapshot instead, and see what changes.`;
  if (sinceSentMs(row, nowMs) <= returnForMs) return null;
  return "It was more than a day ago. Restore the safety snapshot instead, and see what changes.";
}

function toApproval(row: RestoreRecord, viewer: Caller): RestoreDetail["approval"] {
  if (row.approvalExpiresAt === null) return null;
  const state =
    row.state === "waiting"
      ? "waiting"
      : row.state === "declined" || row.state === "expired"
        ? row.state
        : "approved";
  const whyNot = row.state === "waiting" ? whyNotApprove(row, viewer) : "It is no longer waiting.";
  return {
    state: row.state === "cancelled" && row.approvedAt === null ? "declined" : state,
    expiresAt: iso(row.approvalExpiresAt),
    byName: row.approvedByName,
    at: iso(row.approvedAt),
    mayApprove: whyNot === null,
    whyNot,
  };
}

/** Why this caller can't be the second person; null: may. */
export function whyNotApprove(row: RestoreRecord, viewer: Caller): string | null {
  if (viewer.kind !== "person") return "Only a person can be the second person.";
  if (row.byUserId === viewer.userId) return "You asked for it. Somebody else has to agree.";
  const place = { clusterId: row.clusterId, datacenter: row.datacenter };
  const verdict = evaluate(viewer, "restore.approve", [place]);
  return verdict.allowed ? null : `${verdict.reason}.`;
}
