import type { RecordKind } from "#core/archive/index.ts";
import type { DifferenceLine, DifferenceSection } from "#core/archive/thread/index.ts";
import type { ArchiveStore } from "#core/storage/index.ts";

/** Lines that a page looks at before it pauses, so that a rare match never holds anybody up. */
const lookedAtMax = 50_000;

export type DifferenceQuery = {
  readonly kind: RecordKind;
  readonly matches: (line: DifferenceLine) => boolean;
  readonly limit: number;
  /** Where to begin, in bytes of the section; 0 at first. */
  readonly from: number;
};
export type FoundLine = { readonly line: DifferenceLine; readonly at: number };
export type DifferencePage = {
  readonly found: readonly FoundLine[];
  /** Where the next page begins; null at the end. */
  readonly next: number | null;
  readonly ended: "end" | "limit" | "budget";
};

/** Reads the lines that a comparison put down, in the order in which they stand, without holding them all. */
export function createDifferencesReader(
  store: ArchiveStore,
  id: string,
  sections: readonly DifferenceSection[],
) {
  async function* linesOf(kind: RecordKind, from: number): AsyncGenerator<FoundLine & { next: number }> {
    const section = sections.find((one) => one.kind === kind);
    if (section === undefined || section.from + from >= section.to) return;
    const source = await store.open(id, { start: section.from + from, end: section.to - 1 });
    let at = from;
    let rest: Buffer = Buffer.alloc(0);
    for await (const piece of source as AsyncIterable<Buffer>) {
      rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        const next = at + end + 1;
        yield { line: JSON.parse(rest.toString("utf8", 0, end)) as DifferenceLine, at, next };
        rest = rest.subarray(end + 1);
        at = next;
      }
    }
  }

  return {
    async page({ kind, matches, limit, from }: DifferenceQuery): Promise<DifferencePage> {
      const found: FoundLine[] = [];
      let lookedAt = 0;
      for await (const { line, at, next } of linesOf(kind, from)) {
        if (found.length === limit) return { found, next: at, ended: "limit" };
        if (matches(line)) found.push({ line, at });
        lookedAt += 1;
        if (lookedAt === lookedAtMax) return { found, next, ended: "budget" };
      }
      return { found, next: null, ended: "end" };
    },
    lines: linesOf,
    kinds: sections.map((section) => section.kind),
  };
}
