import type { IdentityReport, Verdict } from "#core/archive/identity/index.ts";
import type { Outcome } from "#core/consul/index.ts";
import { toAppError } from "#core/kernel/errors.ts";
import type { PreflightName } from "../contract.ts";
import { moment } from "../preflight/line.ts";
import type { RestoreRecord } from "../store.ts";

export const auditOutcome: Record<Outcome["state"], "ok" | "failed" | "unknown"> = {
  succeeded: "ok",
  refused: "failed",
  failed: "failed",
  cancelled: "failed",
  unknown: "unknown",
};
export const holds: Record<Verdict, string> = {
  snapshot: "the snapshot",
  safety: "what it held before",
  both: "what both snapshots hold",
  neither: "neither of the two",
};

export function acceptedOf(row: RestoreRecord): PreflightName[] {
  return JSON.parse(row.acceptedJson) as PreflightName[];
}

/** The datacenter could not be looked at: nothing more is known than before. */
export function notTold(row: RestoreRecord, problem: string, isAnswered: boolean): Outcome {
  // Of one that was compared before, the text is what that look said; it must not grow with every other one.
  const first = row.finishedAt === null ? row.outcomeText : null;
  const before = isAnswered ? "Consul answered 200, but" : (first ?? "The restore was cut off, and");
  const text = isAnswered
    ? `${before} ${row.datacenter} could not be compared with the snapshot: ${problem}`
    : `${before} ${row.datacenter} could not be compared: ${problem}`;
  return {
    state: "unknown",
    text: `${text} Compare again as soon as it answers.`,
    consulStatus: row.consulStatus,
  };
}

/** What the comparison says, in one sentence. */
export function fromVerdict(
  row: RestoreRecord,
  verdict: Verdict,
  report: IdentityReport,
  isAnswered: boolean,
): Outcome {
  const { datacenter, consulStatus } = row;
  const end = (state: Outcome["state"], text: string): Outcome => ({ state, text, consulStatus });
  const since = report.writtenSince === 0 ? "" : `, and ${report.writtenSince} written since`;
  const equal = `${report.equal} of ${report.wanted} records equal${since}`;
  const answered = consulStatus === null ? "The answer was lost" : `Consul answered ${consulStatus}`;
  switch (verdict) {
    case "snapshot":
      if (!isAnswered && row.safetySnapshotId === null && report.writtenSince > 0)
        // Whatever looks newer may as well have been there before: the servers' index is seconds old.
        return end(
          "unknown",
          `${answered}. ${datacenter} holds what was restored and ${report.writtenSince} records more. Without a safety snapshot nobody can tell whether these were there before. Look at the datacenter before anything else.`,
        );
      return end(
        "succeeded",
        `${answered}, and a fresh snapshot of ${datacenter} holds what was restored: ${equal}.`,
      );
    case "both":
      return end(
        "succeeded",
        `${answered}. ${datacenter} holds what the snapshot holds; it held the same before: ${equal}.`,
      );
    case "safety":
      return isAnswered
        ? end(
            "unknown",
            `Consul answered 200, but ${datacenter} holds what it held before. Look at the datacenter before anything else.`,
          )
        : end(
            "failed",
            `${answered}. ${datacenter} was compared twice and holds what it held before: nothing was replaced.`,
          );
    case "neither": {
      const other =
        row.safetySnapshotId === null
          ? "and there is no safety snapshot to compare with"
          : "nor what it held before";
      return end(
        "unknown",
        `${answered}. ${datacenter} does not hold what was restored (${report.unexplained} records differ), ${other}. Look at the datacenter before anything else.`,
      );
    }
    default:
      return verdict satisfies never;
  }
}

/** Whether a comparison has proven that nothing was replaced, and this is a later look. */
export function isProvenBefore({ finishedAt, verdict, consulStatus }: RestoreRecord): boolean {
  return finishedAt !== null && verdict === "safety" && consulStatus !== 200;
}

/**
 * A later look that is open, or that finds what people wrote since, takes nothing back of what was proven.
 * @param seen what this look found: `holds neither of the two`.
 */
export function stillProven({ datacenter, checkedAt, consulStatus }: RestoreRecord, seen: string): Outcome {
  const at = checkedAt === null ? "before" : `at ${moment(checkedAt.toISOString())}`;
  const text = `Compared again: ${datacenter} ${seen.replace(/\.$/, "")}. What was found ${at} stays: nothing was replaced.`;
  return { state: "failed", text, consulStatus };
}

export function answered(outcome: Outcome): string {
  return outcome.consulStatus === null ? "was not answered" : `answered ${outcome.consulStatus}`;
}

/** @param isSent whether the first byte had gone; from then on nothing is called failed without a comparison. */
export function fromThrown(error: unknown, isSent: boolean, isAborted: boolean): Outcome {
  const failure = toAppError(error);
  if (isSent) {
    return {
      state: "unknown",
      text: `${failure.message}. Bytes of the archive had been sent, so the data may have been replaced.`,
      consulStatus: null,
    };
  }
  const text = failure.code === "internal" ? `${failure.message}.` : failure.userMessage;
  const sentence = `${text.replace(/ ?Nothing was sent to Consul\.$/, "")} Nothing was sent to Consul.`;
  return {
    state: isAborted ? "cancelled" : "failed",
    text: sentence,
    consulStatus: null,
  };
}
