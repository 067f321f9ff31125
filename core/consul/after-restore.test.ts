import { describe, expect, it } from "vitest";
import { applyMayTakeMs } from "./after-restore.ts";

describe("how long Consul may still be applying what it got", () => {
  it("is what the setting says for a state of no size, and a second more for each 10 MB", () => {
    expect(applyMayTakeMs(30_000, 0)).toBe(30_000);
    expect(applyMayTakeMs(30_000, 10_000_000)).toBe(31_000);
    expect(applyMayTakeMs(300, 1_000_000_000)).toBe(100_300);
  });
});
