import type { z } from "zod";
import type { AuditService, AuditSubject } from "#core/audit/index.ts";
import type { ClusterService, HealthMonitor } from "#core/clusters/index.ts";
import type { ComparisonService } from "#core/comparisons/index.ts";
import type { Tx } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError, conflict, noSuch, toAppError } from "#core/kernel/errors.ts";
import { newPreflightId } from "#core/kernel/ids.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { By, Started } from "#core/kernel/long-act.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
import {
  type Impact,
  impact as impactSchema,
  type Preflight,
  type PreflightLine,
  type PreflightName,
  preflightLine,
  preflightValidMs,
  type startPreflightInput,
  type TokenCheck,
  type WithoutSafety,
} from "./contract.ts";
import { isTicked, lookedLine } from "./preflight/line.ts";
import type { createLooks, Found } from "./preflight/preflight.ts";
import { createTargetFacts } from "./preflight/target-facts.ts";
import type { PreflightRecord, RestoreStore } from "./store.ts";
import { systemSubject } from "./system-subject.ts";
import { mayGoWithout } from "./without-safety.ts";

export type PreflightsDeps = {
  store: RestoreStore;
  looks: ReturnType<typeof createLooks>;
  snapshots: SnapshotService;
  comparisons: ComparisonService;
  clusters: ClusterService;
  health: HealthMonitor;
  audit: AuditService;
  clock: Clock;
  log: Logger;
  runner: string;
};
export type Preflights = ReturnType<typeof createPreflights>;

type Live = {
  lines: readonly PreflightLine[];
  phase: "target" | "taking" | "comparing";
  comparisonId: string | null;
  controller: AbortController;
  done: Promise<void>;
};

