import path from "node:path";
import Sqlite from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isAppError } from "#core/kernel/errors.ts";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { callConsul } from "#core/testing/consul-http.ts";
import { type ConsulCertificates, createConsulCertificates } from "#core/testing/consul-tls.ts";
import { createToken } from "#core/testing/consul-token.ts";
import { type FaultProxy, startFaultProxy } from "#core/testing/fault-proxy.ts";
import { type InputOf, startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";

let certificates: ConsulCertificates;
let guarded: SingleServer;
let open: SingleServer;
let proxy: FaultProxy;
let snapkeep: TestRuntime;
let management: string;

beforeAll(async () => {
  certificates = await createConsulCertificates();
  [guarded, open] = await Promise.all([
    startConsulServer({ dev: true, acl: true, tls: { certificates } }),
    startConsulServer({ dev: true }),
  ]);
  management = guarded.managementToken ?? "";
  // A leader looks at its servers only a while after its election.
  await waitFor("the leader to know its servers' health", async () => {
    const path = "/v1/operator/autopilot/health";
    const health = await callConsul<{ Servers: unknown[] | null }>(guarded.target(), "GET", path);
    return (health.Servers ?? []).length > 0 ? true : null;
  });
  proxy = await startFaultProxy({ target: guarded.server.httpAddress });
  snapkeep = await startRuntime({ consulAddress: "" });
});
afterAll(async () => {
  await snapkeep?.remove();
  await proxy?.stop();
  await Promise.all([guarded?.stop(), open?.stop()]);
  certificates?.remove();
});

type Form = InputOf<"clusters.test">;
const form = (address: string, more: Partial<Form> = {}): Form => ({
  name: "form",
  addresses: [address],
  ...more,
});

/** The report as a person reads it: one line per check. */
async function testWords(input: Form): Promise<string[]> {
  const report = await snapkeep.execute("clusters.test", input);
  return report.checks.map((check) => `${check.result} ${check.title}: ${check.detail}`);
}

describe("the connection test says", () => {
  it("what works, with a management token", async () => {
    const report = await snapkeep.execute(
      "clusters.test",
      form(guarded.server.httpAddress, { token: management }),
    );
    expect(report).toMatchObject({ ok: true, consulVersion: guarded.server.version, datacenters: ["dc1"] });
    expect(report.checks).toEqual([
      {
        name: "reached",
        result: "pass",
        title: "Reached",
        detail: `without TLS, Consul ${guarded.server.version}`,
      },
      { name: "leader", result: "pass", title: "Leader known", detail: guarded.server.serverAddress },
      { name: "servers", result: "pass", title: "Servers", detail: "1 of 1 servers healthy" },
      { name: "datacenters", result: "pass", title: "Datacenters found", detail: "dc1" },
      {
        name: "token",
        result: "warning",
        title: "This token has management rights",
        detail:
          "It may take and restore snapshots. Consul asks for these rights, because the archive holds every secret.",
      },
    ]);
  });

  it("that ACLs are off", async () => {
    expect(await testWords(form(open.server.httpAddress))).toContain(
      "pass ACLs are off: Anyone who reaches this address may take and restore snapshots.",
    );
  });

  it("that a token is wrong, in Consul's words", async () => {
    const token = "00000000-0000-0000-0000-00000000dead";
    const words = await testWords(form(guarded.server.httpAddress, { token }));
    expect(words.at(-1)).toMatch(
      /^block This token may not take snapshots: ACL not found\. .*a management token/,
    );
  });

  it("that a token is needed", async () => {
    const words = await testWords(form(guarded.server.httpAddress));
    expect(words.at(-1)).toBe(
      'block A token is needed: ACLs are on, and there is no token. Snapshots and restores need a token with acl = "write" (a management token).',
    );
  });

  it("that a token without ACL rights may not, and what else it lacks", async () => {
    const token = await createToken(guarded.target(), "reader", 'key_prefix "" { policy = "read" }');
    const words = await testWords(form(guarded.server.httpAddress, { token }));
    expect(words[0]).toBe("pass Reached: without TLS, version unknown, the token lacks agent:read");
    expect(words).toContain("warning Servers not known: The token lacks operator:read.");
    expect(words.at(-1)).toMatch(/^block This token may not take snapshots: Permission denied/);
  });

  it("that a token with ACL rights of its own may", async () => {
    const rules = 'acl = "write"\noperator = "read"\nagent_prefix "" { policy = "read" }';
    const token = await createToken(guarded.target(), "backup", rules);
    expect((await testWords(form(guarded.server.httpAddress, { token }))).at(-1)).toBe(
      'warning This token may read ACLs: Snapshots need acl = "write". Its policies (backup) may hold it; the first take will tell.',
    );
  });

  it("that the connection is refused", async () => {
    await proxy.use({ kind: "refuse-connections" });
    expect(await testWords(form(proxy.address))).toEqual([
      `block Not reached: ${proxy.address} can't be reached: connection refused.`,
    ]);
    await proxy.clear();
  });

  it("that TLS works, and what it lacks where it doesn't", async () => {
    const https = guarded.server.httpsAddress ?? "";
    const good = { token: management, caPem: certificates.ca.certPem };
    expect((await testWords(form(https, good)))[0]).toBe(
      `pass Reached: TLS verified, Consul ${guarded.server.version}`,
    );
    const unverified = await testWords(form(https, { token: management, tlsVerify: false }));
    expect(unverified[0]).toBe(`pass Reached: TLS not verified, Consul ${guarded.server.version}`);
    const [withoutCa] = await testWords(form(https, { token: management }));
    expect(withoutCa).toMatch(
      /^block Not reached: TLS with .* fails: .*certificate.*Check the CA certificate/,
    );
    const [otherName] = await testWords(form(https, { ...good, tlsServerName: "server.dc9.consul" }));
    expect(otherName).toMatch(/^block Not reached: TLS with .* fails: Hostname\/IP does not match/);
    const [notTls] = await testWords(form(guarded.server.httpAddress.replace("http:", "https:")));
    expect(notTls).toMatch(
      /^block Not reached: TLS with .* fails: .*wrong version number|packet length too long/,
    );
    const [notPlain] = await testWords(form(https.replace("https:", "http:")));
    expect(notPlain).toBe("block Not reached: Client sent an HTTP request to an HTTPS server.");
  });

  it("that a stranger answers", async () => {
    await proxy.use({ kind: "answer-at-once", status: 200, text: "<html>It works!</html>" });
    expect((await testWords(form(proxy.address)))[0]).toMatch(
      /^block Not reached: .* did not answer like Consul/,
    );
    await proxy.clear();
    await proxy.use({ kind: "answer-at-once", status: 200, text: '{"not":"a list"}' });
    expect((await testWords(form(proxy.address)))[0]).toMatch(
      /^block Not reached: .*did not answer like Consul/,
    );
    await proxy.clear();
  });

  it("the same through the next address when the first is down", async () => {
    await proxy.use({ kind: "refuse-connections" });
    const input = form("", { addresses: [proxy.address, guarded.server.httpAddress], token: management });
    expect((await snapkeep.execute("clusters.test", input)).ok).toBe(true);
    await proxy.clear();
  });
});

const records = () => new Sqlite(path.join(snapkeep.dataFolder, "snapkeep.db"), { readonly: true });
function storedToken(id: string): string | null {
  const db = records();
  const row = db
    .prepare<[string], { sealedToken: string | null }>(`SELECT sealedToken FROM "Cluster" WHERE id = ?`)
    .get(id);
  db.close();
  return row?.sealedToken ?? null;
}
async function code(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "ok";
  } catch (error) {
    return isAppError(error) ? `${error.code} ${error.field ?? ""}`.trim() : `fault: ${String(error)}`;
  }
}

