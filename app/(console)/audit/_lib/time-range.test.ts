import { describe, expect, it } from "vitest";
import { lastDayMs } from "#app/_ui/time-range.ts";
import { parseTime, timePresets, timeStepMs } from "./time-range.ts";

const now = Date.parse("2026-07-23T03:14:22Z");
const iso = (ms: number | null | undefined) =>
  ms === null || ms === undefined ? null : new Date(ms).toISOString();

describe("a span up to now", () => {
  it("holds at least the time it names, for every preset", () => {
    for (const { value, hours } of timePresets) {
      const range = parseTime(value, now);
      expect(range?.toMs).toBeNull();
      expect(now - (range?.fromMs ?? 0)).toBeGreaterThanOrEqual(hours * 3_600_000);
      expect(now - (range?.fromMs ?? 0)).toBeLessThan(hours * 3_600_000 + timeStepMs);
    }
  });

  it("stays the same while the clock ticks", () => {
    expect(parseTime("24h", now + 30_000)).toEqual(parseTime("24h", now));
  });
});

describe("two days", () => {
  it("are both part of the range, to the last second of the second", () => {
    const range = parseTime("2026-07-09..2026-07-10", now);
    expect(iso(range?.fromMs)).toBe("2026-07-09T00:00:00.000Z");
    expect(iso(range?.toMs)).toBe("2026-07-11T00:00:00.000Z");
    expect(iso(range === null ? null : lastDayMs(range))).toBe("2026-07-10T00:00:00.000Z");
  });

  it("that can't be read mean any time", () => {
    for (const text of ["", "5y", "2026-07-10..2026-07-09", "2026-13-01..2026-13-02", "2026-07-09"]) {
      expect(parseTime(text, now), text).toBeNull();
    }
  });
});
