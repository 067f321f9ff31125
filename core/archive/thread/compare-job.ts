import type { Difference } from "../compare/contract.ts";
import { compareArchives } from "../compare/index.ts";
import { toDifferenceLine } from "./difference-line.ts";
import type { Job } from "./job.ts";
import type { CompareJob, CompareJobResult, DifferenceSection } from "./messages.ts";
import type { ThreadOutput } from "./output.ts";
import { createPulledBytes } from "./pulled-bytes.ts";

/** Compares two archives as their bytes come, and puts out a line per difference. */
export function startCompareJob({ limits }: CompareJob, output: ThreadOutput): Job {
  const sides = [createPulledBytes(), createPulledBytes()] as const;
  const sections: { -readonly [Name in keyof DifferenceSection]: DifferenceSection[Name] }[] = [];
  const onDifference = (difference: Difference): Promise<void> | undefined => {
    let section = sections.at(-1);
    if (section?.kind !== difference.kind) {
      section = { kind: difference.kind, from: output.position(), to: 0 };
      sections.push(section);
    }
    output.put(Buffer.from(`${JSON.stringify(toDifferenceLine(difference))}\n`));
    section.to = output.position();
    return output.room();
  };
  const options = { onDifference: (one: Difference) => onDifference(one) ?? undefined, includeChurn: true };
  const compared = compareArchives(sides[0].bytes, sides[1].bytes, {
    ...options,
    ...(limits !== undefined && { limits }),
  });
  return {
    write: (source, bytes) => sides[source]?.push(bytes),
    end: (source) => sides[source]?.end(),
    result: compared.then((result): CompareJobResult => {
      output.flush();
      return { result, sections };
    }),
  };
}
