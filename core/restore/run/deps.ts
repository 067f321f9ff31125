import type { AuditService } from "#core/audit/index.ts";
import type { ClusterService } from "#core/clusters/index.ts";
import type { ContentsService } from "#core/contents/index.ts";
import type { Database } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
import type { ArchiveStore } from "#core/storage/index.ts";
import type { RestorePhase } from "../contract.ts";
import type { Preflights } from "../preflights.ts";
import type { RestoreStore } from "../store.ts";
import type { WriteEvent } from "./events.ts";

export type RunDeps = {
  db: Database;
  store: RestoreStore;
  snapshots: SnapshotService;
  contents: ContentsService;
  clusters: ClusterService;
  preflights: Preflights;
  audit: AuditService;
  clock: Clock;
  log: Logger;
  checks: ArchiveStore;
  idleTimeoutMs: number;
  answerTimeoutMs: number;
  /** How long a datacenter is watched after a restore. */
  watchMs: number;
  /** How long Consul may still be applying what it got before an answer was lost. */
  settleMs: number;
};

/** Tokens that were typed for this one act. In memory only, so those of an earlier process are lost. */
export type Secrets = { token: string | undefined; tokenAfter: string | undefined; areLost?: boolean };

/** What the process that runs a restore knows of it; fresher than the row. */
export type Live = {
  controller: AbortController;
  phase: RestorePhase;
  bytesSent: number;
  firstByteSent: boolean;
  /** The safety snapshot under way. */
  safetyId: string | null;
  watching: AbortController;
  /** Aborted when Snapkeep stops: a cancelled restore still has to be written down, so its own signal won't do. */
  stopped: AbortController;
  /** Its end is written: what the row says from now on may be about another look. */
  settled: boolean;
  /** Writes steps and lines of the log, now or later. */
  write: WriteEvent;
  done: Promise<void>;
};
