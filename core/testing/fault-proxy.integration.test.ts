import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type SingleServer, startConsulServer } from "./consul-cluster.ts";
import { fetchArchive, readKey, writeKey } from "./consul-http.ts";
import { seedKeys } from "./consul-seed.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { exchangeRaw } from "./raw-exchange.ts";
import { waitFor } from "./wait-for.ts";

/** A value that stays the same over requests, unlike an archive, which is written anew each time. */
const value = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 31 + (index >> 8)) & 0xff));
const bigKey = "/v1/kv/proxy/big?raw";

let consul: SingleServer;
let proxy: FaultProxy;

beforeAll(async () => {
  consul = await startConsulServer({ dev: true });
  proxy = await startFaultProxy({ target: consul.server.httpAddress });
  await seedKeys({ client: consul.target(), count: 300 });
  await writeKey(consul.target(), "proxy/big", value);
});

afterAll(async () => {
  await proxy?.stop();
  await consul?.stop();
});

beforeEach(() => proxy.clear());

const getBig = () => exchangeRaw(`${proxy.address}${bigKey}`);

describe("a proxy without faults", () => {
  it("passes status, raw headers and body on as the server sent them", async () => {
    const direct = await exchangeRaw(`${consul.server.httpAddress}${bigKey}`);
    const through = await getBig();
    const withoutDate = (raw: string[]) => raw.filter((text) => !/ GMT$/.test(text));
    expect(through.status).toBe(200);
    expect(withoutDate(through.rawHeaders)).toEqual(withoutDate(direct.rawHeaders));
    expect(through.body.equals(value)).toBe(true);
    expect(proxy.requests).toMatchObject([
      { method: "GET", url: bigKey, status: 200, responseBodyBytes: value.length, faults: [] },
    ]);
  });

  it("keeps a chunked archive chunked, and a restore through it takes effect", async () => {
    const answer = await exchangeRaw(`${proxy.address}/v1/snapshot`, {
      headers: { "Accept-Encoding": "identity" },
    });
    expect(answer.headers["transfer-encoding"]).toBe("chunked");
    expect(answer.headers["content-length"]).toBeUndefined();
    expect(gunzipSync(answer.body).includes("SHA256SUMS")).toBe(true);
    await writeKey(consul.target(), "proxy/later", "written after the archive");
    const restored = await exchangeRaw(`${proxy.address}/v1/snapshot`, { method: "PUT", body: answer.body });
    expect(restored).toMatchObject({ status: 200, errorCode: null });
    await consul.waitUntilReady();
    expect(await readKey(consul.target(), "proxy/later")).toBeNull();
  });
});

