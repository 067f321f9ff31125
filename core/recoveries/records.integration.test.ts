import { afterAll, beforeAll, expect, it } from "vitest";
import { askConsul, type ConsulTarget, callConsul } from "#core/testing/consul-http.ts";
import { createToken } from "#core/testing/consul-token.ts";
import { openRecoveryRoom, type RecoveryRoom } from "#core/testing/recovery-room.ts";
import type { RecoverableKind, Selection } from "./contract.ts";

type Fields = Record<string, unknown>;
const rules = 'key_prefix "shop/" { policy = "read" }';
const made: { query?: string; policy?: string; role?: string; intention?: string } = {};

async function makeRecords(target: ConsulTarget): Promise<void> {
  const make = async (method: string, path: string, body: Fields) =>
    (await callConsul<{ ID: string }>(target, method, path, body)).ID;
  await callConsul(target, "PUT", "/v1/config", {
    Kind: "proxy-defaults",
    Name: "global",
    Config: { protocol: "http", local_connect_timeout_ms: 1_000 },
  });
  await callConsul(target, "PUT", "/v1/config", { Kind: "service-defaults", Name: "web", Protocol: "http" });
  await callConsul(target, "PUT", "/v1/config", {
    Kind: "service-resolver",
    Name: "web",
    ConnectTimeout: "1m30s",
    DefaultSubset: "v1",
    Subsets: { v1: { Filter: "Service.Meta.version == v1" }, v2: { Filter: "Service.Meta.version == v2" } },
  });
  await callConsul(target, "PUT", "/v1/config", {
    Kind: "service-splitter",
    Name: "web",
    Splits: [
      { Weight: 90, ServiceSubset: "v1" },
      { Weight: 10, ServiceSubset: "v2" },
    ],
  });
  made.policy = await make("PUT", "/v1/acl/policy", {
    Name: "shop-read",
    Description: "Reads",
    Rules: rules,
    Datacenters: ["dc1"],
  });
  made.role = await make("PUT", "/v1/acl/role", {
    Name: "shop",
    Policies: [{ Name: "shop-read" }],
    ServiceIdentities: [{ ServiceName: "web", Datacenters: ["dc1"] }],
  });
  made.query = await make("POST", "/v1/query", {
    Name: "nearest-web",
    Token: target.token,
    Service: { Service: "web", Failover: { NearestN: 2 }, OnlyPassing: true, Tags: ["v1", "!old"] },
    DNS: { TTL: "10s" },
  });
  made.intention = await make("POST", "/v1/connect/intentions", {
    SourceName: "web",
    DestinationName: "db",
    SourceType: "consul",
    Action: "allow",
    Description: "The shop",
    Meta: { owner: "shop" },
  });
}

let room: RecoveryRoom;
let before: Record<string, unknown>;
let selections: Selection[];
beforeAll(async () => {
  room = await openRecoveryRoom(makeRecords);
  before = await all();
  const kinds: [RecoverableKind, string][] = [
    ["config-entry", "service-splitter/web"],
    ["config-entry", "service-resolver/web"],
    ["config-entry", "service-defaults/web"],
    ["config-entry", "proxy-defaults/global"],
    ["acl-role", made.role ?? ""],
    ["acl-policy", made.policy ?? ""],
    ["prepared-query", made.query ?? ""],
    ["intention", made.intention ?? ""],
  ];
  selections = kinds.map(([kind, identity]) => ({ kind, identity }));
});
afterAll(() => room?.close());

/** A record without what Consul gives anew. */
function bare(record: Fields): Fields {
  const ofConsul = ["ID", "CreateIndex", "ModifyIndex", "Hash", "CreatedAt", "UpdatedAt"];
  const kept = Object.entries(record).filter(([name]) => !ofConsul.includes(name));
  return Object.fromEntries(
    kept.map(([name, value]) => [
      name,
      name === "Policies" ? (value as Fields[]).map(({ Name }) => Name) : value,
    ]),
  );
}

async function one(path: string): Promise<Fields | null> {
  const { status, text } = await askConsul(room.target, "GET", path);
  return status === 200 ? bare(JSON.parse(text) as Fields) : null;
}

