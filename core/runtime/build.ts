import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { createHealthMonitor } from "#core/clusters/index.ts";
import { createComparisonService } from "#core/comparisons/index.ts";
import { createContentsService } from "#core/contents/index.ts";
import { isKeyOfRecords, lockInstance, openDatabase } from "#core/db/index.ts";
import { createDrillSchedule, createDrillService, createDrillStore } from "#core/drills/index.ts";
import { type Clock, systemClock } from "#core/kernel/clock.ts";
import type { Env } from "#core/kernel/env.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { Caller, RequestContext } from "#core/kernel/operation.ts";
import { createRecoveryService, createRecoveryStore } from "#core/recoveries/index.ts";
import {
  createLooks,
  createPreflights,
  createRestoreService,
  createRestoreStore,
} from "#core/restore/index.ts";
import { createSnapshotService } from "#core/snapshots/index.ts";
import type { ArchiveStore } from "#core/storage/index.ts";
import { createLocalStore } from "#core/storage/local/index.ts";
import { version } from "../../package.json";
import { createCallerOf } from "./caller-of.ts";
import { createChainWatch } from "./chain-watch.ts";
import { matchEndpoint } from "./endpoints.ts";
import { createExecute } from "./execute.ts";
import { createFailureLog } from "./failure-log.ts";
import { markOf, readMasterKey } from "./master-key.ts";
import { createOpenActs } from "./open-acts.ts";
import { createOpenApi } from "./open-api.ts";
import { createOperations } from "./operations.ts";
import { createRecords } from "./records.ts";
import { createSessions } from "./sessions.ts";
import { createStreams } from "./streams.ts";

export type RuntimeOptions = {
  env: Env;
  log: Logger;
  /** Where prisma/migrations lies; beside the program. */
  migrationsFolder: string;
  clock?: Clock;
  /** Stands between the services and the archive store, to watch or hold what they do there. */
  aroundStore?: (store: ArchiveStore) => ArchiveStore;
  /** How often the schedule of drills looks at the clock; only for tests. */
  drillScheduleEveryMs?: number;
};

export type Runtime = Awaited<ReturnType<typeof buildRuntime>>;

/** How long a restore that has sent bytes may still hear Consul's answer while the process stops. */
const restoreGraceMs = 25_000;

/** The one place that wires everything. Settles what a crash left before it returns. */
export async function buildRuntime(options: RuntimeOptions) {
  const opened: (() => unknown)[] = [];
  try {
    return await wire(options, opened);
  } catch (error) {
    // A start that fails holds on to nothing, least of all to the data folder.
    for (const close of opened.toReversed()) await close();
    throw error;
  }
}

