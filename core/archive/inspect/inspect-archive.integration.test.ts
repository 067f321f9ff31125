import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runConsul } from "../../testing/consul-cli.ts";
import { type SingleServer, startConsulServer } from "../../testing/consul-cluster.ts";
import { isAtLeast } from "../../testing/consul-config.ts";
import { callConsul } from "../../testing/consul-http.ts";
import { type SeededWorld, seedWorld } from "../../testing/consul-seed-world.ts";
import {
  decodeRecord,
  type Inspection,
  inspectArchive,
  isKvRecord,
  type OtherRecord,
  toConsulInspectJson,
  toConsulInspectTable,
  type VerifyReport,
  verifyArchive,
} from "../index.ts";

let server: SingleServer;
let world: SeededWorld;
let folder: string;
let archive: Buffer;
let report: VerifyReport;
let inspection: Inspection;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "snapkeep-inspect-"));
  server = await startConsulServer({ acl: true, dev: true });
  world = await seedWorld({ client: server.target(), keys: 300, acl: true });
  const { token, httpAddress } = server.target();
  const response = await fetch(`${httpAddress}/v1/snapshot`, {
    headers: { "X-Consul-Token": token ?? "", "Accept-Encoding": "identity" },
  });
  archive = Buffer.from(await response.arrayBuffer());
  await writeFile(join(folder, "a.snap"), archive);
  ({ report, inspection } = await inspectArchive(Readable.from([archive])));
});

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function versionOfConsul(): Promise<string> {
  const self = await callConsul<{ Config: { Version: string } }>(server.target(), "GET", "/v1/agent/self");
  return self.Config.Version;
}

