import { describe, expect, it } from "vitest";
import { isAppError } from "#core/kernel/errors.ts";
import { createThrottle, networkOf } from "./throttle.ts";

function setUp() {
  let nowMs = 1_000_000;
  const throttle = createThrottle({ nowMs: () => nowMs, monotonicMs: () => 0 });
  const attempt = (account: string, address: string, known = false) => {
    try {
      return throttle.begin(account, address, known);
    } catch (error) {
      if (!isAppError(error)) throw error;
      return `${error.code}: ${error.userMessage}`;
    }
  };
  const verdict = (account: string, address: string, known = false) => {
    const begun = attempt(account, address, known);
    return typeof begun === "string" ? begun : "allowed";
  };
  const fail = (account: string, address: string, times: number) => {
    for (let i = 0; i < times; i += 1) expect(attempt(account, address)).toBeTypeOf("function");
  };
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { throttle, verdict, fail, pass };
}
const minute = 60_000;

describe("failed sign-ins", () => {
  it("stop an account at an address after five, however it is spelt, and nobody elsewhere", () => {
    const { verdict, fail } = setUp();
    for (let i = 0; i < 5; i += 1) fail(i % 2 === 0 ? "ada" : "ADA", "10.0.0.1", 1);
    expect(verdict("Ada", "10.0.0.1")).toBe("rate_limited: Too many failed sign-ins. Try again in 5 min.");
    expect(verdict("ada", "10.0.0.2")).toBe("allowed");
    expect(verdict("bob", "10.0.0.1")).toBe("allowed");
  });

  it("stop an account after twenty from all addresses together, except where it is known", () => {
    const { verdict, fail } = setUp();
    for (let i = 0; i < 20; i += 1) fail("ada", `10.0.0.${i}`, 1);
    expect(verdict("ada", "10.9.9.9")).toMatch(/^rate_limited/);
    expect(verdict("ada", "10.9.9.9", true)).toBe("allowed");
  });

  it("stop a known address after five like any other", () => {
    const { verdict, fail } = setUp();
    fail("ada", "10.0.0.1", 5);
    expect(verdict("ada", "10.0.0.1", true)).toMatch(/^rate_limited/);
  });

  it("stop an address after twenty, whichever account it tries", () => {
    const { verdict, fail } = setUp();
    for (let i = 0; i < 20; i += 1) fail(`user${i}`, "10.0.0.1", 1);
    expect(verdict("someone-else", "10.0.0.1")).toMatch(/^rate_limited/);
    expect(verdict("someone-else", "10.0.0.2")).toBe("allowed");
  });

  it("stop all of an IPv6 customer's addresses, and not the next customer's", () => {
    const { verdict, fail } = setUp();
    for (let i = 0; i < 20; i += 1) fail(`user${i}`, `2001:db8:0:7::${i.toString(16)}`, 1);
    expect(verdict("ada", "2001:0db8::7:ffff:1:2:3")).toMatch(/^rate_limited/);
    expect(verdict("ada", "2001:db8:0:8::1")).toBe("allowed");
  });

  it("say how long it still lasts, and are forgotten after five minutes", () => {
    const { verdict, fail, pass } = setUp();
    fail("ada", "a", 5);
    pass(4 * minute);
    expect(verdict("ada", "a")).toBe("rate_limited: Too many failed sign-ins. Try again in 60 s.");
    pass(minute - 1);
    expect(verdict("ada", "a")).toBe("rate_limited: Too many failed sign-ins. Try again in 1 s.");
    pass(1);
    expect(verdict("ada", "a")).toBe("allowed");
  });

  it("are counted over a sliding window: one more is allowed when the oldest is five minutes old", () => {
    const { verdict, fail, pass } = setUp();
    for (let i = 0; i < 5; i += 1) {
      fail("ada", "a", 1);
      pass(minute);
    }
    fail("ada", "a", 1);
    expect(verdict("ada", "a")).toMatch(/^rate_limited/);
  });

  it("are forgiven there by a good sign-in, and neither for the address nor for guesses from elsewhere", () => {
    const { throttle, verdict, fail } = setUp();
    for (let i = 0; i < 16; i += 1) fail(`user${i}`, "a", 1);
    for (let i = 0; i < 17; i += 1) fail("ada", `elsewhere${i}`, 1);
    fail("ada", "a", 3);
    const forgive = throttle.begin("Ada", "a", true);
    forgive();
    fail("bob", "a", 1);
    expect(verdict("carol", "a")).toMatch(/^rate_limited/);
    expect(verdict("ada", "b")).toMatch(/^rate_limited/);
  });

  it("fill no more memory than for twenty thousand names", () => {
    const { verdict, fail } = setUp();
    for (let i = 0; i < 30_000; i += 1) fail(`name${i}`, `address${i}`, 1);
    fail("ada", "a", 5);
    expect(verdict("ada", "a")).toMatch(/^rate_limited/);
  });
});

describe("the network of an address", () => {
  it.each([
    ["10.1.2.3", "10.1.2.3"],
    ["::ffff:10.1.2.3", "10.1.2.3"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["2001:0DB8:0:0:1:2:3:4", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["unknown", "unknown"],
  ])("%s is %s", (given, network) => {
    expect(networkOf(given)).toBe(network);
  });
});
