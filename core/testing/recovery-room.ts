import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Recovery, RecoveryItem, RecoveryState, Selection } from "#core/recoveries/contract.ts";
import { startConsulServer } from "./consul-cluster.ts";
import { type ConsulTarget, callConsul } from "./consul-http.ts";
import { startFaultProxy } from "./fault-proxy.ts";
import { clusterId, type createAsk, startRuntime, type TestRuntimeOptions } from "./runtime.ts";
import { waitFor } from "./wait-for.ts";

export type RecoveryRoom = Awaited<ReturnType<typeof openRecoveryRoom>>;
type Ask = Pick<ReturnType<typeof createAsk>, "execute">;
const underWay: readonly RecoveryState[] = ["planning", "applying", "undoing"];

/**
 * A server with ACLs, a fault proxy in front of it, and a Snapkeep that reaches it through that.
 * @param prepare makes what the first snapshot should hold.
 */
export async function openRecoveryRoom(
  prepare: (target: ConsulTarget) => Promise<void>,
  more: Partial<TestRuntimeOptions> = {},
) {
  const consul = await startConsulServer({ acl: true, dev: true });
  const target = consul.target();
  await prepare(target);
  const proxy = await startFaultProxy({ target: target.httpAddress });
  const options = { consulAddress: proxy.address, token: target.token, ...more };
  let snapkeep = await startRuntime(options);
  const taken = await snapkeep.take();
  return {
    consul,
    target,
    proxy,
    options,
    snapshotId: taken.id,
    snapkeep: () => snapkeep,
    /** Starts Snapkeep again on the same data folder. */
    async startAgain(with_: Partial<TestRuntimeOptions> = {}): Promise<void> {
      const { dataFolder } = snapkeep;
      await snapkeep.stop();
      snapkeep = await startRuntime({ ...options, ...with_, dataFolder });
    },
    ...recoveryWords(() => snapkeep, taken.id),
    /** The files of recoveries, by name. */
    files: () => readdirSync(path.join(snapkeep.dataFolder, "recoveries")).sort(),
    /** Everything that Snapkeep logged or holds in its records. */
    told: () =>
      [
        snapkeep.logLines.join(""),
        ...["", "-wal"].map((suffix) =>
          readFileSync(path.join(snapkeep.dataFolder, `snapkeep.db${suffix}`), "latin1"),
        ),
      ].join("\n"),
    async close(): Promise<void> {
      await snapkeep.remove();
      await proxy.stop();
      await consul.stop();
    },
  };
}

/** The questions of tests about recoveries, to a runtime here or in another process. */
export function recoveryWords(ask: () => Ask, snapshotId: string) {
  const get = (id: string): Promise<Recovery> => ask().execute("recoveries.get", { id });
  const settled = (id: string): Promise<Recovery> =>
    waitFor(
      `recovery ${id} to be settled`,
      async () => {
        const row = await get(id);
        return underWay.includes(row.state) ? null : row;
      },
      { timeoutMs: 60_000 },
    );
  const beginPlan = async (selections: Selection[], token?: string): Promise<string> => {
    const input = { snapshotId, clusterId, datacenter: "dc1", selections, token };
    return (await ask().execute("recoveries.plan", input)).id;
  };
  async function items(id: string, show?: string): Promise<RecoveryItem[]> {
    const rows: RecoveryItem[] = [];
    let cursor: string | undefined;
    do {
      const page = await ask().execute("recoveries.items", { id, show, cursor, limit: 500 });
      rows.push(...page.rows);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return rows;
  }
  return {
    get,
    settled,
    items,
    beginPlan,
    plan: async (selections: Selection[], token?: string) => settled(await beginPlan(selections, token)),
    apply: async (id: string, token?: string) => {
      await ask().execute("recoveries.apply", { id, reason: "a test", token });
      return settled(id);
    },
    undo: async (id: string, token?: string) => {
      await ask().execute("recoveries.undo", { id, reason: "a test", token });
      return settled(id);
    },
  };
}

export type StoredKey = { value: Buffer; flags: string; index: number };

/** All keys below a prefix as Consul has them, flags with all their digits. */
export async function readTree(target: ConsulTarget, prefix = ""): Promise<Map<string, StoredKey>> {
  const response = await fetch(
    `${target.httpAddress}/v1/kv/${encodeURIComponent(prefix)}?recurse=&consistent=`,
    {
      headers: { "X-Consul-Token": target.token ?? "" },
    },
  );
  if (response.status === 404) return new Map();
  const text = (await response.text()).replace(/"Flags":\s*(\d+)/g, '"Flags":"$1"');
  const found = JSON.parse(text) as {
    Key: string;
    Flags: string;
    Value: string | null;
    ModifyIndex: number;
  }[];
  return new Map(
    found.map(({ Key, Flags: flags, Value, ModifyIndex: index }) => [
      Key,
      { value: Buffer.from(Value ?? "", "base64"), flags, index },
    ]),
  );
}

/** Writes keys in transactions, so that names come through that paths don't carry. */
export async function writeKeys(
  target: ConsulTarget,
  keys: readonly { key: string; value: Uint8Array | string; flags?: string }[],
): Promise<void> {
  for (let from = 0; from < keys.length; from += 64) {
    const ops = keys.slice(from, from + 64).map(({ key, value, flags = "0" }) => {
      const base64 = Buffer.from(value).toString("base64");
      return `{"KV":{"Verb":"set","Key":${JSON.stringify(key)},"Value":"${base64}","Flags":${flags}}}`;
    });
    await callConsul(target, "PUT", "/v1/txn", `[${ops.join(",")}]`);
  }
}

export async function deleteTree(target: ConsulTarget, prefix: string): Promise<void> {
  await callConsul(target, "PUT", "/v1/txn", [{ KV: { Verb: "delete-tree", Key: prefix } }]);
}
