import { describe, expect, it } from "vitest";
import { cronPresets, cronWords, presetOf } from "./cron-words.ts";

describe("a schedule in words", () => {
  it("tells the usual ones", () => {
    expect(cronWords("0 4 * * *")).toBe("every day at 04:00");
    expect(cronWords("30 23 * * 1")).toBe("every Monday at 23:30");
    expect(cronWords("0 4 * * 0,7,3")).toBe("every Sunday, Wednesday at 04:00");
    expect(cronWords("5 0 15 * *")).toBe("every month on day 15 at 00:05");
    expect(cronWords("32 * * * *")).toBe("every hour at minute 32");
  });

  it("says nothing rather than something wrong", () => {
    const odd = [
      "*/5 * * * *",
      "0 4 1 * 1",
      "0 4 * 2 *",
      "0 4-6 * * *",
      "61 4 * * *",
      "0 25 * * *",
      "0 4 0 * *",
      "0 4 * * 8",
      "0 4 * * MON",
      "0 4 * *",
      "0 * 1 * *",
      "",
    ];
    expect(odd.map(cronWords)).toEqual(odd.map(() => ""));
  });

  it("knows its presets, and has words for each", () => {
    expect(presetOf(" 0  4 * * * ")).toBe("daily");
    expect(presetOf(cronPresets.weekly.cron)).toBe("weekly");
    expect(presetOf("0 5 * * *")).toBe("own");
    for (const { cron } of Object.values(cronPresets)) expect(cronWords(cron)).not.toBe("");
  });
});
