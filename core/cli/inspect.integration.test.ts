import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runConsul } from "../testing/consul-cli.ts";
import { type SingleServer, startConsulServer } from "../testing/consul-cluster.ts";
import { isAtLeast } from "../testing/consul-config.ts";
import { callConsul, fetchArchive, writeKey } from "../testing/consul-http.ts";
import { seedWorld } from "../testing/consul-seed-world.ts";
import { type CommandRoom, openCommandRoom } from "./command-for-tests.ts";

let server: SingleServer;
let room: CommandRoom;
let version: string;
const savedFile = () => path.join(room.folder, "a.snap");

beforeAll(async () => {
  server = await startConsulServer({ acl: true, dev: true });
  room = await openCommandRoom();
  const target = server.target();
  await seedWorld({ client: target, keys: 300, acl: true });
  await writeKey(target, "web/<a>&b", "x");
  // Its HTTP paths take no control characters; its transactions do.
  const hostile = { Verb: "set", Key: "größe/\u001b[31m", Value: Buffer.from("y").toString("base64") };
  await callConsul(target, "PUT", "/v1/txn", [{ KV: hostile }]);
  const self = await callConsul<{ Config: { Version: string } }>(target, "GET", "/v1/agent/self");
  version = self.Config.Version;
  await runConsul(["snapshot", "save", savedFile()], target);
});

afterAll(async () => {
  await server?.stop();
  await room?.close();
});

describe("a snapshot that consul saved", () => {
  it("is verified, and described as consul describes it", async () => {
    expect(await room.run(["verify", "a.snap"])).toMatchObject({ code: 0, errors: "" });
    if (!isAtLeast(version, 1, 10)) {
      // Before 1.10 consul inspect had no JSON. What it did tell must stand in ours.
      const words = (await runConsul(["snapshot", "inspect", savedFile()])).trim().split(/\s+/);
      const { out } = await room.run(["inspect", "a.snap", "--kv-details"]);
      expect(out.split(/\s+/)).toEqual(expect.arrayContaining(words.slice(0, 10)));
      return;
    }
    for (const [theirs, ours] of [
      [[], []],
      [["-kvdetails"], ["--kv-details"]],
      [
        ["-kvdetails", "-kvdepth=1"],
        ["--kv-details", "--kv-depth", "1"],
      ],
      [
        ["-kvdetails", "-kvfilter=app"],
        ["--kv-details", "--kv-filter", "app"],
      ],
    ] as const) {
      const json = await runConsul(["snapshot", "inspect", ...theirs, "-format=json", savedFile()]);
      const { code, out, errors } = await room.run(["inspect", ...ours, "--format", "json", "a.snap"]);
      expect({ code, errors }).toEqual({ code: 0, errors: "" });
      expect(out).toBe(json);
    }
  });

  it("shows no secret of its tokens, and every key's exact value", async () => {
    const tokens = await callConsul<{ AccessorID: string; SecretID: string }[]>(
      server.target(),
      "GET",
      "/v1/acl/tokens",
    );
    const { out } = await room.run(["browse", "a.snap", "--records", "tokens", "--format", "json"]);
    const { records } = JSON.parse(out) as { records: { identity: string }[] };
    expect(records.map(({ identity }) => identity).sort()).toEqual(
      tokens.map(({ AccessorID }) => AccessorID).sort(),
    );
    expect(out).not.toContain(server.managementToken);
    expect((await room.run(["browse", "a.snap", "--get", "größe/\u001b[31m"])).out).toBe("y");
  });

  it("differs from the next one in what was done, and in nothing before", async () => {
    await room.write("same.snap", await fetchArchive(server.target()));
    expect(await room.run(["diff", "a.snap", "same.snap"])).toMatchObject({ code: 0, errors: "" });
    await writeKey(server.target(), "web/<a>&b", "another");
    await room.write("next.snap", await fetchArchive(server.target()));
    const { code, out } = await room.run(["diff", "a.snap", "next.snap"]);
    expect(code).toBe(1);
    expect(out).toMatch(/^~ kv +web\/<a>&b {2}value 1 B → 7 B\n\n.*: 1 listed\n/);
  });
});
