import type { recoveryResults } from "./contract.ts";
import type { RecoveryFiles } from "./files.ts";

export type ResultName = (typeof recoveryResults)[number];
export type ItemResult = {
  result: ResultName;
  /** ModifyIndex that our write gave it; 0: not known, so that no way back is taken. */
  index: number;
  text: string;
  /** For a record: the ID that it has now. */
  ref?: string;
};
type Line = { sent: number[]; undo: boolean } | ({ n: number } & ItemResult);
export type Results = {
  of: Map<number, ItemResult>;
  /** What had been sent when the file ends, without a result: at most one transaction, or one record. */
  open: number[];
  openIsUndo: boolean;
};

/** Null for an empty line, and for half a one that a crash left. */
function parseLine(text: string): Line | null {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return null;
  }
}

export async function loadResults(files: RecoveryFiles, id: string): Promise<Results> {
  const results: Results = { of: new Map(), open: [], openIsUndo: false };
  let open = new Set<number>();
  for await (const { text } of files.lines(id, "results")) {
    const line = parseLine(text);
    if (line === null) continue;
    if ("sent" in line) {
      open = new Set(line.sent);
      results.openIsUndo = line.undo;
    } else {
      const { n, ...result } = line;
      results.of.set(n, result);
      open.delete(n);
    }
  }
  results.open = [...open];
  return results;
}

export type Journal = Awaited<ReturnType<typeof openJournal>>;

/** What is told here is on the disk before the next thing is sent to Consul. */
export async function openJournal(files: RecoveryFiles, id: string, isUndo: boolean) {
  const results = await loadResults(files, id);
  const file = await files.append(id, "results");
  // A crash may have left half a line.
  if ((await files.bytesOf(id, "results")) > 0) file.add(Buffer.from("\n"));
  return {
    results,
    /** Before something is sent. Without any: what was told before never left. */
    async sent(ns: readonly number[]): Promise<void> {
      file.addLine({ sent: ns, undo: isUndo });
      await file.sync();
    },
    async result(found: readonly (ItemResult & { n: number })[]): Promise<void> {
      for (const one of found) {
        file.addLine(one);
        const { n, ...result } = one;
        results.of.set(n, result);
      }
      await file.sync();
    },
    close: () => file.close(),
  };
}
