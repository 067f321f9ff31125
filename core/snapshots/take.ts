import type { AuditSubject } from "#core/audit/index.ts";
import type { ClusterService } from "#core/clusters/index.ts";
import {
  type ConsulClient,
  fromFault,
  readAutopilot,
  readLeader,
  type SnapshotAnswer,
} from "#core/consul/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError, isAppError, toAppError } from "#core/kernel/errors.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { ArchiveStore } from "#core/storage/index.ts";
import type { TakeInput } from "./contract.ts";
import { badArchive, takeIn } from "./intake.ts";
import type { RunningAct } from "./running.ts";
import type { Settle } from "./settle.ts";
import type { SnapshotRecord, SnapshotStore } from "./store.ts";

export type TakeDeps = {
  clusters: ClusterService;
  archives: ArchiveStore;
  store: SnapshotStore;
  settle: Settle;
  clock: Clock;
  log: Logger;
  timeouts: { firstByteMs: number; idleMs: number };
  fingerprintKey: string;
};

/** Asking around takes no longer than this, so that a datacenter in trouble doesn't hold up its own snapshot. */
const sideQuestionMs = 3_000;

/**
 * Takes one snapshot: asks Consul, streams, verifies, stores, and settles the row. Never throws: however it
 * ends, the row and the audit log say so.
 */
export async function runTake(
  deps: TakeDeps,
  row: SnapshotRecord,
  input: TakeInput,
  act: RunningAct,
  subject: AuditSubject,
): Promise<void> {
  const startedMs = deps.clock.monotonicMs();
  const elapsedMs = () => Math.round(deps.clock.monotonicMs() - startedMs);
  const stopBeat = startHeartbeat(deps, row.id, act);
  try {
    await stream(deps, row, input, act, subject, elapsedMs);
  } catch (error) {
    const failure = toTakeFailure(error, row.clusterName);
    deps.log.warn({ snapshotId: row.id, code: failure.code, reason: failure.message }, "take failed");
    await stopBeat();
    await deps.settle.failed(row, failure, elapsedMs(), subject);
  } finally {
    await stopBeat();
    act.finish();
  }
}

async function stream(
  deps: TakeDeps,
  row: SnapshotRecord,
  input: TakeInput,
  act: RunningAct,
  subject: AuditSubject,
  elapsedMs: () => number,
): Promise<void> {
  const client = await deps.clusters.client(input.clusterId);
  const answer = await client.getSnapshot({
    datacenter: input.datacenter,
    stale: row.mode === "stale",
    token: input.token,
    address: input.address,
    firstByteTimeoutMs: deps.timeouts.firstByteMs,
    idleTimeoutMs: deps.timeouts.idleMs,
    signal: act.signal,
  });
  try {
    act.answered(answer.firstByteMs);
    await keepAnswer(deps, row, { client, answer, input }, act, subject, elapsedMs);
  } finally {
    // Whatever happened, Consul must not be left waiting for somebody who reads.
    answer.body.on("error", () => undefined).destroy();
  }
}

/** Streams the answer into the store, and settles the row when it verifies. */
async function keepAnswer(
  deps: TakeDeps,
  row: SnapshotRecord,
  got: { client: ConsulClient; answer: SnapshotAnswer; input: TakeInput },
  act: RunningAct,
  subject: AuditSubject,
  elapsedMs: () => number,
): Promise<void> {
  const { client, answer, input } = got;
  // The headers go into the row at once: a restart after a crash needs them to settle a whole archive.
  const answered = await deps.store.update(row.id, { ...answerColumns(answer), phase: "streaming" });
  const around = askAround(client, input);
  const { report, inspection, writer } = await takeIn({
    id: row.id,
    source: withConsulWords(answer),
    store: deps.archives,
    fingerprintKey: deps.fingerprintKey,
    signal: act.signal,
    onBytes: act.addBytes,
  });
  act.enter("verifying");
  if (!report.ok) {
    await writer.abort();
    throw badArchive(report, "consul");
  }
  act.enter("storing");
  const { leader, consulVersion } = await around;
  const facts = {
    leader,
    consulVersion: consulVersion ?? inspection?.serverVersions.names[0] ?? null,
    durationMs: elapsedMs(),
  };
  await deps.settle.keep(answered, report, writer, facts, subject).catch(async (error: unknown) => {
    // The row will say that nothing was stored, so nothing may be, even if the commit itself had worked.
    await writer.abort();
    await deps.archives.remove(row.id);
    throw error;
  });
}

/** Errors of the stream itself name the address, as errors of the connection do. */
export async function* withConsulWords(answer: SnapshotAnswer): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    if (isAppError(error)) throw error;
    const fault = fromFault(error, answer.address);
    throw new AppError({
      code: "consul_broken_stream",
      userMessage: `The stream from ${answer.address} broke off in the middle. ${fault.userMessage}`,
      retryable: true,
      cause: error,
    });
  }
}

function answerColumns(answer: SnapshotAnswer) {
  return {
    requestLine: answer.requestLine,
    answeredBy: answer.address,
    responseStatus: answer.status,
    responseHeadersJson: JSON.stringify(answer.headers),
    knownLeader: answer.knownLeader,
    lastContactMs: answer.lastContactMs === null ? null : BigInt(answer.lastContactMs),
    firstByteMs: answer.firstByteMs,
  };
}

/** Who leads, and which version runs there. Asked while the archive streams; unknown is fine. */
async function askAround(client: ConsulClient, input: TakeInput) {
  const limit = <T>(work: Promise<T>): Promise<T | null> =>
    Promise.race([
      work.catch(() => null),
      new Promise<null>((resolve) => setTimeout(resolve, sideQuestionMs, null).unref()),
    ]);
  const [leader, health] = await Promise.all([
    limit(readLeader(client, input.datacenter)),
    limit(readAutopilot(client, input.datacenter, input.token)),
  ]);
  return { leader, consulVersion: health?.Servers[0]?.Version ?? null };
}

function toTakeFailure(error: unknown, clusterName: string): AppError {
  const failure = toAppError(error);
  if (failure.code !== "internal") return failure;
  return new AppError({
    code: "internal",
    userMessage: `The take from ${clusterName} failed inside Snapkeep: ${failure.message}. Nothing was stored.`,
    cause: error,
  });
}

/** Writes the progress into the row once a second, so that another page or a restart sees how far it came. */
export function startHeartbeat(
  deps: { store: SnapshotStore; clock: Clock; log: Logger },
  id: string,
  act: RunningAct,
): () => Promise<void> {
  let beating: Promise<unknown> = Promise.resolve();
  const beat = () => {
    const { phase, bytesDone } = act.progress();
    const data = { phase, bytesDone: BigInt(bytesDone), heartbeatAt: new Date(deps.clock.nowMs()) };
    beating = deps.store
      .updateIf(id, ["taking", "uploading"], data)
      .catch((error: unknown) => deps.log.warn({ err: error, snapshotId: id }, "heartbeat failed"));
  };
  const timer = setInterval(beat, 1_000);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await beating;
  };
}
