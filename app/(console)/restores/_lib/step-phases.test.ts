import { describe, expect, it } from "vitest";
import type { RestoreDetail, RestoreStepView } from "#core/restore/contract.ts";
import { appliedAt, stepPhases } from "./step-phases.tsx";

const now = Date.parse("2026-07-23T03:20:00Z");
const step = (
  name: RestoreStepView["step"],
  state: RestoreStepView["state"],
  at: string,
): RestoreStepView => ({
  step: name,
  state,
  title: name,
  text: "",
  at: `2026-07-23T${at}Z`,
  tookMs: state === "running" ? null : 9_000,
});
const row = (change: Partial<RestoreDetail>): RestoreDetail =>
  ({
    state: "running",
    phase: "sending",
    bytesSent: 84e6,
    bytesTotal: 209.9e6,
    watchUntil: null,
    startedAt: "2026-07-23T03:17:44Z",
    finishedAt: null,
    consulStatus: null,
    steps: [],
    ...change,
  }) as RestoreDetail;
const told = (detail: RestoreDetail) =>
  stepPhases(detail, now).map((phase) => `${phase.key} ${phase.state} ${phase.when ?? ""}`.trim());

describe("the steps of a restore", () => {
  it("name what was done, how far the running one is, and what is still to come", () => {
    const steps = [step("safety", "done", "03:17:53"), step("sent", "running", "03:17:54")];
    expect(told(row({ steps }))).toEqual([
      "safety 0 done 03:17:53, took 9 s",
      "sent 1 run 84.0 MB of 209.9 MB",
      "to come applied wait",
      "to come leader wait",
      "to come compared wait",
      "to come watch wait",
    ]);
  });
  it("promise nothing more once it has ended", () => {
    const steps = [step("safety", "failed", "03:17:53")];
    expect(told(row({ state: "failed", phase: "done", steps }))).toEqual(["safety 0 bad 03:17:53, took 9 s"]);
  });
  it("count a watch that goes on, whether or not it was written down as a step", () => {
    const watching = row({
      state: "succeeded",
      phase: "watching",
      finishedAt: "2026-07-23T03:18:20Z",
      watchUntil: "2026-07-23T03:28:20Z",
    });
    expect(told(watching)).toEqual(["watch 0 run 1 min 40 s of 10 min"]);
    const own = { ...watching, steps: [step("watch", "running", "03:18:20")] };
    expect(told(own)).toEqual(["watch 0 run 1 min 40 s of 10 min"]);
  });
  it("take the moment of applying from its own step, else from the answer to the sending", () => {
    const sent = step("sent", "done", "03:17:58");
    expect(appliedAt(row({ steps: [sent, step("applied", "done", "03:18:09")] }))).toContain("03:18:09");
    expect(appliedAt(row({ steps: [sent], consulStatus: 200 }))).toContain("03:17:58");
    expect(appliedAt(row({ steps: [sent], consulStatus: 500 }))).toBeNull();
  });
});
