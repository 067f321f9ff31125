import { describe, expect, it } from "vitest";
import { type PreflightName, type RestoreRow, restoreStates } from "./contract.ts";
import { nextStepsOf } from "./next-steps.ts";

const row: RestoreRow = {
  id: "r-1",
  state: "succeeded",
  phase: "done",
  snapshotId: "s-1",
  snapshotTakenAt: null,
  snapshotDatacenter: "dc1",
  clusterId: "c-1",
  clusterName: "one",
  datacenter: "dc1",
  reason: "a test",
  byName: "ada",
  startedAt: "2026-07-23T02:32:04.000Z",
  finishedAt: null,
  bytesSent: 1,
  bytesTotal: 1,
  consulStatus: 200,
  outcomeText: null,
  verdict: "snapshot",
  returnOf: null,
  watchUntil: null,
  cancellable: false,
  correlationId: "corr-1",
};
const titles = (...accepted: PreflightName[]) => nextStepsOf(row, accepted).map(({ title }) => title);
const agents = "Give the agents their tokens again";
const nodeIds = "Look for node-id conflicts";

describe("what is left to do after a restore", () => {
  it("follows from each warning that was ticked", () => {
    expect(titles("token")).toEqual(["Give Snapkeep a token of the snapshot", agents]);
    expect(titles("administrators")).toEqual([agents]);
    expect(titles("vault")).toEqual(["Start Vault again"]);
    expect(titles("nodes")).toEqual([nodeIds]);
    expect(titles("sessions")).toEqual(["Ask those who hold sessions and locks"]);
    expect(titles("same_cluster")).toEqual([agents, nodeIds]);
  });

  it("is told once each, and is nothing where nothing of it was ticked", () => {
    expect(titles("token", "administrators", "same_cluster", "vault", "nodes", "sessions")).toEqual([
      "Give Snapkeep a token of the snapshot",
      agents,
      "Start Vault again",
      nodeIds,
      "Ask those who hold sessions and locks",
    ]);
    expect(titles("age", "servers", "room", "drill")).toEqual([]);
  });

  it("is there exactly where data was, or may have been, replaced", () => {
    for (const state of restoreStates) {
      const isTold = state === "succeeded" || state === "unknown";
      expect(nextStepsOf({ ...row, state }, ["vault"])).toHaveLength(isTold ? 1 : 0);
    }
  });
});