describe("a cluster of the console", () => {
  const key = "-----BEGIN EC PRIVATE KEY-----\nc2VjcmV0LWtleQ==\n-----END EC PRIVATE KEY-----\n";

  it("is added, edited and removed, each with its row in the log, and its secrets are in no answer, row or log", async () => {
    const input = {
      name: "prod",
      addresses: [guarded.server.httpAddress],
      token: management,
      clientKeyPem: key,
    };
    const created = await snapkeep.execute("clusters.create", input);
    expect(created).toMatchObject({
      name: "prod",
      source: "console",
      hasToken: true,
      hasClientKey: true,
      tlsVerify: true,
    });
    const edited = await snapkeep.execute("clusters.update", { ...input, id: created.id, name: "prod-us" });
    const listed = await snapkeep.execute("clusters.list", {});
    await snapkeep.execute("clusters.test", { ...input, id: created.id });
    await snapkeep.execute("clusters.remove", { id: created.id });
    expect(await code(snapkeep.execute("clusters.remove", { id: created.id }))).toBe("not_found");

    const rows = (await snapkeep.auditRows()).filter(
      (row) => row.targetId === created.id || row.target === "prod",
    );
    expect(rows.map((row) => [row.action, row.target, row.outcome])).toEqual([
      ["cluster.add", "prod", "ok"],
      ["cluster.edit", "prod", "ok"],
      ["cluster.test", guarded.server.httpAddress, "intent"],
      ["cluster.test", guarded.server.httpAddress, "ok"],
      ["cluster.remove", "prod-us", "ok"],
      ["cluster.remove", created.id, "failed"],
    ]);
    const everything = JSON.stringify([created, edited, listed, rows, snapkeep.logLines]);
    expect(everything).not.toContain(management);
    expect(everything).not.toContain("c2VjcmV0LWtleQ");
  });

  it("keeps its token when an edit leaves it out, takes another one, and loses it by an empty text", async () => {
    const base = { name: "edited", addresses: [guarded.server.httpAddress] };
    const { id } = await snapkeep.execute("clusters.create", { ...base, token: "wrong" });
    const sealed = storedToken(id);
    expect(sealed).toMatch(/^v1\./);
    await snapkeep.execute("clusters.update", { ...base, id, objectiveMinutes: 60 });
    expect(storedToken(id)).toBe(sealed);
    const take = async () => (await snapkeep.take({ clusterId: id })).failureCode;
    expect(await take()).toBe("consul_denied");
    await snapkeep.execute("clusters.update", { ...base, id, token: management });
    expect(await take()).toBeNull();
    const view = await snapkeep.execute("clusters.update", { ...base, id, token: "" });
    expect(view.hasToken).toBe(false);
    expect(storedToken(id)).toBeNull();
    expect(await take()).toBe("consul_denied");
  });

  it("sends a stored token to no other address than those it was typed for", async () => {
    const here = { name: "stays-home", addresses: [guarded.server.httpAddress], token: management };
    const { id } = await snapkeep.execute("clusters.create", here);
    const elsewhere = { id, name: "stays-home", addresses: ["http://127.0.0.1:1"] };
    for (const name of ["clusters.update", "clusters.test"] as const) {
      expect(await code(snapkeep.execute(name, elsewhere))).toBe("invalid_input token");
    }
    await snapkeep.execute("clusters.update", { ...elsewhere, token: management });
  });

  it("can't have the name of another, an address that isn't one, or a certificate that isn't one", async () => {
    const base = { addresses: ["127.0.0.1:1"] };
    await snapkeep.execute("clusters.create", { ...base, name: "first" });
    const { id } = await snapkeep.execute("clusters.create", { ...base, name: "second" });
    const create = (more: object) =>
      code(snapkeep.execute("clusters.create", { ...base, name: "third", ...more }));
    expect(await create({ name: "first" })).toBe("conflict name");
    expect(await code(snapkeep.execute("clusters.update", { ...base, id, name: "first" }))).toBe(
      "conflict name",
    );
    expect(await create({ addresses: [] })).toBe("invalid_input addresses");
    expect(await create({ addresses: ["http://user:pw@host"] })).toBe("invalid_input addresses");
    expect(await create({ caPem: "not a certificate" })).toBe("invalid_input caPem");
    expect(await create({ clientKeyPem: "not a key" })).toBe("invalid_input clientKeyPem");
    const { clusters } = await snapkeep.execute("clusters.list", {});
    expect(clusters.map((cluster) => cluster.name).filter((name) => name === "third")).toEqual([]);
  });

  it("can't have a key in the field of the certificate, which everybody sees", async () => {
    const both = `${certificates.client.certPem}${certificates.client.keyPem}`;
    const input = { name: "combined", addresses: ["127.0.0.1:1"] };
    for (const field of ["caPem", "clientCertPem"] as const) {
      expect(await code(snapkeep.execute("clusters.create", { ...input, [field]: both }))).toBe(
        `invalid_input ${field}`,
      );
    }
  });

  it("leaves its history behind when it is removed", async () => {
    const input = { name: "short-lived", addresses: [guarded.server.httpAddress], token: management };
    const { id } = await snapkeep.execute("clusters.create", input);
    const row = await snapkeep.take({ clusterId: id });
    await snapkeep.execute("clusters.remove", { id });
    expect(await snapkeep.snapshotRow(row.id)).toMatchObject({
      state: "verified",
      clusterName: "short-lived",
    });
    expect(snapkeep.archiveFiles()).toContain(`${row.id}.snap`);
  });
});
