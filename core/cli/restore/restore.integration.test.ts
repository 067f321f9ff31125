import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { compareIdentity } from "#core/archive/identity/index.ts";
import { kvsEntry, writeArchive } from "#core/testing/archive-writer.ts";
import {
  type ConsulCluster,
  type SingleServer,
  startConsulCluster,
  startConsulServer,
} from "#core/testing/consul-cluster.ts";
import { askConsul, fetchArchive, readKey, writeKey } from "#core/testing/consul-http.ts";
import { seedKeys } from "#core/testing/consul-seed.ts";
import { seedWorld } from "#core/testing/consul-seed-world.ts";
import { createToken } from "#core/testing/consul-token.ts";
import { type FaultProxy, startFaultProxy } from "#core/testing/fault-proxy.ts";
import { registerChild } from "#core/testing/leftovers.ts";
import { StopWaiting, waitFor } from "#core/testing/wait-for.ts";
import { type CommandRoom, openCommandRoom } from "../command-for-tests.ts";
import type { RestoreFound } from "./outcome.ts";

let room: CommandRoom;
let server: SingleServer;
let proxy: FaultProxy;
let archive: Buffer;
const put = { method: "PUT", path: "/v1/snapshot" };

beforeAll(async () => {
  room = await openCommandRoom();
  server = await startConsulServer({ acl: true, dev: true });
  await seedWorld({ client: server.target(), keys: 200, acl: true });
  archive = await fetchArchive(server.target());
  await room.write("a.snap", archive);
  await room.write("cut.snap", archive.subarray(0, archive.length - 20));
  proxy = await startFaultProxy({ target: server.server.httpAddress });
});
afterAll(async () => {
  await proxy?.stop();
  await server?.stop();
  await room?.close();
});
beforeEach(() => proxy.clear());

const env = (more: Record<string, string> = {}): Record<string, string> => ({
  CONSUL_HTTP_ADDR: proxy.address,
  CONSUL_HTTP_TOKEN: server.managementToken ?? "",
  SNAPKEEP_RESTORE_SETTLE_MS: "300",
  ...more,
});
let restores = 0;
/** With a safety snapshot of its own name: the one by itself is the same for a whole second. */
function restore(args: string[], more: Record<string, string> = {}) {
  restores += 1;
  const isTold = args.some((arg) => arg.includes("safety"));
  const safety = isTold ? [] : ["--safety-out", `safety-${restores}.snap`];
  return room.run(["restore", "a.snap", "--confirm", "dc1", ...safety, ...args], { env: env(more) });
}
const found = (out: string): RestoreFound => JSON.parse(out) as RestoreFound;
const putRequests = () => proxy.requests.filter(({ method }) => method === "PUT");
/** Something that the snapshot has not: it is gone exactly when the data was replaced. */
const mark = (name: string) => writeKey(server.target(), name, "after the snapshot");
const isReplaced = async (name: string) =>
  (await waitFor("dc1 to answer", async () => ({ value: await readKey(server.target(), name) }))).value ===
  null;
const leftOvers = () => readdirSync(room.folder).filter((name) => /partial|^before-restore/.test(name));

/** With a terminal of its own, on which the question is answered with a line. */
function onTerminal(args: string[], line: string): Promise<{ code: number | null; out: string }> {
  const command = [process.execPath, path.join(room.folder, "snapkeep.mjs"), ...args].map(
    (part) => `'${part}'`,
  );
  const child = spawn("script", ["-qefc", command.join(" "), "/dev/null"], {
    cwd: room.folder,
    env: { NODE_ENV: "test", PATH: process.env.PATH, ...env() },
  });
  registerChild(child);
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const isAsked = out.includes("to go on: ");
    out += text;
    if (!isAsked && out.includes("to go on: ")) child.stdin.write(`${line}\n`);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out }));
  });
}

