import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ArchiveStore } from "#core/storage/index.ts";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { writeKey } from "#core/testing/consul-http.ts";
import { startRuntime, type TestRuntime } from "#core/testing/runtime.ts";

let consul: SingleServer;
let snapkeep: TestRuntime;
/** What the store does with an index, from now on. */
let onContents: "writes" | "fails" = "writes";

const aroundStore = (store: ArchiveStore): ArchiveStore => ({
  ...store,
  create: async (id, part) => {
    if (part === "contents" && onContents === "fails") throw new Error("no room for an index");
    return store.create(id, part);
  },
});
const files = () => readdirSync(path.join(snapkeep.dataFolder, "archives")).sort();

beforeAll(async () => {
  consul = await startConsulServer({ dev: true });
  await writeKey(consul.target(), "app/name", "snapkeep");
  snapkeep = await startRuntime({ consulAddress: consul.server.httpAddress, aroundStore });
});
afterAll(async () => {
  await snapkeep?.remove();
  await consul?.stop();
});

describe("the index beside an archive", () => {
  it("is there once the snapshot is, and goes with it", async () => {
    const { id } = await snapkeep.take();
    expect(files()).toEqual([`${id}.contents`, `${id}.snap`]);
    await snapkeep.execute("snapshots.delete", { id });
    expect(files()).toEqual([]);
  });

  it("never costs a snapshot: without room for it the archive is kept, and the first look makes it", async () => {
    onContents = "fails";
    const { id, state } = await snapkeep.take();
    expect(state).toBe("verified");
    expect(files()).toEqual([`${id}.snap`]);
    onContents = "writes";
    expect((await snapkeep.execute("contents.summary", { id })).keys).toBe(1);
    expect(files()).toEqual([`${id}.contents`, `${id}.snap`]);
    await snapkeep.execute("snapshots.delete", { id });
  });

  it("is swept at the start when its archive never came, and left alone when it did", async () => {
    const { id } = await snapkeep.take();
    const stray = (name: string) => writeFileSync(path.join(snapkeep.dataFolder, "archives", name), "half");
    stray("s-gone.contents");
    stray("s-gone.contents-partial");
    await snapkeep.stop();
    const { dataFolder } = snapkeep;
    snapkeep = await startRuntime({ consulAddress: consul.server.httpAddress, dataFolder, aroundStore });
    expect(files()).toEqual([`${id}.contents`, `${id}.snap`]);
  });
});
