import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runConsul } from "#core/testing/consul-cli.ts";
import type { ConsulCluster } from "#core/testing/consul-cluster.ts";
import { askConsul, callConsul, readKey, writeKey } from "#core/testing/consul-http.ts";
import { seedKeys } from "#core/testing/consul-seed.ts";
import { type Federation, startConsulFederation } from "#core/testing/consul-wan.ts";
import { type FaultProxy, startFaultProxy } from "#core/testing/fault-proxy.ts";
import { exchangeRaw } from "#core/testing/raw-exchange.ts";
import { startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import type { SnapshotDetail } from "./contract.ts";

let federation: Federation;
let proxy: FaultProxy;
let snapkeep: TestRuntime;

beforeAll(async () => {
  // A dev server keeps one raft snapshot in memory, so that of two at once the first is gone before it is read.
  federation = await startConsulFederation({ acl: true });
  const { primary, secondary, managementToken } = federation;
  await seedKeys({ client: primary.target(), count: 600 });
  await seedKeys({ client: secondary.target(), count: 50, prefixes: ["west/"] });
  await Promise.all([primary, secondary].map(waitForAutopilot));
  proxy = await startFaultProxy({ target: primary.target().httpAddress });
  snapkeep = await startRuntime({ consulAddress: proxy.address, token: managementToken });
});

afterAll(async () => {
  await snapkeep?.remove();
  await proxy?.stop();
  await federation?.stop();
});

beforeEach(() => proxy.clear());

/** A new leader knows of no server's version before autopilot's first round. */
function waitForAutopilot(cluster: ConsulCluster): Promise<true> {
  return waitFor(`autopilot of ${cluster.datacenter}`, async () => {
    const { text } = await askConsul(cluster.target(), "GET", "/v1/operator/autopilot/health");
    return text.includes('"Version"') ? true : null;
  });
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const headerOf = (row: SnapshotDetail, name: string) =>
  row.responseHeaders.find(([candidate]) => candidate === name)?.[1] ?? null;

/** Hears the archive and its headers as they leave Consul, beside the take. */
async function takeOverheard(datacenter: string, mode: "consistent" | "stale") {
  const chunks: Uint8Array[] = [];
  await proxy.use(
    { kind: "tap-response", see: (chunk) => chunks.push(Buffer.from(chunk)) },
    { path: "/v1/snapshot" },
  );
  const row = await snapkeep.take({ datacenter, mode });
  const request = proxy.requests.find((seen) => seen.url.startsWith("/v1/snapshot"));
  return { row, sent: Buffer.concat(chunks), request };
}

const places = [
  ["dc1", "consistent"],
  ["dc1", "stale"],
  ["dc2", "consistent"],
  ["dc2", "stale"],
] as const;

describe.each(places)("a take of %s in %s mode", (datacenter, mode) => {
  it("keeps byte for byte what Consul sent, with its headers, raft metadata and leader", async () => {
    const { row, sent, request } = await takeOverheard(datacenter, mode);
    expect(row).toMatchObject({
      state: "verified",
      failureText: null,
      datacenter,
      mode,
      responseStatus: 200,
    });

    const stored = readFileSync(snapkeep.archivePath(row.id));
    expect(stored.equals(sent)).toBe(true);
    expect(row.archiveSha256).toBe(sha256(sent));
    expect(row.archiveBytes).toBe(sent.length);
    expect(statSync(snapkeep.archivePath(row.id)).mode & 0o777).toBe(0o600);

    const query = `/v1/snapshot?dc=${datacenter}${mode === "stale" ? "&stale=" : ""}`;
    expect(request?.url).toBe(query);
    expect(request?.headers["accept-encoding"]).toBe("identity");
    expect(row.requestLine).toBe(`GET ${proxy.address}${query}`);
    expect(row.answeredBy).toBe(proxy.address);
    expect(row.meta?.index).toBe(Number(headerOf(row, "X-Consul-Index")));
    expect(row.raftIndex).toBe(row.meta?.index);
    expect(row.knownLeader).toBe(headerOf(row, "X-Consul-Knownleader") === "true");
    expect(row.knownLeader).toBe(true);
    expect(row.lastContactMs).toBe(Number(headerOf(row, "X-Consul-Lastcontact")));
    const cluster = datacenter === "dc1" ? federation.primary : federation.secondary;
    expect(row.leader).toBe(cluster.servers[0]?.serverAddress);
    expect(row.meta?.servers).toMatchObject([{ address: cluster.servers[0]?.serverAddress }]);
    expect(row.consulVersion).toBe(cluster.servers[0]?.version);
    expect(row.durationMs).toBeGreaterThanOrEqual(row.firstByteMs ?? Number.NaN);
    expect(row.fileName).toMatch(new RegExp(`^consul-${datacenter}-${row.raftIndex}-\\d{8}T\\d{6}Z\\.snap$`));
    expect(row.records.find((record) => record.name === "KVS")?.count).toBe(datacenter === "dc1" ? 600 : 50);
  });

  it("writes an intent and an outcome into the audit log, under one correlation id", async () => {
    const row = await snapkeep.take({ datacenter, mode });
    const about = (await snapkeep.auditRows()).filter((entry) => entry.correlationId === row.correlationId);
    expect(about.map((entry) => [entry.action, entry.outcome, entry.actorName])).toEqual([
      ["snapshot.take", "intent", "ada"],
      ["snapshot.take", "ok", "ada"],
    ]);
    expect(about.at(-1)?.targetId).toBe(row.id);
  });
});

it("stores every header in the order and spelling in which it came, its value untouched", async () => {
  await proxy.use({ kind: "change-response-headers", set: { "X-Oddly-CASED": "one,  two" } });
  const { row } = await takeOverheard("dc1", "consistent");
  const direct = await exchangeRaw(`${proxy.address}/v1/snapshot?dc=dc1`, {
    headers: { "X-Consul-Token": federation.managementToken ?? "", "Accept-Encoding": "identity" },
  });
  // The direct exchange closes its connection, and hears so.
  const names = direct.rawHeaders.filter((text, index) => index % 2 === 0 && text !== "Connection");
  expect(names).toContain("X-Consul-Knownleader");
  expect(row.responseHeaders.map(([name]) => name)).toEqual(names);
  expect(headerOf(row, "X-Oddly-CASED")).toBe("one,  two");
});

it("keeps archives that `consul snapshot inspect` accepts and shows the same of", async () => {
  const row = await snapkeep.take();
  const words = await runConsul(["snapshot", "inspect", snapkeep.archivePath(row.id)]);
  expect(words).toContain(row.meta?.id);
  expect(words).toMatch(new RegExp(`Index\\s+${row.raftIndex}\\b`));
  expect(words).toMatch(new RegExp(`Term\\s+${row.meta?.term}\\b`));
});

it("keeps archives that the plain `consul snapshot restore` takes back", async () => {
  const target = federation.primary.target();
  await writeKey(target, "lost/and-found", "before");
  const row = await snapkeep.take();
  await writeKey(target, "lost/and-found", "after");
  expect(await runConsul(["snapshot", "restore", snapkeep.archivePath(row.id)], target)).toContain(
    "Restored",
  );
  await federation.primary.waitUntilReady();
  expect(await readKey(target, "lost/and-found")).toBe("before");
});

it("takes two of one datacenter at once, and both verify", async () => {
  const rows = await Promise.all([snapkeep.take(), snapkeep.take()]);
  expect(rows.map((row) => [row.state, row.failureText])).toEqual([
    ["verified", null],
    ["verified", null],
  ]);
  for (const row of rows) {
    expect(sha256(readFileSync(snapkeep.archivePath(row.id)))).toBe(row.archiveSha256);
  }
  expect(snapkeep.archiveFiles().filter((name) => name.endsWith(".partial"))).toEqual([]);
});

it("says how the size changed against the archive before it of the same datacenter", async () => {
  const before = await snapkeep.take({ datacenter: "dc2" });
  await snapkeep.take({ datacenter: "dc1" });
  await seedKeys({ client: federation.secondary.target(), count: 40, prefixes: ["more/"] });
  const after = await snapkeep.take({ datacenter: "dc2" });
  expect(after.changeBytes).toBe((after.archiveBytes ?? 0) - (before.archiveBytes ?? 0));
  expect(after.changeBytes).toBeGreaterThan(0);
});

describe("a secret", () => {
  /** Every file of the data folder but the archives, which hold Consul's tokens by their nature. */
  function filesWith(secret: string): string[] {
    const names = readdirSync(snapkeep.dataFolder, { withFileTypes: true });
    const files = names.filter((entry) => entry.isFile()).map((entry) => entry.name);
    expect(files).toEqual(expect.arrayContaining(["snapkeep.db", "snapkeep.db-wal"]));
    return files.filter((name) => readFileSync(path.join(snapkeep.dataFolder, name)).includes(secret));
  }

  async function expectNowhere(secret: string): Promise<void> {
    expect(filesWith(secret)).toEqual([]);
    expect(snapkeep.logLines.filter((line) => line.includes(secret))).toEqual([]);
    expect(snapkeep.logLines.length).toBeGreaterThan(0);
    expect(JSON.stringify(await snapkeep.auditRows())).not.toContain(secret);
    expect(JSON.stringify(await snapkeep.listRows())).not.toContain(secret);
  }

  async function addTokenlessCluster(name: string): Promise<string> {
    return (await snapkeep.execute("clusters.create", { name, addresses: [proxy.address] })).id;
  }

  it("typed for one act is used, and is nowhere afterwards: not in the records, the log or the audit", async () => {
    const clusterId = await addTokenlessCluster("tokenless");
    const policies = [{ Name: "global-management" }];
    const made = await callConsul<{ SecretID: string }>(federation.primary.target(), "PUT", "/v1/acl/token", {
      Policies: policies,
    });
    expect(await snapkeep.take({ clusterId })).toMatchObject({ failureCode: "consul_denied" });
    const row = await snapkeep.take({ clusterId, token: made.SecretID });
    expect(row).toMatchObject({ state: "verified" });
    await expectNowhere(made.SecretID);
    // Forgotten: the next take has none again.
    expect(await snapkeep.take({ clusterId })).toMatchObject({ failureCode: "consul_denied" });
  });

  it("typed for one act that fails is nowhere afterwards either", async () => {
    const clusterId = await addTokenlessCluster("refusing");
    const wrong = "deadbeef-0000-1111-2222-333344445555";
    await snapkeep.take({ clusterId, token: wrong });
    await proxy.use({ kind: "cut-request", when: "before-body" }, { path: "/v1/snapshot" });
    await snapkeep.take({ clusterId, token: wrong });
    await expectNowhere(wrong);
  });

  it("of a cluster is sealed in the records, and in no log", async () => {
    const token = federation.managementToken ?? "";
    expect(token).not.toBe("");
    await snapkeep.take();
    await expectNowhere(token);
    const { clusters } = await snapkeep.execute("clusters.list", {});
    expect(JSON.stringify(clusters)).not.toContain(token);
    expect(clusters.find((cluster) => cluster.source === "environment")).toMatchObject({ hasToken: true });
  });

  it("key file and database are readable by nobody else", () => {
    for (const name of ["secret.key", "snapkeep.db", "snapkeep.db-wal"]) {
      expect(statSync(path.join(snapkeep.dataFolder, name)).mode & 0o077, name).toBe(0);
    }
  });
});
