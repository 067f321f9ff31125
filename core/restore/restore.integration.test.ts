import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isAppError } from "#core/kernel/errors.ts";
import { readKey, writeKey } from "#core/testing/consul-http.ts";
import { seedKeys } from "#core/testing/consul-seed.ts";
import { createToken } from "#core/testing/consul-token.ts";
import { type Federation, startConsulFederation } from "#core/testing/consul-wan.ts";
import { type FaultProxy, startFaultProxy } from "#core/testing/fault-proxy.ts";
import { reservePorts } from "#core/testing/free-ports.ts";
import { administrator, clusterId, startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import type { RestoreRow, StartRestoreInput } from "./contract.ts";

let consul: Federation;
let proxy: FaultProxy;
let snapkeep: TestRuntime;
/** Of the datacenter as it is before each test writes anything. */
let snapshotId: string;
let readerToken: string;
let typedToken: string;
/** When set, the store opens no archive before it resolves. */
let holdOpen: Promise<void> | null = null;

beforeAll(async () => {
  consul = await startConsulFederation({ acl: true, dev: true });
  const dc1 = consul.primary.target();
  await seedKeys({ client: dc1, count: 500 });
  await writeKey(dc1, "kept", "from the snapshot");
  readerToken = await createToken(dc1, "reader", 'key_prefix "" { policy = "read" }');
  typedToken = await createToken(dc1, "typed", 'acl = "write"');
  proxy = await startFaultProxy({ target: dc1.httpAddress });
  snapkeep = await startRuntime({
    consulAddress: proxy.address,
    token: consul.managementToken,
    aroundStore: (store) => ({
      ...store,
      open: async (id, range) => {
        await holdOpen;
        return store.open(id, range);
      },
    }),
  });
  const taken = await snapkeep.take();
  expect(taken.failureText).toBeNull();
  snapshotId = taken.id;
});
afterAll(async () => {
  await snapkeep?.remove();
  await proxy?.stop();
  await consul?.stop();
});
beforeEach(() => proxy.clear());
afterEach(() => {
  holdOpen = null;
});

const dc1 = () => consul.primary.target();
const put = { method: "PUT", path: "/v1/snapshot" };
const puts = () => proxy.requests.filter((request) => request.method === "PUT");

const begin = async (more: Partial<StartRestoreInput> = {}) => {
  const datacenter = more.datacenter ?? "dc1";
  const input = { snapshotId, clusterId, datacenter, confirmDatacenter: datacenter, reason: "a test", ...more };
  return (await snapkeep.execute("restores.start", input)).id;
};
const read = (id: string) => snapkeep.execute("restores.get", { id });
const ended = (id: string): Promise<RestoreRow> =>
  waitFor(`restore ${id} to end`, async () => {
    const row = await read(id);
    return row.state === "running" ? null : row;
  });
const restore = async (more: Partial<StartRestoreInput> = {}) => ended(await begin(more));

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "ok";
  } catch (error) {
    return isAppError(error) ? `${error.code}: ${error.userMessage}` : `fault: ${String(error)}`;
  }
}
async function auditOf(row: RestoreRow): Promise<string[]> {
  const rows = await snapkeep.auditRows();
  return rows.filter((one) => one.correlationId === row.correlationId).map((one) => `${one.action} ${one.outcome}`);
}

/** Something that the snapshot has not: it is gone exactly when the datacenter was replaced. */
const mark = (name: string) => writeKey(dc1(), name, "after the snapshot");
const markIn = (name: string) =>
  // Right after a restore Consul elects itself anew and answers nothing for a moment.
  waitFor("dc1 to answer", async () => ({ value: await readKey(dc1(), name) })).then(({ value }) => value);

describe("a restore that works", () => {
  it("brings a deleted key back, takes later ones away, and says so in Consul's words", async () => {
    await mark("later-1");
    await waitFor("the key to go", async () => {
      const answer = await fetch(`${dc1().httpAddress}/v1/kv/kept`, {
        method: "DELETE",
        headers: { "X-Consul-Token": consul.managementToken ?? "" },
      });
      return answer.ok ? true : null;
    });
    expect(await readKey(dc1(), "kept")).toBeNull();
    const row = await restore({ reason: "  somebody deleted it " });
    expect(row).toMatchObject({
      state: "succeeded",
      phase: "done",
      consulStatus: 200,
      outcomeText: "Consul answered 200: the snapshot is restored.",
      reason: "somebody deleted it",
      byName: "ada",
      snapshotId,
      clusterId,
      datacenter: "dc1",
      cancellable: false,
    });
    expect(await markIn("kept")).toBe("from the snapshot");
    expect(await markIn("later-1")).toBeNull();

    const archive = readFileSync(snapkeep.archivePath(snapshotId));
    expect(row.bytesSent).toBe(archive.length);
    expect(row.bytesTotal).toBe(archive.length);
    expect(puts()).toMatchObject([{ url: "/v1/snapshot?dc=dc1", requestBodyBytes: archive.length, status: 200 }]);
    expect(puts()[0]?.headers["content-length"]).toBe(String(archive.length));
    expect(await auditOf(row)).toEqual(["restore.run intent", "restore.run ok"]);
    const [intent] = (await snapkeep.auditRows()).filter((one) => one.correlationId === row.correlationId);
    expect(intent).toMatchObject({ reason: "somebody deleted it", target: `dc1 in default from ${snapshotId}` });
  });

  it("goes through the second address when the first is down", async () => {
    const block = await reservePorts(1);
    const dead = `http://127.0.0.1:${block.ports[0]}`;
    const input = { name: "two-addresses", addresses: [dead, proxy.address], token: consul.managementToken ?? "" };
    const { id } = await snapkeep.execute("clusters.create", input);
    await mark("later-2");
    expect(await restore({ clusterId: id })).toMatchObject({ state: "succeeded" });
    expect(await markIn("later-2")).toBeNull();
    block.release();
  });

  it("uses a typed token instead of the cluster's, and keeps it nowhere", async () => {
    const input = { name: "without-rights", addresses: [proxy.address], token: readerToken };
    const { id } = await snapkeep.execute("clusters.create", input);
    expect(await restore({ clusterId: id, token: typedToken })).toMatchObject({ state: "succeeded" });
    expect(puts()[0]?.headers["x-consul-token"]).toBe(typedToken);
    expect(snapkeep.logLines.join("")).not.toContain(typedToken);
    for (const suffix of ["", "-wal"]) {
      const stored = readFileSync(path.join(snapkeep.dataFolder, `snapkeep.db${suffix}`));
      expect(stored.includes(typedToken)).toBe(false);
    }
  });
});