describe("snapkeep restore", () => {
  it("keeps what was there, restores, compares, and says each step", async () => {
    await mark("marked-whole");
    const kept = `safety-whole-${restores}.snap`;
    const { code, out, errors } = await restore(["--safety-out", kept]);
    expect({ code, errors }).toMatchObject({ code: 0 });
    expect(out).toMatch(
      /^dc1: restored\n {2}Consul answered 200, and a fresh snapshot of dc1 holds what was restored: /,
    );
    const steps = ["Verifying a.snap…", "Verified: ", "dc1 at http", "Kept in ", "Sending ", "Comparing "];
    const places = steps.map((step) => errors.indexOf(step));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(await isReplaced("marked-whole")).toBe(true);
    const safety = path.join(room.folder, kept);
    expect(statSync(safety).mode & 0o777).toBe(0o600);
    expect((await room.run(["browse", kept, "--get", "marked-whole"])).out).toBe("after the snapshot");
    const now = await fetchArchive(server.target());
    const identity = await compareIdentity({
      wanted: async () => [archive] as unknown as AsyncIterable<Buffer>,
      found: async () => [now] as unknown as AsyncIterable<Buffer>,
      sinceIndex: null,
      inProcess: true,
    });
    expect(identity.wanted).toBeGreaterThan(200);
    expect(identity.kinds.find(({ kind }) => kind === "kv")).toMatchObject({ unexplained: 0, found: 202 });
  });

  it("names the safety snapshot by datacenter and time when nobody does, and tells all as JSON", async () => {
    const args = ["restore", "a.snap", "--confirm", "dc1", "--json", "-dc", "dc1"];
    const { code, out } = await room.run(args, { env: env() });
    const told = found(out);
    expect(code).toBe(0);
    expect(told).toMatchObject({ datacenter: "dc1", outcome: "restored", consulStatus: 200 });
    expect(["snapshot", "both"]).toContain(told.verdict);
    expect(path.basename(told.safetyFile ?? "")).toMatch(/^before-restore-dc1-\d{8}T\d{6}Z\.snap$/);
    expect(existsSync(told.safetyFile ?? "")).toBe(true);
    expect(told.report).toMatchObject({ matches: true, unexplained: 0 });
  });

  it("goes on without a safety snapshot for a reason only", async () => {
    const without = await restore(["--without-safety", "the disk is full", "--json"]);
    expect({ code: without.code, told: found(without.out) }).toMatchObject({
      code: 0,
      told: { outcome: "restored", safetyFile: null, verdict: "snapshot" },
    });
    expect(without.errors).toContain("No safety snapshot: the disk is full");
    expect(await restore(["--without-safety", ""])).toMatchObject({ code: 2, out: "" });
  });
});

