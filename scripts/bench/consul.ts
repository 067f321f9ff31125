/**
 * The Consul of one stage: a single server that keeps its state on disk, filled as its arguments say. Runs as a
 * child of scripts/bench.mjs, tells it by messages where it is, and ends when the bench does.
 */
import { startConsulServer } from "../../core/testing/consul-cluster.ts";
import { type ConsulTarget, callConsul } from "../../core/testing/consul-http.ts";
import { inParallel, seedBigValues } from "../../core/testing/consul-seed.ts";
import { seedBytes } from "../../core/testing/seed-bytes.ts";

const [kind = "text", keyCount = "200"] = process.argv.slice(2);
const valueBytes = 500_000;

/** Values that gzip can't make smaller: an archive as large as the state, for the largest archive at least cost. */
async function seedNoise(client: ConsulTarget, keys: number): Promise<void> {
  const numbers = Array.from({ length: keys }, (_, index) => index);
  await inParallel(numbers, 4, (index) =>
    callConsul(client, "PUT", `/v1/kv/noise/${index}`, seedBytes(`noise/${index}`, valueBytes)),
  );
}

async function main(): Promise<void> {
  const { server, target } = await startConsulServer();
  const keys = Number(keyCount);
  if (kind === "noise") await seedNoise(target(), keys);
  else await seedBigValues({ client: target(), keys, valueBytes });
  process.send?.({ kind: "ready", address: server.httpAddress, version: server.version });
}

// The harness ends its server and removes its folder with this process, whichever way it goes.
process.on("disconnect", () => process.exit(0));
try {
  await main();
} catch (error) {
  process.send?.({ kind: "failed", text: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  process.disconnect();
}
