import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { kvsEntry, writeArchive } from "../../testing/archive-writer.ts";
import { recordSamples } from "../../testing/record-samples.ts";
import {
  ArchiveFormatError,
  createArchiveVerifier,
  type RecordVisitor,
  type VerifyReport,
  verifyArchive,
} from "../index.ts";

const archive = writeArchive({ records: recordSamples });

type Result = { readonly report: VerifyReport; readonly events: readonly string[] };

/** Everything that a visitor is shown, as text. */
async function readPieces(pieces: Iterable<Buffer>, values = true): Promise<Result> {
  const events: string[] = [];
  const show = (record: object) =>
    void events.push(
      JSON.stringify(record, (_name, value) =>
        typeof value === "bigint"
          ? `${value}n`
          : value instanceof Uint8Array
            ? Buffer.from(value).toString("latin1")
            : value,
      ),
    );
  const verifier = createArchiveVerifier({ values, visitor: { kv: show, other: show } });
  for (const piece of pieces) {
    await verifier.write(piece);
  }
  const report = await verifier.end();
  return { report, events };
}

function* slices(bytes: Buffer, pieceBytes: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    yield bytes.subarray(at, at + pieceBytes);
  }
}

describe("a visitor", () => {
  it("is shown every record in its order, as the report counts them", async () => {
    const { report, events } = await readPieces([archive]);
    expect(report.findings).toEqual([]);
    expect(events.map((event) => JSON.parse(event).type)).toEqual(recordSamples.map(({ type }) => type));
    expect(events).toHaveLength(report.records.total);
    const places = events.map((event) => JSON.parse(event) as { offset: number; bytes: number });
    const end = places.reduce(
      (next, { offset, bytes }) => (offset === next ? next + bytes : -1),
      report.records.headerBytes,
    );
    expect(end).toBe(report.stateBytes);
  });

  it("is shown the same when the archive comes byte by byte", async () => {
    expect(await readPieces(slices(archive, 1))).toEqual(await readPieces([archive]));
  });

  it("is shown the same when the archive comes in two pieces, split anywhere", async () => {
    const whole = await readPieces([archive]);
    for (let at = 1; at < archive.length; at++) {
      expect(await readPieces([archive.subarray(0, at), archive.subarray(at)])).toEqual(whole);
    }
  });

  it("ends the reading with what it throws, even where that looks like a finding", async () => {
    const value = kvsEntry("random", randomBytes(16_000_000), 7);
    const long = writeArchive({ records: [...recordSamples, { type: 2, value }], gzipLevel: 1 });
    for (const thrown of [new Error("Enough."), new ArchiveFormatError("TAR_HEADER", "Not mine.")]) {
      const visitor: RecordVisitor = {
        other: () => {
          throw thrown;
        },
      };
      let piecesRead = 0;
      async function* source() {
        for (const piece of slices(long, 64 * 1024)) {
          piecesRead += 1;
          yield piece;
        }
      }
      await expect(verifyArchive(source(), { visitor })).rejects.toBe(thrown);
      expect(piecesRead).toBeLessThan(long.length / (64 * 1024) / 2);
    }
  });

  it("changes nothing in the report", async () => {
    const { report } = await readPieces([archive]);
    expect(await verifyArchive(slicesAsync(archive))).toEqual(report);
    expect((await readPieces([archive], false)).report).toEqual(report);
  });
});

async function* slicesAsync(bytes: Buffer) {
  yield bytes;
}

/** The same numbers in every run: xorshift32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

function flipped(bytes: Buffer, at: number, mask: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ mask, at);
  return copy;
}

async function count(bytes: Buffer): Promise<{ ok: boolean; records: number }> {
  let records = 0;
  const add = () => {
    records += 1;
  };
  const verifier = createArchiveVerifier({ visitor: { kv: add, other: add } });
  await verifier.write(bytes);
  return { ok: (await verifier.end()).ok, records };
}

describe("a flipped byte", () => {
  it("at every place of a small archive is found, or changes nothing that is read", async () => {
    const random = seeded(7);
    const whole = await readPieces([archive]);
    for (let at = 0; at < archive.length; at++) {
      const damaged = flipped(archive, at, (random() % 255) + 1);
      const result = await readPieces([damaged]);
      if (result.report.ok) {
        expect(result.events).toEqual(whole.events);
        expect(gunzipSync(damaged)).toEqual(gunzipSync(archive));
      }
    }
  });

  it("at 10,000 places of a larger archive is found, or changes nothing that is read", async () => {
    const random = seeded(11);
    const keys = Array.from({ length: 400 }, (_, at) => {
      const value = Buffer.from(Array.from({ length: 40 }, random));
      return { type: 2, value: kvsEntry(`app/${String(at).padStart(4, "0")}`, value, at) };
    });
    const larger = writeArchive({ records: [...recordSamples, ...keys] });
    const whole = await readPieces([larger], false);
    let found = 0;
    for (let run = 0; run < 10_000; run++) {
      const damaged = flipped(larger, random() % larger.length, (random() % 255) + 1);
      const { ok } = await count(damaged);
      if (ok) {
        expect(await readPieces([damaged], false)).toMatchObject({ events: whole.events });
      }
      found += ok ? 0 : 1;
    }
    expect(found).toBeGreaterThan(9_900);
  });

  it("in a state.bin whose sums were made anew is decoded or refused", async () => {
    const state = Buffer.from(stateOf(archive));
    const random = seeded(13);
    for (let at = 12; at < state.length; at += 3) {
      const { report, events } = await readPieces([
        writeArchive({ state: flipped(state, at, (random() % 255) + 1) }),
      ]);
      expect(report.ok || report.findings.every(({ code }) => code.startsWith("RECORD_"))).toBe(true);
      expect(events).toHaveLength(report.records.total);
    }
  });
});

function stateOf(bytes: Buffer): Buffer {
  const tar = gunzipSync(bytes);
  const metaBytes = Number.parseInt(tar.toString("latin1", 124, 135), 8);
  const header = 512 + 512 * Math.ceil(metaBytes / 512);
  return tar.subarray(
    header + 512,
    header + 512 + Number.parseInt(tar.toString("latin1", header + 124, header + 135), 8),
  );
}
