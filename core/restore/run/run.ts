import type { AuditSubject } from "#core/audit/index.ts";
import { assertUnchanged, type Outcome, sendArchive } from "#core/consul/index.ts";
import { AppError } from "#core/kernel/errors.ts";
import { size } from "../preflight/line.ts";
import type { RestoreRecord } from "../store.ts";
import { createConclusion } from "./conclude.ts";
import type { Live, RunDeps, Secrets } from "./deps.ts";
import { answered, fromThrown } from "./outcome-words.ts";
import { takeSafety } from "./safety.ts";
import { settleSurely, writeSurely } from "./settle.ts";
import { createSteps, type Steps } from "./steps.ts";
import { createTakeUp } from "./take-up.ts";

export type Runner = ReturnType<typeof createRunner>;

/** Does what was agreed on: safety snapshot, sending, comparing, watching. However it ends, the row says so. */
export function createRunner(deps: RunDeps) {
  const { store, snapshots, clusters, preflights, clock, log } = deps;
  const conclusion = createConclusion(deps);
  const untilEnded = createTakeUp(deps, conclusion);

  /** Right before anything is sent: is the target still what the preflight saw? */
  async function recheck(row: RestoreRecord, secrets: Secrets, steps: Steps): Promise<void> {
    await steps.take("preflight", "Looking at the target once more", async (say) => {
      const { snapshotId, clusterId, datacenter, returnOf } = row;
      const found = await preflights.recheck(
        { snapshotId, clusterId: clusterId ?? "", datacenter },
        returnOf === null ? row.preflightId : null,
        secrets.token,
      );
      if (found.length > 0) {
        const titles = found.map(({ title, detail }) => `${title}. ${detail}`).join(" ");
        throw new AppError({
          code: "conflict",
          userMessage: `The target has changed since the preflight: ${titles}`,
        });
      }
      say("Nothing has changed since the preflight");
    });
  }

  async function send(row: RestoreRecord, secrets: Secrets, live: Live, steps: Steps): Promise<Outcome> {
    const { signal } = live.controller;
    const archive = await snapshots.openArchive(row.snapshotId);
    let unwritten: unknown = null;
    return steps.take("sent", `Sending ${size(archive.bytes)}`, async (say) => {
      await assertUnchanged(archive, signal);
      const outcome = await sendArchive({
        client: await clusters.client(row.clusterId ?? ""),
        datacenter: row.datacenter,
        token: secrets.token,
        archive,
        idleTimeoutMs: deps.idleTimeoutMs,
        answerTimeoutMs: deps.answerTimeoutMs,
        signal,
        beforeFirstByte: async () => {
          // From here on a cancel comes too late, even while the row is being written.
          live.firstByteSent = true;
          await store.markSending(row.id, new Date(clock.nowMs())).catch((error: unknown) => {
            live.firstByteSent = false;
            unwritten = error;
            throw error;
          });
          // Of two addresses, the first one's write may have failed while this one's was waiting.
          live.firstByteSent = true;
        },
        onBytes: (bytes) => {
          live.bytesSent += bytes;
        },
        onAllSent: () => {
          live.phase = "applying";
          const allSentAt = new Date(clock.nowMs());
          const sent = { phase: "applying", allSentAt, bytesSent: BigInt(live.bytesSent) };
          // The answer may come first; then the row already says more.
          void store
            .updateIf(row.id, "running", sent)
            .catch((error: unknown) => log.warn({ err: error }, "progress was not written"));
        },
      });
      // The words would be those of a connection that failed, and it was the row that did.
      if (unwritten !== null && !live.firstByteSent) throw unwritable(unwritten);
      say(
        `${size(live.bytesSent)} of ${size(archive.bytes)}; PUT /v1/snapshot?dc=${row.datacenter} ${answered(outcome)}`,
      );
      return outcome;
    });
  }

  /** Without a safety snapshot the servers' own index has to tell what was written later. */
  async function noteLiveIndex(id: string, raftIndex: number | null): Promise<void> {
    const found = await store.find(id);
    if (raftIndex === null || found === null || found.safetySnapshotId !== null) return;
    await store.update(id, { liveIndex: BigInt(raftIndex) });
  }

  /** The last look before the first byte: is the safety snapshot still there? */
  async function assertWayBack(id: string): Promise<void> {
    const safetyId = (await store.find(id))?.safetySnapshotId ?? null;
    if (safetyId === null) return;
    const { state } = await snapshots.openArchive(safetyId);
    if (state !== "verified")
      throw new AppError({ code: "conflict", userMessage: `The safety snapshot is ${state}.` });
  }

  /** From the first look to the last, for a run that has just begun. */
  async function run(row: RestoreRecord, live: Live, secrets: Secrets, subject: AuditSubject): Promise<void> {
    const steps = createSteps({ store, clock, restoreId: row.id, write: live.write });
    let outcome: Outcome;
    try {
      await recheck(row, secrets, steps);
      await takeSafety(deps, { row, live, secrets, subject, steps });
      live.controller.signal.throwIfAborted();
      live.phase = "sending";
      const before = await conclusion.keepSample(row, secrets.token);
      await noteLiveIndex(row.id, before.raftIndex);
      await assertWayBack(row.id);
      outcome = await send(row, secrets, live, steps);
    } catch (error) {
      outcome = fromThrown(error, live.firstByteSent, live.controller.signal.aborted);
    }
    if (outcome.state !== "succeeded" && outcome.state !== "unknown")
      return settleSurely(deps, row, outcome, live, subject);
    await keepAnswer(row, outcome, live);
    await steps.log(outcome.text);
    if (outcome.state === "succeeded")
      await steps.done("applied", `PUT /v1/snapshot?dc=${row.datacenter} answered 200`);
    live.phase = "comparing";
    const answered = await writeSurely(log, row.id, live, () => store.find(row.id));
    await conclusion.conclude(answered ?? row, live, secrets, subject);
  }

  /** What Consul answered is in this process alone until the row has it. */
  async function keepAnswer(row: RestoreRecord, outcome: Outcome, live: Live): Promise<void> {
    const isAnswered = outcome.state === "succeeded";
    const now = new Date(clock.nowMs());
    const data = {
      phase: "comparing",
      state: isAnswered ? "running" : "interrupted",
      bytesSent: BigInt(live.bytesSent),
      consulStatus: outcome.consulStatus,
      outcomeText: outcome.text,
      ...(isAnswered ? { answeredAt: now } : { interruptedAt: now }),
    };
    await writeSurely(log, row.id, live, () => store.update(row.id, data));
  }

  return {
    run: untilEnded(run),
    conclude: untilEnded(conclusion.conclude),
    watchOn: conclusion.watchOn,
  };
}

const unwritable = (cause: unknown): AppError =>
  new AppError({ code: "storage_failed", userMessage: "Snapkeep can't write its own records.", cause });
