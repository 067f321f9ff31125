import type { RecordTypeCount, VerifyReport } from "../contract.ts";
import type { RecordVisitor } from "../records/visitor.ts";
import { ClusterFacts } from "./cluster-facts.ts";
import type { Inspection } from "./contract.ts";
import { KvPrefixes } from "./kv-prefixes.ts";
import { ObjectTally } from "./object-tally.ts";

export type InspectorOptions = {
  /** Parts of a key that make its prefix; 2 unless told, and 0 puts all keys together. */
  readonly kvDepth?: number | undefined;
  /** Only keys that begin with this are summed up by prefix. */
  readonly kvFilter?: string | undefined;
};

/** What of a report an inspection needs. */
export type InspectedReport = Pick<VerifyReport, "meta" | "records">;

export type Inspector = RecordVisitor & {
  /** Once, after the last record; what was seen is all that there is, when the report tells of a fault. */
  readonly result: (report: InspectedReport) => Inspection;
};

/** Looks at every record of a snapshot once and sums up what it holds, in memory that has a bound. */
export function createInspector({ kvDepth = 2, kvFilter = "" }: InspectorOptions = {}): Inspector {
  if (!Number.isSafeInteger(kvDepth) || kvDepth < 0) {
    throw new RangeError(`${kvDepth} is no depth of keys.`);
  }
  const facts = new ClusterFacts();
  const objects = new ObjectTally();
  const keys = new KvPrefixes(kvDepth, kvFilter);
  let firstType: number | null = null;
  return {
    kv: (record) => {
      // Consul counts state.bin's header into its first record, and so into its prefix.
      keys.add(record, firstType === null ? record.offset : 0);
      firstType ??= record.type;
      facts.addKv(record);
    },
    other: (record) => {
      firstType ??= record.type;
      facts.add(record);
      objects.add(record);
    },
    result: ({ meta, records }) => ({
      ...facts.result(meta),
      types: withHeader(records, firstType),
      stateBytes: sumBytes(records.byType) + (firstType === null ? 0 : records.headerBytes),
      kv: keys.result(),
      counts: objects.counts(),
      ...objects.named(),
    }),
  };
}

function withHeader(
  { byType, headerBytes }: VerifyReport["records"],
  firstType: number | null,
): RecordTypeCount[] {
  return byType
    .map((each) => (each.type === firstType ? { ...each, bytes: each.bytes + headerBytes } : each))
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}

function sumBytes(types: readonly RecordTypeCount[]): number {
  return types.reduce((sum, { bytes }) => sum + bytes, 0);
}
