import type { RestoreRow, StartRestoreInput } from "#core/restore/contract.ts";
import { readKey, writeKey } from "./consul-http.ts";
import { seedKeys } from "./consul-seed.ts";
import { type Federation, startConsulFederation } from "./consul-wan.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { clusterId, startRuntime, type TestRuntime, type TestRuntimeOptions } from "./runtime.ts";
import { waitFor } from "./wait-for.ts";

export type RestoreRoom = Awaited<ReturnType<typeof openRestoreRoom>>;

/**
 * dc1 and dc2 with ACLs, a fault proxy in front of dc1, and a Snapkeep that reaches them through it and has
 * one snapshot of dc1, in which `kept` is "from the snapshot".
 * @param prepare makes what the snapshot should hold besides.
 */
export async function openRestoreRoom<Prepared>(prepare: (consul: Federation) => Promise<Prepared>) {
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
    aroundStore: (store) => ({
      ...store,
      open: async (id, range) => {
        await hooks.beforeOpen();
        return store.open(id, range);
      },
    }),
  };
  let snapkeep = await startRuntime(options);
  const taken = await snapkeep.take();
  if (taken.state !== "verified") throw new Error(`The first snapshot failed: ${taken.failureText}`);
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
    async startAgain(between: (dataFolder: string) => void | Promise<void> = () => undefined): Promise<void> {
      const { dataFolder } = snapkeep;
      await snapkeep.stop();
      await between(dataFolder);
      snapkeep = await startRuntime({ ...options, dataFolder });
    },
    ...restoreWords(() => snapkeep, taken.id),
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

function restoreWords(snapkeep: () => TestRuntime, snapshotId: string) {
  const read = (id: string) => snapkeep().execute("restores.get", { id });
  /** Starts a restore of the snapshot into dc1, unless told otherwise. @returns its id. */
  async function begin(more: Partial<StartRestoreInput> = {}): Promise<string> {
    const datacenter = more.datacenter ?? "dc1";
    const given = { snapshotId, clusterId, datacenter, confirmDatacenter: datacenter, reason: "a test" };
    return (await snapkeep().execute("restores.start", { ...given, ...more })).id;
  }
  const ended = (id: string): Promise<RestoreRow> =>
    waitFor(`restore ${id} to end`, async () => {
      const row = await read(id);
      return row.state === "running" ? null : row;
    });
  return {
    read,
    begin,
    ended,
    restore: async (more: Partial<StartRestoreInput> = {}) => ended(await begin(more)),
    /** The audit rows of this restore, as `action outcome`. */
    async auditOf(row: RestoreRow): Promise<string[]> {
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
