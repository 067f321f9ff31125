import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Role, roles } from "#core/access/contract.ts";
import { type Endpoint, endpoints } from "#core/runtime/endpoints.ts";
import { buildAccessWorld, type ClusterWorld, inputsFor } from "#core/testing/access-world.ts";
import { reservePorts } from "#core/testing/free-ports.ts";
import { makeTempFolder, removeTempFolder } from "#core/testing/leftovers.ts";
import { mayRole, operationTable } from "#core/testing/operation-table.ts";
import { makeToken } from "#core/testing/records-command.ts";
import { startRuntime } from "#core/testing/runtime.ts";
import { type ServerProcess, startServerProcess } from "#core/testing/server-process.ts";

// The matrix once more, from outside: the built server, each endpoint over HTTP with a token of the command line that
// holds one role in one cluster. Endpoints and roles come from their tables. What a role may change is left out, since it
// would be done; that it may is what the matrix in core/runtime shows.

let server: ServerProcess;
let dataFolder: string;
let release: () => void;
let worlds: Record<"own" | "foreign", ClusterWorld>;
const tokens = new Map<Role, string>();

beforeAll(async () => {
  const block = await reservePorts(1);
  release = block.release;
  dataFolder = makeTempFolder("snapkeep-matrix-");
  const before = await startRuntime({ consulAddress: "", dataFolder });
  worlds = await buildAccessWorld(before, `http://127.0.0.1:${block.ports[0]}`);
  await before.stop();
  server = await startServerProcess({ SNAPKEEP_DATA: dataFolder });
  for (const role of roles) tokens.set(role, await makeToken(dataFolder, role, ["--cluster", "own"]));
  const everything = await makeToken(dataFolder, "administrator");
  // Comparisons end with the process that made them.
  for (const side of ["own", "foreign"] as const) {
    const { snapshotId } = worlds[side];
    const body = JSON.stringify({ a: { snapshotId }, b: { snapshotId } });
    const answer = await fetch(`${server.origin}/api/v1/comparisons`, {
      method: "POST",
      headers: { Authorization: `Bearer ${everything}` },
      body,
    });
    const { id } = (await answer.json()) as { id: string };
    worlds[side] = { ...worlds[side], comparisonId: id };
  }
}, 180_000);
afterAll(async () => {
  await server?.stop();
  if (dataFolder !== undefined) removeTempFolder(dataFolder);
  release?.();
});

/** Asks this endpoint for what lies in that cluster, as its operation's input says it. */
async function ask({ method, path, operation, bytes }: Endpoint, role: Role, side: "own" | "foreign") {
  const rest: Record<string, unknown> = { ...inputsFor(worlds[side])[operation] };
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const value = String(rest[name]);
    delete rest[name];
    return encodeURIComponent(value);
  });
  const isUpload = bytes?.requestType !== undefined;
  const inBody = (method === "POST" || method === "PUT") && !isUpload;
  const query = new URLSearchParams(
    Object.entries(rest).map(([name, value]) => [name, String(value)]),
  ).toString();
  const answer = await fetch(`${server.origin}/api/v1${filled}${inBody || query === "" ? "" : `?${query}`}`, {
    method,
    headers: { Authorization: `Bearer ${tokens.get(role)}` },
    ...(inBody ? { body: JSON.stringify(rest) } : {}),
    ...(isUpload ? { body: new Uint8Array(10) } : {}),
  });
  await answer.arrayBuffer();
  return answer.status;
}

const byName = endpoints.map(
  (endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as [string, Endpoint],
);
/** One role that may and one that may not, another one for each endpoint; the matrix in core/runtime has them all. */
function sample(endpoint: Endpoint): { may: Role[]; mayNot: Role[] } {
  const turn = endpoints.indexOf(endpoint);
  const one = (wanted: boolean) => {
    const fitting = roles.filter((role) => mayRole(role, endpoint.operation) === wanted);
    const role = fitting[turn % Math.max(1, fitting.length)];
    return role === undefined ? [] : [role];
  };
  return { may: one(true), mayNot: one(false) };
}
const scopeOf = ({ operation }: Endpoint) => operationTable[operation][3];

it("there is something to ask", () => {
  expect(byName.length).toBeGreaterThan(40);
  expect(byName.filter(([, endpoint]) => scopeOf(endpoint) === "place").length).toBeGreaterThan(25);
});

describe("with a role for one cluster", () => {
  it.each(byName.filter(([, endpoint]) => scopeOf(endpoint) === "place"))(
    "%s: what is in another cluster is hidden from whoever may, and refused to everybody else",
    async (_name, endpoint) => {
      const { may, mayNot } = sample(endpoint);
      for (const role of may) expect(await ask(endpoint, role, "foreign"), role).toBe(404);
      for (const role of mayNot) expect(await ask(endpoint, role, "foreign"), role).toBe(403);
    },
  );

  it.each(byName.filter(([, endpoint]) => scopeOf(endpoint) === "place"))(
    "%s: in the own cluster it is refused to the other roles, and open to read",
    async (_name, endpoint) => {
      const { may, mayNot } = sample(endpoint);
      for (const role of mayNot) expect(await ask(endpoint, role, "own"), role).toBe(403);
      if (endpoint.method !== "GET" && endpoint.method !== "HEAD") return;
      for (const role of may) expect([401, 403], role).not.toContain(await ask(endpoint, role, "own"));
    },
  );

  it.each(byName.filter(([, endpoint]) => scopeOf(endpoint) === "everywhere"))(
    "%s: what belongs to no cluster is refused to every role",
    async (_name, endpoint) => {
      for (const role of Object.values(sample(endpoint)).flat())
        expect([403, 404], role).toContain(await ask(endpoint, role, "own"));
    },
  );
});
