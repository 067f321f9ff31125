import {
  type ContentsFacts,
  type ContentsIndexWriter,
  createContentsIndexWriter,
} from "../contents-index/index.ts";
import type { VerifyReport } from "../contract.ts";
import type { Inspection } from "../inspect/contract.ts";
import { createInspector } from "../inspect/inspector.ts";
import type { RecordVisitor } from "../records/visitor.ts";
import { createArchiveVerifier } from "../verify/verifier.ts";
import { createSeal } from "./fingerprint.ts";
import type { Job } from "./job.ts";
import type { VerifyJob, VerifyJobResult } from "./messages.ts";
import type { ThreadOutput } from "./output.ts";

/** Verifies, and makes the index on the way if it is asked for. */
export function startVerifyJob({ limits, index }: VerifyJob, output: ThreadOutput): Job {
  const indexing = index === undefined ? null : createIndexing(index.fingerprintKey, output);
  const verifier = createArchiveVerifier({
    ...(limits !== undefined && { limits }),
    ...(indexing !== null && { visitor: indexing.visitor }),
  });
  let finish: (result: Promise<VerifyJobResult>) => void = () => undefined;
  const result = new Promise<VerifyJobResult>((resolve) => {
    finish = resolve;
  });
  return {
    write: async (_source, bytes) => {
      await verifier.write(bytes);
      await output.room();
    },
    end: () =>
      finish(
        verifier.end().then((report) => {
          const none = { inspection: null, isIndexed: false, indexFault: null };
          return { report, ...(indexing?.finish(report) ?? none) };
        }),
      ),
    result,
  };
}

type Indexing = {
  readonly visitor: RecordVisitor;
  readonly finish: (report: VerifyReport) => Omit<VerifyJobResult, "report">;
};

/** An index that can't be made is no reason to doubt the archive: it is left off, and can be tried again. */
function createIndexing(fingerprintKey: string, output: ThreadOutput): Indexing {
  const inspector = createInspector();
  const writer = createContentsIndexWriter({ onBytes: output.put, seal: createSeal(fingerprintKey) });
  let fault: string | null = null;
  const unlessFailed = (act: () => void): void => {
    if (fault !== null) return;
    try {
      act();
    } catch (error) {
      fault = error instanceof Error ? error.message : String(error);
    }
  };
  return {
    visitor: {
      kv: (record) => {
        inspector.kv?.(record);
        unlessFailed(() => writer.kv(record));
      },
      other: (record) => {
        inspector.other?.(record);
        unlessFailed(() => writer.other(record));
      },
    },
    finish: (report) => {
      if (!report.ok) return { inspection: null, isIndexed: false, indexFault: null };
      const inspection = inspector.result(report);
      unlessFailed(() => finishIndex(writer, report, inspection));
      output.flush();
      return { inspection, isIndexed: fault === null, indexFault: fault };
    },
  };
}

function finishIndex(writer: ContentsIndexWriter, report: VerifyReport, inspection: Inspection): void {
  const facts: ContentsFacts = {
    stateSha256: report.digests.stateSha256 ?? "",
    lastIndex: report.lastIndex ?? 0,
    stateBytes: report.stateBytes,
    // Plain numbers, texts and lists: JSON as it is.
    inspection: JSON.parse(JSON.stringify(inspection)),
  };
  writer.finish(facts);
}
