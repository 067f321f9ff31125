// npm test: everything, from whatever state the checkout is in. Goes on after a failure; the last line counts.
//   --fast            format, lint, types, architecture, dead code, migrations, unit (npm run check)
//   --only <step>     one step, by its id; what follows narrows it: --only unit core/archive
import { ensureGenerated, ensurePackages } from "./lib/bootstrap.mjs";
import { endOnSignals, stopAll } from "./lib/run.mjs";
import { formatDuration, progress, say } from "./lib/say.mjs";
import { checkSecrets } from "./lib/secrets-check.mjs";
import { addResults, failedOnce, passedOnce, totalLine } from "./lib/test-reports.mjs";
import { TestRoom } from "./lib/test-room.mjs";
import { firstLines } from "./lib/text.mjs";
import { runMain, Trouble } from "./lib/trouble.mjs";

function chooseChecks(args, checks) {
  if (args[0] === "--fast") return { chosen: checks.filter((check) => check.fast), filters: [] };
  if (args[0] !== "--only") return { chosen: checks, filters: [] };
  const chosen = checks.filter((check) => check.id === args[1]);
  if (chosen.length === 0) {
    const known = checks.map((check) => check.id).join(", ");
    throw new Trouble(`There is no step "${args[1] ?? ""}". The steps are ${known}.`);
  }
  // A step that uses the built app brings the build along.
  const build = checks.filter((check) => check.id === "build" && chosen[0].needsBuild);
  return { chosen: [...build, ...chosen], filters: args.slice(2) };
}

/** Runs one check, whatever happens in it, and prints its failures at once. */
async function runCheck(check, context) {
  const step = progress.begin(check.name);
  let result;
  try {
    result = await check.run(check.name, context, step);
  } catch (error) {
    result = failedOnce(check.name, error instanceof Trouble ? error.message : String(error?.stack ?? error));
  }
  const count = result.passed + result.failed + result.skipped;
  const note = count > 1 ? totalLine(result) : "";
  if (result.failed === 0) step.done(note);
  else step.fail(note);
  for (const failure of result.failures) say(indent(`${failure.name}\n${firstLines(failure.text, 130)}`));
  return { name: check.name, durationMs: step.elapsedMs(), result };
}

function indent(text) {
  return text.replace(/^/gm, "    ");
}

async function unbuilt(name) {
  return failedOnce(name, "It did not run, since the build failed.");
}

/** The quick checks share the two cores in pairs; the others have the machine to themselves. */
async function runAll(chosen, context) {
  const done = new Map();
  const queue = chosen.filter((check) => !check.alone);
  const worker = async () => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
      done.set(check, await runCheck(check, context));
    }
  };
  await Promise.all([worker(), worker()]);
  let isBuilt = true;
  for (const check of chosen.filter((one) => one.alone)) {
    const outcome = await runCheck(
      check.needsBuild && !isBuilt ? { ...check, run: unbuilt } : check,
      context,
    );
    if (check.id === "build") isBuilt = outcome.result.failed === 0;
    done.set(check, outcome);
  }
  return chosen.map((check) => done.get(check));
}

async function closeRoom(room) {
  const killed = await room.close();
  if (killed.length === 0) return passedOnce();
  const list = killed.map(({ pid, command }) => `${pid} ${command.slice(0, 160)}`).join("\n");
  return failedOnce("nothing left running", `These processes outlived their test and were killed:\n${list}`);
}

function printSummary(outcomes, total, startedAt) {
  say();
  for (const { name, durationMs, result } of outcomes) {
    const mark = result.failed === 0 ? progress.paint("green", "✓") : progress.paint("red", "✗");
    say(`${mark} ${name.padEnd(22)}${formatDuration(durationMs).padStart(12)}   ${totalLine(result)}`);
  }
  for (const name of total.skips) say(`  skipped: ${name}`);
  if (total.failures.length > 0) say(`\n${progress.paint("bold", "What failed")}`);
  for (const { name, text } of total.failures) {
    say(`${progress.paint("red", "✗")} ${name}\n${indent(firstLines(text, 12))}`);
  }
  say(`\nAll of it took ${formatDuration(Date.now() - startedAt)}.`);
}

async function main() {
  const startedAt = Date.now();
  await ensurePackages();
  await ensureGenerated();
  const { checks } = await import("./lib/checks.mjs");
  const { chosen, filters } = chooseChecks(process.argv.slice(2), checks);
  const room = new TestRoom();
  endOnSignals(async () => {
    await stopAll({ graceMs: 3_000 });
    await room.close(500);
  });
  const outcomes = await runAll(chosen, { environment: room.environment(), filters });
  if (chosen.length === checks.length) {
    const name = "no secret in logs and pages";
    outcomes.push(await runCheck({ name, run: async () => checkSecrets(name, room.evidence) }, {}));
  }
  outcomes.push({ name: "nothing left running", durationMs: 0, result: await closeRoom(room) });
  const total = addResults(outcomes.map((outcome) => outcome.result));
  printSummary(outcomes, total, startedAt);
  console.log(totalLine(total));
  process.exitCode = total.failed > 0 ? 1 : 0;
}

await runMain(main);
