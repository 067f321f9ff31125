import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { ensureBuilt } from "../build.mjs";
import { needChromium, needConsul } from "./needs.mjs";
import { inRepo, repoRoot } from "./paths.mjs";
import { runNode, start } from "./run.mjs";
import { say } from "./say.mjs";
import { failedOnce, judgeRun, passedOnce, readPlaywrightReport, readVitestReport } from "./test-reports.mjs";
import { bothEnds, lastLines } from "./text.mjs";

const tool = (...parts) => inRepo("node_modules", ...parts);
const codeFolders = ["app", "core", "server", "scripts", "e2e"].filter((folder) =>
  existsSync(inRepo(folder)),
);
const resultFolder = inRepo("test-results");
/** Each test has a time of its own; this one is for a runner that never comes back. */
const runnerTimeoutMs = 45 * 60_000;

/** Runs commands one after another; the first that fails is the reason. */
async function runChecks(name, commands, environment, step) {
  for (const { args, env } of commands) {
    const { code, output } = await runNode(args, {
      env: { ...environment, ...env },
      onLine: (line) => line.trim() !== "" && step.detail(line),
    });
    if (code !== 0) return failedOnce(name, bothEnds(output, 60, 60));
  }
  return passedOnce();
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

/** Runs a test runner that leaves a JSON report; failures show at once, the rest as the step's detail. */
async function runTests(name, { file, args, env, read }, step) {
  mkdirSync(resultFolder, { recursive: true });
  rmSync(file, { force: true });
  const runner = start(process.execPath, args, {
    env,
    onLine: (line) => {
      if (/^\s*[×✘]/.test(line)) say(`  ${line.trim()}`);
      else if (/^\s*✓/.test(line)) step.detail(line);
    },
  });
  const timer = setTimeout(runner.stop, runnerTimeoutMs);
  const ended = await runner.ended;
  clearTimeout(timer);
  const report = readReport(file);
  if (report === null) {
    return failedOnce(
      name,
      `It left no report and ended with code ${ended.code}.\n${lastLines(ended.output, 60)}`,
    );
  }
  return judgeRun(name, read(report), ended);
}

function runVitest(name, project, { environment, filters }, step) {
  const file = inRepo("test-results", `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  return runTests(
    name,
    {
      file,
      args: [
        tool("vitest/vitest.mjs"),
        "run",
        `--project=${project}`,
        "--allowOnly=false",
        ...reporters,
        ...filters,
      ],
      env: environment,
      read: (report) => readVitestReport(report, repoRoot),
    },
    step,
  );
}

async function runIntegrationTests(name, context, step) {
  const consul = await needConsul();
  const environment = { ...context.environment, CONSUL_BIN: consul.path };
  return runVitest(name, "integration", { ...context, environment }, step);
}

async function runBrowserTests(name, { environment, filters }, step) {
  const consul = await needConsul();
  const chromium = await needChromium();
  const browser = chromium.path === null ? {} : { CHROMIUM_BIN: chromium.path };
  return runTests(
    name,
    {
      file: inRepo("test-results", "e2e.json"),
      args: [tool("@playwright/test/cli.js"), "test", ...filters],
      env: { ...environment, ...browser, CONSUL_BIN: consul.path },
      read: readPlaywrightReport,
    },
    step,
  );
}

/** A check of the sources, which counts as one test. */
function sourceCheck(id, name, commands) {
  const run = (_, { environment }, step) => runChecks(name, commands, environment, step);
  return { id, name, fast: true, run };
}

const biome = [tool("@biomejs/biome/bin/biome"), "ci", "--colors=off", "--diagnostic-level=error", "."];
const depcruise = [
  tool("dependency-cruiser/bin/dependency-cruise.mjs"),
  "--config",
  ".dependency-cruiser.cjs",
];

/**
 * Everything that `npm test` runs, in order. `fast` belongs to `npm run check` as well; `alone` must not share
 * the machine with another one; `run(name, { environment, filters }, step)` gives a result.
 */
export const checks = [
  sourceCheck("lint", "format and lint", [{ args: biome }]),
  // The types of the routes are generated, and tsc needs them.
  sourceCheck("types", "types", [
    { args: [tool("next/dist/bin/next"), "typegen"] },
    { args: [tool("typescript/bin/tsc"), "--noEmit"] },
  ]),
  sourceCheck("architecture", "architecture", [
    { args: [...depcruise, ...codeFolders] },
    { args: [...depcruise, "app"], env: { ARCH_PASS: "client" } },
  ]),
  sourceCheck("dead-code", "dead code", [{ args: [tool("knip/bin/knip.js"), "--no-progress"] }]),
  sourceCheck("migrations", "migrations add up", [{ args: [inRepo("scripts/migration.mjs"), "--check"] }]),
  {
    id: "unit",
    name: "unit",
    fast: true,
    alone: true,
    run: (name, context, step) => runVitest(name, "unit", context, step),
  },
  {
    id: "build",
    name: "build",
    alone: true,
    run: async () => {
      await ensureBuilt();
      return passedOnce();
    },
  },
  { id: "integration", name: "integration", alone: true, needsBuild: true, run: runIntegrationTests },
  { id: "e2e", name: "end to end", alone: true, needsBuild: true, run: runBrowserTests },
];
