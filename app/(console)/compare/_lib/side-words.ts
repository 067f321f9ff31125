import { formatAge, formatBytes, formatBytesChange, formatChange } from "#app/_ui/format.ts";
import { utcDate, utcDayKey, utcTime } from "#app/_ui/format-time.ts";
import type { ComparisonSide } from "#core/comparisons/contract.ts";
import type { SnapshotDetail, SnapshotRow } from "#core/snapshots/contract.ts";
import { sourceWords } from "../../snapshots/_lib/vocabulary.ts";

export type Side = ComparisonSide;

/** A snapshot of the history as a side. */
export function toSide(row: SnapshotRow | SnapshotDetail): Side {
  const {
    id,
    clusterId,
    clusterName,
    datacenter,
    takenAt,
    raftIndex,
    archiveBytes,
    state,
    byName,
    note,
    source,
  } = row;
  return {
    snapshotId: id,
    clusterId,
    clusterName,
    datacenter,
    takenAt,
    raftIndex,
    archiveBytes,
    state,
    byName,
    note,
    source,
  };
}

/** `dc1, 00:02:11`, with the day when it isn't today; `dc1, now` for the live cluster that isn't read yet. */
export function sideName(side: Pick<Side, "datacenter" | "takenAt">, now: number): string {
  const datacenter = side.datacenter ?? "unknown datacenter";
  if (side.takenAt === null) return `${datacenter}, now`;
  const day = utcDayKey(side.takenAt) === utcDayKey(now) ? "" : `${utcDate(side.takenAt, now)} `;
  return `${datacenter}, ${day}${utcTime(side.takenAt)}`;
}

/** `Manual by ops-primary, before checkout cutover, 212.4 MB, +2.5 MB against A` */
export function sideFacts(side: Side, against: Side | null): string {
  if (side.snapshotId === null) {
    const size = side.archiveBytes === null ? [] : [formatBytes(side.archiveBytes)];
    return ["Live cluster, taken for this comparison and not kept", ...size].join(", ");
  }
  const source = (sourceWords as Record<string, string>)[side.source] ?? side.source;
  const facts = [side.source === "schedule" ? `${source} ${side.byName}` : `${source} by ${side.byName}`];
  if (side.note !== "") facts.push(side.note);
  if (side.archiveBytes !== null) facts.push(formatBytes(side.archiveBytes));
  if (against !== null && against.archiveBytes !== null && side.archiveBytes !== null) {
    const change = side.archiveBytes - against.archiveBytes;
    facts.push(change === 0 ? "same size as A" : `${formatBytesChange(change)} against A`);
  }
  return facts.join(", ");
}

/** `2 h 29 min apart, raft index +4,307`; what is known of it. */
export function apartWords(a: Side | null, b: Side | null): string | undefined {
  if (a === null || b === null) return undefined;
  const words: string[] = [];
  if (a.takenAt !== null && b.takenAt !== null) {
    const ms = Date.parse(b.takenAt) - Date.parse(a.takenAt);
    const apart =
      Math.abs(ms) < 1_000 ? "Of the same second" : `${formatAge(Math.abs(ms), { units: 2 })} apart`;
    words.push(ms <= -1_000 ? `${apart}, B is the earlier` : apart);
  }
  if (a.raftIndex !== null && b.raftIndex !== null) {
    const change = b.raftIndex - a.raftIndex;
    words.push(change === 0 ? "same raft index" : `raft index ${formatChange(change)}`);
  }
  return words.length === 0 ? undefined : words.join(", ");
}
