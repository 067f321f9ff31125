import { describe, expect, it } from "vitest";
import type { DatacenterHealth } from "#core/clusters/contract.ts";
import { type RestoreRow, restoreStates } from "#core/restore/contract.ts";
import type { DatacenterSummary, SnapshotRow } from "#core/snapshots/contract.ts";
import { attentionItems } from "./attention.ts";
import { toViews, verdictDetail, verdictTitle } from "./model.ts";

const now = Date.parse("2026-07-23T03:14:22Z");

function health(datacenter: string, change: Partial<DatacenterHealth> = {}): DatacenterHealth {
  return {
    clusterId: "c-1",
    clusterName: "prod",
    datacenter,
    state: "ok",
    leader: "10.0.3.11:8300",
    problem: null,
    serversTotal: 3,
    serversHealthy: 3,
    consulVersion: "1.21.3",
    raftIndex: 10,
    checkedAt: null,
    since: "2026-07-23T02:19:00Z",
    objectiveMinutes: 60,
    ...change,
  };
}

function summary(datacenter: string, lastGoodAt: string | null): DatacenterSummary {
  const lastGood =
    lastGoodAt === null
      ? null
      : ({ id: `s-${datacenter}`, takenAt: lastGoodAt, state: "verified" } as SnapshotRow);
  return {
    clusterId: "c-1",
    clusterName: "prod",
    datacenter,
    lastGood,
    lastAttempt: lastGood,
    days: [],
    sizes: [],
  };
}

const night = {
  healths: [
    health("dc1"),
    health("eu-west", { state: "no_leader", leader: null, serversHealthy: 1 }),
    health("stg"),
  ],
  summaries: [
    summary("dc1", "2026-07-23T02:32:04Z"),
    summary("eu-west", "2026-07-23T01:22:07Z"),
    summary("stg", "2026-07-23T02:40:00Z"),
  ],
};

describe("the verdict", () => {
  it("counts who is inside the objective and names who is not", () => {
    const views = toViews(night.healths, night.summaries, now);
    expect(verdictTitle(views)).toBe("2 of 3 datacenters could be recovered within their objective");
    expect(verdictDetail(views, now)).toBe(
      "eu-west could be recovered only to 01:22 UTC, 52 min past its objective. dc1 and stg are inside theirs.",
    );
  });
  it("speaks of a single datacenter by its name, and of one without a snapshot plainly", () => {
    const views = toViews([health("dc1")], [summary("dc1", null)], now);
    expect(verdictTitle(views)).toBe("dc1 could not be recovered within its objective");
    expect(verdictDetail(views, now)).toBe("dc1 has no good snapshot and cannot be recovered.");
  });
});

describe("what needs attention", () => {
  const of = (views: ReturnType<typeof toViews>) =>
    attentionItems({ views, clusters: [], restores: [], now });
  it("is one line for a datacenter without a leader, with what a restore would lose", () => {
    const items = of(toViews(night.healths, night.summaries, now));
    expect(items.map((item) => [item.level, item.title])).toEqual([["critical", "eu-west has no leader."]]);
    expect(items[0]?.detail).toContain("A restore now would lose writes since 01:22.");
    expect(items[0]?.act).toMatchObject({ kind: "take", mode: "stale" });
  });
  it("is a warning for an overdue one that does answer, and nothing at all when all is well", () => {
    const late = toViews([health("dc1")], [summary("dc1", "2026-07-23T01:22:07Z")], now);
    expect(of(late).map((item) => item.title)).toEqual(["dc1 is 52 min past its objective."]);
    expect(of(toViews([health("dc1")], [summary("dc1", "2026-07-23T03:00:00Z")], now))).toEqual([]);
  });
  it("are restores whose outcome is open, and those that wait for a yes; one that ended is none", () => {
    const row = (state: RestoreRow["state"]): RestoreRow => ({
      id: `r-${state}`,
      state,
      phase: "done",
      snapshotId: "s-1",
      snapshotTakenAt: null,
      snapshotDatacenter: "dc1",
      clusterId: "c-1",
      clusterName: "prod",
      datacenter: "dc1",
      reason: "CHG-1",
      byName: "ada",
      startedAt: "2026-07-23T02:00:00Z",
      finishedAt: null,
      bytesSent: 0,
      bytesTotal: 1,
      consulStatus: null,
      outcomeText: null,
      verdict: null,
      returnOf: null,
      watchUntil: null,
      cancellable: false,
      correlationId: "x-1",
    });
    const listed = restoreStates.flatMap((state) =>
      attentionItems({ views: [], clusters: [], restores: [row(state)], now }).map(
        ({ level }) => `${state} ${level}`,
      ),
    );
    expect(listed).toEqual(["waiting notice", "interrupted critical", "unknown critical"]);
  });
});
