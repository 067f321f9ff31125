import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { roles } from "#core/access/contract.ts";
import { endpoints } from "#core/runtime/endpoints.ts";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { writeKey } from "#core/testing/consul-http.ts";
import { mayRole } from "#core/testing/operation-table.ts";
import { makeToken } from "#core/testing/records-command.ts";
import { type ServerProcess, startServerProcess } from "#core/testing/server-process.ts";
import { waitFor } from "#core/testing/wait-for.ts";

// The JSON API as programs use it: the built server, tokens from the command line, a real Consul.

let consul: SingleServer;
let server: ServerProcess;
const tokens = new Map<string, string>();
const datacenter = "dc1";
const clusterId = "c-environment";

beforeAll(async () => {
  consul = await startConsulServer({ dev: true });
  await writeKey(consul.target(), "api/key", "from a program");
  server = await startServerProcess({ CONSUL_HTTP_ADDR: consul.server.httpAddress });
  for (const role of roles) tokens.set(role, await makeToken(server.dataFolder, role));
});
afterAll(async () => {
  await server?.stop();
  await consul?.stop();
});

type Sent = { token?: string | undefined; headers?: Record<string, string>; body?: unknown; raw?: Buffer };

async function call(method: string, path: string, { token, headers = {}, body, raw }: Sent = {}) {
  const answer = await fetch(`${server.origin}/api/v1${path}`, {
    method,
    redirect: "manual",
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(raw === undefined ? {} : { body: new Uint8Array(raw) }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isJson =
    answer.headers.get("content-type")?.includes("jsonl") === false &&
    answer.headers.get("content-type")?.includes("json") === true;
  const json = isJson && bytes.length > 0 ? (JSON.parse(bytes.toString()) as Record<string, unknown>) : {};
  return { status: answer.status, headers: answer.headers, bytes, json };
}
const as = (role: string) => ({ token: tokens.get(role) });

describe("every endpoint", () => {
  const filled = (path: string) => path.replaceAll(/\{\w+\}/g, "x-nothing");

  it.each(endpoints.map(({ method, path }) => [method, path] as const))(
    "%s %s is 401 without a token, and with a made-up one",
    async (method, path) => {
      const wrong = [{}, { token: "skt_made-up" }, { headers: { Authorization: "Basic YTpi" } }];
      for (const sent of wrong) {
        const answer = await call(method, filled(path), {
          ...sent,
          headers: { Origin: server.origin, ...("headers" in sent ? sent.headers : {}) },
        });
        expect(answer.status).toBe(401);
        expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="Snapkeep"');
      }
    },
  );

  it.each(endpoints.map(({ method, path, operation }) => [method, path, operation] as const))(
    "%s %s is open to the roles of %s and to no others",
    async (method, path, operation) => {
      for (const role of roles) {
        // What is asked for makes no sense, so that nothing happens; a role that may not is told only that.
        const raw = path === "/snapshots/upload" ? { raw: Buffer.from("not an archive") } : {};
        const { status, json } = await call(method, filled(path), { ...as(role), ...raw });
        const isRefused = status === 403 && (method === "HEAD" || json.code === "forbidden");
        expect([role, isRefused ? "refused" : "open"]).toEqual([
          role,
          mayRole(role, operation) ? "open" : "refused",
        ]);
        expect(status, role).toBeLessThan(500);
      }
    },
  );
});

describe("a program", () => {
  let id: string;

  it("takes a snapshot, finds it in the history and downloads the very bytes", async () => {
    const begun = await call("POST", "/snapshots", {
      ...as("operator"),
      body: { clusterId, datacenter, note: "by a program" },
    });
    expect(begun.status).toBe(202);
    id = String(begun.json.id);
    const row = await waitFor("the snapshot", async () => {
      const { json } = await call("GET", `/snapshots/${id}`, as("viewer"));
      return json.state === "verified" ? json : null;
    });
    expect(row).toMatchObject({ source: "api", byName: "api:test-operator", note: "by a program" });
    const page = await call("GET", `/snapshots?source=api&limit=1`, as("viewer"));
    expect(page.json).toMatchObject({ rows: [{ id }], total: 1 });

    const head = await call("HEAD", `/snapshots/${id}/archive`, as("restorer"));
    const whole = await call("GET", `/snapshots/${id}/archive`, as("restorer"));
    const sha256 = createHash("sha256").update(whole.bytes).digest("hex");
    expect(sha256).toBe(row.archiveSha256);
    expect(head.headers.get("etag")).toBe(`"${sha256}"`);
    expect(head.headers.get("content-length")).toBe(String(whole.bytes.length));
    const part = await call("GET", `/snapshots/${id}/archive`, {
      ...as("restorer"),
      headers: { Range: "bytes=10-19" },
    });
    expect([part.status, part.bytes.equals(whole.bytes.subarray(10, 20))]).toEqual([206, true]);
  });

  it("pins, reads keys, compares, uploads and deletes", async () => {
    const whole = await call("GET", `/snapshots/${id}/archive`, as("restorer"));
    expect(
      (await call("PUT", `/snapshots/${id}/pin`, { ...as("operator"), body: { pinned: true } })).status,
    ).toBe(200);
    expect((await call("DELETE", `/snapshots/${id}`, as("operator"))).json.code).toBe("conflict");
    const found = await call("GET", `/snapshots/${id}/keys/search?pattern=api/*`, as("viewer"));
    const [key] = found.json.rows as { keyId: string }[];
    const value = await call("GET", `/snapshots/${id}/value?keyId=${key?.keyId}`, as("restorer"));
    expect(Buffer.from(String((value.json.value as { base64: string }).base64), "base64").toString()).toBe(
      "from a program",
    );

    const query = `fileName=mine.snap&clusterId=${clusterId}&datacenter=${datacenter}&pin=false`;
    const uploaded = await call("POST", `/snapshots/upload?${query}`, {
      ...as("operator"),
      raw: whole.bytes,
    });
    expect(uploaded.status).toBe(201);
    const copy = String(uploaded.json.id);
    const begun = await call("POST", "/comparisons", {
      ...as("viewer"),
      body: { a: { snapshotId: id }, b: { snapshotId: copy } },
    });
    expect(begun.status).toBe(202);
    const comparison = await waitFor("the comparison", async () => {
      const { json } = await call("GET", `/comparisons/${String(begun.json.id)}`, as("viewer"));
      return json.state === "ready" ? json : null;
    });
    expect(comparison.summary).toMatchObject({ identical: true });
    expect((await call("DELETE", `/snapshots/${copy}`, as("operator"))).status).toBe(200);
    expect((await call("GET", `/snapshots/${copy}`, as("viewer"))).json.code).toBe("not_found");
  });

  it("leaves the rows of its acts, as a token with its name, role and address", async () => {
    const { json } = await call("GET", `/audit?q=${id}&limit=200`, as("auditor"));
    const rows = json.rows as {
      action: string;
      outcome: string;
      actorKind: string;
      actorName: string;
      role: string;
      door: string;
    }[];
    const acts = rows.map(({ action, outcome }) => `${action} ${outcome}`);
    expect(acts).toEqual(
      expect.arrayContaining([
        "snapshot.take ok",
        "snapshot.download ok",
        "snapshot.pin ok",
        "snapshot.values ok",
      ]),
    );
    for (const row of rows) expect(row).toMatchObject({ actorKind: "token", address: "127.0.0.1" });
    expect(rows.find(({ action }) => action === "snapshot.take")).toMatchObject({
      actorName: "api:test-operator",
      role: "operator",
    });
    const { json: held } = await call("GET", `/snapshots/${id}/custody`, as("viewer"));
    expect((held.events as { action: string }[]).map(({ action }) => action)).toEqual(
      expect.arrayContaining(["snapshot.take", "snapshot.download", "snapshot.compare"]),
    );
  });

  it("exports the log of a filter as CSV and as JSON Lines, with the same entries", async () => {
    const csv = await call("GET", "/audit/export?format=csv&action=snapshot.pin", as("auditor"));
    const lines = await call("GET", "/audit/export?format=jsonl&action=snapshot.pin", as("auditor"));
    expect(csv.headers.get("content-type")).toContain("text/csv");
    const entries = lines.bytes
      .toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { entry: number; action: string });
    expect(entries.length).toBeGreaterThan(0);
    expect(new Set(entries.map(({ action }) => action))).toEqual(new Set(["snapshot.pin"]));
    const rows = csv.bytes.toString().trim().split(/\r?\n/).slice(1);
    expect(rows.map((row) => Number(row.split(",")[0]))).toEqual(entries.map(({ entry }) => entry));
  });

  it("reads the description of the API, with a token alone", async () => {
    expect((await call("GET", "/openapi.json")).status).toBe(401);
    const { json } = await call("GET", "/openapi.json", as("viewer"));
    expect(json).toMatchObject({ openapi: "3.1.0", info: { title: "Snapkeep" } });
  });
});

describe("a token", () => {
  const list = (token: string) => call("GET", "/snapshots", { token });

  it("that was revoked is refused at once", async () => {
    const token = await makeToken(server.dataFolder, "viewer", ["--name", "short-lived"]);
    expect((await list(token)).status).toBe(200);
    const { json } = await call("GET", "/tokens", as("administrator"));
    const found = (json.tokens as { id: string; prefix: string; lastUsedBy: string }[]).find(({ prefix }) =>
      token.startsWith(prefix),
    );
    expect(found?.lastUsedBy).toBe("127.0.0.1");
    expect((await call("DELETE", `/tokens/${found?.id}`, as("administrator"))).status).toBe(200);
    expect((await list(token)).status).toBe(401);
  });

  it("sees only its own datacenter's cluster, whatever it asks for", async () => {
    const made = await call("POST", "/clusters", {
      ...as("administrator"),
      body: { name: "elsewhere", addresses: ["http://127.0.0.1:1"] },
    });
    expect(made.status).toBe(200);
    const token = await makeToken(server.dataFolder, "operator", [
      "--name",
      "elsewhere",
      "--cluster",
      "elsewhere",
    ]);
    expect((await list(token)).json).toMatchObject({ total: 0, rows: [] });
    const { json } = await call("GET", "/snapshots", as("viewer"));
    const [first] = json.rows as { id: string }[];
    const hidden = await call("GET", `/snapshots/${first?.id}`, { token });
    const unknown = await call("GET", "/snapshots/s-000000000000", { token });
    expect([hidden.status, hidden.json.detail]).toEqual([unknown.status, unknown.json.detail]);
    const take = await call("POST", "/snapshots", { token, body: { clusterId, datacenter } });
    expect([take.status, take.json.detail]).toEqual([404, "There is no such cluster."]);
  });

  it("in the log, in the output and in the records is nowhere to be read", async () => {
    const { json } = await call("GET", "/audit?limit=200", as("auditor"));
    for (const text of tokens.values()) {
      expect(JSON.stringify(json)).not.toContain(text);
      expect(server.output()).not.toContain(text);
    }
  });
});

describe("what makes no sense", () => {
  it("is answered as a problem with the request's id", async () => {
    const cases: [string, string, Sent, number][] = [
      ["GET", "/nothing", as("viewer"), 404],
      ["PATCH", "/snapshots", as("viewer"), 405],
      ["POST", "/snapshots", { ...as("operator"), raw: Buffer.from("[1]") }, 400],
      ["POST", "/snapshots", { ...as("operator"), raw: Buffer.from("{") }, 400],
      [
        "POST",
        "/snapshots",
        { ...as("operator"), body: { clusterId, datacenter, note: "x".repeat(300_000) } },
        413,
      ],
      ["GET", "/snapshots?cursor=nonsense", as("viewer"), 400],
      ["GET", "/snapshots?limit=100000", as("viewer"), 400],
      ["GET", "/snapshots/%2e%2e%2fsecret.key", as("viewer"), 404],
    ];
    for (const [method, path, sent, status] of cases) {
      const answer = await call(method, path, sent);
      expect([path, answer.status]).toEqual([path, status]);
      expect(answer.headers.get("content-type")).toContain("application/problem+json");
      expect(answer.json).toMatchObject({
        status,
        requestId: expect.stringMatching(/^req-/),
        detail: expect.any(String),
      });
    }
    expect((await call("PATCH", "/snapshots", as("viewer"))).headers.get("allow")).toBe("GET, POST");
  });
});
