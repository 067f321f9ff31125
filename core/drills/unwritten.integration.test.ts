import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { seedKeys } from "#core/testing/consul-seed.ts";
import { refusal } from "#core/testing/refusal.ts";
import { refuseWrites } from "#core/testing/refuse-writes.ts";
import { startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import { findConsul } from "../../scripts/lib/consul-binary.mjs";

let consul: SingleServer;
let snapkeep: TestRuntime;

beforeAll(async () => {
  const program = await findConsul({ fetch: true });
  consul = await startConsulServer({ dev: true });
  await seedKeys({ client: consul.target(), count: 50 });
  const env = { CONSUL_BIN: program.path };
  snapkeep = await startRuntime({ consulAddress: consul.server.httpAddress, env });
});
afterAll(async () => {
  await snapkeep?.remove();
  await consul?.stop();
});

describe("a drill whose end can't be written down", () => {
  it("says it as soon as it can, and the next one may begin", async () => {
    const { id: snapshotId } = await snapkeep.take();
    const start = () => snapkeep.execute("drills.start", { snapshotId });
    const when = "OLD.state = 'running' AND NEW.state <> 'running'";
    const allow = await refuseWrites(snapkeep.dataFolder, { act: "UPDATE", table: "Drill", when });
    const { id } = await start();
    await waitFor("its end to be refused", async () =>
      snapkeep.logLines.filter((line) => line.includes("how a drill ended could not be written")).length > 1
        ? true
        : null,
    );
    expect((await snapkeep.execute("drills.get", { id })).state).toBe("running");
    expect(await refusal(start())).toMatch(/^conflict: A drill of /);
    await allow();
    const row = await waitFor("the drill to end", async () => {
      const found = await snapkeep.execute("drills.get", { id });
      return found.state === "running" ? null : found;
    });
    expect(row).toMatchObject({ state: "passed", phase: "done" });
    const { drill } = await snapkeep.execute("snapshots.get", { id: snapshotId });
    expect(drill).toMatchObject({ id, state: "passed" });
    const { id: next } = await start();
    await snapkeep.execute("drills.cancel", { id: next });
    expect((await snapkeep.execute("drills.get", { id: next })).state).toBe("cancelled");
  });
});
