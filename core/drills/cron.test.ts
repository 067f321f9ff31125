import { describe, expect, it } from "vitest";
import { assertCron, newestDue, nextAfter } from "./cron.ts";

const at = (text: string) => new Date(text);

describe("the newest time that is due", () => {
  it.each([
    ["0 4 * * 1", "2026-11-23T03:59:59.999Z", "2026-11-16T04:00:00.000Z"],
    ["0 4 * * 1", "2026-11-23T04:00:00.000Z", "2026-11-23T04:00:00.000Z"],
    ["0 4 * * 1", "2026-11-23T04:00:00.001Z", "2026-11-23T04:00:00.000Z"],
    ["*/15 * * * *", "2026-11-23T04:29:59.999Z", "2026-11-23T04:15:00.000Z"],
    // Neither hour of a change to or from summer time is there twice or not at all.
    ["30 2 * * *", "2026-03-29T02:30:00.000Z", "2026-03-29T02:30:00.000Z"],
    ["30 1 * * *", "2026-10-25T12:00:00.000Z", "2026-10-25T01:30:00.000Z"],
    ["0 0 29 2 *", "2027-06-01T00:00:00.000Z", "2024-02-29T00:00:00.000Z"],
  ])("of %s at %s is %s", (cron, now, due) => {
    expect(newestDue(cron, at(now))?.toISOString()).toBe(due);
  });
});

it("the next time is after now, in UTC", () => {
  expect(nextAfter("0 4 * * 1", at("2026-11-23T04:00:00.000Z"))?.toISOString()).toBe(
    "2026-11-30T04:00:00.000Z",
  );
});

it.each([
  "",
  "* * * *",
  "* * * * * *",
  "@daily",
  "0 25 * * *",
  "60 * * * *",
  "a b c d e",
  "0 0 31 2 *",
  "0 4 * * 1 2026",
])("%j is refused, with the field and a sentence", (cron) => {
  expect(() => assertCron(cron, at("2026-11-23T04:00:00.000Z"))).toThrow(
    expect.objectContaining({
      code: "invalid_input",
      field: "cron",
      userMessage: expect.stringMatching(/\.$/),
    }),
  );
});
