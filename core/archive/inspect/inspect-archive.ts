import type { Readable } from "node:stream";
import type { ArchiveLimits, VerifyReport } from "../contract.ts";
import { verifyArchive } from "../verify/verify-archive.ts";
import type { Inspection } from "./contract.ts";
import { createInspector, type InspectorOptions } from "./inspector.ts";

type InspectArchiveOptions = InspectorOptions & {
  readonly limits?: Partial<ArchiveLimits>;
  readonly signal?: AbortSignal;
};

/**
 * Verifies an archive and sums up its contents on the way. Of one that is not good, the inspection holds what came
 * before the first fault. Rejects as `verifyArchive` does.
 */
export async function inspectArchive(
  source: Readable | AsyncIterable<Uint8Array>,
  { kvDepth, kvFilter, ...options }: InspectArchiveOptions = {},
): Promise<{ report: VerifyReport; inspection: Inspection }> {
  const inspector = createInspector({ kvDepth, kvFilter });
  const report = await verifyArchive(source, { ...options, visitor: inspector });
  return { report, inspection: inspector.result(report) };
}
