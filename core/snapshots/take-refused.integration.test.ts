import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ClusterInput } from "#core/clusters/contract.ts";
import { memberOf } from "#core/testing/archive-reader.ts";
import { writeArchive } from "#core/testing/archive-writer.ts";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { askConsul, callConsul, fetchArchive } from "#core/testing/consul-http.ts";
import { type ConsulCertificates, createConsulCertificates } from "#core/testing/consul-tls.ts";
import { type FaultProxy, startFaultProxy } from "#core/testing/fault-proxy.ts";
import { type PortBlock, reservePorts } from "#core/testing/free-ports.ts";
import { startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import type { SnapshotDetail } from "./contract.ts";

let consul: SingleServer;
let proxy: FaultProxy;
let snapkeep: TestRuntime;

beforeAll(async () => {
  consul = await startConsulServer({ dev: true, acl: true });
  proxy = await startFaultProxy({ target: consul.server.httpAddress });
  snapkeep = await startRuntime({ consulAddress: proxy.address, token: consul.managementToken });
});

afterAll(async () => {
  await snapkeep?.remove();
  await proxy?.stop();
  await consul?.stop();
});

beforeEach(() => proxy.clear());

/** A failed take stays in the history with its reason, and that is all that is left of it. */
async function expectNothingStored(row: SnapshotDetail): Promise<void> {
  expect(row).toMatchObject({ state: "failed", archiveBytes: null, archiveSha256: null, verifiedAt: null });
  expect(snapkeep.archiveFiles().filter((name) => name.startsWith(row.id))).toEqual([]);
  const about = (await snapkeep.auditRows()).filter((entry) => entry.correlationId === row.correlationId);
  expect(about.map((entry) => [entry.outcome, entry.detail])).toEqual([
    ["intent", null],
    ["failed", row.failureText],
  ]);
}

let clusterNumber = 0;
async function addCluster(input: Omit<ClusterInput, "name">): Promise<string> {
  clusterNumber += 1;
  return (await snapkeep.execute("clusters.create", { name: `extra-${clusterNumber}`, ...input })).id;
}

describe("a token", () => {
  async function makeToken(body: Record<string, unknown>): Promise<{ AccessorID: string; SecretID: string }> {
    return callConsul(consul.target(), "PUT", "/v1/acl/token", body);
  }

  it("that Consul doesn't know gives Consul's words and the permission that is needed", async () => {
    const row = await snapkeep.take({ token: "11111111-2222-3333-4444-555555555555" });
    expect(row).toMatchObject({ failureCode: "consul_denied" });
    expect(row.failureText).toMatch(/^ACL not found\. .*acl = "write"/);
    await expectNothingStored(row);
  });

  it("without acl:write gives Consul's words and the permission that is needed", async () => {
    const policy = { Name: "only-read", Rules: 'key_prefix "" { policy = "read" } operator = "write"' };
    await callConsul(consul.target(), "PUT", "/v1/acl/policy", policy);
    const { SecretID } = await makeToken({ Policies: [{ Name: "only-read" }] });
    const row = await snapkeep.take({ token: SecretID });
    expect(row).toMatchObject({ failureCode: "consul_denied" });
    expect(row.failureText).toMatch(/^Permission denied\. .*acl = "write"/);
    await expectNothingStored(row);
  });

  it("that was deleted since gives Consul's words and the permission that is needed", async () => {
    const { AccessorID, SecretID } = await makeToken({ Policies: [{ Name: "global-management" }] });
    expect(await snapkeep.take({ token: SecretID })).toMatchObject({ state: "verified" });
    await callConsul(consul.target(), "DELETE", `/v1/acl/token/${AccessorID}`);
    const row = await snapkeep.take({ token: SecretID });
    expect(row.failureText).toMatch(/^ACL not found\. .*acl = "write"/);
    await expectNothingStored(row);
  });

  it("that has expired gives Consul's words and the permission that is needed", async () => {
    const policies = [{ Name: "global-management" }];
    const { SecretID } = await makeToken({ Policies: policies, ExpirationTTL: "1h" });
    expect(await snapkeep.take({ token: SecretID })).toMatchObject({ state: "verified" });
    await putClockOfTokensBack(2 * 3_600);
    const row = await snapkeep.take({ token: SecretID });
    expect(row).toMatchObject({ failureCode: "consul_denied" });
    expect(row.failureText).toMatch(/^ACL not found\. .*acl = "write"/);
    await expectNothingStored(row);
  });

  /** Consul wants a minute of life at least, so the ends of all tokens are moved in a restored state instead. */
  async function putClockOfTokensBack(seconds: number): Promise<void> {
    const archive = await fetchArchive(consul.target());
    const state = memberOf(archive, "state.bin");
    const mark = Buffer.from("ExpirationTime\xaf\x01", "latin1");
    let moved = 0;
    for (let at = state.indexOf(mark); at >= 0; at = state.indexOf(mark, at + 1)) {
      const place = at + mark.length;
      state.writeBigInt64BE(state.readBigInt64BE(place) - BigInt(seconds), place);
      moved += 1;
    }
    expect(moved).toBeGreaterThan(0);
    const changed = writeArchive({ state, metaText: memberOf(archive, "meta.json") });
    const answer = await askConsul(consul.target(), "PUT", "/v1/snapshot", changed);
    expect(answer).toMatchObject({ status: 200 });
    await consul.waitUntilReady();
  }

  it("that was typed for one act is used for that act instead of the cluster's own", async () => {
    const { SecretID } = await makeToken({ Policies: [{ Name: "global-management" }] });
    expect(await snapkeep.take({ token: SecretID })).toMatchObject({ state: "verified" });
    const used = proxy.requests.find((seen) => seen.url.startsWith("/v1/snapshot"));
    expect(used?.headers["x-consul-token"]).toBe(SecretID);
  });
});

describe("where Consul can't be asked", () => {
  let nowhere: PortBlock;
  beforeAll(async () => {
    nowhere = await reservePorts(1);
  });
  afterAll(() => nowhere?.release());

  it("an unknown datacenter fails in Consul's words", async () => {
    const row = await snapkeep.take({ datacenter: "nope" });
    expect(row).toMatchObject({ failureCode: "consul_unknown_datacenter", responseStatus: null });
    expect(row.failureText).toMatch(/^No path to datacenter\. /);
    await expectNothingStored(row);
  });

  it("a refused connection fails with the address and the reason", async () => {
    const address = `127.0.0.1:${nowhere.ports[0]}`;
    const row = await snapkeep.take({ clusterId: await addCluster({ addresses: [address] }) });
    expect(row).toMatchObject({
      failureCode: "consul_unreachable",
      failureText: `${address} can't be reached: connection refused.`,
    });
    await expectNothingStored(row);
  });

  it("the second address is used when the first is down, and the row says which one answered", async () => {
    const addresses = [`127.0.0.1:${nowhere.ports[0]}`, proxy.address];
    const clusterId = await addCluster({ addresses, token: consul.managementToken ?? "" });
    expect(await snapkeep.take({ clusterId })).toMatchObject({
      state: "verified",
      answeredBy: proxy.address,
    });
  });

  it("an address that isn't the cluster's is not asked", async () => {
    const row = await snapkeep.take({ address: consul.server.httpAddress });
    expect(row).toMatchObject({ failureCode: "invalid_input" });
    await expectNothingStored(row);
    expect(proxy.requests.filter((seen) => seen.url.startsWith("/v1/snapshot"))).toEqual([]);
  });

  it("a 503 and a proxy's HTML page fail with what was said, not with a stack", async () => {
    const text = "<html><h1>Bad Gateway</h1></html>";
    await proxy.use({ kind: "answer-at-once", status: 502, text }, { path: "/v1/snapshot" });
    const row = await snapkeep.take();
    expect(row).toMatchObject({ failureCode: "consul_error", failureText: text });
    await expectNothingStored(row);
  });
});

describe("TLS", () => {
  let certificates: ConsulCertificates;
  let others: ConsulCertificates;
  let secure: SingleServer;
  let address: string;
  beforeAll(async () => {
    certificates = await createConsulCertificates({ dnsNames: ["consul.example.test"] });
    others = await createConsulCertificates();
    secure = await startConsulServer({ dev: true, tls: { certificates, verifyIncoming: true } });
    address = secure.server.httpsAddress ?? "";
  });
  afterAll(async () => {
    await secure?.stop();
    certificates?.remove();
    others?.remove();
  });

  const good = () => ({
    addresses: [address],
    caPem: certificates.ca.certPem,
    clientCertPem: certificates.client.certPem,
    clientKeyPem: certificates.client.keyPem,
    tlsServerName: "consul.example.test",
  });

  it("with the right CA, server name and client certificate takes a snapshot", async () => {
    const clusterId = await addCluster(good());
    expect(await snapkeep.take({ clusterId })).toMatchObject({ state: "verified", answeredBy: address });
  });

  it.each([
    ["another CA", () => ({ caPem: others.ca.certPem }), /certificate/],
    ["no CA", () => ({ caPem: "" }), /certificate/],
    ["another server name", () => ({ tlsServerName: "other.example.test" }), /other\.example\.test/],
    ["no client certificate", () => ({ clientCertPem: "", clientKeyPem: "" }), /certificate/],
    [
      "a client certificate of another CA",
      () => ({ clientCertPem: others.client.certPem, clientKeyPem: others.client.keyPem }),
      /certificate/,
    ],
  ])("with %s fails and says what to check", async (_what, change, words) => {
    const row = await snapkeep.take({ clusterId: await addCluster({ ...good(), ...change() }) });
    expect(row).toMatchObject({ failureCode: "consul_tls" });
    expect(row.failureText).toContain(`TLS with ${address} fails: `);
    expect(row.failureText).toMatch(words);
    expect(row.failureText).toContain("Check the CA certificate, the server name and the client certificate");
    await expectNothingStored(row);
  });

  it("that the server doesn't speak fails and says what to check", async () => {
    const plain = consul.server.httpAddress.replace("http:", "https:");
    const row = await snapkeep.take({ clusterId: await addCluster({ addresses: [plain] }) });
    expect(row).toMatchObject({ failureCode: "consul_tls" });
    await expectNothingStored(row);
  });
});

it("the health rounds of clusters that fail don't stop the others", async () => {
  const found = await waitFor("a health round", async () => {
    const { datacenters } = await snapkeep.execute("clusters.datacenters", {});
    return datacenters.find((one) => one.clusterId === "c-environment" && one.state === "ok") ?? null;
  });
  expect(found.datacenter).toBe("dc1");
});
