import { request } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { type HttpDoor, openHttpDoor } from "#core/testing/http-door.ts";
import { startRuntime, type TestRuntime } from "#core/testing/runtime.ts";

let snapkeep: TestRuntime | undefined;
let door: HttpDoor | undefined;

afterEach(async () => {
  await door?.close();
  await snapkeep?.remove();
});

async function open(env: Record<string, string> = {}) {
  snapkeep = await startRuntime({ consulAddress: "", env });
  door = await openHttpDoor(snapkeep.runtime);
  return { snapkeep, door };
}

type Answer = { status: number; headers: Record<string, unknown>; text: string };

/** Also sends headers that `fetch` keeps to itself, such as Host. */
function ask(method: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { port } = new URL(door?.origin ?? "");
  return new Promise((resolve, reject) => {
    const req = request({ host: "127.0.0.1", port, method, path, headers }, (res) => {
      let text = "";
      res.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      res.on("end", () => resolve({ status: res.statusCode ?? 0, headers: res.headers, text }));
    });
    req.on("error", reject).end();
  });
}

describe("behind a base URL with https", () => {
  it("browsers are told to stay with it, and only pages of that very origin may change anything", async () => {
    const { door } = await open({ SNAPKEEP_BASE_URL: "https://snapkeep.example" });
    const page = await ask("GET", "/");
    expect(page.headers["strict-transport-security"]).toBe("max-age=31536000; includeSubDomains");
    const change = (origin: string | null, more: Record<string, string> = {}) =>
      ask("PUT", "/stream/uploads/t-1.x", {
        Cookie: door.cookie,
        ...(origin === null ? {} : { Origin: origin }),
        ...more,
      });
    const wrong: [string | null, Record<string, string>?][] = [
      [null],
      ["null"],
      ["http://snapkeep.example"],
      ["https://snapkeep.example.evil.example"],
      ["https://evil.example", { Host: "evil.example" }],
      ["https://evil.example", { "X-Forwarded-Host": "evil.example" }],
      [door.origin],
    ];
    for (const [origin, more] of wrong)
      expect((await change(origin, more)).text, String(origin)).toContain(
        "did not come from a page of this Snapkeep",
      );
    expect((await change("https://snapkeep.example")).text).toContain("ticket_invalid");
  });
});

describe("without one", () => {
  it("nothing is said of https, and the page's own host counts, whatever a proxy header says", async () => {
    const { door } = await open();
    expect((await ask("GET", "/")).headers["strict-transport-security"]).toBeUndefined();
    const forged = await ask("PUT", "/stream/uploads/t-1.x", {
      Cookie: door.cookie,
      Origin: "https://evil.example",
      "X-Forwarded-Host": "evil.example",
    });
    expect(forged.status).toBe(403);
  });
});

/** The address in the log of whoever asked last. */
async function loggedAddress(headers: Record<string, string>): Promise<string | undefined> {
  const { cookie = "" } = door ?? {};
  const made = await snapkeep?.execute(
    "snapshots.beginUpload",
    { fileName: "a.snap", bytes: 3 },
    door?.person,
  );
  await ask("PUT", made?.url ?? "", {
    Cookie: cookie,
    Origin: door?.origin ?? "",
    "Content-Length": "0",
    ...headers,
  });
  const rows = await snapkeep?.auditRows();
  return rows?.findLast((row) => row.action === "snapshot.upload" && row.door === "stream")?.address;
}

describe("the client's address", () => {
  const forged = { "X-Forwarded-For": "6.6.6.6", "X-Real-IP": "6.6.6.6", Forwarded: "for=6.6.6.6" };

  it("is the peer's without a proxy of ours, whatever headers say", async () => {
    await open();
    expect(await loggedAddress(forged)).toBe("127.0.0.1");
  });

  it("is what the proxies of ours saw, and not what the client wrote before it", async () => {
    await open({ SNAPKEEP_TRUSTED_PROXIES: "1" });
    expect(await loggedAddress({ "X-Forwarded-For": "6.6.6.6, 10.44.2.9" })).toBe("10.44.2.9");
    expect(await loggedAddress({ "X-Forwarded-For": "10.44.2.10" })).toBe("10.44.2.10");
    expect(await loggedAddress({})).toBe("127.0.0.1");
  });

  it("is the same whatever port a proxy writes behind it, and the peer's where what it writes is none", async () => {
    await open({ SNAPKEEP_TRUSTED_PROXIES: "1" });
    const seen = async (text: string) => loggedAddress({ "X-Forwarded-For": text });
    expect(await seen("10.44.2.9:50123")).toBe("10.44.2.9");
    expect(await seen("[2001:db8::7]:50123")).toBe("2001:db8::7");
    expect(await seen("::FFFF:10.44.2.9")).toBe("10.44.2.9");
    expect(await seen("<b>unknown</b>")).toBe("127.0.0.1");
  });

  it("is counted from the end with two of them", async () => {
    await open({ SNAPKEEP_TRUSTED_PROXIES: "2" });
    expect(await loggedAddress({ "X-Forwarded-For": "6.6.6.6, 10.44.2.9, 10.0.0.1" })).toBe("10.44.2.9");
  });
});

