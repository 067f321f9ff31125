import { compareArchives } from "../compare/index.ts";
import { createDifferenceLines } from "./difference-line.ts";
import type { Job } from "./job.ts";
import type { CompareJob, CompareJobResult } from "./messages.ts";
import type { ThreadOutput } from "./output.ts";
import { createPulledBytes } from "./pulled-bytes.ts";

/** Compares two archives as their bytes come, and puts out a line per difference. */
export function startCompareJob({ limits }: CompareJob, output: ThreadOutput): Job {
  const sides = [createPulledBytes(), createPulledBytes()] as const;
  const lines = createDifferenceLines();
  const compared = compareArchives(sides[0].bytes, sides[1].bytes, {
    includeChurn: true,
    onDifference: (difference) => {
      output.put(lines.next(difference));
      return output.room();
    },
    ...(limits !== undefined && { limits }),
  });
  return {
    write: (source, bytes) => sides[source]?.push(bytes),
    end: (source) => sides[source]?.end(),
    result: compared.then((result): CompareJobResult => {
      output.flush();
      return { result, sections: lines.sections };
    }),
  };
}
