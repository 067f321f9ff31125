import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { fetchArchive } from "#core/testing/consul-http.ts";
import { seedKeys } from "#core/testing/consul-seed.ts";
import { type FaultProxy, startFaultProxy } from "#core/testing/fault-proxy.ts";
import type { CutResponse, Fault } from "#core/testing/fault-types.ts";
import { startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import type { SnapshotDetail } from "./contract.ts";

const onSnapshot = { path: "/v1/snapshot" };
const consulsError = "failed to stream snapshot: unexpected EOF";

let consul: SingleServer;
let proxy: FaultProxy;
let snapkeep: TestRuntime;
/** Each archive is written anew by Consul, so this is right to a few hundred bytes. */
let typicalBytes: number;

beforeAll(async () => {
  consul = await startConsulServer({ dev: true });
  await seedKeys({ client: consul.target(), count: 1_000 });
  typicalBytes = (await fetchArchive(consul.target())).length;
  proxy = await startFaultProxy({ target: consul.server.httpAddress });
  snapkeep = await startRuntime({ consulAddress: proxy.address });
});

afterAll(async () => {
  await snapkeep?.remove();
  await proxy?.stop();
  await consul?.stop();
});

beforeEach(() => proxy.clear());

/** A broken stream leaves a failed row with its reason and what Consul's headers said, and no file. */
async function expectBroken(row: SnapshotDetail): Promise<void> {
  expect(row).toMatchObject({
    state: "failed",
    failureCode: "consul_broken_stream",
    responseStatus: 200,
    archiveBytes: null,
    archiveSha256: null,
    verifiedAt: null,
  });
  expect(snapkeep.archiveFiles().filter((name) => name.startsWith(row.id))).toEqual([]);
  const about = (await snapkeep.auditRows()).filter((entry) => entry.correlationId === row.correlationId);
  expect(about.map((entry) => [entry.outcome, entry.detail])).toEqual([
    ["intent", null],
    ["failed", row.failureText],
  ]);
}

async function takeWith(fault: Fault): Promise<SnapshotDetail> {
  await proxy.use(fault, onSnapshot);
  return snapkeep.take();
}

describe("a body that is cut", () => {
  const beforeEnd = [1, 2, 4, 8, 200].map((bytes): CutResponse["at"] => ({ beforeEndBytes: bytes }));
  const afterStart = [0, 1, 9, 10, 600, 20_000].map((bytes): CutResponse["at"] => ({ afterBytes: bytes }));
  const places = [...beforeEnd, ...afterStart].map((at) => [JSON.stringify(at), at] as const);

  it.each(places)("%s and then ends as if it were whole is never kept", async (_name, at) => {
    await expectBroken(await takeWith({ kind: "cut-response", at, ending: "clean" }));
  });

  it.each(places)("%s by a reset is never kept", async (_name, at) => {
    const row = await takeWith({ kind: "cut-response", at, ending: "reset" });
    // A reset can overtake the head of the answer; then Consul never answered at all.
    if (row.responseStatus === null) expect(row.failureCode).toBe("consul_unreachable");
    else await expectBroken(row);
    expect(snapkeep.archiveFiles().filter((name) => name.startsWith(row.id))).toEqual([]);
  });

  it.each(places.slice(0, 5))("%s by a closed connection is never kept", async (_name, at) => {
    const row = await takeWith({ kind: "cut-response", at, ending: "close" });
    await expectBroken(row);
    expect(row.failureText).toContain(`The stream from ${proxy.address} broke off in the middle.`);
  });
});

describe("an error text after a 200", () => {
  it("behind a whole archive is found and shown", async () => {
    const row = await takeWith({ kind: "append-to-response", text: consulsError });
    await expectBroken(row);
    expect(row.failureText).toContain(consulsError);
  });

  it.each([1, 100, 5_000, 30_000])(
    "behind a body cut %i bytes before its end is found and shown",
    async (bytes) => {
      const cut: Fault = { kind: "cut-response", at: { beforeEndBytes: bytes }, ending: "clean" };
      await proxy.use(cut, onSnapshot);
      const row = await takeWith({ kind: "append-to-response", text: consulsError });
      await expectBroken(row);
      expect(row.failureText).toContain(consulsError);
    },
  );

  it("that is all there is, is shown", async () => {
    await proxy.use({ kind: "cut-response", at: { afterBytes: 0 }, ending: "clean" }, onSnapshot);
    const row = await takeWith({ kind: "append-to-response", text: consulsError });
    await expectBroken(row);
    expect(row.failureText).toContain(consulsError);
  });

  it("made of zeros, or of a second archive, is refused too", async () => {
    await expectBroken(await takeWith({ kind: "append-to-response", text: Buffer.alloc(512) }));
    await proxy.clear();
    const text = await fetchArchive(consul.target());
    await expectBroken(await takeWith({ kind: "append-to-response", text }));
  });
});

it("a body that was gzipped once more on its way is not taken for an archive", async () => {
  const row = await takeWith({ kind: "gzip-response" });
  await expectBroken(row);
  expect(row.failureText).toMatch(/gzip/i);
});

describe("one bit that is turned over", () => {
  const samples = 40;
  it.each(Array.from({ length: samples }, (_, step) => step))(
    "at sample %i of 40 over the whole archive is found, or changes no content",
    async (step) => {
      const fromEnd = step >= samples - 10;
      const atByte = fromEnd ? step - samples : Math.floor((typicalBytes * step) / (samples - 10));
      const sent: Uint8Array[] = [];
      const whileLeaving = (chunk: Uint8Array) => void sent.push(Buffer.from(chunk));
      await proxy.use({ kind: "tap-response", see: whileLeaving }, onSnapshot);
      const row = await takeWith({ kind: "flip-response-bit", atByte, bit: step % 8 });
      if (row.state !== "verified") return expectBroken(row);
      const stored = readFileSync(snapkeep.archivePath(row.id));
      expect(gunzipSync(stored).equals(gunzipSync(Buffer.concat(sent)))).toBe(true);
    },
  );

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
    "in byte %i of the gzip header is found, or changes no content",
    async (atByte) => {
      const row = await takeWith({ kind: "flip-response-bit", atByte, bit: 1 });
      if (row.state === "verified")
        expect(gunzipSync(readFileSync(snapkeep.archivePath(row.id))).length).toBeGreaterThan(0);
      else await expectBroken(row);
    },
  );
});

it("none of all that left a file without a good row, or a good row without its file", async () => {
  const rows = await snapkeep.listRows();
  const good = rows.filter((row) => row.state === "verified").map((row) => `${row.id}.snap`);
  expect(snapkeep.archiveFiles()).toEqual(good.sort());
});
