import path from "node:path";
import { runNode } from "../lib/run.mjs";
import { Trouble } from "../lib/trouble.mjs";
import { timed } from "./commands.mjs";
import { alternate } from "./figures.mjs";
import { formatSeconds, median, toFigure } from "./statistics.mjs";

const msOf = (results) => results.map(({ ms }) => ms);
const megabytes = (bytes) => `${(bytes / 1_000_000).toFixed(0)} MB`;

/** Runs one task of the engine in a process of its own. */
export async function runEngine(engine, ...args) {
  const startedAt = performance.now();
  const { output } = await runNode([engine, ...args], { env: { NODE_ENV: "production" } });
  const ms = performance.now() - startedAt;
  const answer = JSON.parse(output);
  if (!answer.ok) throw new Trouble(`The archive does not verify: ${JSON.stringify(answer.findings)}`);
  return { ms, ...answer };
}

/** Looking into an archive, against only verifying it and against Consul's own command. */
export async function measureInspect({ file, runs, engine, consulBinary }, step) {
  const sides = {
    inspect: () => runEngine(engine, "inspect", file),
    verify: () => runEngine(engine, "verify", file),
    consul: () => timed(consulBinary, ["snapshot", "inspect", file]),
  };
  const { inspect, verify, consul } = await alternate(runs, sides, step);
  const ours = msOf(inspect);
  const note = `Its memory peaks at ${megabytes(Math.max(...inspect.map(({ peakBytes }) => peakBytes)))}.`;
  return [
    toFigure({ name: "inspect", ours, against: "our verify", rival: msOf(verify), target: 1.15, note }),
    toFigure({ name: "inspect", ours, against: "consul snapshot inspect", rival: msOf(consul), target: 0.5 }),
  ];
}

/** Comparing two archives, against inspecting one after the other. */
export async function measureCompare({ file, otherFile, runs, engine }, step) {
  const sides = {
    compare: () => runEngine(engine, "compare", file, otherFile),
    inspect: async () => {
      const [a, b] = [
        await runEngine(engine, "inspect", file),
        await runEngine(engine, "inspect", otherFile),
      ];
      return { ms: a.ms + b.ms };
    },
  };
  const { compare, inspect } = await alternate(runs, sides, step);
  const note = `Its memory peaks at ${megabytes(Math.max(...compare.map(({ peakBytes }) => peakBytes)))}.`;
  return [
    toFigure({
      name: "compare",
      ours: msOf(compare),
      against: "inspecting both",
      rival: msOf(inspect),
      target: 1.2,
      note,
    }),
  ];
}

/** A million small keys: how many records a second, and how soon any prefix opens. */
export async function measureKeys({ runs, engine, manyKeys, folder }, step) {
  const file = path.join(folder, "many-keys.snap");
  step.detail("writing a million keys");
  await runNode([manyKeys, file], { env: { NODE_ENV: "production" } });
  const inspected = [];
  for (let round = 0; round < runs; round++) {
    step.detail(`round ${round + 1} of ${runs}`);
    inspected.push(await runEngine(engine, "inspect", file));
  }
  const perCore = inspected.map(({ records, cpuMs }) => (records / cpuMs) * 1_000);
  const perSecond = inspected.map(({ records, insideMs }) => (records / insideMs) * 1_000);
  const teams = Array.from(
    { length: 200 },
    (_, at) => `apps/team-${String((at * 37) % 1_000).padStart(4, "0")}/`,
  );
  const prefixes = ["", "apps/", "flat/", "apps/team-0", "flat/key-05", ...teams];
  const opened = await runEngine(engine, "keys", file, prefixes.join(","));
  const thousands = (rate) => `${Math.round(rate / 1_000)},000`;
  return [
    {
      name: "a million keys, inspected",
      cells: [
        "a million keys, inspected",
        `${thousands(median(perCore))} records/s of one core's time (${thousands(median(perSecond))} of wall time)`,
        "",
        "",
        "≥ 400,000",
        median(perCore) >= 400_000 ? "pass" : "miss",
      ],
      note: `It took ${formatSeconds(inspected.map(({ insideMs }) => insideMs))}.`,
    },
    {
      name: "a million keys, a prefix opened",
      cells: [
        "a million keys, a prefix opened",
        `${opened.p50Ms.toFixed(1)} ms, at most ${opened.maxMs.toFixed(1)} ms of ${prefixes.length}`,
        "",
        "",
        "< 50 ms",
        opened.maxMs < 50 ? "pass" : "miss",
      ],
      note: `The index has ${(opened.indexBytes / 1_000_000).toFixed(1)} bytes per key.`,
    },
  ];
}

/** How long a simple request waits while archives of a gigabyte of state are compared and inspected. */
export async function measureAnswers({ stage, a, b }, step) {
  const times = { quiet: [], busy: [] };
  const ask = async (list) => {
    const startedAt = performance.now();
    const response = await fetch(`${stage.url}/api/v1/session`, { headers: { cookie: stage.cookie } });
    await response.text();
    if (!response.ok) throw new Trouble(`The simple request answered ${response.status}.`);
    list.push(performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, 10));
  };
  for (let at = 0; at < 300; at++) await ask(times.quiet);
  step.detail("comparing");
  for (let round = 0; round < 3; round++) {
    const { id } = await stage.execute("comparisons.start", { a: { snapshotId: a }, b: { snapshotId: b } });
    let state = "running";
    const watch = (async () => {
      while (state === "running") {
        ({ state } = await stage.execute("comparisons.get", { id }));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    while (state === "running") await ask(times.busy);
    await watch;
    if (state !== "ready") throw new Trouble("The comparison failed.");
    // Asked the other way round, it is another comparison.
    [a, b] = [b, a];
    if (round === 1) break;
  }
  const p99 = (list) => [...list].sort((x, y) => x - y)[Math.floor(list.length * 0.99)] ?? 0;
  return [
    {
      name: "an answer meanwhile",
      cells: [
        "a simple request while comparing",
        `p99 ${p99(times.busy).toFixed(0)} ms of ${times.busy.length}`,
        `p99 ${p99(times.quiet).toFixed(0)} ms when quiet`,
        "",
        "≤ 50 ms",
        p99(times.busy) <= 50 ? "pass" : "miss",
      ],
      note: "",
    },
  ];
}
