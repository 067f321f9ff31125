const firstBytes = 64 * 1024;
/** A larger one is given up after its record, so that one large record does not cost its memory for good. */
const lastingBytesMax = 1024 * 1024;

/** The bytes of a record that does not stand in one chunk, joined. */
export class KeptBytes {
  #buffer = Buffer.alloc(0);
  length = 0;

  add(bytes: Uint8Array): void {
    const wantedBytes = this.length + bytes.length;
    if (wantedBytes > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(firstBytes, wantedBytes, this.#buffer.length * 2));
      larger.set(this.#buffer.subarray(0, this.length));
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.length);
    this.length = wantedBytes;
  }

  /** Valid until the next `add` or `clear`. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.length);
  }

  byteAt(at: number): number {
    return this.#buffer[at] ?? 0;
  }

  clear(): void {
    this.length = 0;
    if (this.#buffer.length > lastingBytesMax) {
      this.#buffer = Buffer.alloc(0);
    }
  }
}
