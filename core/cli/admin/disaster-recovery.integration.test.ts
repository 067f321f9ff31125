import { spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareIdentity } from "#core/archive/identity/index.ts";
import { type ConsulCluster, startConsulCluster, startConsulServer } from "#core/testing/consul-cluster.ts";
import { askConsul, fetchArchive, readKey, writeKey } from "#core/testing/consul-http.ts";
import { seedWorld } from "#core/testing/consul-seed-world.ts";
import { createToken } from "#core/testing/consul-token.ts";
import { makeTempFolder, registerChild, removeTempFolder } from "#core/testing/leftovers.ts";
import { startRuntime } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import { findConsul } from "../../../scripts/lib/consul-binary.mjs";
import { type CommandRoom, openCommandRoom } from "../command-for-tests.ts";

// docs/disaster-recovery.md, as it is written: its commands are taken from the page and run by a shell, one block after
// the other. Only the two blocks that say where things are get values of this test.

type Block = { readonly section: string; readonly code: string };

const page = readFileSync(
  fileURLToPath(new URL("../../../docs/disaster-recovery.md", import.meta.url)),
  "utf8",
);
const adminProgram = fileURLToPath(new URL("./main.ts", import.meta.url));

/** Every fenced block for a shell, with the nearest heading above it. */
function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let section = "";
  let code: string[] | null = null;
  for (const line of markdown.split("\n")) {
    if (code !== null && line === "```") {
      blocks.push({ section, code: code.join("\n") });
      code = null;
    } else if (code !== null) code.push(line);
    else if (line === "```sh") code = [];
    else if (/^#{2,3} /.test(line)) section = line.replace(/^#+ /, "");
  }
  return blocks;
}

/** What is left of the old cluster and of its Snapkeep. */
type Left = {
  archives: string;
  ids: string[];
  newestId: string;
  managementToken: string;
  agentToken: string;
};

let room: CommandRoom;
let left: Left;
let consulFolder: string;
const folders: string[] = [];

beforeAll(async () => {
  room = await openCommandRoom();
  const binary = await findConsul({ fetch: true });
  consulFolder = newFolder();
  writeShim("consul", `exec ${binary.path} "$@"`);
  const tsx = import.meta.resolve("tsx");
  writeShim(
    "npx",
    [
      `[ "$1" = snapkeep ] || exit 64; shift`,
      `case "$1" in`,
      `token|user|audit|import) exec ${process.execPath} --import ${tsx} ${adminProgram} "$@" ;;`,
      `*) exec ${process.execPath} ${path.join(room.folder, "snapkeep.mjs")} "$@" ;;`,
      "esac",
    ].join("\n"),
  );
  left = await livedOnce();
});
afterAll(async () => {
  for (const folder of folders) removeTempFolder(folder);
  await room?.close();
});

function newFolder(): string {
  const folder = makeTempFolder("snapkeep-disaster-");
  folders.push(folder);
  return folder;
}

