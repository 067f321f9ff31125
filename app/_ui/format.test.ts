import { describe, expect, it } from "vitest";
import {
  formatAge,
  formatBytes,
  formatBytesChange,
  formatChange,
  formatCount,
  formatDigest,
  formatDuration,
  formatNumber,
  formatObjective,
  percentOf,
} from "./format.ts";
import { utcDay, utcDayHeading, utcMinute, utcShort, utcTime, utcTitle } from "./format-time.ts";

const minute = 60_000;
const hour = 60 * minute;

describe("numbers", () => {
  it("have thousands commas, a true minus sign, and an em dash for what is not known", () => {
    expect(formatNumber(1_284_113)).toBe("1,284,113");
    expect(formatNumber(-42)).toBe("−42");
    expect(formatNumber(0)).toBe("0");
    expect(formatNumber(null)).toBe("—");
    expect(formatChange(1_909)).toBe("+1,909");
    expect(formatChange(-3)).toBe("−3");
    expect(formatChange(0)).toBe("0");
    expect(formatCount(1, "snapshot")).toBe("1 snapshot");
    expect(formatCount(1204, "snapshot")).toBe("1,204 snapshots");
  });
  it("turn into whole percent, rounded down and inside 0 to 100", () => {
    expect(percentOf(141, 212)).toBe(66);
    expect(percentOf(300, 212)).toBe(100);
    expect(percentOf(1, null)).toBeNull();
    expect(percentOf(1, 0)).toBeNull();
  });
});

describe("sizes", () => {
  it("are decimal with one digit, whole bytes up to 999", () => {
    expect(formatBytes(212_400_000)).toBe("212.4 MB");
    expect(formatBytes(999)).toBe("999 B");
    expect(formatBytes(1_000)).toBe("1.0 KB");
    expect(formatBytes(0)).toBe("0 B");
    expect(formatBytes(198_000_000_000, { digits: 0 })).toBe("198 GB");
    expect(formatBytes(null)).toBe("—");
  });
  it("never round up to a thousand of the smaller unit", () => {
    expect(formatBytes(999_960)).toBe("1.0 MB");
    expect(formatBytes(999_940)).toBe("999.9 KB");
  });
  it("change with a sign, in the unit of the size beside them", () => {
    expect(formatBytesChange(300_000, { of: 212_400_000 })).toBe("+0.3 MB");
    expect(formatBytesChange(-100_000, { of: 18_400_000 })).toBe("−0.1 MB");
    expect(formatBytesChange(-300, { of: 140_900_000 })).toBe("0.0 MB");
    expect(formatBytesChange(300_000)).toBe("+300.0 KB");
    expect(formatBytesChange(null)).toBe("—");
  });
});

describe("durations and ages", () => {
  it("have two units at most", () => {
    expect(formatDuration(84)).toBe("84 ms");
    expect(formatDuration(0)).toBe("0 ms");
    expect(formatDuration(2_400)).toBe("2.4 s");
    expect(formatDuration(7_000)).toBe("7 s");
    expect(formatDuration(42 * minute)).toBe("42 min");
    expect(formatDuration(3 * hour + 12 * minute + 40_000)).toBe("3 h 12 min");
    expect(formatDuration(4 * minute + 12_000)).toBe("4 min 12 s");
    expect(formatDuration(6 * 24 * hour + 4 * hour)).toBe("6 d 4 h");
  });
  it("round ages down, and never show a negative one", () => {
    expect(formatAge(119 * minute)).toBe("1 h");
    expect(formatAge(112 * minute, { units: 2 })).toBe("1 h 52 min");
    expect(formatAge(59_999)).toBe("59 s");
    expect(formatAge(-500)).toBe("0 s");
    expect(formatAge(24 * hour + 30 * minute, { units: 2 })).toBe("1 d");
  });
  it("name objectives as people do", () => {
    expect(formatObjective(60)).toBe("1 h");
    expect(formatObjective(90)).toBe("1 h 30 min");
    expect(formatObjective(24 * 60)).toBe("24 h");
    expect(formatObjective(7 * 24 * 60)).toBe("7 d");
    expect(formatObjective(15)).toBe("15 min");
  });
});

describe("times", () => {
  const at = "2026-07-23T02:32:04.900Z";
  const now = Date.parse("2026-07-23T03:14:22Z");
  it("are UTC, 24 h, with the year only when it differs", () => {
    expect(utcTime(at)).toBe("02:32:04");
    expect(utcMinute(at)).toBe("02:32");
    expect(utcTitle(at, now)).toBe("Thu 23 Jul 02:32:04 UTC");
    expect(utcTitle("2025-07-23T02:32:04Z", now)).toBe("Wed 23 Jul 2025 02:32:04 UTC");
    expect(utcDay(at, now)).toBe("Thu 23 Jul");
    expect(utcTime(null)).toBe("—");
    expect(utcTime("nonsense")).toBe("—");
  });
  it("name the day of now Today, and short times carry a date only on other days", () => {
    expect(utcDayHeading(at, now)).toBe("Today, Thu 23 Jul");
    expect(utcDayHeading("2026-07-22T23:59:59Z", now)).toBe("Wed 22 Jul");
    expect(utcShort(at, now)).toBe("02:32");
    expect(utcShort("2026-07-22T23:32:00Z", now)).toBe("22 Jul 23:32");
  });
});

describe("digests", () => {
  it("show their first and last four", () => {
    expect(formatDigest("8c1f00112233445566778899e07a")).toBe("8c1f…e07a");
    expect(formatDigest(null)).toBe("—");
  });
});