/** The one of a list with this name, as the list shows it. */
async function named(path: string, name: string): Promise<Fields | null> {
  const list = (await callConsul<Fields[] | null>(room.target, "GET", path)) ?? [];
  const found = list.find((record) => [record.Name, record.SourceName].includes(name));
  return found === undefined ? null : bare(found);
}

async function all() {
  return {
    proxy: await one("/v1/config/proxy-defaults/global"),
    defaults: await one("/v1/config/service-defaults/web"),
    resolver: await one("/v1/config/service-resolver/web"),
    splitter: await one("/v1/config/service-splitter/web"),
    policy: await one("/v1/acl/policy/name/shop-read"),
    role: await one("/v1/acl/role/name/shop"),
    query: await named("/v1/query", "nearest-web"),
    intention: await named("/v1/connect/intentions", "web"),
  };
}

async function removeAll(): Promise<void> {
  const remove = (path: string) => callConsul(room.target, "DELETE", path);
  for (const kind of ["service-splitter", "service-resolver", "service-defaults"])
    await remove(`/v1/config/${kind}/web`);
  await remove("/v1/config/proxy-defaults/global");
  await remove(`/v1/acl/role/${made.role}`);
  await remove(`/v1/acl/policy/${made.policy}`);
  const { status } = await askConsul(room.target, "DELETE", `/v1/query/${made.query}`);
  expect(status).toBe(200);
  await remove(`/v1/connect/intentions/${made.intention}`);
}

it("finds everything in place, with every field the same", async () => {
  const plan = await room.plan(selections);
  expect(plan.notes).toEqual([]);
  expect((await room.items(plan.id)).filter(({ action }) => action !== "unchanged")).toEqual([]);
  expect(plan.counts).toMatchObject({ unchanged: 8, create: 0, update: 0 });
  expect(await room.apply(plan.id)).toMatchObject({
    state: "applied",
    outcomeText: "Everything was in place already.",
  });
});

it("brings every kind back that was deleted, equal to before, and takes it back", async () => {
  await removeAll();
  const gone = await all();
  expect(Object.values(gone)).toEqual(Object.values(gone).map(() => null));
  const plan = await room.plan(selections);
  expect(plan.counts).toMatchObject({ create: 8 });
  const applied = await room.apply(plan.id);
  const items = await room.items(plan.id);
  expect(items.filter(({ result }) => result !== "applied")).toEqual([]);
  expect(applied).toMatchObject({ state: "applied", counts: { applied: 8 } });
  expect(await all()).toEqual(before);
  const words = Object.fromEntries(items.map(({ kind, resultText }) => [kind, resultText]));
  expect(words["prepared-query"]).toMatch(
    /^Consul gave it a new ID, [0-9a-f-]{36}\. Whoever asks by the old ID/,
  );
  expect(words["acl-policy"]).toMatch(/^Consul gave it a new ID, .*Tokens that had the policy/);
  expect(words["config-entry"]).toBe("");
  // The order of applying: what others need comes first.
  expect(items.map(({ label }) => label)).toEqual([
    "ACL policy shop-read",
    "ACL role shop",
    "Config entry proxy-defaults/global",
    "Config entry service-defaults/web",
    "Config entry service-resolver/web",
    "Config entry service-splitter/web",
    "Prepared query nearest-web",
    "Intention web to db",
  ]);
  expect(room.told().includes("shop/")).toBe(false);
  // The splitter needs the resolver's subsets, so the way back goes the other way round.
  const undone = await room.undo(plan.id);
  expect(
    (await room.items(plan.id))
      .map(({ result, resultText }) => [result, resultText])
      .filter(([result]) => result !== "undone"),
  ).toEqual([]);
  expect(undone).toMatchObject({ state: "undone", counts: { undone: 8 } });
  expect(await all()).toEqual(gone);
});

