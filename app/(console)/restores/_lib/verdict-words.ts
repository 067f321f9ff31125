import { formatCount } from "#app/_ui/format.ts";
import { utcTime } from "#app/_ui/format-time.ts";
import type { StateName, Tone } from "#app/_ui/states.ts";
import type { RestoreDetail } from "#core/restore/contract.ts";
import { isWatched, pointInTime, restoreState } from "./restore-words.ts";

export type VerdictFacts = Pick<
  RestoreDetail,
  | "state"
  | "phase"
  | "verdict"
  | "datacenter"
  | "snapshotTakenAt"
  | "cancellable"
  | "bytesSent"
  | "watchUntil"
  | "watch"
  | "safetySnapshot"
  | "againstSnapshot"
  | "approval"
>;
type VerdictWords = { name: StateName; tone: Tone; title: string; meaning: string };

/** The sentence that the page of a restore opens with, and what it means for the data. */
export function verdictWords(row: VerdictFacts, now: number): VerdictWords {
  const { name, tone } = restoreState(row.state);
  return { name, tone, ...sentences(row, now) };
}

type Sentences = { title: string; meaning: string };

function sentences(row: VerdictFacts, now: number): Sentences {
  const dc = row.datacenter;
  switch (row.state) {
    case "waiting":
      return { title: `The restore of ${dc} waits for a second person`, meaning: waitingMeaning(row) };
    case "running":
      return runningWords(row, now);
    case "interrupted":
      return interruptedWords(row);
    case "succeeded":
      return {
        title: `${dc} is back to ${pointInTime(row.snapshotTakenAt, now)}`,
        meaning: succeededMeaning(row),
      };
    case "refused":
      return { title: "Consul refused the archive", meaning: `Nothing in ${dc} was replaced.` };
    case "failed":
      return { title: `The restore of ${dc} failed`, meaning: failedMeaning(row) };
    case "unknown":
      return unknownWords(row, now);
    case "cancelled":
      return { title: `The restore of ${dc} was cancelled`, meaning: nothingSent(dc) };
    case "declined":
      return { title: `The restore of ${dc} was declined`, meaning: declinedMeaning(row) };
    case "expired":
      return { title: `The request to restore ${dc} has expired`, meaning: expiredMeaning(dc) };
    default:
      return row.state satisfies never;
  }
}

const nothingSent = (dc: string) => `No byte was sent. Nothing in ${dc} was replaced.`;
const expiredMeaning = (dc: string) => `Nobody agreed in time. ${nothingSent(dc)}`;

function declinedMeaning(row: VerdictFacts): string {
  const by = row.approval?.byName;
  return `${by ? `${by} said no. ` : ""}${nothingSent(row.datacenter)}`;
}

function waitingMeaning(row: VerdictFacts): string {
  const until = row.approval?.expiresAt ?? null;
  return `Nothing has been sent to Consul.${until === null ? "" : ` The request expires at ${utcTime(until)}.`}`;
}

/** While it runs nothing is claimed but what has been done. */
function runningWords(row: VerdictFacts, now: number): Sentences {
  const dc = row.datacenter;
  const title = `Restoring ${dc} to ${pointInTime(row.snapshotTakenAt, now)}`;
  switch (row.phase) {
    case "waiting":
    case "checking":
      return { title, meaning: `Archive and target are checked. ${notYetSent}` };
    case "safety":
      return { title, meaning: `The safety snapshot is taken. ${notYetSent}` };
    case "sending":
      return {
        title,
        meaning: row.cancellable
          ? `The archive is about to be sent. ${notYetSent}`
          : "The archive is on its way. From here Consul decides, and it can't be cancelled.",
      };
    case "applying":
      return { title, meaning: "Consul has the archive and applies it. Reads may fail until it is done." };
    case "comparing":
      return {
        title: `Checking what ${dc} holds`,
        meaning: `A fresh snapshot of ${dc} is compared with the one that was restored. Until then nothing is claimed.`,
      };
    case "watching":
    case "done":
      return { title, meaning: "The result is being written down." };
    default:
      return row.phase satisfies never;
  }
}

const notYetSent = "Nothing has been sent to Consul yet.";

function interruptedWords(row: VerdictFacts): Sentences {
  const dc = row.datacenter;
  const others = row.safetySnapshot === null ? "the snapshot" : "the snapshot and with the safety snapshot";
  return {
    title: `The restore of ${dc} was interrupted`,
    meaning: `It was cut off after bytes had gone to Consul. ${dc} is being compared with ${others}, to tell what it holds. Start nothing in ${dc} until this page says which.`,
  };
}

function succeededMeaning(row: VerdictFacts): string {
  const parts = [contentsWords(row)];
  if (row.verdict === "both") parts.push("The state before the restore held the same.");
  if (row.watch === "unsettled") parts.push("Leader or servers are not yet as before.");
  if (isWatched(row)) {
    const until = row.watchUntil === null ? "" : ` until ${utcTime(row.watchUntil)}`;
    parts.push(`Watching${until}, so a late fault can still be undone cleanly.`);
  }
  return parts.join(" ");
}

/** What agents and people wrote since is expected, and said. */
function contentsWords({ againstSnapshot: found }: VerdictFacts): string {
  if (found === null || found.isExact) return "Contents match the snapshot.";
  const since = [
    found.writtenSince > 0 ? `${formatCount(found.writtenSince, "record")} written since` : "",
    found.moved > 0 ? `${formatCount(found.moved, "record")} that agents keep moving` : "",
  ].filter((part) => part !== "");
  return `Contents match the snapshot${since.length === 0 ? "" : `, beside ${since.join(" and ")}`}.`;
}

/** A failure is only called one when nothing was replaced; the words say how that is known. */
function failedMeaning(row: VerdictFacts): string {
  const dc = row.datacenter;
  if (row.verdict === "safety")
    return `${dc} was compared and holds what it held before. Nothing was replaced.`;
  if (row.verdict === "both") {
    return `${dc} was compared. It holds what it held before, which is also what the snapshot holds.`;
  }
  return row.bytesSent === 0 ? nothingSent(dc) : `Nothing in ${dc} was replaced.`;
}

function unknownWords(row: VerdictFacts, now: number): Sentences {
  const dc = row.datacenter;
  const point = pointInTime(row.snapshotTakenAt, now);
  const back =
    row.safetySnapshot === null ? "restore again" : "return to the safety snapshot or restore again";
  switch (row.verdict) {
    case null:
      return {
        title: `It is not known what ${dc} holds`,
        meaning: `Bytes had gone to Consul, and ${dc} could not be compared since. Treat its data as replaced, and compare again as soon as it has a leader.`,
      };
    case "neither": {
      const found =
        row.safetySnapshot === null
          ? "does not match the snapshot"
          : "matches neither the snapshot nor the state before the restore";
      return {
        title: `${dc} does not hold ${point}`,
        meaning: `It was compared and ${found}. Keep writers away, look at the differences below, then ${back}.`,
      };
    }
    case "snapshot":
      return {
        title: `${dc} seems to hold ${point}`,
        meaning: `A comparison found the snapshot's contents, and more that looks newer. Without an answer and without a safety snapshot nobody can tell whether that was there before.`,
      };
    case "safety":
      return {
        title: `${dc} seems to hold what it held before`,
        meaning: `A comparison found the contents of the safety snapshot, but the archive may still be applied. Compare again before you ${back}.`,
      };
    case "both":
      return {
        title: `It is not known whether ${dc} was restored`,
        meaning: `${dc} holds what the snapshot and the safety snapshot both hold. No data differs, so nothing has to be done.`,
      };
    default:
      return row.verdict satisfies never;
  }
}
