import { crc32 } from "node:zlib";
import { ArchiveFormatError } from "../format-error.ts";
import { type ByteQueue, createByteQueue } from "./byte-queue.ts";
import { concludeGzipHeader, parseGzipHeader } from "./gzip-header.ts";
import { createGzipTail, type GzipTail } from "./gzip-tail.ts";
import { createInflater, type Inflater } from "./inflater.ts";

/** Compressed bytes that may wait before `write` asks the caller to wait too. */
export const waitingBytesMax = 2 * 1024 * 1024;
/** Bodies arrive in pieces of 16 to 64 KiB; joined, they need fewer turns of zlib's thread. */
const inputPieceBytes = 256 * 1024;

export type GzipReader = {
  /** Takes a chunk, which must not be changed afterwards. A promise means: wait for it before the next chunk. */
  readonly write: (chunk: Uint8Array) => Promise<void> | undefined;
  /** Resolves when everything is read, with the first fault of the gzip layer, or null for a whole member. */
  readonly end: () => Promise<ArchiveFormatError | null>;
  /** Stops reading on `fault`: later bytes are ignored, waiting writers go on, and `end` returns it. */
  readonly fail: (fault: ArchiveFormatError) => void;
  readonly usedBytes: () => number;
};

type Phase = "header" | "deflate" | "tail" | "failed";

/**
 * Reads one gzip member to its last byte, checks its length and CRC-32, and knows what follows it. `onOutput` gets
 * the inflated bytes in pieces; it must not throw.
 */
export function createGzipReader(onOutput: (output: Buffer) => void): GzipReader {
  return new SingleMemberReader(onOutput);
}

class SingleMemberReader implements GzipReader {
  #phase: Phase = "header";
  #header = Buffer.alloc(0);
  #headerBytes = 0;
  #fault: ArchiveFormatError | null = null;
  #inflating: Uint8Array | null = null;
  #crc = 0;
  #outputBytes = 0;
  #receivedBytes = 0;
  #wake: (() => void)[] = [];
  readonly #queue: ByteQueue = createByteQueue();
  readonly #tail: GzipTail = createGzipTail();
  readonly #inflater: Inflater;

  constructor(onOutput: (output: Buffer) => void) {
    this.#inflater = createInflater({
      onOutput: (output) => {
        this.#crc = crc32(output, this.#crc);
        this.#outputBytes += output.length;
        onOutput(output);
      },
      onUsed: (usedBytes) => this.#continueAfter(usedBytes),
      onInvalid: (message) => this.fail(new ArchiveFormatError("GZIP_DATA", message)),
    });
  }

  usedBytes = (): number => this.#headerBytes + this.#inflater.usedBytes();

  write = (chunk: Uint8Array): Promise<void> | undefined => {
    this.#receivedBytes += chunk.length;
    this.#accept(chunk);
    return this.#queue.bytes() > waitingBytesMax ? this.#nextWake() : undefined;
  };

  end = async (): Promise<ArchiveFormatError | null> => {
    while (this.#inflating !== null) {
      await this.#nextWake();
    }
    // Output is handed out in microtasks that were queued before this one's wake-up; the next turn is after all.
    await new Promise((resolve) => setImmediate(resolve));
    this.#inflater.close();
    return this.#fault ?? this.#conclude();
  };

  fail = (fault: ArchiveFormatError): void => {
    this.#fault ??= fault;
    this.#phase = "failed";
    this.#inflating = null;
    this.#queue.clear();
    this.#inflater.close();
    this.#wakeAll();
  };

  #accept(chunk: Uint8Array): void {
    switch (this.#phase) {
      case "header":
        this.#readHeader(chunk);
        return;
      case "deflate":
        this.#queue.push(chunk);
        this.#inflateNext();
        return;
      case "tail":
        this.#tail.write(chunk);
        return;
      case "failed":
        return;
      default:
        this.#phase satisfies never;
    }
  }

  #readHeader(chunk: Uint8Array): void {
    this.#header = Buffer.concat([this.#header, chunk]);
    try {
      const headerBytes = parseGzipHeader(this.#header);
      if (headerBytes !== null) {
        this.#headerBytes = headerBytes;
        this.#phase = "deflate";
        this.#accept(this.#header.subarray(headerBytes));
      }
    } catch (error) {
      if (!(error instanceof ArchiveFormatError)) {
        throw error;
      }
      this.fail(error);
    }
  }

  #inflateNext(): void {
    if (this.#inflating === null) {
      this.#inflating = this.#queue.take(inputPieceBytes);
      if (this.#inflating !== null) {
        this.#inflater.inflate(this.#inflating);
      }
    }
  }

  #continueAfter(usedBytes: number): void {
    const input = this.#inflating;
    this.#inflating = null;
    if (input !== null && usedBytes < input.length) {
      this.#phase = "tail";
      this.#tail.write(input.subarray(usedBytes));
      for (let rest = this.#queue.take(inputPieceBytes); rest; rest = this.#queue.take(inputPieceBytes)) {
        this.#tail.write(rest);
      }
    } else {
      this.#inflateNext();
    }
    if (this.#queue.bytes() <= waitingBytesMax / 2) {
      this.#wakeAll();
    }
  }

  #conclude(): ArchiveFormatError | null {
    const place = { offset: this.#receivedBytes };
    switch (this.#phase) {
      case "header":
        return concludeGzipHeader(this.#header);
      case "deflate":
        return new ArchiveFormatError("GZIP_TRUNCATED", "unexpected EOF", place);
      case "tail":
        return this.#tail.conclude(this.#crc, this.#outputBytes, this.usedBytes());
      case "failed":
        return this.#fault;
      default:
        return this.#phase satisfies never;
    }
  }

  #nextWake(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #wakeAll(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const resolve of wake) {
      resolve();
    }
  }
}
