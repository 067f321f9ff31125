import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kvsEntry, type TestRecord, writeArchive, writeState } from "../testing/archive-writer.ts";
import { archiveCases } from "../testing/broken-archives.ts";
import { type CommandRoom, openCommandRoom } from "./command-for-tests.ts";

/** A process starts in a tenth of a second, but not on a machine that does a lot of other things. */
const slow = { timeout: 60_000 };

let room: CommandRoom;
const good = writeArchive();
const cut = writeArchive({ cutTo: 300 });
const manyKeys = Array.from(
  { length: 30_000 },
  (_, at): TestRecord => ({
    type: 2,
    value: kvsEntry(`app/${String(at).padStart(6, "0")}`, Buffer.from("v"), 9),
  }),
);

beforeAll(async () => {
  room = await openCommandRoom();
  await room.write("good.snap", good);
  await room.write("cut.snap", cut);
  await room.write("many.snap", writeArchive({ records: manyKeys }));
}, 120_000);

afterAll(() => room?.close());

describe("snapkeep", slow, () => {
  it("tells its version and its help, of each command", async () => {
    const version = await room.run(["--version"]);
    expect(version).toMatchObject({ code: 0, errors: "" });
    expect(version.out).toMatch(/^\d+\.\d+\.\d+\n$/);
    for (const command of ["verify", "inspect", "diff", "browse"]) {
      const help = await room.run([command, "--help"]);
      expect(help).toMatchObject({ code: 0, errors: "" });
      expect(help.out).toContain(`snapkeep ${command} `);
      expect(help.out).toContain("Exit codes: 0");
    }
    expect((await room.run(["--help"])).out).toContain("snapkeep browse FILE");
  });

  it("answers wrong use with 2, a sentence and no stack", async () => {
    const wrong: [string[], string][] = [
      [[], "snapkeep looks into"],
      [["revert"], "There is no command revert"],
      [["verify"], "Something is missing"],
      [["verify", "--frmat", "json", "good.snap"], "Unknown option '--frmat'"],
      [["verify", "gone.snap"], "There is no file gone.snap"],
      [["verify", "."], ". is a folder"],
      [["inspect", "good.snap", "cut.snap"], "Too many names"],
      [["inspect", "--kv-depth", "x", "good.snap"], "--kv-depth takes a whole number"],
      [["diff", "good.snap"], "Something is missing"],
      [["diff", "--type", "nonsense", "good.snap", "good.snap"], "--type takes a kind of record: node"],
      [["browse", "good.snap", "app/", "--search", "x"], "exclude each other"],
      [["browse", "good.snap", "--get", "a", "--format", "json"], "has no --format"],
    ];
    for (const [args, sentence] of wrong) {
      const { code, out, errors } = await room.run(args);
      expect({ args, code, out }).toEqual({ args, code: 2, out: "" });
      expect(errors).toContain(sentence);
      expect(errors).not.toMatch(/^\s+at /m);
    }
  });

  it("ends with 130 on Ctrl-C, at once", async () => {
    const { code, errors } = await room.run(["verify", "good.snap", "-"], {
      stdin: "open",
      signal: "SIGINT",
    });
    expect({ code, errors }).toEqual({ code: 130, errors: "" });
  });

  it("ends quietly when nobody reads any more", async () => {
    for (const format of ["pretty", "json"]) {
      const args = ["browse", "many.snap", "--search", "*", "--format", format];
      const { code, errors } = await room.run(args, { closeAfterBytes: 1 });
      expect({ code, errors }).toEqual({ code: 141, errors: "" });
    }
  });

  it("says so when the output can't be written", async () => {
    const shell = `"${process.execPath}" snapkeep.mjs inspect good.snap > /dev/full`;
    const { status, stderr } = spawnSync("sh", ["-c", shell], { cwd: room.folder });
    expect(status).toBe(2);
    expect(stderr.toString()).toBe(
      "snapkeep: The output can't be written: ENOSPC: no space left on device, write.\n",
    );
  });

  it("gives all of a long output, through a pipe as into a file", async () => {
    const { code, out } = await room.run(["browse", "many.snap", "--search", "*", "--format", "json"]);
    expect(code).toBe(0);
    const { keys } = JSON.parse(out) as { keys: { key: string }[] };
    expect(keys.map(({ key }) => key)).toEqual(manyKeys.map((_, at) => `app/${String(at).padStart(6, "0")}`));
    const shell = `"${process.execPath}" snapkeep.mjs browse many.snap --search '*' > list.txt && tail -1 list.txt`;
    expect(spawnSync("sh", ["-c", shell], { cwd: room.folder }).stdout.toString()).toBe("30,000 keys\n");
  });

  it("shows no progress bar where stderr is no terminal", async () => {
    expect((await room.run(["verify", "many.snap"])).errors).toBe("");
  });
});