it("changes back what was changed, leaves alone what changes after the plan, and undoes to the fields before", async () => {
  // Their IDs are new since the last test, and they are found by what they are.
  await room.apply((await room.plan(selections)).id);
  expect(await all()).toEqual(before);
  const idOf = async (path: string, name: string) =>
    String(
      (await callConsul<Fields[]>(room.target, "GET", path)).find((r) =>
        [r.Name, r.SourceName].includes(name),
      )?.ID,
    );
  const query = await idOf("/v1/query", "nearest-web");
  const intention = await idOf("/v1/connect/intentions", "web");
  const policy = await idOf("/v1/acl/policies", "shop-read");
  const role = await idOf("/v1/acl/roles", "shop");
  const put = (path: string, body: Fields) =>
    askConsul(room.target, "PUT", path, body).then(({ status }) => expect(status).toBe(200));
  await put(`/v1/query/${query}`, { Name: "nearest-web", Service: { Service: "other" } });
  await put(`/v1/connect/intentions/${intention}`, {
    SourceName: "web",
    DestinationName: "db",
    SourceType: "consul",
    Action: "deny",
  });
  await put(`/v1/acl/policy/${policy}`, { ID: policy, Name: "shop-read", Rules: "" });
  await put(`/v1/acl/role/${role}`, { ID: role, Name: "shop", ServiceIdentities: [{ ServiceName: "db" }] });
  await put("/v1/config", { Kind: "proxy-defaults", Name: "global", Config: { protocol: "tcp" } });
  await put("/v1/config", {
    Kind: "service-resolver",
    Name: "web",
    ConnectTimeout: "5s",
    Subsets: { v1: {}, v2: {} },
  });
  const changed = await all();

  const plan = await room.plan(selections);
  expect((await room.items(plan.id, "update")).map(({ label, parts }) => [label, parts])).toEqual([
    ["ACL policy shop-read", ["Datacenters", "Description", "Rules"]],
    ["ACL role shop", ["Policies", "ServiceIdentities"]],
    ["Config entry proxy-defaults/global", ["Config"]],
    ["Config entry service-resolver/web", ["ConnectTimeout", "DefaultSubset", "Subsets"]],
    ["Prepared query nearest-web", ["DNS", "Service", "Token"]],
    ["Intention web to db", ["Action", "Description", "Meta"]],
  ]);
  await put(`/v1/acl/role/${role}`, { ID: role, Name: "shop", Description: "Somebody's" });
  await put("/v1/config", { Kind: "proxy-defaults", Name: "global", Config: { protocol: "grpc" } });
  const applied = await room.apply(plan.id);
  expect(applied).toMatchObject({ state: "partial", counts: { applied: 4, conflict: 2 } });
  const now = await all();
  expect(now).toMatchObject({
    ...before,
    role: { Description: "Somebody's" },
    proxy: { Config: { protocol: "grpc" } },
  });

  await put(`/v1/acl/policy/${policy}`, { ID: policy, Name: "shop-read", Description: "Later", Rules: "" });
  expect(await room.undo(plan.id)).toMatchObject({
    state: "undone-partial",
    counts: { undone: 3, undoConflict: 1 },
  });
  expect(await all()).toEqual({
    ...changed,
    role: now.role,
    proxy: now.proxy,
    policy: { ...changed.policy, Description: "Later" },
  });
});

it("shows Consul's words for what it refuses, and leaves out what a token may not see", async () => {
  const reader = await createToken(
    room.target,
    "records-reader",
    'key_prefix "" { policy = "read" } query_prefix "" { policy = "read" }',
  );
  await room.apply((await room.plan(selections)).id);
  expect(await all()).toEqual(before);
  const hidden = await room.plan(
    [
      { kind: "acl-policy", identity: made.policy ?? "" },
      { kind: "prepared-query", identity: made.query ?? "" },
    ],
    reader,
  );
  expect(hidden.notes).toHaveLength(2);
  expect(hidden.notes[0]).toMatch(/^ACL policy shop-read is left out: Permission denied/);
  expect(hidden.notes[1]).toBe(
    "Prepared query nearest-web is left out: Only a management token is shown the token of a prepared query.",
  );
  await askConsul(room.target, "DELETE", "/v1/config/service-splitter/web");
  await askConsul(room.target, "DELETE", "/v1/config/service-resolver/web");
  const plan = await room.plan([{ kind: "config-entry", identity: "service-splitter/web" }]);
  const failed = await room.apply(plan.id);
  expect(failed).toMatchObject({ state: "failed", counts: { refused: 1, applied: 0 } });
  expect((await room.items(plan.id))[0]?.resultText).toMatch(/subset/);
  const missing = await room.plan([{ kind: "acl-role", identity: "nobody" }]);
  expect(missing.notes).toEqual(["1 record that was chosen isn't in the snapshot."]);
});
