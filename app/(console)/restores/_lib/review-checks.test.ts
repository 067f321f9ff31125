import { describe, expect, it } from "vitest";
import type { RestoreReview } from "#core/restore/contract.ts";
import type { SnapshotDetail, SnapshotRow } from "#core/snapshots/contract.ts";
import { checksSummary, reviewChecks } from "./review-checks.ts";

const now = Date.parse("2026-07-23T03:14:22Z");
const snapshot = { id: "s-1", state: "verified", takenAt: "2026-07-23T00:02:11Z" } as SnapshotDetail;
const newestGood = { id: "s-2", takenAt: "2026-07-23T02:32:22Z", raftIndex: 1_284_113 } as SnapshotRow;
const review: RestoreReview = {
  snapshotId: "s-1",
  clusterId: "c-1",
  clusterName: "prod-us",
  datacenter: "dc1",
  leader: "10.0.3.11:8300",
  problem: null,
  consulVersion: "1.21.3",
  serversTotal: 3,
  serversHealthy: 3,
  liveIndex: 1_284_391,
  snapshotIndex: 1_279_806,
  entriesBehind: 4_585,
  snapshotAgeMs: 3 * 3_600_000 + 12 * 60_000,
  sameDatacenter: true,
};

const titles = (change: Partial<RestoreReview>, good: SnapshotRow | null = newestGood) =>
  reviewChecks({ snapshot, review: { ...review, ...change }, newestGood: good, now }).map(
    (check) => `${check.result}: ${check.title}`,
  );

describe("before a restore", () => {
  it("says what is lost before what is fine", () => {
    expect(titles({})).toEqual([
      "warning: The snapshot is 3 h 12 min older than the live state",
      "warning: The newest good snapshot of dc1 is 42 min old",
      "pass: Target reachable, leader known",
      "pass: All servers healthy",
      "pass: Hashes verified",
    ]);
  });
  it("is blocked without a leader", () => {
    expect(titles({ leader: null, problem: "No cluster leader" })[0]).toBe("block: No leader answers in dc1");
  });
  it("warns of another datacenter and of a state that can't be brought back", () => {
    const words = titles({ sameDatacenter: false }, null);
    expect(words.some((title) => title.startsWith("warning: The snapshot is of another datacenter"))).toBe(
      true,
    );
    expect(words).toContain("warning: There is no good snapshot of dc1 to come back to");
  });
  it("counts in words", () => {
    const checks = reviewChecks({ snapshot, review, newestGood, now });
    expect(checksSummary(checks)).toBe("3 pass, 2 warnings, nothing blocks");
  });
});
