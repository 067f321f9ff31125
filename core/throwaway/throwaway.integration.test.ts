import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "#core/kernel/errors.ts";
import { writeArchive } from "#core/testing/archive-writer.ts";
import { startConsulServer } from "#core/testing/consul-cluster.ts";
import { callConsul, fetchArchive } from "#core/testing/consul-http.ts";
import { seedWorld } from "#core/testing/consul-seed-world.ts";
import { listeningOn, noTraces, processesOn, tracesIn } from "#core/testing/drill-traces.ts";
import { makeTempFolder, registerChild, removeTempFolder } from "#core/testing/leftovers.ts";
import { goTime } from "#core/testing/record-samples.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import { findConsul } from "../../scripts/lib/consul-binary.mjs";
import {
  type ConsulBinary,
  findConsulBinary,
  removeLeftovers,
  runThrowaway,
  type ThrowawayPhase,
} from "./index.ts";
import type { RunOptions } from "./run.ts";

let binary: ConsulBinary;
let withAcl: Buffer;
let withoutAcl: Buffer;
let folder: string;
let parent: string;

/** An archive of a little of everything. */
async function archiveOfWorld(acl: boolean): Promise<Buffer> {
  const server = await startConsulServer({ dev: true, datacenter: "east", ...(acl ? { acl: true } : {}) });
  try {
    const target = server.target();
    await seedWorld({ client: target, keys: 1_200, acl });
    if (acl) {
      const body = { Description: "expires", ExpirationTTL: "60s" };
      await callConsul(target, "PUT", "/v1/acl/token", body);
    }
    await callConsul(target, "PUT", "/v1/txn", [
      { KV: { Verb: "set", Key: "odd//key/\u0001 ü", Value: "", Flags: 1 } },
    ]);
    return await fetchArchive(target);
  } finally {
    await server.stop();
  }
}

beforeAll(async () => {
  binary = await findConsulBinary({ CONSUL_BIN: (await findConsul({ fetch: true })).path });
  withAcl = await archiveOfWorld(true);
  withoutAcl = await archiveOfWorld(false);
});
beforeEach(() => {
  folder = makeTempFolder("snapkeep-throwaway-");
  parent = path.join(folder, "drills");
});
afterEach(() => {
  const left = processesOn(folder);
  removeTempFolder(folder);
  expect(left).toEqual([]);
});

async function* inPieces(archive: Buffer) {
  for (let at = 0; at < archive.length; at += 16_384) yield archive.subarray(at, at + 16_384);
}

function run(archive: Buffer, more: Partial<RunOptions> = {}) {
  return runThrowaway({
    binary,
    open: async () => inPieces(archive),
    parent,
    name: "l-test",
    datacenter: null,
    timeLimitMs: 60_000,
    signal: new AbortController().signal,
    inThread: true,
    onPhase: () => undefined,
    ...more,
  });
}

