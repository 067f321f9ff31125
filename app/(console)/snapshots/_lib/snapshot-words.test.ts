import { describe, expect, it } from "vitest";
import type { SnapshotRow } from "#core/snapshots/contract.ts";
import { dayWords, groupByDay } from "./day-groups.ts";
import { isContactLoud, progressShare } from "./row-facts.ts";
import { bytesWords, contactWords, leftWords, selectionWords } from "./snapshot-words.ts";

const now = Date.parse("2026-07-23T03:14:22Z");

function row(takenAt: string, change: Partial<SnapshotRow> = {}): SnapshotRow {
  return {
    id: takenAt,
    state: "verified",
    takenAt,
    clusterId: "c-1",
    clusterName: "prod-us",
    datacenter: "dc1",
    source: "manual",
    mode: "consistent",
    maxStaleMs: null,
    note: "",
    pinned: false,
    byName: "ops-primary",
    raftIndex: 1,
    leader: "10.0.3.11:8300",
    knownLeader: true,
    lastContactMs: 0,
    archiveBytes: 200_000_000,
    changeBytes: null,
    verifiedAt: takenAt,
    drill: null,
    failureCode: null,
    failureText: null,
    progress: null,
    ...change,
  };
}

describe("what is selected", () => {
  it("is one by name, two by how far they are apart, more by datacenter", () => {
    const first = row("2026-07-23T00:02:11Z");
    const second = row("2026-07-23T02:32:04Z");
    const other = row("2026-07-22T23:22:06Z", { datacenter: "eu-west" });
    expect(selectionWords([first], now)).toBe("dc1 00:02, 200.0 MB");
    expect(selectionWords([second, first], now)).toBe("dc1 00:02 and dc1 02:32, 2 h 29 min apart");
    expect(selectionWords([first, second, other], now)).toBe("2 of dc1, 1 of eu-west, 600.0 MB");
    expect(selectionWords([first, other], now)).toContain("eu-west 22 Jul 23:22");
  });
});

describe("the day's heading", () => {
  it("counts what was taken and what went wrong", () => {
    const rows = [
      row("2026-07-23T02:00:00Z"),
      row("2026-07-23T01:00:00Z", { state: "failed" }),
      row("2026-07-22T01:00:00Z"),
      row("2026-07-22T00:00:00Z"),
    ];
    const groups = groupByDay(rows, { newer: false, older: false });
    expect(groups.map((group) => group.day)).toEqual(["2026-07-23", "2026-07-22"]);
    expect(groups.map(dayWords)).toEqual(["1 taken, 1 failed", "2 taken, all good"]);
  });
  it("says that it counts one page only where the day goes on", () => {
    const [group] = groupByDay([row("2026-07-23T02:00:00Z")], { newer: false, older: true });
    expect(group && dayWords(group)).toBe("1 taken, on this page");
  });
});

describe("freshness", () => {
  it("is quiet up to 200 ms and loud beyond, or when no leader is known", () => {
    expect(isContactLoud({ lastContactMs: 200, knownLeader: true })).toBe(false);
    expect(isContactLoud({ lastContactMs: 201, knownLeader: true })).toBe(true);
    expect(isContactLoud({ lastContactMs: 0, knownLeader: false })).toBe(true);
    expect(contactWords({ lastContactMs: 2_400, knownLeader: true })).toBe("2.4 s stale");
    expect(contactWords({ lastContactMs: 3_312_000, knownLeader: false })).toBe("55 min stale");
    expect(contactWords({ lastContactMs: 0, knownLeader: false })).toBe("no known leader");
  });
});

describe("progress", () => {
  const base = { phase: "streaming", startedAt: "", firstByteMs: 84, cancellable: true } as const;
  const progress = { ...base, bytesDone: 141e6, bytesExpected: 212e6, bytesPerSecond: 38e6 };
  it("says that a take's length is an estimate and that an upload's is not", () => {
    expect(bytesWords(progress, false)).toBe("141.0 MB of about 212.0 MB");
    expect(bytesWords(progress, true)).toBe("141.0 MB of 212.0 MB");
    expect(leftWords(progress)).toBe("about 2 s left");
  });
  it("never claims to be done while bytes still come", () => {
    expect(progressShare({ bytesDone: 300e6, bytesExpected: 212e6 })).toBe(0.99);
    expect(progressShare({ bytesDone: 300e6, bytesExpected: null })).toBeNull();
    expect(leftWords({ ...progress, bytesDone: 300e6 })).toBe("longer than estimated");
  });
});
