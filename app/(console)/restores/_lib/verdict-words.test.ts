import { describe, expect, it } from "vitest";
import { restorePhases, restoreStates } from "#core/restore/contract.ts";
import { isWatched, jobWords, restoreState, stageOf, timeLeft } from "./restore-words.ts";
import { type VerdictFacts, verdictWords } from "./verdict-words.ts";

const now = Date.parse("2026-07-23T03:20:00Z");
const safety = {
  id: "s-9",
  takenAt: "2026-07-23T03:17:53Z",
  archiveBytes: 1,
  raftIndex: 1,
  pinned: true,
  state: "verified",
};
const counts = { wanted: 10, found: 10, equal: 10, moved: 0, writtenSince: 0, unexplained: 0 };
const equal = { matches: true, isExact: true, ...counts, kinds: [], examples: [] };
const base: VerdictFacts = {
  state: "running",
  phase: "checking",
  verdict: null,
  datacenter: "dc1",
  snapshotTakenAt: "2026-07-23T00:02:11Z",
  cancellable: false,
  bytesSent: 0,
  watchUntil: null,
  watch: null,
  safetySnapshot: safety,
  againstSnapshot: null,
  approval: null,
};
const say = (change: Partial<VerdictFacts>) => {
  const { title, meaning } = verdictWords({ ...base, ...change }, now);
  return `${title}. ${meaning}`;
};
const approval = { state: "waiting" as const, at: null, mayApprove: false, whyNot: null, byName: null };

const table: [Partial<VerdictFacts>, string][] = [
  [
    { state: "waiting", phase: "waiting", approval: { ...approval, expiresAt: "2026-07-23T04:10:02Z" } },
    "The restore of dc1 waits for a second person. Nothing has been sent to Consul. The request expires at 04:10:02.",
  ],
  [
    { phase: "checking" },
    "Restoring dc1 to 00:02:11. Archive and target are checked. Nothing has been sent to Consul yet.",
  ],
  [
    { phase: "safety" },
    "Restoring dc1 to 00:02:11. The safety snapshot is taken. Nothing has been sent to Consul yet.",
  ],
  [
    { phase: "sending", cancellable: true },
    "Restoring dc1 to 00:02:11. The archive is about to be sent. Nothing has been sent to Consul yet.",
  ],
  [
    { phase: "sending", bytesSent: 5 },
    "Restoring dc1 to 00:02:11. The archive is on its way. From here Consul decides, and it can't be cancelled.",
  ],
  [
    { phase: "applying" },
    "Restoring dc1 to 00:02:11. Consul has the archive and applies it. Reads may fail until it is done.",
  ],
  [
    { phase: "comparing" },
    "Checking what dc1 holds. A fresh snapshot of dc1 is compared with the one that was restored. Until then nothing is claimed.",
  ],
  [
    { state: "interrupted", phase: "comparing" },
    "The restore of dc1 was interrupted. It was cut off after bytes had gone to Consul. dc1 is being compared with the snapshot and with the safety snapshot, to tell what it holds. Start nothing in dc1 until this page says which.",
  ],
  [
    { state: "succeeded", phase: "done", verdict: "snapshot", againstSnapshot: equal },
    "dc1 is back to 00:02:11. Contents match the snapshot.",
  ],
  [
    { state: "succeeded", phase: "watching", verdict: "snapshot", watchUntil: "2026-07-23T03:28:20Z" },
    "dc1 is back to 00:02:11. Contents match the snapshot. Watching until 03:28:20, so a late fault can still be undone cleanly.",
  ],
  [
    {
      state: "succeeded",
      phase: "done",
      verdict: "snapshot",
      watch: "unsettled",
      againstSnapshot: { ...equal, isExact: false, writtenSince: 12, moved: 1 },
    },
    "dc1 is back to 00:02:11. Contents match the snapshot, beside 12 records written since and 1 record that agents keep moving. Leader or servers are not yet as before.",
  ],
  [
    { state: "succeeded", phase: "done", verdict: "both" },
    "dc1 is back to 00:02:11. Contents match the snapshot. The state before the restore held the same.",
  ],
  [{ state: "refused", phase: "done" }, "Consul refused the archive. Nothing in dc1 was replaced."],
  [
    { state: "failed", phase: "done" },
    "The restore of dc1 failed. No byte was sent. Nothing in dc1 was replaced.",
  ],
  [
    { state: "failed", phase: "done", bytesSent: 5, verdict: "safety" },
    "The restore of dc1 failed. dc1 was compared and holds what it held before. Nothing was replaced.",
  ],
  [
    { state: "failed", phase: "done", bytesSent: 5, verdict: "both" },
    "The restore of dc1 failed. dc1 was compared. It holds what it held before, which is also what the snapshot holds.",
  ],
  [
    { state: "unknown", phase: "done", bytesSent: 5 },
    "It is not known what dc1 holds. Bytes had gone to Consul, and dc1 could not be compared since. Treat its data as replaced, and compare again as soon as it has a leader.",
  ],
  [
    { state: "unknown", phase: "done", bytesSent: 5, verdict: "neither" },
    "dc1 does not hold 00:02:11. It was compared and matches neither the snapshot nor the state before the restore. Keep writers away, look at the differences below, then return to the safety snapshot or restore again.",
  ],
  [
    { state: "unknown", phase: "done", bytesSent: 5, verdict: "neither", safetySnapshot: null },
    "dc1 does not hold 00:02:11. It was compared and does not match the snapshot. Keep writers away, look at the differences below, then restore again.",
  ],
  [
    { state: "unknown", phase: "done", bytesSent: 5, verdict: "snapshot" },
    "dc1 seems to hold 00:02:11. A comparison found the snapshot's contents, and more that looks newer. Without an answer and without a safety snapshot nobody can tell whether that was there before.",
  ],
  [
    { state: "unknown", phase: "done", bytesSent: 5, verdict: "safety" },
    "dc1 seems to hold what it held before. A comparison found the contents of the safety snapshot, but the archive may still be applied. Compare again before you return to the safety snapshot or restore again.",
  ],
  [
    { state: "unknown", phase: "done", bytesSent: 5, verdict: "both" },
    "It is not known whether dc1 was restored. dc1 holds what the snapshot and the safety snapshot both hold. No data differs, so nothing has to be done.",
  ],
  [
    { state: "cancelled", phase: "done" },
    "The restore of dc1 was cancelled. No byte was sent. Nothing in dc1 was replaced.",
  ],
  [
    {
      state: "declined",
      phase: "done",
      approval: { ...approval, state: "declined", expiresAt: null, byName: "ops-second" },
    },
    "The restore of dc1 was declined. ops-second said no. No byte was sent. Nothing in dc1 was replaced.",
  ],
  [
    { state: "expired", phase: "done" },
    "The request to restore dc1 has expired. Nobody agreed in time. No byte was sent. Nothing in dc1 was replaced.",
  ],
];