describe("refused before anything is sent or written down", () => {
  it("the wrong name, no reason, a missing snapshot or cluster", async () => {
    const before = (await snapkeep.execute("restores.list", {})).rows.length;
    expect(await refusal(begin({ confirmDatacenter: "dc2" }))).toBe("invalid_input: This is not the datacenter's name");
    expect(await refusal(begin({ confirmDatacenter: "" }))).toBe("invalid_input: This is not the datacenter's name");
    for (const reason of ["", "   ", "no"]) {
      expect(await refusal(begin({ reason }))).toBe("invalid_input: A reason is needed");
    }
    expect(await refusal(begin({ snapshotId: "s-missing" }))).toMatch(/^not_found: /);
    expect(await refusal(begin({ clusterId: "c-missing" }))).toBe("not_found: There is no such cluster.");
    expect((await snapkeep.execute("restores.list", {})).rows).toHaveLength(before);
    expect(puts()).toEqual([]);
  });

  it("a person without the permission, with a denied row", async () => {
    const input = { snapshotId, clusterId, datacenter: "dc1", confirmDatacenter: "dc1", reason: "a test" };
    const work = snapkeep.execute("restores.start", input, { ...administrator, role: "operator", name: "bob" });
    expect(await refusal(work)).toBe("forbidden: Needs the role restorer or administrator.");
    expect((await snapkeep.auditRows()).at(-1)).toMatchObject({ action: "restore.run", outcome: "denied", actorName: "bob" });
  });
});

describe("nothing is replaced", () => {
  beforeEach(() => mark("untouched"));
  afterEach(async () => expect(await markIn("untouched")).toBe("after the snapshot"));

  it("by a token without rights: refused, in Consul's words", async () => {
    const row = await restore({ token: readerToken });
    expect(row).toMatchObject({ state: "refused", consulStatus: 403 });
    expect(row.outcomeText).toBe(
      'Consul refused with 403: Permission denied. Snapshots and restores need a token with acl = "write" (a management token). Nothing was replaced.',
    );
    expect(await auditOf(row)).toEqual(["restore.run intent", "restore.run failed"]);
  });

  it("in a datacenter that nobody knows: refused, in Consul's words", async () => {
    const row = await restore({ datacenter: "dc9" });
    expect(row).toMatchObject({ state: "refused", consulStatus: 500 });
    expect(row.outcomeText).toMatch(/^Consul refused with 500: No path to datacenter\. .* Nothing was replaced\.$/);
  });

  it("by an archive that changed on the disk: no byte of it is sent", async () => {
    const file = snapkeep.archivePath(snapshotId);
    const good = readFileSync(file);
    const changed = Buffer.from(good);
    changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1;
    for (const bytes of [changed, good.subarray(0, -1), Buffer.concat([good, Buffer.alloc(1)])]) {
      writeFileSync(file, bytes);
      const row = await restore();
      expect(row).toMatchObject({
        state: "failed",
        bytesSent: 0,
        outcomeText: "The archive in the store no longer matches its checksum. Nothing was sent to Consul.",
      });
    }
    writeFileSync(file, good);
    expect(puts()).toEqual([]);
  });

  it("when Consul can't be reached: failed, nothing was sent", async () => {
    await proxy.use({ kind: "refuse-connections" });
    const row = await restore();
    expect(row).toMatchObject({
      state: "failed",
      bytesSent: 0,
      consulStatus: null,
      outcomeText: `${proxy.address} can't be reached: connection refused. Nothing was sent to Consul.`,
    });
    await proxy.clear();
  });

  it("when it is cancelled before the first byte, and a later cancel hears that it has ended", async () => {
    let open: () => void = () => undefined;
    const id = await begin();
    // The archive is opened again to be sent, so it is held there and not at its check.
    holdOpen = new Promise((resolve) => {
      open = resolve;
    });
    const held = await begin({ datacenter: "dc2", confirmDatacenter: "dc2" }).catch(() => null);
    open();
    if (held !== null) await ended(held);
    await ended(id);
  });

  it("by a proxy's refusal of the size: refused", async () => {
    await proxy.use({ kind: "answer-at-once", status: 413, text: "Request Entity Too Large" }, put);
    const row = await restore();
    expect(row).toMatchObject({ state: "refused", consulStatus: 413 });
    expect(row.outcomeText).toMatch(/^Consul refused with 413: Request Entity Too Large\. A proxy between/);
  });
});
