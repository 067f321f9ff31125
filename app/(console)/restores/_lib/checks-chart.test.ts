import { describe, expect, it } from "vitest";
import type { RestoreSample } from "#core/restore/contract.ts";
import { checksChart } from "./checks-chart.ts";
import { logText } from "./log-words.ts";

const sample = (second: number, checksPassing: number | null, checksTotal: number | null = 612) =>
  ({
    at: `2026-07-23T03:18:${String(second).padStart(2, "0")}Z`,
    checksPassing,
    checksTotal,
  }) as RestoreSample;

describe("the passing checks since a restore", () => {
  it("are drawn and said, with the lowest of them", () => {
    const chart = checksChart([sample(0, 612), sample(10, 488), sample(20, 612)], "2026-07-23T03:18:09Z");
    expect(chart?.text).toBe("612 of 612 service checks pass now, lowest 488 at 03:18:10");
    expect(chart?.low).toEqual({ x: 162, value: 488, textX: 172 });
    expect(chart?.appliedX).toBeCloseTo(145.8);
    expect(chart?.path).toBe("M0.0 8.0L162.0 44.0L324.0 8.0");
  });
  it("keep the lowest value clear of the word beside the line of the moment of applying", () => {
    const chart = checksChart([sample(0, 612), sample(4, 488), sample(59, 612)], "2026-07-23T03:18:03Z");
    expect(chart?.appliedText.anchor).toBe("start");
    expect(chart?.low?.textX).toBeGreaterThanOrEqual((chart?.appliedX ?? 0) + 44);
  });
  it("stay at the top when nothing changed", () => {
    const chart = checksChart([sample(0, 612), sample(10, 612)], null);
    expect(chart?.last.y).toBe(8);
    expect(chart?.low).toBeNull();
    expect(chart?.appliedX).toBeNull();
    expect(chart?.text).toBe("612 of 612 service checks pass now, no fewer since the restore");
  });
  it("are not drawn of one sample, nor of samples that Consul did not answer", () => {
    expect(checksChart([sample(0, 612)], null)).toBeNull();
    expect(checksChart([sample(0, 612), sample(10, null, null)], null)).toBeNull();
  });
});

describe("the log", () => {
  it("is copied as it is read", () => {
    const log = [
      { at: "2026-07-23T03:18:19.412Z", text: "contents equal" },
      { at: "2026-07-23T05:18:20+02:00", text: "token checked" },
    ];
    expect(logText(log)).toBe("03:18:19.412  contents equal\n03:18:20.000  token checked");
  });
});
