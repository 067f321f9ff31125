import { formatAge, formatBytes, formatDuration } from "#app/_ui/format.ts";
import { utcDate, utcDayKey, utcMinute, utcTime, utcTitle } from "#app/_ui/format-time.ts";
import type { SnapshotRow } from "#core/snapshots/contract.ts";

type Named = Pick<SnapshotRow, "datacenter" | "takenAt">;

/** The datacenter, or what an uploaded archive is called that doesn't say where it is from. */
export function datacenterOf(row: { datacenter: string | null }): string {
  return row.datacenter ?? "unknown datacenter";
}

/** `dc1 00:02`, and `dc1 22 Jul 00:02` on another day: short, for lists of several. */
export function shortName(row: Named, now: number): string {
  const day = utcDayKey(row.takenAt) === utcDayKey(now) ? "" : `${utcDate(row.takenAt, now)} `;
  return `${datacenterOf(row)} ${day}${utcMinute(row.takenAt)}`;
}

/** `dc1 00:02:11`, the same with seconds, for buttons and sentences that name one snapshot. */
export function exactName(row: Named, now: number): string {
  const day = utcDayKey(row.takenAt) === utcDayKey(now) ? "" : `${utcDate(row.takenAt, now)} `;
  return `${datacenterOf(row)} ${day}${utcTime(row.takenAt)}`;
}

/** `dc1, Thu 23 Jul 00:02:11`: the title of a snapshot's page. */
export function titleOf(row: Named, now: number): string {
  return `${datacenterOf(row)}, ${utcTitle(row.takenAt, now).replace(/ UTC$/, "")}`;
}

/** What is selected, in words. Two of them say how far apart they are; more are counted per datacenter. */
export function selectionWords(rows: readonly SnapshotRow[], now: number): string {
  const [first, second] = [...rows].sort((a, b) => a.takenAt.localeCompare(b.takenAt));
  if (!first) return "";
  if (!second) return [shortName(first, now), sizeOf(first)].filter((part) => part !== "").join(", ");
  if (rows.length === 2) {
    const apart = Date.parse(second.takenAt) - Date.parse(first.takenAt);
    const distance = apart < 1_000 ? "at the same second" : `${formatAge(apart, { units: 2 })} apart`;
    return `${shortName(first, now)} and ${shortName(second, now)}, ${distance}`;
  }
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(datacenterOf(row), (counts.get(datacenterOf(row)) ?? 0) + 1);
  const parts = [...counts].map(([datacenter, count]) => `${count} of ${datacenter}`);
  return `${parts.join(", ")}, ${formatBytes(totalBytes(rows))}`;
}

export function totalBytes(rows: readonly Pick<SnapshotRow, "archiveBytes">[]): number {
  return rows.reduce((sum, row) => sum + (row.archiveBytes ?? 0), 0);
}

const sizeOf = (row: SnapshotRow): string => (row.archiveBytes === null ? "" : formatBytes(row.archiveBytes));

type Progress = NonNullable<SnapshotRow["progress"]>;

/** `141.0 MB of about 212.4 MB`; an upload knows its length, a take only estimates it. */
export function bytesWords(progress: Progress, exact: boolean): string {
  if (progress.bytesExpected === null) return formatBytes(progress.bytesDone);
  return `${formatBytes(progress.bytesDone)} of ${exact ? "" : "about "}${formatBytes(progress.bytesExpected)}`;
}

/** `about 2 s left`, or nothing while there is no rate or no length to go by. */
export function leftWords(
  progress: Pick<Progress, "bytesDone" | "bytesExpected" | "bytesPerSecond">,
): string {
  const { bytesDone, bytesExpected, bytesPerSecond } = progress;
  if (bytesExpected === null || bytesPerSecond === null || bytesPerSecond <= 0) return "";
  const leftMs = ((bytesExpected - bytesDone) / bytesPerSecond) * 1_000;
  if (leftMs <= 0) return "longer than estimated";
  return `about ${formatDuration(Math.max(1_000, Math.ceil(leftMs / 1_000) * 1_000))} left`;
}

/** The name of a step that is under way. An upload's bytes come from the browser and not from Consul. */
export function stepWords(phase: Progress["phase"], isUpload: boolean): string {
  switch (phase) {
    case "asking":
      return "Asking Consul";
    case "streaming":
      return isUpload ? "Receiving" : "Streaming";
    case "verifying":
      return "Verifying hashes";
    case "storing":
      return "Storing";
    case "done":
      return "Finishing";
    default:
      return phase satisfies never;
  }
}

/** The step a row is in, for a line in the list: `Streaming 141.0 MB of about 212.4 MB`. */
export function phaseWords(progress: Progress, isUpload: boolean): string {
  const step = stepWords(progress.phase, isUpload);
  return progress.phase === "streaming" ? `${step} ${bytesWords(progress, isUpload)}` : step;
}

/** `2.4 s stale`, or that the server knew no leader when even that number is missing. */
export function contactWords(row: Pick<SnapshotRow, "lastContactMs" | "knownLeader">): string {
  if (row.lastContactMs === null || row.lastContactMs === 0)
    return row.knownLeader === false ? "no known leader" : "—";
  // From a minute on the seconds would only make the badge wide.
  const words = row.lastContactMs < 60_000 ? formatDuration(row.lastContactMs) : formatAge(row.lastContactMs);
  return `${words} stale`;
}