function writeShim(name: string, script: string): void {
  const file = path.join(consulFolder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

/** A cluster and a Snapkeep that took three snapshots of it, both gone now. */
async function livedOnce(): Promise<Left> {
  const old = await startConsulServer({ acl: true, extraConfig: { node_name: "old-server" } });
  await seedWorld({ client: old.target(), keys: 300, acl: true });
  const rules = 'node_prefix "" { policy = "write" } service_prefix "" { policy = "read" }';
  const agentToken = await createToken(old.target(), "agents", rules);
  const snapkeep = await startRuntime({
    consulAddress: old.server.httpAddress,
    token: old.managementToken,
  });
  const ids: string[] = [];
  for (const name of ["first", "second", "third"]) {
    await writeKey(old.target(), "last-write", name);
    ids.push((await snapkeep.take()).id);
  }
  await snapkeep.stop();
  const archives = newFolder();
  cpSync(path.join(snapkeep.dataFolder, "archives"), archives, { recursive: true });
  await snapkeep.remove();
  await old.stop();
  return { archives, ids, newestId: ids[2] ?? "", managementToken: old.managementToken ?? "", agentToken };
}

type Ended = { code: number | null; out: string };

/** A person at a shell: what one block exports, the next one has. */
function openShell(folder: string) {
  const exported = path.join(folder, "exported");
  writeFileSync(exported, "");
  return (code: string): Promise<Ended> =>
    new Promise((resolve, reject) => {
      const child = spawn(
        "bash",
        ["-c", `set -euo pipefail\n. ./exported\n${code}\nexport -p > exported\n`],
        {
          cwd: folder,
          env: { NODE_ENV: "test", HOME: folder, PATH: `${consulFolder}:${process.env.PATH}` },
          stdio: ["ignore", "pipe", "pipe"],
        },
      );
      registerChild(child);
      let out = "";
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (text: string) => {
          out += text;
        });
      child.once("error", reject);
      child.once("close", (status) => resolve({ code: status, out }));
    });
}

/** The same names with the values of this test; a name that the test doesn't know would go unset. */
function withOwnValues(block: Block, values: Readonly<Record<string, string>>): string {
  const names = [...block.code.matchAll(/^export (\w+)=/gm)].map(([, name = ""]) => name);
  expect(names.length).toBeGreaterThan(0);
  return names
    .map((name) => {
      const value = values[name];
      if (value === undefined)
        throw new Error(`${block.section} exports ${name}, which this test doesn't know.`);
      return `export ${name}='${value}'`;
    })
    .join("\n");
}

/** The archive with the highest raft index, out of what `snapkeep verify` prints. */
function newestIn(verified: string): { file: string; raftIndex: number } {
  const found = [...verified.matchAll(/^(.+\.snap): verified\n.*raft index (\d+)/gm)]
    .map(([, file = "", index]) => ({ file, raftIndex: Number(index) }))
    .sort((a, b) => b.raftIndex - a.raftIndex);
  return found[0] ?? { file: "", raftIndex: Number.NaN };
}

async function restartOneByOne(fresh: ConsulCluster): Promise<void> {
  for (const server of fresh.servers) {
    await server.kill("SIGTERM");
    await server.restart();
    await fresh.leader();
  }
}

const ways = {
  "With Snapkeep": "With Consul alone",
  "With Consul alone": "With Snapkeep",
} as const;

describe.each(Object.entries(ways))("docs/disaster-recovery.md, %s", (way, otherWay) => {
  let fresh: ConsulCluster;
  let folder: string;
  let bootstrapToken = "";
  const said = new Map<string, string>();

  beforeAll(async () => {
    fresh = await startConsulCluster({ acl: { management: "none" } });
    folder = newFolder();
  });
  afterAll(() => fresh?.stop());

  const newest = () => newestIn(said.get("2. Find the newest good archive") ?? "");
  const values = () => ({
    ARCHIVES: left.archives,
    DATACENTER: "dc1",
    CONSUL_HTTP_ADDR: fresh.servers[0]?.httpAddress ?? "",
    SERVERS: fresh.servers.map(({ httpAddress }) => httpAddress).join(" "),
    OLD_TOKEN_FILE: path.join(folder, "old-token"),
    AGENT_TOKEN_FILE: path.join(folder, "agent-token"),
    SNAPSHOT: newest().file,
    SNAPKEEP_DATA: path.join(folder, "data"),
    SNAPKEEP_ARCHIVES: left.archives,
  });

  async function prepare(block: Block): Promise<void> {
    if (block.code.includes("snapkeep import")) await startSnapkeepOnce(path.join(folder, "data"));
    if (block.section.startsWith("7.")) await restartOneByOne(fresh);
  }

  /** In place of `npm start`, which serves what was built. */
  async function startSnapkeepOnce(dataFolder: string): Promise<void> {
    mkdirSync(dataFolder);
    const snapkeep = await openHistory(dataFolder);
    await snapkeep.stop();
  }

  const openHistory = (dataFolder: string) =>
    startRuntime({
      consulAddress: fresh.servers[0]?.httpAddress ?? "",
      token: left.managementToken,
      dataFolder,
      env: { SNAPKEEP_ARCHIVES: left.archives },
    });

  it("runs from its first command to its last", { timeout: 240_000 }, async () => {
    writeFileSync(path.join(folder, "old-token"), `${left.managementToken}\n`);
    writeFileSync(path.join(folder, "agent-token"), left.agentToken);
    const shell = openShell(folder);
    const blocks = blocksOf(page).filter(({ section }) => section !== otherWay);
    expect(new Set(blocks.map(({ section }) => section)).size).toBe(8);
    for (const block of blocks) {
      const isOurs = /^export (ARCHIVES|SNAPSHOT|SNAPKEEP_DATA)=/.test(block.code);
      const code = isOurs ? withOwnValues(block, values()) : block.code;
      await prepare(block);
      // A cluster that was just started, or has just begun to lead itself anew, answers nothing for a moment.
      const ended = await waitFor(
        `this block to end well:\n${code}\n`,
        async () => {
          const one = await shell(code);
          if (one.code !== 0) throw new Error(`It ended with ${one.code}: ${one.out}`);
          return one;
        },
        { timeoutMs: block.section.startsWith("With") ? 1 : 90_000 },
      );
      said.set(block.section, `${said.get(block.section) ?? ""}${ended.out}`);
      if (block.code.includes("consul acl bootstrap"))
        bootstrapToken = readFileSync(path.join(folder, "bootstrap-token"), "utf8").trim();
    }
    expect(said.get("4. Bootstrap ACLs")?.match(/^dc1-server-\d .*true/gm)).toHaveLength(3);
    expect(said.get("7. Restart, one after the other")).toMatch(/^dc1-server-\d .*leader /m);
    if (way === "With Snapkeep") expect(said.get(way)).toMatch(/^dc1: restored$/m);
  });

  it("leaves a cluster that holds the newest archive, by identity", async () => {
    const file = path.join(left.archives, `${left.newestId}.snap`);
    expect(newest().file).toBe(file);
    const archive = readFileSync(file);
    const target = { httpAddress: fresh.servers[0]?.httpAddress ?? "", token: left.managementToken };
    expect(await readKey(target, "last-write")).toBe("third");
    const found = await fetchArchive(target);
    const report = await compareIdentity({
      wanted: async () => piecesOf(archive),
      found: async () => piecesOf(found),
      sinceIndex: newest().raftIndex,
      inProcess: true,
    });
    expect(report).toMatchObject({ matches: true, unexplained: 0, examples: [] });
    const keys = report.kinds.find(({ kind }) => kind === "kv");
    expect(keys?.wanted).toBeGreaterThan(300);
    expect(keys?.found).toBe(keys?.wanted);
  });

  it("where an old token works, and the bootstrap token does not", async () => {
    const httpAddress = fresh.servers[1]?.httpAddress ?? "";
    const ask = (token: string) => askConsul({ httpAddress, token }, "GET", "/v1/acl/token/self");
    expect((await ask(left.managementToken)).status).toBe(200);
    expect((await ask(left.agentToken)).status).toBe(200);
    expect(bootstrapToken).toMatch(/^[0-9a-f-]{36}$/);
    const gone = await ask(bootstrapToken);
    expect([gone.status, gone.text.trim()]).toEqual([403, "ACL not found"]);
  });

  it("and a Snapkeep with its history, whose contents can be looked at", async () => {
    expect(said.get("8. Snapkeep again")).toContain("3 archives imported.");
    const snapkeep = await openHistory(path.join(folder, "data"));
    const rows = await snapkeep.listRows();
    expect(rows.map(({ id }) => id).sort()).toEqual([...left.ids].sort());
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(["verified"]));
    const id = left.newestId;
    const { rows: found } = await snapkeep.execute("contents.search", { id, pattern: "last-write" });
    expect(found).toHaveLength(1);
    expect(statSync(path.join(left.archives, `${id}.contents`)).size).toBeGreaterThan(0);
    await snapkeep.stop();
  });
});

async function* piecesOf(archive: Buffer): AsyncGenerator<Buffer> {
  yield archive;
}
