import type { AuditSubject } from "#core/audit/index.ts";
import { applyMayTakeMs, deniedAfterRestoreMs, type Outcome } from "#core/consul/index.ts";
import { isAppError } from "#core/kernel/errors.ts";
import type { RestoreSample } from "../contract.ts";
import { elsewhereText, isElsewhere } from "../elsewhere.ts";
import type { RestoreRecord } from "../store.ts";
import type { Live, RunDeps, Secrets } from "./deps.ts";
import { type Examination, examineOnce, examineUntil, pause, type Unexamined } from "./examine.ts";
import { fromVerdict, holds, isProvenBefore, notTold, stillProven } from "./outcome-words.ts";
import { settleSurely, writeSurely } from "./settle.ts";
import { createSteps, type Steps } from "./steps.ts";
import { tellToken } from "./token-step.ts";
import { sample } from "./watch.ts";
import { createWatch } from "./watch-on.ts";

/** After this a datacenter that still can't be read is told so, and can be looked at again by hand. */
const examineForMs = 10 * 60_000;

/** A leader is there within moments, or something is wrong that the comparison will say, too. */
const leaderForMs = 30_000;

/** The second half of a restore, which a restart takes up again: compare, say what is there, watch. */
export function createConclusion(deps: RunDeps) {
  const { store, snapshots, clusters, clock, log } = deps;
  const watchOn = createWatch(deps, keepSample);

  /** Compares, says what the datacenter holds, and watches it where that is the snapshot. */
  async function conclude(
    row: RestoreRecord,
    live: Live,
    secrets: Secrets,
    subject: AuditSubject,
  ): Promise<void> {
    const steps = createSteps({ store, clock, restoreId: row.id, write: live.write });
    await waitForLeader(row, live, secrets, steps);
    const outcome = await examine(row, live, secrets, steps);
    if (outcome.state === "unknown")
      await steps.skipped("watch", `What ${row.datacenter} holds is not known. Compare it first.`);
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
    const isAnswered = row.consulStatus === 200;
    const tokens = tokensOf(secrets);
    const again = await createLook(row, live, tokens, steps);
    let looked: Examination | Unexamined | null = null;
    const outcome = await steps.take(
      "compared",
      "Comparing a fresh snapshot with the one that was restored",
      async (say) => {
        let found = await again();
        if (!("problem" in found) && !isAnswered && found.verdict !== "snapshot") {
          // Consul may have had the whole archive and still be reading it; then it is replaced a moment later.
          const settleMs = applyMayTakeMs(deps.settleMs, await stateBytesOf(row));
          await steps.log(
            `So far it holds ${holds[found.verdict]}. Looking once more in ${Math.round(settleMs / 1_000)} s`,
          );
          await pause(settleMs, live.controller.signal);
          found = await again();
        }
        looked = found;
        const told = await keepFinding(row, found, live);
        say(told.text);
        if (!("problem" in found) && found.tokenAt > 0)
          await steps.log("the first token was denied; another one was used to look");
        return told;
      },
    );
    const about = { store, steps, client: () => clusters.client(row.clusterId ?? "") };
    if (looked !== null)
      await tellToken(about, { row, secrets, tokens }, looked).catch((error: unknown) =>
        log.warn({ err: error, restoreId: row.id }, "what became of the token was not told"),
      );
    return outcome;
  }

  /** One that looks until it can be told. All looks of a restore share one time. */
  async function createLook(
    row: RestoreRecord,
    live: Live,
    tokens: readonly (string | undefined)[],
    steps: Steps,
  ): Promise<() => Promise<Examination | Unexamined>> {
    const { signal } = live.controller;
    const isAnswered = row.consulStatus === 200;
    const about = await examined(row, isAnswered);
    const beganMs = clock.monotonicMs();
    const limits = {
      nowMs: clock.monotonicMs,
      // A large datacenter takes its time to be fetched and compared, and that is no hanging.
      untilMs: beganMs + applyMayTakeMs(examineForMs, await stateBytesOf(row)),
      deniedUntilMs: beganMs + deniedAfterRestoreMs,
      signal,
    };
    const lookDeps = { snapshots, contents: deps.contents, clock, checks: deps.checks, log };
    let told = "";
    const onProblem = (text: string) => {
      if (text !== told) void steps.log(text);
      told = text;
    };
    return async () =>
      (await isElsewhere(clusters, row))
        ? { problem: `${elsewhereText}.`, code: "conflict" as const }
        : examineUntil((limited) => examineOnce(lookDeps, about, tokens, limited), { ...limits, onProblem });
  }

  /** Unpacked, as Consul writes it. Of a snapshot that is gone only the archive's size is known. */
  async function stateBytesOf(row: RestoreRecord): Promise<number> {
    const snapshot = await snapshots.get(row.snapshotId).catch(() => null);
    return snapshot?.stateBytes ?? Number(row.bytesTotal);
  }

  async function examined(row: RestoreRecord, isAnswered: boolean) {
    // One that is gone is told by the look itself. A fault of the records is none of the snapshot's.
    const snapshot = await snapshots.openArchive(row.snapshotId).catch((error: unknown) => {
      if (isAppError(error)) return null;
      throw error;
    });
    return {
      restoreId: row.id,
      snapshotId: row.snapshotId,
      safetySnapshotId: row.safetySnapshotId,
      clusterId: row.clusterId ?? "",
      datacenter: row.datacenter,
      liveIndex: row.liveIndex === null ? null : Number(row.liveIndex),
      snapshotIndex: snapshot?.raftIndex ?? null,
      isAnswered,
    };
  }

  async function keepFinding(
    row: RestoreRecord,
    found: Examination | Unexamined,
    live: Live,
  ): Promise<Outcome> {
    const isAnswered = row.consulStatus === 200;
    if ("problem" in found) {
      const { problem } = found;
      const seen = `could not be compared: ${problem}`;
      return isProvenBefore(row) ? stillProven(row, seen) : notTold(row, problem, isAnswered);
    }
    const { verdict, snapshot, safety } = found;
    if (isProvenBefore(row) && verdict === "neither") return stillProven(row, `holds ${holds[verdict]}`);
    const checkedAt = new Date(clock.nowMs());
    const verdictJson = JSON.stringify({ snapshot, safety });
    await writeSurely(log, row.id, live, () => store.update(row.id, { verdict, verdictJson, checkedAt }));
    return fromVerdict(row, verdict, snapshot, isAnswered);
  }

  async function lookAt(row: RestoreRecord, token: string | undefined) {
    const client = await clusters.client(row.clusterId ?? "");
    return sample(client, row.datacenter, token, clock.nowMs());
  }

  /** One look at the datacenter, kept for the chart. What can't be kept was seen all the same. */
  async function keepSample(row: RestoreRecord, token: string | undefined): Promise<RestoreSample> {
    const seen = await lookAt(row, token);
    const { at, raftIndex, ...rest } = seen;
    const index = raftIndex === null ? null : BigInt(raftIndex);
    await store
      .addSample({ restoreId: row.id, at: new Date(at), raftIndex: index, ...rest })
      .catch((error: unknown) => log.warn({ err: error, restoreId: row.id }, "a look was not kept"));
    return seen;
  }

  return { conclude, watchOn, keepSample };
}

/** In the order in which they are tried; undefined is the cluster's own. */
function tokensOf({ tokenAfter, token }: Secrets): (string | undefined)[] {
  const all = [tokenAfter, undefined, token];
  return [...new Set(all.filter((each, at) => each !== undefined || at === 1))];
}
