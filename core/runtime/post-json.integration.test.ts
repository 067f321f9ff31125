import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createTargetPolicy } from "#core/kernel/target-policy.ts";
import { postJson } from "./post-json.ts";

let server: Server | undefined;
let received: string[] = [];
afterEach(() => {
  server?.close();
  received = [];
});

/** Answers every request with this status. @returns its address. */
async function listen(status: number, headers: Record<string, string> = {}): Promise<string> {
  const own = createServer(async (req: IncomingMessage, res) => {
    let text = `${req.method} ${req.url} ${req.headers["content-type"]} `;
    for await (const piece of req) text += String(piece);
    received.push(text);
    res.writeHead(status, headers).end();
  });
  server = own;
  await new Promise<void>((resolve) => own.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(own.address() as AddressInfo).port}`;
}

const open = createTargetPolicy(true);
const closed = createTargetPolicy(false);
const words = (work: Promise<void>) =>
  work.then(
    () => "posted",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

describe("what is posted to somebody else's server", () => {
  it("is JSON, once", async () => {
    const address = await listen(204);
    expect(await words(postJson(`${address}/anchor`, { entry: 1 }, open))).toBe("posted");
    expect(received).toEqual(['POST /anchor application/json {"entry":1}']);
  });

  it("has failed unless the answer is a good one, and follows no redirect", async () => {
    const address = await listen(302, { location: "http://169.254.169.254/" });
    expect(await words(postJson(address, {}, open))).toContain("it answered 302");
    expect(received).toHaveLength(1);
  });

  it.each([
    ["http://169.254.169.254/", open],
    ["http://[fd00:ec2::254]/", open],
    ["http://127.0.0.1:9/", closed],
    ["http://localhost:9/", closed],
    ["file:///etc/passwd", open],
  ])("goes nowhere for %s", async (url, targets) => {
    expect(await words(postJson(url, {}, targets))).toMatch(/can't be told|refused target/);
  });
});
