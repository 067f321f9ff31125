import { stripVTControlCharacters } from "node:util";
import { lastLines } from "./text.mjs";

/**
 * What a step of the tests came to. Results add up.
 *
 * @typedef {object} Result
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {{ name: string, text: string }[]} failures
 * @property {string[]} skips names of what was skipped
 */

/** @returns {Result} */
export function emptyResult() {
  return { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
}

/** @returns {Result} */
export function passedOnce() {
  return { ...emptyResult(), passed: 1 };
}

/** @returns {Result} */
export function failedOnce(name, text) {
  return { ...emptyResult(), failed: 1, failures: [{ name, text }] };
}

/** @param {Result[]} results */
export function addResults(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  return {
    passed: sum("passed"),
    failed: sum("failed"),
    skipped: sum("skipped"),
    failures: results.flatMap((result) => result.failures),
    skips: results.flatMap((result) => result.skips),
  };
}

export function totalLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function addFailure(result, name, text) {
  result.failed += 1;
  result.failures.push({ name, text: stripVTControlCharacters(text) });
}

function addSkip(result, name) {
  result.skipped += 1;
  result.skips.push(name);
}

/** Vitest's JSON report. A file that could not even be loaded counts as one failure. */
export function readVitestReport(report, root = "") {
  const result = emptyResult();
  for (const file of report.testResults ?? []) {
    const fileName = file.name.startsWith(root) ? file.name.slice(root.length).replace(/^\//, "") : file.name;
    const failedBefore = result.failed;
    for (const test of file.assertionResults ?? []) {
      const name = `${fileName} › ${test.fullName || test.title}`;
      if (test.status === "passed") result.passed += 1;
      else if (test.status === "failed") addFailure(result, name, (test.failureMessages ?? []).join("\n"));
      else addSkip(result, name);
    }
    if (file.status === "failed" && result.failed === failedBefore) {
      addFailure(result, fileName, file.message || "The file could not be run.");
    }
  }
  return result;
}

function addBrowserTest(result, name, test) {
  // A flaky test passed in the end, at its one retry.
  if (test.status === "expected" || test.status === "flaky") result.passed += 1;
  else if (test.status === "skipped") addSkip(result, name);
  else {
    const errors = (test.results ?? []).at(-1)?.errors ?? [];
    addFailure(result, name, errors.map((error) => error.message ?? "").join("\n"));
  }
}

/** Playwright's JSON report. Errors outside of a test (a global set-up that fails) count as failures. */
export function readPlaywrightReport(report) {
  const result = emptyResult();
  const visit = (suite, path) => {
    for (const spec of suite.specs ?? []) {
      const name = [...path, spec.title].filter((part) => part !== "").join(" › ");
      for (const test of spec.tests ?? []) addBrowserTest(result, name, test);
    }
    for (const child of suite.suites ?? []) visit(child, [...path, child.title]);
  };
  for (const suite of report.suites ?? []) visit(suite, [suite.title]);
  for (const error of report.errors ?? []) {
    addFailure(result, "outside of the tests", error.message ?? String(error));
  }
  return result;
}

/**
 * What a runner's report means once its exit code is known as well: a run that ended badly without saying why,
 * or that found nothing to run, must not look like success.
 */
export function judgeRun(name, result, { code, output }) {
  const ran = result.passed + result.failed;
  if (code !== 0 && result.failed === 0) {
    return addResults([result, failedOnce(name, `It ended with code ${code}.\n${lastLines(output, 30)}`)]);
  }
  if (ran === 0) return addResults([result, failedOnce(name, "It ran no tests.")]);
  return result;
}
