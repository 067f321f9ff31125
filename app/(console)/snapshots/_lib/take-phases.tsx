import { IconArchive, IconDownload, IconSend, IconShieldCheck } from "@tabler/icons-react";
import { formatBytes, formatDuration, formatRate } from "#app/_ui/format.ts";
import { type Phase, type PhaseState, ProgressBar } from "#app/_ui/phases.tsx";
import type { SnapshotDetail, TakePhase } from "#core/snapshots/contract.ts";
import { isInProgress, progressShare } from "./row-facts.ts";
import { bytesWords, leftWords } from "./snapshot-words.ts";

const order = ["asking", "streaming", "verifying", "storing", "done"] as const satisfies readonly TakePhase[];

/** The steps of a take or an upload with what is known of each, from the first question to the stored archive. */
export function takePhases(row: SnapshotDetail): Phase[] {
  const at = position(row);
  const stateOf = (step: number): PhaseState => {
    if (step < at.step) return "done";
    return step > at.step ? "wait" : at.state;
  };
  const steps = [
    askedPhase(row, stateOf(0)),
    streamPhase(row, stateOf(1)),
    verifyPhase(row, stateOf(2)),
    storePhase(stateOf(3)),
  ];
  return row.mode === "file" ? steps.slice(1) : steps;
}

/** Which step the row is in, or ended in. */
function position(row: SnapshotDetail): { step: number; state: PhaseState } {
  if (isInProgress(row)) return { step: order.indexOf(row.progress?.phase ?? "asking"), state: "run" };
  switch (row.state) {
    case "verified":
    case "stale":
      return { step: order.length, state: "done" };
    case "corrupt":
      return { step: 2, state: "bad" };
    default:
      return { step: failedStep(row), state: row.state === "cancelled" ? "warn" : "bad" };
  }
}

/** The failure's code names the step; a row does not keep it. */
function failedStep(row: SnapshotDetail): number {
  switch (row.failureCode) {
    case "archive_invalid":
      return 2;
    case "storage_full":
    case "storage_failed":
      return 3;
    case "consul_broken_stream":
    case "too_large":
      return 1;
    default:
      return row.responseStatus === 200 || row.mode === "file" ? 1 : 0;
  }
}

function askedPhase(row: SnapshotDetail, state: PhaseState): Phase {
  const line = row.requestLine === null ? null : <span className="mono">{row.requestLine}</span>;
  const who =
    row.mode === "consistent" ? " by the leader" : row.answeredBy === null ? "" : ` by ${row.answeredBy}`;
  const answer =
    row.responseStatus === null
      ? ""
      : ` answered ${row.responseStatus}${row.responseStatus === 200 ? who : ""}`;
  const firstByteMs = row.firstByteMs ?? row.progress?.firstByteMs ?? null;
  return {
    key: "asked",
    what: state === "run" ? "Asking Consul" : "Asked Consul",
    state,
    icon: IconSend,
    when: firstByteMs === null ? null : formatDuration(firstByteMs),
    more: (
      <>
        {line}
        {answer}
      </>
    ),
  };
}

function streamPhase(row: SnapshotDetail, state: PhaseState): Phase {
  const isUpload = row.mode === "file";
  const what = isUpload ? "Receiving" : "Streaming";
  if (state !== "run" || row.progress === null) {
    const size = state === "done" && row.archiveBytes !== null ? formatBytes(row.archiveBytes) : null;
    return { key: "stream", what, state, icon: IconDownload, when: size };
  }
  const { progress } = row;
  const share = progressShare(progress);
  const pace = [
    progress.bytesPerSecond === null ? "" : formatRate(progress.bytesPerSecond),
    leftWords(progress),
  ];
  return {
    key: "stream",
    what,
    state,
    icon: IconDownload,
    when: bytesWords(progress, isUpload),
    more: (
      <>
        <div style={{ padding: "8px 0 6px" }}>
          <ProgressBar percent={share === null ? null : share * 100} label={what} />
        </div>
        <div className="row between tn" style={{ flexWrap: "wrap" }}>
          <span>{pace.filter((part) => part !== "").join(", ")}</span>
          {!isUpload && <span>{estimateWords(progress.bytesExpected)}</span>}
        </div>
      </>
    ),
  };
}

function estimateWords(bytesExpected: number | null): string {
  if (bytesExpected === null) return "Consul sends no length, and there is no previous snapshot to go by.";
  return "Consul sends no length. Estimated from the previous snapshot.";
}

function verifyPhase(row: SnapshotDetail, state: PhaseState): Phase {
  return {
    key: "verify",
    what: state === "done" ? "Hashes verified" : "Verify hashes",
    state,
    icon: IconShieldCheck,
    when: state === "done" ? "2 of 2 match" : null,
    more:
      state === "bad" ? (
        row.failureText
      ) : (
        <>
          <span className="mono">meta.json</span> and <span className="mono">state.bin</span> against{" "}
          <span className="mono">SHA256SUMS</span>
        </>
      ),
  };
}

function storePhase(state: PhaseState): Phase {
  return { key: "store", what: state === "done" ? "Stored" : "Store", state, icon: IconArchive };
}
