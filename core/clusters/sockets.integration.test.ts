import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clusterId, startRuntime, type TestRuntime } from "#core/testing/runtime.ts";

const socket = "unix:///run/snapkeep-test/no-consul-here.sock";
const other = "unix:///var/run/docker.sock";
let snapkeep: TestRuntime;

beforeAll(async () => {
  snapkeep = await startRuntime({ consulAddress: socket });
});
afterAll(() => snapkeep?.remove());

describe("a unix socket", () => {
  it("of CONSUL_HTTP_ADDR is used, and can be tested on its page", async () => {
    const input = { id: clusterId, name: "default", addresses: [socket] };
    const report = await snapkeep.execute("clusters.test", input);
    // Nothing listens there, which it can only know by having tried.
    expect(report.ok).toBe(false);
  });

  it("that somebody enters is refused, in a test of the connection, too", async () => {
    const refused = { code: "invalid_input", field: "addresses" };
    const entered = { name: "mine", addresses: [other] };
    await expect(snapkeep.execute("clusters.create", entered)).rejects.toMatchObject(refused);
    await expect(snapkeep.execute("clusters.test", entered)).rejects.toMatchObject(refused);
    const asTheEnvironments = { ...entered, id: clusterId };
    await expect(snapkeep.execute("clusters.test", asTheEnvironments)).rejects.toMatchObject(refused);
    const own = await snapkeep.execute("clusters.create", {
      name: "mine",
      addresses: ["http://10.9.9.9:8500"],
    });
    const change = { ...entered, id: own.id };
    await expect(snapkeep.execute("clusters.update", change)).rejects.toMatchObject(refused);
  });
});
