import { ArchiveFormatError } from "../format-error.ts";
import { parsePaxSize, paxBytesMax } from "./pax-size.ts";
import { decodeTarHeader, type TarHeader, tarBlockBytes } from "./tar-header.ts";

/** What receives a member's content. `end` comes only after its last byte. */
export type MemberSink = { readonly write: (bytes: Buffer) => void; readonly end: () => void };

export type TarMember = { readonly name: string; readonly bytes: number; readonly kind: TarHeader["kind"] };

export type TarEvents = {
  /** A member begins, its header at `offset` in the tar. Null when its content is of no interest. */
  readonly onMember: (member: TarMember, offset: number) => MemberSink | null;
  /** A fault that does not keep the rest from being read. */
  readonly onFault: (fault: ArchiveFormatError) => void;
};

export type TarWalker = {
  /** @throws ArchiveFormatError when the rest cannot be read; the walker must then be left alone */
  readonly write: (chunk: Buffer) => void;
  /** The tar is over: says what is wrong with its end. @throws ArchiveFormatError TAR_TRUNCATED, DOUBLE_GZIP */
  readonly end: () => void;
  /** The name of the member whose content is under way, "header" between members, "end" after the zero blocks. */
  readonly position: () => string;
};

type State = "header" | "content" | "padding" | "second-zero-block" | "end";

/** Walks a tar that is pushed into it in any pieces, and hands contents on without copying them. */
export function createTarWalker(events: TarEvents): TarWalker {
  return new PushTarWalker(events);
}

class PushTarWalker implements TarWalker {
  #state: State = "header";
  #offset = 0;
  #block = Buffer.alloc(tarBlockBytes);
  #blockBytes = 0;
  #member: TarMember | null = null;
  #sink: MemberSink | null = null;
  #contentBytesLeft = 0;
  #paddingBytesLeft = 0;
  #paddingIsZero = true;
  #paxSizeBytes: number | null = null;
  #trailingBytes = 0;
  readonly #events: TarEvents;

  constructor(events: TarEvents) {
    this.#events = events;
  }

  position = (): string => {
    switch (this.#state) {
      case "content":
      case "padding":
        return this.#member?.name ?? "header";
      case "header":
      case "second-zero-block":
        return "header";
      case "end":
        return "end";
      default:
        return this.#state satisfies never;
    }
  };

  write = (chunk: Buffer): void => {
    let at = 0;
    while (at < chunk.length) {
      const used = this.#step(at === 0 ? chunk : chunk.subarray(at));
      at += used;
      this.#offset += used;
    }
  };