describe("nothing is sent", () => {
  it("of an archive that does not verify", async () => {
    const { code, out, errors } = await room.run(["restore", "cut.snap", "--confirm", "dc1"], { env: env() });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(errors).toContain("GZIP_TRUNCATED");
    expect(proxy.requests).toEqual([]);
  });

  it("without a leader, or when nobody answers", async () => {
    const three = await startConsulCluster();
    const [first, ...others] = three.servers;
    const CONSUL_HTTP_ADDR = first?.httpAddress ?? "";
    await Promise.all(others.map((one) => one.kill()));
    await waitFor("the last one to know of no leader", async () => {
      const { text } = await askConsul({ httpAddress: CONSUL_HTTP_ADDR }, "GET", "/v1/status/leader");
      return text.trim() === '""' ? true : null;
    });
    const leaderless = await restore([], { CONSUL_HTTP_ADDR, CONSUL_HTTP_TOKEN: "" });
    await three.stop();
    expect(leaderless).toMatchObject({ code: 1, out: "" });
    expect(leaderless.errors).toContain("No cluster leader. Nothing was sent to Consul.");
    const alone = await restore([], { CONSUL_HTTP_ADDR });
    expect(alone).toMatchObject({ code: 1, out: "" });
    expect(alone.errors).toContain("can't be reached: connection refused. Nothing was sent to Consul.");
  });

  it("for another name typed on the terminal; the right one goes on", async () => {
    const type = async (name: string) => {
      const { code, out } = await onTerminal(["restore", "a.snap", "--without-safety", "a test"], name);
      expect(out).toContain("All data of dc1 is replaced. Type dc1 to go on: ");
      return { code, out };
    };
    const wrong = await type("dc2");
    expect(wrong.code).toBe(2);
    expect(wrong.out).toContain("'dc2' is not dc1");
    expect(putRequests()).toEqual([]);
    const right = await type("dc1");
    expect(right.code).toBe(0);
    expect(right.out).toContain("dc1: restored");
    expect(putRequests()).toHaveLength(1);
  });

  it("for the name of another datacenter, or without one where nobody can be asked", async () => {
    const wrong = await room.run(["restore", "a.snap", "--confirm", "dc2"], { env: env() });
    expect(wrong).toMatchObject({ code: 2, out: "" });
    expect(wrong.errors).toContain("'dc2' is not dc1, the datacenter that would be replaced.");
    const silent = await room.run(["restore", "a.snap"], { env: env() });
    expect(silent).toMatchObject({ code: 2, out: "" });
    expect(silent.errors).toContain("There is no terminal to ask on: --confirm takes");
    expect(putRequests()).toEqual([]);
  });

  it("when the safety snapshot fails, and nothing half-written stays", async () => {
    const before = leftOvers();
    const cut = { kind: "cut-response", at: { afterBytes: 500 }, ending: "clean" } as const;
    await proxy.use(cut, { method: "GET", path: "/v1/snapshot" });
    const { code, out, errors } = await restore([]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(errors).toMatch(/not a whole archive: .*Nothing was sent to Consul\.\n$/);
    expect(putRequests()).toEqual([]);
    expect(leftOvers()).toEqual(before);
  });

  it("over a file that is there", async () => {
    const taken = readFileSync(path.join(room.folder, "a.snap"));
    expect(await restore(["--safety-out", "a.snap"])).toMatchObject({ code: 2, out: "" });
    expect(readFileSync(path.join(room.folder, "a.snap")).equals(taken)).toBe(true);
    expect(putRequests()).toEqual([]);
  });

  it("with a token that may not restore", async () => {
    const reader = await createToken(server.target(), "reads-agents", 'agent_prefix "" { policy = "read" }');
    const { code, out, errors } = await restore(["--without-safety", "a test"], {
      CONSUL_HTTP_TOKEN: reader,
    });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(errors).toContain("Permission denied. Snapshots and restores need a token");
    expect(putRequests()).toEqual([]);
  });
});

describe("after the first byte, only the comparison says how it ended", () => {
  it("a 500 after Consul has replaced the data: restored", async () => {
    await mark("marked-500");
    await proxy.use({ kind: "answer-after-upload", status: 500, text: "timeout" }, put);
    const { code, out } = await restore(["--json"]);
    expect({ code, told: found(out) }).toMatchObject({
      code: 0,
      told: { outcome: "restored", consulStatus: 500, verdict: "snapshot" },
    });
    expect(await isReplaced("marked-500")).toBe(true);
  });

  it("an answer that got lost after the whole body: restored", async () => {
    await mark("marked-lost");
    await proxy.use({ kind: "cut-request", when: "after-body" }, put);
    const { code, out } = await restore(["--json"]);
    expect({ code, told: found(out) }).toMatchObject({
      code: 0,
      told: { outcome: "restored", consulStatus: null, verdict: "snapshot" },
    });
    expect(found(out).text).toMatch(
      /^The answer was lost, and a fresh snapshot of dc1 holds what was restored/,
    );
    expect(await isReplaced("marked-lost")).toBe(true);
  });

  it("a connection cut in the body: unchanged, after two looks", async () => {
    await mark("marked-cut");
    await proxy.use({ kind: "cut-request", when: { afterBytes: 1_000 } }, put);
    const { code, out, errors } = await restore(["--json"]);
    expect({ code, told: found(out) }).toMatchObject({
      code: 1,
      told: { outcome: "unchanged", consulStatus: null, verdict: "safety", nextSteps: [] },
    });
    expect(errors).toContain("So far it holds what it held before. Looking once more");
    expect(await isReplaced("marked-cut")).toBe(false);
  });

  it("the same without a safety snapshot: unproven, with 3", async () => {
    await mark("marked-unsafe");
    await proxy.use({ kind: "cut-request", when: { afterBytes: 1_000 } }, put);
    const { code, out } = await restore(["--without-safety", "a test", "--json"]);
    expect({ code, told: found(out) }).toMatchObject({
      code: 3,
      told: { outcome: "unproven", verdict: "neither" },
    });
    expect(found(out).text).toContain("and there is no safety snapshot to compare with");
    expect(await isReplaced("marked-unsafe")).toBe(false);
  });

  it("a cut of an archive whose state is large: looked at again once Consul had the time for all of it", async () => {
    // 30 MB of zeros in some 30 KB: Consul writes the former to its disk, so it counts by that.
    const records = Array.from({ length: 60 }, (_, at) => ({
      type: 2,
      value: kvsEntry(`large/${String(at).padStart(2, "0")}`, Buffer.alloc(500_000), 12),
    }));
    const large = writeArchive({ records });
    expect(large.length).toBeLessThan(1_000_000);
    await room.write("large.snap", large);
    await proxy.use({ kind: "cut-request", when: { afterBytes: 1_000 } }, put);
    const args = ["restore", "large.snap", "--confirm", "dc1", "--safety-out", "before-large.snap", "--json"];
    const { code, out, errors } = await room.run(args, { env: env() });
    expect({ code, told: found(out) }).toMatchObject({
      code: 1,
      told: { outcome: "unchanged", verdict: "safety" },
    });
    expect(errors).toContain("So far it holds what it held before. Looking once more in 3 s…");
  });

  it("a token that Consul denies at first, as right after a restore: asked on until it is known", async () => {
    const denied = { kind: "answer-at-once", status: 403, text: "ACL not found" } as const;
    // With the pauses in between, the sixth is some nine seconds after the first.
    await proxy.use(denied, { method: "GET", path: "/v1/snapshot", times: 6 });
    const { code, out, errors } = await restore(["--without-safety", "a test", "--json"]);
    expect({ code, told: found(out) }).toMatchObject({
      code: 0,
      told: { outcome: "restored", consulStatus: 200, verdict: "snapshot" },
    });
    expect(errors).toContain("Trying again…");
  });

  it("a refusal in Consul's words, after two looks: unchanged", async () => {
    await mark("marked-refused");
    await proxy.use({ kind: "answer-at-once", status: 403, text: "Permission denied" }, put);
    const { code, out } = await restore(["--json"]);
    expect({ code, told: found(out) }).toMatchObject({
      code: 1,
      told: { outcome: "unchanged", consulStatus: 403, verdict: "safety" },
    });
    expect(await isReplaced("marked-refused")).toBe(false);
  });

  it("a 200 of something that replaced nothing: unproven", async () => {
    await mark("marked-lie");
    await proxy.use({ kind: "answer-at-once", status: 200, text: "" }, put);
    const { code, out } = await restore(["--json"]);
    expect({ code, told: found(out) }).toMatchObject({
      code: 3,
      told: { outcome: "unproven", consulStatus: 200, verdict: "safety" },
    });
    expect(await isReplaced("marked-lie")).toBe(false);
  });
});

describe("a fresh cluster whose bootstrap token is not in the snapshot", () => {
  let fresh: ConsulCluster;
  beforeAll(async () => {
    fresh = await startConsulServer({ acl: { management: "bootstrapped" } });
  });
  afterAll(() => fresh?.stop());
  const freshEnv = () => ({
    CONSUL_HTTP_ADDR: fresh.target().httpAddress,
    CONSUL_HTTP_TOKEN: fresh.managementToken ?? "",
  });

  it("is compared with --token-after, and is unproven without", async () => {
    await room.write("old-token", `${server.managementToken}\n`);
    const args = ["restore", "a.snap", "--confirm", "dc1", "--json"];
    const bootstrap = fresh.managementToken ?? "";
    const without = await room.run(args, { env: freshEnv() });
    expect({ code: without.code, told: found(without.out) }).toMatchObject({
      code: 3,
      told: { outcome: "unproven", consulStatus: 200, verdict: null },
    });
    expect(found(without.out).text).toMatch(
      /^Consul answered 200, but dc1 could not be compared .*ACL not found.* The check needs a token of the snapshot/,
    );
    expect(found(without.out).nextSteps.join("\n")).toContain("bootstrap token of a fresh cluster");
    expect(`${without.out}${without.errors}`).not.toContain(bootstrap);

    const again = { ...freshEnv(), CONSUL_HTTP_TOKEN: server.managementToken ?? "" };
    const withToken = await room.run([...args, "--token-after", "old-token"], { env: again });
    expect({ code: withToken.code, told: found(withToken.out) }).toMatchObject({
      code: 0,
      told: { outcome: "restored" },
    });
    // A denial is believed after 30 s.
  }, 120_000);
});

it.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s while Consul has the archive says what that leaves", async (signal, expected) => {
  await proxy.hold("answer", put);
  restores += 1;
  const args = ["restore", "a.snap", "--confirm", "dc1", "--safety-out", `safety-${signal}-${restores}.snap`];
  const running = room.start(args, { env: env() });
  let told = "";
  running.child.stderr.on("data", (chunk: Buffer) => {
    told += chunk.toString("utf8");
  });
  await waitFor("the archive to be sent", async () => {
    if (running.child.exitCode !== null) throw new StopWaiting(new Error(told));
    return told.includes("All sent") ? true : null;
  });
  running.child.kill(signal);
  const { code, errors } = await running.ended;
  expect(code).toBe(expected);
  expect(errors).toContain("the data of dc1 may have been replaced");
});

it("many keys come back whole", async () => {
  await seedKeys({ client: server.target(), count: 2_000 });
  await room.write("many.snap", await fetchArchive(server.target()));
  await restore([]);
  const { code, out } = await room.run(["restore", "many.snap", "--confirm", "dc1", "--json"], {
    env: env(),
  });
  expect({ code, told: found(out) }).toMatchObject({ code: 0, told: { outcome: "restored" } });
  const { report } = found(out);
  expect(report?.kinds.find(({ kind }) => kind === "kv")?.equal).toBeGreaterThan(2_000);
});
