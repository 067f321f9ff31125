// npm run bench: the figures of docs/benchmarks.md, measured again on this machine, each against a named rival.
//   --runs N           rounds per figure (5)
//   --only a,b         of take, verify, download, upload, restore, preflight, recover, memory, inspect, compare, keys, answers, audit
//   --quick            a tenth of the sizes: for work on the bench itself, its figures mean little
//   --no-build         measures the pages as they were built last, with the server bundled anew
import { statfsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { measureAudit } from "./bench/audit-figures.mjs";
import { isThere } from "./bench/commands.mjs";
import { measureAnswers, measureCompare, measureInspect, measureKeys } from "./bench/engine-figures.mjs";
import {
  measureDownload,
  measurePreflight,
  measureRestore,
  measureTake,
  measureUpload,
  measureVerify,
} from "./bench/figures.mjs";
import { measureMemory, toMemoryRows } from "./bench/memory.mjs";
import { measureRecover } from "./bench/recover-figures.mjs";
import { openStage } from "./bench/stage.mjs";
import { toTable } from "./bench/statistics.mjs";
import { ensureBuilt } from "./build.mjs";
import { checkNode } from "./lib/bootstrap.mjs";
import { bundle, bundleInto } from "./lib/bundle.mjs";
import { findConsul } from "./lib/consul-binary.mjs";
import { endOnSignals, stopAll } from "./lib/run.mjs";
import { say, withStep } from "./lib/say.mjs";
import { TestRoom } from "./lib/test-room.mjs";
import { runMain, Trouble } from "./lib/trouble.mjs";

const names = [
  "take",
  "verify",
  "download",
  "upload",
  "restore",
  "preflight",
  "recover",
  "memory",
  "inspect",
  "compare",
  "keys",
  "answers",
  "audit",
];

/**
 * Values of 500 kB per key. The figures are taken on text, of which gzip makes a third; the memory on noise, which
 * stays as large as it is. `diskBytes` is what Consul and Snapkeep together need at most.
 */
const sizes = {
  full: {
    small: 200,
    figures: 2_100,
    large: 4_200,
    recovered: 10_000,
    auditEntries: 1_000_000,
    diskBytes: 24e9,
  },
  quick: { small: 60, figures: 200, large: 400, recovered: 1_000, auditEntries: 50_000, diskBytes: 4e9 },
};

function readArguments() {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "5" },
      only: { type: "string", default: names.join(",") },
      quick: { type: "boolean", default: false },
      "no-build": { type: "boolean", default: false },
    },
  });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Trouble(`--runs ${values.runs} is no number of rounds.`);
  const only = values.only.split(",").map((name) => name.trim());
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Trouble(`There is no figure "${unknown}". The figures are ${names.join(", ")}.`);
  const size = sizes[values.quick ? "quick" : "full"];
  return {
    runs,
    size,
    build: !values["no-build"],
    wanted: (...some) => some.some((one) => only.includes(one)),
  };
}

async function checkMachine(size) {
  checkNode();
  for (const [command, args] of [
    ["curl", ["--version"]],
    ["gzip", ["--version"]],
  ]) {
    if (!(await isThere(command, args)))
      throw new Trouble(`The bench compares with ${command}, which isn't here.`);
  }
  const { bavail, bsize } = statfsSync(os.tmpdir());
  const gigabytes = (bytes) => (bytes / 1e9).toFixed(0);
  if (bavail * bsize >= size.diskBytes) return;
  throw new Trouble(
    `The bench needs ${gigabytes(size.diskBytes)} GB in ${os.tmpdir()}, and ${gigabytes(bavail * bsize)} GB are free there. Set TMPDIR to a larger disk, or use --quick.`,
  );
}

/** Opens a stage, does `work` on it, and takes all of it away again. */
async function onStage(room, options, title, work) {
  const environment = { ...room.environment(), NODE_ENV: undefined };
  const stage = await withStep(title, () => openStage({ ...options, folder: room.folder, environment }));
  try {
    return await work(stage);
  } finally {
    await stage.close();
  }
}

