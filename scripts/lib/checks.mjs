import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { ensureBuilt } from "../build.mjs";
import { findChromium } from "./chromium.mjs";
import { findConsul } from "./consul-binary.mjs";
import { inRepo, repoRoot } from "./paths.mjs";
import { runNode } from "./run.mjs";
import { say } from "./say.mjs";
import { failedOnce, judgeRun, passedOnce, readPlaywrightReport, readVitestReport } from "./test-reports.mjs";
import { bothEnds, lastLines } from "./text.mjs";

const tool = (...parts) => inRepo("node_modules", ...parts);
const codeFolders = ["app", "core", "server", "scripts", "e2e"].filter((folder) =>
  existsSync(inRepo(folder)),
);
const resultFolder = inRepo("test-results");

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
  const ended = await runNode(args, {
    env,
    onLine: (line) => {
      if (/^\s*[×✘]/.test(line)) say(`  ${line.trim()}`);
      else if (/^\s*✓/.test(line)) step.detail(line);
    },
  });
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

const depcruise = [
  tool("dependency-cruiser/bin/dependency-cruise.mjs"),
  "--config",
  ".dependency-cruiser.cjs",
];
const nextTypes = existsSync(inRepo("app")) ? [{ args: [tool("next/dist/bin/next"), "typegen"] }] : [];

/**
 * Everything that `npm test` runs, in order. `fast` belongs to `npm run check` as well; `alone` must not share
 * the machine with another one; `run(name, { environment, filters }, step)` gives a result.
 */
export const checks = [
  {
    id: "lint",
    name: "format and lint",
    fast: true,
    run: (name, { environment }, step) =>
      runChecks(
        name,
        [{ args: [tool("@biomejs/biome/bin/biome"), "ci", "--colors=off", "--diagnostic-level=error", "."] }],
        environment,
        step,
      ),
  },
  {
    id: "types",
    name: "types",
    fast: true,
    run: (name, { environment }, step) =>
      runChecks(name, [...nextTypes, { args: [tool("typescript/bin/tsc"), "--noEmit"] }], environment, step),
  },
  {
    id: "architecture",
    name: "architecture",
    fast: true,
    run: (name, { environment }, step) =>
      runChecks(
        name,
        [
          { args: [...depcruise, ...codeFolders] },
          { args: [...depcruise, "app"], env: { ARCH_PASS: "client" } },
        ],
        environment,
        step,
      ),
  },
  {
    id: "dead-code",
    name: "dead code",
    fast: true,
    run: (name, { environment }, step) =>
      runChecks(name, [{ args: [tool("knip/bin/knip.js"), "--no-progress"] }], environment, step),
  },
  {
    id: "migrations",
    name: "migrations add up",
    fast: true,
    run: (name, { environment }, step) =>
      runChecks(name, [{ args: [inRepo("scripts/migration.mjs"), "--check"] }], environment, step),
  },
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
  {
    id: "integration",
    name: "integration",
    alone: true,
    needsBuild: true,
    run: async (name, context, step) => {
      const consul = await findConsul({ fetch: true, say });
      const environment = { ...context.environment, CONSUL_BIN: consul.path };
      return runVitest(name, "integration", { ...context, environment }, step);
    },
  },
  {
    id: "e2e",
    name: "end to end",
    alone: true,
    needsBuild: true,
    run: runBrowserTests,
  },
];

async function runBrowserTests(name, { environment, filters }, step) {
  const consul = await findConsul({ fetch: true, say });
  const chromium = await findChromium({ fetch: true, say });
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