describe("faults of the response", () => {
  it("cuts after N bytes with an end that looks clean", async () => {
    await proxy.use({ kind: "cut-response", at: { afterBytes: 1_234 }, ending: "clean" });
    const answer = await getBig();
    expect(answer).toMatchObject({ status: 200, errorCode: null });
    expect(answer.body.equals(value.subarray(0, 1_234))).toBe(true);
  });

  it.each([1, 8, 512, 70_000])("cuts %i bytes before the end with an end that looks clean", async (bytes) => {
    await proxy.use({ kind: "cut-response", at: { beforeEndBytes: bytes }, ending: "clean" });
    const answer = await getBig();
    expect(answer.errorCode).toBeNull();
    expect(answer.body.equals(value.subarray(0, -bytes))).toBe(true);
  });

  it.each(["reset", "close"] as const)(
    "cuts with a %s, after the bytes before it went out",
    async (ending) => {
      await proxy.use({ kind: "cut-response", at: { afterBytes: 5_000 }, ending });
      const answer = await getBig();
      expect(answer).toMatchObject({ status: 200, errorCode: "ECONNRESET" });
      expect(answer.body.length).toBe(5_000);
    },
  );

  it("cuts 16 bytes before the end by closing the connection", async () => {
    await proxy.use({ kind: "cut-response", at: { beforeEndBytes: 16 }, ending: "close" });
    const answer = await getBig();
    expect(answer.errorCode).toBe("ECONNRESET");
    expect(answer.body.length).toBe(value.length - 16);
  });

  it("appends a text to a body that then ends cleanly", async () => {
    await proxy.use({ kind: "append-to-response", text: "stream closed" });
    const answer = await getBig();
    expect(answer).toMatchObject({ status: 200, errorCode: null });
    expect(answer.body.equals(Buffer.concat([value, Buffer.from("stream closed")]))).toBe(true);
  });

  it.each([0, 77_777, -1, -150_000])("turns over one bit at %i", async (atByte) => {
    await proxy.use({ kind: "flip-response-bit", atByte, bit: 3 });
    const { body } = await getBig();
    const place = atByte < 0 ? value.length + atByte : atByte;
    const expected = Buffer.from(value);
    expected[place] = (expected[place] ?? 0) ^ 8;
    expect(body.equals(expected)).toBe(true);
  });

  it("compresses the body again and says so", async () => {
    await proxy.use({ kind: "gzip-response" });
    const answer = await getBig();
    expect(answer.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(answer.body).equals(value)).toBe(true);
  });

  it("delays the first byte", async () => {
    await proxy.use({ kind: "delay-first-byte", delayMs: 300 });
    expect((await getBig()).firstByteMs).toBeGreaterThanOrEqual(295);
  });

  it("throttles to a rate", async () => {
    await proxy.use({ kind: "throttle-response", bytesPerSecond: 400_000 });
    const startedAt = Date.now();
    const answer = await getBig();
    expect(answer.body.equals(value)).toBe(true);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(450);
  });

  it("calls a hook before a byte is passed on", async () => {
    const sentAtHook: number[] = [];
    const run = () => void sentAtHook.push(proxy.requests[0]?.responseBodyBytes ?? -1);
    await proxy.use({ kind: "at-response-byte", atByte: 100_000, run });
    expect((await getBig()).body.equals(value)).toBe(true);
    expect(sentAtHook).toEqual([100_000]);
  });

  it("removes and changes headers", async () => {
    await proxy.use({
      kind: "change-response-headers",
      remove: ["x-consul-index"],
      set: { "X-Consul-KnownLeader": "false" },
    });
    const { headers } = await getBig();
    expect(headers["x-consul-index"]).toBeUndefined();
    expect(headers["x-consul-knownleader"]).toBe("false");
  });

  it("works several faults together, in the order of their use", async () => {
    await proxy.use({ kind: "cut-response", at: { afterBytes: 100 }, ending: "clean" });
    await proxy.use({ kind: "append-to-response", text: "!" });
    expect((await getBig()).body.equals(Buffer.concat([value.subarray(0, 100), Buffer.from("!")]))).toBe(
      true,
    );
  });
});

