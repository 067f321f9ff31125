import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { archiveCases } from "#core/testing/broken-archives.ts";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { writeKey } from "#core/testing/consul-http.ts";
import { seedWorld } from "#core/testing/consul-seed-world.ts";
import { makeTempFolder, removeTempFolder } from "#core/testing/leftovers.ts";
import { startRecordsCommand } from "#core/testing/records-command.ts";
import { startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";

// Each run of the command reads its sources anew, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 240_000 });

let consul: SingleServer;
/** What is left of the Snapkeep that is gone: its archives. */
let oldArchives: string;
let taken: SnapshotDetail[];
const folders: string[] = [];

beforeAll(async () => {
  consul = await startConsulServer({ acl: true, dev: true });
  await seedWorld({ client: consul.target(), keys: 120, acl: true });
  const old = await startSnapkeep();
  taken = [];
  for (const name of ["one", "two", "three"]) {
    await writeKey(consul.target(), `mark/${name}`, `as of ${name}`);
    taken.push(await old.take());
  }
  await old.stop();
  oldArchives = path.join(old.dataFolder, "archives");
});
afterAll(async () => {
  for (const folder of folders) removeTempFolder(folder);
  await consul?.stop();
});

async function startSnapkeep(
  dataFolder = newFolder(),
  env: Record<string, string> = {},
): Promise<TestRuntime> {
  const { httpAddress } = consul.target();
  return startRuntime({ consulAddress: httpAddress, token: consul.managementToken, dataFolder, env });
}

function newFolder(): string {
  const folder = makeTempFolder("snapkeep-import-");
  folders.push(folder);
  return folder;
}

/** A data folder as a first start leaves it. */
async function newRecords(env: Record<string, string> = {}): Promise<string> {
  const fresh = await startSnapkeep(newFolder(), env);
  await fresh.stop();
  return fresh.dataFolder;
}

const archiveOf = (at: number) => path.join(oldArchives, `${taken[at]?.id}.snap`);
const importFolder = (dataFolder: string, args: string[], env: Record<string, string> = {}) =>
  startRecordsCommand(dataFolder, ["import", ...args], env).ended;

async function rowsOf(dataFolder: string, env: Record<string, string> = {}) {
  const snapkeep = await startSnapkeep(dataFolder, env);
  try {
    const rows = await snapkeep.listRows();
    const details = await Promise.all(rows.map(({ id }) => snapkeep.execute("snapshots.get", { id })));
    return { details, audit: await snapkeep.auditRows(), files: snapkeep.archiveFiles() };
  } finally {
    await snapkeep.stop();
  }
}

const copyTo = (folder: string, name: string, at: number, mode: number): void => {
  copyFileSync(archiveOf(at), path.join(folder, name));
  chmodSync(path.join(folder, name), mode);
};

/** Good ones under an id and under other names, one twice, bad ones, and what is no archive at all. */
function mixedFolder(): string {
  const folder = newFolder();
  copyTo(folder, `${taken[0]?.id}.snap`, 0, 0o600);
  copyTo(folder, "monday.snap", 1, 0o644);
  copyTo(folder, "monday-again.snap", 1, 0o644);
  copyTo(folder, "tuesday.snap", 2, 0o600);
  for (const name of ["one byte short", "a wrong CRC", "nothing"]) {
    const { archive = Buffer.alloc(0) } = archiveCases.find((each) => each.name === name) ?? {};
    writeFileSync(path.join(folder, `${name.replaceAll(" ", "-")}.snap`), archive);
  }
  writeFileSync(path.join(folder, "README.txt"), "not an archive");
  mkdirSync(path.join(folder, "folder.snap"));
  symlinkSync("/nowhere", path.join(folder, "dangling.snap"));
  return folder;
}

describe("a folder of good, bad, doubled and foreign files", () => {
  let dataFolder: string;
  let folder: string;
  beforeAll(async () => {
    dataFolder = await newRecords();
    folder = mixedFolder();
  });

  it("gives each good archive one row, names the others with their finding, and ends with 1", async () => {
    const { code, out } = await importFolder(dataFolder, [folder, "--cluster", "prod-eu"]);
    expect({ code, out }).toMatchObject({ code: 1 });
    expect(out).toContain(`${taken[0]?.id}.snap: imported as ${taken[0]?.id}, linked\n`);
    expect(out).toMatch(/^tuesday\.snap: imported as s-[0-9a-z]{12}, linked$/m);
    expect(out).toMatch(/^monday(-again)?\.snap: imported as s-[0-9a-z]{12}, copied$/m);
    expect(out).toMatch(/^monday(-again)?\.snap: skipped, its bytes are in the history as s-/m);
    expect(out).toMatch(/^one-byte-short\.snap: skipped, it does not verify\. GZIP_TRUNCATED: /m);
    expect(out).toMatch(/^a-wrong-CRC\.snap: skipped, it does not verify\. GZIP_CRC: /m);
    expect(out).toMatch(/^nothing\.snap: skipped, it does not verify\. EMPTY: /m);
    expect(out).toMatch(/^dangling\.snap: skipped\. It can't be read: ENOENT/m);
    expect(out).toMatch(/3 archives imported, 1 in the history already, 3 not good, 1 not readable\.\n$/);
    expect(out).not.toContain("README");
  });

  it("and the row tells what the archive tells", async () => {
    const { details, audit, files } = await rowsOf(dataFolder);
    expect(details).toHaveLength(3);
    expect(files).toHaveLength(3);
    for (const old of taken) {
      const found = details.find(({ archiveSha256 }) => archiveSha256 === old.archiveSha256);
      expect(found).toMatchObject({
        state: "verified",
        source: "upload",
        mode: "file",
        clusterName: "prod-eu",
        clusterId: null,
        datacenter: "dc1",
        raftIndex: old.raftIndex,
        records: old.records,
        meta: old.meta,
        consulVersion: old.consulVersion,
        takenAt: old.meta?.createdAt,
        note: expect.stringMatching(/^imported from .+\.snap$/),
        byName: expect.stringMatching(/^command line \(.+\)$/),
      });
    }
    const acts = audit.filter(({ action }) => action === "snapshot.import");
    expect(acts.map(({ outcome, door, actorKind }) => [outcome, door, actorKind])).toEqual(
      [1, 2, 3].map(() => ["ok", "cli", "system"]),
    );
    expect(new Set(acts.map(({ targetId }) => targetId))).toEqual(new Set(details.map(({ id }) => id)));
    for (const { id } of details)
      expect(statSync(path.join(dataFolder, "archives", `${id}.snap`)).mode & 0o777).toBe(0o600);
  });

  it("and its contents can be looked at", async () => {
    const snapkeep = await startSnapkeep(dataFolder);
    const [newest] = await snapkeep.listRows();
    expect(statSync(path.join(dataFolder, "archives", `${newest?.id}.contents`)).size).toBeGreaterThan(0);
    const listed = await snapkeep.execute("contents.children", {
      id: newest?.id ?? "",
      prefix: Buffer.from("mark/").toString("base64url"),
    });
    expect(JSON.stringify(listed)).toContain("three");
    await snapkeep.stop();
  });

  it("a second time adds nothing", async () => {
    const before = await rowsOf(dataFolder);
    const { code, out } = await importFolder(dataFolder, [folder, "--json"]);
    expect(code).toBe(1);
    const outcomes = out
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { outcome: string }).outcome);
    expect(outcomes.sort()).toEqual(["bad", "bad", "bad", "known", "known", "known", "known", "unreadable"]);
    const after = await rowsOf(dataFolder);
    expect(after.files).toEqual(before.files);
    expect(after.details.map(({ id }) => id)).toEqual(before.details.map(({ id }) => id));
    expect(after.audit.filter(({ action }) => action === "snapshot.import")).toHaveLength(3);
  });
});

