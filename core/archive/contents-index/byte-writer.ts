/** Bytes that grow. Reused from block to block: `view` is only valid until the next call. */
export class ByteWriter {
  private bytes: Buffer;
  length = 0;

  constructor(roomBytes = 1024) {
    this.bytes = Buffer.allocUnsafe(roomBytes);
  }

  clear(): void {
    this.length = 0;
  }

  view(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  /** A whole number from 0 to 2^64, seven bits a byte, lowest first. Doubles beyond 2^53 stay what they are. */
  varint(value: number): void {
    if (!(value >= 0 && value <= 2 ** 64)) throw new RangeError(`${value} can't be written as a varint`);
    if (this.length + 10 > this.bytes.length) this.grow(10);
    let rest = value;
    while (rest >= 2 ** 31) {
      this.bytes[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      this.bytes[this.length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  /** A whole number of either sign, up to 2^52. */
  signed(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  raw(source: Uint8Array, start = 0, end = source.length): void {
    const count = end - start;
    if (this.length + count > this.bytes.length) this.grow(count);
    // A call into the runtime costs more than a short loop, and most pieces of keys are short.
    if (count <= 48) {
      for (let i = start; i < end; i += 1) this.bytes[this.length++] = source[i] as number;
      return;
    }
    this.bytes.set(source.subarray(start, end), this.length);
    this.length += count;
  }

  /** Text with its length in bytes before it. */
  text(text: string): void {
    const bytes = Buffer.from(text, "utf8");
    this.varint(bytes.length);
    this.raw(bytes);
  }

  u32(value: number): void {
    if (this.length + 4 > this.bytes.length) this.grow(4);
    this.length = this.bytes.writeUInt32BE(value >>> 0, this.length);
  }

  u64(value: bigint): void {
    if (this.length + 8 > this.bytes.length) this.grow(8);
    this.length = this.bytes.writeBigUInt64BE(BigInt.asUintN(64, value), this.length);
  }

  f64(value: number): void {
    if (this.length + 8 > this.bytes.length) this.grow(8);
    this.length = this.bytes.writeDoubleBE(value, this.length);
  }

  private grow(count: number): void {
    const next = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + count));
    this.bytes.copy(next, 0, 0, this.length);
    this.bytes = next;
  }
}
