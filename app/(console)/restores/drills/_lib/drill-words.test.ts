import { describe, expect, it } from "vitest";
import { drillPhases as allPhases, type DrillReport, drillStates } from "#core/drills/contract.ts";
import {
  drillMeaning,
  drillPhases,
  drillState,
  drillVerdict,
  proofWords,
  versionWords,
} from "./drill-words.ts";

const counts = { wanted: 1_204, found: 1_204, equal: 1_204, moved: 0, writtenSince: 0, unexplained: 0 };
const report: DrillReport = {
  ...counts,
  matches: true,
  isExact: true,
  kinds: [],
  examples: [],
  sampledKeys: 50,
  sampledEqual: 50,
  startMs: 1,
  restoreMs: 1,
  compareMs: 1,
};

describe("a drill's verdict", () => {
  it("calls a restore proven only where it passed", () => {
    const proven = drillStates.filter((state) => /proven/i.test(drillVerdict(state)));
    expect(proven).toEqual(["passed"]);
    expect(drillMeaning({ state: "failed", phase: "done", report: null })).toContain("not proven");
  });

  it("counts what came back, and names what Consul keeps by itself", () => {
    const passed = { state: "passed", phase: "done" } as const;
    expect(drillMeaning({ ...passed, report })).toBe(
      "All 1,204 records came back equal. 50 of 50 values read back byte for byte.",
    );
    const moved = { ...report, equal: 1_200, moved: 4, sampledKeys: 0, sampledEqual: 0 };
    expect(drillMeaning({ ...passed, report: moved })).toBe(
      "1,200 of 1,204 records came back equal, the rest is what Consul keeps by itself.",
    );
  });

  it("has a word and a colour for every state, green for a pass alone", () => {
    const green = drillStates.filter((state) => drillState(state).tone === "good");
    expect(green).toEqual(["passed"]);
  });
});

describe("a drill that runs", () => {
  it("has one step under way in every phase but the last", () => {
    for (const phase of allPhases) {
      const running = drillPhases(phase).filter(({ state }) => state === "run");
      expect(running.length, phase).toBe(phase === "done" ? 0 : 1);
    }
    expect(drillPhases("comparing").map(({ state }) => state)).toEqual(["done", "done", "run", "wait"]);
  });
});

describe("the version", () => {
  it("is said where it differs, and not where it is the same or unknown", () => {
    const versions = { consulVersion: "1.8.7", snapshotVersion: "1.21.3" };
    expect(versionWords({ ...versions, sameVersion: false })).toBe(
      "Drilled on Consul 1.8.7, the snapshot was taken by 1.21.3.",
    );
    expect(versionWords({ ...versions, sameVersion: true })).toBeNull();
    expect(versionWords({ ...versions, sameVersion: null })).toBeNull();
  });

  it("stands beside the time, where one could be started", () => {
    expect(proofWords({ state: "passed", consulVersion: "1.8.7", ms: 246_000 })).toBe(
      "Proven restore on Consul 1.8.7, in 4 min 6 s",
    );
    expect(proofWords({ state: "failed", consulVersion: null, ms: 84 })).toBe("The drill failed, in 84 ms");
  });
});
