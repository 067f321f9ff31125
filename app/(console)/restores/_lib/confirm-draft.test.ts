import { describe, expect, it } from "vitest";
import type { Preflight, PreflightLine } from "#core/restore/contract.ts";
import { startRestoreInput } from "#core/restore/contract.ts";
import {
  type ActDraft,
  blockedBy,
  emptyDraft,
  missingInDraft,
  tickedOf,
  toggled,
  toReturnInput,
  toStartInput,
  unticked,
} from "./confirm-draft.ts";
import { fullDiffHref, keyChangeWords, lineAct, preflightSummary } from "./preflight-words.ts";

const now = Date.parse("2026-07-23T03:14:22Z");
const line = (name: PreflightLine["name"], result: PreflightLine["result"]): PreflightLine => ({
  name,
  result,
  title: "",
  detail: "",
  todo: "",
  accept: "",
});
const preflight = {
  id: "p-1",
  state: "ready",
  validUntil: "2026-07-23T03:43:58Z",
  snapshot: { id: "s-1" },
  target: { clusterId: "c-1", datacenter: "dc1" },
  lines: [line("token", "warning"), line("age", "warning"), line("archive", "pass")],
} as unknown as Preflight;
const typed: ActDraft = { ...emptyDraft, reason: " CHG-4821 ", typed: "dc1 " };

describe("before the red button", () => {
  it("is on only with a reason and the datacenter's own name", () => {
    expect(missingInDraft(emptyDraft, "dc1")).toBe("A reason is needed");
    expect(missingInDraft({ ...typed, typed: "dc2" }, "dc1")).toBe("Type dc1 to confirm");
    expect(missingInDraft(typed, "dc1")).toBeNull();
  });
  it("goes on without a safety snapshot only with a reason of its own", () => {
    expect(missingInDraft({ ...typed, safety: false, withoutSafetyReason: "because" }, "dc1")).toContain(
      "Say why",
    );
    expect(
      missingInDraft({ ...typed, safety: false, withoutSafetyReason: "no leader for hours" }, "dc1"),
    ).toBeNull();
  });
  it("waits for a preflight that is ready, young and without a block", () => {
    expect(blockedBy(undefined, now)).toContain("not ended");
    expect(blockedBy({ ...preflight, state: "running" }, now)).toContain("not ended");
    expect(blockedBy({ ...preflight, state: "failed" }, now)).toContain("failed");
    expect(blockedBy({ ...preflight, lines: [line("target", "block")] }, now)).toBe("Clear the block first");
    expect(blockedBy({ ...preflight, validUntil: "2026-07-23T03:14:22Z" }, now)).toContain("too old");
    expect(blockedBy(preflight, now)).toBeNull();
  });
  it("forgets the ticks when the preflight runs again", () => {
    const one = toggled({ preflightId: "", names: [] }, "p-1", "token", true);
    expect(unticked(preflight, one)).toBe("Tick each warning");
    const both = toggled(one, "p-1", "age", true);
    expect(unticked(preflight, both)).toBeNull();
    expect(tickedOf(both, "p-2")).toEqual([]);
    expect(unticked({ ...preflight, id: "p-2" }, both)).toBe("Tick each warning");
    expect(unticked(preflight, toggled(both, "p-1", "token", false))).toBe("Tick each warning");
  });
  it("sends what the contract takes, and no empty token", () => {
    const input = toStartInput(preflight, typed);
    expect(startRestoreInput.parse(input)).toEqual({
      snapshotId: "s-1",
      clusterId: "c-1",
      datacenter: "dc1",
      preflightId: "p-1",
      accepted: ["token", "age"],
      confirmDatacenter: "dc1",
      reason: "CHG-4821",
    });
  });
  it("names the way back by the restore alone", () => {
    const draft = { ...typed, safety: false, withoutSafetyReason: "it has no leader", token: " t " };
    expect(toReturnInput("r-1", draft)).toEqual({
      id: "r-1",
      confirmDatacenter: "dc1",
      reason: "CHG-4821",
      withoutSafetyReason: "it has no leader",
      token: "t",
    });
  });
});

describe("the preflight in words", () => {
  it("counts", () => {
    expect(preflightSummary(preflight.lines)).toBe("1 pass, 2 warnings, nothing blocks");
    expect(preflightSummary([line("target", "block")])).toBe("0 pass, 0 warnings, 1 block");
  });
  it("offers what helps", () => {
    expect(lineAct(line("token", "warning"))).toBe("check-token");
    expect(lineAct(line("target", "block"))).toBe("run-again");
    expect(lineAct(line("drill", "warning"))).toBe("drill");
    expect(lineAct(line("age", "warning"))).toBeNull();
    expect(lineAct(line("token", "pass"))).toBeNull();
  });
  it("says of a key what it is now and what it will be", () => {
    const key = { label: "a", closed: false };
    expect(keyChangeWords({ ...key, change: "reverts", liveBytes: 72, snapshotBytes: 64 })).toBe(
      "reverts, 72 B to 64 B",
    );
    expect(keyChangeWords({ ...key, change: "disappears", liveBytes: 0, snapshotBytes: null })).toBe(
      "disappears, 0 B",
    );
  });
  it("links to the comparison of that very moment", () => {
    const impact = { comparisonId: "x-1" } as Parameters<typeof fullDiffHref>[1];
    expect(fullDiffHref(preflight, impact)).toBe("/compare?a=s-1&b=live&id=x-1");
  });
});