describe("snapkeep verify", slow, () => {
  it("tells what is wrong: code, place and sentence", async () => {
    expect(await room.run(["verify", "good.snap"])).toMatchObject({ code: 0, errors: "" });
    const { code, out } = await room.run(["verify", "cut.snap", "good.snap"]);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^cut\.snap: not good\n {2}CODE +WHERE +WHAT\n {2}GZIP_TRUNCATED +byte 300 of the file +.*unexpected EOF/,
    );
    expect(out).toContain("good.snap: verified\n  2-13-1602222343947: raft index 13, term 2\n");
  });

  it("gives the whole report of every file as JSON, in the engine's own codes", async () => {
    const names = archiveCases.map((_, at) => `case-${at}.snap`);
    for (const [at, { archive }] of archiveCases.entries()) await room.write(`case-${at}.snap`, archive);
    const { code, out } = await room.run(["verify", "--format", "json", ...names]);
    expect(code).toBe(1);
    const reports = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const told = reports.map(({ file, ok, findings }) => [
      file,
      ok,
      findings.map((one: { code: string }) => one.code),
    ]);
    expect(told).toEqual(archiveCases.map(({ codes }, at) => [names[at], codes.length === 0, codes]));
    expect(reports[0]).toMatchObject({ meta: { index: 13 }, digests: { archiveSha256: expect.any(String) } });
  });

  it("reads stdin, from a pipe and from a file", async () => {
    const { code, out } = await room.run(["verify", "-"], { stdin: good });
    expect({ code, first: out.split("\n")[0] }).toEqual({ code: 0, first: "-: verified" });
    const shell = `"${process.execPath}" snapkeep.mjs verify - < good.snap`;
    expect(spawnSync("sh", ["-c", shell], { cwd: room.folder }).status).toBe(0);
    expect(await room.run(["verify", "-"], { stdin: Buffer.alloc(0) })).toMatchObject({ code: 1 });
    expect(await room.run(["verify", "-", "-"])).toMatchObject({ code: 2, out: "" });
  });

  it("goes on after a file that is not there, and ends with 2", async () => {
    const { code, out, errors } = await room.run(["verify", "gone.snap", "cut.snap", "good.snap"]);
    expect(code).toBe(2);
    expect(errors).toContain("There is no file gone.snap");
    expect(out).toContain("cut.snap: not good");
    expect(out).toContain("good.snap: verified");
  });

  it("finds a snapshot of the store by its id, where the environment says", async () => {
    const { mkdirSync } = await import("node:fs");
    mkdirSync(`${room.folder}/data/archives`, { recursive: true });
    mkdirSync(`${room.folder}/.snapkeep/archives`, { recursive: true });
    await room.write("data/archives/s-7f3k2m9qa0b1.snap", good);
    await room.write(".snapkeep/archives/s-000000000000.snap", good);
    const id = "s-7f3k2m9qa0b1";
    const places: Record<string, string>[] = [
      { SNAPKEEP_DATA: "data" },
      { SNAPKEEP_ARCHIVES: `${room.folder}/data/archives` },
    ];
    for (const env of places) {
      expect(await room.run(["verify", id], { env })).toMatchObject({ code: 0, errors: "" });
    }
    expect(await room.run(["verify", "s-000000000000"])).toMatchObject({ code: 0 });
    const { code, errors } = await room.run(["verify", id]);
    expect(code).toBe(2);
    expect(errors).toContain("no snapshot of this id in");
    const wrong = await room.run(["verify", id], { env: { SNAPKEEP_PORT: "none" } });
    expect(wrong).toMatchObject({ code: 2, out: "" });
    expect(wrong.errors).toContain("SNAPKEEP_PORT");
  });
});

