import { preflightNames, type RestoreDetail } from "#core/restore/contract.ts";
import { startConsulServer } from "./consul-cluster.ts";
import { readKey, writeKey } from "./consul-http.ts";
import { seedKeys } from "./consul-seed.ts";
import { startFaultProxy } from "./fault-proxy.ts";
import { startKillableServer } from "./killable-server.ts";
import { removeTempFolder } from "./leftovers.ts";
import { quickRestores } from "./restore-room.ts";
import { clusterId } from "./runtime.ts";
import { waitFor } from "./wait-for.ts";

export type KillableRoom = Awaited<ReturnType<typeof openKillableRoom>>;

/** The requests of a restore that tests hold or break: sending, and every look at what the datacenter holds. */
export const put = { method: "PUT", path: "/v1/snapshot" };
export const get = { method: "GET", path: "/v1/snapshot" };

/** A Consul, a fault proxy, and a Snapkeep with one snapshot, in a process to kill while it restores that. */
export async function openKillableRoom() {
  const consul = await startConsulServer({ dev: true });
  await seedKeys({ client: consul.target(), count: 200 });
  const proxy = await startFaultProxy({ target: consul.target().httpAddress });
  const options = { consulAddress: proxy.address, token: null };
  let snapkeep = await startKillableServer({ ...options, env: quickRestores });
  const { id: snapshotId } = await snapkeep.take();
  const place = { snapshotId, clusterId, datacenter: "dc1" };
  const current = () => snapkeep;
  return {
    consul,
    proxy,
    place,
    snapkeep: current,
    ...restoreWords(current, place),
    mark: createMarks(consul.target()),
    /** Kills Snapkeep, and starts it again once `between` has done its worst. */
    async killAndStartAgain(
      between: () => unknown = () => undefined,
      more: Record<string, string> = {},
    ): Promise<void> {
      await snapkeep.kill();
      await between();
      const { dataFolder } = snapkeep;
      const env = { ...quickRestores, ...more };
      snapkeep = await startKillableServer({ ...options, env, dataFolder });
    },
    /** Ends all faults, once the proxy has seen that the killed Snapkeep is gone and dropped what it held of it. */
    async letGo(): Promise<void> {
      await waitFor("the proxy to drop what it held", async () =>
        proxy.requests.every(({ method, finished }) => finished || method !== "PUT") ? true : null,
      );
      await proxy.clear();
    },
    async close(): Promise<void> {
      await snapkeep.kill();
      await proxy.stop();
      await consul.stop();
      removeTempFolder(snapkeep.dataFolder);
    },
  };
}

function createMarks(target: { httpAddress: string }) {
  let marks = 0;
  /** Writes a key that the snapshot has not: it is there exactly when nothing was replaced. */
  return async (): Promise<() => Promise<boolean>> => {
    marks += 1;
    const key = `mark-${marks}`;
    await writeKey(target, key, "written after the snapshot");
    return async () =>
      (await waitFor("Consul to answer", async () => ({ is: (await readKey(target, key)) !== null }))).is;
  };
}

function restoreWords(
  snapkeep: () => Awaited<ReturnType<typeof startKillableServer>>,
  place: { snapshotId: string; clusterId: string; datacenter: string },
) {
  const read = (id: string) => snapkeep().execute("restores.get", { id });
  /** Looks at everything before a restore. @returns what the restore is then started with. */
  async function look() {
    const { id: preflightId } = await snapkeep().execute("restores.startPreflight", place);
    await waitFor("the preflight", async () => {
      const { state, failureText } = await snapkeep().execute("restores.preflight", { id: preflightId });
      if (state === "failed") throw new Error(failureText ?? "The preflight failed.");
      return state === "ready" ? state : null;
    });
    const given = { accepted: [...preflightNames], confirmDatacenter: "dc1", reason: "a test" };
    return { ...place, preflightId, ...given };
  }
  const start = async (input: Awaited<ReturnType<typeof look>>): Promise<string> =>
    (await snapkeep().execute("restores.start", input)).id;
  return {
    read,
    look,
    start,
    begin: async () => start(await look()),
    inPhase: (id: string, phase: RestoreDetail["phase"]) =>
      waitFor(`restore ${id} to be ${phase}`, async () => ((await read(id)).phase === phase ? true : null)),
    ended: (id: string) =>
      waitFor(`restore ${id} to end`, async () => {
        const row = await read(id);
        return row.state === "running" || row.state === "interrupted" ? null : row;
      }),
    /** Of the audit rows of this act, in their order. */
    async outcomes({ correlationId }: Pick<RestoreDetail, "correlationId">): Promise<string[]> {
      const rows = await snapkeep().auditRows();
      const own = rows.filter((row) => row.correlationId === correlationId && row.action === "restore.run");
      return own.map(({ outcome }) => outcome);
    },
  };
}
