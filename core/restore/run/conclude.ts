import type { AuditSubject } from "#core/audit/index.ts";
import type { Outcome } from "#core/consul/index.ts";
import type { RestoreRecord } from "../store.ts";
import type { Live, RunDeps, Secrets } from "./deps.ts";
import { type Examination, examineOnce, examineUntil, pause } from "./examine.ts";
import { fromVerdict, holds, notTold } from "./outcome-words.ts";
import { settleSurely } from "./settle.ts";
import { createSteps, type Steps } from "./steps.ts";
import { sample, watch } from "./watch.ts";

/** After this a datacenter that still can't be read is told so, and can be looked at again by hand. */
const examineForMs = 10 * 60_000;

/** Consul unpacks, checks and loads what it got at least this fast, even on a slow disk. */
const settledBytesPerMs = 10_000;
const deniedForMs = 30_000;
/** A leader is there within moments, or something is wrong that the comparison will say, too. */
const leaderForMs = 30_000;

/** The second half of a restore, which a restart takes up again: compare, say what is there, watch. */
export function createConclusion(deps: RunDeps) {
  const { store, snapshots, clusters, clock, log } = deps;

  /** Compares, says what the datacenter holds, and watches it where that is the snapshot. */
  async function conclude(
    row: RestoreRecord,
    live: Live,
    secrets: Secrets,
    subject: AuditSubject,
  ): Promise<void> {
    const steps = createSteps({ store, clock, restoreId: row.id });
    await waitForLeader(row, live, secrets, steps);
    const outcome = await examine(row, live, secrets, steps);
    await settleSurely(deps, row, outcome, live, subject);
    const settled = await store.find(row.id);
    if (settled?.phase === "watching") await watchOn(settled, live, secrets);
  }

  /** Never the last word: who can't be told a leader finds out by comparing. */
  async function waitForLeader(
    row: RestoreRecord,
    live: Live,
    secrets: Secrets,
    steps: Steps,
  ): Promise<void> {
    const { signal } = live.controller;
    const untilMs = clock.monotonicMs() + leaderForMs;
    const work = steps.take("leader", `Waiting for a leader of ${row.datacenter}`, async (say) => {
      for (;;) {
        const { problem, leader, serversHealthy, serversTotal } = await lookAt(row, secrets.tokenAfter);
        const servers = serversTotal === null ? "" : `, ${serversHealthy} of ${serversTotal} servers healthy`;
        if (problem === null) return say(`${leader} leads${servers}`);
        say(problem);
        if (clock.monotonicMs() > untilMs) throw new Error(problem);
        await pause(500, signal);
      }
    });
    await work.catch(() => signal.throwIfAborted());
  }

  async function examine(row: RestoreRecord, live: Live, secrets: Secrets, steps: Steps): Promise<Outcome> {
    const { signal } = live.controller;
    const isAnswered = row.consulStatus === 200;
    const tokens = [
      ...new Set(
        [secrets.tokenAfter, undefined, secrets.token].filter((each, at) => each !== undefined || at === 1),
      ),
    ];
    const about = await examined(row);
    const untilMs = clock.monotonicMs() + examineForMs;
    const deniedUntilMs = clock.monotonicMs() + deniedForMs;
    let told = "";
    const look = () =>
      examineOnce(
        { snapshots, contents: deps.contents, clock, checks: deps.checks, log },
        about,
        tokens,
        signal,
      );
    const onProblem = (text: string) => {
      if (text !== told) void steps.log(text).catch(() => undefined);
      told = text;
    };
    const again = () =>
      examineUntil(look, { nowMs: clock.monotonicMs, untilMs, deniedUntilMs, signal, onProblem });
    return steps.take(
      "compared",
      "Comparing a fresh snapshot with the one that was restored",
      async (say) => {
        let found = await again();
        if (!("problem" in found) && !isAnswered && found.verdict !== "snapshot") {
          // Consul may have had the whole archive and still be reading it; then it is replaced a moment later.
          const settleMs = deps.settleMs + Number(row.bytesTotal) / settledBytesPerMs;
          await steps.log(
            `So far it holds ${holds[found.verdict]}. Looking once more in ${Math.round(settleMs / 1_000)} s`,
          );
          await pause(settleMs, signal);
          found = await again();
        }
        const outcome = await keepFinding(row, found, isAnswered);
        say(outcome.text);
        if (!("problem" in found) && found.tokenAt > 0)
          await steps.log("the first token was denied; another one was used to look");
        return outcome;
      },
    );
  }

  async function examined(row: RestoreRecord) {
    const snapshot = await snapshots.openArchive(row.snapshotId).catch(() => null);
    return {
      restoreId: row.id,
      snapshotId: row.snapshotId,
      safetySnapshotId: row.safetySnapshotId,
      clusterId: row.clusterId ?? "",
      datacenter: row.datacenter,
      liveIndex: row.liveIndex === null ? null : Number(row.liveIndex),
      snapshotIndex: snapshot?.raftIndex ?? null,
      isAnswered: row.consulStatus === 200,
    };
  }

  async function keepFinding(
    row: RestoreRecord,
    found: Examination | { problem: string },
    isAnswered: boolean,
  ): Promise<Outcome> {
    if ("problem" in found) return notTold(row, found.problem, isAnswered);
    const { verdict, snapshot, safety } = found;
    await store.update(row.id, {
      verdict,
      verdictJson: JSON.stringify({ snapshot, safety }),
      checkedAt: new Date(clock.nowMs()),
    });
    return fromVerdict(row, verdict, snapshot, isAnswered);
  }

  async function lookAt(row: RestoreRecord, token: string | undefined) {
    const client = await clusters.client(row.clusterId ?? "");
    return sample(client, row.datacenter, token, clock.nowMs());
  }

  /** One look at the datacenter, kept for the chart. */
  async function keepSample(row: RestoreRecord, token: string | undefined) {
    const seen = await lookAt(row, token);
    const { at, raftIndex, ...rest } = seen;
    const index = raftIndex === null ? null : BigInt(raftIndex);
    await store.addSample({ restoreId: row.id, at: new Date(at), raftIndex: index, ...rest });
    return seen;
  }

  /** Watches until the time is over, somebody says that all is well, or another restore begins there. */
  async function watchOn(row: RestoreRecord, live: Live, secrets: Secrets): Promise<void> {
    const steps = createSteps({ store, clock, restoreId: row.id });
    // By the clock that only grows: one that is set back must not keep a restore watched for days.
    const leftMs = (row.watchUntil?.getTime() ?? 0) - clock.nowMs();
    const forMs = Math.max(0, Math.min(deps.watchMs, leftMs));
    try {
      await watch({
        look: () => keepSample(row, secrets.tokenAfter),
        log: steps.log,
        clock,
        forMs,
        signal: AbortSignal.any([live.watching.signal, live.controller.signal]),
      });
    } catch (error) {
      log.warn({ err: error, restoreId: row.id }, "a watch broke off");
      await steps.log("the watch broke off");
    }
    // A stop of Snapkeep leaves the rest of the watch to the next start.
    if (live.controller.signal.aborted) return;
    live.phase = "done";
    await store.update(row.id, { phase: "done", watchEndedAt: new Date(clock.nowMs()), runner: null });
  }

  return { conclude, watchOn, keepSample };
}
