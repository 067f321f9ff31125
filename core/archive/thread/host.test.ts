import { describe, expect, it } from "vitest";
import { kvsEntry, writeArchive } from "#core/testing/archive-writer.ts";
import { openContentsIndex } from "../contents-index/index.ts";
import { verifyArchive } from "../verify/verify-archive.ts";
import { openArchiveThread } from "./host.ts";

const keys = Array.from({ length: 3_000 }, (_, at) => `app/${String(at).padStart(5, "0")}`);
const archiveOf = (names: readonly string[], value = "x") =>
  writeArchive({
    records: names.map((key, at) => ({ type: 2, value: kvsEntry(key, Buffer.from(value), at + 1) })),
  });
const archive = archiveOf(keys);
const index = { fingerprintKey: "a key for tests" };

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe("an archive thread", () => {
  it("gives the report that verifying here gives, whatever the pieces, and leaves the pieces alone", async () => {
    const wanted = await verifyArchive(pieces(archive, archive.length));
    for (const size of [1_000, 64 * 1024, archive.length]) {
      const copy = Buffer.from(archive);
      const thread = openArchiveThread({ kind: "verify" });
      for await (const piece of pieces(copy, size)) await thread.sources[0].write(piece);
      thread.sources[0].end();
      expect((await thread.result).report).toEqual(wanted);
      expect(copy.equals(archive)).toBe(true);
    }
  });

  it("puts out an index that opens, and has written all of it before it answers", async () => {
    const output: Uint8Array[] = [];
    const onOutput = async (bytes: Uint8Array) => {
      await new Promise((resolve) => setImmediate(resolve));
      output.push(bytes);
    };
    const thread = openArchiveThread({ kind: "verify", index }, { onOutput });
    await thread.sources[0].write(archive);
    thread.sources[0].end();
    const { report, inspection, isIndexed } = await thread.result;
    expect({ isIndexed, keys: inspection?.kv.count }).toEqual({ isIndexed: true, keys: keys.length });
    const whole = Buffer.concat(output);
    const stateSha256 = report.digests.stateSha256 ?? "";
    const read = async (offset: number, length: number) => whole.subarray(offset, offset + length);
    const opened = await openContentsIndex({ bytes: whole.length, read }, { stateSha256 });
    expect(await opened.kv.stats("app/0")).toEqual({ keys: 3_000, valueBytes: 3_000 });
  });

  it("says that there is no index of an archive that does not verify", async () => {
    const thread = openArchiveThread({ kind: "verify", index });
    await thread.sources[0].write(archive.subarray(0, -9));
    thread.sources[0].end();
    const { report, isIndexed, indexFault } = await thread.result;
    expect({ ok: report.ok, isIndexed, indexFault }).toEqual({
      ok: false,
      isIndexed: false,
      indexFault: null,
    });
  });

  it("fails with what the taker of its output threw, and its writers stop waiting", async () => {
    const onOutput = () => Promise.reject(new Error("the disk is full"));
    const thread = openArchiveThread({ kind: "verify", index }, { onOutput });
    await thread.sources[0].write(archive);
    thread.sources[0].end();
    await expect(thread.result).rejects.toThrow("the disk is full");
    await expect(thread.sources[1].write(archive)).rejects.toThrow("the disk is full");
  });

  it("ends at once when it is aborted, however much was sent and never taken in", async () => {
    const thread = openArchiveThread({ kind: "verify" });
    const flood = (async () => {
      for (;;) await thread.sources[0].write(Buffer.alloc(1024 * 1024));
    })();
    thread.abort();
    await expect(flood).rejects.toThrow("aborted");
    await expect(thread.result).rejects.toThrow("aborted");
  });

  it("compares two archives that are sent side by side, and tells where each kind's lines stand", async () => {
    const output: Uint8Array[] = [];
    const thread = openArchiveThread({ kind: "compare" }, { onOutput: (bytes) => void output.push(bytes) });
    const sides = [archive, archiveOf([...keys.slice(1), "zz/new"])];
    await Promise.all(
      sides.map(async (bytes, side) => {
        const source = thread.sources[side === 0 ? 0 : 1];
        for await (const piece of pieces(bytes, 10_000)) await source.write(piece);
        source.end();
      }),
    );
    const { result, sections } = await thread.result;
    expect(result.outcome).toBe("compared");
    const text = Buffer.concat(output);
    const [section] = sections;
    const lines = text.toString("utf8", section?.from, section?.to).trim().split("\n");
    const found = lines.map((line) => JSON.parse(line)).filter(({ churn }) => !churn);
    expect(found.map(({ id, change }) => [Buffer.from(id, "base64url").toString(), change])).toEqual([
      ["app/00000", "removed"],
      ["zz/new", "added"],
    ]);
  });
});