describe("an archive that Consul takes", () => {
  it("with ACLs, is proven: every record is equal, and what goes by itself has a reason", async () => {
    const phases: string[] = [];
    const done = await run(withAcl, { onPhase: (phase) => phases.push(phase) });
    expect(done).toMatchObject({ outcome: "passed", archiveVersions: [binary.version] });
    expect(phases).toEqual(["starting", "restoring", "comparing", "removing"]);
    const { report } = done;
    expect(report).toMatchObject({ matches: true, unexplained: 0, sampledKeys: 50, sampledEqual: 50 });
    const kinds = new Map(report?.kinds.map((one) => [one.kind, one]));
    expect(kinds.get("kv")).toMatchObject({ wanted: 1_203, equal: 1_203 });
    // The management token of the throwaway is its own; every token of the archive is there.
    const tokens = kinds.get("acl-token");
    expect(tokens).toMatchObject({ unexplained: 0, writtenSince: 1 });
    expect(tokens?.equal).toBe(tokens?.wanted);
    expect(tracesIn(parent)).toEqual(noTraces);
  });

  it("without ACLs and without a thread, is proven as well", async () => {
    const { outcome, report } = await run(withoutAcl, { inThread: false });
    expect(outcome).toBe("passed");
    expect(report?.kinds.find(({ kind }) => kind === "kv")).toMatchObject({ equal: 1_203 });
    expect(report).toMatchObject({ sampledKeys: 50, sampledEqual: 50 });
    expect(tracesIn(parent)).toEqual(noTraces);
  });

  it("passes with a token that expired meanwhile: the leader reaps it, which is no fault of the archive", async () => {
    const token = (expires: Buffer | null) => ({
      type: 17,
      value: {
        AccessorID: randomUUID(),
        SecretID: randomUUID(),
        CreateTime: goTime("2020-01-01T00:00:00Z"),
        ExpirationTime: expires,
        Hash: Buffer.alloc(8),
        CreateIndex: 5,
        ModifyIndex: 5,
      },
    });
    const records = [token(null), token(goTime("2020-01-02T00:00:00Z"))];
    const { outcome, report } = await run(writeArchive({ records }));
    const tokens = report?.kinds.find(({ kind }) => kind === "acl-token");
    expect({ outcome, tokens, examples: report?.examples }, JSON.stringify(report)).toMatchObject({
      outcome: "passed",
      tokens: { wanted: 2, unexplained: 0 },
    });
    // Whether the leader has come to it before the comparison is its own affair.
    expect([1, 2]).toContain(tokens?.equal);
    expect((tokens?.equal ?? 0) + (tokens?.moved ?? 0)).toBe(2);
  });

  it("that holds what this Consul drops, differs, and is told by name", async () => {
    // A key of an Enterprise namespace: the community edition reads past the word.
    const key = (name: string, more: object) => ({
      type: 2,
      value: {
        CreateIndex: 9,
        Flags: 0,
        Key: name,
        LockIndex: 0,
        ModifyIndex: 9,
        Session: "",
        Value: Buffer.from("v"),
        ...more,
      },
    });
    const records = [key("app/plain", {}), key("app/team", { Namespace: "team" })];
    const { outcome, text, report } = await run(writeArchive({ records }));
    expect({ outcome, text, matches: report?.matches }).toMatchObject({ outcome: "differs", matches: false });
    expect(text).toMatch(/^Consul \S+ took the archive, and \d of 2 records differ/);
    expect(report?.examples.join()).toContain("app/team");
    expect(tracesIn(parent)).toEqual(noTraces);
  });
});

describe("the throwaway Consul", () => {
  it.runIf(process.platform === "linux")("listens on loopback alone", async () => {
    const seen: string[] = [];
    const onPhase = (phase: ThrowawayPhase) => {
      if (phase === "comparing") for (const pid of processesOn(parent)) seen.push(...listeningOn(pid));
    };
    await run(withAcl, { onPhase });
    // HTTP, the port of raft and RPC, and serf by both protocols.
    expect(seen.sort()).toEqual(["tcp 0100007F", "tcp 0100007F", "tcp 0100007F", "udp 0100007F"]);
  });

  it("asks no CA provider of the archive for anything, with the token that it holds", async () => {
    const asked: string[] = [];
    const vault = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end("{}");
    });
    await new Promise<void>((resolve) => vault.listen({ port: 0, host: "127.0.0.1" }, resolve));
    const { port } = vault.address() as AddressInfo;
    const config = {
      Address: `http://127.0.0.1:${port}`,
      Token: "s.secret",
      RootPKIPath: "r/",
      IntermediatePKIPath: "i/",
    };
    const value = {
      ClusterID: randomUUID(),
      Provider: "vault",
      Config: config,
      CreateIndex: 5,
      ModifyIndex: 5,
    };
    try {
      const { outcome, report } = await run(writeArchive({ records: [{ type: 15, value }] }));
      const ca = report?.kinds.find(({ kind }) => kind === "ca-config");
      expect({ outcome, ca, asked }).toMatchObject({
        outcome: "passed",
        ca: { wanted: 1, equal: 1 },
        asked: [],
      });
    } finally {
      await new Promise((resolve) => vault.close(resolve));
    }
  });
});

