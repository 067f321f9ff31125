import { damaged } from "./errors.ts";

/** Reads what a ByteWriter wrote. Whatever does not fit raises ContentsIndexError DAMAGED. */
export class ByteReader {
  private readonly bytes: Buffer;
  private at: number;
  private readonly end: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = start;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  varint(): number {
    const first = this.at < this.end ? (this.bytes[this.at] as number) : 128;
    if (first < 128) {
      this.at += 1;
      return first;
    }
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 10; count += 1) {
      if (this.at >= this.end) throw damaged("a number is cut");
      const byte = this.bytes[this.at++] as number;
      if (byte < 128) return value + byte * factor;
      value += (byte & 127) * factor;
      factor *= 128;
    }
    throw damaged("a number has no end");
  }

  /** A varint that is at most `max`: every length and count is read with this. */
  upTo(max: number, what: string): number {
    const value = this.varint();
    if (value <= max) return value;
    throw damaged(`${what} is ${value}, and at most ${max} can be`);
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** The next bytes, as a view. */
  raw(count: number): Buffer {
    return this.bytes.subarray(this.skip(count), this.at);
  }

  /** The next bytes, copied. A loop, since most pieces of keys are shorter than what a call is worth. */
  copyTo(target: Uint8Array, position: number, count: number): void {
    const start = this.skip(count);
    for (let i = 0; i < count; i += 1) target[position + i] = this.bytes[start + i] as number;
  }

  text(bytesMax: number): string {
    return this.raw(this.upTo(bytesMax, "the length of a text")).toString("utf8");
  }

  u32(): number {
    return this.bytes.readUInt32BE(this.skip(4));
  }

  u64(): bigint {
    return this.bytes.readBigUInt64BE(this.skip(8));
  }

  f64(): number {
    return this.bytes.readDoubleBE(this.skip(8));
  }

  byte(): number {
    return this.bytes[this.skip(1)] as number;
  }

  private skip(count: number): number {
    if (count > this.end - this.at) throw damaged("something is cut");
    this.at += count;
    return this.at - count;
  }
}
