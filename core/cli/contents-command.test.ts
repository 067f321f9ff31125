import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createContentsIndexWriter } from "../archive/contents-index/index.ts";
import { verifyArchive } from "../archive/index.ts";
import { kvsEntry, type TestRecord, writeArchive } from "../testing/archive-writer.ts";
import { recordSamples } from "../testing/record-samples.ts";
import { type CommandRoom, openCommandRoom } from "./command-for-tests.ts";

const slow = { timeout: 60_000 };
let room: CommandRoom;

const kv = (key: string, value: string | Buffer, index = 9): TestRecord => ({
  type: 2,
  value: kvsEntry(key, Buffer.from(value), index),
});
const token = (secret: string, index = 9): TestRecord => ({
  type: 17,
  value: { AccessorID: "t-1", SecretID: secret, Description: "robot", CreateIndex: 1, ModifyIndex: index },
});
const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
const hostile = "\u001b]0;owned\u0007\nforged line";

const recordsA = [
  token("secret-one-of-a-token"),
  kv("app/binary", bytes),
  kv("app/config", '{"port": 80, "host": "a"}'),
  kv("app/db/password", "hunter2"),
  kv("app/same", "x"),
  kv("app/text", "one\ntwo\n"),
];
const recordsB = [
  token("secret-two-of-a-token", 10),
  kv("app/binary", Buffer.concat([bytes, bytes]), 10),
  kv("app/config", '{"host":"a","port":81}', 10),
  kv("app/db/password", "hunter3", 10),
  kv(`app/new ${hostile}`, "first\n\u009b31m\u202eb\n", 10),
  kv("app/same", "x"),
];

beforeAll(async () => {
  room = await openCommandRoom();
  await room.write("a.snap", writeArchive({ records: recordsA }));
  await room.write("b.snap", writeArchive({ records: recordsB }));
  await room.write("cut.snap", writeArchive({ records: recordsB, cutTo: 400 }));
  await room.write("all.snap", writeArchive({ records: recordSamples }));
}, 120_000);

afterAll(() => room?.close());

/** What a terminal would obey, but for the line ends that the command writes itself. */
const obeyed = /[^\P{Cc}\n\t]/u;