describe("too many requests", () => {
  it("are refused with when to come back, by address; the health question is always answered", async () => {
    await open({ SNAPKEEP_REQUESTS_PER_MINUTE: "10", SNAPKEEP_TRUSTED_PROXIES: "1" });
    const from = (address: string) => ask("GET", "/stream/x", { "X-Forwarded-For": address });
    const statuses: number[] = [];
    for (let count = 0; count < 12; count += 1) statuses.push((await from("10.0.0.1")).status);
    expect(statuses.slice(0, 10)).not.toContain(429);
    expect(statuses.slice(10)).toEqual([429, 429]);
    const refused = await from("10.0.0.1");
    const afterS = Number(refused.headers["retry-after"]);
    expect(afterS).toBeGreaterThan(0);
    expect(afterS).toBeLessThanOrEqual(60);
    expect(JSON.parse(refused.text)).toMatchObject({ code: "rate_limited", retryable: true });
    const health = await ask("GET", "/healthz");
    for (const { headers } of [refused, health]) {
      expect(headers["content-security-policy"]).toContain("default-src 'self'");
      expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "x-frame-options": "DENY" });
    }
    expect((await from("10.0.0.2")).status).toBe(401);
    // A made-up token brings no share of its own.
    const withToken = await ask("GET", "/stream/x", {
      "X-Forwarded-For": "10.0.0.1",
      Authorization: "Bearer skt_x",
    });
    expect(withToken.status).toBe(429);
    expect((await ask("GET", "/healthz", { "X-Forwarded-For": "10.0.0.1" })).status).toBe(200);
  });
});

describe("no way around the count of requests", () => {
  const statuses = async (from: (at: number) => [path: string, address: string]) => {
    await open({ SNAPKEEP_REQUESTS_PER_MINUTE: "10", SNAPKEEP_TRUSTED_PROXIES: "1" });
    const all: number[] = [];
    for (let at = 0; at < 12; at += 1) {
      const [path, address] = from(at);
      all.push((await ask("GET", path, { "X-Forwarded-For": address })).status);
    }
    return all.slice(10);
  };

  it("is a path that begins like a file of the pages", async () => {
    expect(await statuses(() => ["/_next/static/../../api/v1/session", "10.0.0.1"])).toEqual([429, 429]);
  });
  it("is another address of the same IPv6 customer", async () => {
    expect(await statuses((at) => ["/stream/x", `2001:db8::${at}`])).toEqual([429, 429]);
  });
});

describe("the Origin", () => {
  const signIn = (headers: Record<string, string>, path = "/api/v1/sign-in") =>
    ask("POST", path, { Origin: "https://evil.example", "Content-Length": "0", ...headers });

  it("of another site is refused where somebody signs in, whatever Authorization says", async () => {
    await open();
    for (const authorization of ["Basic eDp5", "x", "Bearer skt_x"]) {
      expect((await signIn({ Authorization: authorization })).status, authorization).toBe(403);
      expect((await signIn({ Authorization: authorization }, "/api/v1/setup")).status).toBe(403);
      const around = "/api/v1/x/../sign-in";
      expect((await signIn({ Authorization: authorization }, around)).status).toBe(403);
      expect((await signIn({ Authorization: authorization }, "/api/v1/../../sign-in")).status).toBe(403);
    }
  });

  it("doesn't matter to a program with a token alone: no page can make a browser send one", async () => {
    await open();
    expect((await signIn({ Authorization: "Bearer skt_x" }, "/api/v1/snapshots/upload")).status).toBe(401);
    expect((await signIn({ Authorization: "Basic eDp5" }, "/api/v1/snapshots/upload")).status).toBe(403);
  });
});

describe("addresses that somebody enters", () => {
  it.each([
    "http://169.254.169.254",
    "http://[fd00:ec2::254]:8500",
    "http://2852039166",
    "http://0x7f000001",
    "0.0.0.0:8500",
  ])("%s is refused or judged as what it is", async (address) => {
    const { snapkeep } = await open({ SNAPKEEP_PRIVATE_TARGETS: "false" });
    const work = snapkeep.execute("clusters.test", { name: "target", addresses: [address] });
    await expect(work).rejects.toMatchObject({ code: "invalid_input", field: "addresses" });
  });

  it("a name is judged by what it resolves to", async () => {
    const { snapkeep } = await open({ SNAPKEEP_PRIVATE_TARGETS: "false" });
    const report = await snapkeep.execute("clusters.test", {
      name: "target",
      addresses: ["http://localhost:1"],
    });
    expect(report.ok).toBe(false);
    expect(report.checks[0]?.detail).toContain("an address that Snapkeep doesn't connect to");
  });
});
