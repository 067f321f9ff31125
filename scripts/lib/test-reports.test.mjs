import { describe, expect, it } from "vitest";
import {
  addResults,
  failedOnce,
  judgeRun,
  passedOnce,
  readPlaywrightReport,
  readVitestReport,
  totalLine,
} from "./test-reports.mjs";
import { bothEnds, firstLines } from "./text.mjs";

const vitestReport = {
  testResults: [
    {
      name: "/repo/core/a.test.ts",
      status: "failed",
      assertionResults: [
        { status: "passed", fullName: "a works" },
        { status: "failed", fullName: "a fails", failureMessages: ["expected 1 to be 2"] },
        { status: "skipped", fullName: "a waits" },
        { status: "todo", fullName: "a will" },
      ],
    },
    { name: "/repo/core/b.test.ts", status: "failed", message: "Cannot find module", assertionResults: [] },
  ],
};

const playwrightReport = {
  errors: [{ message: "global set-up failed" }],
  suites: [
    {
      title: "take.spec.ts",
      specs: [{ title: "takes", tests: [{ status: "expected" }] }],
      suites: [
        {
          title: "restore",
          specs: [
            { title: "is flaky", tests: [{ status: "flaky" }] },
            { title: "is skipped", tests: [{ status: "skipped" }] },
            {
              title: "fails",
              tests: [
                {
                  status: "unexpected",
                  results: [{ errors: [{ message: "\u001b[31mno such button\u001b[39m" }] }],
                },
              ],
            },
          ],
        },
      ],
    },
  ],
};

describe("the counts of a test run", () => {
  it("counts Vitest's tests, and a file that can't be loaded as one failure", () => {
    expect(readVitestReport(vitestReport, "/repo")).toEqual({
      passed: 1,
      failed: 2,
      skipped: 2,
      failures: [
        { name: "core/a.test.ts › a fails", text: "expected 1 to be 2" },
        { name: "core/b.test.ts", text: "Cannot find module" },
      ],
      skips: ["core/a.test.ts › a waits", "core/a.test.ts › a will"],
    });
  });

  it("counts Playwright's tests, a flaky one as passed and an error outside of them as failed", () => {
    expect(readPlaywrightReport(playwrightReport)).toEqual({
      passed: 2,
      failed: 2,
      skipped: 1,
      failures: [
        { name: "take.spec.ts › restore › fails", text: "no such button" },
        { name: "outside of the tests", text: "global set-up failed" },
      ],
      skips: ["take.spec.ts › restore › is skipped"],
    });
  });

  it("never lets a run without tests pass", () => {
    const nothing = { passed: 0, failed: 0, skipped: 3, failures: [], skips: [] };
    expect(judgeRun("unit", nothing, { code: 0, output: "" })).toMatchObject({ failed: 1, skipped: 3 });
  });

  it("never lets a run pass that ended badly without a failed test", () => {
    const fine = { passed: 5, failed: 0, skipped: 0, failures: [], skips: [] };
    const judged = judgeRun("unit", fine, { code: 1, output: "Unhandled rejection" });
    expect(judged).toMatchObject({ passed: 5, failed: 1 });
    expect(judged.failures[0].text).toContain("Unhandled rejection");
  });

  it("adds steps up to the last line", () => {
    const total = addResults([passedOnce(), failedOnce("types", "x"), passedOnce()]);
    expect(totalLine(total)).toBe("2 passed, 1 failed, 0 skipped");
  });

  it("says how much of a long text it left out", () => {
    expect(firstLines("a\nb\nc\nd\n", 2)).toBe("a\nb\n… 2 more lines");
    expect(firstLines("a\nb", 2)).toBe("a\nb");
    expect(bothEnds("a\nb\nc\nd\n", 1, 1)).toBe("a\n… 2 lines left out …\nd");
  });
});
