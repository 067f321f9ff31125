import { describe, expect, it } from "vitest";
import {
  advanceBuckets,
  compactCount,
  linearScale,
  linePath,
  nearestPoint,
  niceTicks,
  outlierLimit,
  timeTicks,
} from "./chart-math.ts";

const hour = 3_600_000;

describe("scales", () => {
  it("map a domain onto pixels, and a domain without width onto the middle", () => {
    expect(linearScale([0, 10], [0, 100])(5)).toBe(50);
    expect(linearScale([7, 7], [0, 100])(7)).toBe(50);
  });
  it("turn points into a path with a tenth of a pixel", () => {
    const plain = (value: number) => value;
    expect(
      linePath(
        [
          { atMs: 1, value: 2 },
          { atMs: 3.14, value: 4 },
        ],
        plain,
        plain,
      ),
    ).toBe("M1.0 2.0L3.1 4.0");
  });
});

describe("ticks", () => {
  it("stand on whole days over two weeks and on round hours over one day", () => {
    const day = 24 * hour;
    const weeks = timeTicks(0.5 * day, 14.5 * day, 5);
    expect(weeks.at.every((at) => at % day === 0)).toBe(true);
    expect(weeks.at.length).toBeLessThanOrEqual(5);
    expect(timeTicks(0, day, 6).stepMs).toBe(4 * hour);
  });
  it("of values are round and begin at zero", () => {
    expect(niceTicks(4_200, 2)).toEqual([0, 2_500]);
    expect(niceTicks(0, 2)).toEqual([0]);
  });
  it("read short", () => {
    expect(compactCount(840)).toBe("840");
    expect(compactCount(3_900)).toBe("3.9k");
    expect(compactCount(1_284_113)).toBe("1.3M");
  });
});

describe("the index's advance", () => {
  const points = [
    { atMs: 0, value: 100 },
    { atMs: 2 * hour, value: 300 },
    { atMs: 4 * hour, value: 300 },
  ];
  it("is spread evenly between two snapshots", () => {
    expect(advanceBuckets(points, 0, 4 * hour, hour).map((bucket) => bucket.advance)).toEqual([
      100, 100, 0, 0,
    ]);
  });
  it("is nothing before the first snapshot and after the last", () => {
    expect(advanceBuckets(points, -2 * hour, 0, hour).map((bucket) => bucket.advance)).toEqual([0, 0]);
    expect(advanceBuckets(points, 4 * hour, 5 * hour, hour).map((bucket) => bucket.advance)).toEqual([0]);
  });
  it("is never below zero when the index fell", () => {
    const fell = [
      { atMs: 0, value: 300 },
      { atMs: hour, value: 10 },
    ];
    expect(advanceBuckets(fell, 0, hour, hour)[0]?.advance).toBe(0);
  });
  it("is strong beyond twice the median, once there is enough to compare with", () => {
    const buckets = [1, 2, 3, 4, 50].map((advance, i) => ({ fromMs: i, advance }));
    expect(outlierLimit(buckets)).toBe(6);
    expect(outlierLimit(buckets.slice(0, 3))).toBe(Number.POSITIVE_INFINITY);
  });
});

it("the hover finds the point nearest in time", () => {
  const points = [
    { atMs: 0, value: 1 },
    { atMs: 10, value: 2 },
  ];
  expect(nearestPoint(points, 6)?.value).toBe(2);
  expect(nearestPoint([], 6)).toBeNull();
});