describe("snapkeep diff", slow, () => {
  it("ends with 0 where nothing differs", async () => {
    const { code, out, errors } = await room.run(["diff", "a.snap", "a.snap"]);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(out).toContain("no differences\n");
  });

  it("lists what differs, counts it and ends with 1", async () => {
    const { code, out, errors } = await room.run(["diff", "a.snap", "b.snap"]);
    expect({ code, errors }).toEqual({ code: 1, errors: "" });
    expect(out.split("\n").slice(0, 6)).toEqual([
      "~ kv               app/binary  value 256 B → 512 B",
      "~ kv               app/config  value 25 B → 22 B",
      "~ kv               app/db/password  value 7 B → 7 B",
      "+ kv               app/new \\e]0;owned\\u{7}\\nforged line  16 B",
      "- kv               app/text  8 B",
      "~ acl-token        t-1",
    ]);
    expect(out).toMatch(/^kv +1 +3 +1 +0 +1$/m);
    expect(out).not.toMatch(obeyed);
  });

  it("shows values line by line, and secrets only where they are to be revealed", async () => {
    const { out } = await room.run(["diff", "a.snap", "b.snap", "--values"]);
    expect(out).toContain('    -  "port": 80\n    +  "port": 81\n');
    expect(out).toMatch(/ {4}value: binary, 256 B, SHA-256 40aff2e9d2d8922e… → binary, 512 B/);
    expect(out).toMatch(
      / {4}value: closed by \*password\* \(7 B, fingerprint (\w{12})\) → closed by \*password\* \(7 B, fingerprint (?!\1)\w{12}\)/,
    );
    expect(out).toMatch(/ {4}SecretID: closed \(21 B, fingerprint \w{12}\) → closed/);
    expect(out).toContain("    +first\n    +\\u{9b}31m\\u{202e}b\n");
    expect(out).not.toMatch(obeyed);
    expect(out).not.toMatch(/hunter|secret-one/);
    const open = await room.run(["diff", "a.snap", "b.snap", "--values", "--reveal"]);
    expect(open.out).toContain("    -hunter2\n    +hunter3\n");
    expect(open.out).toContain('SecretID: "secret-one-of-a-token" → "secret-two-of-a-token"');
  });

  it("gives one JSON document, or a line for each difference and one for the end", async () => {
    const args = ["diff", "a.snap", "b.snap", "--values", "--format"];
    const document = JSON.parse((await room.run([...args, "json"])).out);
    expect(document).toMatchObject({ a: "a.snap", outcome: "compared", summary: { identical: false } });
    const told = Object.fromEntries(
      document.differences.map((one: { key?: string; identity?: string }) => [one.key ?? one.identity, one]),
    );
    expect(told["app/config"]).toMatchObject({
      kind: "kv",
      keyId: Buffer.from("app/config").toString("base64url"),
      change: "changed",
      parts: ["value"],
      before: { valueBytes: 25, flags: "0" },
      values: { after: { state: "open", form: "json", text: '{"host":"a","port":81}' } },
    });
    expect(told["app/db/password"].values.before).toMatchObject({
      state: "closed",
      rule: "*password*",
      bytes: 7,
    });
    expect(told["t-1"].fields).toMatchObject([{ path: ["SecretID"], before: { redacted: true } }]);
    const lines = (await room.run([...args, "jsonl"])).out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    // The fingerprints are those of one run alone.
    expect(lines.map(({ key, identity }) => key ?? identity)).toEqual([...Object.keys(told), undefined]);
    expect(lines.at(-1)).toMatchObject({ outcome: "compared", archives: { a: { ok: true } } });
  });

  it("keeps to a kind or a prefix, and its exit code with it", async () => {
    const tokens = await room.run(["diff", "a.snap", "b.snap", "--type", "tokens", "--format", "json"]);
    expect(JSON.parse(tokens.out).differences).toHaveLength(1);
    const text = await room.run(["diff", "a.snap", "b.snap", "--prefix", "app/text"]);
    expect(text.out).toMatch(/^- kv +app\/text {2}8 B\n\n.*1 listed\n$/);
    expect(await room.run(["diff", "a.snap", "b.snap", "--prefix", "app/same"])).toMatchObject({ code: 0 });
  });

  it("lists nothing of an archive that is not good, from a file or a pipe", async () => {
    for (const format of ["pretty", "json"]) {
      const { code, out, errors } = await room.run(["diff", "a.snap", "cut.snap", "--format", format]);
      expect(code).toBe(1);
      expect(errors).toContain("cut.snap is not good:");
      if (format === "pretty") expect(out).toBe("");
      else expect(JSON.parse(out)).toMatchObject({ differences: [], outcome: "not-verified", summary: null });
    }
    const piped = { stdin: writeArchive({ records: recordsB }) };
    expect(await room.run(["diff", "a.snap", "-", "--prefix", "app/text"], piped)).toMatchObject({ code: 1 });
    const twice = await room.run(["diff", "a.snap", "-", "--values"], piped);
    expect(twice).toMatchObject({ code: 2, out: "" });
    expect(twice.errors).toContain("can be read once only");
  });

  it("compares keys that stand out of order, from files", async () => {
    await room.write("unsorted.snap", writeArchive({ records: [...recordsA].reverse() }));
    const { code, out } = await room.run(["diff", "a.snap", "unsorted.snap"]);
    expect(code).toBe(0);
    expect(out).toContain("no differences");
    for (const format of ["json", "jsonl"]) {
      const args = ["diff", "unsorted.snap", "b.snap", "--prefix", "app/text", "--format", format];
      const told = (await room.run(args)).out.trimEnd().split("\n");
      if (format === "json") expect(JSON.parse(told.join("")).differences).toHaveLength(1);
      else expect(JSON.parse(told.at(-1) ?? "")).toMatchObject({ outcome: "compared" });
    }
    const piped = { stdin: writeArchive({ records: [...recordsA].reverse() }) };
    const { code: failed, errors } = await room.run(["diff", "a.snap", "-"], piped);
    expect(failed).toBe(1);
    expect(errors).toContain("do not stand in order");
  });
});

