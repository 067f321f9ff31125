import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluate, roles } from "#core/access/contract.ts";
import { AppError, isAppError } from "#core/kernel/errors.ts";
import { createLogger } from "#core/kernel/logger.ts";
import type { Caller, Holder, RequestContext } from "#core/kernel/operation.ts";
import type { Grant } from "#core/kernel/permission.ts";
import { buildAccessWorld, type ClusterWorld, inputsFor } from "#core/testing/access-world.ts";
import { noteSecret } from "#core/testing/evidence.ts";
import { reservePorts } from "#core/testing/free-ports.ts";
import { mayRole, operationNames, operationTable } from "#core/testing/operation-table.ts";
import {
  administrator,
  type OperationName,
  personWith,
  startRuntime,
  type TestRuntime,
  testRequest,
} from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import { type AnyOperation, createExecute } from "./execute.ts";
import { createFailureLog } from "./failure-log.ts";

// Every operation, every role, in the cluster of its role and in another one, for every kind of caller. What is looked at
// is the real execute with the real targets; only `run` is replaced, so that nothing is deleted or restored thousands of
// times. What the doors make of it over HTTP is in server/matrix-doors.integration.test.ts.

let snapkeep: TestRuntime;
let world: { own: ClusterWorld; foreign: ClusterWorld };
let personId: string;
let release: () => void;

beforeAll(async () => {
  const block = await reservePorts(1);
  release = block.release;
  snapkeep = await startRuntime({ consulAddress: "" });
  world = await buildAccessWorld(snapkeep, `http://127.0.0.1:${block.ports[0]}`);
  const person = await snapkeep.execute("people.create", { name: "somebody", grants: [{ role: "viewer" }] });
  noteSecret(person.password);
  personId = person.id;
});
afterAll(async () => {
  await snapkeep?.remove();
  release?.();
});

const reached = () => new AppError({ code: "cancelled", userMessage: "It would run now." });

/** The verdict on a call: "runs", or the code it is refused with. */
async function verdict(
  name: OperationName,
  caller: Caller,
  input: unknown,
  door: RequestContext["door"] = "route",
) {
  const real: AnyOperation = snapkeep.runtime.operations[name];
  const operation: AnyOperation = { ...real, run: () => Promise.reject(reached()) };
  const execute = createExecute({
    db: { prisma: null } as never,
    audit: { write: async () => 0 } as never,
    log: createLogger("silent"),
    logFailure: createFailureLog(createLogger("silent")),
  });
  try {
    await execute(transactionless(operation), caller, input, testRequest(door));
    return "ran";
  } catch (error) {
    if (!isAppError(error)) return `fault: ${String(error)}`;
    return error.code === "cancelled" ? "runs" : `${error.code}: ${error.userMessage}`;
  }
}

/** Nothing is written here, so no transaction is needed around it. */
const transactionless = (operation: AnyOperation): AnyOperation => ({
  ...operation,
  audit: operation.audit === "none" ? "none" : "act",
});

const inOwn = (role: string): Grant => ({ role, clusterId: world.own.clusterId, datacenter: null });

function wanted(name: OperationName, role: string, side: "own" | "foreign"): "runs" | "refused" {
  const scope = operationTable[name][3];
  if (scope === "own" || (mayRole(role, name) && scope === "somewhere")) return "runs";
  return mayRole(role, name) && scope === "place" && side === "own" ? "runs" : "refused";
}

const everywhereOf = (role: string): Grant => ({ role, clusterId: null, datacenter: null });
const token = (grants: Grant[], within?: Grant[]): Holder => ({
  kind: "token",
  tokenId: "k-test",
  name: "api:test",
  role: grants[0]?.role ?? "none",
  makerId: within === undefined ? null : "u-ada",
  grants,
  ...(within === undefined ? {} : { within }),
});
/** Whoever holds a role for one cluster, in each way that somebody can. */
const holders: [string, (role: string) => Holder][] = [
  ["a person", (role) => ({ ...personWith(role), grants: [inOwn(role)] })],
  ["a token of the command line", (role) => token([inOwn(role)])],
  ["a token whose maker holds more", (role) => token([inOwn(role)], [everywhereOf("administrator")])],
  ["a token that holds more than its maker", (role) => token([everywhereOf("administrator")], [inOwn(role)])],
];
/** Tokens and entries that aren't there are told only after the permission. */
const runs = /^runs$|^not_found: There is no such (token|entry)/;

describe.each(holders)("a role for one cluster, held by %s", (_who, holderOf) => {
  it.each(operationNames)("%s: in that cluster alone", async (name) => {
    for (const side of ["own", "foreign"] as const) {
      const input = inputsFor(world[side], personId)[name];
      for (const role of roles) {
        const found = await verdict(name, holderOf(role), input);
        const about = `${role}, ${side}`;
        if (wanted(name, role, side) === "runs") expect(found, about).toMatch(runs);
        else expect(found, about).toMatch(/^forbidden|^not_found/);
      }
    }
  });
});

describe("the command line, which whoever holds the machine runs", () => {
  it.each(operationNames)("%s: refused nowhere", async (name) => {
    const caller: Caller = { kind: "system", name: "command line" };
    expect(await verdict(name, caller, inputsFor(world.foreign, personId)[name], "cli")).toMatch(runs);
  });
});