describe("an archive that Consul does not take", () => {
  it("makes it panic, which is told in its own words", async () => {
    const archive = writeArchive({ records: [{ type: 60, value: { A: 1 } }] });
    const { outcome, text, report, isProof } = await run(archive);
    expect({ outcome, report, isProof }).toEqual({ outcome: "failed", report: null, isProof: true });
    expect(text).toContain(`Consul ${binary.version} panicked: failed to restore snapshot`);
    expect(text).toContain("Unrecognized msg type 60");
    expect(tracesIn(parent)).toEqual(noTraces);
  });

  it("and one that doesn't verify never gets a Consul", async () => {
    const phases: string[] = [];
    const archive = withoutAcl.subarray(0, -100);
    const { outcome, text, isProof } = await run(archive, { onPhase: (one) => phases.push(one) });
    const ended = { outcome: "failed", phases: ["starting", "removing"], isProof: false };
    expect({ outcome, phases, isProof }).toEqual(ended);
    expect(text).toMatch(/^The archive does not verify: /);
  });
});

describe("an end before the end", () => {
  it.each(["starting", "restoring", "comparing"] as const)("an abort while %s leaves nothing", async (at) => {
    const controller = new AbortController();
    const reason = new AppError({ code: "cancelled", userMessage: "Cancelled by ada." });
    const pids: number[] = [];
    const onPhase = (phase: ThrowawayPhase) => {
      if (phase === "removing") pids.push(...processesOn(parent));
      if (phase === at) setImmediate(() => controller.abort(reason));
    };
    await expect(run(withAcl, { signal: controller.signal, onPhase })).rejects.toBe(reason);
    // It ran when the abort came, or the test would prove nothing.
    expect(pids.length).toBe(at === "starting" ? 0 : 1);
    expect(tracesIn(parent)).toEqual(noTraces);
  });

  it("an abort while Consul starts leaves nothing", async () => {
    const controller = new AbortController();
    const running = run(withAcl, { signal: controller.signal });
    running.catch(() => undefined);
    await waitFor("the process", async () => (processesOn(parent).length > 0 ? true : null), {
      intervalMs: 5,
    });
    controller.abort(new AppError({ code: "cancelled", userMessage: "Cancelled." }));
    await expect(running).rejects.toMatchObject({ code: "cancelled" });
    expect(tracesIn(parent)).toEqual(noTraces);
  });

  it("the time limit is told, and leaves nothing", async () => {
    let opened = 0;
    // What Consul is sent stops in the middle, so that the limit is what ends it on the fastest machine, too.
    async function* stalled() {
      opened += 1;
      const isSent = opened === 2;
      for await (const piece of inPieces(withAcl)) {
        yield piece;
        if (isSent) await new Promise(() => undefined);
      }
    }
    const open = async () => stalled();
    const { outcome, text, isProof } = await run(withAcl, { timeLimitMs: 4_000, open });
    expect({ outcome, text, isProof }).toEqual({
      outcome: "failed",
      isProof: false,
      text: "It took longer than the limit of 4 seconds and was ended.",
    });
    expect(tracesIn(parent)).toEqual(noTraces);
  });

  it("a Consul that is killed from outside is told so", async () => {
    const onPhase = (phase: ThrowawayPhase) => {
      if (phase === "restoring") for (const pid of processesOn(parent)) process.kill(pid, "SIGKILL");
    };
    const { outcome, text, isProof } = await run(withAcl, { onPhase });
    expect({ outcome, text, isProof }).toEqual({
      outcome: "failed",
      isProof: false,
      text: `Consul ${binary.version} was ended from outside (SIGKILL).`,
    });
    expect(tracesIn(parent)).toEqual(noTraces);
  });
});

