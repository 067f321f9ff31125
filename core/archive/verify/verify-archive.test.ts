import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { kvsEntry, writeArchive } from "../../testing/archive-writer.ts";
import { waitingBytesMax } from "../container/gzip-reader.ts";
import { createArchiveVerifier, verifyArchive } from "../index.ts";

/** Bytes that deflate cannot make smaller. */
const bigArchive = writeArchive({
  records: [{ type: 2, value: kvsEntry("random", randomBytes(12_000_000), 7) }],
  gzipLevel: 1,
});

function inPieces(archive: Buffer, pieceBytes: number): Buffer[] {
  return Array.from({ length: Math.ceil(archive.length / pieceBytes) }, (_, at) =>
    archive.subarray(at * pieceBytes, (at + 1) * pieceBytes),
  );
}

describe("createArchiveVerifier", () => {
  it("asks to wait before more than its share of memory is waiting, and then goes on", async () => {
    const verifier = createArchiveVerifier();
    let waits = 0;
    let atOnceBytes = 0;
    for (const piece of inPieces(bigArchive, 65_536)) {
      const wait = verifier.write(piece);
      atOnceBytes += piece.length;
      if (wait !== undefined) {
        expect(atOnceBytes).toBeLessThan(2 * waitingBytesMax);
        atOnceBytes = 0;
        waits += 1;
        await wait;
      }
    }
    expect(waits).toBeGreaterThan(2);
    expect((await verifier.end()).ok).toBe(true);
  });

  it("takes everything without a wait when the caller does not heed it", async () => {
    const verifier = createArchiveVerifier();
    for (const piece of inPieces(bigArchive, 65_536)) {
      void verifier.write(piece);
    }
    expect((await verifier.end()).ok).toBe(true);
  });

  it("frees waiting writers on abort, and then gives no report", async () => {
    const verifier = createArchiveVerifier();
    const waits = inPieces(bigArchive, 65_536).map((piece) => verifier.write(piece));
    verifier.abort();
    verifier.abort();
    await Promise.all(waits);
    expect(verifier.write(Buffer.from("more"))).toBeUndefined();
    await expect(verifier.end()).rejects.toThrow("The verification was aborted.");
  });

  it("rejects the end that is under way when it is aborted", async () => {
    const verifier = createArchiveVerifier();
    void verifier.write(bigArchive);
    const end = verifier.end();
    verifier.abort();
    await expect(end).rejects.toThrow("The verification was aborted.");
  });

  it("goes on hashing after a fault", async () => {
    const verifier = createArchiveVerifier();
    await verifier.write(Buffer.alloc(3_000_000));
    await verifier.write(Buffer.alloc(3_000_000));
    const report = await verifier.end();
    expect(report.findings.map(({ code }) => code)).toEqual(["GZIP_HEADER"]);
    expect(report.archiveBytes).toBe(6_000_000);
  });
});

describe("verifyArchive", () => {
  it("reads a stream and any other source of chunks", async () => {
    const pieces = inPieces(writeArchive(), 100);
    expect((await verifyArchive(Readable.from(pieces, { objectMode: false }))).ok).toBe(true);
    async function* chunks() {
      yield* pieces;
    }
    expect((await verifyArchive(chunks())).ok).toBe(true);
  });

  it("rejects with the source's own error", async () => {
    const source = new PassThrough();
    source.write(writeArchive().subarray(0, 100));
    setImmediate(() => source.destroy(new Error("EIO: the disk is gone")));
    await expect(verifyArchive(source)).rejects.toThrow("EIO: the disk is gone");
  });

  it("ends a stream that hangs when the signal aborts, with the signal's reason", async () => {
    const source = new PassThrough();
    source.write(writeArchive().subarray(0, 100));
    const controller = new AbortController();
    const verified = verifyArchive(source, { signal: controller.signal });
    setImmediate(() => controller.abort(new Error("The user has left.")));
    await expect(verified).rejects.toThrow("The user has left.");
    if (!source.closed) {
      await once(source, "close");
    }
    expect(source.destroyed).toBe(true);
  });

  it("does not begin when the signal has aborted before", async () => {
    const signal = AbortSignal.abort(new Error("Too late."));
    await expect(verifyArchive(Readable.from([writeArchive()]), { signal })).rejects.toThrow("Too late.");
  });
});
