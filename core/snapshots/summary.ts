import type { Reach } from "#core/access/contract.ts";
import type { DatacenterSummary, SnapshotSummary } from "./contract.ts";
import { toSnapshotRow } from "./rows.ts";
import type { SnapshotStore } from "./store.ts";

const days = 30;
const dayMs = 24 * 3_600_000;
/** More points than this don't show on a line of 400 pixels. */
const sizesMax = 400;

type Facts = Awaited<ReturnType<SnapshotStore["datacenterFacts"]>>;

/** Numbers of every datacenter that has a row: the newest good one, thirty days of outcomes, sizes. */
export async function summarize(store: SnapshotStore, nowMs: number, reach: Reach): Promise<SnapshotSummary> {
  const todayMs = Math.floor(nowMs / dayMs) * dayMs;
  const since = new Date(todayMs - (days - 1) * dayMs);
  const [stored, groups] = await Promise.all([store.stored(reach), store.datacenters(reach)]);
  const datacenters = await Promise.all(
    groups.map(async ({ clusterId, clusterName, datacenter }) => {
      const name = datacenter ?? "";
      const facts = await store.datacenterFacts(clusterId, name, since);
      return { clusterId, clusterName, datacenter: name, ...toSummary(facts, since.getTime()) };
    }),
  );
  return {
    storedCount: stored._count,
    storedBytes: Number(stored._sum.archiveBytes ?? 0n),
    // A renamed cluster has rows under both names; the one with the newest attempt speaks for it.
    datacenters: newestPerPlace(datacenters),
  };
}

function newestPerPlace(all: DatacenterSummary[]): DatacenterSummary[] {
  const best = new Map<string, DatacenterSummary>();
  for (const one of all) {
    const key = `${one.clusterId ?? one.clusterName}/${one.datacenter}`;
    const before = best.get(key);
    if (before === undefined || (one.lastAttempt?.takenAt ?? "") > (before.lastAttempt?.takenAt ?? ""))
      best.set(key, one);
  }
  return [...best.values()].sort(
    (a, b) => a.datacenter.localeCompare(b.datacenter) || a.clusterName.localeCompare(b.clusterName),
  );
}

function toSummary(
  facts: Facts,
  sinceMs: number,
): Omit<DatacenterSummary, "clusterId" | "clusterName" | "datacenter"> {
  const counts = Array.from({ length: days }, (_, day) => ({
    date: new Date(sinceMs + day * dayMs).toISOString().slice(0, 10),
    good: 0,
    stale: 0,
    failed: 0,
  }));
  for (const row of facts.recent) {
    const day = counts[Math.floor((row.takenAt.getTime() - sinceMs) / dayMs)];
    if (day === undefined) continue;
    if (row.state === "verified") day.good += 1;
    else if (row.state === "stale") day.stale += 1;
    else if (row.state === "failed" || row.state === "corrupt") day.failed += 1;
  }
  const sized = facts.recent.flatMap((row) =>
    row.archiveBytes === null
      ? []
      : [
          {
            takenAt: row.takenAt.toISOString(),
            archiveBytes: Number(row.archiveBytes),
            raftIndex: row.raftIndex === null ? null : Number(row.raftIndex),
          },
        ],
  );
  return {
    lastGood: facts.lastGood === null ? null : toSnapshotRow(facts.lastGood, null),
    lastAttempt: facts.lastAttempt === null ? null : toSnapshotRow(facts.lastAttempt, null),
    days: counts,
    sizes: thin(sized, sizesMax),
  };
}

function thin<T>(items: T[], max: number): T[] {
  if (items.length <= max) return items;
  const step = items.length / max;
  const kept = Array.from({ length: max }, (_, i) => items[Math.floor(i * step)]).filter(
    (item) => item !== undefined,
  );
  const last = items.at(-1);
  return last === undefined ? kept : [...kept.slice(0, -1), last];
}
