import { type StripDay, toStripDay } from "#app/_ui/day-outcome.ts";
import { utcDate, utcDayKey, utcMinute } from "#app/_ui/format-time.ts";
import type { DatacenterHealth } from "#core/clusters/contract.ts";
import type { DatacenterSummary, SnapshotRow } from "#core/snapshots/contract.ts";
import { ageWords } from "../snapshots/_lib/age-words.ts";

/** A datacenter with its live health and its snapshots, measured against its objective. */
export type DatacenterView = {
  key: string;
  name: string;
  health: DatacenterHealth;
  lastGood: SnapshotRow | null;
  lastAttempt: SnapshotRow | null;
  ageMs: number | null;
  objectiveMs: number;
  /** How far past its objective; null while inside it, or when there is nothing to measure. */
  overdueMs: number | null;
  recoverable: boolean;
  days: StripDay[];
  sizes: DatacenterSummary["sizes"];
};

const minuteMs = 60_000;

export function toViews(
  healths: readonly DatacenterHealth[],
  summaries: readonly DatacenterSummary[],
  now: number,
): DatacenterView[] {
  return healths.map((health) => {
    const own = summaries.find(
      (one) => one.clusterId === health.clusterId && one.datacenter === health.datacenter,
    );
    const lastGood = own?.lastGood ?? null;
    const ageMs = lastGood === null ? null : Math.max(0, now - Date.parse(lastGood.takenAt));
    const objectiveMs = health.objectiveMinutes * minuteMs;
    const overdueMs = ageMs !== null && ageMs > objectiveMs ? ageMs - objectiveMs : null;
    return {
      key: `${health.clusterId}/${health.datacenter}`,
      name: health.datacenter,
      health,
      lastGood,
      lastAttempt: own?.lastAttempt ?? null,
      ageMs,
      objectiveMs,
      overdueMs,
      recoverable: ageMs !== null && overdueMs === null,
      days: withToday((own?.days ?? []).map(toStripDay), overdueMs !== null, now),
      sizes: own?.sizes ?? [],
    };
  });
}

/** Being overdue is a state of today. It yields to a failure and covers everything milder. */
function withToday(days: StripDay[], overdue: boolean, now: number): StripDay[] {
  if (!overdue) return days;
  const today = utcDayKey(now);
  return days.map((day) =>
    day.date === today && day.outcome !== "failed" ? { ...day, outcome: "overdue" as const } : day,
  );
}

/** The sentence an engineer woke up for. */
export function verdictTitle(views: readonly DatacenterView[]): string {
  const good = views.filter((view) => view.recoverable).length;
  const [only] = views;
  if (views.length === 1 && only) {
    return `${only.name} ${only.recoverable ? "could" : "could not"} be recovered within its objective`;
  }
  if (good === views.length) return `All ${good} datacenters could be recovered within their objective`;
  return `${good === 0 ? "None" : good} of ${views.length} datacenters could be recovered within their objective`;
}

const namedMax = 3;

/** Who is late and how much that would cost, then who is not. */
export function verdictDetail(views: readonly DatacenterView[], now: number): string {
  const late = views.filter((view) => !view.recoverable);
  const fine = views.filter((view) => view.recoverable);
  const sentences = late.slice(0, namedMax).map((view) => lateSentence(view, now));
  if (late.length > namedMax) sentences.push(`${late.length - namedMax} more are late or have none.`);
  if (fine.length > 0) sentences.push(fineSentence(fine, late.length > 0));
  return sentences.join(" ");
}

function lateSentence(view: DatacenterView, now: number): string {
  if (view.lastGood === null || view.overdueMs === null)
    return `${view.name} has no good snapshot and cannot be recovered.`;
  const past = ageWords(view.overdueMs);
  return `${view.name} could be recovered only to ${pointWords(view.lastGood.takenAt, now)} UTC, ${past} past its objective.`;
}

function fineSentence(fine: readonly DatacenterView[], hasLate: boolean): string {
  const [first] = fine;
  if (!hasLate && first) {
    const left = Math.min(...fine.map((view) => view.objectiveMs - (view.ageMs ?? 0)));
    const tightest = fine.find((view) => view.objectiveMs - (view.ageMs ?? 0) === left) ?? first;
    return `${tightest.name} needs its next good snapshot within ${ageWords(left)}.`;
  }
  if (fine.length > namedMax) return `The other ${fine.length} are inside theirs.`;
  const names = fine.map((view) => view.name);
  const list = names.length === 1 ? names[0] : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  return names.length === 1 ? `${list} is inside its own.` : `${list} are inside theirs.`;
}

/** `01:22`, and `22 Jul 01:22` on another day. */
export function pointWords(at: string, now: number): string {
  return utcDayKey(at) === utcDayKey(now) ? utcMinute(at) : `${utcDate(at, now)} ${utcMinute(at)}`;
}