  end = (): void => {
    if (this.#state === "end") {
      if (this.#trailingBytes > 0) {
        const text = `${this.#trailingBytes} unread uncompressed bytes remain after the end of the tar.`;
        this.#events.onFault(
          new ArchiveFormatError("TAR_TRAILING_BYTES", text, { offset: this.#offset - this.#trailingBytes }),
        );
      }
      return;
    }
    if (this.#offset === this.#blockBytes) {
      refuseGzip(this.#block.subarray(0, this.#blockBytes));
    }
    const atBoundary = this.position() === "header" && this.#blockBytes === 0;
    const text = atBoundary ? "The tar ends without its two zero blocks." : "unexpected EOF";
    throw new ArchiveFormatError("TAR_TRUNCATED", text, { offset: this.#offset });
  };

  /** Uses up some of the front of `bytes`, at least one, and says how many. */
  #step(bytes: Buffer): number {
    switch (this.#state) {
      case "header":
      case "second-zero-block":
        return this.#collectBlock(bytes);
      case "content":
        return this.#passContent(bytes);
      case "padding":
        return this.#checkPadding(bytes);
      case "end":
        this.#trailingBytes += bytes.length;
        return bytes.length;
      default:
        return this.#state satisfies never;
    }
  }

  #collectBlock(bytes: Buffer): number {
    const used = Math.min(bytes.length, tarBlockBytes - this.#blockBytes);
    bytes.copy(this.#block, this.#blockBytes, 0, used);
    this.#blockBytes += used;
    if (this.#blockBytes === tarBlockBytes) {
      this.#takeBlock(this.#offset + used - tarBlockBytes);
      this.#blockBytes = 0;
    }
    return used;
  }

  #takeBlock(offset: number): void {
    if (isZero(this.#block)) {
      this.#state = this.#state === "header" ? "second-zero-block" : "end";
      return;
    }
    if (this.#state === "second-zero-block") {
      const text =
        "failed reading snapshot: archive/tar: invalid tar header. A single zero block stands in the tar.";
      throw new ArchiveFormatError("TAR_HEADER", text, { offset });
    }
    if (offset === 0) {
      refuseGzip(this.#block);
    }
    this.#beginMember(decodeTarHeader(this.#block, offset), offset);
  }

  #beginMember(header: TarHeader, offset: number): void {
    if (header.kind === "pax") {
      this.#member = header;
      this.#sink = this.#paxSink(header, offset);
    } else {
      const bytes = header.kind === "file" ? (this.#paxSizeBytes ?? header.bytes) : header.bytes;
      this.#member = { name: header.name, bytes, kind: header.kind };
      this.#paxSizeBytes = null;
      this.#sink = this.#events.onMember(this.#member, offset);
    }
    this.#contentBytesLeft = this.#member.bytes;
    this.#paddingBytesLeft = (tarBlockBytes - (this.#contentBytesLeft % tarBlockBytes)) % tarBlockBytes;
    this.#paddingIsZero = true;
    this.#state = "content";
    if (this.#contentBytesLeft === 0) {
      this.#endContent();
    }
  }

  #paxSink(header: TarHeader, offset: number): MemberSink {
    if (header.bytes > paxBytesMax || this.#paxSizeBytes !== null) {
      parsePaxSize(Buffer.alloc(0), offset);
    }
    let body = Buffer.alloc(0);
    return {
      write: (bytes) => {
        body = Buffer.concat([body, bytes]);
      },
      end: () => {
        this.#paxSizeBytes = parsePaxSize(body, offset);
      },
    };
  }

  #passContent(bytes: Buffer): number {
    const used = Math.min(bytes.length, this.#contentBytesLeft);
    this.#contentBytesLeft -= used;
    this.#sink?.write(used === bytes.length ? bytes : bytes.subarray(0, used));
    if (this.#contentBytesLeft === 0) {
      this.#endContent();
    }
    return used;
  }

  #endContent(): void {
    this.#sink?.end();
    this.#sink = null;
    this.#state = this.#paddingBytesLeft === 0 ? "header" : "padding";
  }

  #checkPadding(bytes: Buffer): number {
    const used = Math.min(bytes.length, this.#paddingBytesLeft);
    this.#paddingBytesLeft -= used;
    if (this.#paddingIsZero && !isZero(bytes.subarray(0, used))) {
      this.#paddingIsZero = false;
      const member = this.#member?.name ?? "";
      const text = `The bytes that fill up the last block of ${JSON.stringify(member)} are not zero.`;
      this.#events.onFault(new ArchiveFormatError("TAR_PADDING", text, { offset: this.#offset, member }));
    }
    if (this.#paddingBytesLeft === 0) {
      this.#state = "header";
    }
    return used;
  }
}

const zeroBlock = Buffer.alloc(tarBlockBytes);

/** At most one block. */
function isZero(bytes: Buffer): boolean {
  return bytes.equals(zeroBlock.subarray(0, bytes.length));
}

/** @throws ArchiveFormatError DOUBLE_GZIP */
function refuseGzip(firstBytes: Buffer): void {
  if (firstBytes[0] === 0x1f && firstBytes[1] === 0x8b) {
    const text =
      "failed reading snapshot: archive/tar: invalid tar header. The archive was gzipped twice: " +
      "a proxy compressed it again on its way, or it was asked for with Accept-Encoding: gzip.";
    throw new ArchiveFormatError("DOUBLE_GZIP", text, { offset: 0 });
  }
}
