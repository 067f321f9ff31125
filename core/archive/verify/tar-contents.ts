import { checkSums } from "../container/sums.ts";
import { createTarWalker, type MemberSink, type TarMember, type TarWalker } from "../container/tar-walker.ts";
import {
  type ArchiveLimits,
  type ArchiveMemberName,
  archiveMemberNames,
  type RecordCounts,
  type VerifyReport,
} from "../contract.ts";
import { ArchiveFormatError } from "../format-error.ts";
import type { RecordDecoderOptions } from "../records/record-decoder.ts";
import {
  collectMember,
  type MetaResult,
  metaSink,
  orReport,
  type SmallMember,
  type StateProgress,
  stateSink,
} from "./member-readers.ts";

type ContentsReport = Pick<
  VerifyReport,
  "meta" | "metaJson" | "stateBytes" | "members" | "records" | "lastIndex"
> & { readonly metaSha256: string | null; readonly stateSha256: string | null };

export type TarContents = {
  readonly write: (chunk: Buffer) => void;
  /** @param whole false when the gzip layer broke off, so that a cut tar is no finding of its own */
  readonly end: (whole: boolean) => ContentsReport;
  readonly position: () => string;
};

const noRecords: RecordCounts = { total: 0, byType: [], headerBytes: 0 };

/** Verifies the gunzipped half of an archive: the tar, its three members, and the records of state.bin. */
export function createTarContents(
  limits: ArchiveLimits,
  decoding: RecordDecoderOptions,
  onFault: (fault: ArchiveFormatError) => void,
): TarContents {
  return new ThreeMembers(limits, decoding, onFault);
}

class ThreeMembers implements TarContents {
  readonly #limits: ArchiveLimits;
  readonly #decoding: RecordDecoderOptions;
  readonly #onFault: (fault: ArchiveFormatError) => void;
  readonly #walker: TarWalker;
  readonly #members: TarMember[] = [];
  readonly #begun = new Set<ArchiveMemberName>();
  #readable = true;
  #meta: MetaResult | null = null;
  #sums: SmallMember | null = null;
  #state: StateProgress | null = null;

  constructor(
    limits: ArchiveLimits,
    decoding: RecordDecoderOptions,
    onFault: (fault: ArchiveFormatError) => void,
  ) {
    this.#limits = limits;
    this.#decoding = decoding;
    this.#onFault = onFault;
    this.#walker = createTarWalker({
      onMember: (member, offset) => this.#beginMember(member, offset),
      onFault,
    });
  }

  position = (): string => this.#walker.position();

  write = (chunk: Buffer): void => this.#whileReadable(() => this.#walker.write(chunk));

  end = (whole: boolean): ContentsReport => {
    if (whole) {
      this.#whileReadable(() => this.#walker.end());
    }
    if (this.#readable && (whole || this.position() === "end")) {
      this.#checkMembers();
    }
    const header = this.#state?.reader.header() ?? null;
    return {
      meta: this.#meta?.meta ?? null,
      metaJson: this.#meta?.metaJson ?? null,
      metaSha256: this.#meta?.sha256 ?? null,
      stateSha256: this.#state?.sha256 ?? null,
      stateBytes: this.#state?.bytes ?? 0,
      members: this.#members.map(({ name, bytes }) => ({ name, bytes })),
      records: this.#state?.counter.counts(header?.bytes ?? 0) ?? noRecords,
      lastIndex: header?.lastIndex ?? null,
    };
  };

  #whileReadable(act: () => void): void {
    if (this.#readable) {
      this.#readable = false;
      orReport(() => {
        act();
        this.#readable = true;
      }, this.#onFault);
    }
  }

  #beginMember(member: TarMember, offset: number): MemberSink | null {
    if (this.#members.length === this.#limits.membersMax) {
      const text = `The tar has more than ${this.#limits.membersMax} members.`;
      throw new ArchiveFormatError("MEMBER_LIMIT", text, { offset });
    }
    this.#members.push(member);
    const quoted = JSON.stringify(member.name);
    const name = archiveMemberNames.find((wanted) => wanted === member.name);
    const place = { offset, member: member.name };
    if (name === undefined) {
      this.#onFault(
        new ArchiveFormatError("MEMBER_UNEXPECTED", `unexpected file ${quoted} in snapshot`, place),
      );
      return null;
    }
    if (member.kind !== "file") {
      throw new ArchiveFormatError("TAR_HEADER", `${quoted} is no regular file.`, place);
    }
    if (this.#begun.has(name)) {
      this.#onFault(new ArchiveFormatError("MEMBER_DUPLICATE", `${quoted} comes twice.`, place));
      return null;
    }
    this.#begun.add(name);
    return this.#sinkFor(name, member.bytes);
  }

  #sinkFor(name: ArchiveMemberName, bytes: number): MemberSink {
    switch (name) {
      case "meta.json":
        return metaSink(this.#limits.metaBytesMax, this.#onFault, (result) => {
          this.#meta = result;
        });
      case "state.bin": {
        const { sink, progress } = stateSink(bytes, this.#limits, this.#decoding, this.#onFault);
        this.#state = progress;
        return sink;
      }
      case "SHA256SUMS": {
        const text = `SHA256SUMS has more than ${this.#limits.sumsBytesMax} bytes.`;
        const fault = new ArchiveFormatError("SUMS_TOO_LARGE", text, { member: name });
        const onEnd = (result: SmallMember) => {
          this.#sums = result;
        };
        return collectMember(this.#limits.sumsBytesMax, () => this.#onFault(fault), onEnd);
      }
      default:
        return name satisfies never;
    }
  }

  /** What can only be judged when the tar has been seen to its end. */
  #checkMembers(): void {
    const missing = archiveMemberNames.filter((member) => !this.#begun.has(member));
    for (const member of missing) {
      const text = missingSentence(member, missing.includes("SHA256SUMS"));
      this.#onFault(new ArchiveFormatError("MEMBER_MISSING", text, { member }));
    }
    const sums = this.#sums?.content;
    if (sums) {
      const digests = new Map([
        ["meta.json", this.#meta?.sha256 ?? null],
        ["state.bin", this.#state?.sha256 ?? null],
      ]);
      checkSums(sums.toString("utf8"), digests).forEach(this.#onFault);
    }
    const sizeBytes = this.#meta?.meta?.sizeBytes;
    if (this.#state !== null && sizeBytes !== undefined && sizeBytes !== this.#state.bytes) {
      const text = `failed to write snapshot, size didn't match (${this.#state.bytes} != ${sizeBytes})`;
      const reason = "raft would refuse it at the restore: state.bin has not the Size that meta.json gives.";
      this.#onFault(new ArchiveFormatError("SIZE_MISMATCH", `${text}: ${reason}`, { member: "state.bin" }));
    }
  }
}

/** Consul notices an absent member by its sum, and absent sums by the first member that has none. */
function missingSentence(member: ArchiveMemberName, withoutSums: boolean): string {
  if (member === "SHA256SUMS") {
    return 'file missing for "meta.json": the archive has no SHA256SUMS.';
  }
  return withoutSums
    ? `The archive has no ${member}.`
    : `hash check failed for ${JSON.stringify(member)}: the archive has no ${member}.`;
}
