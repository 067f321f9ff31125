import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SingleServer, startConsulServer } from "../../testing/consul-cluster.ts";
import { callConsul, fetchArchive, writeKey } from "../../testing/consul-http.ts";
import { type SeededWorld, seedWorld } from "../../testing/consul-seed-world.ts";
import { compareArchives } from "./compare-archives.ts";
import type { CompareResult, Difference } from "./contract.ts";

let consul: SingleServer;
let world: SeededWorld;

beforeAll(async () => {
  consul = await startConsulServer({ dev: true, acl: true });
  world = await seedWorld({ client: consul.target(), keys: 300, acl: true, tokens: 3 });
});

afterAll(async () => {
  await consul?.stop();
});

async function* chunk(archive: Buffer) {
  yield archive;
}

async function compare(a: Buffer, b: Buffer): Promise<{ result: CompareResult; differences: Difference[] }> {
  const differences: Difference[] = [];
  const onDifference = (difference: Difference) => {
    differences.push(difference);
  };
  const result = await compareArchives(chunk(a), chunk(b), { onDifference });
  return { result, differences };
}

const named = (each: Difference) =>
  `${each.change} ${each.kind} ${each.kind === "kv" ? Buffer.from(each.key) : each.identity}`;

describe("two snapshots of a real server", () => {
  it("differ in nothing but churn while nobody does anything", async () => {
    const target = consul.target();
    const { result, differences } = await compare(await fetchArchive(target), await fetchArchive(target));
    expect(differences.map(named)).toEqual([]);
    expect(result.summary?.identical).toBe(true);
    expect(result.summary?.total.identical).toBeGreaterThan(330);
  });

  it("differ in exactly what was done in between", async () => {
    const target = consul.target();
    const [changed, touched, removed, flagged] = world.keys;
    const [policy] = world.policies;
    const [session] = world.sessions;
    const [service = ""] = world.services;
    const [node = "", serviceId = ""] = service.split("/");
    const before = await fetchArchive(target);

    await writeKey(target, "app/config/new", "added");
    await writeKey(target, changed?.key ?? "", "another value");
    await callConsul(target, "PUT", `/v1/kv/${removed?.key}?flags=${removed?.flags}`, "short-lived");
    await callConsul(target, "DELETE", `/v1/kv/${removed?.key}`);
    // Consul skips a write that changes nothing, so the value goes away and comes back.
    await callConsul(target, "PUT", `/v1/kv/${touched?.key}?flags=${touched?.flags}`, "in between");
    await callConsul(target, "PUT", `/v1/kv/${touched?.key}?flags=${touched?.flags}`, touched?.value);
    await callConsul(target, "PUT", `/v1/kv/${flagged?.key}?flags=77777`, flagged?.value);
    await callConsul(target, "PUT", `/v1/acl/policy/${policy?.id}`, {
      ID: policy?.id,
      Name: policy?.name,
      Rules: 'key_prefix "app/" { policy = "write" }',
    });
    const token = await callConsul<{ AccessorID: string }>(target, "PUT", "/v1/acl/token", {
      Description: "new",
    });
    await callConsul(target, "PUT", "/v1/catalog/deregister", { Node: node, ServiceID: serviceId });
    await callConsul(target, "PUT", `/v1/session/destroy/${session?.id}`);

    const { result, differences } = await compare(before, await fetchArchive(target));
    expect(result.outcome).toBe("compared");
    const expected = [
      "added kv app/config/new",
      `changed kv ${changed?.key}`,
      `removed kv ${removed?.key}`,
      `changed kv ${flagged?.key}`,
      // The session's lock goes with it.
      `changed kv ${session?.lockedKey}`,
      `removed service ${node}/${serviceId}`,
      `removed session ${session?.id}`,
      `added acl-token ${token.AccessorID}`,
      `changed acl-policy ${policy?.id}`,
    ];
    const told = differences.map(named);
    // A check of the service goes with it; which one has what name is the seed's matter.
    expect(told.filter((name) => !name.startsWith("removed check ")).sort()).toEqual(expected.sort());
    expect(told.filter((name) => name.startsWith("removed check ")).length).toBeLessThanOrEqual(1);
    expect(result.summary?.kinds.find(({ kind }) => kind === "kv")?.churn).toBe(1);
    const parts = (key: string | undefined) =>
      differences.find((each) => each.kind === "kv" && Buffer.from(each.key).toString() === key);
    expect(parts(session?.lockedKey)).toMatchObject({ parts: ["session"] });
    expect(parts(flagged?.key)).toMatchObject({ parts: expect.arrayContaining(["flags"]) });
  });
});