describe("a snapshot of a real server", () => {
  it("has no record that cannot be decoded, and none of an unknown kind", async () => {
    expect(report.findings).toEqual([]);
    expect(inspection.counts.unknown).toBe(0);
    let records = 0;
    const add = () => {
      records += 1;
    };
    await verifyArchive(Readable.from([archive]), { visitor: { kv: add, other: add } });
    expect(records).toBe(report.records.total);
  });

  it("counts what the server itself counts", async () => {
    const target = server.target();
    const count = async (path: string) => (await callConsul<unknown[]>(target, "GET", path)).length;
    const catalog = await callConsul<Record<string, string[]>>(target, "GET", "/v1/catalog/services");
    expect(inspection.kv.count).toBe(await count("/v1/kv/?keys"));
    expect(inspection.kv.locked).toBe(world.sessions.length);
    expect(inspection.counts).toMatchObject({
      nodes: await count("/v1/catalog/nodes"),
      serviceNames: Object.keys(catalog).length,
      services: world.services.length + 1,
      checks: await count("/v1/health/state/any"),
      sessions: await count("/v1/session/list"),
      aclTokens: await count("/v1/acl/tokens"),
      aclPolicies: await count("/v1/acl/policies"),
      aclRoles: await count("/v1/acl/roles"),
      preparedQueries: await count("/v1/query"),
      intentions: world.intentions.length,
      caRoots: 1,
    });
    expect(inspection.counts.configEntries).toBeGreaterThanOrEqual(world.configEntries.length);
    const critical = inspection.checksByStatus.names.find(({ name }) => name === "critical");
    expect(critical?.count ?? 0).toBe(await count("/v1/health/state/critical"));
  });

  it("says which cluster it is from", async () => {
    const version = await versionOfConsul();
    expect(inspection).toMatchObject({
      serverVersions: { names: [version] },
      edition: "community",
      datacenters: { names: ["dc1"] },
      servers: [{ suffrage: "voter", version }],
    });
    const configuration = await callConsul<{ Roots: { ExternalTrustDomain: string }[] }>(
      server.target(),
      "GET",
      "/v1/connect/ca/roots",
    );
    expect(inspection.clusterId).toBe(configuration.Roots[0]?.ExternalTrustDomain.split(".")[0]);
    expect(Math.abs(Date.parse(inspection.createdAt ?? "") - Date.now())).toBeLessThan(10 * 60_000);
  });

  it("has the keys, their values and their flags as the server gives them", async () => {
    type Entry = { Key: string; Value: string | null; Flags: number; ModifyIndex: number; Session?: string };
    const entries = await callConsul<Entry[]>(server.target(), "GET", "/v1/kv/?recurse");
    const seen: Entry[] = [];
    const order: Buffer[] = [];
    const kv: NonNullable<Parameters<typeof verifyArchive>[1]> = {
      values: true,
      visitor: {
        kv: ({ key, value, flags, modifyIndex, session }) => {
          order.push(Buffer.from(key));
          seen.push({
            Key: Buffer.from(key).toString(),
            Value: value === null || value.length === 0 ? null : Buffer.from(value).toString("base64"),
            Flags: Number(flags),
            ModifyIndex: modifyIndex,
            ...(session !== "" && { Session: session }),
          });
        },
      },
    };
    await verifyArchive(Readable.from([archive]), kv);
    expect(seen).toEqual(
      entries.map(({ Key, Value, Flags, ModifyIndex, Session }) => ({
        Key,
        Value: Value === "" ? null : Value,
        Flags,
        ModifyIndex,
        ...(Session !== undefined && { Session }),
      })),
    );
    expect(order.every((key, at) => at === 0 || Buffer.compare(order[at - 1] ?? key, key) < 0)).toBe(true);
  });

  it("names every token, policy and service as the server does, once", async () => {
    const others: OtherRecord[] = [];
    await verifyArchive(Readable.from([archive]), { visitor: { other: (record) => others.push(record) } });
    const names = others.map(({ kind, identity }) => `${kind} ${identity}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining([
        ...world.tokens.map(({ accessorId }) => `acl-token ${accessorId}`),
        ...world.policies.map(({ id }) => `acl-policy ${id}`),
        ...world.services.map((service) => `service ${service}`),
        ...world.sessions.map(({ id }) => `session ${id}`),
        ...world.configEntries.map((entry) => `config-entry ${entry}`),
      ]),
    );
    const [token] = world.tokens;
    const record = others.find(({ identity }) => identity === token?.accessorId);
    expect(record?.fields).toMatchObject({ SecretID: token?.secretId, Description: token?.description });
    expect(Date.parse(String(record?.fields.CreateTime))).toBeGreaterThan(Date.now() - 10 * 60_000);
  });

  it("is described as `consul snapshot inspect` describes it, to the byte", async () => {
    const path = join(folder, "a.snap");
    if (isAtLeast(await versionOfConsul(), 1, 10)) {
      const json = await runConsul(["snapshot", "inspect", "-kvdetails", "-format=json", path]);
      expect(`${toConsulInspectJson(report, inspection)}\n`).toBe(json);
      const table = await runConsul(["snapshot", "inspect", "-kvdetails", path]);
      expect(trimLines(toConsulInspectTable(report, inspection))).toBe(trimLines(table));
    } else {
      // Before 1.9 it only knows meta.json, and before 1.10 no keys.
      const table = trimLines(await runConsul(["snapshot", "inspect", path]));
      const ours = trimLines(toConsulInspectTable(report, inspection, { kvDetails: false }));
      expect(ours.slice(0, table.length).replace(/ +/g, " ")).toBe(table.replace(/ +/g, " "));
    }
  });

  it("is read record by record as it is as a whole", async () => {
    const { gunzipSync } = await import("node:zlib");
    const tar = gunzipSync(archive);
    const at = tar.indexOf(Buffer.from("\x81\xa9LastIndex", "latin1"));
    const again: string[] = [];
    const first: string[] = [];
    await verifyArchive(Readable.from([archive]), {
      visitor: {
        kv: ({ offset, bytes, key }) => {
          const record = decodeRecord(tar.subarray(at + offset, at + offset + bytes));
          again.push(isKvRecord(record) ? Buffer.from(record.key).toString() : record.identity);
          first.push(Buffer.from(key).toString());
        },
        other: ({ offset, bytes, identity }) => {
          const record = decodeRecord(tar.subarray(at + offset, at + offset + bytes));
          again.push(isKvRecord(record) ? Buffer.from(record.key).toString() : record.identity);
          first.push(identity);
        },
      },
    });
    expect(again).toEqual(first);
  });
});

function trimLines(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trim())
    .join("\n")
    .trim();
}