const projectFolder = fileURLToPath(new URL("../..", import.meta.url));

/** A process of its own that runs a drill and waits in it for good, once Consul is there. */
async function startHanging(): Promise<ReturnType<typeof spawn>> {
  const file = path.join(folder, "archive.snap");
  writeFileSync(file, withAcl);
  const script = `import { createReadStream } from "node:fs";
    import { runThrowaway } from "#core/throwaway/index.ts";
    process.on("SIGTERM", () => process.exit(143));
    let opened = 0;
    await runThrowaway({
      binary: ${JSON.stringify(binary)}, parent: ${JSON.stringify(parent)}, name: "l-hangs", datacenter: null,
      timeLimitMs: 60_000, signal: new AbortController().signal, inThread: false, onPhase: () => undefined,
      open: async () => {
        opened += 1;
        if (opened === 2) { process.stdout.write("hangs"); await new Promise(() => setInterval(() => {}, 1_000)); }
        return createReadStream(${JSON.stringify(file)});
      },
    });`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script], {
    cwd: projectFolder,
    stdio: ["ignore", "pipe", "inherit"],
    env: { NODE_ENV: "test" },
  });
  registerChild(child);
  await once(child.stdout, "data");
  return child;
}

describe("the end of our own process", () => {
  it("by SIGTERM takes Consul along, and the next start what is left of its folder", async () => {
    const child = await startHanging();
    expect(processesOn(parent)).toHaveLength(1);
    // What holds tokens is for nobody else on the machine.
    expect(statSync(path.join(parent, "l-hangs")).mode & 0o777).toBe(0o700);
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    await gone;
    await waitFor("Consul to be gone", async () => (processesOn(parent).length === 0 ? true : null));
    // The Consul that is killed may write its last while its folder goes; then the next start removes the rest.
    await removeLeftovers(parent);
    expect(tracesIn(parent)).toEqual(noTraces);
  });

  it("by SIGKILL leaves a Consul that the next start ends, and nobody else", async () => {
    const child = await startHanging();
    const [pid = 0] = processesOn(parent);
    // Else its next line of log, for which there is no reader any more, could end it before we do.
    process.kill(pid, "SIGSTOP");
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
    expect(processesOn(parent)).toEqual([pid]);
    // Somebody else's process names the same folder, and is no Consul of it.
    const other = spawn(process.execPath, [
      "-e",
      "setInterval(() => {}, 1000)",
      "--",
      `-file=${parent}/l-hangs/agent.json`,
    ]);
    registerChild(other);
    await once(other, "spawn");
    expect(await removeLeftovers(parent)).toBe(1);
    expect(tracesIn(parent)).toEqual({ processes: [other.pid], files: [] });
    const otherGone = once(other, "exit");
    other.kill("SIGKILL");
    await otherGone;
    expect(await removeLeftovers(parent)).toBe(0);
  });
});

describe("the consul program", () => {
  it("is the one that CONSUL_BIN names, else the first on the PATH", async () => {
    expect(await findConsulBinary({ PATH: `/nowhere:${path.dirname(binary.file)}` })).toEqual(binary);
    await expect(findConsulBinary({ PATH: folder })).rejects.toMatchObject({
      code: "conflict",
      userMessage: expect.stringContaining("There is no consul program on Snapkeep's PATH."),
    });
  });

  it("that is no consul is told by its name", async () => {
    mkdirSync(parent);
    const file = path.join(parent, "consul");
    writeFileSync(file, "#!/bin/sh\necho hello\n");
    chmodSync(file, 0o755);
    await expect(findConsulBinary({ CONSUL_BIN: file })).rejects.toMatchObject({
      userMessage: expect.stringContaining(`${file} is not a consul program`),
    });
  });
});
