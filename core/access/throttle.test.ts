import { describe, expect, it } from "vitest";
import { isAppError } from "#core/kernel/errors.ts";
import { createThrottle } from "./throttle.ts";

function setUp() {
  let nowMs = 1_000_000;
  const throttle = createThrottle({ nowMs: () => nowMs, monotonicMs: () => 0 });
  const attempt = (account: string, address: string) => {
    try {
      return throttle.begin(account, address);
    } catch (error) {
      if (!isAppError(error)) throw error;
      return `${error.code}: ${error.userMessage}`;
    }
  };
  const verdict = (account: string, address: string) => {
    const begun = attempt(account, address);
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
  it("stop an account after five, from whichever address, however it is spelt", () => {
    const { verdict, fail } = setUp();
    for (let i = 0; i < 5; i += 1) {
      fail(i % 2 === 0 ? "ada" : "ADA", `10.0.0.${i}`, 1);
    }
    expect(verdict("Ada", "10.9.9.9")).toBe("rate_limited: Too many failed sign-ins. Try again in 5 min.");
    expect(verdict("bob", "10.0.0.1")).toBe("allowed");
  });

  it("stop an address after twenty, whichever account it tries", () => {
    const { verdict, fail } = setUp();
    for (let i = 0; i < 20; i += 1) fail(`user${i}`, "10.0.0.1", 1);
    expect(verdict("someone-else", "10.0.0.1")).toMatch(/^rate_limited/);
    expect(verdict("someone-else", "10.0.0.2")).toBe("allowed");
  });

  it("say how long it still lasts, and are forgotten after five minutes", () => {
    const { verdict, fail, pass } = setUp();
    fail("ada", "a", 5);
    pass(4 * minute);
    expect(verdict("ada", "b")).toBe("rate_limited: Too many failed sign-ins. Try again in 60 s.");
    pass(minute - 1);
    expect(verdict("ada", "b")).toBe("rate_limited: Too many failed sign-ins. Try again in 1 s.");
    pass(1);
    expect(verdict("ada", "b")).toBe("allowed");
  });

  it("are counted over a sliding window: one more is allowed when the oldest is five minutes old", () => {
    const { verdict, fail, pass } = setUp();
    for (let i = 0; i < 5; i += 1) {
      fail("ada", "a", 1);
      pass(minute);
    }
    fail("ada", "a", 1);
    expect(verdict("ada", "b")).toMatch(/^rate_limited/);
  });

  it("are forgiven for the account by a good sign-in, and not for the address", () => {
    const { throttle, verdict, fail } = setUp();
    for (let i = 0; i < 16; i += 1) fail(`user${i}`, "a", 1);
    fail("ada", "a", 3);
    const forgive = throttle.begin("Ada", "a");
    forgive();
    fail("ada", "b", 4);
    fail("bob", "a", 1);
    expect(verdict("carol", "a")).toMatch(/^rate_limited/);
  });
});