describe("snapkeep browse", slow, () => {
  it("lists the children of a prefix like ls", async () => {
    const { code, out } = await room.run(["browse", "a.snap", "app/"]);
    expect(code).toBe(0);
    expect(out).toBe(
      "KEYS   SIZE  NAME\n   1  256 B  binary\n   1   25 B  config\n   1    7 B  db/\n   1    1 B  same\n   1    8 B  text\n\n5 keys, 297 B of values\n",
    );
    const { children, keys } = JSON.parse((await room.run(["browse", "a.snap", "--format", "json"])).out);
    expect({ keys, children }).toMatchObject({
      keys: 5,
      children: [{ name: "app/", isFolder: true, keys: 5 }],
    });
  });

  it("never lets a name control the terminal", async () => {
    for (const args of [["app/"], ["--search", "*new*"], ["--format", "json"]]) {
      const { code, out } = await room.run(["browse", "b.snap", ...args]);
      expect(code).toBe(0);
      expect(out).not.toMatch(obeyed);
    }
    const missing = await room.run(["browse", "b.snap", "--get", "\u001b[2J"]);
    expect(missing.code).toBe(2);
    expect(missing.errors).toContain("There is no key \\e[2J in");
  });

  it("finds keys by a pattern", async () => {
    const { out } = await room.run(["browse", "a.snap", "--search", "app/*/pass*"]);
    expect(out).toBe("SIZE  INDEX  KEY\n 7 B      9  app/db/password\n\n1 key\n");
    const { keys } = JSON.parse(
      (await room.run(["browse", "a.snap", "--search", "app/db", "--format", "json"])).out,
    );
    expect(keys).toMatchObject([{ key: "app/db/password", valueBytes: 7, flags: "0", closed: "*password*" }]);
  });

  it("writes the exact bytes of a value, by its name or its id, and only of a good archive", async () => {
    const { code, bytes: value, errors } = await room.run(["browse", "a.snap", "--get", "app/binary"]);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(value.equals(bytes)).toBe(true);
    const keyId = Buffer.from("app/text").toString("base64url");
    expect((await room.run(["browse", "a.snap", "--get-id", keyId])).out).toBe("one\ntwo\n");
    expect(await room.run(["browse", "a.snap", "--get-id", "no id"])).toMatchObject({ code: 2, out: "" });
    expect(await room.run(["browse", "cut.snap", "--get", "app/binary"])).toMatchObject({ code: 1, out: "" });
    expect(
      await room.run(["browse", "-", "--get", "app/same"], { stdin: writeArchive({ records: recordsA }) }),
    ).toMatchObject({ code: 0, out: "x" });
  });

  it("lists records of every kind without a secret, until one is to be revealed", async () => {
    const table = await room.run(["browse", "a.snap", "--records", "tokens"]);
    expect(table.out).toMatch(/^IDENTITY +SECRETID .*\nt-1 +closed \w{12} .*robot\n\n1 record\n$/);
    const open = await room.run(["browse", "a.snap", "--records", "tokens", "--reveal", "--format", "json"]);
    expect(JSON.parse(open.out)).toMatchObject({
      records: [{ identity: "t-1", fields: { SecretID: "secret-one-of-a-token" } }],
    });
    for (const kind of [
      "services",
      "acl-legacy",
      "config-entries",
      "unknown",
      "chunking-state",
      "peerings",
    ]) {
      const { code, out } = await room.run(["browse", "all.snap", "--records", kind, "--format", "json"]);
      expect(code).toBe(0);
      expect(JSON.parse(out).records.length).toBeGreaterThan(0);
      expect(out).not.toContain("secret-of-old");
      expect(await room.run(["browse", "all.snap", "--records", kind])).toMatchObject({
        code: 0,
        errors: "",
      });
    }
    expect(await room.run(["browse", "cut.snap", "--records", "tokens"])).toMatchObject({ code: 1, out: "" });
  });

  it("uses the index beside an archive, and no other one's", async () => {
    const archive = writeArchive({ records: recordsA });
    const index = await makeIndex(archive);
    await room.write("kept.snap", archive);
    await room.write("kept.contents", index);
    const { out } = await room.run(["browse", "kept.snap", "app/"]);
    expect(out).toBe((await room.run(["browse", "a.snap", "app/"])).out);
    const records = await room.run(["browse", "kept.snap", "--records", "tokens"]);
    // Fingerprints under the key of whoever made the index.
    expect(records.out).toContain(`closed ${seal(Buffer.from("secret-one-of-a-token"))}`);
    await room.write("other.snap", writeArchive({ records: recordsB }));
    await room.write("other.contents", index);
    expect((await room.run(["browse", "other.snap", "app/"])).out).toContain("new \\e]0;owned");
    await room.write("damaged.snap", archive);
    await room.write("damaged.contents", index.subarray(0, -5));
    expect(await room.run(["browse", "damaged.snap", "app/"])).toMatchObject({ code: 0, out, errors: "" });
  });
});

const seal = (secret: Uint8Array) => createHmac("sha256", "test").update(secret).digest("hex").slice(0, 12);

async function makeIndex(archive: Buffer): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const writer = createContentsIndexWriter({ onBytes: (chunk) => chunks.push(chunk), seal });
  async function* source() {
    yield archive;
  }
  const { digests, lastIndex, stateBytes } = await verifyArchive(source(), { visitor: writer });
  writer.finish({ stateSha256: digests.stateSha256 ?? "", lastIndex: lastIndex ?? 0, stateBytes });
  return Buffer.concat(chunks);
}