it("the store itself: every archive stays where it is, under its id", async () => {
  const archives = newFolder();
  for (const [at, { id }] of taken.entries()) copyTo(archives, `${id}.snap`, at, 0o600);
  const env = { SNAPKEEP_ARCHIVES: archives };
  const dataFolder = await newRecords(env);
  const inodes = () => taken.map(({ id }) => statSync(path.join(archives, `${id}.snap`)).ino);
  const before = inodes();
  const { code, out } = await importFolder(dataFolder, [archives], env);
  expect({ code, out }).toMatchObject({ code: 0 });
  for (const { id } of taken) expect(out).toContain(`${id}.snap: imported as ${id}, left\n`);
  expect(inodes()).toEqual(before);
  const { details } = await rowsOf(dataFolder, env);
  expect(details.map(({ id }) => id).sort()).toEqual(taken.map(({ id }) => id).sort());
  expect(details.map(({ clusterName }) => clusterName)).toEqual(["imported", "imported", "imported"]);
  const wanted = taken.flatMap(({ id }) => [`${id}.contents`, `${id}.snap`]).sort();
  expect(readdirSync(archives).sort()).toEqual(wanted);
});

describe("killed in the middle", () => {
  it("and run again: nothing is lost, and nothing double", async () => {
    const dataFolder = await newRecords();
    const folder = newFolder();
    for (let at = 0; at < 3; at += 1) copyTo(folder, `copy-${at}.snap`, at, at === 1 ? 0o600 : 0o644);
    // Killed at several moments: the one after this is hit wherever it is then.
    for (const lines of [0, 1, 2]) {
      const run = startRecordsCommand(dataFolder, ["import", folder]);
      await waitFor(`${lines} lines, or its end`, async () =>
        run.child.exitCode !== null || run.soFar().split("\n").length > lines ? true : null,
      );
      run.child.kill("SIGKILL");
      await run.ended;
    }
    const { code, out } = await importFolder(dataFolder, [folder]);
    expect({ code, out }).toMatchObject({ code: 0 });
    const { details, files, audit } = await rowsOf(dataFolder);
    expect(details.map(({ archiveSha256 }) => archiveSha256).sort()).toEqual(
      taken.map(({ archiveSha256 }) => archiveSha256).sort(),
    );
    expect(files).toEqual(details.map(({ id }) => `${id}.snap`).sort());
    expect(audit.filter(({ action }) => action === "snapshot.import")).toHaveLength(3);
  });

  it("between the archive and its row, or with half an archive: both are found and finished", async () => {
    const dataFolder = await newRecords();
    const folder = newFolder();
    copyTo(folder, "whole.snap", 0, 0o644);
    copyTo(folder, "half.snap", 1, 0o644);
    const first = await importFolder(dataFolder, [folder, "--json"]);
    const ids = Object.fromEntries(
      first.out
        .trim()
        .split("\n")
        .map((line) => {
          const { file, id } = JSON.parse(line) as { file: string; id: string };
          return [file, id];
        }),
    );
    // The ids follow from the bytes, so in other records it comes to the same ones.
    const other = await newRecords();
    const archives = path.join(other, "archives");
    mkdirSync(archives, { recursive: true });
    copyFileSync(archiveOf(0), path.join(archives, `${ids["whole.snap"]}.snap`));
    writeFileSync(path.join(archives, `${ids["half.snap"]}.partial`), "half");
    const again = await importFolder(other, [folder]);
    expect(again).toMatchObject({ code: 0 });
    expect(again.out).toContain(`whole.snap: imported as ${ids["whole.snap"]}, left\n`);
    expect(again.out).toContain(`half.snap: imported as ${ids["half.snap"]}, copied\n`);
    const { details, files } = await rowsOf(other);
    expect(details.map(({ id }) => `${id}.snap`).sort()).toEqual(files);
    expect(files).toHaveLength(2);
  });
});

it("works beside a server that runs, which shows the rows at once", async () => {
  const snapkeep = await startSnapkeep();
  const folder = newFolder();
  copyTo(folder, "a.snap", 0, 0o600);
  const { code } = await importFolder(snapkeep.dataFolder, [folder]);
  expect(code).toBe(0);
  expect(await snapkeep.listRows()).toMatchObject([{ state: "verified", datacenter: "dc1" }]);
  expect((await snapkeep.execute("audit.verify", {})).state).toBe("intact");
  await snapkeep.stop();
});

it("says what is wrong, on stderr and with 2", async () => {
  const dataFolder = await newRecords();
  expect(await importFolder(dataFolder, ["/nowhere"])).toMatchObject({ code: 2, out: "" });
  expect(await importFolder(dataFolder, [])).toMatchObject({ code: 2, out: "" });
  const nowhere = await importFolder(newFolder(), [oldArchives]);
  expect(nowhere).toMatchObject({ code: 2, out: "" });
  expect(nowhere.errors).toContain("There is no Snapkeep in");
});
