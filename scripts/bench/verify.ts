// Verifies one file in a process of its own, as `gzip -t` does: start-up and warming up count on both sides.
import { createReadStream } from "node:fs";
import { verifyArchive } from "#core/archive/index.ts";

const report = await verifyArchive(createReadStream(process.argv[2] ?? "", { highWaterMark: 1024 * 1024 }));
process.stdout.write(
  JSON.stringify({
    ok: report.ok,
    findings: report.findings,
    stateBytes: report.stateBytes,
    archiveBytes: report.archiveBytes,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
