import { createSeal } from "#core/archive/thread/index.ts";
import type { DatacenterHealth } from "#core/clusters/contract.ts";
import type { ClusterService, HealthMonitor } from "#core/clusters/index.ts";
import type { Comparison } from "#core/comparisons/contract.ts";
import type { ComparisonService } from "#core/comparisons/index.ts";
import type { ContentsService } from "#core/contents/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { toAppError } from "#core/kernel/errors.ts";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
import type { Impact, TokenCheck } from "../contract.ts";
import {
  ageLine,
  damagedLine,
  drillLines,
  sessionsLine,
  unreadableLine,
  versionLines,
} from "./archive-lines.ts";
import { readImpact } from "./impact.ts";
import { count, inOrder, type LookedLine, pass } from "./line.ts";
import { roomLine } from "./room-line.ts";
import { findTokenBySecret, hasToken, readSnapshotFacts, type SnapshotFacts } from "./snapshot-facts.ts";
import {
  healthLines,
  nodesLine,
  othersLine,
  readTokenInUse,
  sameClusterLine,
  tokenLines,
} from "./target-lines.ts";
import { findVault, isVaultActive, vaultLines } from "./vault.ts";
import { verifyStored } from "./verify-stored.ts";

/** At a million keys a second this is long enough for the largest state, and short beside its comparison. */
const vaultSearchMs = 30_000;

export type PreflightDeps = {
  snapshots: SnapshotService;
  contents: ContentsService;
  comparisons: ComparisonService;
  clusters: ClusterService;
  health: HealthMonitor;
  clock: Clock;
  fingerprintKey: string;
  /** What runs in a place besides. */
  running: (clusterId: string, datacenter: string) => Promise<{ restores: number; recoveries: number }>;
};

export type Place = { snapshotId: string; clusterId: string; datacenter: string };
export type Looking = {
  token: string | undefined;
  signal: AbortSignal;
  /** Lines so far. */
  onLines: (lines: readonly LookedLine[]) => void;
  onPhase: (phase: "target" | "taking" | "comparing") => void;
  /** The comparison that shows how far it is. */
  onComparison: (id: string) => void;
};
export type Found = {
  lines: LookedLine[];
  impact: Impact | null;
  liveIndex: number | null;
  comparisonId: string | null;
};