describe("a role for one cluster", () => {
  it.each(
    operationNames.filter((name) => name.startsWith("people.") && operationTable[name][3] === "everywhere"),
  )("%s: somebody who is there is answered like nobody", async (name) => {
    const caller: Holder = { ...personWith("administrator"), grants: [inOwn("administrator")] };
    const found = await verdict(name, caller, inputsFor(world.own, personId)[name]);
    expect(found).toBe(await verdict(name, caller, inputsFor(world.own)[name]));
    expect(found).toMatch(/^forbidden|^not_found/);
  });

  it.each(operationNames.filter((name) => operationTable[name][3] === "place"))(
    "%s: what is in another cluster looks like what isn't there",
    async (name) => {
      // Whoever may do it in one place, aimed at another place and at nothing at all.
      const role = roles.find((one) => mayRole(one, name)) ?? "administrator";
      const person: Holder = { ...personWith(role), grants: [inOwn(role)] };
      const nothing: ClusterWorld = {
        clusterId: "c-nothing",
        datacenter: "dc1",
        snapshotId: "s-nothing",
        comparisonId: "d-nothing",
        restoreId: "r-nothing",
        preflightId: "p-nothing",
        recoveryId: "v-nothing",
        drillId: "l-nothing",
        drillScheduleId: "ls-nothing",
      };
      const foreign = await verdict(name, person, inputsFor(world.foreign)[name], "route");
      expect(foreign).toBe(await verdict(name, person, inputsFor(nothing)[name], "route"));
      expect(foreign).toMatch(/^not_found/);
    },
  );
});

describe("a role for all clusters", () => {
  it.each(operationNames)("%s: everywhere", async (name) => {
    for (const role of roles) {
      for (const side of ["own", "foreign"] as const) {
        const found = await verdict(name, personWith(role), inputsFor(world[side], personId)[name]);
        if (mayRole(role, name)) expect(found, role).toMatch(runs);
        else expect(found, role).toMatch(/^forbidden/);
      }
    }
  });
});

describe("lists", () => {
  it("show what is in one's own cluster, and totals of it alone", async () => {
    const person = { ...personWith("viewer"), grants: [inOwn("viewer")] };
    const [snapshots, clusters, restores, summary] = await Promise.all([
      snapkeep.execute("snapshots.list", {}, person),
      snapkeep.execute("clusters.list", {}, person),
      snapkeep.execute("restores.list", {}, person),
      snapkeep.execute("snapshots.summary", {}, person),
    ]);
    const { clusterId } = world.own;
    expect(new Set(snapshots.rows.map((row) => row.clusterId))).toEqual(new Set([clusterId]));
    expect([snapshots.total, snapshots.storedCount, summary.storedCount]).toEqual([2, 2, 2]);
    expect(clusters.clusters.map(({ id }) => id)).toEqual([clusterId]);
    expect(restores.rows.map(({ id }) => id)).toEqual([world.own.restoreId]);
    const all = await snapkeep.execute("snapshots.list", {}, administrator);
    expect(all.total).toBe(4);
  });
});

it("restoring from one cluster into another needs the role in both", async () => {
  const input = { ...inputsFor(world.own)["restores.start"], snapshotId: world.foreign.snapshotId };
  const person: Holder = { ...personWith("restorer"), grants: [inOwn("restorer")] };
  expect(await verdict("restores.start", person, input, "action")).toMatch(/^not_found/);
  const both = {
    ...person,
    grants: [inOwn("restorer"), { ...inOwn("restorer"), clusterId: world.foreign.clusterId }],
  };
  expect(await verdict("restores.start", both, input, "action")).toBe("runs");
});

it("a restore from another cluster's snapshot is answered like one from none, and one into another cluster, too", async () => {
  const person: Holder = { ...personWith("restorer"), grants: [inOwn("restorer")] };
  const own = inputsFor(world.own);
  for (const name of [
    "restores.start",
    "restores.request",
    "restores.startPreflight",
    "recoveries.plan",
  ] as const) {
    const from = (snapshotId: string) => verdict(name, person, { ...own[name], snapshotId }, "route");
    expect(await from(world.foreign.snapshotId)).toBe(await from("s-nothing"));
    const into = (clusterId: string) => verdict(name, person, { ...own[name], clusterId }, "route");
    expect(await into(world.foreign.clusterId)).toBe(await into("c-nothing"));
  }
});

it("custody says nothing of other clusters to whoever may not see them", async () => {
  const { snapshotId } = world.own;
  const started = await snapkeep.execute("comparisons.start", {
    a: { snapshotId },
    b: { snapshotId: world.foreign.snapshotId },
  });
  await waitFor("the comparison", async () => {
    const { state } = await snapkeep.execute("comparisons.get", started);
    return state === "running" ? null : state;
  });
  const person: Holder = { ...personWith("viewer"), grants: [inOwn("viewer")] };
  const seen = (caller: Holder) =>
    snapkeep.execute("audit.custody", { id: snapshotId }, caller).then(JSON.stringify);
  expect(await seen(administrator)).toContain(world.foreign.snapshotId);
  expect(await seen(person)).not.toContain(world.foreign.snapshotId);
});

it("a token may what both it and its maker may", () => {
  const everywhere = (role: string) => [{ role, clusterId: null, datacenter: null }];
  const token = { grants: everywhere("restorer"), within: everywhere("operator") };
  expect(evaluate(token, "snapshot.take").allowed).toBe(true);
  expect(evaluate(token, "restore.run")).toEqual({
    allowed: false,
    reason: "The token's maker no longer has the role restorer or administrator",
  });
});
