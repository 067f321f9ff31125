import { IconRestore, IconSearch, IconUpload } from "@tabler/icons-react";
import { formatBytes } from "#app/_ui/format.ts";
import { type Phase, type PhaseState, ProgressBar } from "#app/_ui/phases.tsx";
import type { RestorePhase, RestoreRow } from "#core/restore/contract.ts";

const order = ["checking", "sending", "applying", "done"] as const satisfies readonly RestorePhase[];

/** The steps of a restore with what is known of each. */
export function restorePhases(row: RestoreRow): Phase[] {
  const at = position(row);
  const stateOf = (step: number): PhaseState => {
    if (step < at.step) return "done";
    return step > at.step ? "wait" : at.state;
  };
  return [checkPhase(row, stateOf(0)), sendPhase(row, stateOf(1)), applyPhase(row, stateOf(2))];
}

/** Which step it is in, or ended in. A row that has ended no longer says so itself. */
function position(row: RestoreRow): { step: number; state: PhaseState } {
  const sentAll = row.bytesTotal > 0 && row.bytesSent >= row.bytesTotal;
  const named = order.indexOf(row.phase);
  const reached =
    row.phase === "done" ? (row.consulStatus !== null || sentAll ? 2 : row.bytesSent > 0 ? 1 : 0) : named;
  switch (row.state) {
    case "running":
      return { step: named, state: "run" };
    case "succeeded":
      return { step: order.length, state: "done" };
    case "refused":
    case "failed":
      return { step: reached, state: "bad" };
    case "unknown":
    case "cancelled":
      return { step: reached, state: "warn" };
    default:
      return row.state satisfies never;
  }
}

function checkPhase(row: RestoreRow, state: PhaseState): Phase {
  return {
    key: "checking",
    what: state === "run" ? "Checking the archive and the target" : "Archive and target checked",
    state,
    icon: IconSearch,
    more: (
      <>
        Hashes of <span className="mono">{row.snapshotId}</span>, leader of {row.datacenter}
      </>
    ),
  };
}

function sendPhase(row: RestoreRow, state: PhaseState): Phase {
  const bytes = `${formatBytes(row.bytesSent)} of ${formatBytes(row.bytesTotal)}`;
  return {
    key: "sending",
    what: state === "done" ? "Archive sent" : "Send the archive",
    state,
    icon: IconUpload,
    when: state === "wait" ? null : state === "done" ? formatBytes(row.bytesSent) : bytes,
    more:
      state === "run" ? (
        <div style={{ padding: "8px 0 2px" }}>
          <ProgressBar
            percent={row.bytesTotal > 0 ? (row.bytesSent / row.bytesTotal) * 100 : null}
            label="Archive sent"
          />
        </div>
      ) : undefined,
  };
}

function applyPhase(row: RestoreRow, state: PhaseState): Phase {
  const answer = row.consulStatus === null ? "has not answered" : `answered ${row.consulStatus}`;
  return {
    key: "applying",
    what: state === "done" ? "Consul applied it" : state === "run" ? "Consul applies it" : "Apply",
    state,
    icon: IconRestore,
    more:
      state === "wait" ? undefined : (
        <>
          <span className="mono">PUT /v1/snapshot?dc={row.datacenter}</span> {answer}
        </>
      ),
  };
}
