import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { gzipAsGo, writeArchive, writeState, writeTar } from "../../testing/archive-writer.ts";
import { createArchiveVerifier, type VerifyReport } from "../index.ts";

const archive = writeArchive({ records: [{ type: 16, value: { Key: "kvs", Value: 13 } }] });

async function verify(bytes: Buffer): Promise<VerifyReport> {
  const verifier = createArchiveVerifier();
  await verifier.write(bytes);
  return await verifier.end();
}

describe("no damage passes", () => {
  it("a flip of any bit is found, or leaves every byte of the contents as it was", async () => {
    const { ok: _ok, findings: _findings, digests: right, ...rightRest } = await verify(archive);
    const passedOffsets: number[] = [];
    for (let bit = 0; bit < archive.length * 8; bit++) {
      const copy = Buffer.from(archive);
      const offset = bit >> 3;
      copy.writeUInt8(copy.readUInt8(offset) ^ (1 << (bit & 7)), offset);
      const { ok, findings, digests, ...rest } = await verify(copy);
      expect(ok).toBe(findings.length === 0);
      if (ok) {
        passedOffsets.push(offset);
        expect(gunzipSync(copy)).toEqual(gunzipSync(archive));
        expect(rest).toEqual(rightRest);
        expect({ ...digests, archiveSha256: "" }).toEqual({ ...right, archiveSha256: "" });
      }
    }
    // In the header, the text flag, the time and two hints say nothing about the contents: 1 + 32 + 8 + 8 bits.
    expect(passedOffsets.filter((offset) => offset < 10)).toHaveLength(49);
    // In the data, a few flips make another code for the very same bytes, as a match at another distance.
    expect(passedOffsets.filter((offset) => offset >= 10).length).toBeLessThan(archive.length / 20);
    expect(passedOffsets.filter((offset) => offset >= archive.length - 8)).toEqual([]);
  });

  it("a cut at any byte is found", async () => {
    for (let bytes = 0; bytes < archive.length; bytes++) {
      const report = await verify(archive.subarray(0, bytes));
      expect(report.findings.map(({ code }) => code)).toEqual([bytes === 0 ? "EMPTY" : "GZIP_TRUNCATED"]);
    }
  });

  it("a cut at any byte with Consul's error after it is found", async () => {
    const error = Buffer.from("failed to copy snapshot: connection reset by peer");
    for (let bytes = 20; bytes <= archive.length; bytes++) {
      const report = await verify(Buffer.concat([archive.subarray(0, bytes), error]));
      expect(report.ok).toBe(false);
      expect(report.findings[0]?.code).toBe("APPENDED_TEXT");
      expect(report.findings[0]?.text).toContain("connection reset by peer");
    }
  });

  it("a tar that is cut at any byte and gzipped well is found", async () => {
    const tar = writeTar();
    for (let bytes = 0; bytes < tar.length; bytes += 7) {
      const report = await verify(gzipAsGo(tar.subarray(0, bytes), { gzipLevel: 0 }));
      expect(report.findings[0]?.code).toBe("TAR_TRUNCATED");
    }
  });

  it("a state.bin that is cut at any byte, with right sums, is found unless it ends at a record", async () => {
    const state = writeState();
    const recordEnds = new Set<number>();
    for (let bytes = 0; bytes < state.length; bytes++) {
      const report = await verify(writeArchive({ state: state.subarray(0, bytes) }));
      if (report.ok) {
        recordEnds.add(bytes);
      } else {
        expect(report.findings.map(({ code }) => code)).toEqual(["RECORD_TRUNCATED"]);
      }
    }
    // The header's end, and the ends of all five records but the last, which is the whole.
    expect(recordEnds.size).toBe(5);
  });

  it.each([1, 2, 7, 8, 9, 10, 511, 512, 513, 4096])("%i zeros after the archive are found", async (bytes) => {
    const report = await verify(Buffer.concat([archive, Buffer.alloc(bytes)]));
    expect(report.findings.map(({ code, offset }) => [code, offset])).toEqual([
      ["GZIP_TRAILING_BYTES", archive.length],
    ]);
  });
});
