import { formatCount, formatNumber } from "#app/_ui/format.ts";
import { utcTime } from "#app/_ui/format-time.ts";
import type { RestoreReview } from "#core/restore/contract.ts";
import type { SnapshotDetail, SnapshotRow } from "#core/snapshots/contract.ts";
import { ageWords } from "../../snapshots/_lib/age-words.ts";

export type Check = {
  key: string;
  result: "pass" | "warning" | "block";
  title: string;
  why: string;
  /** The row offers to take a snapshot of the target first. */
  offersTake?: boolean;
};

type Input = { snapshot: SnapshotDetail; review: RestoreReview; newestGood: SnapshotRow | null; now: number };

const order = { block: 0, warning: 1, pass: 2 } as const;

/** What is known before the archive is sent, worst first. A block can't be overridden. */
export function reviewChecks(input: Input): Check[] {
  const all = [
    leaderCheck(input),
    serversCheck(input),
    originCheck(input),
    lossCheck(input),
    safetyCheck(input),
    hashCheck(input),
  ];
  return all.filter((check) => check !== null).sort((a, b) => order[a.result] - order[b.result]);
}

function leaderCheck({ review }: Input): Check {
  if (review.leader !== null) {
    return {
      key: "leader",
      result: "pass",
      title: "Target reachable, leader known",
      why: `${review.leader} leads`,
    };
  }
  return {
    key: "leader",
    result: "block",
    title: `No leader answers in ${review.datacenter}`,
    why: review.problem ?? "Consul applies a restore only through a leader.",
  };
}

function serversCheck({ review }: Input): Check | null {
  const { serversHealthy: healthy, serversTotal: total } = review;
  if (healthy === null || total === null) return null;
  const all = healthy === total;
  return {
    key: "servers",
    result: all ? "pass" : "warning",
    title: all ? "All servers healthy" : `${total - healthy} of ${formatCount(total, "server")} not healthy`,
    why: all ? `${healthy} of ${total}` : "They take over the restored state when they are back.",
  };
}

function originCheck({ review, snapshot }: Input): Check | null {
  if (review.sameDatacenter) return null;
  const from = snapshot.datacenter ?? "an unknown datacenter";
  return {
    key: "origin",
    result: "warning",
    title: `The snapshot is of another datacenter: ${[from, snapshot.clusterName].filter(Boolean).join(" in ")}`,
    why: `${review.datacenter} gets the nodes, ACL tokens and keys of that one, under its own name.`,
  };
}

function lossCheck({ review, snapshot }: Input): Check {
  const behind = review.entriesBehind;
  const age = ageWords(review.snapshotAgeMs);
  if (behind !== null && behind < 0) {
    return {
      key: "loss",
      result: "warning",
      title: "The snapshot is ahead of the live state",
      why: `By ${formatNumber(-behind)} raft entries. The target may have been rebuilt since it was taken.`,
    };
  }
  if (behind === 0) {
    return {
      key: "loss",
      result: "pass",
      title: "Nothing was committed since",
      why: `index ${formatNumber(review.liveIndex)}`,
    };
  }
  return {
    key: "loss",
    result: "warning",
    title: `The snapshot is ${age} older than the live state`,
    why:
      behind === null
        ? `Everything written since ${utcTime(snapshot.takenAt)} is lost.`
        : behind === 1
          ? "1 raft entry was committed since. It is lost."
          : `${formatNumber(behind)} raft entries were committed since. They are lost.`,
  };
}

/** Nothing takes a safety snapshot by itself yet, so the page says what there is to come back to. */
function safetyCheck({ review, snapshot, newestGood, now }: Input): Check | null {
  if (review.leader === null) return null;
  if (newestGood === null) {
    return {
      key: "safety",
      result: "warning",
      title: `There is no good snapshot of ${review.datacenter} to come back to`,
      why: "The state it has now can't be brought back after the restore.",
      offersTake: true,
    };
  }
  const live = review.liveIndex;
  const fresh = live !== null && newestGood.raftIndex !== null && live - newestGood.raftIndex <= 0;
  const age = ageWords(now - Date.parse(newestGood.takenAt));
  return {
    key: "safety",
    result: fresh ? "pass" : "warning",
    title: fresh
      ? "The live state is saved"
      : newestGood.id === snapshot.id
        ? "Nothing newer than this snapshot is saved"
        : `The newest good snapshot of ${review.datacenter} is ${age} old`,
    why: fresh ? `${newestGood.id}, ${age} old` : "What was written after it can't be brought back.",
    ...(fresh ? {} : { offersTake: true }),
  };
}

function hashCheck({ snapshot }: Input): Check {
  switch (snapshot.state) {
    case "verified":
      return {
        key: "hashes",
        result: "pass",
        title: "Hashes verified",
        why: "meta.json and state.bin match SHA256SUMS",
      };
    case "stale":
      return {
        key: "hashes",
        result: "warning",
        title: "The snapshot is flagged Stale",
        why: "Its hashes match, but the server that gave it was behind. Recent writes may be missing in it.",
      };
    default:
      return {
        key: "hashes",
        result: "block",
        title: "There is no archive that can be restored",
        why: "Its hashes do not match or nothing was stored.",
      };
  }
}

/** `4 pass, 2 warnings, nothing blocks` */
export function checksSummary(checks: readonly Check[]): string {
  const count = (result: Check["result"]) => checks.filter((check) => check.result === result).length;
  const blocks = count("block");
  return [
    `${count("pass")} pass`,
    formatCount(count("warning"), "warning"),
    blocks === 0 ? "nothing blocks" : formatCount(blocks, "block"),
  ].join(", ");
}
