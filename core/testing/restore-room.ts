import {
  type Preflight,
  preflightNames,
  type RestoreDetail,
  type StartPreflightInput,
  type StartRestoreInput,
} from "#core/restore/contract.ts";
import { type ConsulTarget, readKey, writeKey } from "./consul-http.ts";
import { seedKeys } from "./consul-seed.ts";
import { createToken } from "./consul-token.ts";
import { type Federation, startConsulFederation } from "./consul-wan.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { clusterId, startRuntime, type TestRuntime, type TestRuntimeOptions } from "./runtime.ts";
import { waitFor } from "./wait-for.ts";

/** A second look that a test can wait for, and a watch that no test outlives by chance; who needs its end shortens it. */
export const quickRestores = { SNAPKEEP_RESTORE_WATCH_MS: "600000", SNAPKEEP_RESTORE_SETTLE_MS: "1500" };

/** A token that a restore can be typed in with: it may restore, and read all that the lines of a preflight ask. */
export const createLookingToken = (management: ConsulTarget, name: string): Promise<string> =>
  createToken(management, name, 'acl = "write" operator = "read" node_prefix "" { policy = "read" }');

export type RestoreRoom = Awaited<ReturnType<typeof openRestoreRoom>>;

/**
 * dc1 and dc2 with ACLs, a fault proxy in front of dc1, and a Snapkeep that reaches them through it and has
 * one snapshot of dc1, in which `kept` is "from the snapshot".
 * @param prepare makes what the snapshot should hold besides.
 */
export async function openRestoreRoom<Prepared>(
  prepare: (consul: Federation) => Promise<Prepared>,
  more: Partial<TestRuntimeOptions> = {},
) {
  const consul = await startConsulFederation({ acl: true, dev: true });
  const dc1 = consul.primary.target();
  await seedKeys({ client: dc1, count: 300 });
  await writeKey(dc1, "kept", "from the snapshot");
  const prepared = await prepare(consul);
  const proxy = await startFaultProxy({ target: dc1.httpAddress });
  const hooks = { beforeOpen: async (): Promise<void> => undefined };
  const options: TestRuntimeOptions = {
    consulAddress: proxy.address,
    token: consul.managementToken,
    env: quickRestores,
    ...more,
    aroundStore: (store) => ({
      ...store,
      open: async (id, range, part) => {
        if (part !== "contents") await hooks.beforeOpen();
        return store.open(id, range, part);
      },
    }),
  };
  let snapkeep = await startRuntime(options);
  const taken = await snapkeep.take();
  if (taken.state !== "verified") throw new Error(`The first snapshot failed: ${taken.failureText}`);
  const words = restoreWords(() => snapkeep, taken.id);
  return {
    consul,
    prepared,
    proxy,
    snapshotId: taken.id,
    archiveBytes: taken.archiveBytes ?? 0,
    /** `beforeOpen` is awaited whenever the store opens an archive. */
    hooks,
    snapkeep: () => snapkeep,
    /** Starts Snapkeep again on the same data folder, after `between` has done its worst. */
    async startAgain(
      between: (dataFolder: string) => void | Promise<void> = () => undefined,
      env: Record<string, string> = {},
    ): Promise<void> {
      const { dataFolder } = snapkeep;
      await snapkeep.stop();
      await between(dataFolder);
      snapkeep = await startRuntime({ ...options, env: { ...options.env, ...env }, dataFolder });
    },
    ...words,
    /** What a restore is started with that takes no safety snapshot: its preflight could not read the live state. */
    async inputWithoutSafety(more: Partial<StartRestoreInput> = {}): Promise<StartRestoreInput> {
      const answer = { kind: "answer-at-once", status: 500, text: "no snapshot today" } as const;
      await proxy.use(answer, { method: "GET", path: "/v1/snapshot" });
      const input = await words.input(more);
      await proxy.clear();
      return { ...input, withoutSafetyReason: "It can't give a snapshot." };
    },
    ...markWords(consul),
    putRequests: () => proxy.requests.filter((request) => request.method === "PUT"),
    async close(): Promise<void> {
      await snapkeep.remove();
      await closeAll(proxy, consul);
    },
  };
}

async function closeAll(proxy: FaultProxy, consul: Federation): Promise<void> {
  await proxy.stop();
  await consul.stop();
}

/** Looks at everything before a restore, until that has ended in any way. */
export async function endedPreflight(snapkeep: TestRuntime, input: StartPreflightInput): Promise<Preflight> {
  const { id } = await snapkeep.execute("restores.startPreflight", input);
  return waitFor(`preflight ${id} to end`, async () => {
    const found = await snapkeep.execute("restores.preflight", { id });
    return found.state === "running" ? null : found;
  });
}

export function restoreWords(snapkeep: () => TestRuntime, snapshotId: string) {
  const read = (id: string) => snapkeep().execute("restores.get", { id });
  /** A preflight that did not fail. */
  async function preflight(more: Partial<StartPreflightInput> = {}): Promise<Preflight> {
    const input = { snapshotId, clusterId, datacenter: "dc1", ...more };
    const found = await endedPreflight(snapkeep(), input);
    if (found.state === "failed") throw new Error(`The preflight failed: ${found.failureText}`);
    return found;
  }

  const lookOf = ({ snapshotId: id, clusterId: cluster, datacenter, token }: StartPreflightInput) => ({
    snapshotId: id,
    clusterId: cluster,
    datacenter,
    token,
  });

  /** What a restore is started with: bound to a preflight of its target, with everything ticked. */
  async function input(more: Partial<StartRestoreInput> = {}): Promise<StartRestoreInput> {
    const target = { snapshotId, clusterId, datacenter: "dc1", ...more };
    const { preflightId = (await preflight(lookOf(target))).id } = more;
    const { datacenter } = target;
    const given = {
      preflightId,
      accepted: [...preflightNames],
      confirmDatacenter: datacenter,
      reason: "a test",
    };
    return { ...given, ...target };
  }

  /** Starts a restore of the snapshot into dc1, unless told otherwise. @returns its id. */
  const begin = async (more: Partial<StartRestoreInput> = {}): Promise<string> =>
    (await snapkeep().execute("restores.start", await input(more))).id;
  const ended = (id: string): Promise<RestoreDetail> =>
    waitFor(`restore ${id} to end`, async () => {
      const row = await read(id);
      return row.state === "running" || row.state === "interrupted" ? null : row;
    });
  return {
    read,
    preflight,
    input,
    begin,
    ended,
    restore: async (more: Partial<StartRestoreInput> = {}) => ended(await begin(more)),
    /** The audit rows of this restore, as `action outcome`. */
    async auditOf(row: Pick<RestoreDetail, "correlationId">): Promise<string[]> {
      const rows = await snapkeep().auditRows();
      const own = rows.filter((one) => one.correlationId === row.correlationId);
      return own.map((one) => `${one.action} ${one.outcome}`);
    },
  };
}

function markWords(consul: Federation) {
  const dc1 = consul.primary.target();
  return {
    /** Writes a key that the snapshot has not: it is gone exactly when dc1 was replaced. */
    mark: (name: string) => writeKey(dc1, name, "after the snapshot"),
    /** The key's value. Right after a restore Consul leads itself anew and answers nothing for a moment. */
    markIn: async (name: string, query = "") => {
      const found = await waitFor("dc1 to answer", async () => ({ value: await readKey(dc1, name, query) }));
      return found.value;
    },
  };
}
