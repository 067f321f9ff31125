import type { ThrowawayReport, ThrowawayResult } from "#core/throwaway/index.ts";
import { formatCount } from "./numbers.ts";
import { writeTable } from "./table.ts";
import { visible } from "./visible-text.ts";

/** What `snapkeep drill` tells; its JSON is exactly this. */
export type DrillFound = ThrowawayResult & {
  readonly file: string;
  readonly consulVersion: string;
  /** Null when the archive doesn't say which version its servers had, or several. */
  readonly sameVersion: boolean | null;
};

type Write = (text: string) => Promise<void> | undefined;

const verdicts = {
  passed: "proven",
  differs: "not proven, something differs",
  failed: "not proven",
} as const;

export async function writeDrill(write: Write, found: DrillFound): Promise<void> {
  const { report } = found;
  await write(`${visible(found.file)}: ${verdicts[found.outcome]}\n  ${visible(found.text)}\n`);
  await write(`  ${versionsText(found)}\n`);
  await write(`  ${durationsText(found, report)}\n`);
  if (report === null) return;
  await write(`  ${report.sampledEqual} of ${report.sampledKeys} keys read back are equal\n`);
  for (const example of report.examples) await write(`  ${visible(example)}\n`);
  await write("\n");
  const rows = report.kinds.map((kind) => [
    `  ${kind.typeName}`,
    kind.kind,
    ...[kind.wanted, kind.found, kind.equal, kind.moved, kind.writtenSince, kind.unexplained].map(
      formatCount,
    ),
  ]);
  const names = ["ARCHIVE", "CONSUL", "EQUAL", "BY ITSELF", "WRITTEN SINCE", "UNEXPLAINED"];
  await writeTable(write, ["  TYPE", "KIND", ...names], rows);
}

function versionsText({ consulVersion, archiveVersions, sameVersion }: DrillFound): string {
  const takenBy = archiveVersions.length === 0 ? "an unknown version" : visible(archiveVersions.join(", "));
  const words = `Drilled on Consul ${consulVersion}; taken by ${takenBy}`;
  return sameVersion === false ? `${words}: another version` : words;
}

function durationsText({ durationMs }: DrillFound, report: ThrowawayReport | null): string {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  if (report === null) return `${seconds(durationMs)} in all`;
  const { startMs, restoreMs, compareMs } = report;
  return `${seconds(durationMs)} in all: start ${seconds(startMs)}, restore ${seconds(restoreMs)}, compare ${seconds(compareMs)}`;
}