/** Preflights as rows: made once, looked at by many, and what a restore is bound to. */
export function createPreflights(deps: PreflightsDeps) {
  const { store, looks, snapshots, comparisons, clusters, audit, clock, log } = deps;
  const targetFacts = createTargetFacts(deps);
  const running = new Map<string, Live>();

  async function settle(
    row: PreflightRecord,
    data: Partial<Found> & { failureText?: string },
    subject: AuditSubject,
  ) {
    const { lines = [], impact = null, liveIndex = null, comparisonId = null, failureText = null } = data;
    const state = failureText === null ? "ready" : "failed";
    await store.updatePreflight(row.id, {
      state,
      finishedAt: new Date(clock.nowMs()),
      linesJson: JSON.stringify(lines),
      impactJson: impact === null ? null : JSON.stringify(impact),
      liveIndex: liveIndex === null ? null : BigInt(liveIndex),
      comparisonId,
      failureText,
      runner: null,
    });
    await audit.write(subject, failureText === null ? "ok" : "failed", failureText ?? inWords(lines));
  }

  async function run(row: PreflightRecord, live: Live, token: string | undefined, subject: AuditSubject) {
    const { snapshotId, clusterId, datacenter } = row;
    try {
      const found = await looks.everything(
        { snapshotId, clusterId, datacenter },
        {
          token,
          signal: live.controller.signal,
          onLines: (lines) => {
            live.lines = lines;
          },
          onPhase: (phase) => {
            live.phase = phase;
          },
          onComparison: (id) => {
            live.comparisonId = id;
          },
        },
      );
      await settle(row, found, subject);
    } catch (error) {
      const failure = toAppError(error);
      log.warn({ preflightId: row.id, err: error }, "a preflight failed");
      await settle(row, { failureText: failure.userMessage }, subject);
    }
  }

  async function row(id: string): Promise<PreflightRecord> {
    const found = await store.findPreflight(id);
    if (found === null) throw noSuch("preflight");
    return found;
  }

  /** What a comparison under way says of itself; 0 to 1 while it compares. */
  function progressOf(live: Live | undefined): Pick<Preflight, "phase" | "progress"> {
    if (live === undefined) return { phase: "done", progress: null };
    if (live.comparisonId === null) return { phase: live.phase, progress: null };
    try {
      const { phase, progress } = comparisons.get(live.comparisonId);
      return { phase: phase === "done" ? "comparing" : phase, progress };
    } catch {
      return { phase: live.phase, progress: null };
    }
  }

  /**
   * Whether what it saw is still there to be seen: no restore has gone there since, and the cluster is the same.
   * @throws AppError `conflict`.
   */
  async function assertCurrent(found: PreflightRecord): Promise<void> {
    const { updatedAt } = await clusters.get(found.clusterId);
    if (Date.parse(updatedAt) !== found.clusterUpdatedAt?.getTime())
      throw conflict("The cluster was changed since the preflight. Run the checks again.");
    if ((await store.sentSince(found, found.sendsBefore)) > 0)
      throw conflict(`${found.datacenter} was restored since the preflight. Run the checks again.`);
  }

  return {
    /** Writes the row; `start` begins once it and the audit intent are committed. */
    async prepare(input: z.output<typeof startPreflightInput>, by: By, tx: Tx): Promise<Started> {
      const cluster = await clusters.get(input.clusterId);
      const archive = await snapshots.openArchive(input.snapshotId);
      const id = newPreflightId();
      const created = await store.createPreflight(
        {
          id,
          state: "running",
          snapshotId: input.snapshotId,
          clusterId: cluster.id,
          clusterName: cluster.name,
          datacenter: input.datacenter,
          clusterUpdatedAt: new Date(cluster.updatedAt),
          sendsBefore: await store.sendsSoFar(tx),
          byUserId: by.userId,
          byName: by.name,
          startedAt: new Date(clock.nowMs()),
          archiveSha256: archive.sha256,
          correlationId: by.correlationId,
          runner: deps.runner,
        },
        tx,
      );
      const start = (subject: AuditSubject) => {
        const live: Live = {
          lines: [],
          phase: "target",
          comparisonId: null,
          controller: new AbortController(),
          done: Promise.resolve(),
        };
        running.set(id, live);
        live.done = run(created, live, input.token, subject)
          .catch((error: unknown) =>
            log.error({ err: error, preflightId: id }, "a preflight could not be settled"),
          )
          .finally(() => running.delete(id));
      };
      return { id, start };
    },

    row,

    async get(id: string): Promise<Preflight> {
      const found = await row(id);
      const live = running.get(id);
      const snapshot = await snapshots.get(found.snapshotId);
      const finishedAt = found.finishedAt?.toISOString() ?? null;
      const lines = live === undefined ? linesOf(found) : [...live.lines];
      return {
        id,
        state: found.state === "ready" ? "ready" : found.state === "running" ? "running" : "failed",
        ...progressOf(live),
        snapshot,
        target: await targetFacts(found.clusterId, found.datacenter, {
          lines,
          archiveBytes: snapshot.archiveBytes,
        }),
        byName: found.byName,
        startedAt: found.startedAt.toISOString(),
        finishedAt,
        validUntil:
          found.state !== "ready" || found.finishedAt === null ? null : validUntil(found.finishedAt),
        lines,
        impact: impactOf(found),
        failureText: found.failureText,
      };
    },

    /**
     * Whether a restore may be bound to it: of this snapshot and target, not too old, without a block, and with every
     * warning ticked.
     * @throws AppError `conflict` or `invalid_input`, in words.
     */
    async accept(
      wanted: {
        preflightId: string;
        snapshotId: string;
        clusterId: string;
        datacenter: string;
        accepted: readonly PreflightName[];
      },
      archiveSha256: string,
    ): Promise<{ liveIndex: bigint | null; accepted: PreflightName[]; withoutSafety: WithoutSafety }> {
      const found = await row(wanted.preflightId);
      const isOfThis =
        found.snapshotId === wanted.snapshotId &&
        found.clusterId === wanted.clusterId &&
        found.datacenter === wanted.datacenter &&
        found.archiveSha256 === archiveSha256;
      if (!isOfThis)
        throw conflict("This preflight is of another snapshot or another target. Run the checks again.");
      if (found.state !== "ready" || found.finishedAt === null)
        throw conflict("The preflight has not ended well. Run the checks again.");
      await assertCurrent(found);
      const ageMs = clock.nowMs() - found.finishedAt.getTime();
      // A clock that was set back makes a preflight look young for ever, so one from the future counts as old, too.
      if (ageMs > preflightValidMs || ageMs < -60_000)
        throw conflict("The preflight is too old to rely on. Run the checks again.");
      const lines = linesOf(found);
      const blocks = lines.filter(({ result }) => result === "block");
      if (blocks.length > 0)
        throw conflict(`A block can't be overridden: ${blocks.map(({ title }) => title).join("; ")}.`);
      const missing = lines.filter(
        ({ result, name }) => result === "warning" && !wanted.accepted.includes(name),
      );
      if (missing.length > 0)
        throw new AppError({
          code: "invalid_input",
          field: "accepted",
          userMessage: `Each warning must be ticked. Missing: ${missing.map(({ title }) => title).join("; ")}.`,
        });
      const warnings = lines.filter(({ result }) => result === "warning").map(({ name }) => name);
      const withoutSafety = await mayGoWithout(deps, found, lines);
      return { liveIndex: found.liveIndex, accepted: warnings, withoutSafety };
    },

    assertCurrent,

    /**
     * Looks at the target once more, right before anything is sent.
     * @param preflightId whose warnings were ticked; null: only blocks count, for the way back.
     * @returns what is new since then, in its words: a warning for another reason is another one, and so is more of it.
     */
    async recheck(
      place: { snapshotId: string; clusterId: string; datacenter: string },
      preflightId: string | null,
      token: string | undefined,
    ): Promise<PreflightLine[]> {
      const lines = await looks.again(place, token);
      const blocks = lines.filter(({ result }) => result === "block");
      if (preflightId === null) return blocks;
      const known = lookedLine.array().parse(JSON.parse((await row(preflightId)).linesJson));
      return [...blocks, ...lines.filter((line) => line.result === "warning" && !isTicked(line, known))];
    },

    async checkToken(id: string, token: string): Promise<TokenCheck> {
      return looks.checkToken((await row(id)).snapshotId, token);
    },

    /** What an earlier process left unfinished. */
    async recover(): Promise<number> {
      const left = await store.runningPreflights();
      for (const each of left) {
        const failureText = "Snapkeep was stopped in the middle. Run the checks again.";
        await settle(each, { failureText }, systemSubject(each, "restore.preflight", "restart"));
      }
      return left.length;
    },

    async stop(): Promise<void> {
      for (const live of running.values())
        live.controller.abort(new AppError({ code: "stopping", userMessage: "Snapkeep was stopped." }));
      await Promise.all([...running.values()].map((live) => live.done));
    },
  };
}

function linesOf(row: PreflightRecord): PreflightLine[] {
  return preflightLine.array().parse(JSON.parse(row.linesJson));
}

function impactOf(row: PreflightRecord): Impact | null {
  return row.impactJson === null ? null : impactSchema.parse(JSON.parse(row.impactJson));
}

function validUntil(finishedAt: Date): string {
  return new Date(finishedAt.getTime() + preflightValidMs).toISOString();
}

function inWords(lines: readonly PreflightLine[]): string {
  const number = (result: PreflightLine["result"]) => lines.filter((line) => line.result === result).length;
  return `${number("pass")} pass, ${number("warning")} warnings, ${number("block")} block`;
}
