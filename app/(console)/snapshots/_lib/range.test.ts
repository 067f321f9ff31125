import { expect, it } from "vitest";
import { lastDayMs } from "#app/_ui/time-range.ts";
import { parseRange } from "./range.ts";

const now = Date.parse("2026-07-23T03:14:22Z");
const day = 86_400_000;

it("a preset begins at a UTC midnight, so that its key stays the same all day", () => {
  const morning = parseRange("14d", now);
  expect(morning).toEqual({ fromMs: Date.parse("2026-07-09T00:00:00Z"), toMs: null });
  expect(parseRange("14d", now + 20 * 3_600_000)).toEqual(morning);
});

it("two days are read whole, the last one included", () => {
  const range = parseRange("2026-07-09..2026-07-10", now);
  expect(range).toEqual({
    fromMs: Date.parse("2026-07-09T00:00:00Z"),
    toMs: Date.parse("2026-07-11T00:00:00Z"),
  });
  expect(range && lastDayMs(range)).toBe(Date.parse("2026-07-11T00:00:00Z") - day);
});

it("what can't be read means any time", () => {
  for (const text of ["", "soon", "2026-07-10..2026-07-09", "2026-13-40..2026-13-41"]) {
    expect(parseRange(text, now)).toBeNull();
  }
});
