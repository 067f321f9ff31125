import type { Readable } from "node:stream";
import { type ArchiveLimits, defaultArchiveLimits, type VerifyReport } from "../contract.ts";
import { ArchiveFormatError } from "../format-error.ts";
import { unwrapVisitorError } from "../records/visitor-error.ts";
import { toFindings } from "../verify/findings.ts";
import { metaSink, stateSink } from "../verify/member-readers.ts";
import type { Inspection } from "./contract.ts";
import { createInspector, type InspectorOptions } from "./inspector.ts";

export type StateReport = Pick<
  VerifyReport,
  "ok" | "findings" | "meta" | "stateBytes" | "records" | "lastIndex"
> & {
  readonly stateSha256: string;
};

type InspectStateOptions = InspectorOptions & {
  readonly limits?: Partial<ArchiveLimits>;
  readonly signal?: AbortSignal;
};

/**
 * Sums up a bare state.bin, as raft keeps it in a server's data folder, with the meta.json that lies beside it.
 * There is no sum to check there, only the length and the records. Rejects when the source fails or `signal` aborts.
 *
 * @param metaJson the bytes of meta.json
 */
export async function inspectState(
  source: Readable | AsyncIterable<Uint8Array>,
  metaJson: Uint8Array,
  { kvDepth, kvFilter, limits, signal }: InspectStateOptions = {},
): Promise<{ report: StateReport; inspection: Inspection }> {
  const faults: ArchiveFormatError[] = [];
  const allLimits = { ...defaultArchiveLimits, ...limits };
  const meta = readMeta(metaJson, allLimits.metaBytesMax, faults);
  const inspector = createInspector({ kvDepth, kvFilter });
  const stateBytes = meta?.sizeBytes ?? Number.POSITIVE_INFINITY;
  const { sink, progress } = stateSink(stateBytes, allLimits, { visitor: inspector }, (fault) =>
    faults.push(fault),
  );
  try {
    for await (const chunk of source) {
      signal?.throwIfAborted();
      sink.write(chunk);
    }
    sink.end();
  } catch (error) {
    throw unwrapVisitorError(error);
  }
  if (meta !== null && meta.sizeBytes !== progress.bytes) {
    const text = `failed to write snapshot, size didn't match (${progress.bytes} != ${meta.sizeBytes})`;
    faults.push(new ArchiveFormatError("SIZE_MISMATCH", `${text}.`, { member: "state.bin" }));
  }
  const header = progress.reader.header();
  const findings = toFindings(faults);
  const report: StateReport = {
    ok: findings.length === 0,
    findings,
    meta,
    stateBytes: progress.bytes,
    stateSha256: progress.sha256 ?? "",
    records: progress.counter.counts(header?.bytes ?? 0),
    lastIndex: header?.lastIndex ?? null,
  };
  return { report, inspection: inspector.result(report) };
}

function readMeta(
  metaJson: Uint8Array,
  bytesMax: number,
  faults: ArchiveFormatError[],
): VerifyReport["meta"] {
  let meta: VerifyReport["meta"] = null;
  const sink = metaSink(
    bytesMax,
    (fault) => faults.push(fault),
    (result) => {
      meta = result.meta;
    },
  );
  sink.write(Buffer.from(metaJson));
  sink.end();
  return meta;
}
