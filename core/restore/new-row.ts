import type { z } from "zod";
import type { ClusterService } from "#core/clusters/index.ts";
import type { Tx } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError, conflict } from "#core/kernel/errors.ts";
import { newRestoreId } from "#core/kernel/ids.ts";
import type { By } from "#core/kernel/long-act.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
import type { PreflightName, startRestoreInput } from "./contract.ts";
import type { Preflights } from "./preflights.ts";
import type { Secrets } from "./run/deps.ts";
import type { RestoreRecord, RestoreStore } from "./store.ts";
import { assertMayGoWithout } from "./without-safety.ts";

export type NewRowDeps = {
  store: RestoreStore;
  snapshots: SnapshotService;
  clusters: ClusterService;
  preflights: Preflights;
  clock: Clock;
  /** Names this process in the rows that it works on. */
  runner: string;
  /** Recoveries of a part that write into a place right now. */
  recoveriesIn: (clusterId: string, datacenter: string) => Promise<number>;
};

export type NewRow = {
  snapshotId: string;
  clusterId: string;
  datacenter: string;
  reason: string;
  withoutSafetyReason?: string | undefined;
  preflightId: string | null;
  accepted: readonly string[];
  liveIndex: bigint | null;
  returnOf: string | null;
  /** Set: it waits for a second person. */
  approvalExpiresAt: Date | null;
  hasTypedToken: boolean;
};

/** What has to hold before a row of a restore is written, and the writing. */
export function createNewRows(deps: NewRowDeps) {
  const { store, snapshots, clusters, preflights, clock } = deps;

  /** The preflight of a restore, if it is one of it. @returns the raft index of the target at that time, and the warnings that were ticked. */
  async function bound(
    input: z.output<typeof startRestoreInput>,
  ): Promise<{ liveIndex: bigint | null; accepted: PreflightName[] }> {
    const { sha256 } = await snapshots.openArchive(input.snapshotId);
    const found = await preflights.accept(input, sha256);
    assertMayGoWithout(input.withoutSafetyReason, found.withoutSafety);
    return found;
  }

  return {
    bound,

    /** @throws AppError `conflict` while something else writes there. */
    async assertAlone(clusterId: string, datacenter: string, tx: Tx): Promise<void> {
      if ((await store.busyIn(clusterId, datacenter, tx)) > 0)
        throw conflict(`Another restore of ${datacenter} is running. Wait until it has ended.`);
      if ((await deps.recoveriesIn(clusterId, datacenter)) > 0)
        throw conflict(`A part is being recovered into ${datacenter}. Wait until that has ended.`);
    },

    /** Reads the snapshot's tokens, which can take long: before any transaction. @throws AppError `invalid_input`. */
    async assertTokenAfter(input: z.output<typeof startRestoreInput>): Promise<void> {
      const { preflightId, tokenAfter } = input;
      if (tokenAfter === undefined || tokenAfter === "") return;
      // Whoever may restore one snapshot must not learn by another's preflight which tokens that one has.
      await bound(input);
      const check = await preflights.checkToken(preflightId, tokenAfter);
      if (!check.inSnapshot)
        throw new AppError({ code: "invalid_input", field: "tokenAfter", userMessage: check.text });
    },

    async create(wanted: NewRow, by: By, tx: Tx): Promise<RestoreRecord> {
      const cluster = await clusters.get(wanted.clusterId);
      const archive = await snapshots.openArchive(wanted.snapshotId);
      if (archive.state === "corrupt") {
        const userMessage = "This archive is corrupt and can't be restored.";
        throw new AppError({ code: "archive_invalid", userMessage });
      }
      const now = new Date(clock.nowMs());
      const isWaiting = wanted.approvalExpiresAt !== null;
      const { snapshotId, datacenter, reason, preflightId, liveIndex, returnOf, approvalExpiresAt } = wanted;
      return store.create(
        {
          id: newRestoreId(),
          state: isWaiting ? "waiting" : "running",
          phase: isWaiting ? "waiting" : "checking",
          snapshotId,
          snapshotTakenAt: archive.takenAt,
          snapshotDatacenter: archive.datacenter,
          archiveSha256: archive.sha256,
          clusterId: cluster.id,
          clusterName: cluster.name,
          addressesJson: JSON.stringify(cluster.addresses),
          datacenter,
          reason,
          byUserId: by.userId,
          byName: by.name,
          preflightId,
          acceptedJson: JSON.stringify(wanted.accepted),
          withoutSafetyReason: wanted.withoutSafetyReason ?? null,
          liveIndex,
          returnOf,
          approvalExpiresAt,
          startedAt: now,
          heartbeatAt: now,
          bytesTotal: BigInt(archive.bytes),
          correlationId: by.correlationId,
          // Of a request that waits: the process whose memory holds the typed token.
          runner: isWaiting && !wanted.hasTypedToken ? null : deps.runner,
        },
        tx,
      );
    },
  };
}

type Tokens = { token?: string | undefined; tokenAfter?: string | undefined };
export const secretsFrom = ({ token, tokenAfter }: Tokens): Secrets => ({
  token: token === "" ? undefined : token,
  tokenAfter: tokenAfter === "" ? undefined : tokenAfter,
});
