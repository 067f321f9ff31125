import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import type { AuditEntry } from "#core/audit/contract.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { readEnv } from "#core/kernel/env.ts";
import { isAppError } from "#core/kernel/errors.ts";
import { createLogger } from "#core/kernel/logger.ts";
import type { Caller, Person, RequestContext } from "#core/kernel/operation.ts";
import { everywhere, type Place } from "#core/kernel/permission.ts";
import { buildRuntime, type Operations, type RuntimeOptions } from "#core/runtime/index.ts";
import type { SnapshotDetail, TakeInput } from "#core/snapshots/contract.ts";
import { keepLog, noteSecret } from "./evidence.ts";
import { makeTempFolder, removeTempFolder } from "./leftovers.ts";
import { waitFor } from "./wait-for.ts";

export const migrationsFolder = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));
/** The id of the cluster that CONSUL_HTTP_ADDR names. */
export const clusterId = "c-environment";

export type { Person };
export const administrator: Person = {
  kind: "person",
  userId: "u-ada",
  name: "ada",
  role: "administrator",
  grants: [{ role: "administrator", clusterId: null, datacenter: null }],
  sessionId: "session-of-ada",
  signedInWith: "password",
};

/** A person with this role, for all clusters unless told. */
export function personWith(role: string, place: Place = everywhere): Person {
  return { ...administrator, role, grants: [{ role, ...place }] };
}
export const systemCaller: Caller = { kind: "system", name: "test" };

export type OperationName = keyof Operations;
export type InputOf<Name extends OperationName> = z.input<Operations[Name]["input"]>;
export type OutputOf<Name extends OperationName> = z.output<Operations[Name]["output"]>;

export interface TestRuntimeOptions {
  consulAddress: string;
  token?: string | null | undefined;
  env?: Record<string, string>;
  /** The folder of an earlier runtime, to start again on it; a fresh one unless told. */
  dataFolder?: string;
  clock?: Clock;
  aroundStore?: RuntimeOptions["aroundStore"];
  drillScheduleEveryMs?: number;
}

export type TestRuntime = Awaited<ReturnType<typeof startRuntime>>;

/** The environment of a Snapkeep under test: nothing of the developer's own shell. */
export function testEnv(options: TestRuntimeOptions, dataFolder: string): Record<string, string> {
  const { consulAddress, token } = options;
  return {
    NODE_ENV: "test",
    SNAPKEEP_DATA: dataFolder,
    SNAPKEEP_LOG_LEVEL: "debug",
    CONSUL_HTTP_ADDR: consulAddress,
    ...(token === undefined || token === null ? {} : { CONSUL_HTTP_TOKEN: token }),
    ...options.env,
  };
}

/**
 * Files of the archive folder, partials included, in the order of their names. An index of contents is left out where
 * it belongs: beside its archive.
 */
export function listArchiveFiles(dataFolder: string): string[] {
  try {
    const names = readdirSync(path.join(dataFolder, "archives")).sort();
    return names.filter(
      (name) => !names.includes(name.replace(/\.contents$/, ".snap")) || !name.endsWith(".contents"),
    );
  } catch {
    return [];
  }
}

export function isUnderWay(row: Pick<SnapshotDetail, "state">): boolean {
  return row.state === "taking" || row.state === "uploading";
}

/** The whole of Snapkeep in this process, on a data folder of its own, without a server in front. */
export async function startRuntime(options: TestRuntimeOptions) {
  const dataFolder = options.dataFolder ?? makeTempFolder("snapkeep-data-");
  const logLines: string[] = [];
  const runtime = await buildRuntime({
    env: readEnv(testEnv(options, dataFolder)),
    log: createLogger("debug", {
      write: (line: string) => {
        logLines.push(line);
        keepLog(line);
      },
    }),
    migrationsFolder,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.aroundStore === undefined ? {} : { aroundStore: options.aroundStore }),
    ...(options.drillScheduleEveryMs === undefined
      ? {}
      : { drillScheduleEveryMs: options.drillScheduleEveryMs }),
  });
  noteSecret(runtime.setupToken ?? "");
  noteSecret(options.token ?? "");
  let running = true;
  const stop = async () => {
    if (!running) return;
    running = false;
    await runtime.stop();
  };
  return {
    runtime,
    dataFolder,
    logLines,
    ...createAsk((name, caller, input) => runtime.execute(name, caller, input, testRequest())),
    archiveFiles: () => listArchiveFiles(dataFolder),
    archivePath: (id: string) => path.join(dataFolder, "archives", `${id}.snap`),
    /** Ends the runtime; its data folder stays, for a next one to start on. */
    stop,
    /** Ends the runtime and removes its data folder. */
    async remove(): Promise<void> {
      await stop();
      removeTempFolder(dataFolder);
    },
  };
}

let requestNumber = 0;

/** A request as a door would describe it. */
export function testRequest(door: RequestContext["door"] = "action"): RequestContext {
  requestNumber += 1;
  return { requestId: `req-test-${requestNumber}`, address: "127.0.0.1", userAgent: "vitest", door };
}

/** The questions of tests, to a runtime here or in another process. */
export function createAsk(
  run: (name: OperationName, caller: Caller | null, input: unknown) => Promise<unknown>,
) {
  async function execute<Name extends OperationName>(
    name: Name,
    input: InputOf<Name>,
    caller: Caller | null = administrator,
  ): Promise<OutputOf<Name>> {
    return (await run(name, caller, input)) as OutputOf<Name>;
  }

  /** What is stored of this snapshot, null when there is no row. */
  async function snapshotRow(id: string): Promise<SnapshotDetail | null> {
    try {
      return await execute("snapshots.get", { id });
    } catch (error) {
      if (isAppError(error) && error.code === "not_found") return null;
      throw error;
    }
  }

  /** The row once it is settled, whichever way. */
  function waitForSnapshot(id: string): Promise<SnapshotDetail> {
    return waitFor(`snapshot ${id} to be settled`, async () => {
      const row = await snapshotRow(id);
      if (row === null) throw new Error("It has no row.");
      return isUnderWay(row) ? null : row;
    });
  }

  async function beginTake(input: Partial<TakeInput> = {}): Promise<string> {
    return (await execute("snapshots.take", { clusterId, datacenter: "dc1", ...input })).id;
  }

  return {
    execute,
    snapshotRow,
    waitForSnapshot,
    /** Starts a take of dc1, unless told otherwise. @returns its id. */
    beginTake,
    take: async (input: Partial<TakeInput> = {}) => waitForSnapshot(await beginTake(input)),
    listRows: async () => (await execute("snapshots.list", { limit: 200 })).rows,
    /** The newest 200 rows of the audit log, in the order of their writing. */
    auditRows: async (): Promise<AuditEntry[]> => {
      const { rows } = await execute("audit.list", { limit: 200 });
      return rows.reverse();
    },
  };
}
