import { existsSync } from "node:fs";
import { request } from "node:https";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ConsulCluster,
  startConsulClient,
  startConsulCluster,
  startConsulServer,
} from "./consul-cluster.ts";
import { askConsul, fetchArchive, readKey, writeKey } from "./consul-http.ts";
import { makeKeys, seedKeys } from "./consul-seed.ts";
import { seedWorld } from "./consul-seed-world.ts";
import { type ConsulCertificates, createConsulCertificates } from "./consul-tls.ts";
import { joinWan, startConsulFederation } from "./consul-wan.ts";
import { waitFor } from "./wait-for.ts";

describe("one server", () => {
  it("keeps its state over a SIGKILL and a restart", async () => {
    const consul = await startConsulServer();
    await writeKey(consul.target(), "kept", "over a crash");
    await consul.server.kill();
    expect(consul.server.isRunning()).toBe(false);
    await consul.server.restart();
    await consul.waitUntilReady();
    expect(await readKey(consul.target(), "kept")).toBe("over a crash");
    const { dataFolder } = consul.server;
    await consul.stop();
    expect(existsSync(dataFolder)).toBe(false);
  });

  it("answers nothing while it is paused, and goes on after", async () => {
    const consul = await startConsulServer({ dev: true });
    await consul.server.pause();
    await expect(askConsul(consul.target(), "GET", "/v1/status/leader", undefined, 300)).rejects.toThrow(
      /abort|time/i,
    );
    consul.server.resume();
    await consul.waitUntilReady();
    await consul.stop();
  });

  it("is seeded with a little of everything that a snapshot can hold", async () => {
    const consul = await startConsulServer({ dev: true, acl: true });
    const world = await seedWorld({ client: consul.target(), acl: true });
    expect(await readKey(consul.target(), world.keys[1]?.key ?? "")).toBe(world.keys[1]?.value.toString());
    expect(makeKeys({ count: 5 })).toEqual(world.keys.slice(0, 5));
    const archive = await fetchArchive(consul.target());
    expect(archive.length).toBeGreaterThan(5_000);
    const [, , backup] = world.tokens;
    const asBackup = { httpAddress: consul.server.httpAddress, token: backup?.secretId };
    expect((await fetchArchive(asBackup)).length).toBeGreaterThan(5_000);
    const anonymous = await askConsul({ httpAddress: consul.server.httpAddress }, "GET", "/v1/snapshot");
    expect(anonymous).toMatchObject({ status: 403, text: "Permission denied" });
    await consul.stop();
  });
});

describe("three servers", () => {
  let cluster: ConsulCluster;
  beforeAll(async () => {
    cluster = await startConsulCluster({ acl: { management: "bootstrapped" } });
  });
  afterAll(() => cluster?.stop());

  it("elect one leader, and elect another when it is killed", async () => {
    const first = await cluster.leader();
    expect(await cluster.followers()).toHaveLength(2);
    await first.kill();
    const second = await cluster.leader();
    expect(second.name).not.toBe(first.name);
    await first.restart();
    await cluster.waitUntilReady();
    expect(await cluster.followers()).toHaveLength(2);
  });

  it("are reached through a client agent", async () => {
    const client = await startConsulClient(cluster);
    await seedKeys({ client: cluster.target(client), count: 100 });
    expect((await fetchArchive(cluster.target(client))).length).toBeGreaterThan(1_000);
    await client.stop();
  });

  it("leave a survivor that serves stale snapshots only, whose last contact grows", async () => {
    const [survivor] = await cluster.followers();
    if (survivor === undefined) throw new Error("no follower");
    await Promise.all(cluster.servers.filter((server) => server !== survivor).map((server) => server.kill()));
    const target = cluster.target(survivor);
    const refused = await waitFor("the survivor to notice", async () => {
      const answer = await askConsul(target, "GET", "/v1/snapshot");
      return answer.status === 500 && answer.text === "No cluster leader" ? answer : null;
    });
    expect(refused.status).toBe(500);
    const lastContact = async () => {
      const answer = await askConsul(target, "GET", "/v1/snapshot?stale");
      expect(answer.status).toBe(200);
      return Number(answer.headers.get("x-consul-lastcontact"));
    };
    const before = await lastContact();
    const after = await waitFor("the last contact to grow", async () => {
      const now = await lastContact();
      return now > before + 500 ? now : null;
    });
    expect(after).toBeGreaterThan(before);
  });
});

describe("two datacenters", () => {
  const snapshotOf = async (cluster: ConsulCluster, datacenter: string) =>
    (await askConsul(cluster.target(), "GET", `/v1/snapshot?dc=${datacenter}`)).status;

  it("answer for each other, with one management token", async () => {
    const federation = await startConsulFederation({ acl: true, dev: true });
    expect(await snapshotOf(federation.primary, "dc2")).toBe(200);
    expect(await snapshotOf(federation.secondary, "dc1")).toBe(200);
    const unknown = await askConsul(federation.primary.target(), "GET", "/v1/snapshot?dc=nope");
    expect(unknown).toMatchObject({ status: 500, text: "No path to datacenter" });
    await federation.stop();
  });

  it("can be joined while they run", async () => {
    const [east, west] = await Promise.all(
      ["east", "west"].map((datacenter) =>
        startConsulServer({ datacenter, primaryDatacenter: "east", dev: true }),
      ),
    );
    if (east === undefined || west === undefined) throw new Error("no servers");
    expect(await snapshotOf(east, "west")).toBe(500);
    await joinWan(east, west);
    expect(await snapshotOf(east, "west")).toBe(200);
    await Promise.all([east.stop(), west.stop()]);
  });
});

describe("TLS", () => {
  let certificates: ConsulCertificates;
  beforeAll(async () => {
    certificates = await createConsulCertificates({ dnsNames: ["consul.example.test"] });
  });
  afterAll(() => certificates?.remove());

  function get(
    url: string,
    options: { ca?: string; cert?: string; key?: string; servername?: string },
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      const outgoing = request(url, { ...options, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      outgoing.on("error", reject).end();
    });
  }

  it("serves HTTPS under the names of its certificate, to clients that show one of the same CA", async () => {
    const consul = await startConsulServer({ dev: true, tls: { certificates, verifyIncoming: true } });
    const url = `${consul.server.httpsAddress}/v1/status/leader`;
    const { ca, client } = certificates;
    const own = { cert: client.certPem, key: client.keyPem };
    expect(await get(url, { ca: ca.certPem, ...own })).toBe(200);
    expect(await get(url, { ca: ca.certPem, ...own, servername: "consul.example.test" })).toBe(200);
    await expect(get(url, { ca: ca.certPem, ...own, servername: "other.test" })).rejects.toThrow(/altnames/);
    await expect(get(url, own)).rejects.toThrow(/certificate/);
    await expect(get(url, { ca: ca.certPem })).rejects.toThrow(/certificate|ECONNRESET|alert/i);
    await consul.stop();
  });
});
