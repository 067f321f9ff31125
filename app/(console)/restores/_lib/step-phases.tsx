import {
  type Icon,
  IconCrown,
  IconGitCompare,
  IconHeartbeat,
  IconKey,
  IconListCheck,
  IconRestore,
  IconShieldCheck,
  IconUpload,
  IconUsers,
} from "@tabler/icons-react";
import { formatBytes, formatDuration } from "#app/_ui/format.ts";
import { utcTime } from "#app/_ui/format-time.ts";
import { type Phase, type PhaseState, ProgressBar } from "#app/_ui/phases.tsx";
import type { RestoreDetail, RestoreStep, RestoreStepView } from "#core/restore/contract.ts";
import { isMoving, isWatched } from "./restore-words.ts";

const icons: Record<RestoreStep, Icon> = {
  approval: IconUsers,
  preflight: IconListCheck,
  safety: IconShieldCheck,
  sent: IconUpload,
  applied: IconRestore,
  leader: IconCrown,
  compared: IconGitCompare,
  token: IconKey,
  watch: IconHeartbeat,
};

/** What is still to come, in its order. Approval and token are told only when they happen. */
const expected: readonly [RestoreStep, string][] = [
  ["preflight", "Check the archive and the target"],
  ["safety", "Take the safety snapshot"],
  ["sent", "Send the archive"],
  ["applied", "Consul applies it"],
  ["leader", "Wait for a leader"],
  ["compared", "Compare with the snapshot"],
  ["watch", "Watch leader, servers and service checks"],
];

/** The steps of a restore with what is known of each. */
export function stepPhases(row: RestoreDetail, now: number): Phase[] {
  const steps = withWatch(row);
  const told = steps.map((step, place) => toPhase(row, step, place, now));
  return [...told, ...upcoming(row)];
}

/** A watch that goes on is a step, also where that could not be written down. An earlier one may have been left out. */
function withWatch(row: RestoreDetail): RestoreStepView[] {
  const isTold = row.steps.some(({ step, state }) => step === "watch" && state === "running");
  if (!isWatched(row) || isTold) return row.steps;
  const at = row.finishedAt ?? row.startedAt;
  const title = "Watching leader, servers and service checks";
  return [...row.steps, { step: "watch", state: "running", title, text: "", at, tookMs: null }];
}

/** When Consul had applied it: its own step, or the one that sent it and got the answer. */
export function appliedAt(row: RestoreDetail): string | null {
  const own = row.steps.find(({ step, state }) => step === "applied" && state === "done");
  const sent = row.steps.find(({ step, state }) => step === "sent" && state === "done");
  return own?.at ?? (row.consulStatus === 200 ? (sent?.at ?? null) : null);
}

function toPhase(row: RestoreDetail, step: RestoreStepView, place: number, now: number): Phase {
  const running = step.state === "running";
  return {
    key: `${step.step} ${place}`,
    what: step.title,
    state: stateOf(step),
    icon: icons[step.step],
    when: running ? runningWhen(row, step, now) : whenOf(step),
    more: (
      <>
        {step.text}
        {running && <StepBar row={row} step={step} now={now} />}
      </>
    ),
  };
}

function stateOf(step: RestoreStepView): PhaseState {
  switch (step.state) {
    case "running":
      return "run";
    case "done":
      return "done";
    case "failed":
      return "bad";
    case "skipped":
      return "warn";
    default:
      return step.state satisfies never;
  }
}

/** `03:17:53, took 9 s` */
function whenOf(step: RestoreStepView): string {
  const took = step.tookMs === null ? "" : `, took ${formatDuration(step.tookMs)}`;
  return `${utcTime(step.at)}${took}`;
}

function runningWhen(row: RestoreDetail, step: RestoreStepView, now: number): string {
  if (step.step === "sent" && row.bytesTotal > 0) {
    return `${formatBytes(row.bytesSent)} of ${formatBytes(row.bytesTotal)}`;
  }
  if (step.step === "watch" && row.watchUntil !== null) {
    const { wholeMs, goneMs } = watchTimes(row, row.watchUntil, step, now);
    return `${formatDuration(goneMs)} of ${formatDuration(wholeMs)}`;
  }
  return utcTime(step.at);
}

/** The watch counts from the end of the restore. Gone are whole seconds, so that the words don't flicker in tenths. */
function watchTimes(row: RestoreDetail, until: string, step: RestoreStepView, now: number) {
  const fromMs = Date.parse(row.finishedAt ?? step.at);
  const wholeMs = Date.parse(until) - fromMs;
  const seconds = Math.floor((now - fromMs) / 1_000);
  return { wholeMs, goneMs: Math.min(wholeMs, Math.max(0, seconds * 1_000)) };
}

function StepBar({ row, step, now }: { row: RestoreDetail; step: RestoreStepView; now: number }) {
  const percent = percentOfStep(row, step, now);
  if (percent === undefined) return null;
  return (
    <div style={{ padding: "8px 0 2px" }}>
      <ProgressBar percent={percent} label={step.title} />
    </div>
  );
}

/** null: it goes on and nobody can say how far it is; undefined: a bar would say nothing. */
function percentOfStep(row: RestoreDetail, step: RestoreStepView, now: number): number | null | undefined {
  if (step.step === "sent") return row.bytesTotal > 0 ? (row.bytesSent / row.bytesTotal) * 100 : null;
  if (step.step === "watch" && row.watchUntil !== null) {
    const { wholeMs, goneMs } = watchTimes(row, row.watchUntil, step, now);
    return wholeMs > 0 ? (goneMs / wholeMs) * 100 : null;
  }
  return step.step === "applied" || step.step === "compared" || step.step === "safety" ? null : undefined;
}

/** Only a restore that goes on has something before it. */
function upcoming(row: RestoreDetail): Phase[] {
  if (!isMoving(row) && row.state !== "waiting") return [];
  const last = Math.max(-1, ...row.steps.map(({ step }) => expected.findIndex(([name]) => name === step)));
  return expected.slice(last + 1).map(([step, what]) => ({
    key: `to come ${step}`,
    what,
    state: "wait",
    icon: icons[step],
  }));
}
