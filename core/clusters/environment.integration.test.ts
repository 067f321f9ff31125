import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { type ConsulCertificates, createConsulCertificates } from "#core/testing/consul-tls.ts";
import { makeTempFolder, removeTempFolder } from "#core/testing/leftovers.ts";
import { clusterId, startRuntime } from "#core/testing/runtime.ts";

const managementToken = "11111111-2222-3333-4444-555555555555";
let folder: string;
let certificates: ConsulCertificates;
/** Answers over http, https and a unix socket; its ACLs let only the management token take a snapshot. */
let open: SingleServer;
/** Its https asks for a client certificate. */
let strict: SingleServer;

const at = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = makeTempFolder("snapkeep-forms-");
  certificates = await createConsulCertificates();
  const shared = { dev: true, acl: { managementToken } };
  [open, strict] = await Promise.all([
    startConsulServer({
      ...shared,
      tls: { certificates },
      extraConfig: { addresses: { http: `127.0.0.1 unix://${at("http.sock")}` } },
    }),
    startConsulServer({ ...shared, tls: { certificates, verifyIncoming: true } }),
  ]);
  writeFileSync(at("token"), `${managementToken}\n`);
  mkdirSync(at("cas"));
  writeFileSync(at("cas/ca.pem"), certificates.ca.certPem);
});
afterAll(async () => {
  await Promise.all([open?.stop(), strict?.stop()]);
  certificates?.remove();
  removeTempFolder(folder);
});

const httpsOf = (consul: SingleServer) => consul.server.httpsAddress ?? "";
const bare = (address: string) => address.replace(/^https?:\/\//, "");
const token = { CONSUL_HTTP_TOKEN: managementToken };
const ca = () => ({ CONSUL_CACERT: certificates.ca.certPath });
const client = () => ({
  CONSUL_CLIENT_CERT: certificates.client.certPath,
  CONSUL_CLIENT_KEY: certificates.client.keyPath,
});

/** Starts Snapkeep in this environment and takes a snapshot, which needs the connection and the token. */
async function takeWith(env: Record<string, string>): Promise<string> {
  const snapkeep = await startRuntime({ consulAddress: "", env });
  try {
    const row = await snapkeep.take();
    return row.state === "verified"
      ? `verified from ${row.answeredBy}`
      : `${row.failureCode}: ${row.failureText}`;
  } finally {
    await snapkeep.remove();
  }
}

describe("a snapshot is taken through", () => {
  it("http", async () => {
    const address = open.server.httpAddress;
    expect(await takeWith({ CONSUL_HTTP_ADDR: address, ...token })).toBe(`verified from ${address}`);
  });

  it("http, from an address without a scheme", async () => {
    const address = open.server.httpAddress;
    expect(await takeWith({ CONSUL_HTTP_ADDR: bare(address), ...token })).toBe(`verified from ${address}`);
  });

  it("http, with the token from a file", async () => {
    const address = open.server.httpAddress;
    const env = {
      CONSUL_HTTP_ADDR: address,
      CONSUL_HTTP_TOKEN_FILE: at("token"),
      CONSUL_HTTP_TOKEN: "overruled",
    };
    expect(await takeWith(env)).toBe(`verified from ${address}`);
  });

  it("a unix socket", async () => {
    const address = `unix://${at("http.sock")}`;
    expect(await takeWith({ CONSUL_HTTP_ADDR: address, ...token })).toBe(`verified from ${address}`);
  });

  it("https, with CONSUL_CACERT", async () => {
    const address = httpsOf(open);
    expect(await takeWith({ CONSUL_HTTP_ADDR: address, ...ca(), ...token })).toBe(`verified from ${address}`);
  });

  it("https, with CONSUL_CAPATH", async () => {
    const env = { CONSUL_HTTP_ADDR: httpsOf(open), CONSUL_CAPATH: at("cas"), ...token };
    expect(await takeWith(env)).toBe(`verified from ${httpsOf(open)}`);
  });

  it("https, from a bare address with CONSUL_HTTP_SSL", async () => {
    const env = { CONSUL_HTTP_ADDR: bare(httpsOf(open)), CONSUL_HTTP_SSL: "true", ...ca(), ...token };
    expect(await takeWith(env)).toBe(`verified from ${httpsOf(open)}`);
  });

  it("https, to a server whose certificate has the name of CONSUL_TLS_SERVER_NAME", async () => {
    const env = { CONSUL_HTTP_ADDR: httpsOf(open), ...ca(), ...token };
    const right = { ...env, CONSUL_TLS_SERVER_NAME: "server.dc1.consul" };
    const wrong = { ...env, CONSUL_TLS_SERVER_NAME: "server.dc9.consul" };
    expect(await takeWith(right)).toBe(`verified from ${httpsOf(open)}`);
    expect(await takeWith(wrong)).toMatch(/^consul_tls: TLS with .* fails: Hostname\/IP does not match/);
  });

  it("https, unverified with CONSUL_HTTP_SSL_VERIFY=false, and not without it", async () => {
    const env = { CONSUL_HTTP_ADDR: httpsOf(open), ...token };
    expect(await takeWith({ ...env, CONSUL_HTTP_SSL_VERIFY: "false" })).toBe(
      `verified from ${httpsOf(open)}`,
    );
    expect(await takeWith(env)).toMatch(
      /^consul_tls: TLS with .* fails: unable to verify|self.signed certificate/,
    );
  });

  it("https with a client certificate where Consul asks for one, and not without it", async () => {
    const env = { CONSUL_HTTP_ADDR: httpsOf(strict), ...ca(), ...token };
    expect(await takeWith({ ...env, ...client() })).toBe(`verified from ${httpsOf(strict)}`);
    expect(await takeWith(env)).toMatch(/^consul_(tls|unreachable): /);
  });
});

describe("the row of the environment's cluster", () => {
  it("shows neither token nor key, can't be edited or removed, and goes when the variables go", async () => {
    const env = { CONSUL_HTTP_ADDR: httpsOf(strict), ...ca(), ...client(), ...token };
    const first = await startRuntime({ consulAddress: "", env });
    const [view] = (await first.execute("clusters.list", {})).clusters;
    expect(view).toMatchObject({
      id: clusterId,
      name: "default",
      source: "environment",
      hasToken: true,
      hasClientKey: true,
    });
    const shown = JSON.stringify(view);
    expect(shown).not.toContain(managementToken);
    expect(shown).not.toContain("PRIVATE KEY");
    const edit = { id: clusterId, name: "mine", addresses: ["http://127.0.0.1:1"] };
    for (const work of [
      first.execute("clusters.update", edit),
      first.execute("clusters.remove", { id: clusterId }),
    ]) {
      await expect(work).rejects.toMatchObject({
        code: "conflict",
        userMessage: /comes from CONSUL_HTTP_ADDR/,
      });
    }
    await first.stop();
    const second = await startRuntime({ consulAddress: "", dataFolder: first.dataFolder });
    expect(await second.execute("clusters.list", {})).toEqual({ clusters: [] });
    await second.remove();
  });

  it("follows a changed environment at the next start, and keeps its id", async () => {
    const first = await startRuntime({ consulAddress: open.server.httpAddress, token: managementToken });
    await first.stop();
    const second = await startRuntime({
      consulAddress: strict.server.httpAddress,
      dataFolder: first.dataFolder,
    });
    const { clusters } = await second.execute("clusters.list", {});
    expect(clusters).toMatchObject([
      { id: clusterId, addresses: [strict.server.httpAddress], hasToken: false },
    ]);
    await second.remove();
  });
});