/** Everything that is looked at before a restore. Nothing is changed, here or there. */
export function createLooks(deps: PreflightDeps) {
  const { snapshots, contents, comparisons, clusters, health, clock } = deps;

  async function factsOf(snapshotId: string): Promise<SnapshotFacts> {
    return readSnapshotFacts(await contents.indexOf(await snapshots.inside(snapshotId)), clock.nowMs());
  }

  /** What the target answers now. */
  async function targetLines(
    place: Place,
    token: string | undefined,
    { known, ownRestores = 0 }: { known?: SnapshotFacts; ownRestores?: number },
  ) {
    const { clusterId, datacenter, snapshotId } = place;
    const now = await health.check(clusterId, datacenter);
    const lines = healthLines(now);
    if (now.state === "ok")
      lines.push(...(await tokenFacts(place, token, known ?? (await factsOf(snapshotId)))));
    const { restores, recoveries } = await deps.running(clusterId, datacenter);
    lines.push(
      othersLine({
        restores: restores - ownRestores,
        recoveries,
        takes: await snapshots.runningIn(clusterId, datacenter),
      }),
    );
    return { now, lines };
  }

  /**
   * @param liveBytes of the target's state where it was just read; null: as the last snapshot of it that was kept.
   * @param isAsked whether it counts that neither is known; else it is taken to be as large as the chosen archive.
   */
  async function room(place: Place, liveBytes: number | null, isAsked: boolean): Promise<LookedLine> {
    const { archiveBytes: chosenBytes } = await snapshots.get(place.snapshotId);
    const last = await snapshots.lastOf(place.clusterId, place.datacenter);
    return roomLine({
      freeBytes: await snapshots.freeBytes(),
      liveBytes: liveBytes ?? last.bytes ?? (isAsked ? null : chosenBytes),
      chosenBytes,
    });
  }

  async function tokenFacts(place: Place, token: string | undefined, facts: SnapshotFacts) {
    const client = await clusters.client(place.clusterId);
    const inUse = await readTokenInUse(client, place.datacenter, token);
    const index = await contents.indexOf(await snapshots.inside(place.snapshotId));
    const survives = inUse.accessorId === null ? null : await hasToken(index, inUse.accessorId);
    return tokenLines(inUse, survives, facts);
  }

  async function snapshotLines(
    place: Place,
    snapshot: SnapshotDetail,
    facts: SnapshotFacts,
    now: DatacenterHealth,
    { token, signal }: Looking,
  ) {
    const { clusterId, datacenter } = place;
    const client = await clusters.client(clusterId);
    const index = await contents.indexOf(await snapshots.inside(snapshot.id));
    const lines = await versionLines({
      facts,
      index,
      snapshotVersion: snapshot.consulVersion ?? facts.inspection.serverVersions.names[0] ?? null,
      targetVersion: now.consulVersion,
    });
    const vault = await findVault(index, { budgetMs: vaultSearchMs, signal });
    const isLocked =
      now.state === "ok" && vault.path !== null
        ? await isVaultActive(client, datacenter, vault.path, token)
        : null;
    lines.push(...vaultLines(vault, (await index.kv.stats("")).keys, isLocked), sessionsLine(facts));
    if (now.state === "ok") {
      const { name: clusterName } = await clusters.get(clusterId);
      const isSameCluster =
        snapshot.clusterId === clusterId || (snapshot.clusterId === null && snapshot.source === "upload");
      lines.push(await sameClusterLine({ client, datacenter, clusterName, isSameCluster, facts, snapshot }));
      lines.push(await nodesLine(client, datacenter, facts, token));
    }
    lines.push(...drillLines(snapshot));
    return lines;
  }

  async function compareWithLive(place: Place, looking: Looking): Promise<Comparison> {
    let id = "";
    const ended = new Promise<void>((resolve, reject) => {
      const { clusterId, datacenter, snapshotId } = place;
      const input = { a: { clusterId, datacenter }, b: { snapshotId } };
      comparisons
        .start(input, "preflight", async () => resolve(), looking.token)
        .then((started) => {
          id = started.id;
          looking.onComparison(id);
          started.begin();
        })
        .catch(reject);
    });
    await ended;
    return comparisons.get(id);
  }

  /** The archive, and what a restore of it would change. */
  async function archiveAndImpact(
    place: Place,
    snapshot: SnapshotDetail,
    isLed: boolean,
    looking: Looking,
  ): Promise<Found & { liveBytes: number | null }> {
    const none = { impact: null, liveIndex: null, comparisonId: null };
    const records = snapshot.records.reduce((sum, record) => sum + record.count, 0);
    const verified = pass(
      "archive",
      "Hashes verified, every record decoded",
      `${count(records)} records, read again now`,
    );
    let problem: string | null = null;
    let liveBytes: number | null = null;
    if (isLed) {
      looking.onPhase("comparing");
      const ready = await compareWithLive(place, looking);
      liveBytes = ready.a.archiveBytes;
      if (ready.state === "ready") {
        const impact = await readImpact(comparisons, ready);
        return { lines: [verified], impact, liveIndex: ready.a.raftIndex, comparisonId: ready.id, liveBytes };
      }
      problem = ready.failureText;
    }
    const report = await verifyStored(await snapshots.inside(place.snapshotId), looking.signal);
    const lines = report.ok
      ? [verified, ...(problem === null ? [] : [unreadableLine(problem)])]
      : [damagedLine(report.findings[0]?.text ?? "It is not what was stored.")];
    return { lines, ...none, liveBytes };
  }

  async function everything(place: Place, looking: Looking): Promise<Found> {
    const snapshot = await snapshots.get(place.snapshotId);
    looking.onPhase("target");
    const facts = await factsOf(place.snapshotId).catch((error: unknown) => {
      const failure = toAppError(error);
      // Only what says that the archive is bad is a finding; a fault of ours is none.
      if (failure.code !== "archive_invalid" && failure.code !== "not_found") throw error;
      return failure.userMessage;
    });
    if (typeof facts === "string")
      return { lines: [damagedLine(facts)], impact: null, liveIndex: null, comparisonId: null };
    const { now, lines } = await targetLines(place, looking.token, { known: facts });
    lines.push(...(await snapshotLines(place, snapshot, facts, now, looking)));
    looking.onLines(inOrder(lines));
    looking.signal.throwIfAborted();
    const isLed = now.state === "ok";
    const { liveBytes, ...found } = await archiveAndImpact(place, snapshot, isLed, looking);
    // Asked last: the copy of the live state is on the disk by now.
    lines.push(await room(place, liveBytes, isLed));
    const { impact, liveIndex } = found;
    const changes =
      impact === null ? null : impact.total.comesBack + impact.total.reverts + impact.total.disappears;
    const ageMs = Math.max(0, clock.nowMs() - Date.parse(snapshot.takenAt));
    const index = liveIndex ?? now.raftIndex;
    const age = ageLine({ ageMs, snapshotIndex: snapshot.raftIndex, liveIndex: index, changes });
    return { ...found, liveIndex: index, lines: inOrder([...found.lines, ...lines, age]) };
  }

  return {
    everything,

    /** What is quick to ask, once more right before a restore, which itself is running by then. */
    async again(place: Place, token: string | undefined): Promise<LookedLine[]> {
      const { lines } = await targetLines(place, token, { ownRestores: 1 });
      // A state whose size the preflight has read may have no snapshot that was kept: that is nothing new.
      return [...lines, await room(place, null, false)];
    },

    /** Is this token in the snapshot, and does it manage? The token is compared by its fingerprint and forgotten. */
    async checkToken(snapshotId: string, token: string): Promise<TokenCheck> {
      const index = await contents.indexOf(await snapshots.inside(snapshotId));
      const fingerprint = createSeal(deps.fingerprintKey)(Buffer.from(token));
      const accessorId = await findTokenBySecret(index, fingerprint);
      if (accessorId === null) {
        const text = "The snapshot has no such token: Consul won't know it after the restore.";
        return { inSnapshot: false, accessorId: null, isManagement: false, text };
      }
      const { administrators } = await readSnapshotFacts(index, clock.nowMs());
      const isManagement = administrators.some((each) => each.accessorId === accessorId);
      const text = isManagement
        ? "The snapshot has this token, and it is a management token."
        : "The snapshot has this token, but it is no management token.";
      return { inSnapshot: true, accessorId, isManagement, text };
    },
  };
}
