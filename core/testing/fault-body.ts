import { pipeline, Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { createGzip } from "node:zlib";
import type { CutResponse, Fault } from "./fault-types.ts";

export type Body = AsyncIterable<Uint8Array>;

/** Thrown through the chain of a body to end its connection where a clean end would be wrong. */
export class CutConnection extends Error {
  constructor(readonly ending: "reset" | "close") {
    super(`The fault proxy cuts the connection (${ending}).`);
  }
}

/** The body as this fault lets it through; faults that have nothing to do with bodies give it back as it is. */
export function faultyBody(body: Body, fault: Fault): Body {
  switch (fault.kind) {
    case "cut-response":
      return "afterBytes" in fault.at
        ? cutAfter(body, fault.at.afterBytes, fault.ending)
        : cutBeforeEnd(body, fault.at.beforeEndBytes, fault.ending);
    case "append-to-response":
      return append(body, typeof fault.text === "string" ? Buffer.from(fault.text) : fault.text);
    case "flip-response-bit":
      return fault.atByte < 0
        ? flipFromEnd(body, -fault.atByte, fault.bit ?? 0)
        : flipAt(body, fault.atByte, fault.bit ?? 0);
    case "gzip-response":
      return gzipped(body);
    case "throttle-response":
      return throttle(body, fault.bytesPerSecond);
    case "at-response-byte":
      return callAt(body, fault.atByte, fault.run);
    case "tap-response":
      return tap(body, fault.see);
    case "delay-first-byte":
    case "change-response-headers":
    case "answer-after-upload":
    case "answer-at-once":
    case "cut-request":
    case "hold":
    case "refuse-connections":
      return body;
    default:
      return fault satisfies never;
  }
}

/** A body of another length than the target announced must go in chunks. */
export function changesLength(fault: Fault): boolean {
  switch (fault.kind) {
    case "append-to-response":
    case "gzip-response":
      return true;
    case "cut-response":
      return fault.ending === "clean";
    default:
      return false;
  }
}

function endBody(ending: CutResponse["ending"]): void {
  if (ending !== "clean") throw new CutConnection(ending);
}

async function* cutAfter(body: Body, bytes: number, ending: CutResponse["ending"]): Body {
  let left = bytes;
  for await (const chunk of body) {
    if (chunk.length >= left) {
      if (left > 0) yield chunk.subarray(0, left);
      return endBody(ending);
    }
    left -= chunk.length;
    yield chunk;
  }
}

async function* cutBeforeEnd(body: Body, bytes: number, ending: CutResponse["ending"]): Body {
  for await (const [chunk, isTail] of withTail(body, bytes)) if (!isTail) yield chunk;
  endBody(ending);
}

async function* append(body: Body, text: Uint8Array): Body {
  yield* body;
  yield text;
}

async function* flipAt(body: Body, at: number, bit: number): Body {
  let start = 0;
  for await (const chunk of body) {
    yield at >= start && at < start + chunk.length ? withFlippedBit(chunk, at - start, bit) : chunk;
    start += chunk.length;
  }
}

async function* flipFromEnd(body: Body, fromEnd: number, bit: number): Body {
  for await (const [chunk, isTail] of withTail(body, fromEnd)) {
    yield isTail && chunk.length === fromEnd ? withFlippedBit(chunk, 0, bit) : chunk;
  }
}

function withFlippedBit(chunk: Uint8Array, at: number, bit: number): Uint8Array {
  const copy = Uint8Array.from(chunk);
  copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  return copy;
}

/** Holds the last `bytes` of the body back and gives them as one last chunk (shorter where the body is). */
async function* withTail(body: Body, bytes: number): AsyncIterable<[Uint8Array, boolean]> {
  let held = Buffer.alloc(0);
  for await (const chunk of body) {
    held = Buffer.concat([held, chunk]);
    if (held.length <= bytes) continue;
    yield [held.subarray(0, held.length - bytes), false];
    held = Buffer.from(held.subarray(held.length - bytes));
  }
  yield [held, true];
}

function gzipped(body: Body): Body {
  // A plain pipe would leave the reader waiting for ever where the body breaks; a pipeline passes the error on.
  return pipeline(Readable.from(body, { objectMode: false }), createGzip(), () => {});
}

async function* throttle(body: Body, bytesPerSecond: number): Body {
  const sliceBytes = Math.max(1, Math.ceil(bytesPerSecond / 20));
  const startedAt = Date.now();
  let sent = 0;
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; at += sliceBytes) {
      const slice = chunk.subarray(at, at + sliceBytes);
      sent += slice.length;
      yield slice;
      const aheadMs = (sent / bytesPerSecond) * 1_000 - (Date.now() - startedAt);
      if (aheadMs > 0) await sleep(aheadMs);
    }
  }
}

async function* tap(body: Body, see: (chunk: Uint8Array) => void): Body {
  for await (const chunk of body) {
    see(chunk);
    yield chunk;
  }
}

async function* callAt(body: Body, at: number, run: () => void | Promise<void>): Body {
  let start = 0;
  let called = false;
  for await (const chunk of body) {
    if (called || at >= start + chunk.length) yield chunk;
    else {
      if (at > start) yield chunk.subarray(0, at - start);
      called = true;
      await run();
      yield chunk.subarray(at - start);
    }
    start += chunk.length;
  }
}