describe("snapkeep inspect", slow, () => {
  it("gives Consul's JSON and nothing else, with the keys only where they are asked for", async () => {
    const plain = await room.run(["inspect", "good.snap", "--format", "json"]);
    expect(plain).toMatchObject({ code: 0, errors: "" });
    expect(plain.out).toMatch(/^\{\n {3}"Meta": \{\n {6}"ID": "2-13-1602222343947",/);
    expect(JSON.parse(plain.out)).toMatchObject({ Meta: { Index: 13 }, StatsKV: null, TotalSizeKV: 0 });
    const args = [
      "inspect",
      "good.snap",
      "--format",
      "json",
      "--kv-details",
      "--kv-depth",
      "1",
      "--kv-filter",
      "app/",
    ];
    const { StatsKV } = JSON.parse((await room.run(args)).out);
    expect(StatsKV).toMatchObject([{ Name: "app", Count: 2 }]);
  });

  it("adds our facts to Consul's table, and gives all of them as JSON", async () => {
    const { out } = await room.run(["inspect", "good.snap", "--kv-details"]);
    expect(out).toContain(" Key Name");
    expect(out).toMatch(/ Edition +community\n/);
    expect(out).toMatch(/ Keys +2 keys, 10 B of values, the largest 8 B\n/);
    expect(out).toMatch(/127\.0\.0\.1:8300 +voter/);
    const full = JSON.parse((await room.run(["inspect", "good.snap", "--format", "full"])).out);
    expect(full).toMatchObject({
      file: "good.snap",
      ok: true,
      inspection: { kv: { count: 2 }, edition: "community" },
    });
  });

  it("gives no half JSON of a broken archive", async () => {
    const { code, out, errors } = await room.run(["inspect", "cut.snap", "--format", "json"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(errors).toContain("GZIP_TRUNCATED");
    const full = await room.run(["inspect", "cut.snap", "--format", "full"]);
    expect(full.code).toBe(1);
    expect(JSON.parse(full.out)).toMatchObject({ ok: false, findings: [{ code: "GZIP_TRUNCATED" }] });
  });

  it("reads a bare state.bin with the meta.json beside it", async () => {
    const { mkdirSync } = await import("node:fs");
    const state = writeState();
    mkdirSync(`${room.folder}/raft`, { recursive: true });
    await room.write("raft/state.bin", state);
    const without = await room.run(["inspect", "raft/state.bin"]);
    expect(without.code).toBe(2);
    expect(without.errors).toContain("there is no such file");
    const meta = {
      Version: 1,
      ID: "2-13-1602222343947",
      Index: 13,
      Term: 2,
      Peers: "kA==",
      Size: state.length,
    };
    const configuration = { Configuration: { Servers: [] }, ConfigurationIndex: 1 };
    await room.write("raft/meta.json", JSON.stringify({ ...meta, ...configuration }));
    const raw = await room.run(["inspect", "raft/state.bin", "--format", "json"]);
    expect({ code: raw.code, errors: raw.errors }).toEqual({ code: 0, errors: "" });
    const archived = await room.run(["inspect", "good.snap", "--format", "json"]);
    expect(JSON.parse(raw.out)).toEqual(JSON.parse(archived.out));
  });
});
