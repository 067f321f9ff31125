import { describe, expect, it } from "vitest";
import { drillMarkWords } from "./drill-marks.ts";

const drill = {
  id: "d-1",
  state: "passed",
  at: "2026-07-23T00:31:02Z",
  ms: 1,
  consulVersion: "1.8.7",
} as const;

describe("the mark of a drill", () => {
  it("says proven for a pass alone, and on which version", () => {
    expect(drillMarkWords(drill)).toBe("Proven restore, drilled on Consul 1.8.7");
    expect(drillMarkWords({ ...drill, state: "differs" })).toBe("Drill differs on Consul 1.8.7");
    expect(drillMarkWords({ ...drill, state: "failed", consulVersion: null })).toBe("Drill failed");
  });
});
