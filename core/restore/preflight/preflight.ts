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
import type { Impact, PreflightLine, TokenCheck } from "../contract.ts";
import { ageLine, contentsLines, versionLines } from "./archive-lines.ts";
import { readImpact } from "./impact.ts";
import { block, count, duration, inOrder, moment, pass, warning } from "./line.ts";
import { findTokenBySecret, hasToken, readSnapshotFacts, type SnapshotFacts } from "./snapshot-facts.ts";
import {
  healthLines,
  nodesLine,
  othersLine,
  readTokenInUse,
  roomLine,
  sameClusterLine,
  tokenLines,
} from "./target-lines.ts";
import { verifyStored } from "./verify-stored.ts";

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
  onLines: (lines: readonly PreflightLine[]) => void;
  onPhase: (phase: "target" | "taking" | "comparing") => void;
  /** The comparison that shows how far it is. */
  onComparison: (id: string) => void;
};
export type Found = {
  lines: PreflightLine[];
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

  /** What the target answers now; quick, so it is looked at again right before a restore. */
  async function targetLines(
    place: Place,
    token: string | undefined,
    { known, ownRestores = 0 }: { known?: SnapshotFacts; ownRestores?: number } = {},
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
    const last = await snapshots.lastOf(clusterId, datacenter);
    lines.push(roomLine(await snapshots.freeBytes(), last.bytes));
    return { now, lines };
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
    token: string | undefined,
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
    const vaultLock =
      now.state === "ok" && facts.vaultPath !== null
        ? await isVaultActive(place, facts.vaultPath, token)
        : null;
    lines.push(...contentsLines(facts, { vaultLock }));
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

  /** Whether somebody holds the lock that an active Vault has; null: can't be read. */
  async function isVaultActive(
    place: Place,
    vaultPath: string,
    token: string | undefined,
  ): Promise<boolean | null> {
    const client = await clusters.client(place.clusterId);
    const key = `${vaultPath}core/lock`.split("/").map(encodeURIComponent).join("/");
    try {
      const path = `/v1/kv/${key}?dc=${encodeURIComponent(place.datacenter)}`;
      const answer = await client.getJson(path, { token, acceptStatuses: [404] });
      const [entry] = Array.isArray(answer) ? (answer as { Session?: unknown }[]) : [];
      return typeof entry?.Session === "string" && entry.Session !== "";
    } catch {
      return null;
    }
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
  ): Promise<Found> {
    const none = { impact: null, liveIndex: null, comparisonId: null };
    const records = snapshot.records.reduce((sum, record) => sum + record.count, 0);
    const verified = pass(
      "archive",
      "Hashes verified, every record decoded",
      `${count(records)} records, read again now`,
    );
    let problem: string | null = null;
    if (isLed) {
      looking.onPhase("comparing");
      const ready = await compareWithLive(place, looking);
      if (ready.state === "ready") {
        const impact = await readImpact(comparisons, ready);
        return { lines: [verified], impact, liveIndex: ready.a.raftIndex, comparisonId: ready.id };
      }
      problem = ready.failureText;
    }
    const report = await verifyStored(await snapshots.inside(place.snapshotId), looking.signal);
    if (report.ok) return { lines: [verified, ...(problem === null ? [] : [unreadable(problem)])], ...none };
    const line = block("archive", "The archive does not verify", {
      detail: report.findings[0]?.text ?? "It is not what was stored.",
      todo: "Choose another snapshot. This one can't be restored.",
    });
    return { lines: [line], ...none };
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
    lines.push(...(await snapshotLines(place, snapshot, facts, now, looking.token)));
    looking.onLines(inOrder(lines));
    looking.signal.throwIfAborted();
    const found = await archiveAndImpact(place, snapshot, now.state === "ok", looking);
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
    targetLines,

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

function damagedLine(detail: string): PreflightLine {
  return block("archive", "The archive does not verify", {
    detail,
    todo: "Choose another snapshot. This one can't be restored.",
  });
}

function unreadable(problem: string): PreflightLine {
  return warning("impact", "What would change can't be told", {
    detail: `The live state could not be read: ${problem}`,
    todo: "A safety snapshot will fail for the same reason. Find that first.",
    accept: "I don't need to see what is lost",
  });
}

function drillLines({ drill, consulVersion }: SnapshotDetail): PreflightLine[] {
  if (drill === null) return [];
  const on = drill.consulVersion === null ? "" : ` on Consul ${drill.consulVersion}`;
  const at = moment(drill.at);
  if (drill.state === "passed") {
    const other =
      consulVersion !== null && drill.consulVersion !== null && consulVersion !== drill.consulVersion;
    return [
      pass(
        "drill",
        "Restore proven",
        `Drill passed ${at}${on}, ${duration(drill.ms)}${other ? `; the snapshot is of ${consulVersion}` : ""}`,
      ),
    ];
  }
  const words = drill.state === "differs" ? "came back different" : "failed";
  return [
    warning("drill", `The drill of this snapshot ${words}`, {
      detail: `${at}${on}.`,
      todo: "Look at the drill before you go on.",
      accept: "I know what the drill showed",
    }),
  ];
}
