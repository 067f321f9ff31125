import type { RecordKind } from "../records/visitor.ts";
import {
  type CompareSummary,
  type Difference,
  type DifferenceCounts,
  differenceOrder,
  type KindCounts,
} from "./contract.ts";

type Counts = { -readonly [name in keyof DifferenceCounts]: number };
type Row = Counts & Pick<KindCounts, "kind" | "type" | "typeName">;

/** Counts what a comparison finds, by kind and type. */
export type Tally = {
  readonly addDifference: (difference: Difference) => void;
  readonly addIdentical: (kind: RecordKind, type: number, typeName: string) => void;
  readonly summary: () => CompareSummary;
};

const none: DifferenceCounts = { added: 0, changed: 0, removed: 0, churn: 0, identical: 0 };

export function createTally(): Tally {
  const rows = new Map<RecordKind, Map<number, Row>>();
  let last: Row | null = null;
  const row = (kind: RecordKind, type: number, typeName: string): Row => {
    let types = rows.get(kind);
    if (types === undefined) {
      types = new Map();
      rows.set(kind, types);
    }
    let counts = types.get(type);
    if (counts === undefined) {
      counts = { kind, type, typeName, ...none };
      types.set(type, counts);
    }
    return counts;
  };
  return {
    addDifference: (difference) => {
      const type = (difference.after ?? difference.before)?.type ?? 0;
      const typeName = difference.kind === "kv" ? kvTypeName : difference.typeName;
      const { change, churn } = difference;
      row(difference.kind, type, typeName)[churn || change === "touched" ? "churn" : change] += 1;
    },
    addIdentical: (kind, type, typeName) => {
      // Millions of keys come one after another.
      if (last === null || last.kind !== kind || last.type !== type) {
        last = row(kind, type, typeName);
      }
      last.identical += 1;
    },
    summary: () => {
      const kinds = differenceOrder.flatMap((kind) =>
        [...(rows.get(kind)?.values() ?? [])].sort((a, b) => a.type - b.type),
      );
      const total = kinds.reduce<DifferenceCounts>(sum, none);
      return { identical: total.added + total.changed + total.removed === 0, total, kinds };
    },
  };
}

export const kvTypeName = "KVS";

function sum(a: DifferenceCounts, b: DifferenceCounts): DifferenceCounts {
  return {
    added: a.added + b.added,
    changed: a.changed + b.changed,
    removed: a.removed + b.removed,
    churn: a.churn + b.churn,
    identical: a.identical + b.identical,
  };
}
