import { describe, expect, it } from "vitest";
import { roomLine } from "./room-line.ts";

const reserveBytes = 16 * 1024 * 1024;
const mb = 1e6;

describe("room for what a restore writes", () => {
  it("is counted for the safety snapshot and the check, each as the larger of the two archives", () => {
    const sizes = { liveBytes: 10 * mb, chosenBytes: 100 * mb };
    for (const swapped of [sizes, { liveBytes: sizes.chosenBytes, chosenBytes: sizes.liveBytes }]) {
      const of = (freeBytes: number) => roomLine({ ...swapped, freeBytes });
      expect(of(240 * mb + reserveBytes)).toMatchObject({ result: "pass" });
      expect(of(240 * mb + reserveBytes - 1)).toMatchObject({
        result: "warning",
        title: "There may be no room for the check after the restore",
        extent: 1,
      });
      expect(of(120 * mb + reserveBytes - 1)).toMatchObject({
        result: "warning",
        title: "There may be no room for the safety snapshot",
        extent: 2,
      });
    }
  });

  it("is told with its numbers", () => {
    const of = (freeBytes: number) =>
      roomLine({ liveBytes: 10 * mb, chosenBytes: 100 * mb, freeBytes }).detail;
    expect(of(500 * mb)).toBe("100 MB each, 500 MB left");
    expect(of(100 * mb)).toBe(
      "The target's archive has 10 MB, the chosen one 100 MB. The safety snapshot and the one of the check take up to 100 MB each, with a reserve 256.8 MB; the store has 100 MB left.",
    );
  });

  it("warns where one of the three is not known, and never takes it for nothing", () => {
    const known = { freeBytes: 1e12, liveBytes: mb, chosenBytes: mb };
    expect(roomLine(known).result).toBe("pass");
    for (const name of ["freeBytes", "liveBytes", "chosenBytes"] as const)
      expect(roomLine({ ...known, [name]: null })).toMatchObject({ result: "warning", reason: "unknown" });
  });
});