async function wire(options: RuntimeOptions, opened: (() => unknown)[]) {
  const { env, log, clock = systemClock } = options;
  const dataFolder = path.resolve(env.SNAPKEEP_DATA);
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const unlock = lockInstance(path.join(dataFolder, "instance.lock"));
  opened.push(unlock);
  const db = await openDatabase({
    file: path.join(dataFolder, "snapkeep.db"),
    migrationsFolder: options.migrationsFolder,
  });
  opened.push(db.close);
  if (db.migration.applied.length > 0) log.info({ migration: db.migration }, "database migrated");

  const box = readMasterKey(env, dataFolder, true);
  // Not a reason to stay down: whoever has no leader at 3 am needs the console.
  if (!(await isKeyOfRecords(db, markOf(box), true)))
    log.error(
      "SNAPKEEP_SECRET or the key file was replaced: stored Consul tokens don't open, and the audit log's chain breaks here",
    );
  const records = createRecords({ env, db, box, clock, log, dataFolder });
  const { baseUrl, audit, access, tokens, clusters } = records;
  await audit.prepare();
  const runner = `${process.pid}-${randomBytes(4).toString("hex")}`;
  const localStore = createLocalStore(env.SNAPKEEP_ARCHIVES ?? path.join(dataFolder, "archives"));
  const archives = options.aroundStore?.(localStore) ?? localStore;
  const health = createHealthMonitor({ clusters, clock, log });
  const timeouts = { firstByteMs: env.SNAPKEEP_FIRST_BYTE_TIMEOUT_MS, idleMs: env.SNAPKEEP_IDLE_TIMEOUT_MS };
  const fingerprintKey = box.sign("fingerprints", "key");
  const snapshots = createSnapshotService({
    db,
    archives,
    clusters,
    audit,
    clock,
    log,
    runner,
    timeouts,
    fingerprintKey,
  });
  const contents = createContentsService({ snapshots, fingerprintKey });
  const comparisons = createComparisonService({
    snapshots,
    contents,
    clusters,
    clock,
    log,
    live: createLocalStore(path.join(dataFolder, "comparisons", "live")),
    results: createLocalStore(path.join(dataFolder, "comparisons", "differences")),
  });
  const restoreStore = createRestoreStore(db);
  const recoveryStore = createRecoveryStore(db);
  const recoveriesIn = (clusterId: string, datacenter: string): Promise<number> =>
    recoveryStore.writingIn(clusterId, datacenter);
  const preflights = createPreflights({
    store: restoreStore,
    looks: createLooks({
      snapshots,
      contents,
      comparisons,
      clusters,
      health,
      clock,
      fingerprintKey,
      running: async (clusterId, datacenter) => ({
        restores: await restoreStore.busyIn(clusterId, datacenter),
        recoveries: await recoveriesIn(clusterId, datacenter),
      }),
    }),
    snapshots,
    comparisons,
    clusters,
    health,
    audit,
    clock,
    log,
    runner,
  });
  const restores = createRestoreService({
    db,
    store: restoreStore,
    snapshots,
    contents,
    clusters,
    preflights,
    audit,
    clock,
    log,
    runner,
    recoveriesIn,
    checks: createLocalStore(path.join(dataFolder, "restores", "checks")),
    idleTimeoutMs: env.SNAPKEEP_IDLE_TIMEOUT_MS,
    answerTimeoutMs: env.SNAPKEEP_FIRST_BYTE_TIMEOUT_MS,
    watchMs: env.SNAPKEEP_RESTORE_WATCH_MS,
    settleMs: env.SNAPKEEP_RESTORE_SETTLE_MS,
  });

  const recoveries = createRecoveryService({
    db,
    store: recoveryStore,
    snapshots,
    clusters,
    audit,
    clock,
    log,
    runner,
    folder: path.join(dataFolder, "recoveries"),
    restores: restoreStore,
  });

  const drillStore = createDrillStore(db);
  const drills = createDrillService({
    db,
    store: drillStore,
    snapshots,
    clusters,
    audit,
    clock,
    log,
    runner,
    folder: path.join(dataFolder, "drills"),
    where: env,
    timeLimitMs: env.SNAPKEEP_DRILL_TIMEOUT_MS,
  });

  const operations = createOperations({
    recoveries,
    access,
    audit,
    tokens,
    clusters,
    health,
    snapshots,
    contents,
    comparisons,
    drills,
    restores,
    preflights,
    clock,
  });
  const logFailure = createFailureLog(log);
  const run = createExecute({ db, audit, log, logFailure });

  await clusters.syncEnvironment(env);
  await comparisons.sweep();
  const openActs = createOpenActs({ audit, tickets: access.tickets, log });
  const snapshotsLeft = await snapshots.recover();
  const restoresLeft = await restores.recover();
  const recoveriesLeft = await recoveries.recover();
  const drillsLeft = await drills.recover();
  const settled = {
    ...snapshotsLeft,
    drills: drillsLeft,
    recoveries: recoveriesLeft,
    restores: restoresLeft.settled + restoresLeft.openActs.size,
  };
  // A row that could not be settled keeps its act open, to be told at the start that can.
  const recovered = { ...settled, acts: settled.left > 0 ? 0 : await openActs.settle(restoresLeft.openActs) };
  if (Object.values(recovered).some((count) => count > 0))
    log.warn({ recovered }, "settled what an earlier process left");
  const chainWatch = createChainWatch({ audit, keepDays: env.SNAPKEEP_AUDIT_KEEP_DAYS ?? null, log });
  const drillSchedule = createDrillSchedule({
    store: drillStore,
    drills,
    snapshots,
    clock,
    log,
    execute: (input, request) =>
      run(operations["drills.start"], { kind: "system", name: "schedule" }, input, request),
    isRestoring: async () => (await restoreStore.busyAnywhere()) > 0,
    everyMs: options.drillScheduleEveryMs,
  });
  health.start();
  openActs.start();
  drillSchedule.start();
  restores.start();
  recoveries.start();
  audit.anchors.start();
  chainWatch.start();

  const sessions = createSessions({ access, audit, clock });

  return {
    baseUrl,
    /** What the HTTP server in front needs to know. */
    web: {
      ownOrigin: env.SNAPKEEP_BASE_URL === undefined ? null : new URL(env.SNAPKEEP_BASE_URL).origin,
      trustedHops: env.SNAPKEEP_TRUSTED_PROXIES,
      requestsPerMinute: env.SNAPKEEP_REQUESTS_PER_MINUTE,
    },
    log,
    /** For the doors: what fails beside an operation leaves a line, too. */
    logFailure,
    operations,
    sessions,
    callerOf: createCallerOf({ sessions, tokens, audit, clock }),
    matchEndpoint,
    openApi: () => createOpenApi(operations, { version, baseUrl }),
    streams: createStreams({ tickets: access.tickets, snapshots, comparisons, audit, clock }),
    /** The setup token to print, when nobody can sign in yet. */
    setupToken: await access.prepareSetup(),

    /** Runs an operation by name for whoever asks. */
    execute: <Name extends keyof typeof operations>(
      name: Name,
      caller: Caller | null,
      input: unknown,
      request: RequestContext,
    ) => run(operations[name], caller, input, request),

    /** Ends long acts with their reason, then lets go of everything. */
    async stop(): Promise<void> {
      // Told first: a restore that has not sent a byte must not begin to while others end.
      const restoring = restores.stop(restoreGraceMs);
      await comparisons.stop();
      await drillSchedule.stop();
      await Promise.all([
        drills.stop(),
        health.stop(),
        openActs.stop(),
        chainWatch.stop(),
        snapshots.stop(),
        recoveries.stop(),
        restoring,
      ]);
      // The last rows are those of the acts that ended just now.
      await audit.anchors.stop();
      await clusters.close();
      await db.close();
      unlock();
    },
  };
}