describe("the verdict of a restore", () => {
  it.each(table)("%o is said exactly", (change, words) => {
    expect(say(change)).toBe(words);
  });
  it("has a row in this table for every state", () => {
    const told = new Set(table.map(([change]) => change.state ?? "running"));
    expect([...told].sort()).toEqual([...restoreStates].sort());
  });
  it("claims that a datacenter is back in no state but succeeded, whatever the phase and the finding", () => {
    for (const state of restoreStates) {
      for (const phase of restorePhases) {
        for (const verdict of ["snapshot", "safety", "both", "neither", null] as const) {
          const words = verdictWords({ ...base, state, phase, verdict }, now);
          expect(words.title.includes("is back to"), `${state} ${phase} ${verdict}`).toBe(
            state === "succeeded",
          );
          expect(words.tone === "good", `${state} ${phase} ${verdict}`).toBe(state === "succeeded");
        }
      }
    }
  });
  it("never says that nothing was replaced while that is not known", () => {
    for (const verdict of ["snapshot", "safety", "both", "neither", null] as const) {
      for (const state of ["unknown", "interrupted", "running"] as const) {
        expect(say({ state, verdict, phase: "comparing", bytesSent: 5 })).not.toContain("was replaced.");
      }
    }
  });
});

describe("a restore in a row and in the top bar", () => {
  it("has a word and a tone for every state, and only success is green", () => {
    const green = restoreStates.filter((state) => restoreState(state).tone === "good");
    expect(green).toEqual(["succeeded"]);
    expect(new Set(restoreStates.map((state) => restoreState(state).word)).size).toBe(restoreStates.length);
  });
  it("counts down the watch, and stops at its end", () => {
    expect(timeLeft("2026-07-23T03:28:20Z", now)).toBe("8 min left");
    expect(timeLeft("2026-07-23T03:20:42Z", now)).toBe("42 s left");
    expect(timeLeft("2026-07-23T03:19:00Z", now)).toBe("");
    expect(timeLeft(null, now)).toBe("");
  });
  it("names the job that runs", () => {
    const row = { ...base, watchUntil: "2026-07-23T03:28:20Z" };
    expect(jobWords({ ...row, state: "succeeded", phase: "watching" }, now, null)).toBe(
      "Watching dc1, 8 min left",
    );
    expect(jobWords({ ...row, phase: "sending" }, now, 40)).toBe("Restoring dc1, 40%");
    expect(jobWords({ ...row, phase: "comparing" }, now, 100)).toBe("Checking dc1");
    expect(jobWords({ ...row, state: "interrupted" }, now, null)).toBe("Checking what dc1 holds");
  });
  it("is in its third stage while it runs and in its fourth once it is checked", () => {
    expect(stageOf({ state: "waiting", phase: "waiting" })).toBe(1);
    expect(stageOf({ state: "running", phase: "sending" })).toBe(2);
    expect(stageOf({ state: "running", phase: "comparing" })).toBe(3);
    expect(stageOf({ state: "unknown", phase: "done" })).toBe(3);
    expect(isWatched({ state: "running", phase: "watching" })).toBe(false);
  });
});
