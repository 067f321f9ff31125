import type { VerifyReport } from "#core/archive/index.ts";
import type { ClusterService } from "#core/clusters/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { ArchiveStore } from "#core/storage/index.ts";
import { badArchive, takeIn } from "./intake.ts";
import { withConsulWords } from "./take.ts";

export type UnkeptOptions = {
  id: string;
  clusterId: string;
  datacenter: string;
  /** For this one act instead of the cluster's. */
  token?: string | undefined;
  /** Not the store of the history: what is in there counts as kept. */
  store: ArchiveStore;
  signal: AbortSignal;
  onBytes: (bytes: number) => void;
};

export type UnkeptSnapshot = { report: VerifyReport; takenAtMs: number };

/**
 * Asks the leader for a snapshot and stores it when it verifies.
 * @throws AppError in Consul's words, or why it does not verify; nothing is left then.
 */
export async function takeUnkept(
  deps: {
    clusters: ClusterService;
    clock: Clock;
    timeouts: { firstByteMs: number; idleMs: number };
    fingerprintKey: string;
  },
  options: UnkeptOptions,
): Promise<UnkeptSnapshot> {
  const { clusters, clock, timeouts, fingerprintKey } = deps;
  const { id, clusterId, datacenter, token, store, signal, onBytes } = options;
  const takenAtMs = clock.nowMs();
  const client = await clusters.client(clusterId);
  const answer = await client.getSnapshot({
    datacenter,
    stale: false,
    token,
    address: undefined,
    firstByteTimeoutMs: timeouts.firstByteMs,
    idleTimeoutMs: timeouts.idleMs,
    signal,
  });
  try {
    const source = withConsulWords(answer);
    const { report, writer } = await takeIn({ id, source, store, signal, onBytes, fingerprintKey });
    if (!report.ok) {
      await writer.abort();
      throw badArchive(report, "consul");
    }
    await writer.commit();
    return { report, takenAtMs };
  } finally {
    answer.body.on("error", () => undefined).destroy();
  }
}
