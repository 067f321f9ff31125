import { describe, expect, it } from "vitest";
import type { RestoreSample } from "../contract.ts";
import { changeLine, indexLine } from "./watch.ts";

const seen = (change: Partial<RestoreSample> = {}): RestoreSample => ({
  at: "2026-07-23T03:18:20.000Z",
  leader: "10.0.3.11:8300",
  serversTotal: 3,
  serversHealthy: 3,
  checksTotal: 612,
  checksPassing: 612,
  raftIndex: 1_284_405,
  problem: null,
  ...change,
});

describe("a watch", () => {
  it("says when the raft index has gone back, and only then", () => {
    expect(indexLine(1_284_466, seen())).toBe("the raft index has gone back from 1,284,466 to 1,284,405");
    expect(indexLine(1_284_405, seen())).toBeNull();
    expect(indexLine(1_284_404, seen())).toBeNull();
    expect(indexLine(null, seen())).toBeNull();
    expect(indexLine(1_284_466, seen({ raftIndex: null }))).toBeNull();
  });

  it("tells what changed, and nothing while only the index grows", () => {
    expect(changeLine(seen(), seen({ raftIndex: 1_284_500 }))).toBeNull();
    expect(changeLine(seen(), seen({ serversHealthy: 2 }))).toBe(
      "checks passing 612 of 612, 2 of 3 servers healthy, leader 10.0.3.11:8300",
    );
  });
});
