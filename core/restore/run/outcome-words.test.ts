import { describe, expect, it } from "vitest";
import { identityReport } from "#core/testing/identity-report.ts";
import type { RestoreRecord } from "../store.ts";
import { fromVerdict } from "./outcome-words.ts";

const row = (more: Partial<RestoreRecord>) =>
  ({ datacenter: "dc1", consulStatus: null, safetySnapshotId: null, ...more }) as RestoreRecord;
const newer = identityReport({ writtenSince: 2 });

describe("what fits the snapshot, with more that looks newer", () => {
  it("proves nothing without an answer and without a safety snapshot", () => {
    expect(fromVerdict(row({}), "snapshot", newer, false)).toMatchObject({
      state: "unknown",
      text: "The answer was lost. dc1 holds what was restored and 2 records more. Without a safety snapshot nobody can tell whether these were there before. Look at the datacenter before anything else.",
    });
  });

  it.each([
    ["with an answer", row({ consulStatus: 200 }), newer, true],
    ["with a safety snapshot that is further away", row({ safetySnapshotId: "s-1" }), newer, false],
    ["where nothing looks newer", row({}), identityReport({}), false],
  ])("is the snapshot %s", (_name, of, found, isAnswered) => {
    expect(fromVerdict(of, "snapshot", found, isAnswered).state).toBe("succeeded");
  });
});
