import { describe, expect, it } from "vitest";
import { surely } from "./surely.ts";

/** Fails so many times before it works. */
function failing(times: number) {
  let tries = 0;
  return {
    tries: () => tries,
    work: async () => {
      tries += 1;
      if (tries <= times) throw new Error(`try ${tries} failed`);
      return "done";
    },
  };
}

describe("what surely has to be done", () => {
  it("is tried until it worked, and each failure is told", async () => {
    const told: unknown[] = [];
    const { work } = failing(2);
    const { signal } = new AbortController();
    expect(await surely(work, { stopped: signal, onFailure: (error) => told.push(error) })).toBe("done");
    expect(told.map(String)).toEqual(["Error: try 1 failed", "Error: try 2 failed"]);
  });

  it("gets a last chance while Snapkeep stops, and no more", async () => {
    const stopped = AbortSignal.abort();
    const onFailure = () => undefined;
    expect(await surely(failing(2).work, { stopped, onFailure })).toBe("done");
    const { work, tries } = failing(1_000);
    await expect(surely(work, { stopped, onFailure })).rejects.toThrow("try 3 failed");
    expect(tries()).toBe(3);
  });

  it("is given up soon after a stop that comes while it waits", async () => {
    const stop = new AbortController();
    const { work, tries } = failing(1_000);
    const onFailure = () => stop.abort();
    await expect(surely(work, { stopped: stop.signal, onFailure })).rejects.toThrow("try 4 failed");
    expect(tries()).toBe(4);
  });
});