async function measureAll({ runs, size, wanted }, room, consulBinary) {
  const program = (name) => path.join(room.folder, `${name}.mjs`);
  const [verifier, engine, manyKeys] = ["verify", "engine", "many-keys"].map(program);
  const programs = {
    verify: "scripts/bench/verify.ts",
    engine: "scripts/bench/engine.ts",
    "many-keys": "scripts/bench/many-keys.ts",
  };
  // The room is a folder without packages beside it.
  await bundleInto(room.folder, programs, { packages: "bundle" });
  const figures = [];
  const memory = { small: null, large: null };
  const add = async (name, work) => figures.push(...(await withStep(name, work)));

  if (wanted("memory")) {
    const options = { name: "small", kind: "noise", keys: size.small };
    await onStage(room, options, "A Consul with the small state", async (stage) => {
      memory.small = await withStep("Memory, small archive", (step) =>
        measureMemory({ stage, verifier }, step),
      );
    });
  }
  if (wanted("audit")) {
    const options = { entries: size.auditEntries, folder: room.folder, environment: room.environment() };
    await add("The audit log", (step) => measureAudit(options, step));
  }
  if (wanted("keys")) {
    const kit = { runs, engine, manyKeys, folder: room.folder };
    await add("A million keys", (step) => measureKeys(kit, step));
  }
  if (wanted("take", "verify", "upload", "restore", "preflight", "inspect", "compare", "answers")) {
    const options = { name: "figures", kind: "text", keys: size.figures };
    await onStage(room, options, "A Consul with the state for the figures", async (stage) => {
      const kit = { stage, runs, wanted, verifier, consulBinary, folder: room.folder };
      if (wanted("take")) await add("Taking", (step) => measureTake(kit, step));
      const { row } = await stage.take();
      const file = stage.archiveFile(row.id);
      say(`  ${row.stateBytes} bytes of state, ${row.archiveBytes} of archive`);
      if (wanted("verify")) await add("Verifying", (step) => measureVerify({ ...kit, file }, step));
      if (wanted("inspect"))
        await add("Inspecting", (step) => measureInspect({ ...kit, engine, file }, step));
      if (wanted("compare", "answers")) {
        const other = (await stage.take()).row.id;
        const otherFile = stage.archiveFile(other);
        if (wanted("compare"))
          await add("Comparing", (step) => measureCompare({ ...kit, engine, file, otherFile }, step));
        if (wanted("answers"))
          await add("Answering meanwhile", (step) => measureAnswers({ stage, a: row.id, b: other }, step));
      }
      if (wanted("preflight")) {
        const other = (await stage.take()).row.id;
        await add("Looking before a restore", (step) =>
          measurePreflight({ stage, a: row.id, b: other, runs }, step),
        );
      }
      if (wanted("restore")) await add("Restoring", (step) => measureRestore({ ...kit, id: row.id }, step));
      if (wanted("upload")) await add("Uploading", (step) => measureUpload({ ...kit, id: row.id }, step));
    });
  }
  if (wanted("recover")) {
    const environment = room.environment();
    await add("Recovering a part", () => measureRecover({ runs, keys: size.recovered, environment }));
  }
  if (wanted("memory", "download")) {
    const options = { name: "large", kind: "noise", keys: size.large };
    await onStage(room, options, "A Consul with the large state", async (stage) => {
      if (wanted("memory"))
        memory.large = await withStep("Memory, large archive", (step) =>
          measureMemory({ stage, verifier }, step),
        );
      const id = memory.large?.id ?? (await stage.take()).row.id;
      if (wanted("download")) await add("Downloading", (step) => measureDownload({ stage, id, runs }, step));
    });
  }
  return { figures, memory };
}

function printResult({ figures, memory }) {
  if (figures.length > 0) {
    say();
    const head = ["what", "Snapkeep", "rival", "ratio of times", "target", ""];
    for (const line of toTable(
      head,
      figures.map(({ cells }) => cells),
    ))
      say(line);
    say();
    for (const { name, note } of figures.filter((one) => one.note !== "")) say(`${name}: ${note}`);
  }
  if (memory.small === null && memory.large === null) return;
  const sizeOf = (one) => (one === null ? "" : `${(one.archiveBytes / 1e6).toFixed(0)} MB archive`);
  const head = ["peak of memory", sizeOf(memory.small), sizeOf(memory.large), "ratio", "target", ""];
  say();
  for (const line of toTable(
    head,
    toMemoryRows(memory.small, memory.large).map(({ cells }) => cells),
  ))
    say(line);
}

await runMain(async () => {
  const options = readArguments();
  await checkMachine(options.size);
  const consul = await findConsul({ fetch: true, say });
  if (options.build) await ensureBuilt();
  else await bundle();
  const cores = os.availableParallelism();
  say(
    `${cores} cores, load ${os.loadavg()[0].toFixed(1)}, Node ${process.versions.node}, Consul ${consul.version}`,
  );
  const room = new TestRoom();
  endOnSignals(async () => {
    await stopAll({ graceMs: 3_000 });
    await room.close(500);
  });
  try {
    printResult(await measureAll(options, room, consul.path));
  } finally {
    await stopAll();
    await room.close();
  }
  say(`\nLoad at the end: ${os.loadavg()[0].toFixed(1)}`);
});