describe("faults of the request", () => {
  const put = (key: string, body: Uint8Array) =>
    exchangeRaw(`${proxy.address}/v1/kv/${key}`, { method: "PUT", body });

  it("answers an error although the server has done what it was asked", async () => {
    await proxy.use({ kind: "answer-after-upload", status: 500, text: "timed out" }, { method: "PUT" });
    const answer = await put("proxy/applied", Buffer.from("yes"));
    expect(answer).toMatchObject({ status: 500, errorCode: null });
    expect(answer.body.toString()).toBe("timed out");
    expect(await readKey(consul.target(), "proxy/applied")).toBe("yes");
  });

  it("answers at once without asking the server", async () => {
    await proxy.use({ kind: "answer-at-once", status: 429, text: "RPC rate limit exceeded" });
    expect(await put("proxy/never", Buffer.from("x"))).toMatchObject({ status: 429 });
    expect(await readKey(consul.target(), "proxy/never")).toBeNull();
  });

  it("cuts before the body: the server hears nothing", async () => {
    await proxy.use({ kind: "cut-request", when: "before-body" });
    expect(await put("proxy/before", value)).toMatchObject({ status: null });
    expect(await readKey(consul.target(), "proxy/before")).toBeNull();
  });

  it("cuts during the body: the server never sees the rest, and a restore is not done", async () => {
    const archive = await fetchArchive(consul.target());
    await writeKey(consul.target(), "proxy/kept", "still here");
    await proxy.use({ kind: "cut-request", when: { afterBytes: 1_000 } });
    const answer = await exchangeRaw(`${proxy.address}/v1/snapshot`, { method: "PUT", body: archive });
    expect(answer.status).toBeNull();
    expect(answer.errorCode).toMatch(/ECONNRESET|EPIPE/);
    expect(proxy.requests[0]?.requestBodyBytes).toBe(1_000);
    expect(await readKey(consul.target(), "proxy/kept")).toBe("still here");
  });

  it("cuts after the body: the server has acted and the client never hears it", async () => {
    await proxy.use({ kind: "cut-request", when: "after-body" });
    expect(await put("proxy/after", Buffer.from("applied"))).toMatchObject({
      status: null,
      errorCode: "ECONNRESET",
    });
    expect(await readKey(consul.target(), "proxy/after")).toBe("applied");
  });

  it("refuses connections until it is cleared", async () => {
    await proxy.use({ kind: "refuse-connections" });
    expect(await getBig()).toMatchObject({ status: null, errorCode: "ECONNREFUSED" });
    await proxy.clear();
    expect(await getBig()).toMatchObject({ status: 200 });
  });

  it("meets only the requests of its scope, and only so many", async () => {
    await proxy.use(
      { kind: "answer-at-once", status: 500, text: "once" },
      { method: "GET", path: "/v1/kv/", times: 1 },
    );
    expect(await exchangeRaw(`${proxy.address}/v1/status/leader`)).toMatchObject({ status: 200 });
    expect(await getBig()).toMatchObject({ status: 500 });
    expect(await getBig()).toMatchObject({ status: 200 });
    expect(proxy.requests.map((seen) => seen.faults.length)).toEqual([0, 1, 0]);
  });

  it("holds an answer until it is let go, while the server has acted on the request", async () => {
    const held = await proxy.hold("answer", { method: "PUT" });
    let said = false;
    const url = `${proxy.address}/v1/kv/proxy/held`;
    const writing = exchangeRaw(url, { method: "PUT", body: Buffer.from("1") }).then((answer) => {
      said = true;
      return answer;
    });
    await held.reached;
    expect(await readKey(consul.target(), "proxy/held")).toBe("1");
    // Others pass meanwhile, and the answer is still not there.
    expect(await getBig()).toMatchObject({ status: 200 });
    expect({ said, requests: proxy.requests }).toMatchObject({
      said: false,
      requests: [{ method: "PUT", status: null, finished: false }, { method: "GET" }],
    });
    held.release();
    expect(await writing).toMatchObject({ status: 200, errorCode: null });
  });

  it("holds a request after so many bytes, and the server has these alone until it is let go", async () => {
    const held = await proxy.hold({ afterBytes: 70_000 }, { method: "PUT" });
    const url = `${proxy.address}/v1/kv/proxy/half`;
    const writing = exchangeRaw(url, { method: "PUT", body: value });
    await held.reached;
    expect(proxy.requests).toMatchObject([{ requestBodyBytes: 70_000, status: null, finished: false }]);
    expect(await readKey(consul.target(), "proxy/half")).toBeNull();
    held.release();
    expect(await writing).toMatchObject({ status: 200, errorCode: null });
    const stored = await exchangeRaw(`${consul.server.httpAddress}/v1/kv/proxy/half?raw`);
    expect(stored.body.equals(value)).toBe(true);
  });

  it("lets go of what it holds when it is cleared, and when the client goes away", async () => {
    const first = await proxy.hold("answer");
    const cleared = getBig();
    await first.reached;
    await proxy.clear();
    expect(await cleared).toMatchObject({ status: 200 });
    const held = await proxy.hold("answer");
    const controller = new AbortController();
    const gone = fetch(`${proxy.address}${bigKey}`, { signal: controller.signal }).catch(() => null);
    await held.reached;
    controller.abort();
    expect(await gone).toBeNull();
    await waitFor("the exchange to end", async () => (proxy.requests[0]?.finished === true ? true : null));
  });
});

describe("ends that nobody ordered", () => {
  it("breaks the client's connection where the server dies in mid-answer", async () => {
    const victim = await startConsulServer({ dev: true });
    try {
      // More than the socket buffers on the way can hold, so that the server is still sending when it dies.
      const keys = Array.from({ length: 60 }, (_, index) => `big/${index}`);
      await Promise.all(keys.map((key) => writeKey(victim.target(), key, Buffer.concat([value, value]))));
      proxy.retarget(victim.server.httpAddress);
      await proxy.use({ kind: "at-response-byte", atByte: 100_000, run: () => victim.server.kill() });
      const answer = await exchangeRaw(`${proxy.address}/v1/kv/big/?recurse`);
      expect(answer).toMatchObject({ status: 200, errorCode: "ECONNRESET" });
      expect(victim.server.isRunning()).toBe(false);
    } finally {
      proxy.retarget(consul.server.httpAddress);
      await victim.stop();
    }
  });

  it("lets go of the server when the client goes away", async () => {
    await proxy.use({ kind: "throttle-response", bytesPerSecond: 50_000 });
    const controller = new AbortController();
    const response = await fetch(`${proxy.address}${bigKey}`, { signal: controller.signal });
    await response.body?.getReader().read();
    controller.abort();
    await sleep(0);
    await waitFor("the exchange to end", async () => (proxy.requests[0]?.finished === true ? true : null));
    expect(proxy.requests[0]?.responseBodyBytes).toBeLessThan(value.length);
  });
});
