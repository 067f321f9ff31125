import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findConsul } from "../../scripts/lib/consul-binary.mjs";
import { writeArchive } from "../testing/archive-writer.ts";
import { startConsulServer } from "../testing/consul-cluster.ts";
import { fetchArchive } from "../testing/consul-http.ts";
import { seedWorld } from "../testing/consul-seed-world.ts";
import { noTraces, tracesIn } from "../testing/drill-traces.ts";
import { waitFor } from "../testing/wait-for.ts";
import { type CommandRoom, openCommandRoom } from "./command-for-tests.ts";

let room: CommandRoom;
let archive: Buffer;
let consul: { path: string; version: string };
/** Its folder for temporary files is its own, so that what is left can be seen. */
const temporary = () => path.join(room.folder, "tmp");
const env = () => ({ CONSUL_BIN: consul.path, TMPDIR: temporary() });

beforeAll(async () => {
  consul = await findConsul({ fetch: true });
  room = await openCommandRoom();
  mkdirSync(temporary());
  const server = await startConsulServer({ acl: true, dev: true });
  try {
    await seedWorld({ client: server.target(), keys: 300, acl: true });
    archive = await fetchArchive(server.target());
  } finally {
    await server.stop();
  }
  await room.write("a.snap", archive);
  await room.write("odd.snap", writeArchive({ records: [{ type: 60, value: { A: 1 } }] }));
});
afterAll(() => room?.close());

describe("snapkeep drill", () => {
  it("proves a good archive, and leaves nothing", async () => {
    const { code, out, errors } = await room.run(["drill", "a.snap"], { env: env() });
    expect({ code, errors }).toMatchObject({ code: 0, errors: expect.stringContaining("Restoring…") });
    expect(out).toMatch(
      /^a\.snap: proven\n {2}Consul \S+ holds all of it: \d+ records are equal(; [^.]+)?\.\n/,
    );
    expect(out).toContain(`Drilled on Consul ${consul.version}; taken by ${consul.version}\n`);
    expect(out).toContain("50 of 50 keys read back are equal");
    expect(out).toMatch(/ KVS +kv +302 +302 +302 +0 +0 +0\n/);
    expect(tracesIn(temporary())).toEqual(noTraces);
  });

  it("takes an archive from a pipe, and tells it as JSON", async () => {
    const { code, out } = await room.run(["drill", "--json", "-"], { env: env(), stdin: archive });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      file: "-",
      outcome: "passed",
      consulVersion: consul.version,
      sameVersion: true,
      report: { matches: true, sampledKeys: 50, sampledEqual: 50 },
    });
    expect(tracesIn(temporary())).toEqual(noTraces);
  });

  it("exits with 1 for what Consul does not take, in its words", async () => {
    const { code, out } = await room.run(["drill", "odd.snap"], { env: env() });
    expect(code).toBe(1);
    expect(out).toMatch(/^odd\.snap: not proven\n {2}Consul \S+ panicked: .*Unrecognized msg type 60/);
    expect(tracesIn(temporary())).toEqual(noTraces);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("%s takes Consul along", async (signal) => {
    const running = room.start(["drill", "a.snap"], { env: env() });
    await waitFor("Consul to run", async () => (tracesIn(temporary()).processes.length > 0 ? true : null));
    running.child.kill(signal);
    const { code } = await running.ended;
    expect(code).toBe(signal === "SIGINT" ? 130 : 143);
    // Files may be left: the Consul that is killed can write its last while its folder is removed.
    await waitFor("Consul to be gone", async () =>
      tracesIn(temporary()).processes.length === 0 ? true : null,
    );
    rmSync(temporary(), { recursive: true });
    mkdirSync(temporary());
  });

  it("exits with 2 without a consul program or a file, and says what is missing", async () => {
    const nowhere = path.join(room.folder, "nowhere");
    const lost = await room.run(["drill", "a.snap"], { env: { ...env(), CONSUL_BIN: nowhere } });
    expect(lost).toMatchObject({ code: 2, out: "" });
    expect(lost.errors).toContain(`${nowhere}, that CONSUL_BIN names, is not a program.`);
    expect(await room.run(["drill", "none.snap"], { env: env() })).toMatchObject({ code: 2, out: "" });
    expect(await room.run(["drill"], { env: env() })).toMatchObject({ code: 2, out: "" });
    expect(tracesIn(temporary())).toEqual(noTraces);
  });
});
