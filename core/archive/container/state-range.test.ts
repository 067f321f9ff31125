import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { kvsEntry, writeArchive } from "#core/testing/archive-writer.ts";
import { decodeRecord, isKvRecord } from "../records/record-decoder.ts";
import type { KvRecord } from "../records/visitor.ts";
import { verifyArchive } from "../verify/verify-archive.ts";
import { readStateRange } from "./state-range.ts";

const values = ["first", "", "x".repeat(300_000), "last"];
const archive = writeArchive({
  records: values.map((value, at) => ({ type: 2, value: kvsEntry(`key/${at}`, Buffer.from(value), at + 1) })),
});

async function* pieces(size: number, bytes = archive): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe("bytes of state.bin, read out of an archive", () => {
  it.each([1, 100, archive.length])("are each record's own, in pieces of %i bytes", async (size) => {
    const places: Pick<KvRecord, "offset" | "bytes">[] = [];
    await verifyArchive(pieces(archive.length), {
      visitor: { kv: ({ offset, bytes }) => void places.push({ offset, bytes }) },
    });
    const read: string[] = [];
    for (const place of places) {
      const record = decodeRecord(await readStateRange(pieces(size), place));
      if (isKvRecord(record)) read.push(Buffer.from(record.value ?? []).toString());
    }
    expect(read).toEqual(values);
  });

  it("stops reading once it has them", async () => {
    // Noise, which gzip leaves as it is, and more of it than may wait to be unpacked.
    const noise = writeArchive({
      records: [{ type: 2, value: kvsEntry("noise", randomBytes(12 * 1024 * 1024), 1) }],
    });
    let given = 0;
    const source = (async function* () {
      for await (const piece of pieces(64 * 1024, noise)) {
        given += piece.length;
        yield piece;
      }
    })();
    await readStateRange(source, { offset: 0, bytes: 10 });
    expect(given).toBeLessThan(noise.length / 2);
  });

  it("are not made up where the archive has none", async () => {
    await expect(readStateRange(pieces(1_000), { offset: 1e9, bytes: 10 })).rejects.toMatchObject({
      code: "RECORD_TRUNCATED",
    });
    const cut = archive.subarray(0, archive.length / 2);
    await expect(readStateRange(pieces(1_000, cut), { offset: 300_500, bytes: 100 })).rejects.toThrow();
  });
});
