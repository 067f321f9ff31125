import { describe, expect, it } from "vitest";
import { auditListInput, auditOutcomes, exportInput } from "#core/audit/contract.ts";
import {
  type AuditFilters,
  filterOutcomes,
  isFiltered,
  noFilters,
  toFilterInput,
  toListInput,
} from "./filters.ts";

const now = Date.parse("2026-07-23T03:14:22Z");
const all: AuditFilters = {
  q: " 10.44 ",
  actor: "night-shift",
  action: "snapshot.",
  outcome: "denied",
  time: "2026-07-09..2026-07-10",
  target: "s-1",
  snapshot: "s-2",
  correlation: "c-1",
};

describe("the filter in the URL", () => {
  it("is understood by the API, every part of it", () => {
    const input = toListInput({ ...all, before: "cursor", newer: null }, now);
    expect(auditListInput.parse(input)).toEqual({
      q: "10.44",
      actor: "night-shift",
      action: "snapshot.",
      outcome: "denied",
      from: "2026-07-09T00:00:00.000Z",
      to: "2026-07-11T00:00:00.000Z",
      targetId: "s-1",
      snapshotId: "s-2",
      correlationId: "c-1",
      before: "cursor",
      limit: 100,
    });
    expect(exportInput.safeParse({ ...toFilterInput(all, now), format: "csv" }).success).toBe(true);
  });

  it("sends nothing that isn't set", () => {
    expect(toFilterInput(noFilters, now)).toEqual({});
    expect(toListInput({ ...noFilters, before: null, newer: null }, now)).toEqual({ limit: 100 });
  });

  it("never sends two cursors", () => {
    expect(toListInput({ ...noFilters, before: "b", newer: "n" }, now)).toEqual({ before: "b", limit: 100 });
  });

  it("knows of each part whether anything is narrowed down", () => {
    expect(isFiltered(noFilters)).toBe(false);
    expect(isFiltered({ ...noFilters, q: "  " })).toBe(false);
    for (const name of Object.keys(all) as (keyof AuditFilters)[]) {
      expect(isFiltered({ ...noFilters, [name]: all[name] }), name).toBe(true);
    }
  });

  it("offers every outcome that there is", () => {
    expect([...filterOutcomes].sort()).toEqual([...auditOutcomes].sort());
  });
});
