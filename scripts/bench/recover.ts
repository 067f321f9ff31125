// Brings a deleted prefix back out of a snapshot, beside `consul kv import` of the same keys into the same server, in
// turns. Called with the number of keys and of rounds; answers with the times of all of them in ms.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { runConsul } from "#core/testing/consul-cli.ts";
import { startConsulServer } from "#core/testing/consul-cluster.ts";
import { makeTempFolder } from "#core/testing/leftovers.ts";
import { deleteTree, readTree, recoveryWords, writeKeys } from "#core/testing/recovery-room.ts";
import { startRuntime } from "#core/testing/runtime.ts";

const [keyCount = 10_000, runs = 3] = process.argv.slice(2).map(Number);
const valueBytes = 200;

const consul = await startConsulServer();
const target = consul.target();
const keys = Array.from({ length: keyCount }, (_, at) => ({
  key: `bench/${Math.floor(at / 100)}/key-${at}`,
  value: Buffer.alloc(valueBytes, at % 251),
}));
await writeKeys(target, keys);
const snapkeep = await startRuntime({ consulAddress: target.httpAddress });
const { id: snapshotId } = await snapkeep.take();
const words = recoveryWords(() => snapkeep, snapshotId);
const file = path.join(makeTempFolder("snapkeep-bench-recover-"), "export.json");
// As `consul kv export` writes it.
writeFileSync(
  file,
  JSON.stringify(keys.map(({ key, value }) => ({ key, flags: 0, value: value.toString("base64") }))),
);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** A time of work that did less than it should is no time. */
async function assertAllThere(): Promise<void> {
  const { size } = await readTree(target, "bench/");
  if (size !== keyCount) throw new Error(`${size} of ${keyCount} keys are there.`);
}

const times = { plan: [] as number[], apply: [] as number[], whole: [] as number[], import: [] as number[] };

async function recover(): Promise<void> {
  await deleteTree(target, "bench/");
  let id = "";
  const planMs = await timed(async () => {
    ({ id } = await words.plan([{ prefix: "bench/" }]));
  });
  const applyMs = await timed(() => words.apply(id));
  await assertAllThere();
  times.plan.push(planMs);
  times.apply.push(applyMs);
  times.whole.push(planMs + applyMs);
}

async function rival(): Promise<void> {
  await deleteTree(target, "bench/");
  times.import.push(await timed(() => runConsul(["kv", "import", `@${file}`], target)));
  await assertAllThere();
}

for (let run = 0; run < runs; run += 1) {
  for (const work of run % 2 === 0 ? [recover, rival] : [rival, recover]) await work();
}

console.log(JSON.stringify(times));
await snapkeep.remove();
await consul.stop();
